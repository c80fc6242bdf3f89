"""Writes the next revision: what `bot.model` has and the revisions have not."""

import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import Script
from sqlalchemy import create_engine

HERE = Path(__file__).parent


def write_revision(message: str, *, scripts: Path = HERE) -> Path:
    """Compare the models with all revisions, and write the difference as one more.

    Returns the new file, in *scripts*/versions, numbered after the last one.
    """
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    number = len(list((scripts / "versions").glob("0*.py"))) + 1
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        script = command.revision(
            config, message, autogenerate=True, rev_id=f"{number:04}"
        )
    engine.dispose()
    assert isinstance(script, Script)  # a list is for several branches
    return Path(script.path)


if __name__ == "__main__":
    print(write_revision(" ".join(sys.argv[1:])))
