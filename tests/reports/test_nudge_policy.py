"""The rules of nudging as the file has them."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.reports.calendar import WorkCalendar
from bot.reports.policy import SHANGHAI, Hearer, NudgePolicy, load_policy

SHIPPED = Path(__file__).parents[2] / "config" / "nudges.toml"
PLAIN = WorkCalendar({})


@pytest.fixture(scope="module")
def policy() -> NudgePolicy:
    return load_policy(SHIPPED)


def changed(folder: Path, *changes: tuple[str, str]) -> Path:
    text = SHIPPED.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    file = folder / "nudges.toml"
    file.write_text(text, encoding="utf-8")
    return file


def at(day: int, clock: str) -> datetime:
    """A moment of June 2026 in Shanghai; the 19th to 21st are free."""
    return datetime.combine(
        date(2026, 6, day), time.fromisoformat(clock), tzinfo=SHANGHAI
    )


def test_the_file_that_we_ship_has_the_recommended_steps(policy: NudgePolicy) -> None:
    assert [step.left for step in policy.steps] == [20, 10, 5, 3, 1, 0, -1, -3, -5]
    assert (policy.before, policy.after, policy.group_posts) == (6, 2, 4)
    assert [step.left for step in policy.office_steps] == [60, 30, 10]
    hear = {step.left: step.hear | step.if_silent for step in policy.steps}
    assert Hearer.DEPUTY in hear[3]
    assert Hearer.DEPUTY in hear[-1]
    assert hear[-3] == {Hearer.HEAD_DRAFT}
    assert hear[-5] == {Hearer.ADMIN_PHONE_LIST}
    posts = [step.left for step in policy.steps if Hearer.ALL_GROUP in step.hear]
    assert posts == [20, 10, 5, 1]


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (('morning = ["09:00", "11:30"]', ""), "hours.morning"),
        (('"11:30"', '"08:30"'), "hours.morning"),
        (('"11:30"', '"09:15"'), "hours.morning"),
        (('["14:30", "17:30"]', '["11:00", "17:30"]'), "hours.afternoon"),
        (('"17:30"', '"25:30"'), "hours.afternoon"),
        (("spread_minutes = 20", 'spread_minutes = "20"'), "sending.spread_minutes"),
        (("spread_minutes = 20", "spread_minutes = true"), "sending.spread_minutes"),
        (("before = 6", "before = -1"), "caps.before"),
        (("before = 6", "befor = 6"), "caps.befor"),
        (("[caps]", "[cap]"), "cap"),
        (('at = "14:30"', 'at = "12:30"'), "promise.at"),
        (('at = "16:30"', 'at = "半下午"'), "digest.at"),
        (("left = 20", 'left = "20"'), "step(1).left"),
        (("left = 20", "left = 10"), "step(2).left"),
        (("left = 20", "left = 20\nlate = 2"), "step(1).left"),
        (("left = 20", ""), "step(1).left"),
        (("late = 1", "late = 0"), "step(7).late"),
        (('["head_draft"]', '["head"]'), "step(8).hear"),
        (('["head_draft"]', '"head_draft"'), "step(8).hear"),
        (("if_silent = ", "if_silentt = "), "step(4).if_silentt"),
        (
            ("\nskip_if_acknowledged = true", "\nskip_if_acknowledged = 1"),
            "step(3).skip",
        ),
        (('at = "09:30"', 'at = "08:30"'), "step(left=0).at"),
        (("[[agreed_step]]\nleft = 0", "[[agreed_step]]\nlate = 9"), "agreed_step"),
    ],
)
def test_a_wrong_key_is_named_to_the_office(
    tmp_path: Path, change: tuple[str, str], key: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        load_policy(changed(tmp_path, change))
    assert f"  {key}" in refused.value.reply


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    file = changed(tmp_path, ("before = 6", "before = 99"), ("after = 2", ""))

    with pytest.raises(SettingsError) as refused:
        load_policy(file)

    assert "caps.before：应为0 到 30 的整数，现在是 99" in refused.value.reply
    assert "caps.after：没有填写" in refused.value.reply


@pytest.mark.parametrize("key", ["step", "agreed_step", "office_step"])
def test_a_ladder_without_a_step_is_refused(tmp_path: Path, key: str) -> None:
    text = SHIPPED.read_text(encoding="utf-8").replace(f"[[{key}]]", "[[lost]]")
    file = tmp_path / "nudges.toml"
    file.write_text(f"{key} = []\n{text}", encoding="utf-8")

    with pytest.raises(SettingsError) as refused:
        load_policy(file)

    assert f"  {key}：" in refused.value.reply


@pytest.mark.parametrize("content", ["[hours", "\xff\xfe"])
def test_what_is_no_toml_is_refused_in_chinese(tmp_path: Path, content: str) -> None:
    file = tmp_path / "nudges.toml"
    file.write_bytes(content.encode("latin-1"))

    with pytest.raises(SettingsError) as refused:
        load_policy(file)

    assert "催报规则文件" in refused.value.reply


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        load_policy(tmp_path / "nudges.toml")
    assert "读不到" in refused.value.reply


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        (at(15, "08:59"), at(15, "09:00")),
        (at(15, "09:00"), at(15, "09:00")),
        (at(15, "11:29"), at(15, "11:29")),
        (at(15, "11:30"), at(15, "14:30")),
        (at(15, "17:30"), at(16, "09:00")),
        (at(15, "22:00"), at(16, "09:00")),
        (at(18, "17:30"), at(22, "09:00")),  # over 端午
        (at(20, "10:00"), at(22, "09:00")),
        (at(16, "00:00"), at(16, "09:00")),
    ],
)
def test_the_next_opening_is_in_working_hours(
    policy: NudgePolicy, now: datetime, opening: datetime
) -> None:
    assert policy.next_opening(now, PLAIN) == opening
    assert policy.next_opening(now.astimezone(UTC), PLAIN) == opening
    assert policy.is_open(opening, PLAIN)
    assert policy.is_open(now, PLAIN) is (now == opening)


@pytest.mark.parametrize(
    ("due", "hours", "first", "last"),
    [
        (at(15, "09:00"), "", at(15, "09:03"), at(15, "09:24")),
        (at(15, "09:00"), "morning", at(15, "09:03"), at(15, "09:24")),
        (at(15, "09:00"), "afternoon", at(15, "14:33"), at(15, "14:54")),
        (at(15, "14:30"), "morning", at(15, "14:33"), at(15, "14:54")),
        (at(15, "15:00"), "afternoon", at(15, "15:03"), at(15, "15:24")),
        (at(30, "09:30"), "", at(30, "09:33"), at(30, "09:54")),
        (at(15, "11:20"), "", at(15, "11:20"), at(15, "11:30")),
    ],
)
def test_recipients_are_spread_within_the_window(
    policy: NudgePolicy, due: datetime, hours: str, first: datetime, last: datetime
) -> None:
    sent = [
        policy.send_at(due, f"person:{number}", hours=hours) for number in range(500)
    ]

    assert first <= min(sent)
    assert max(sent) < last
    assert len({moment.minute for moment in sent}) >= 9
    assert not {moment.minute for moment in sent} & {0, 30}


def test_a_recipient_keeps_the_same_minute(policy: NudgePolicy) -> None:
    one = policy.send_at(at(15, "09:00"), "person:7")
    other = policy.send_at(at(23, "09:00").astimezone(UTC), "person:7")
    assert other - one == timedelta(days=8)
