"""Rows that say that something said before shall not count."""

from bot.reports.replies.patterns import Sense as S
from bot.reports.replies.rules.kinds import DONE

ROWS = (
    (S.JOKE, "JOKE", "报了个寂寞"),
    (S.RHETORIC, "RHETORIC", "哪能没报呢"),
    (S.NOTHING, "NO HEARSAY THIS|WE|ME|FILL* NO|NOT|NOTYET|NEEDNOT", "没说不报"),
    (S.RHETORIC, "QW HEARSAY THIS|WE|FILL* NO|NOT|NOTYET", "谁说没报"),
    (S.QUESTION, "QW HEARSAY ... Q $", "谁说我们报了？"),
    (S.DOUBT, f"NO|QW HEARSAY|TELL ... {DONE} LE|UP|DONE", "我没说报了"),
    (
        S.NOTHING,
        "NO HEARSAY ..."
        " DAY|EITHER|EXT|LEAVE|NEWONE|SWITCH|NOTUS|OURS|NIL|WITHDRAW|BELONG",
        "没说要延期",
    ),
    (S.WITHDRAW, "JUST|PAST HEARSAY ... ANOTHER", "刚才说的是另一个"),
    (S.WITHDRAW, "JUST|PAST|HEARSAY FILL|DE|HEARSAY* WRONG", "之前回的不对"),
    (S.WITHDRAW, "JUST FILL|X|THIS* NOTUS LE? $", "刚才那条发错人了"),
    (S.WITHDRAW, "JUST|PAST HEARSAY ... WRONG", "刚才说的已报是错的"),
    (S.WITHDRAW, "ME HEARSAY FILL? ANOTHER", "我说的是另一个材料"),
    (S.NOTHING, "REPEAT", "怎么还催"),
    (S.QUESTION, "QW ... WITHDRAW", "怎么撤回"),
    (S.QUESTION, "LE FILL X? CAN WITHDRAW Q Q? $", "点了“已报送”还能撤销吗"),
    (S.QUESTION, "WITHDRAW LE .. CAN ... Q", "撤回了能恢复吗"),
    (S.QUESTION, "WITHDRAW LE? THEN|FUT|MUST ... Q", "撤回之后还能报吗"),
    (S.QUESTION, "HAND DE? THING? X? CAN WITHDRAW Q", "交上去的材料还能撤回吗"),
    (S.QUESTION, "WITHDRAW ... QW", "撤回要怎么弄"),
    (S.NOTHING, "NOT|NEEDNOT|NO FUT? WITHDRAW", "不用撤回"),
    (S.NIL, "ACT ADV? WITHDRAW LE? $", "活动都取消了"),
    (S.DISPUTE, "THEY DE ACT|THING PLEASE WITHDRAW", "这是教育局的任务请更正"),
    (S.WITHDRAW, "WITHDRAW", "撤回"),
    (S.DISPUTE, "THEY MISTAKE LE? BA", "牵头部门是科技局，发错了吧"),
    (S.DISPUTE, "YOU .. MISTAKE", "你们是不是发错了"),
    (S.DISPUTE, "YN .. MISTAKE", "是不是发错了"),
    (S.NOTHING, "NO|NOT MISTAKE", "没点错"),
    (S.NOTHING, "NO|NOT FORGOT LE? $", "没忘"),
    (S.QUESTION, "MISTAKE ... CAN|YN ... WRITE|MEND .. Q", "发现错了还能修改吗"),
    (S.QUESTION, "MISTAKE LE? CAN ... HAND .. Q $", "报错了能重新报吗"),
    (S.QUESTION, "MISTAKE ... QW", "报错了怎么办"),
    (S.WITHDRAW, "MISTAKE", "刚才点错了"),
)
