"""What cannot be done at the terminal is no question either."""

import pytest
from conversation import Conversation, Talker

from handlers.intent import Asker


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("登记群", "bot groups"),
        ("登记本群 县应急局", "bot groups"),
        ("注销本群", "bot groups"),
        ("发绑定码 王敏", "bot invite"),
        ("给王敏发绑定码", "bot invite"),
        ("绑定", "我是某某局的"),
        ("解绑", "我是某某局的"),
    ],
)
def test_an_act_is_told_where_it_belongs(
    talk_as: Talker, words: str, told: str
) -> None:
    reply = talk_as("县应急管理局").says(words)

    assert told in reply.text
    assert reply.tasks == ()


def test_elsewhere_it_is_a_matter_of_the_acts(talk_as: Talker) -> None:
    person = talk_as("县应急管理局")
    bound = Conversation(person.desk, Asker(may_act=True))

    assert "bot groups" not in bound.says("登记群").text


def test_a_question_about_registering_stays_one(talk_as: Talker) -> None:
    assert "bot groups" not in talk_as("县科协").says("登记志愿者归谁管").text
