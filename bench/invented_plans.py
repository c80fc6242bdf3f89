"""Invents plans of any number of tasks, and questions about them with their answers."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from opencc import OpenCC

from bot.chinese import syllable
from bot.plans.finding.search import Entry

TASKS_A_PLAN = 30
_TO_TRADITIONAL = OpenCC("s2t")
_WHO = """
青少年 农民 产业工人 老年人 领导干部 公务员 社区居民 中小学生 退役军人 残疾人
高校毕业生 个体工商户 新市民 留守儿童 妇女 企业职工 乡村医生 科技工作者 志愿者 教师
网格员 农民工 种粮大户 养殖户 快递员 护林员 渔民 家政人员 消防员 基层干部
""".split()
_WHAT = """
科学素质 生态环境 河湖治理 垃圾分类 大气污染 营商环境 政务服务 招商引资 乡村振兴
粮食安全 高标准农田 农产品质量 养老服务 托育服务 医疗卫生 慢性病防治 传染病防控
中医药 学前教育 职业教育 教师队伍 校园安全 就业创业 技能培训 社会救助 残疾康复
住房保障 老旧小区 农村公路 交通安全 防汛抗旱 森林防火 地震避险 应急救援 安全生产
消防安全 食品安全 药品监管 知识产权 数字经济 智慧城市 信息安全 文化遗产 全民阅读
群众体育 旅游景区 红色教育 家庭教育 心理健康 法治宣传 矛盾调解 社会信用 统计监测
档案管理 人才引进 金融服务 民营经济 节约用水 清洁能源 绿色建筑 国土绿化 矿山修复
畜禽养殖 渔业资源 气象服务 科普场馆 科技创新 成果转化 孵化平台 冷链物流 电子商务
外贸出口 消费维权 物业管理 停车设施 燃气安全 供水保障 污水处理 厕所改造 殡葬改革
移风易俗
""".split()
_DO = """
开展 推进 完善 建立 健全 加强 实施 组织 举办 打造 培育 深化 规范 优化 拓展 提升 推广
落实 强化 创新
""".split()
_HOW = """
专项行动 示范工程 长效机制 服务体系 协调联动 信息平台 宣传周 大讲堂 进社区活动
巡回讲座 技能竞赛 结对帮扶 台账管理 网格巡查 公益诉讼 信用评价 红黑名单 积分超市
流动服务车 体验中心 实训基地 专家服务团 志愿服务队 云课堂 短视频征集 热线回访
联席会议 季度通报 随机抽查 集中整治 免费体检 入户走访 需求清单 项目库 标准体系
人才计划 创客空间 乡村夜校 文明实践站 应急演练
""".split()
_WHERE = """
镇街道 村居 园区 学校 企业 医院 车站 广场 公园 集市 景区 社区服务中心 文化站 图书馆
田间地头 工地 码头 商圈 机关 养老机构
""".split()
_TAILS = """
做到底数清楚、责任明确 形成齐抓共管的工作格局 不断扩大覆盖面和影响力
切实增强群众获得感 及时总结推广典型经验 纳入年度重点工作统筹推进 引导社会力量广泛参与
定期开展监测和效果评估 确保各项措施落地见效 促进资源共建共享 建立问题发现和整改闭环
方便群众就近就便办理
""".split()
_PLACES = """
澄 川 云 溪 岭 湖 安 宁 丰 泰 和 兴 龙 凤 石 桥 沙 河 青 林 白 马 东 西 南 北 新 平
长 清 金 玉 柳 杨
""".split()
_HOMOPHONES = {
    "科": "颗",
    "质": "制",
    "境": "竞",
    "育": "玉",
    "机": "鸡",
    "训": "讯",
    "众": "重",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about an invented task, and the id of that task."""

    text: str
    answer: int
    plan: int


def invent_plans(tasks: int, *, seed: int = 7) -> Iterator[tuple[int, list[Entry]]]:
    """Yield plans (id and entries) of *tasks* tasks in all, the same each time."""
    dice = random.Random(seed)
    for first in range(0, tasks, TASKS_A_PLAN):
        size = min(TASKS_A_PLAN, tasks - first)
        place = "".join(dice.choices(_PLACES, k=2))
        yield (
            first // TASKS_A_PLAN,
            [_entry(dice, number, place) for number in range(first, first + size)],
        )


def _entry(dice: random.Random, number: int, place: str) -> Entry:
    who, what, how = dice.choice(_WHO), dice.choice(_WHAT), dice.choice(_HOW)
    own = "".join(dice.choices(_PLACES, k=2))
    title = f"{dice.choice(_DO)}{own}{who}{what}{how}"
    body = "".join(_sentence(dice, who, what) for _ in range(dice.randint(4, 7)))
    return Entry(
        id=number,
        title=title,
        body=f"{place}县{body}每年组织{dice.choice(_HOW)}{dice.randint(2, 40)}场。",
        section=f"{who}{dice.choice(_WHAT)}提升行动",
        has_number=True,
    )


def _sentence(dice: random.Random, who: str, what: str) -> str:
    other = dice.choice(_WHAT) if dice.random() < 0.6 else what
    return (
        f"{dice.choice(_DO)}{other}{dice.choice(_HOW)}，面向{dice.choice(_WHERE)}、"
        f"{dice.choice(_WHERE)}的{who}{dice.choice(_DO)}{dice.choice(_HOW)}，"
        f"{dice.choice(_TAILS)}。"
    )


def ask_about(
    plans: list[tuple[int, list[Entry]]], *, many: int, seed: int = 11
) -> list[Asked]:
    """Invent *many* questions: mistyped, in pinyin, traditional or cut short."""
    dice = random.Random(seed)
    questions = []
    for _ in range(many):
        plan, entries = dice.choice(plans)
        entry = dice.choice(entries)
        text = _noisy(dice, entry.title[2:])  # without its verb
        asking = dice.choice(("谁负责", "怎么办", "", "有什么要求", "是哪个单位牵头"))
        questions.append(Asked(text + asking, entry.id, plan))
    return questions


def _noisy(dice: random.Random, text: str) -> str:
    at = dice.randrange(1, len(text) - 1)
    match dice.randrange(6):
        case 0:
            return "".join(_HOMOPHONES.get(char, char) for char in text)
        case 1:
            return text[:at] + text[at + 1 :]
        case 2:
            return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        case 3:
            return "".join(map(syllable, text))
        case 4:
            return str(_TO_TRADITIONAL.convert(text))
        case _:
            return text[:2] + text[-6:]
