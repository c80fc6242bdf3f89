"""Kinds of fact that a plan does not hold: recognised by their kind, and refused.

Near-domain questions share every word with a plan (补贴, 报名, 几点开门), so no score
refuses them; what gives them away is the kind of fact that they ask for.
"""

import re
from dataclasses import replace

from bot.chinese import fold
from bot.messages import Button, Reply
from bot.model import Plan, Task
from handlers.intent import Answer, Ask, Intent
from handlers.phrases import Sign
from handlers.quote import best_sentence, clause_of, covered, doc_of, refs

EXPLANATION = "文件以外的解释"
STATE = "完成或报送情况"
_NEAR = 0.45  # as sure as this, a passage is worth a mention
_ON_IT = 0.3  # of a question's pieces, beside the word that asks for the fact
_PEOPLE = (
    "(?:局长|主任|书记|主席|部长|县长|区长|市长|镇长|乡长|科长|校长|院长|组长|一把手"
    "|领导|负责人|联络员|联系人员|经办人?|工作人员|讲师|老师|专干)"
)
_PLACE = "(?:馆|中心|站|基地|学校|大学|局|办公室|科协|楼|现场|会场)"
_THING = (
    "(?:学校|小学|中学|社区|村|企业|公司|医院|小区|街道|场馆|机构|专家|老师|学生|公园)"
)
_KINDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "资金或收费标准",
        (
            "补贴|补助|报销|津贴|奖金|奖励(?:多少|几|标准)|多少钱|给钱|拨款|拨多少|几块钱",
            "学费|工资|收费|费用|价格|价钱|门票|要钱|花钱|花多少|免费|发钱|奖多少|有钱|待遇|成本",
            "额度|能?贷多少|多少贷|投资多少|投入多少|(?:能|可以)?报多少(?!次|回)|酬劳|讲课费",
            "经费(?:标准|有?多少|给|是|能报|怎么|从哪|谁出)|预算(?:是|有)?多少|谁(?:出钱|掏钱)",
            "多少(?:经费|资金|预算|奖金|编制|补助)|钱(?:从哪|谁)",
        ),
    ),
    (
        "报名或办理手续",
        (
            "报名|(?:怎么|如何|咋|怎样)(?:才能)?(?:参加|申请|申报|注册|加入|预约|办理|领取?|报"
            "|买|借|租|认定|入选|评上|成为|当上)",
            "(?:申请|申报|认定|评选)(?:的)?(?:条件|流程|表|材料|时间|标准)|(?:办理)?流程|预约",
            "(?:什么|哪些|啥)(?:材料|手续|证件|条件|学历|证明)|(?:在|去|到)哪(?:儿|里)?"
            "(?:办理?|领|买|考|学|听|看|借|下载)|二维码|网址|链接|下载|官网",
            "资格|名额(?!不)|领取|门槛|招生|开学|证书|发证|(?:多大|几岁|什么人|谁)(?:年纪|岁数)?"
            "(?:能|可以|才能)(?:参加|报|去|当)|(?:能|可以)(?:不)?(?:参加|去)吗",
        ),
    ),
    (
        "具体的时间安排",
        (
            "几点|开门|关门|营业|上班时间|下班|开放时间|周[一二三四五六日末](?:开|上|有|能)",
            "开馆|闭馆|哪一?周(?!前)|课表|日程|(?:下|这|本)(?:周|个?月)的?|明天|后天|今天|今晚|昨天",
            "(?:几号|哪天|什么时候|啥时候|何时)(?:开始|开班|开课|举行|举办|开幕|开会|放|发|出|来)",
        ),
    ),
    (
        "地址或位置",
        (
            "地址|怎么走|哪条路|什么路|地点|(?:在|坐落)(?:什么地方|何处)|几楼|坐几路|位置|多远",
            f"{_PLACE}(?<!设)在(?:哪|那)(?:儿|里|个地方)?(?![一几]?[条项章款个])",
            "(?:在|去)?哪(?:个|家)(?:酒店|宾馆|饭店|会场|礼堂|教室)|在哪(?:儿|里)?(?:举办|举行|开|上课|培训|集合|展出)",
        ),
    ),
    (
        "具体的人员或对象",
        (
            f"{_PEOPLE}(?:是谁|是哪|叫|姓|名|电话|手机|联系|换|在不在)",
            f"{_PEOPLE}的(?:电话|手机|名字|姓名|微信)|谁是.{{0,12}}{_PEOPLE}|姓名|名单|邮箱",
            f"微信号|哪位|哪个(?:同志|领导)|第一名|中标|承建|施工队|招标|车牌|(?:什么|啥|哪个)牌子|型号|"
            f"哪(?:个|些|几个|家|几家|所|几所|位){_THING}"
            "(?!负责|牵头|管|配合)",
            "多少岁|(?:谁|请谁)(?:来)?(?:讲课?|授课|上课|当老师|主讲)|讲课的?是谁",
        ),
    ),
    (
        STATE,
        (
            "完成(?:了)?(?:吗|没|得|率|的怎|进度)|完成了多少|完成情况|(?:做|建|办|搞|弄)完?了(?:吗|没)",
            "(?:进展|进度)(?:如何|怎么样|到哪)|落实得?(?:怎么样|如何|了吗|了没)|实际|目前|截至",
            "(?:交|报)(?:了|上)(?:吗|没|来)|没交|没报|未报|谁没|排名|得分|第几名|考核结果|打分",
            "(?:去年|前年|上个?月|上季度)(?!换)|(?:办|开展|培训|参加|建|选|搞|完成|举办|发)了(?:几|多少|哪)",
            "结果(?:出来|怎么样|如何)|(?:效果|成果|情况)(?:怎么样|如何|好)|到位了?(?:吗|没)",
            "现在(?:是|有|达到)?多少|(?:通过|验收|获奖|中标)了?(?:吗|没)|谁(?:获奖|得奖|拿奖)",
        ),
    ),
    (
        "材料格式或范本",
        (
            "模板|样表|范文|格式|表格|字数|(?:多少|几)(?:字|页)|(?:怎么|咋|如何)写(?!的)",
        ),
    ),
    (
        EXPLANATION,
        (
            "(?:什么|啥)(?:意思|含义|概念)|为什么|为啥|凭什么|怎么理解|解读|你觉得|你认为",
            "怎么看|有道理|合理吗|好不好|重要吗|难不难|处罚|处分|问责|扣分|罚款|违法|追责",
            "(?:不做|不报|不交|做不完|完不成|没完成)(?:会|要|有|怎么|咋)",
        ),
    ),
)
_ASKING = re.compile("多少|几|怎么|标准|是|有|谁出|给|吗")
KINDS = tuple((kind, re.compile("|".join(patterns))) for kind, patterns in _KINDS)
_OFF_TOPIC = re.compile(
    "天气|下雨|下雪|气温|几度|股票|股市|基金|彩票|双色球|笑话|讲个故事|唱(?:首|个)?歌|好听的歌"
    "|写(?:首|篇|个|一|代码)|作文|翻译|电影|吃什么|吃啥|吃饭|外卖|菜谱|食堂|减肥|请假|加班"
    "|放(?:几天)?假|调休|休假|年假|机票|火车票|车票|高铁|导航|密码|验证码|wifi|打印机|电脑"
    "|快递|房价|房子|买车|停车|驾照|社保|医保|公积金|身份证|户口|护照|结婚|离婚|生日|算个?命"
    "|星座|足球|篮球|世界杯|比分|游戏|聊天|聊聊|男朋友|女朋友|孤独|心情|感冒|发烧|挂号|看病"
    "|发票|油价|汇率|几岁|多大了|真人|机器人吗|总统|首都|等于几|股价|黄金|酒店|好玩|推荐"
    "|星期几|几月几日了|朋友圈|闹钟|空调|疫苗|药|狗|猫|人生|发明"
)


def kind_asked(folded: str) -> str:
    """Name the kind of fact asked for that no plan holds, or return ""."""
    return next((kind for kind, pattern in KINDS if pattern.search(folded)), "")


def is_off_topic(ask: Ask) -> bool:
    """Tell whether a question is about everyday matters that no plan at hand names."""
    said = {found.group() for found in _OFF_TOPIC.finditer(ask.question.folded)}
    return any(not ask.is_said(word) for word in said)


def related(ask: Ask) -> str:
    """Point to the passage nearest to a question, "" where none is near."""
    plan = ask.plan
    words = ask.question.content or ask.question.folded
    for found in ask.shelf.search_passages(words, ask.plans):
        passage = plan.passages[found.id]
        if found.confidence >= _NEAR:
            best = best_sentence(words, passage.text)
            return f"相近内容：{passage.where}“{best}”"
    return ""


def refuse(ask: Ask, kind: str = "") -> Answer:
    """Say that the plan does not tell, with what is near it if anything is."""
    if is_off_topic(ask):
        text = (
            "这个问题与实施方案无关，我只能回答已发布文件中的"
            "任务、责任单位、指标和时限。"
        )
        return Answer(Reply(text), replace(ask.talk, offered=""))
    lines = [f"{_sources(ask)}未写明{kind}。" if kind else f"{_sources(ask)}中未查到。"]
    if kind == STATE:
        lines = ["报送和完成情况不在方案文件里，仅对本单位联络员和办公室开放。"]
    if kind == EXPLANATION:
        lines = [f"文件未解释“{ask.question.words[:40]}”；请以原文为准，或咨询办公室。"]
    near = related(ask)
    unheard = "可换个说法再问，或回复“帮助”看能问什么。"
    lines.append(near or ("需要请咨询办公室。" if kind else unheard))
    return Answer(Reply("\n".join(lines)), replace(ask.talk, offered=""))


def _sources(ask: Ask) -> str:
    return doc_of(ask.plan) if len(ask.plans) == 1 else "在用文件"


def offer(ask: Ask, task: Task) -> Answer:
    """Say that nothing was found for sure and offer one task instead."""
    words = f"{clause_of(task)}{task.title}"
    text = f"{_sources(ask)}中未查到直接对应的内容。\n您是不是想问：{words}？"
    talk = replace(ask.talk, offered="原文", task_id=task.id, text_page=0)
    return Answer(Reply(text, (Button("是", "是"), Button("不是", "不是"))), talk)


def _refuse_stranger(ask: Ask) -> Answer:
    names = "、".join(ask.question.strangers)
    text = f"{_sources(ask)}没有点名{names}，未查到其任务。"
    return Answer(Reply(text), ask.talk)


def _about_stranger(ask: Ask) -> bool:
    question = ask.question
    return bool(question.strangers) and not question.topic


def _asks_kind(ask: Ask) -> bool:
    question = ask.question
    if question.clause or question.has(Sign.HELP, Sign.THANKS, Sign.GREETING):
        return False
    ours = question.has(Sign.US) and question.has(Sign.LIST) and not question.topic
    return bool(kind_asked(question.folded)) and not ours


def _answer_kind(ask: Ask) -> Answer:
    """Quote the sentence that does tell the fact asked for, or say that none does."""
    folded = ask.question.folded
    kind = kind_asked(folded)
    if kind in (STATE, EXPLANATION):
        return refuse(ask, kind)
    asked = {f.group() for _, pattern in KINDS for f in pattern.finditer(folded)}
    content = _without(ask.question.content or folded, asked)
    stems = {_ASKING.sub("", word) for word in asked}
    asked |= {stem for stem in stems if len(stem) > 1}
    best: tuple[float, Plan, Task | None, str, str] | None = None
    for plan, task, where, sentence in ask.sentences():
        plain = fold(sentence)
        if not any(word in plain for word in asked):
            continue
        share = covered(content, f"{task.title if task else ''}{sentence}")
        if share >= _ON_IT and (best is None or share > best[0]):
            best = (share, plan, task, where, sentence)
    return _quote_fact(ask, *best[1:]) if best else refuse(ask, kind)


def _quote_fact(
    ask: Ask, plan: Plan, task: Task | None, where: str, sentence: str
) -> Answer:
    lines = [f"文件写明：“{sentence}”", f"依据：{doc_of(plan)} {where}。"]
    tasks = refs([(plan, task)]) if task else ()
    talk = replace(ask.talk, task_id=task.id if task else ask.talk.task_id, offered="")
    return Answer(Reply("\n".join(lines), (), tasks), talk)


def _without(text: str, words: set[str]) -> str:
    for word in words:
        text = text.replace(word, "")
    return text


NOT_HELD = Intent(
    name="not_held",
    example="",
    fits=_asks_kind,
    answer=_answer_kind,
)
STRANGER = Intent(
    name="unknown_department", example="", fits=_about_stranger, answer=_refuse_stranger
)
