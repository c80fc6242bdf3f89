"""What may differ between two offices: read once, complete or not at all."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo, available_timezones

from bot.errors import SettingsError

KNOWN_CHANNELS = ("console",)
"""The names of `bot.channels.CHANNELS`, which a neighbour's room may not import."""

DATABASE_VARIABLE = "BOT_DATABASE_URL"
_PREFIX = "BOT_"
_SCHEMES = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}
_CHECKOUT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that may differ between two offices."""

    office: str
    timezone: ZoneInfo
    channels: tuple[str, ...]
    database_url: str = field(repr=False)
    departments: Path
    thesaurus: Path
    listen: str

    @classmethod
    def load(
        cls,
        file: Path,
        env: Mapping[str, str],
        *,
        database: str | None = None,
        listen: str | None = None,
    ) -> Self:
        """Read *file*; *env* and then *database* may name another database.

        *listen* goes before the address of the file, "host:port".

        Relative paths in the file start at the folder above `config/`, or at the
        file's own where it does not lie in a folder of that name. A path that the
        file leaves out and that does not exist there is taken from the checkout.
        Relative paths in *env* and *database* start at the working folder.

        Raises SettingsError, which names every key that is missing, unknown or wrong.
        """
        form = _Form(_read(file), root=_root_of(file))
        form.refuse_unknown()
        form.refuse_unknown_variables(env)
        values = {name: form.take(name, key) for name, key in _KEYS.items()}
        url = form.take_override("--database", database)
        url = url or form.take_override(DATABASE_VARIABLE, env.get(DATABASE_VARIABLE))
        door = form.take_override("--listen", listen, instead_of="web.listen")
        if form.faults:
            raise form.refusal(file)
        return cls(
            office=values["office.name"],
            timezone=values["office.timezone"],
            channels=values["office.channels"],
            database_url=url or form.anchored_url(values["database.url"]),
            departments=form.anchored("files.departments", values["files.departments"]),
            thesaurus=form.anchored("files.thesaurus", values["files.thesaurus"]),
            listen=door or values["web.listen"],
        )


class _Form:
    """The file as it was filled in, and what is wrong with it."""

    def __init__(self, sections: dict[str, Any], *, root: Path) -> None:
        self.faults: dict[str, str] = {}
        self._root = root
        self._sections = sections
        self._values = dict(_flattened(sections))

    def refuse_unknown(self) -> None:
        """Note all sections and keys that nobody knows, with the nearest one."""
        known = {name.partition(".")[0] for name in _KEYS}
        for name, value in self._sections.items():
            if name not in known and isinstance(value, dict):
                nearest = _nearest(name, known, shape="[{}]")
                self.faults[f"[{name}]"] = f"没有这一节{nearest}"
            elif not isinstance(value, dict):
                nearest = _nearest(name, _KEYS)
                self.faults[name] = f"不在任何一节里{nearest}"
        for name in self._values.keys() - _KEYS.keys():
            if name.partition(".")[0] in known:
                self.faults[name] = f"没有这一项{_nearest(name, _KEYS)}"

    def refuse_unknown_variables(self, env: Mapping[str, str]) -> None:
        """Note all variables that look like ours and are not."""
        for name in env:
            if name.startswith(_PREFIX) and name != DATABASE_VARIABLE:
                nearest = _nearest(name, [DATABASE_VARIABLE])
                self.faults[name] = f"没有这个环境变量{nearest}"

    def take(self, name: str, key: "_Key") -> Any:
        """Return the value of a key, or note why there is none."""
        value = self._values.get(name, key.default)
        if value is None:
            self.faults[name] = f"没有填写，例如 {key.example}"
            return None
        return self._checked(name, value, key)

    def take_override(
        self, name: str, value: str | None, *, instead_of: str = "database.url"
    ) -> str:
        """Return a value from outside the file, "" if none was given."""
        return self._checked(name, value, _KEYS[instead_of]) or "" if value else ""

    def _checked(self, name: str, value: Any, key: "_Key") -> Any:
        try:
            return key.read(value)
        except ValueError as error:
            was = "" if key.secret else f"，现在是 {value!r}"
            self.faults[name] = f"应为{key.meaning}，例如 {key.example}{was}{error}"
            return None

    def anchored(self, name: str, path: str) -> Path:
        """Return where a path of the file leads."""
        ours = self._root / path
        shipped = _CHECKOUT / path
        if name not in self._values and not ours.exists() and shipped.exists():
            return shipped
        return ours

    def anchored_url(self, url: str) -> str:
        """Return the URL with the path of a SQLite file made absolute."""
        scheme, _, path = url.partition(":///")
        if not scheme.startswith("sqlite") or path in {"", ":memory:"}:
            return url
        return f"{scheme}:///{self._root / path}"

    def refusal(self, file: Path) -> SettingsError:
        """Tell all faults at once: the keys to the log, the remedies to the person."""
        lines = [f"  {name}：{fault}" for name, fault in self.faults.items()]
        return SettingsError(
            f"{file}: wrong, missing or unknown: {', '.join(self.faults)}",
            reply="\n".join([f"配置有误，请修改 {file}：", *lines]),
        )


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        reply = f"配置文件 {file} 不是 UTF-8 编码，请另存为 UTF-8。"
        raise SettingsError(f"{file}: {error}", reply=reply) from error
    except OSError as error:
        reply = f"读不到配置文件 {file}，请检查路径，或用 --config 指明另一个。"
        raise SettingsError(f"{file}: {error}", reply=reply) from error
    except tomllib.TOMLDecodeError as error:
        reply = f"配置文件 {file} 的格式（TOML）不对：{error}"
        raise SettingsError(f"{file}: {error}", reply=reply) from error


def _root_of(file: Path) -> Path:
    folder = file.absolute().parent
    return folder.parent if folder.name == "config" else folder


def _flattened(sections: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for section, values in sections.items():
        if isinstance(values, dict):
            yield from ((f"{section}.{key}", value) for key, value in values.items())


def _nearest(
    name: str, known: Mapping[str, Any] | set[str] | list[str], *, shape: str = "{}"
) -> str:
    """Return a question that names the nearest known name, else all of them."""
    bare = name.rpartition(".")[2]
    same = [other for other in known if other.rpartition(".")[2] == bare]
    near = same or get_close_matches(name, known, n=1, cutoff=0.5)
    if near:
        return f"，您是不是想写 {shape.format(near[0])}？"
    return f"，可用的是 {'、'.join(shape.format(other) for other in sorted(known))}"


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError
    return value.strip()


def _zone(value: Any) -> ZoneInfo:
    name = _text(value)
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        near = get_close_matches(name, available_timezones(), n=1)
        hint = f"，您是不是想写 {near[0]}？" if near else ""
        raise ValueError(hint) from None


def _channels(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError
    names = tuple(_text(name) for name in value)
    for name in names:
        if name not in KNOWN_CHANNELS:
            raise ValueError(f"；没有渠道 {name}{_nearest(name, list(KNOWN_CHANNELS))}")
    if len(set(names)) < len(names):
        raise ValueError("；有重复")
    return names


def _database_url(value: Any) -> str:
    """Give back the URL with the driver that we use."""
    scheme, mark, rest = _text(value).partition("://")
    if not mark or scheme not in _SCHEMES:
        raise ValueError
    return f"{_SCHEMES[scheme]}://{rest}"


def _address(value: Any) -> str:
    """Give back "host:port"; an IPv6 host stands in brackets, port 0 is any free."""
    host, _, port = _text(value).rpartition(":")
    is_port = port.isascii() and port.isdigit() and int(port) < 65536
    is_host = bool(host) and (":" not in host or (host[0], host[-1]) == ("[", "]"))
    if not is_host or not is_port:
        raise ValueError
    return f"{host}:{int(port)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    """One key of the file; one without a default has to be filled in."""

    meaning: str
    example: str
    read: Callable[[Any], Any] = _text
    default: str | None = None
    secret: bool = False


_KEYS = {
    "office.name": _Key(meaning="单位名称", example='name = "某某县人民政府办公室"'),
    "office.timezone": _Key(
        meaning="时区名", example='timezone = "Asia/Shanghai"', read=_zone
    ),
    "office.channels": _Key(
        meaning="渠道名的列表", example='channels = ["console"]', read=_channels
    ),
    "database.url": _Key(
        meaning="数据库地址",
        example='url = "sqlite+aiosqlite:///data/run/bot.sqlite3" 或'
        ' "postgresql://用户:密码@主机/库名"',
        read=_database_url,
        default="sqlite+aiosqlite:///data/run/bot.sqlite3",
        secret=True,
    ),
    "files.departments": _Key(
        meaning="部门名录文件的路径",
        example='departments = "data/departments.toml"',
        default="data/departments.toml",
    ),
    "files.thesaurus": _Key(
        meaning="近义词文件的路径",
        example='thesaurus = "config/thesaurus.toml"',
        default="config/thesaurus.toml",
    ),
    "web.listen": _Key(
        meaning="“地址:端口”",
        example='listen = "127.0.0.1:8700"',
        read=_address,
        default="127.0.0.1:8700",
    ),
}
