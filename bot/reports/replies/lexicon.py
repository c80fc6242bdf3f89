"""The words of replies by what they do in a sentence: each stands in one kind."""

from bot.reports.replies.lexicon_acts import ACTS
from bot.reports.replies.lexicon_changes import CHANGES
from bot.reports.replies.lexicon_talk import TALK

WORDS = ACTS | CHANGES | TALK
"""What a word does, and the words: the name of a kind is used in the rules."""

MISSPELT: dict[str, str] = {
    wrong: right
    for right, spellings in {
        "已报": "以报 己报 巳报 已抱 以抱 己抱 已暴 乙报 已爆 以爆 yibao 已bao 己暴",
        "已经报": "以经报 已经抱 以经抱 己经报 已经暴 以经爆 已经爆",
        "已经交": "以经交 己经交 已经叫 已经教",
        "已经发": "以经发 己经发",
        "已经": "以经 己经 巳经 已今",
        "已交": "以交 己交 巳交 yijiao 已缴 已教",
        "已发": "以发 己发 巳发 yifa",
        "已上报": "以上报 己上报 yishangbao",
        "已提交": "以提交 己提交 yitijiao",
        "已上传": "以上传 己上传",
        "已报送": "以报送 己报送 已报宋 已报松 yibaosong",
        "报送": "报宋 报松 抱送 爆送 报颂",
        "报了": "抱了 baole 暴了 爆了",
        "交了": "jiaole",
        "未报": "末报 weibao",
        "提交了": "点了提交 点提交了 点击提交了 点击了提交 点过提交了 点的提交",
        "报送完成": "完成报送 完成了报送",
        "上报完成": "完成上报 完成了上报",
        "没报": "美报 没抱 meibao 煤报 没暴 冒报",
        "还没报": "还美报 还没抱 还没暴 haimeibao 还没爆",
        "还没交": "haimeijiao",
        "没交": "meijiao 冒交",
        "收到": "收倒 shoudao 收道",
        "联络员": "联洛员 连络员 联落员 联罗员 联络圆 联络元 联系员 连洛员 连系员",
        "好的": "haode 好地 好得 豪德",
        "邮箱": "邮相 油箱 邮想 右箱 email 信箱 e-mail 游箱 mail",
        "延期": "延器 沿期 延其 yanqi 言期",
        "撤回": "撤会 彻回 chehui",
        "零报告": "另报告 ○报告 o报告 〇报告 令报告 lingbaogao",
        "马上": "码上 mashang",
        "明天": "名天 tmr mingtian 听日 明仔 明朝 明儿个",
        "不归我们": "不规我们 不贵我们",
        "上报": "上抱",
        "材料": "才料 材枓 材科",
        "取消": "取硝 去消",
        "1月": "元月",
        # Cantonese and Hokkien, as written in messages
        "了": "咗",
        "给": "俾 畀",
        "们": "哋",
        "你们": "恁 你地 你哋",
        "我们": "我地 我哋 阮",
        "不": "唔 毋 弗",
        "没": "唔曾",
        "没有": "莫得 冇得 么得 木得 呒没 毛得",
        "还没": "仲未 仲冇 重未 还冒 还毛",
        "没法": "莫法",
        "等一下": "等哈 等哈子 等哈儿 等下哈 等下子",
        "还": "仲",
        "的": "嘅",
        "他": "佢 渠",
        "昨天": "寻日 琴日 噚日 昨儿个",
        "今天": "今朝",
        "什么": "乜嘢 乜野 乜 么子",
        "为什么": "点解",
        "怎么": "点样",
        "什么时候": "几耐",
        "行不行": "得唔得 得不得 要得不 要得啵 阔以不",
        "可不可以": "可唔可以 可以唔可以",
        "可以": "阔以",
        "是不是": "系咪 系唔系",
    }.items()
    for wrong in spellings.split()
}
"""Slips of thumbs, of voice input and of 拼音: what was typed -> what was meant."""


def _kinds() -> dict[str, str]:
    kinds: dict[str, str] = {}
    for kind, words in WORDS.items():
        for word in words.split():
            kinds.setdefault(word, kind)
    return kinds


KINDS = _kinds()
"""Each word with its kind; a word of two kinds belongs to the first."""
