"""Puts a backup in the place of a SQLite office, and keeps what was there."""

import os
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.errors import StoreError
from bot.keeping.backup import check_digest, sync
from bot.keeping.snapshot import (
    SIDES,
    Snapshot,
    connect,
    explained,
    look_into,
    read_only,
)

_BUSY = "数据库正被别的程序打开，请先停下 bot run、bot chat 等，再恢复。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A checked copy of a backup, beside the office and not yet in its place."""

    file: Path
    snapshot: Snapshot


def staging_place(office: Path) -> Path:
    """Return where a backup is prepared; a file there when none is, was left behind."""
    return office.with_name(f"{office.name}.restoring")


def stage(backup: Path, office: Path, *, revisions: Sequence[str]) -> Staged:
    """Check a backup and lay a checked copy of it beside the office.

    Changes neither. What an earlier restore that was killed left is cleared away.
    Raises StoreError if the backup is damaged, foreign or newer than we are.
    """
    snapshot = look_into(backup, revisions=revisions)
    check_digest(backup)
    staged = staging_place(office)
    with explained(office):
        office.absolute().parent.mkdir(parents=True, exist_ok=True)
    if office.exists() and backup.samefile(office):
        words = "这就是正在使用的数据库，不用恢复。"
        raise StoreError(f"{backup} is the office", reply=words)
    discard(staged)
    try:
        with explained(staged):
            staged.touch(mode=0o600)
        with (
            explained(staged),
            closing(read_only(backup)) as source,
            closing(connect(staged, mode="rwc")) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        if look_into(staged, revisions=revisions) != snapshot:
            words = "备份在恢复时又变了，没有恢复，请再试一次。"
            raise StoreError(f"{backup} changed", reply=words)
    except BaseException:
        discard(staged)
        raise
    return Staged(file=staged, snapshot=snapshot)


def discard(staged: Path) -> None:
    """Remove a staged copy, if it is there."""
    for side in ("", *SIDES):
        staged.with_name(staged.name + side).unlink(missing_ok=True)


def put_in_place(staged: Path, office: Path, *, at: datetime) -> Path | None:
    """Make a staged copy the office; the office that was there gets a dated name.

    Returns that name; None if there was no office. At no moment is either of them
    missing: whoever is killed in between finds the old office in its place and,
    under the dated name, a second time. Raises StoreError if another program has the
    office open, and then has changed nothing.
    """
    with explained(office):
        _close_log(staged)
        sync(staged)
        aside = None
        if office.exists():
            _give_owner(staged, like=office)
            _settle_log(office)
            aside = _free_name(office, at)
            _keep(office, aside)
        sync(office.absolute().parent)
        for side in SIDES:  # a log of the old office would be played into the new one
            office.with_name(office.name + side).unlink(missing_ok=True)
        staged.replace(office)
        sync(office.absolute().parent)
    return aside


def _give_owner(staged: Path, *, like: Path) -> None:
    """Let whoever could open the old office open the new one: root may restore."""
    shutil.copymode(like, staged)
    owner = like.stat()
    if (owner.st_uid, owner.st_gid) != (staged.stat().st_uid, staged.stat().st_gid):
        with suppress(PermissionError):  # only root may; `is_given_away` tells
            os.chown(staged, owner.st_uid, owner.st_gid)


def is_given_away(office: Path, *, aside: Path) -> bool:
    """Tell whether the new office belongs to whoever the old one belonged to."""
    return office.stat().st_uid == aside.stat().st_uid


def _close_log(file: Path) -> None:
    """Bring everything into the file itself; raises sqlite3.Error if it is in use."""
    with closing(connect(file, mode="rw")) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def _settle_log(office: Path) -> None:
    """Bring the log of the old office into its file, which nobody else may have open.

    An office so damaged that this fails is kept as it is, together with its log.
    """
    try:
        _close_log(office)
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorname", "") in {"SQLITE_BUSY", "SQLITE_LOCKED"}:
            raise StoreError(f"{office} is in use", reply=_BUSY) from error


def _free_name(office: Path, at: datetime) -> Path:
    """Return a dated name beside the office that nobody has yet."""
    name = f"{office.stem}.before-restore-{at:%Y%m%d-%H%M%S}"
    aside = office.with_name(name + office.suffix)
    number = 1
    while aside.exists():
        number += 1
        aside = office.with_name(f"{name}-{number}{office.suffix}")
    return aside


def _keep(office: Path, aside: Path) -> None:
    """Give the office and its logs a second name, without taking the first away."""
    for side in ("", *SIDES):
        old = office.with_name(office.name + side)
        new = aside.with_name(aside.name + side)
        if not old.exists():
            continue
        try:
            os.link(old, new)
        except OSError:  # a disk that knows no second names
            with suppress(OSError):
                new.unlink(missing_ok=True)
            shutil.copy2(old, new)
            sync(new)
