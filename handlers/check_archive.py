"""An archive held against its manifest, and its part of the audit against the chain."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.audit.chain import digest_of
from bot.errors import StoreError
from bot.keeping.package import MANIFEST, Package, open_package
from bot.model import AuditEntry
from handlers.archive import AUDIT, KIND, MADE, VERSION

_MOST = 20  # faults that are told
_UNREADABLE = (msgspec.MsgspecError, ValueError, OverflowError, RecursionError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What came of it: `faults` in Chinese, none if all is whole."""

    year: int
    files: int
    entries: int
    head: str
    faults: tuple[str, ...]


class _Part(msgspec.Struct, kw_only=True):
    """Which part of the chain it is; no ends where the year has no entries."""

    first: int | None
    last: int | None
    before: str
    head: str


class _About(msgspec.Struct, kw_only=True):
    """What the manifest says of an archive."""

    year: int
    counts: dict[str, int]
    audit: _Part


class _Line(msgspec.Struct, kw_only=True):
    """An entry of the audit as a line of the archive tells it."""

    id: int
    at: datetime
    actor: str
    event: str
    about: str
    channel: str
    department: str
    detail: dict[str, Any]
    link: int
    digest: str

    def entry(self) -> AuditEntry:
        names = ("id", "at", "actor", "event", "about", "channel", "department")
        values = {name: getattr(self, name) for name in names}
        return AuditEntry(**values, detail=self.detail)


def check_archive(file: Path) -> Checked:
    """Compute every checksum of an archive anew; raises StoreError if it is none."""
    with open_package(file) as package:
        about = _about(package.manifest.about, file)
        faults = list(package.faults())
        told = {one.path for one in package.manifest.files}
        if AUDIT not in told:
            faults.append(f"{AUDIT}：缺失")
        elif not any(fault.startswith(AUDIT) for fault in faults):
            faults += _chain_faults(package, about.audit)
        return Checked(
            year=about.year,
            files=len(told),
            entries=about.counts.get("audit", 0),
            head=about.audit.head,
            faults=tuple(faults[:_MOST]),
        )


def _about(said: Mapping[str, Any], file: Path) -> _About:
    """Read what the manifest says of the archive; raises StoreError."""
    if said.get("kind") != KIND:
        words = f"{file} 不是本程序的档案包。"
        raise StoreError(f"{file}: {said.get('kind')!r}", reply=words)
    if (version := said.get("version")) != VERSION:
        words = f"{file} 是第 {version} 版格式，本程序只认第 {VERSION} 版。"
        raise StoreError(f"{file}: another version", reply=words)
    try:
        return msgspec.convert(said, _About)
    except msgspec.ValidationError as error:
        words = f"{file} 的清单（{MANIFEST}）填得不对，被改动过或不完整。"
        raise StoreError(f"{file}: {error}", reply=words) from error


def _chain_faults(package: Package, part: _Part) -> Iterator[str]:
    """Compute the chain anew, from the digest before its first entry."""
    decode = msgspec.json.Decoder(_Line).decode
    digest, link = part.before, (part.first or 0) - 1
    known = False
    for line in package.lines(AUDIT):
        try:
            one = decode(line)
            is_sound = one.digest == digest_of(digest, one.entry(), link=one.link)
        except _UNREADABLE:
            yield f"{AUDIT}：第 {link + 1} 条读不出来"
            return
        if one.link != link + 1 or not is_sound:
            yield f"{AUDIT}：第 {link + 1} 条与日志链不符，被改动、删除或插入"
            return
        digest, link, known = one.digest, one.link, True
    if known and (digest, link) != (part.head, part.last):
        yield f"{AUDIT}：末尾的记录不全"
    elif not known and part.head:
        yield f"{AUDIT}：记录被清空"


async def is_known(session: AsyncSession, year: int, digest: str) -> bool | None:
    """Tell whether the audit here knows a package of a year by its SHA-256.

    None if it knows none of that year.
    """
    query = select(AuditEntry.detail).where(
        AuditEntry.event == MADE, AuditEntry.about == f"archive:{year}"
    )
    known = [detail.get("sha256") for detail in await session.scalars(query)]
    return digest in known if known else None
