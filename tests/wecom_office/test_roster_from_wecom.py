"""A roster is filled in from WeCom's address book, completed, and taken over."""

import asyncio
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook
from platform_corp import Member
from qyapi_calls import Trouble
from wecom_whole_office import ENV, WecomOffice

from bot.__main__ import cli

FORM = """
[office]
name = "某办公室"
timezone = "Asia/Shanghai"
channels = ["console"]
[database]
"""


async def run(folder: Path, *words: str) -> Result:
    """Type `bot departments` in the office that runs."""
    line = ["departments", *words, "--config", str(folder / "bot.toml")]
    return await asyncio.to_thread(CliRunner().invoke, cli, line, env=ENV)


@pytest.mark.parametrize("office_url", ["sqlite"], indirect=True)
async def test_those_who_are_new_come_with_name_department_and_account(
    office: WecomOffice, tmp_path: Path
) -> None:
    await office.know()  # 张三 and 李强 are in the roster
    corp, file = office.qyapi.corp, tmp_path / "名册.xlsx"
    corp.departments |= {2: ("县教育局", 1), 3: ("办公室一股", 2)}
    del corp.members["wangwu"]
    corp.members["wangmin"] = Member("WangMin", "王敏", departments=(3,))
    corp.members["sun"] = Member("sun", "=1+1", departments=(1,))

    told = await run(tmp_path, "--template", str(file), "--wecom")
    again = await run(tmp_path, "--template", str(file), "--wecom")
    book = load_workbook(file)
    sheet = book["人员"]
    rows = [[cell.value for cell in row[:5]] for row in sheet.iter_rows(min_row=2)]
    refused = await run(tmp_path, "--import", str(file))
    for number, (name, *_) in reversed(list(enumerate(rows[:2], start=2))):
        sheet.cell(row=number, column=3).value = "联络员"
        if name != "王敏":
            sheet.delete_rows(number)
    book.save(file)
    done = await run(tmp_path, "--import", str(file))
    del corp.members["sun"]
    nobody = await run(tmp_path, "--template", str(tmp_path / "b.xlsx"), "--wecom")

    assert "有 2 人：请核对单位，填上角色" in told.output
    assert "已存在，没有覆盖" in again.stderr
    assert sorted(rows[:2], key=str) == [
        ["=1+1", "平安区", None, None, "sun"],
        ["王敏", "县教育局", None, None, "WangMin"],
    ]
    assert "“角色”：没有填" in refused.stderr
    assert "新增人员：县教育局 王敏（联络员）" in done.output
    assert "都已在名册里" in nobody.output
    assert "王敏" in await office.say("WangMin", "我是谁")


@pytest.mark.parametrize("office_url", ["sqlite"], indirect=True)
async def test_what_wecom_does_not_tell_is_told_with_the_remedy(
    office: WecomOffice, tmp_path: Path
) -> None:
    file = tmp_path / "名册.xlsx"
    office.qyapi.expect("user/list", Trouble(errcode=60011))

    told = await run(tmp_path, "--template", str(file), "--wecom")

    assert (told.exit_code, file.exists()) == (1, False)
    assert "调整应用的可见范围" in told.stderr


@pytest.mark.parametrize("office_url", ["sqlite"], indirect=True)
async def test_an_app_that_sees_no_department_is_told_so(
    office: WecomOffice, tmp_path: Path
) -> None:
    file = tmp_path / "名册.xlsx"
    office.qyapi.corp.departments.clear()

    told = await run(tmp_path, "--template", str(file), "--wecom")

    assert (told.exit_code, file.exists()) == (1, False)
    assert "可见范围是否选上了" in told.stderr


async def test_without_an_app_it_says_what_is_missing(tmp_path: Path) -> None:
    form = tmp_path / "bot.toml"
    form.write_text(f'{FORM}url = "sqlite+aiosqlite:///{tmp_path}/o.sqlite3"\n')
    await asyncio.to_thread(CliRunner().invoke, cli, ["migrate", "--config", str(form)])

    alone = await run(tmp_path, "--wecom")
    told = await run(tmp_path, "--template", str(tmp_path / "a.xlsx"), "--wecom")

    assert "一起用" in alone.stderr
    assert "没有开通企业微信应用" in told.stderr
