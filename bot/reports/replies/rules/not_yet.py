"""Rows that say that it is not done yet."""

from bot.reports.replies.patterns import Sense as S
from bot.reports.replies.rules.kinds import DONE, WORK

ROWS = (
    (S.NOT_YET, "THING|EXTRA|FORM PROG X $", "正文正在雕"),
    (S.NOT_YET, "NEARLY", "差点忘了"),
    (S.NOT_YET, "NO|NOTYET PROG", "没开始"),
    (S.NOT_YET, "MUST .. SOMEDAYS|SPAN LE? $", "还需要几天"),
    (S.THEIRS, f"FILL THEY {WORK} DE $", "总结是他们写的"),
    (S.NOT_YET, "IFNOT", "早知道就提前报了"),
    (
        S.NOTHING,
        "NOTE WE|ME|ADV? PROCESS|SEND|GIVEN YOU|BOSS|DEST* LE? $",
        "通知发给领导了",
    ),
    (S.NOTHING, "NO|NOTYET SEEN", "还没看到通知"),
    (S.NOT_YET, "NOTYET", "还没呢"),
    (S.NOT_YET, "NO X|FUT? UP LE|FILL? $", "没出来"),
    (S.NOT_YET, "NO FUT LE|FILL? $", "没定"),
    (S.NOT_YET, "HALF JUST UP", "初稿刚出来"),
    (S.NOT_YET, "FORGOT LE? HAND|SEND|FILL|MAKE|WRITE", "忘了报"),
    (S.NOT_YET, "FORGOT THIS|ACT? LE? $", "忘了"),
    (S.NOT_YET, "AT HAND LE|FILL? $", "在报了"),
    (S.NOT_YET, "PROG .. MAKE|MEND|FINISH|WRITE|HAND|SEND|PROCESS|FUT|MUST", "正在报"),
    (S.NOT_YET, "^ WE|ME|FILL* PROG", "刚开始"),
    (S.NOT_YET, "INHAND", "在写"),
    (S.NOT_YET, "^ BUT? FILL|WE|ME* NO FILL|LE|NO* $", "没有"),
    (S.DRAFTED, "^ FUT? SOON LE SOON? LE? $", "快了"),
    (S.NOT_YET, "SOON FINISH|DONE|WRITE", "快好了"),
    (S.DRAFTED, "PROCESS", "送审了"),
    (S.NOT_YET, "BOSS .. AWAY", "领导出差"),
    (S.NOT_YET, "BOSS NO|NOTYET X|SEEN|OK", "领导没看"),
    (S.DRAFTED, "WRITE", "写完了"),
    (S.DOUBT, f"NOT|NEEDNOT .. {DONE}", "不报"),
)
