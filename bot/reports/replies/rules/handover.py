"""Rows that say who sees to it from now on."""

from bot.reports.replies.patterns import Sense as S
from bot.reports.replies.rules.kinds import GIVE, GOODS, NAMED

ROWS = (
    (S.THEIRS, "THEY YN HEDGE", "隔壁局交没交不知道"),
    (S.THEIRS, "THEY YN ME NOT|NO", "别人报没报我不管"),
    (S.QUESTION, "GIVEN|SEND|HAND YOU? OR", "交给您还是交给小王"),
    (S.NOTHING, "^ BUT !ME|WE* LEAVE $", "因机构改革人员变动"),
    (S.HANDOVER, f"SWITCH ME DE FILL {NAMED}", "接替我的是孙凯"),
    (
        S.HANDOVER,
        f"BELONG THIS|THING|ACT|FROMNOW* DE FILL YOU|BOSS|X? {NAMED}",
        "管这事的是小蒋",
    ),
    (S.HANDOVER, f"{NAMED} X? FROMNOW LE $", "黄主任接这个活了"),
    (S.HANDOVER, f"FILL X? {NAMED} AT? BELONG", "现在是小王负责"),
    (S.DISPUTE, "SWITCH LE? THEY", "移交给教育局了"),
    (S.QUESTION, "LEAVE ... QW", "联络员退休了怎么办"),
    (S.NOTHING, "BOSS|THEY|PERSON LEAVE", "领导调走了"),
    (S.NOTHING, "YOU .. LEAVE", "你们的人调走了"),
    (S.QUESTION, "QW ... NEWONE|SWITCH $", "怎么变更联络员"),
    (
        S.NOTHING,
        "NO|NOT|NOTYET|NEEDNOT FUT|CAN|FILL|ME|ADV|ALREADY* LEAVE|NEWONE",
        "没调走",
    ),
    (S.NOTHING, "NO|NOT|NOTYET SWITCH LE? $", "联络员没换"),
    (S.NOTHING, "OR ME|WE BELONG", "还是我负责"),
    (S.NOTHING, "BOSS FILL|LE|DE* NEWONE|SWITCH LE? $", "局长换人了"),
    (S.HANDOVER, "THEN FIND ME", "以后联系我"),
    (S.HANDOVER, "LEAVE", "我调走了"),
    (S.HANDOVER, "NEWONE", "新联络员是李娜"),
    (S.NOTHING, f"{GOODS} SWITCH LE? {NAMED} LE? $", "表交给小王了"),
    (S.HANDOVER, f"SWITCH LE? FILL? FIND? {NAMED}", "换小王"),
    (
        S.HANDOVER,
        f"FROMNOW|THEN|SOON .. FIND|PREP YOU|BOSS|WE? DE? {NAMED}",
        "以后找李娜",
    ),
    (S.HANDOVER, f"^ FROMNOW? PLEASE? FIND ME? PERSON? {NAMED} LE? BA? $", "请找李娜"),
    (S.HANDOVER, "^ ME ADV|ALREADY? NOT PERSON LE $", "我不是联络员了"),
    (S.HANDOVER, f"DAY|EITHER X? FIND {NAMED}", "明天起联系小龚"),
    (S.HANDOVER, f"^ BELONG {NAMED} LE? $", "归小郭"),
    (S.HANDOVER, f"{NAMED}|THEY SWITCH ME", "她接替我"),
    (S.HANDOVER, f"PREP {NAMED} .. BELONG|SWITCH", "由小王负责"),
    (S.HANDOVER, f"{NAMED} .. SWITCH $", "小王接手"),
    (S.HANDOVER, "NOT ME BELONG LE? $", "不是我管了"),
    (
        S.HANDOVER,
        f"FROMNOW|FILL|THEN|SOON BELONG YOU|BOSS|X? {NAMED} BELONG? LE? $",
        "现在归小许",
    ),
    (
        S.HANDOVER,
        f"FROMNOW|THEN PLEASE? NOTE|TELL|{GIVE} {NAMED} BA? $",
        "以后发给小潘吧",
    ),
    (S.HANDOVER, f"FILL|FROMNOW PERSON FILL {NAMED} LE? $", "现在联络员是小谭"),
    (S.HANDOVER, f"FROMNOW|THEN {NAMED} BELONG", "以后小白负责"),
    (S.HANDOVER, "ME ADV? ALREADY? NOT BELONG", "我不负责这个"),
)
