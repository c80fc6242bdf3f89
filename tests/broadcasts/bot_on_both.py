"""`bot run` on Telegram and on WeCom: a process that is killed and begun anew."""

import asyncio
import os
import sys
from contextlib import suppress
from pathlib import Path

from bot_process import free_port
from fake_api import TOKEN
from platform_corp import AGENT, CALLBACK_KEY, CALLBACK_TOKEN, CORP_ID, SECRET
from wild_products import WildProducts

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
_FORM = """
[office]
name = "澄川县人民政府办公室"
timezone = "Asia/Shanghai"
channels = ["telegram", "wecom_app"]
[database]
url = "{url}"
[files]
departments = "{root}/data/departments.toml"
thesaurus = "{root}/config/thesaurus.toml"
evidence = "{folder}/evidence"
[telegram]
base_url = "{telegram}"
[wecom]
corp_id = "{corp}"
agent_id = {agent}
api_url = "{wecom}"
app_callback = "http://bot/wecom/app"
"""
_SECRETS = {
    "BOT_TELEGRAM_TOKEN": TOKEN,
    "BOT_WECOM_APP_SECRET": SECRET,
    "BOT_WECOM_TOKEN": CALLBACK_TOKEN,
    "BOT_WECOM_AES_KEY": CALLBACK_KEY,
}


class BotOnBoth:
    """The process, which may be killed and started again."""

    def __init__(self, folder: Path, *, url: str, products: WildProducts) -> None:
        self._log = folder / "log.jsonl"
        self._form = folder / "bot.toml"
        words = _FORM.format(
            url=url,
            root=ROOT,
            folder=folder,
            corp=CORP_ID,
            agent=AGENT,
            telegram=products.telegram.base_url.removesuffix("/bot"),
            wecom=products.qyapi.base_url,
        )
        self._form.write_text(words, encoding="utf-8")
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it; it says on its own when it hears."""
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, str(HERE / "hasty_bot.py"), "run"),
                *("--config", str(self._form), "--listen", f"127.0.0.1:{free_port()}"),
                cwd=ROOT,
                env={**os.environ, **_SECRETS, "PYTHONPATH": str(ROOT)},
                stdout=log,
                stderr=log,
            )

    async def kill(self) -> None:
        """End it as a power failure would; safe to call twice."""
        if self._process:
            with suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()
