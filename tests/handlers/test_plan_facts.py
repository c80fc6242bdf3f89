"""What the plan says of itself, its reports and its targets, in dialogues."""

import pytest
from conversation import Talker


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("联系电话是多少", "5550126"),
        ("文号是多少", "澄政字〔2026〕18号"),
        ("方案什么时候印发的", "2026年3月16日"),
        ("方案执行到哪年", "2030"),
        ("总体目标是多少", "16.5%"),
        ("公民科学素质比例要达到多少", "16.5%"),
        ("半年报什么时候交", "7月10日"),
        ("全年总结截止日期", "1月10日"),
        ("总结报给谁", "县全民科学素质工作领导小组办公室"),
        ("涉及哪些单位", "县总工会"),
        ("镇街道包括哪些", "9个镇"),
        ("一共多少项任务", "共 30 项"),
        ("技能比武每年几场", "8 场以上"),
        ("科技馆什么时候建成", "2028年10月31日"),
        ("银发讲师团一年讲多少场", "公益宣讲40场"),
        ("银发讲师团要多少人", "30人左右"),
        ("2030年目标", "力争达到20%以上"),
    ],
)
def test_the_fact_is_told_and_the_source_named(
    talk_as: Talker, question: str, words: str
) -> None:
    reply = talk_as("县总工会").says(question)

    assert words in reply.text
    assert "澄政字〔2026〕18号" in reply.text
    assert len(reply.text.splitlines()) <= 6


def test_only_the_report_asked_for_is_told(talk_as: Talker) -> None:
    assert "1月10日前（" not in talk_as("").says("半年报什么时候交").text


def test_the_phone_of_another_department_is_not_invented(talk_as: Talker) -> None:
    reply = talk_as("县科协").says("教育局电话多少")

    assert "文件未写明县教育局的电话" in reply.text


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("咨询找哪个单位", "5550126"),
        ("遇到问题向谁反映", "5550126"),
        ("科协的号码多少", "5550126"),
        ("联糸电话", "5550126"),
        ("报送有疑问问谁", "5550126"),
        ("高新区的联系电话是多少", "文件未写明高新区的电话"),
        ("职工举报隐患打什么电话", "12345"),
        ("这文件什么时候印的", "2026年3月16日"),
        ("谁发的文", "澄川县人民政府"),
        ("这份文件公开吗", "此件公开发布"),
        ("依据哪些文件制定的", "中华人民共和国科学技术普及法"),
        ("方案从哪年到哪年", "2026—2030年"),
        ("成员单位都有谁", "文件未列出“各成员单位”的名单"),
        ("任务有多少", "共 30 项"),
        ("青少年行动任务数", "共 4 项"),
        ("第三部分有什么", "科技资源开放共享工程（3 项）"),
        ("基层能力提升工程有几项", "共 3 项"),
    ],
)
def test_colloquial_questions_find_the_fact(
    talk_as: Talker, question: str, words: str
) -> None:
    assert words in talk_as("县总工会").says(question).text


def test_a_list_of_the_plan_s_own_is_not_taken_for_its_date(talk_as: Talker) -> None:
    assert "印发" not in talk_as("县科技局").says("清单啥时候发布").text
