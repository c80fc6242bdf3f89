"""Who asks for the document itself hears what can be had: its wording, not the file."""

import re

from bot.messages import Reply
from handlers.intent import Answer, Ask, Intent
from handlers.quote import cite

_PAPER = "(?:文件|方案|原文件|全文|正文|原件|电子版|(?:红头|正式)文件)"
_KIND = "(?:原文件?|原件|全文|正文|电子版|纸质版|扫描件|附件|word版?|pdf版?|文档)"
_THE = "(?:这个|这份|那个|那份|本|该|整个|完整的?)?"
_PLEASE = "(?:请问|你好|麻烦|请|你|您|能不能|能否|可不可以|可以|可否|能|帮我|帮忙)*"
_GIVE = "(?:发送?|传|给|转发?|分享|拷贝?|下载|打包|推送|要|看到|拿到|提供)"
_ME = "(?:给|发|到|我|你|一下|一份|过来|看看|群里|邮箱|吗|么|吧|呢|不|行|可以|能)*"
_WHERE = "(?:可以|能不能|能|可否|怎么|去?哪里?|在哪里?)"
_WANTED = re.compile(
    f"{_PLEASE}(?:把|将)?{_THE}{_PAPER}(?:的?{_KIND})?{_WHERE}*{_GIVE}{_ME}[?。]*"
    f"|{_PLEASE}{_WHERE}?(?:我)?(?:想要?|要)?{_GIVE}{_ME}{_THE}{_PAPER}"
    f"(?:的?{_KIND})?{_ME}[?。]*"
    f"|(?:有|有没有){_THE}{_PAPER}的?{_KIND}(?:吗|么)?[?。]*"
)


def _fits(ask: Ask) -> bool:
    return _WANTED.fullmatch(ask.question.folded) is not None


def _answer(ask: Ask) -> Answer:
    plan = ask.plan
    lines = [
        "我不发送文件，可以逐条给出原文。",
        f"在用的是{cite(plan)}，共 {len(plan.tasks)} 项任务。",
        f"回复“有哪些任务”看清单，回复条款如“{plan.tasks[0].clause}”看原文；"
        "文件全文请向办公室索取。",
    ]
    return Answer(Reply("\n".join(lines)), ask.talk)


WHOLE_PAPER = Intent(name="whole_paper", example="", fits=_fits, answer=_answer)
