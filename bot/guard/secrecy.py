"""Marks of secrecy in a text: 机密★1年, 涉密文件; to speak of secrecy is none."""

import re
import unicodedata

from bot.guard.numbers import BETWEEN, MANY_DIGITS

UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0f\ufeff\xad]")
"""What nobody sees, and may stand within a word."""

# Two quick scans tell that there is nothing to look at: so it is with most messages.
_TELLTALE = re.compile(r"[密秘★☆㊙内外扩转\d]")
_SUSPECT = re.compile(rf"[密秘★☆㊙]|内{BETWEEN}*部|外[传傳泄]|扩散|转发|{MANY_DIGITS}")
_SCRIPT = str.maketrans(
    "絕絶祕機国國內檔級資訊電報圖紙傳標為屬於涉閱",
    "绝绝秘机国国内档级资讯电报图纸传标为属于涉阅",
)
_BLANKS = re.compile(r"[^\S\n]+")
# Of 计算机密码 and 打印机密级标签 the grade is no part.
_GRADE = "(?:绝密|(?<![算印手飞司影描真相视衣随])机密(?![码度集切钥封植])|秘密)"
_PAPER = (
    "(?:文件|材料|资料|文电|电报|公文|信息|内容|数据|事项|图纸|载体|文档|档案|稿件"
    "|会议纪要|纪要|通报|情报|名单|名册|件)"
)
_STAR = "[★☆*＊✩✪✭⭐※▲△]"
_OPEN, _CLOSE = r"[【\[(（〔<〈#]", r"[】\])）〕>〉#]"
_SPLIT = re.compile(  # 机-密★, but not 投影机-密码
    r"(?:(?<![\u4e00-\u9fff])|(?<=[为是于属份]))([绝机秘涉])"
    rf"(?:[-‐-―_·.。、,，/\\|~+…'\"“”]|{_STAR}){{1,3}}密"
    rf"(?m:(?=级|级?{_CLOSE}?(?:{_STAR}|[:：]|{_PAPER}|$)))"
)
_YEARS = r"(?:(?:[0-9]{1,2}|[一二三五十]{1,3})年(?![前来度级代内])|长期)"
_MARKS = re.compile(
    rf"{_GRADE}[级]?{_CLOSE}?{_STAR}|[★☆]{_GRADE}"
    rf"|(?m:^{_OPEN}?{_GRADE}[级]?{_CLOSE}?[:：]?$)"
    rf"|(?m:^{_GRADE}级?[:：|—-](?![^\n]*[?？]))"
    rf"|{_OPEN}{_GRADE}[级]?(?:文件|件)?{_CLOSE}"
    rf"|(?:密级|定密)(?:[:：为是]{{1,2}}|[-—]{{1,2}})?(?:国家)?{_GRADE}"
    rf"|(?m:^|[【\[(（〔·,，、:：。]){_GRADE}级?[:：·(（]?{_YEARS}"
    rf"|保密期限[:：为是]{{1,2}}(?:[0-9一二三五十]|长期|不少于|自)"
    rf"|(?:特急|特提|加急|平急)[·,，、]?{_GRADE}|{_GRADE}[·,，、](?:特急|特提|加急|平急)"
)
_KINDS = re.compile(
    rf"(?<!商业)(?<!个人){_GRADE}级(?!别)"
    rf"|(?<!商业)(?<!技术){_GRADE}级?[”\"」』]?的?{_PAPER}"
    r"|(?<![保紧严精机秘绝细稠亲])密件(?!抄送)"
    rf"|涉密的?{_PAPER}(?!.{{0,4}}脱密)"
    rf"|{_PAPER}[^，。；！？,;!?\n]{{0,6}}?(?:属于?|是|系|均为?|已经?|都)?涉密(?!人员|岗位|单位|场所)"
    rf"|(?:属于?|定为|列为|标(?:注|有|明)?为?|含有?|涉及|包含)(?:国家)?{_GRADE}(?![级]?{_PAPER}?管理)"
    r"|(?:涉及|含有?|属于?|包含)(?:党和)?(?:国家|工作)秘密|工作秘密"
)
_KEEP_INSIDE = re.compile(
    r"内部(?:资料|文件|材料|刊物|通报|情况|参阅|掌握|使用)[^。！？\n]{0,14}?"
    r"(?:外传|外泄|外流|转发|扩散|公开|注意保存|妥善保[管存]|收回|退回|阅后即焚|泄露|泄密)"
    r"|(?:此件|本件|本文|该件|本材料|本资料|此材料|内部资料)[^。！？\n]{0,8}?"
    r"(?:不得|严禁|请勿|禁止|切勿|勿)(?:对外|向外|擅自)?(?:外传|外泄|转发|扩散)"
    r"|(?m:^[【\[(（〔]?内部(?:资料|文件|材料)[】\])）〕]?$)"
    r"|[【\[(（〔]内部(?:资料|文件|材料)[】\])）〕]"
)
_DENIED = re.compile(
    "(?:不|非|无|未|勿|没有?|禁止?|严禁|别|杜绝|避免|防止|是否|有无|以外的|保守|严守|凡)"
    "[^，。；！？,;!?\n但却而有]{0,8}$"
)
_BEFORE = 16  # characters before a word that may deny it
_THINGS = (
    "打印机|复印机|扫描仪|传真机|一体机|碎纸机|粉碎机?|电脑|笔记本|服务器|终端|硬盘|[UuＵ优][盘]"
    "|光盘|介质|机房|柜|库房|袋|场所|岗位|部位|人员|馆|展|标[志识签]"
)
_IS_TOPIC = re.compile(
    "(?:[和与、或及](?:绝密|机密|秘密)级?)*的?(?:管理|保护|防护|防范|安全|教育|宣传|培训|知识|常识|检查|督查|审查|制度|规定|规范"
    "|办法|条例|法规?|系统|设备|网络|计算机|单位|清理|销毁|清退|范围|意识|责任|工作|是什么|指什么|什么意思|的?定义"
    rf"|{_THINGS}"
    "|由[^，,。；！？!?\n]{1,8}(?:管理|保管|负责|处理)|违规|印制|资质|复制|定点"
    "|(?:请|要|应当?|必?须)*(?:一律)?走|(?:请勿|不得|不要|不能|严禁|禁止|切勿)(?!外|对外|向外|扩散|转发)"
    "|(?:均|都|也)?已(?:经)?(?:全部|全|按规定)*(?:清退|销毁|上交|收回|归档|自查)"
    "|[^，,。；！？!?\n]{0,20}?(?:的[，,]?(?:不予公开|不得公开|除外)|一律走|另行报送)"
    "|由谁|归谁|谁|哪|怎么|怎样|如何|能不能|能否|能发|可以|可不可以|[吗呢?？])"
)
_NAME = re.compile(
    rf"(?<!商业)(?<!个人)(?<![不的]){_GRADE}(?!保护|的|花园|基地|武器|森林|之)"
    "|(?<!不)(?<!非)(?<!无)涉密(?!管理|人员|检查|培训)|工作秘密|内部(?:资料|文件)"
)


def is_suspect(text: str) -> bool:
    """Tell whether there may be anything to mask or to refuse in *text*."""
    return bool(_TELLTALE.search(text)) and _SUSPECT.search(text) is not None


def is_secret(text: str) -> bool:
    """Tell whether *text* bears the marks of what may not be said here.

    To speak of secrecy as a matter of work (保密宣传教育谁负责) is no mark of it, nor
    to say that something is not secret, or must not be sent.
    """
    if not is_suspect(text):
        return False
    plain = _plain(text)
    if _is_marked(plain):
        return True
    return any(_is_meant(plain, found) for found in _KINDS.finditer(plain))


def bears_mark(text: str) -> bool:
    """Tell whether a document's beginning bears a mark: 机密★1年, 内部资料 不得外传.

    What it says about secret papers does not count: reports do speak of them.
    """
    return is_suspect(text) and _is_marked(_plain(text))


def is_secret_name(names: str) -> bool:
    """Tell whether a file's name, one a line, bears a mark: 机密.docx does."""
    return is_suspect(names) and any(
        _NAME.search(name) and not _IS_TOPIC.search(name)
        for name in _plain(names).split("\n")
    )


def _plain(text: str) -> str:
    """Make spellings of one mark equal: width, script, what splits it, blanks."""
    seen = UNSEEN.sub("", text).replace("㊙", "★秘密")
    seen = unicodedata.normalize("NFKC", seen).translate(_SCRIPT)
    return _SPLIT.sub(r"\1密", _BLANKS.sub("", seen))


def _is_marked(plain: str) -> bool:
    return bool(_MARKS.search(plain) or _KEEP_INSIDE.search(plain))


def _is_meant(plain: str, found: re.Match[str]) -> bool:
    before = plain[max(0, found.start() - _BEFORE) : found.start()]
    if _DENIED.search(before) or _DENIED.search(found.group()[:-2]):
        return False
    return not _IS_TOPIC.match(plain, found.end())
