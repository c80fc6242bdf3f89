"""The requests of each product, written without speaking to it: no secret needed."""

from bot.channels import CHANNELS
from bot.messages import Reply


def write_for(lane: str, address: str, reply: Reply) -> tuple[str, ...]:
    """Put *reply* into the requests of a lane, in their order.

    Raises KeyError for one that nobody is told anything by, and SettingsError, with the
    remedy, where what a product needs is not installed.
    """
    CHANNELS[lane]()
    if lane == "telegram":
        from bot.channels.telegram.write import write_reply as for_telegram

        return for_telegram(reply)
    if lane == "wecom_app":
        from bot.channels.wecom.write_app import write_reply as for_app

        return for_app(reply)
    if lane == "wecom_bot":
        from bot.channels.wecom.write_robot import write_reply as for_robot

        return for_robot(reply)
    if lane == "wecom_hook":
        from bot.channels.wecom.hook import write_hook

        return write_hook(reply)
    if lane == "wecom_appchat":
        from bot.channels.wecom.appchat import FOOT
        from bot.channels.wecom.pushing import write_pushes

        return write_pushes(reply, foot=FOOT)
    raise KeyError(lane)
