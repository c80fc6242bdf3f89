"""`bot groups --create` as the office types it wrong, or where it is not set up."""

import pytest
from office import Office

MAKE = ("--create", "科协群", "--owner", "LiSi", "--members", "ZhangSan")


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (MAKE, 2, "写明由谁办理"),
        ((*MAKE, "--name", "李主任"), 1, "没有开通应用群"),
        ((*MAKE, "--name", "李主任", "--department", "火星局"), 1, "没有这个单位"),
        (("--create", "科协群", "--name", "李主任"), 2, "要写明 --owner"),
        (("--owner", "LiSi", "--name", "李主任"), 2, "只和 --create 一起用"),
        (("--members", "LiSi"), 2, "只和 --create 一起用"),
        ((*MAKE, "--unregister", "x", "--name", "李主任"), 2, "一次用一个"),
        (("--unregister", "火星群", "--name", "李主任"), 1, "没有这个群"),
        (("--unregister", "火星群"), 2, "写明由谁办理"),
    ],
)
def test_what_cannot_be_done_is_told_with_the_remedy(
    office: Office, words: tuple[str, ...], status: int, told: str
) -> None:
    office.run("migrate")

    done = office.run("groups", *words)

    assert (done.exit_code, told in done.stderr) == (status, True)
