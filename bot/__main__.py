"""The command line: the table of commands."""

import logging
import sys

import click

from bot.commands import (
    archive,
    asking,
    audit,
    broadcast,
    departments,
    duties,
    feedback,
    groups,
    importing,
    keeping,
    mail,
    people,
    progress,
    rehearse,
    replies,
    running,
    staff,
    upkeep,
)
from bot.commands.help_text import ChineseGroup, told

COMMANDS = (
    asking.chat,
    asking.ask,
    running.run_all,
    running.run_web,
    running.run_worker,
    importing.import_files,
    importing.sign_draft,
    importing.list_plans,
    importing.export,
    importing.withdraw_plan,
    departments.departments,
    duties.list_duties,
    progress.show_progress,
    people.invite_person,
    staff.list_people,
    groups.list_groups,
    broadcast.broadcast,
    upkeep.check,
    upkeep.migrate_schema,
    mail.mail,
    replies.replies,
    feedback.feedback_queue,
    rehearse.rehearse_nudges,
    keeping.backup,
    keeping.restore_backup,
    keeping.copy_database,
    archive.archive,
    audit.audit_log,
)


@click.group(
    cls=ChineseGroup, help="实施方案任务助手：导入方案、签认发布、答复各单位提问。"
)
def cli() -> None:
    """Hold the commands together; click calls it before each of them."""


for command in COMMANDS:
    cli.add_command(command)


def main() -> None:
    """Run the command line; mistakes of usage are told in Chinese, exit status 2."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        sys.exit(cli.main(standalone_mode=False))
    except click.exceptions.Abort:
        print("已中断。", file=sys.stderr)
        sys.exit(130)
    except click.ClickException as error:
        print(told(error), file=sys.stderr)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
