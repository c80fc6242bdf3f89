"""What may differ between two offices: read once, complete or not at all."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.errors import SettingsError
from bot.settings import keys, retention, wecom
from bot.settings.keys import (
    DATABASE_VARIABLE,
    KNOWN_CHANNELS,
    MISSING,
    PROXY,
    PROXY_VARIABLE,
    SECRET,
    SECRET_VARIABLE,
    TOKEN,
    TOKEN_VARIABLE,
    Key,
    nearest,
)
from bot.settings.retention import Retention
from bot.settings.wecom import WecomAppSettings, WecomBotSettings, WecomSettings

__all__ = [
    "DATABASE_VARIABLE",
    "KNOWN_CHANNELS",
    "Retention",
    "Settings",
    "TelegramSettings",
    "WecomAppSettings",
    "WecomBotSettings",
    "WecomSettings",
]

KEYS = {**keys.KEYS, **wecom.KEYS, **retention.KEYS}
OUTSIDE = {**keys.OUTSIDE, **wecom.OUTSIDE}
VARIABLES = (*keys.VARIABLES, *wecom.SECRETS)

_PREFIX = "BOT_"
_CHECKOUT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramSettings:
    """One Telegram bot, and the way to Telegram.

    With a `webhook`, an https address, Telegram posts to it; "" stands for polling.
    """

    token: str = field(repr=False)
    base_url: str
    base_file_url: str
    proxy: str = field(repr=False)
    webhook: str
    webhook_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that may differ between two offices."""

    office: str
    timezone: ZoneInfo
    channels: tuple[str, ...]
    database_url: str = field(repr=False)
    departments: Path
    thesaurus: Path
    nudges: Path
    evidence: Path
    listen: str
    retention: Retention = field(default_factory=Retention)
    telegram: TelegramSettings | None = None  # None if it is not one of the channels
    wecom: WecomSettings | None = None  # None if none of its parts is

    @classmethod
    def load(
        cls,
        file: Path,
        env: Mapping[str, str],
        *,
        database: str | None = None,
        listen: str | None = None,
        speaks: bool = True,
    ) -> Self:
        """Read *file*; *env* and then *database* may name another database.

        *env* alone holds secrets; a variable that is empty counts as none.

        *listen* goes before the address of the file, "host:port". Who *speaks* to no
        product needs no secret of one: what lacks its secret is left out.

        Relative paths in the file start at the folder above `config/`, or at the
        file's own where it does not lie in a folder of that name. A path that the
        file leaves out and that does not exist there is taken from the checkout.
        Relative paths in *env* and *database* start at the working folder.

        Raises SettingsError, which names every key that is missing, unknown or wrong.
        """
        form = _Form(_read(file), root=_root_of(file))
        form.refuse_unknown()
        form.refuse_unknown_variables(env)
        values = {name: form.take(name, key) for name, key in KEYS.items()}
        url = form.take_override("--database", database)
        url = url or form.take_override(DATABASE_VARIABLE, env.get(DATABASE_VARIABLE))
        door = form.take_override("--listen", listen, instead_of="web.listen")
        telegram = form.take_telegram(values, env)
        wecom_ = form.take_wecom(values, env)
        if speaks:
            form.faults |= form.missing
        if form.faults:
            raise form.refusal(file)
        return cls(
            office=values["office.name"],
            timezone=values["office.timezone"],
            channels=values["office.channels"],
            database_url=url or form.anchored_url(values["database.url"]),
            departments=form.anchored("files.departments", values["files.departments"]),
            thesaurus=form.anchored("files.thesaurus", values["files.thesaurus"]),
            nudges=form.anchored("files.nudges", values["files.nudges"]),
            evidence=form.anchored("files.evidence", values["files.evidence"]),
            listen=door or values["web.listen"],
            retention=Retention.of(values),
            telegram=telegram,
            wecom=wecom_,
        )


class _Form:
    """The file as it was filled in, and what is wrong with it."""

    def __init__(self, sections: dict[str, Any], *, root: Path) -> None:
        self.faults: dict[str, str] = {}
        self.missing: dict[str, str] = {}  # secrets, without which no product is
        self._root = root
        self._sections = sections
        self._values = dict(_flattened(sections))

    def refuse_unknown(self) -> None:
        """Note all sections and keys that nobody knows, with the nearest one."""
        known = {name.partition(".")[0] for name in KEYS}
        for name, value in self._sections.items():
            if name not in known and isinstance(value, dict):
                near = nearest(name, known, shape="[{}]")
                self.faults[f"[{name}]"] = f"没有这一节{near}"
            elif not isinstance(value, dict):
                near = nearest(name, KEYS)
                self.faults[name] = f"不在任何一节里{near}"
        for name in self._values.keys() - KEYS.keys():
            if name in OUTSIDE:
                self.faults[name] = f"不写在文件里，请放进环境变量 {OUTSIDE[name]}"
            elif name.partition(".")[0] in known:
                self.faults[name] = f"没有这一项{nearest(name, KEYS)}"

    def refuse_unknown_variables(self, env: Mapping[str, str]) -> None:
        """Note all variables that look like ours and are not."""
        for name in env:
            if name.startswith(_PREFIX) and name not in VARIABLES:
                near = nearest(name, list(VARIABLES))
                self.faults[name] = f"没有这个环境变量{near}"

    def take(self, name: str, key: Key) -> Any:
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
        return self._checked(name, value, KEYS[instead_of]) or "" if value else ""

    def take_telegram(
        self, values: Mapping[str, Any], env: Mapping[str, str]
    ) -> TelegramSettings | None:
        """Return how to speak to Telegram; None if the office does not."""
        token = self._checked(TOKEN_VARIABLE, env.get(TOKEN_VARIABLE, ""), TOKEN)
        secret = self._checked(SECRET_VARIABLE, env.get(SECRET_VARIABLE, ""), SECRET)
        proxy = self._checked(PROXY_VARIABLE, env.get(PROXY_VARIABLE, ""), PROXY)
        if "telegram" not in (values["office.channels"] or ()):
            return None
        for name, value, is_needed in (
            (TOKEN_VARIABLE, token, True),
            (SECRET_VARIABLE, secret, bool(values["telegram.webhook"])),
        ):
            if is_needed and not value and name not in self.faults:
                self.missing[name] = MISSING[name]
        if self.missing:
            return None
        return TelegramSettings(
            token=token,
            base_url=values["telegram.base_url"],
            base_file_url=values["telegram.base_file_url"],
            proxy=proxy or values["telegram.proxy"],
            webhook=values["telegram.webhook"],
            webhook_secret=secret,
        )

    def take_wecom(
        self, values: Mapping[str, Any], env: Mapping[str, str]
    ) -> WecomSettings | None:
        """Return how to speak to WeCom; None if the office does not."""
        secrets = {
            name: self._checked(name, env.get(name, ""), key)
            for name, key in wecom.SECRETS.items()
        }
        channels = values["office.channels"] or ()
        known = {**values, **secrets}
        needed = wecom.needed_by(channels, bot_callback=values["wecom.bot_callback"])
        for name, where in needed.items():
            if not known[name] and name not in self.faults:
                faults = self.missing if name in secrets else self.faults
                faults[name] = f"没有填写。请填{where}"
        if "wecom_appchat" in channels and "wecom_app" not in channels:
            self.faults["office.channels"] = "开 wecom_appchat 要同时开 wecom_app"
        self._refuse_shared_places(values)
        if self.faults or self.missing:
            return None
        return wecom.make(channels, values, secrets)

    def _refuse_shared_places(self, values: Mapping[str, Any]) -> None:
        """Note callbacks that would come to the same place of ours."""
        seen: dict[str, str] = {}
        for name in ("telegram.webhook", "wecom.app_callback", "wecom.bot_callback"):
            path = urlsplit(values[name] or "").path
            if path and path in seen:
                self.faults[name] = f"路径与 {seen[path]} 相同，请换一个"
            seen[path] = name

    def _checked(self, name: str, value: Any, key: Key) -> Any:
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
