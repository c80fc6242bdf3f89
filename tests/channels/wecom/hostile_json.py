"""What a hostile caller may put on the callback of a robot: JSON."""

import json

from hostile_callbacks import SECRET_WORDS, Make, changed, message, posted, sealed

JSON_ATTACKS: dict[str, Make] = {
    "empty": lambda line: posted(line, lambda body: b""),
    "blank": lambda line: posted(line, lambda body: b" \n"),
    "null": lambda line: posted(line, lambda body: b"null"),
    "a list": lambda line: posted(line, lambda body: b"[" + body + b"]"),
    "a text": lambda line: posted(line, lambda body: b'"encrypt"'),
    "a number": lambda line: posted(line, lambda body: b"1e999"),
    "XML": lambda line: posted(line, lambda body: b"<xml><Encrypt>A</Encrypt></xml>"),
    "no UTF-8": lambda line: posted(line, lambda body: b'{"encrypt": "\xff\xfe"}'),
    "UTF-16": lambda line: posted(line, lambda body: body.decode().encode("utf-16")),
    "zeros": lambda line: posted(line, lambda body: bytes(1000)),
    "cut off": lambda line: posted(line, lambda body: body[: len(body) // 2]),
    "without its end": lambda line: posted(line, lambda body: body[:-1]),
    "with something behind": lambda line: posted(line, lambda body: body + b"{}"),
    "nested deeply": lambda line: posted(line, lambda body: b"[" * 60_000),
    "nested and closed": lambda line: posted(
        line, lambda body: b'{"a":' * 9000 + b"1" + b"}" * 9000
    ),
    "sealed: no JSON": lambda line: sealed(line, SECRET_WORDS),
    "sealed: empty": lambda line: sealed(line, ""),
    "sealed: null": lambda line: sealed(line, "null"),
    "sealed: a list": lambda line: sealed(line, json.dumps([message(line)])),
    "sealed: XML": lambda line: sealed(line, "<xml/>"),
    "sealed: cut off": lambda line: sealed(line, line.write(message(line))[:-1]),
    "sealed: nested deeply": lambda line: sealed(line, "[" * 40_000),
    "sealed: words in a number": lambda line: changed(line, text={"content": {}}),
    "sealed: text in a list": lambda line: changed(line, text=["在"]),
    "sealed: from a text": lambda line: changed(line, **{"from": "ZhangSan"}),
    "sealed: from a list": lambda line: changed(line, **{"from": {"userid": ["a"]}}),
    "sealed: a kind that is a number": lambda line: changed(line, msgtype=5),
    "sealed: a chat that is a list": lambda line: changed(line, chatid=["a"]),
    "sealed: an event that is a text": lambda line: changed(line, event="enter_chat"),
    "sealed: an item that is none": lambda line: changed(line, mixed={"msg_item": 1}),
    "sealed: a quote that is none": lambda line: changed(line, quote="催报"),
}

UNSIGNED: dict[str, Make] = {
    "without encrypt": lambda line: posted(
        line, lambda body: body.replace(b"encrypt", b"encrypted")
    ),
    "with an empty encrypt": lambda line: posted(line, lambda body: b'{"encrypt": ""}'),
    "with a number": lambda line: posted(line, lambda body: b'{"encrypt": 7}'),
    "with a list": lambda line: posted(line, lambda body: b'{"encrypt": ["A"]}'),
    "with null": lambda line: posted(line, lambda body: b'{"encrypt": null}'),
    "for another robot": lambda line: changed(line, aibotid="aibOther"),
}
