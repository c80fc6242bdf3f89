"""The command line: the table of commands."""

import click

from bot.commands import asking, importing, upkeep

COMMANDS = (
    asking.chat,
    asking.ask,
    importing.import_files,
    importing.sign_draft,
    importing.list_plans,
    importing.export,
    importing.withdraw_plan,
    upkeep.departments,
    upkeep.check,
    upkeep.migrate_schema,
)


@click.group(help="实施方案任务助手：导入方案、签认发布、答复各单位提问。")
def main() -> None:
    """Run the command line."""


for command in COMMANDS:
    main.add_command(command)

if __name__ == "__main__":
    main()
