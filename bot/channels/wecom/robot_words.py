"""What a text in a group says to the robot, without the robot's name; pure."""

import re

_AT = "[@＠]"
_END = r"(?=$|[\s,，:：、。？?！!；;@＠])"
_SOME_NAME = re.compile(rf"{_AT}[^\s@＠]+\s+")
_LAST_NAME = re.compile(rf"\s+{_AT}[^\s@＠]+$")
_POINTS = re.compile(r"^[\s,，:：、]+")
_SPACES = re.compile(r"[^\S\n]{2,}")


def words_for(text: str, *, bot_name: str, in_group: bool) -> str:
    """Take the calls of the robot out of a text; WeCom only writes them as words.

    A name may have spaces, and stand in front, at the end or between words. Where it
    is not known, or the robot was renamed, a group's text begins or ends with some
    name: WeCom hands over nothing that does not call the robot.
    """
    text = text.strip()
    name = _pattern(bot_name)
    if name:
        bare, count = re.subn(rf"{_AT}\s?{name}{_END}", " ", text, flags=re.IGNORECASE)
        if not count:  # written by hand, without a space behind it
            bare, count = re.subn(rf"^{_AT}\s?{name}", "", text, flags=re.IGNORECASE)
        if count:
            return _tidy(bare)
    return _tidy(_without_some_name(text)) if in_group else text


def _pattern(name: str) -> str:
    """Return what matches a name however its spaces are written."""
    return r"\s+".join(map(re.escape, name.split()))


def _without_some_name(text: str) -> str:
    bare, count = _SOME_NAME.subn("", f"{text} ", count=1)
    if count and text[0] in "@＠":
        return bare
    return _LAST_NAME.sub("", text)


def _tidy(text: str) -> str:
    return _SPACES.sub(" ", _POINTS.sub("", text)).strip()
