"""What pops up for the one who pressed, at the office's own pace."""

import said
from fake_api import FakeTelegram
from test_office_people import NOTICE, open_group
from test_office_troubles import ask, person, texts_to
from whole_office import Open, WholeOffice, until

from bot.channels.telegram import MANNERS
from bot.model import Acknowledgement

MANY = 25  # more than a group is sent in a minute


async def told_in_group(office: WholeOffice, telegram: FakeTelegram) -> int:
    """Tell the group of all a notice; return the number of its message."""
    await open_group(office, said.GROUP, "")
    await office.notify(NOTICE, "-1001")
    await until(lambda: texts_to(telegram, -1001))
    await office.rest()
    return next(number for chat, number in telegram.messages if chat == -1001)


async def test_all_who_press_at_once_in_a_group_see_their_own_words(
    open_office: Open, office_url: str, telegram: FakeTelegram
) -> None:
    office = await open_office(office_url, telegram.base_url, manners=MANNERS)
    for one in range(MANY):
        await office.know(100 + one, name=f"某{one}")
    number = await told_in_group(office, telegram)
    here = {"chat": said.GROUP, "about": number}
    presses = [said.pressed("=收到", sender=person(n), **here) for n in range(MANY)]
    office.channel._presses._patience = 60.0  # however busy this machine is
    await ask(office, telegram, *presses)  # in less than a group's minute

    told = [one.parameters for one in telegram.of("answerCallbackQuery")]
    assert len(await office.rows(Acknowledgement)) == MANY
    assert len(told) == MANY
    assert all("已签收" in one.get("text", "") for one in told)


async def test_a_question_behind_many_presses_in_a_group_waits_for_none_of_them(
    open_office: Open, office_url: str, telegram: FakeTelegram
) -> None:
    office = await open_office(office_url, telegram.base_url, manners=MANNERS)
    number = await told_in_group(office, telegram)
    here = {"chat": said.GROUP, "about": number}
    presses = [said.pressed("=收到", sender=person(n), **here) for n in range(MANY)]
    question = said.said("@plan_test_bot 文号是多少", chat=said.GROUP)
    await ask(office, telegram, *presses, question)  # in less than a group's minute

    assert [one.parameters["chat_id"] for one in telegram.of("sendMessage")] == [
        -1001
    ] * 2
    assert "澄政字" in texts_to(telegram, -1001)[-1]
