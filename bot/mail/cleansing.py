"""What is taken out of a message before it is kept."""

from msgspec.structs import replace

from bot.codes import masked
from bot.mail.rows import storable
from bot.messages import Incoming


def without_codes(incoming: Incoming) -> Incoming:
    """Take out what binds an account: nobody should find it in the books."""
    return replace(incoming, text=masked(incoming.text), quote=masked(incoming.quote))


def storable_incoming(incoming: Incoming) -> Incoming:
    """Replace what no database takes."""
    return replace(
        incoming,
        channel=storable(incoming.channel),
        address=storable(incoming.address),
        text=storable(incoming.text),
        quote=storable(incoming.quote),
        title=storable(incoming.title),
        chat=storable(incoming.chat),
        product_id=storable(incoming.product_id),
        album=storable(incoming.album),
        attachments=tuple(
            replace(one, name=storable(one.name), at=storable(one.at))
            for one in incoming.attachments
        ),
    )
