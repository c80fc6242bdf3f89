"""The tables of an older revision, as an office of that time has them."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine


async def lay_tables_of(url: str, revision: str, words: str = "") -> None:
    """Lay the tables of *revision*, and run *words* of SQL on them if there are any."""

    def upgrade(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", "bot:migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(upgrade)
        if words:
            await connection.exec_driver_sql(words)
    await engine.dispose()
