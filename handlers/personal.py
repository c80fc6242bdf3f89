"""What is asked about a person: 王敏的电话 is not given, an office's number is."""

import re

from bot.messages import Reply
from handlers.intent import Answer, Ask, Intent
from handlers.plan_facts import contact_told

# The surnames of nineteen in twenty people.
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜"
    "叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶"
    "黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申"
    "欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴"
    "蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫"
)
_RANKS = (
    "主任|局长|科长|处长|书记|镇长|乡长|县长|区长|主席|部长|院长|校长|馆长|站长|所长|股长"
    "|老师|同志|经理|总"
)
_ROLES = "联络员|分管领导|分管负责人"
_PERSON = (
    rf"(?:(?:欧阳|上官|司马|诸葛|东方|皇甫|尉迟|[{_SURNAMES}])"
    rf"(?:副?(?:{_RANKS})|[\u4e00-\u9fff]{{1,2}})|[^,。?]{{0,12}}?(?:{_ROLES}|{_RANKS}))"
)
_NO_PERSON = re.compile(
    "[局委办区镇乡县市会院校馆部站所团社科股村厂组室处司店台上里中件案位务目]$|中心$|街道$"
)
_BEFORE = (
    "(?:请问|请|麻烦|帮我|帮忙|我想|我要|能不能|可以|给我|告诉我)*"
    "(?:查|问|找|要|说|发|给)?(?:一下|下)?(?:知道)?"
)
_WAYS = (
    "(?:个人|私人|办公)?(?:手机|电话|座机|联系方式|联系电话|微信|号码|qq|邮箱|住址|家庭住址)"
    "(?:号码|号)?"
)
_ASKS = re.compile(
    rf"{_BEFORE}(?P<one>{_PERSON})(?:同志)?的?{_WAYS}(?:是|有)?(?:多少|几号?|什么|啥|吗|没有)?[呢啊?。]*"
    rf"|{_BEFORE}(?P<other>{_PERSON})(?:该|要)?(?:怎么|咋|如何)(?:联系|找)(?:到|上)?[呢啊?。]*"
    rf"|{_BEFORE}(?:该|要)?(?:怎么|咋|如何)(?:才能)?联系(?:到|上)?(?P<third>{_PERSON})[呢啊?。]*"
)
_NOT_GIVEN = "个人的电话和联系方式不在此提供，需要请联系办公室。"


def _fits(ask: Ask) -> bool:
    """Tell whether the way to reach a person is asked for, who is in no plan."""
    asked = _ASKS.fullmatch(ask.question.folded)
    if not asked:
        return False
    person = asked["one"] or asked["other"] or asked["third"]
    if re.search(f"(?:{_ROLES})$", person):
        return True
    if _NO_PERSON.search(person):
        return False
    return not any(person in sentence.plain for sentence in ask.sentences)


def _answer(ask: Ask) -> Answer:
    """Refuse it, and say whom the plan names for questions."""
    contact = ask.plan.contact
    lines = [_NOT_GIVEN]
    if contact:
        lines.append(f"文件所列{contact_told(contact)}")
    return Answer(Reply("\n".join(lines)), ask.talk)


PERSONAL = Intent(name="personal", example="", fits=_fits, answer=_answer)
