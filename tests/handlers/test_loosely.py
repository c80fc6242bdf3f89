"""Lists asked for in a roundabout way, as people type and dictate."""

import pytest
from conversation import Talker

OURS = ["二（三）3", "二（五）2", "三（二）3", "三（四）1"]
LEADING = ["二（三）3", "三（四）1"]


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("书记等着听汇报，咱局这次到底领了几个活儿，全给我列出来", OURS),
        ("应急 总共多少条 是哪些", OURS),
        ("应急3条？4条？准数是几条", OURS),
        ("应急三条还是四条", OURS),
        ("应急会议刚散，应急有哪几条", OURS),
        ("昨天开会点到我们，应急局的任务全部发我，我要列个表", OURS),
        ("一句话讲讲我局要干啥", OURS),
        ("有人讲应急比我们轻松，应急局的任务都念一遍", OURS),
        ("我局打头的几条，配合的先不管", LEADING),
        ("应急牵头滴", LEADING),
        ("不用我局挑头、跟着干的是哪几条", ["二（五）2", "三（二）3"]),
        ("别家牵头，我们只打下手的有哪些", ["二（五）2", "三（二）3"]),
        ("把我们局名下的从头到尾念给我", OURS),
        ("额们应急身上背了好多差事哟", OURS),
        ("要我局扛大旗的有没得", LEADING),
        ("除开我局带头的，剩下哪几条", ["二（五）2", "三（二）3"]),
        ("人家当家、我局敲边鼓的是哪几条", ["二（五）2", "三（二）3"]),
        ("我们局跟卫健委那边有交集的任务", ["三（二）3", "三（四）1"]),
        ("和卫健局都沾手的，谁主谁次", ["三（二）3", "三（四）1"]),
        ("有我们局、没有卫健局的是哪几条", ["二（三）3", "二（五）2"]),
        ("不带卫健局的，咱局还剩哪几条", ["二（三）3", "二（五）2"]),
        ("除了预案那条，还有别的要我们打头没有", LEADING),
        ("领导追问，工人那块咱局到底摊上几个活儿，都列给我", ["二（三）3"]),
        ("应急口的活儿全给我倒出来，一条别落", OURS),
        ("基层能力工程里有咱局一份的", ["三（四）1"]),
        ("咱局跟卫健绑一块儿的活儿", ["三（二）3", "三（四）1"]),
        ("跟我们局沾边的任务捋一遍", OURS),
        ("我局打头到尾都领了哪些", OURS),
        ("应急局的任务列一下，顺便标出哪个是独家负责的", OURS),
        ("应急局挑头的是俩，剩下不挑头的是哪几个", ["二（五）2", "三（二）3"]),
        ("听说应急局只牵头两件，是不是真的，是哪两件", LEADING),
        ("我们局做东的是哪几件", LEADING),
        ("县里牵头，我们跟着跑的有几条", ["二（五）2", "三（二）3"]),
        ("我们跟组织部有瓜葛的是哪条", ["二（五）2"]),
        ("咱跟工信局一块堆儿的", ["二（三）3"]),
        ("把应急局的任务单独列一份，我要打印", OURS),
    ],
)
def test_a_department_s_list_is_given(
    talk_as: Talker, question: str, ids: list[str]
) -> None:
    reply = talk_as("县应急管理局").says(question)

    assert [task.id for task in reply.tasks] == ids


@pytest.mark.parametrize(
    "question",
    [
        "我们局当主官的哪几条，当配角的又是哪几条",
        "把我们的任务按牵头、单独负责、配合归一归",
        "咱局主抓的排上头，跟着干的排底下",
        "点到我局的，挂帅的排前面，跟班的排后面",
        "主办的归主办的，打下手的归打下手的，给我们局弄个单子",
        "带头的归带头的，打杂的归打杂的，我局的分两堆",
        "应急局牵头的和配合的都要",
        "应急局有几条，配合的也算",
        "咱局负责和参与的统统拎出来",
        "本局打酱油的那种也算，全都列一遍",
        "我局的不光是牵头的，统统发我",
    ],
)
def test_what_is_led_stands_first_where_both_roles_are_named(
    talk_as: Talker, question: str
) -> None:
    reply = talk_as("县应急管理局").says(question)

    assert [task.id for task in reply.tasks] == [*LEADING, "二（五）2", "三（二）3"]
    assert "牵头（含独家负责）2 项（列在前面）、参与 2 项" in reply.text


def test_what_one_department_does_alone_has_no_other(talk_as: Talker) -> None:
    reply = talk_as("县教育局").says("教育局一家独自扛、没有别人的是哪条")

    assert [task.id for task in reply.tasks] == ["二（一）1"]


def test_what_one_department_leads_alone_may_have_helpers(talk_as: Talker) -> None:
    reply = talk_as("县科协").says("只有我们科协一家牵头的任务有哪些")

    assert [task.id for task in reply.tasks] == ["二（一）3", "三（三）1"]


def test_who_leads_all_that_he_shares_in_is_told_what_others_lead(
    talk_as: Talker,
) -> None:
    reply = talk_as("县应急管理局").says("产业工人行动里不用我局牵头的是哪几条")

    assert [task.id for task in reply.tasks] == ["二（三）1", "二（三）2", "二（三）4"]


def test_tasks_without_us_are_told_in_a_section(talk_as: Talker) -> None:
    reply = talk_as("县科技局").says("农民行动里哪几条没有我们局")

    assert [task.id for task in reply.tasks] == ["二（二）1", "二（二）2", "二（二）4"]


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("种田人那块一共几条", ["二（二）1", "二（二）2", "二（二）3", "二（二）4"]),
        ("老年人那块 打包发我", ["二（四）1", "二（四）2", "二（四）3"]),
        ("数字那个工程底下几条", ["三（二）1", "三（二）2", "三（二）3"]),
        (
            "产业工人的几条任务念一遍",
            ["二（三）1", "二（三）2", "二（三）3", "二（三）4"],
        ),
    ],
)
def test_a_section_s_list_is_given(
    talk_as: Talker, question: str, ids: list[str]
) -> None:
    reply = talk_as("县科协").says(question)

    assert [task.id for task in reply.tasks] == ids


@pytest.mark.parametrize(
    "question",
    [
        "我们局招商引资的任务有哪些",
        "我们局联合执法的任务有哪些",
        "科技馆那个活儿到底是我们打头还是文旅打头",
        "我们局一共要花多少钱培训",
        "残疾人行动那部分有几条",
        "会上点了我们的名，食堂今天吃啥，我跟他们讲不清",
        "领导点到我局，残疾人行动有哪些任务",
        "我跟老周说好了给孩子起个名，列几个好听的",
        "点到我们了，邻县的方案有哪些任务",
        "我们局单独写一份报告要几页",
    ],
)
def test_no_list_is_given_where_none_is_wished_for(
    talk_as: Talker, question: str
) -> None:
    reply = talk_as("县应急管理局").says(question)

    assert len(reply.tasks) < 2


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("2027年6月底到期的是哪三条", ["二（一）2", "二（四）3", "三（一）1"]),
        (
            "2026年底之前要见成效的有哪几条，会上点名用",
            ["二（二）1", "三（二）1", "三（四）1"],
        ),
    ],
)
def test_what_is_due_is_listed(talk_as: Talker, question: str, ids: list[str]) -> None:
    reply = talk_as("县科协").says(question)

    assert [task.id for task in reply.tasks] == ids


@pytest.mark.parametrize(
    "question",
    [
        "2027年6月底到期的食品有哪些",
        "哪些食品2027年6月底到期",
        "2027年6月底到期的合同列一下",
        "2027年底前要完成的装修任务有哪几项",
    ],
)
def test_no_tasks_are_told_as_due_where_something_else_is_asked_for(
    talk_as: Talker, question: str
) -> None:
    assert talk_as("县科协").says(question).tasks == ()


def test_what_is_due_is_listed_of_one_department(talk_as: Talker) -> None:
    reply = talk_as("县教育局").says("2027年7月以前咱局要交卷的是哪几条")

    assert [task.id for task in reply.tasks] == ["二（一）2", "二（四）3"]


def test_the_figures_of_a_year_are_quoted(talk_as: Talker) -> None:
    text = talk_as("县科协").says("2028年才见分晓的指标是哪几个").text

    assert "2028年的数字指标" in text
    assert "注册用户达到8万人" in text
    assert "3000人" not in text


def test_chapters_are_counted_each_and_together(talk_as: Talker) -> None:
    text = talk_as("县科协").says("重点工程几条 提升行动几条").text

    assert "提升行动 18 项、重点工程 12 项，合计 30 项" in text


def test_the_tasks_of_each_department_are_counted(talk_as: Talker) -> None:
    text = talk_as("县科协").says("卫健局跟应急局各摊上几条啊，我排个座次").text

    assert "县卫生健康局 5 项（牵头 3 项）" in text
    assert "县应急管理局 4 项（牵头 2 项）" in text


def test_what_several_lead_together_is_listed_of_all(talk_as: Talker) -> None:
    reply = talk_as("县科协").says("两家一起牵头的任务有哪些")

    assert [task.id for task in reply.tasks] == [
        "二（三）2",
        "二（四）1",
        "三（四）1",
        "三（四）3",
    ]


def test_of_one_task_it_is_told_who_shares_it(talk_as: Talker) -> None:
    text = talk_as("团县委").says("我们团委打头的是哪个嘛，跟哪个单位一起").text

    assert "〔三（四）2〕" in text
    assert "县总工会" in text


def test_who_leads_nothing_is_told_so_beside_what_he_follows_in(
    talk_as: Talker,
) -> None:
    reply = talk_as("县文化和旅游局").says("我们一项牵头都没有，那是跟在哪些后头")

    assert [task.id for task in reply.tasks] == [
        "二（一）4",
        "三（二）2",
        "三（三）1",
        "三（三）2",
    ]
    assert "没有由其牵头的任务" in reply.text


def test_of_the_one_task_that_others_lead_it_is_told_who_does(
    talk_as: Talker,
) -> None:
    text = talk_as("县农业农村局").says("俺局只打配合的是哪条").text

    assert "负责单位：县科技局" in text


def test_departments_without_tasks_are_told_so_among_other_words(
    talk_as: Talker,
) -> None:
    reply = talk_as("县科协").says("财政局、水利局要不要喊来碰头，他们有活儿没")

    assert reply.tasks == ()
    assert "没有点名" in reply.text


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("写汇报要引用一下，文号跟印发日期抄给我", "2026年3月16日印发"),
        ("填表填晕了，想找个活人问，留个电话", "5550126"),
        ("农村的目标单独有没有 到几个点", "14"),
    ],
)
def test_what_a_plan_says_of_itself_is_told(
    talk_as: Talker, question: str, words: str
) -> None:
    assert words in talk_as("县科协").says(question).text
