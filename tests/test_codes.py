"""What is read as a code, and what stays of it."""

import pytest

from bot import codes

LINK = "Zk3-x_9QwErTyUiOpAsDfGhJkLzXcVb0"


def test_a_code_has_eight_characters_that_cannot_be_mixed_up() -> None:
    made = {codes.new_code() for _ in range(200)}

    assert len(made) == 200
    for code in made:
        assert len(code) == codes.LENGTH
        assert set(code) <= set(codes.ALPHABET)
        assert codes.could_be_ours(code)
    assert not set("01OIL") & set(codes.ALPHABET)


def test_a_link_carries_what_telegram_takes() -> None:
    made = {codes.new_link() for _ in range(200)}

    assert len(made) == 200
    assert all(codes.is_link(link) and codes.could_be_ours(link) for link in made)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("K7MPWX3D", "K7MPWX3D"),
        ("k7mpwx3d", "k7mpwx3d"),
        (" K7MP WX3D ", "K7MP WX3D"),
        ("K7MP-WX3D", "K7MP-WX3D"),
        ("K7 MP WX 3D", "K7 MP WX 3D"),
        ("k 7 m p w x 3 d", "k 7 m p w x 3 d"),
        ("Ｋ７ＭＰＷＸ３Ｄ", "K7MPWX3D"),
        ("绑定 K7MPWX3D", "K7MPWX3D"),
        ("绑定码：K7MPWX3D。", "K7MPWX3D"),
        ("我的绑定码是 K7MPWX3D", "K7MPWX3D"),
        ("您好，码是K7MPWX3D，谢谢", "K7MPWX3D"),
        ("12345678", "12345678"),
        ("绑定 12345678", "12345678"),
        ("绑定 1234", "1234"),
        ("/start K7MPWX3D", "K7MPWX3D"),
        (f"绑定 {LINK}", LINK),
        (f"https://t.me/a_bot?start={LINK}", LINK),
        (LINK, LINK),
    ],
)
def test_a_code_is_read_however_it_is_typed(words: str, said: str) -> None:
    assert codes.code_in(words) == said
    assert said not in codes.masked(words)
    assert codes.MASK in codes.masked(words)


@pytest.mark.parametrize(
    "words",
    [
        "绑定",
        "怎么绑定",
        "我们负责哪些任务",
        "平政字〔2022〕21号",
        "2021-2025年",
        "2 3 4 5 6 7 8 9",
        "question",
        "什么时候报送，12月30日吗",
        "第12345678条",
        "covid19xyz",
        "",
    ],
)
def test_a_question_is_no_code_and_stays_as_it_is(words: str) -> None:
    assert codes.code_in(words) == ""
    assert codes.masked(words) == words


def test_a_long_text_is_read_in_no_time() -> None:
    text = "a " * 20_000

    assert codes.masked(text) == text


def test_every_code_in_a_text_is_masked() -> None:
    text = "K7MPWX3D 不行，A2B3C4D5 也不行"
    masked = codes.masked(text)

    assert "K7MPWX3D" not in masked
    assert "A2B3C4D5" not in masked


def test_a_code_has_one_digest_however_it_is_typed() -> None:
    assert codes.digest("k7mp wx3d") == codes.digest("K7MPWX3D")
    assert codes.digest(LINK) != codes.digest(LINK.lower())
