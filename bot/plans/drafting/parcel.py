"""A whole draft packed into short texts with a checksum, to travel in a workbook."""

import base64
import binascii
import hashlib
import json
import zlib
from collections.abc import Sequence

import msgspec

from bot.errors import DocumentError
from bot.facts import PlanDraft

STORE = "_plan_draft"  # the sheet that holds it
MARK = "plan-draft 1"  # changes with what `PlanDraft` can hold
_PIECE = 30_000  # characters a cell
_MAX_JSON = 50_000_000
_BROKEN = "工作簿里的隐藏数据缺失或被改动，无法核对原文。请重新导出后再修改。"


def packed(draft: PlanDraft) -> list[str]:
    """Pack *draft*: the mark, the checksum, then pieces that fit into a cell each."""
    plain = json.dumps(msgspec.to_builtins(draft)).encode()
    text = base64.b64encode(zlib.compress(plain)).decode()
    pieces = [text[at : at + _PIECE] for at in range(0, len(text), _PIECE)]
    return [MARK, hashlib.sha256(plain).hexdigest(), *pieces]


def unpacked(texts: Sequence[str]) -> PlanDraft:
    """Unpack what `packed` gave; raises DocumentError if a character is different."""
    try:
        mark, checksum, *pieces = texts
        box = zlib.decompressobj()
        plain = box.decompress(
            base64.b64decode("".join(pieces), validate=True), _MAX_JSON
        )
        if mark != MARK or hashlib.sha256(plain).hexdigest() != checksum:
            raise DocumentError("hidden draft has another checksum", reply=_BROKEN)
        return msgspec.convert(json.loads(plain), PlanDraft)
    except (ValueError, binascii.Error, zlib.error, msgspec.ValidationError) as error:
        raise DocumentError(f"hidden draft: {error!r}", reply=_BROKEN) from error
