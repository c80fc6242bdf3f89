"""Rows that are tried where nothing else fits, and what is no plain claim either."""

from bot.reports.replies.patterns import Sense as S
from bot.reports.replies.rules.kinds import DONE, POLITE, TOLD

SAID_TO_BE_DONE = (
    (S.DOUBT, f"HEARSAY ... {DONE}", "听说报了"),
    (S.DOUBT, f"HEDGE ... {DONE}", "应该报了"),
    (S.DOUBT, f"{DONE} ... BA", "报了吧"),
    (S.DOUBT, f"{DONE} ... HEDGE", "已报应该"),
    (S.THEIRS, f"THEY ... {DONE}", "教育局已经报了"),
)

LAST = (
    (S.PROMISE, "^ WE|ME|FILL|OK|FUT|WAIT* SOON FILL|LE|PLEASE|FUT|DE|BA* $", "马上"),
    (
        S.RECEIVED,
        f"^ WE|ME|FILL|ADV|ALREADY|BUT* OK|SEEN {POLITE}|SEEN|YOU|{TOLD}*"
        f" {POLITE}|THING|NOTE* $",
        "收到",
    ),
    (
        S.RECEIVED,
        "^ NUM|THING|FILL|ACT|THIS|WE|ME* NUM|THING|NOTE|FILL ADV|ALREADY|FILL|WE|ME*"
        " OK|SEEN LE? $",
        "两条提醒都收到了",
    ),
    (
        S.RECEIVED,
        "^ YOU DE? NOTE|THING|DEST|NUM|THIS* ADV|ALREADY|WE|ME* OK|SEEN LE? $",
        "贵办提醒已收到",
    ),
    (
        S.RECEIVED,
        "^ NOTE PREP HAND? THING|EXTRA|X ADV|ALREADY|WE|ME* OK|SEEN LE? $",
        "通知和申报表格已收到",
    ),
    (
        S.RECEIVED,
        "^ WE|ME|FILL|ALREADY* OK|SEEN LE? YOU GONE|EITHER|PAST|JUST?"
        " SEND|HAND|GIVEN DE THING|NOTE|EXTRA|PREP|X|FORM* LE? $",
        "收到你们昨天发来的邮件和模板了",
    ),
    (S.RECEIVED, "^ YOU GONE|PAST? SEND DE X|NOTE|THING OK LE? $", "您发的模板收到了"),
    (S.RECEIVED, "^ NOTE WE? BOSS X|SEEN ADV? LE $", "通知我们领导看过了"),
    (
        S.RECEIVED,
        "^ ALREADY MASK BELONG? BOSS|PERSON|NAME|BELOW LE? $",
        "已转交经办科室",
    ),
    (S.RECEIVED, "^ WE|ME|ALREADY* OK|SEEN HAND FILL|NOTE|THING $", "已知悉报送要求"),
    (
        S.RECEIVED,
        "HAND NOTE ADV|ALREADY MASK BOSS|PERSON|NAME|BELOW* LE? $",
        "报送通知已转给分管科室",
    ),
    (S.RECEIVED, "^ FILL* THIS X? WE|ME? OK|SEEN LE? $", "这条我们看到了"),
    (S.RECEIVED, "^ FILL|WE|ME* SEEN X LE $", "知道逾期了"),
    (S.PROMISE, "^ WE|ME|FILL|BA* SURELY ONTIME? FILL|DE|BA|LE* $", "误不了"),
    (S.NOT_YET, "X|DEST ADV? X? CANT LE? $", "电脑开不了"),
    (S.DRAFTED, "THING|BOSS|BELOW|EXTRA|FORM|DEST NO X LE? $", "系统没更新"),
    (S.DRAFTED, "NO X DEST $", "没带电脑"),
    (S.RECEIVED, "^ CAN LE? $", "可以"),
    (S.THEIRS, "^ THEY", "教育局"),
    (S.DOUBT, "^ WE|ME|FILL|ADV* HEDGE|HEARSAY FILL|LE|YOU* $", "不清楚"),
)
