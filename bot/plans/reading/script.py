"""Traditional characters read as simplified ones, each in its place."""

from bot.chinese import fold_in_place


class _Simplified(dict[int, str]):
    """A translation table that fills itself: only 汉字 change, no punctuation."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        self[code] = fold_in_place(char) if "\u4e00" <= char <= "\u9fff" else char
        return self[code]


_TABLE = _Simplified()


def simplified(text: str) -> str:
    """Write *text* in simplified characters; every offset stays the same."""
    return text.translate(_TABLE)
