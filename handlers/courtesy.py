"""What a person says to a person around a question: cut off from both of its ends.

A letter is seen as pieces between marks, blanks and line breaks. A piece at an end goes
if it is made of courtesies alone: of words that only greet, thank, excuse, urge, ask
for leave to ask, or say that something was received, and of small words among them. A
few courtesies are cut where they are written together with the question (您好我们…,
…任务谢谢). What may be a keyword stays where only a blank parts it from others (机器人
产业). Whatever else is said stays, and so does a letter of courtesies alone.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.chinese import fold_in_place

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏"
    "卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范石姚谭廖邹熊陆郝孔崔康毛邱秦顾侯邵孟龙"
    "段雷钱汤尹黎易武乔贺赖龚庞樊兰殷施陶洪翟颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦柳"
    "邢岳齐梅莫庄辛祝左涂谷祁舒耿牟詹苗凌费纪靳盛童欧甄项曲游裴席屈鲍覃霍翁隋甘单柏"
    "宁柯阮桂闵江史金白万常高付肖"
)
_SHORT_TITLES = "科 处 局 总 部 书记 主席 姐 哥 工 秘"  # behind a surname alone
_TITLES = """
    科长 副科长 处长 副处长 局长 副局长 主任 副主任 书记 副书记 主席 副主席 部长 副部长
    镇长 乡长 县长 区长 站长 所长 院长 校长 股长 组长 队长 秘书长 会长 理事长 老师 同志
    领导 秘书 会计 干事 专员 科员 经理 老总 老师傅 师傅
"""
_KIN = """
    大哥 大姐 老兄 兄弟 老弟 姐姐 哥 姐 亲 亲爱的 老同学 老伙计 老领导 小助手 助手
    机器人 小助理 助理 小编 客服 各位 大家 诸位 同仁
"""
_GREETINGS = """
    您好 你好 您们好 你们好 早上好 上午好 中午好 下午好 晚上好 早安 午安 晚安 早 嗨 哈喽
    哈啰 喂 喂喂 hi hello hey 在吗 在嘛 在么 在不在 有人吗 有人在吗 忙吗 在忙吗 方便吗
    有空吗 新年好 过年好 节日好 周末好 拜年 节日快乐 新年快乐 周末愉快 好久不见 久仰
    又是我 还是我 在的吧 在吧
"""
_THANKS = """
    谢谢 多谢 感谢 谢 谢了 谢啦 谢过 感激 感激不尽 不胜感激 辛苦 费心 有劳 劳烦 劳驾
    麻烦 拜托 添麻烦 受累 多亏 thanks thankyou thx 3q 万分感谢 感恩 比心 么么哒 么么
"""
_EXCUSES = """
    不好意思 抱歉 对不起 对不住 打扰 打搅 叨扰 见谅 谅解 请谅解 海涵 包涵 理解 冒昧 恕我
    弱弱 第一次用 刚接手 方便的话 没事的 晚点再说 啥也不懂 什么都不懂 不太懂
    不知道该问谁 不知道问谁 失礼 才看到 才看见 别见怪 别嫌烦 别笑话
"""
_HASTE = """
    急 急急 急急急 急用 加急 紧急 火急 万分火急 着急 特急 急等 急需 催 等着用 等着要
    在线等 在等 要用 尽快 赶时间 不急 长话短说
"""
_LEAVE_TO_ASK = """
    请问 问一下 问下 问一句 问一声 问个 问问 问 想问 请教 讨教 求教 求助 求问 求解 咨询
    打听 打听打听 了解一下 想了解 想知道 核实 确认一下 确认一遍 帮忙 帮我 帮帮忙 帮帮我
    查一下 查下 查查 看一下 看下 看看 说一下 新人求助 小白求助 顺便问
"""
_WANTS_ANSWER = """
    盼复 候复 盼回复 望回复 求回复 回复 答复 回一下 回我 回话 告知 解答 指教 指导 赐教
    指点 静候佳音 烦请 恳请 回头聊 此致 敬礼 敬上 祝好 顺祝商祺 顺颂时祺
"""
_RECEIVED = """
    收到 收悉 已收到 已阅 已悉 知悉 好的 好滴 好哒 好嘞 得嘞 好 嗯 嗯嗯 恩 恩恩 行 可以
    成 中 ok okay okk 明白 清楚 知道 了解 晓得 看到 记下 记住 懂 没问题 原来如此 哦 噢
    喔 哦哦 是这样 这样
"""
_LINKS = """
    另外 另 对了 还有 再 顺便 顺带 此外 话说 那么 那 那个 这个 就是 就是说 咱就是说 补充
    嗯那个 首先
"""
_INTERJECTIONS = """
    额 呃 唉 哎 诶 欸 咦 哎呀 哎哟 哎呦 啊 哈 哈哈 哈哈哈 嘿 嘿嘿 嘻嘻 呵呵 呀 唔 嘛 哇
    喔唷 测试一下 试试看 试一下
"""
_SMALL = """
    地 要 要是 不方便 替 让 说的 说句 您 你 我 俺 咱 我们 您们 你们 了 啦 哈 啊 呀 呐 嘞
    喽 吧 嘛 哟 咯 一下 一下下 下 先 又 再 来 还 也 给 得 想 跟 和 向 请 实在 真 真是
    真的 太 很 非常 特别 十分 挺 比较 有点 有些 这么 那么 早 晚 都 就 是 到 的 个 个忙
    事 事儿 件 有 问题 小问题 一个 一句 一遍 一声 一分钟 两句 几句 之前 上次 刚才 刚刚
    刚 昨天 今天 上午 下午 现在 已 已经 周末 休息 过节 在 在这 等 等着 多 添 再次
    一直以来 支持 帮助 关心 如有 望 求 盼 不 能 能否 可否 抽空 方便 百忙之中 赶紧 得紧
    死了 还得 只好 这回 这次 you
"""
_GLUED_BEFORE = """
    嗯嗯 嗯那个 那个我想问一下 就是说我想问一下就是 就是说 呃 哎 唉 诶 欸 哎呀 哎哟 咦
    嘿嘿 哈哈 想请教您 我想请教一下 您好 你好 您好呀 你好呀 您好啊 你好啊 在吗 在嘛
    早上好 上午好 中午好 下午好 晚上好 请问 请问一下 打扰了
    打扰一下 打扰您一下 不好意思 另外 顺便 嗯 我想问一下 我想问问 我想了解一下
    俺想问问 想了解一下 问一下 问一句 想问一下 想问问 想请教一下 请教一下 想咨询一下
    咨询一下 麻烦问一下 麻烦您 麻烦你 帮忙查一下 帮忙看一下 帮我查一下 好的收到
"""
_GLUED_BEHIND = """
    谢谢 多谢 感谢 谢了 谢啦 辛苦了 辛苦您 辛苦啦 麻烦了 麻烦您 麻烦啦 麻烦你 拜托
    在线等 不胜感激 真是麻烦 急急 给您添麻烦 盼复 此致 么么哒 回头聊
"""
_ORGANS = """
    局 委 办 办公室 部 协 会 联 院 校 中心 街道 办事处 镇 乡 社区 政府 科 股 室 站
"""
_POSTS = """
    联络员 经办人 工作人员 信息员 通讯员 办事员 科员 新人 新手 小白
"""
_WISHED = """
    您 你 大家 各位 好 工作 生活 身体 一切 万事 节日 新年 周末 假期 夏安 冬安 安好 顺利
    平安 健康
"""
_STICKERS = """
    抱拳 玫瑰 微笑 握手 合十 呲牙 愉快 强 ok 可怜 捂脸 笑哭 破涕为笑 爱心 心 咖啡 太阳
    鲜花 鼓掌 加油 偷笑 憨笑 流泪 大哭 尴尬 汗 疑问 奋斗 拥抱 拳头 胜利 啤酒 得意 害羞
    调皮 惊讶 难过 囧 可爱 白眼 困 擦汗 坏笑 嘿哈 机智 皱眉 耶 庆祝 礼物 苦涩 叹气 旺柴
    哇 送花 点赞 赞 比心 拜托 谢谢 收到
"""
_KEYWORDS = """
    机器人 客服 老师 校长 院长 站长 队长 会计 秘书 师傅 咨询 指导 答复 理解 感恩 紧急
"""


def _any_of(*lists: str) -> str:
    """Write a pattern of any word of *lists*, the longest first."""
    words = sorted(set(" ".join(lists).split()), key=len, reverse=True)
    return f"(?:{'|'.join(map(re.escape, words))})"


_HAN = "\u4e00-\u9fff"
_FAMILIAR = f"[小老阿][{_SURNAMES}]"
_NAME = f"(?:{_FAMILIAR}|(?!谢谢)[{_SURNAMES}][{_HAN}]{{1,2}})"
_ADDRESS = (
    "(?!高[校中级职]|施工|童工|何处|关工|任务|万名|金牌)(?:尊敬的|敬爱的|各位)?(?:"
    f"[{_SURNAMES}](?:[{_HAN}]{{0,2}}?{_any_of(_TITLES)}|{_any_of(_SHORT_TITLES)})"
    f"|{_FAMILIAR}|{_any_of(_TITLES, _KIN)})们?"
)
_ORGAN = f"(?:(?![谁哪啥什么几怎])[{_HAN}]){{1,12}}?{_any_of(_ORGANS)}"
_GOT = (
    "(?:发的|的)?(?:通知|文件|材料|消息|信息|提醒)(?:已经|已|都|我)?(?:收到|收悉|看到)"
)
_TURNS = (
    f"{_ADDRESS}[您你]?好|@[^\\s,，:：]+|祝{_any_of(_WISHED)}[{_HAN}]{{0,6}}|{_GOT}"
)
_POLITE = (_GREETINGS, _THANKS, _EXCUSES, _HASTE, _LEAVE_TO_ASK, _WANTS_ANSWER)


class _Courtesies:
    """What is a courtesy as a whole, with at least one of the words of *lists*."""

    def __init__(self, *lists: str) -> None:
        core = f"{_TURNS}|{_any_of(*lists)}"
        self._core = re.compile(core)
        self._whole = re.compile(
            f"(?:{_ORGAN}的?{_ADDRESS}[您你]?好)?"
            f"(?:{_TURNS}|{_any_of(*lists, _SMALL)}|{_ADDRESS})*+"
        )

    def has(self, piece: str) -> bool:
        return bool(self._whole.fullmatch(piece) and self._core.search(piece))


_BEHIND = _Courtesies(*_POLITE)
_BEFORE = _Courtesies(*_POLITE, _RECEIVED, _LINKS, _INTERJECTIONS)
_ADDRESSED = re.compile(f"(?:{_ADDRESS})+[您你们啊呀哈]?")
_ANEW = "(?:(?:新|刚)(?:来|任|换|上任|接手|接任|到)?的?)?"
_POST = f"{_ANEW}{_any_of(_POSTS)}(?:{_NAME})?"
_WHO = f"(?:{_POST}|{_NAME}|(?:新来|刚来|刚接手|新任)的?)"
_WE_ARE = "(?:(?:我|俺|我们|咱们)(?:这边|这里)?|这里|这边)(?:是|叫|姓)?"
_INTRODUCES = re.compile(
    f"{_WE_ARE}(?:(?P<organ>{_ORGAN})的?)?{_WHO}[呀啊哈]?"
    f"|(?:(?P<from>{_ORGAN})的?)?(?:{_POST}|{_FAMILIAR})[呀啊哈]?"
    f"|我姓[{_HAN}]|{_WE_ARE}(?P<of>{_ORGAN})的?"
)
_SIGNS_AS, _SIGNED = re.compile(_POST), re.compile(_NAME)
_EMOJI = "\u2600-\u2775\u2794-\u27bf\ufe0f\u200d\U0001f000-\U0001faff"
_BLANKED = "\0"  # stands where a sticker stood
_MARKS = f"\\s,，.。…!！?？;；:：、~～—\\-_·*^|()（）\\[\\]【】{_EMOJI}{_BLANKED}"
_STICKER = re.compile(f"\\[{_any_of(_STICKERS)}\\]")
_PIECE = re.compile(f"[^{_MARKS}]+")
_OPENS = "([【"
_IN_QUOTES = re.compile("""\\s*["“「(（]([^"“”「」()（）]+)["”」)）]\\s*""")
_STAYS_BEHIND = re.compile("[?)\\]】]*")
_SMILE = re.compile(f"[~～{_EMOJI}{_BLANKED}]")
_KEYWORD = re.compile(f"{_any_of(_KEYWORDS, _POSTS)}[ \\t]+(?![我俺咱本您你请])")
_GLUED_TO_HEAD = re.compile(
    f"(?:{_ADDRESS}[您你]好|(?:大家|老师|领导)好(?![不人班事作])|对了(?![解却结])"
    "|(?:请问|问|想问|帮忙看|帮我查)下(?![一半面])"
    f"|{_any_of(_GLUED_BEFORE)})++(?![吗呢么的们评几两])"
)
_TAIL = 40  # characters of a piece in which thanks are looked for: all would take long
_GLUED_TO_TAIL = re.compile(
    f"(?:(?<![向对]谁){_any_of(_GLUED_BEHIND)}"
    f"(?:{_any_of(*_POLITE, _SMALL)}|{_ADDRESS})*+"
    "|(?<=.)[哈嘞呗咯喽哒])$"
)
_THANKS_IN_IT = re.compile(f"{_any_of(_THANKS)}|🙏|🌹|🤝|\\[(?:抱拳|合十|玫瑰|握手)\\]")
_GREETING_IN_IT = re.compile(f"{_any_of(_GREETINGS)}|{_ADDRESS}")


@lru_cache(maxsize=1024)  # a letter is looked at by several, who call it alike
def without_courtesies(words: str, *, is_known: bool) -> str:
    """Return *words* without the courtesies around them.

    Who somebody says he is stays if he *is_known* to be nobody's: then he may ask for
    those whom he names. Of courtesies alone 谢谢 or 您好 is left, or all of them.
    """
    if whole := _IN_QUOTES.fullmatch(words):
        words = whole[1]
    said = _STICKER.sub(_blank, fold_in_place(words))
    pieces = list(_PIECE.finditer(said))
    first, last = 0, len(pieces)
    while first < last and _goes_before(said, pieces[first], is_known):
        first += 1
    if 0 < first < last and _KEYWORD.match(said, pieces[first - 1].start()):
        first -= 1  # 机器人 产业 谁牵头 calls nobody
    while first < last and _goes_behind(said, pieces[first:last], is_known):
        last -= 1
    if first == last:
        return _plainest(words)
    start = _start(said, pieces[first])
    end = _end(said, pieces[last - 1], cut=last < len(pieces))
    return words[start:end] if start < end else words


def cut_pieces(words: str) -> list[tuple[int, int]]:
    """Tell where each piece of *words* between two marks begins and ends."""
    return [piece.span() for piece in _PIECE.finditer(words)]


def _blank(found: re.Match[str]) -> str:
    return _BLANKED * len(found.group())


def is_courtesy(piece: str, *, is_known: bool = True) -> bool:
    """Tell whether a piece between two marks is nothing but a courtesy."""
    return _is_courtesy(piece, _BEFORE, is_known)


def _goes_before(said: str, piece: re.Match[str], is_known: bool) -> bool:
    """Tell whether a piece before the question is a courtesy that asks nothing.

    收到了？ asks, though 收到了 only says so.
    """
    mark = said[piece.end() : piece.end() + 1]
    if mark == "、":
        return False
    form = _BEHIND if mark == "?" else _BEFORE
    return _is_courtesy(piece.group(), form, is_known)


def _goes_behind(said: str, pieces: Sequence[re.Match[str]], is_known: bool) -> bool:
    """Tell whether the last of *pieces* is a courtesy or signs: 联络员：李建国."""
    last = pieces[-1].group()
    if said[pieces[-1].start() - 1] == "、":
        return False
    if _is_courtesy(last, _BEHIND, is_known):
        return True
    before = pieces[-2].group() if len(pieces) > 1 else ""
    return bool(_SIGNS_AS.fullmatch(before) and _SIGNED.fullmatch(last))


def _is_courtesy(piece: str, form: _Courtesies, is_known: bool) -> bool:
    if form.has(piece) or _ADDRESSED.fullmatch(piece):
        return True
    he_is = _INTRODUCES.fullmatch(piece)
    return he_is is not None and (is_known or not any(he_is.groups()))


def _start(said: str, piece: re.Match[str]) -> int:
    glued = _GLUED_TO_HEAD.match(piece.group())
    if glued and glued.end() < len(piece.group()):
        return piece.start() + glued.end()
    start = piece.start()
    while start and said[start - 1] in _OPENS:
        start -= 1
    return start


def _end(said: str, piece: re.Match[str], *, cut: bool) -> int:
    """Return where the question ends: with its mark, if courtesies were behind it."""
    glued = _GLUED_TO_TAIL.search(piece.group(), max(0, len(piece.group()) - _TAIL))
    if glued and glued.start():
        return piece.start() + glued.start()
    if cut or _SMILE.search(said, piece.end()):
        kept = _STAYS_BEHIND.match(said, piece.end())
        assert kept
        return kept.end()
    return len(said)


def _plainest(words: str) -> str:
    if _THANKS_IN_IT.search(words):
        return "谢谢"
    return "您好" if _GREETING_IN_IT.search(words) else words
