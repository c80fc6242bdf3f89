"""A nudge is quoted without a word: ask what is to be noted."""

from bot.messages import Reply
from handlers.act import Act, Doing
from handlers.submit_words import BIND_FIRST, IN_PRIVATE
from handlers.which_report import codes_in


def _only_quotes(doing: Doing) -> bool:
    incoming = doing.incoming
    said = doing.words.strip() or incoming.attachments
    return not said and bool(codes_in(incoming.quote))


async def _ask(doing: Doing) -> Reply:
    if doing.person is None:
        return Reply(IN_PRIVATE if doing.in_group else BIND_FIRST)
    code = f"#R{codes_in(doing.incoming.quote)[0]}"
    return Reply(
        f"请说明要登记什么：已报送请回复“已报 {code}”，"
        f"约定日期请回复如“下周一交 {code}”，需要延期请回复“申请延期 {code}”。"
    )


ASK_WHAT = Act(name="ask_what", example="", in_groups=True, fits=_only_quotes, do=_ask)
