"""The period in which a document is in force."""

from datetime import date

import pytest

from bot.plans.reading.validity import find_validity

ISSUED = date(2024, 3, 5)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("自2024年4月1日起施行，有效期5年。", date(2024, 4, 1), date(2029, 3, 31)),
        ("自2024年4月1日起实施，有效期三年。", date(2024, 4, 1), date(2027, 3, 31)),
        ("自印发之日起施行，有效期3年。", ISSUED, date(2027, 3, 4)),
        ("自印发之日起施行，有效期18个月。", ISSUED, date(2025, 9, 4)),
        ("自发布之日起30日后施行，有效期2年", date(2024, 4, 4), date(2026, 4, 3)),
        ("自2024年4月1日起施行，有效期至2026年12月31日", date(2024, 4, 1), None),
        ("自公布之日起施行，有效期至2026年12月31日。", ISSUED, None),
        ("执行期限为2024年至2026年。", date(2024, 1, 1), None),
    ],
)
def test_a_period_begins_where_the_text_says(
    text: str, first: date, last: date | None
) -> None:
    found = find_validity(title="若干措施", text=f"本措施{text}", issued=ISSUED)

    assert found is not None
    assert (found.first, found.last) == (first, last or date(2026, 12, 31))
    assert found.text in text


def test_a_length_without_any_day_gives_no_period() -> None:
    text = "自印发之日起施行，有效期3年。"

    assert find_validity(title="若干措施", text=text) is None
