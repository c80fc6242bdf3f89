"""What people call departments at home: 部里, 镇上, 会里 for one's own."""

import re

_TOWN = ("镇", "乡", "街道", "办事处")
_TOWNS = "(?:镇|乡|街道)(?:上|里面?)"
_WITHIN = (
    (_TOWN, _TOWNS),
    (("部",), "部里面?"),
    (("局",), "局里面?"),
    (("委",), "委里面?"),
    (("会", "协", "联"), "会里面?"),
    (("中心",), "中心里面?"),
)
_BEFORE = "(?<![^,。?!、;:的由给归让叫把帮])"
_AFTER = (
    "(?=$|[,。?!]|[要得该有做干搞负承担摊领牵配参分认占]|都[有要得做干是]|名下"
    "|的?(?:任务|工作(?!人员)|活儿?(?![动力跃])|事(?!业|故)|全部|所有|清单|列|几[条项件])"
    "|的(?=$|[,。?]))"
)
_WITH_TOWNS = re.compile("(?<=[跟和同与])[镇乡][里上](?=一[起块道]|共同|联合|合伙|都)")


def in_our_words(folded: str, ours: str) -> str:
    """Write 我们 where the asker's department is called 部里, 局里 or 镇上.

    Only where something is said of it: 镇上的老人 are no department. With whom others
    share a task, 跟镇里一起, is 镇街.
    """
    for endings, within in _WITHIN:
        if ours.endswith(endings):
            folded = re.sub(f"{_BEFORE}{within}{_AFTER}", "我们", folded)
    return folded if ours.endswith(_TOWN) else _WITH_TOWNS.sub("镇街", folded)
