"""The crypto of callbacks: public examples in and out, and everything that is odd."""

import base64
import hashlib
import json
import os
import struct
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from platform_corp import CALLBACK_KEY, CALLBACK_TOKEN, CORP_ID
from platform_envelope import Envelope
from platform_vectors import V1, V2, Signed, Vector

from bot.channels.wecom.crypto import WINDOW, NotGenuine, Seal, check_keys
from bot.errors import SettingsError

ROOT = Path(__file__).parents[3]
NEWER = ROOT / ".venv" / "wechatpy-2.0.0a26"
NOW = datetime(2026, 6, 16, 1, 0, tzinfo=UTC)
THEIRS = Envelope(token=CALLBACK_TOKEN, key=CALLBACK_KEY, receiver=CORP_ID)


@pytest.fixture
def seal() -> Seal:
    return Seal(token=CALLBACK_TOKEN, aes_key=CALLBACK_KEY, receiver=CORP_ID)


def seal_of(vector: Vector) -> Seal:
    one = vector.envelope
    return Seal(token=one.token, aes_key=one.key, receiver=one.receiver)


def opened(seal: Seal, signed: Signed) -> str:
    now = datetime.fromtimestamp(int(signed.timestamp), UTC)
    return seal.open(
        signed.encrypted,
        signature=signed.signature,
        timestamp=signed.timestamp,
        nonce=signed.nonce,
        now=now,
    )


def open_signed(seal: Seal, encrypt: str, *, at: datetime = NOW, **more: str) -> str:
    """Open something that is rightly signed, whatever is in it."""
    timestamp = str(int(at.timestamp()))
    sign = THEIRS.sign(timestamp=timestamp, nonce="n1", encrypted=encrypt)
    given = {"signature": sign, "timestamp": timestamp, "nonce": "n1"} | more
    return seal.open(encrypt, now=NOW, **given)


@pytest.mark.parametrize("vector", [V1, V2], ids=["V1", "V2"])
def test_the_public_examples_open(vector: Vector) -> None:
    seal = seal_of(vector)

    assert opened(seal, vector.get) == vector.echo
    assert vector.says["Content"] in opened(seal, vector.post)


@pytest.mark.parametrize("vector", [V1, V2], ids=["V1", "V2"])
def test_what_we_seal_with_the_public_keys_is_opened_by_another_hand(
    vector: Vector,
) -> None:
    sealed = seal_of(vector).seal("好的<]]>", nonce="n1", timestamp="1476422779")

    assert vector.envelope.open(sealed.encrypt) == "好的<]]>"
    assert sealed.signature == vector.envelope.sign(
        timestamp="1476422779", nonce="n1", encrypted=sealed.encrypt
    )


def test_a_robot_has_the_empty_receiver() -> None:
    seal = Seal(token=CALLBACK_TOKEN, aes_key=CALLBACK_KEY, receiver="")
    theirs = Envelope(token=CALLBACK_TOKEN, key=CALLBACK_KEY, receiver="")

    assert open_signed(seal, theirs.seal('{"msgid":"1"}')) == '{"msgid":"1"}'
    assert theirs.open(seal.seal("{}", nonce="n", timestamp="1").encrypt) == "{}"


def _raw(content: bytes) -> str:
    return THEIRS.seal_raw(content)


def _unpadded(fill: bytes) -> str:
    """Encrypt a block that ends in *fill* and has no right padding."""
    whole = THEIRS.seal_raw(b"x" * (64 - len(fill)) + fill)
    return base64.b64encode(base64.b64decode(whole)[:64]).decode()


OTHER = Envelope(token=CALLBACK_TOKEN, key="Z" * 42 + "E", receiver=CORP_ID)
ELSE = Envelope(token=CALLBACK_TOKEN, key=CALLBACK_KEY, receiver="wwsomebodyelse")
ODD = {
    "empty": "",
    "no base64": "这不是密文",
    "half a base64": THEIRS.seal("hello")[:-3],
    "a short block": base64.b64encode(b"0123456789").decode(),
    "one byte": base64.b64encode(b"0").decode(),
    "another key": OTHER.seal("hello"),
    "another receiver": ELSE.seal("hello"),
    "no receiver": _raw(os.urandom(16) + struct.pack(">I", 5) + b"hello"),
    "a longer receiver": _raw(
        os.urandom(16) + struct.pack(">I", 5) + b"hello" + CORP_ID.encode() + b"x"
    ),
    "a length that lies": _raw(
        os.urandom(16) + struct.pack(">I", 2**31) + b"hello" + CORP_ID.encode()
    ),
    "no UTF-8": _raw(
        os.urandom(16) + struct.pack(">I", 2) + b"\xff\xfe" + CORP_ID.encode()
    ),
    "nothing inside": _raw(b""),
    "a padding of 0": _unpadded(b"\x00"),
    "a padding of 200": _unpadded(b"\xc8"),
    "an uneven padding": _unpadded(b"\x01\x02\x03"),
}


@pytest.mark.parametrize("encrypt", ODD.values(), ids=ODD.keys())
def test_what_is_signed_and_odd_is_refused_in_one_way(seal: Seal, encrypt: str) -> None:
    with pytest.raises(NotGenuine):
        open_signed(seal, encrypt)


def test_a_robots_seal_does_not_believe_a_length_that_lies() -> None:
    seal = Seal(token=CALLBACK_TOKEN, aes_key=CALLBACK_KEY, receiver="")

    with pytest.raises(NotGenuine, match="length"):
        open_signed(seal, _raw(os.urandom(16) + struct.pack(">I", 99) + b"{}"))


@pytest.mark.parametrize("signature", ["", "0" * 40, "签名", "\udcff", "a" * 100_000])
def test_a_wrong_signature_is_refused_before_anything_is_opened(
    seal: Seal, signature: str
) -> None:
    with pytest.raises(NotGenuine, match="signature"):
        open_signed(seal, THEIRS.seal("hello"), signature=signature)


@pytest.mark.parametrize("late", [WINDOW, -WINDOW])
def test_what_is_older_or_newer_than_the_window_is_a_replay(
    seal: Seal, late: timedelta
) -> None:
    encrypt = THEIRS.seal("hello")
    second = timedelta(seconds=1) if late > timedelta(0) else timedelta(seconds=-1)

    assert open_signed(seal, encrypt, at=NOW + late) == "hello"
    with pytest.raises(NotGenuine, match="timestamp"):
        open_signed(seal, encrypt, at=NOW + late + second)


@pytest.mark.parametrize("timestamp", ["", "-1", "1e9", "１４７６", "9" * 13, "0x5"])
def test_a_timestamp_that_is_none_is_refused(seal: Seal, timestamp: str) -> None:
    encrypt = THEIRS.seal("hello")
    sign = THEIRS.sign(timestamp=timestamp, nonce="n1", encrypted=encrypt)

    with pytest.raises(NotGenuine, match="timestamp"):
        seal.open(encrypt, signature=sign, timestamp=timestamp, nonce="n1", now=NOW)


@pytest.mark.parametrize("vector", [V1, V2], ids=["V1", "V2"])
def test_the_keys_of_the_documentation_are_refused(vector: Vector) -> None:
    one = vector.envelope
    for token, key in (
        (one.token, one.key),
        (one.token, CALLBACK_KEY),
        (CALLBACK_TOKEN, one.key),
    ):
        with pytest.raises(SettingsError) as caught:
            check_keys(token=token, aes_key=key)
        assert "公开文档里的示例" in caught.value.reply
        assert key not in str(caught.value) + caught.value.reply


@pytest.mark.parametrize(
    ("token", "key"),
    [
        ("", CALLBACK_KEY),
        (CALLBACK_TOKEN, ""),
        ("a b", CALLBACK_KEY),
        ("a" * 33, CALLBACK_KEY),
        (CALLBACK_TOKEN, CALLBACK_KEY + "="),
    ],
)
def test_keys_without_their_form_are_refused(token: str, key: str) -> None:
    with pytest.raises(SettingsError):
        check_keys(token=token, aes_key=key)


def test_the_keys_do_not_show(seal: Seal) -> None:
    assert CALLBACK_KEY not in repr(seal)
    assert CALLBACK_TOKEN not in repr(seal)


_JUDGE = """
import importlib, json, sys
from datetime import UTC, datetime
from bot.channels.wecom.crypto import Seal
for one in json.load(sys.stdin):
    seal = Seal(**one["keys"])
    for signed in one["signed"]:
        now = datetime.fromtimestamp(int(signed["timestamp"]), UTC)
        print(json.dumps(seal.open(now=now, **signed)))
    back = seal.seal("往返", nonce="n", timestamp="1476422779")
    now = datetime.fromtimestamp(1476422779, UTC)
    print(json.dumps(seal.open(back.encrypt, signature=back.signature,
                               timestamp=back.timestamp, nonce=back.nonce, now=now)))
print(json.dumps([m for m in ("wechatpy.work", "wechatpy.enterprise")
                  if m in sys.modules]))
"""


def judged(path: str) -> list[str]:
    """Open both examples in a process of its own, with the wechatpy of *path*."""
    cases = [
        {
            "keys": {
                "token": one.envelope.token,
                "aes_key": one.envelope.key,
                "receiver": one.envelope.receiver,
            },
            "signed": [
                {
                    "encrypt": signed.encrypted,
                    "signature": signed.signature,
                    "timestamp": signed.timestamp,
                    "nonce": signed.nonce,
                }
                for signed in (one.get, one.post)
            ],
        }
        for one in (V1, V2)
    ]
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", _JUDGE],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [path, "."]))},
        cwd=ROOT,
    )
    assert run.returncode == 0, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]


@pytest.fixture(scope="session")
def newer() -> str:
    """Give a folder with the other wechatpy, which is fetched once."""
    if not (NEWER / "wechatpy" / "work").is_dir():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
        fetch = [*pip, "--target", str(NEWER), "wechatpy==2.0.0a26"]
        run = subprocess.run(fetch, capture_output=True, text=True, timeout=120)
        if run.returncode:
            pytest.skip(f"wechatpy 2.0.0a26 is not to be had: {run.stderr[-200:]}")
    return str(NEWER)


@pytest.mark.parametrize("which", ["wechatpy.enterprise", "wechatpy.work"])
def test_both_wechatpys_open_and_seal_alike(
    which: str, request: pytest.FixtureRequest
) -> None:
    path = request.getfixturevalue("newer") if which == "wechatpy.work" else ""

    *told, modules = judged(path)

    assert modules == [which]
    assert (told[0], told[3]) == (V1.echo, V2.echo)
    assert "hello" in told[1]
    assert "你好" in told[4]
    assert told[2] == told[5] == "往返"


def test_the_examples_are_those_of_the_documentation() -> None:
    digest = hashlib.sha256(V1.post.encrypted.encode()).hexdigest()

    assert digest.startswith("180633cc68fdd0b9ff35f9cfcfeb7392")
