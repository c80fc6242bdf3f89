"""Rows that say that there is nothing to report."""

from bot.reports.replies.patterns import Sense as S

ROWS = (
    (S.QUESTION, "NOT NIL ... Q|TAG", "不是零报告吗"),
    (
        S.NOTHING,
        "NOT|NEEDNOT !FORGOT|HAND|SEND|DE|LE|WAIT|NOT* HAND? NIL",
        "别给我们记成零报告",
    ),
    (S.QUESTION, "NIL MUST|FUT|CAN .. NOT|NO $", "零报告需要盖章不"),
    (S.NOTHING, "QW HEARSAY ... NIL", "谁说我们没搞活动"),
    (S.NOTHING, "NO FUT|CAN HAND? NIL", "我们没打算报零"),
    (S.THEIRS, "NIL FILL THEY DE", "那个零报告是民宗局的"),
    (S.THEIRS, "NIL LE? DE FILL? THEY", "零报告的是粮食局"),
    (S.THEIRS, "MASK ... THEY ... NIL", "帮司法局转达他们零报告"),
    (S.NOTHING, "NIL LE? FEW", "没搞几场"),
    (S.NIL, "NEEDNOT HAND DE ACT $", "无需报送的事项"),
    (S.NIL, "NO MAKE THING ACT LE? $", "没办素质活动"),
    (S.NIL, "ANY ACT|THING|THIS? NO FILL* $", "啥活动都没有"),
    (S.QUESTION, "QW|YN|ASKING ... NIL", "怎么报零报告"),
    (S.NIL, "NIL LE? QW? ACT|THING !Q|QW|YN* $", "没组织过什么活动"),
    (S.NIL, "NONE CAN|FUT|MUST|FILL|OK|X? ACT|HAND|THING DE? LE? $", "没有什么要报的"),
    (S.NIL, "NO|WU THING|ACT|X|EXTRA* CAN HAND DE? $", "没有数据可报"),
    (S.NIL, "^ WE|FILL|PERIOD|THING|THIS|ACT* WU $", "无"),
    (S.NIL, "PERIOD WE? NO FILL? $", "二季度没有"),
    (S.NIL, "NO|WU FILL? CAN HAND DE? ACT|THING|THIS", "没有可以上报的活动"),
    (S.NIL, "WU MAKE|FILL|X|PERIOD|DE|ACT* ACT LE? $", "无科普活动"),
    (S.QUESTION, "NIL ... QW|YN|Q|TAG|OKQ", "零报告怎么报"),
    (S.DOUBT, "WISH .. NIL", "想零报告"),
    (S.NOTHING, "NO NIL LE $", "我们没零报告过"),
    (S.NOT_YET, "NOTYET MAKE|HAND? .. ACT", "还没搞活动"),
    (S.NOT_YET, "NIL UP|DONE", "没开展完"),
    (S.NIL, "WU HAND THING|ACT $", "无报送任务"),
    (S.NIL, "NIL", "零报告"),
    (
        S.NIL,
        "NO MAKE|FILL|X|PERIOD|DE|PREP|AT|LE|QW* ACT !THING|EXTRA|FORM|Q* LE? $",
        "没办过活动",
    ),
    (S.NIL, "ACT FILL|ADV|LE|NUM* NO MAKE LE? $", "活动没做"),
)
