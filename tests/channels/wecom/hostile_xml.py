"""What a hostile caller may put on the callback of an application: XML."""

from hostile_callbacks import SECRET_WORDS, Make, changed, message, posted, sealed
from platform_corp import AGENT

_BOMB = """<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>"""
_FILE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def _nested(levels: int) -> str:
    return "<xml>" + "<a>" * levels + "</a>" * levels + "</xml>"


XML_ATTACKS: dict[str, Make] = {
    "empty": lambda line: posted(line, lambda body: b""),
    "blank": lambda line: posted(line, lambda body: b" \n"),
    "null": lambda line: posted(line, lambda body: b"null"),
    "JSON": lambda line: posted(line, lambda body: b'{"encrypt": "AAAA"}'),
    "no UTF-8": lambda line: posted(line, lambda body: b"\xff\xfe" + body),
    "UTF-16": lambda line: posted(line, lambda body: body.decode().encode("utf-16")),
    "zeros": lambda line: posted(line, lambda body: bytes(1000)),
    "cut off": lambda line: posted(line, lambda body: body[: len(body) // 2]),
    "without its end": lambda line: posted(line, lambda body: body[:-1]),
    "without Encrypt": lambda line: posted(
        line, lambda body: body.replace(b"Encrypt>", b"Encrypted>")
    ),
    "with an empty Encrypt": lambda line: posted(
        line, lambda body: b"<xml><Encrypt></Encrypt></xml>"
    ),
    "with two": lambda line: posted(
        line, lambda body: b"<xml><Encrypt>A</Encrypt><Encrypt>B</Encrypt></xml>"
    ),
    "with fields in Encrypt": lambda line: posted(
        line, lambda body: b"<xml><Encrypt><a>1</a></Encrypt></xml>"
    ),
    "words and no fields": lambda line: posted(line, lambda body: b"<xml>x</xml>"),
    "with another root": lambda line: posted(
        line, lambda body: body.replace(b"xml>", b"html>")
    ),
    "an entity bomb": lambda line: posted(
        line, lambda body: f"{_BOMB}<xml><Encrypt>&d;</Encrypt></xml>".encode()
    ),
    "a file as an entity": lambda line: posted(
        line, lambda body: f"{_FILE}<xml><Encrypt>&a;</Encrypt></xml>".encode()
    ),
    "a DOCTYPE": lambda line: posted(line, lambda body: b"<!DOCTYPE xml>" + body),
    "a doctype in small letters": lambda line: posted(
        line, lambda body: b"<!doctype xml>" + body
    ),
    "nested deeply": lambda line: posted(line, lambda body: _nested(8000).encode()),
    "nested and open": lambda line: posted(
        line, lambda body: b"<xml>" + b"<a>" * 20000
    ),
    "many attributes": lambda line: posted(
        line,
        lambda body: (
            "<xml " + " ".join(f'a{n}="1"' for n in range(5000)) + "/>"
        ).encode(),
    ),
    "sealed: no XML": lambda line: sealed(line, SECRET_WORDS),
    "sealed: JSON": lambda line: sealed(line, '{"MsgType": "text"}'),
    "sealed: empty": lambda line: sealed(line, ""),
    "sealed: a bomb": lambda line: sealed(
        line, f"{_BOMB}<xml><Content>&d;</Content></xml>"
    ),
    "sealed: a file": lambda line: sealed(
        line, f"{_FILE}<xml><Content>&a;</Content></xml>"
    ),
    "sealed: a DOCTYPE": lambda line: sealed(
        line, "<!DOCTYPE xml>" + line.write(message(line))
    ),
    "sealed: nested deeply": lambda line: sealed(line, _nested(5000)),
    "sealed: cut off": lambda line: sealed(line, line.write(message(line))[:-9]),
    "sealed: for another corporation": lambda line: changed(line, ToUserName="wwOther"),
    "sealed: for another application": lambda line: changed(line, AgentID=AGENT + 1),
    "sealed: for no application": lambda line: changed(line, AgentID=None),
    "sealed: for no corporation": lambda line: changed(line, ToUserName=None),
    "sealed: from nobody": lambda line: changed(line, FromUserName=None),
    "sealed: from a list": lambda line: changed(line, FromUserName=["a", "b"]),
    "sealed: without an id": lambda line: changed(line, MsgId=None),
}
