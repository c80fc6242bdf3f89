"""Usage, help and mistakes of usage in Chinese; click speaks English by itself."""

import re

import click
from click.exceptions import NoArgsIsHelpError

_EXTRA = re.compile(r"\s*\[((?:required|[^\[\]]*\bx\b)[^\[\]]*)\]$")
_LOW = re.compile(r"(-?[\d.]+)<=?x|x>=?(-?[\d.]+)")
_TOO_LONG = 10**9
_HIGH = re.compile(r"x<=?(-?\d{1,9})(?!\d)")  # a larger one nobody needs to know


class ChineseCommand(click.Command):
    """A command whose help page is in Chinese."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return --help with Chinese words."""
        option = super().get_help_option(ctx)
        if option:
            option.help = "显示这段说明。"
        return option

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the line that shows how the command is called."""
        pieces = " ".join(self.collect_usage_pieces(ctx)).replace("[OPTIONS]", "[选项]")
        formatter.write_usage(ctx.command_path, pieces, prefix="用法：")

    def format_options(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Write the options under a Chinese heading."""
        records = [param.get_help_record(ctx) for param in self.get_params(ctx)]
        known = [record for record in records if record]
        with formatter.section("选项"):
            formatter.write_dl([(names, _in_chinese(words)) for names, words in known])


def _in_chinese(words: str) -> str:
    """Say in Chinese what click adds to the words of an option: a range, required."""
    return _EXTRA.sub(_extra, words)


def _extra(found: re.Match[str]) -> str:
    told = [_told(part.strip()) for part in found[1].split(";")]
    return f"（{'，'.join(told)}）"


def _told(part: str) -> str:
    if part == "required":
        return "必填"
    low, high = _LOW.search(part), _HIGH.search(part)
    bounds = [f"最小 {low[1] or low[2]}"] if low else []
    bounds += [f"最大 {high[1]}"] if high else []
    return "，".join(bounds) or part


class ChineseGroup(ChineseCommand, click.Group):
    """The table of commands with its help page in Chinese."""

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the pieces of the usage line."""
        return ["命令", "[选项]", "[参数]"]

    def format_options(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Write the commands under a Chinese heading."""
        rows = [
            (name, self.commands[name].get_short_help_str(60)) for name in self.commands
        ]
        with formatter.section("命令"):
            formatter.write_dl(rows)


def told(error: click.ClickException) -> str:
    """Say in Chinese what is wrong with a call, and how to see the right one."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context else "bot"
    return f"{_fault(error, context)}看用法：{path} --help"


def _fault(error: click.ClickException, context: click.Context | None) -> str:
    if isinstance(error, click.NoSuchOption):
        return f"没有“{error.option_name}”这个选项。"
    if isinstance(error, NoArgsIsHelpError) and context:
        known = "、".join(getattr(context.command, "commands", ()))
        return f"请写明命令：{known}。"
    if isinstance(error, click.BadOptionUsage):
        return f"选项“{error.option_name}”后面缺少内容。"
    if isinstance(error, click.MissingParameter):
        return f"缺少“{_name(error)}”。"
    if isinstance(error, click.BadParameter):
        return f"“{_name(error)}”的值不对，{_valid(error)}。"
    if context and isinstance(context.command, click.Group):
        return f"没有这个命令；现有命令：{'、'.join(context.command.commands)}。"
    return "用法不对：可能多写了参数，带空格的内容请加引号。"


def _valid(error: click.BadParameter) -> str:
    """Say what the parameter takes."""
    kind = error.param.type if error.param else None
    if isinstance(kind, click.DateTime):
        return "应写成 2026-12-30 这样的日期"
    if isinstance(kind, click.IntRange):
        least = f"{kind.min} " if kind.min is not None else ""
        if kind.max is None or kind.max >= _TOO_LONG:
            return f"应是 {least}以上的整数，且不能太大"
        return f"应是 {least}到 {kind.max} 的整数"
    if isinstance(kind, click.types.IntParamType):
        return "应是整数"
    if isinstance(kind, click.Choice):
        return f"可以是：{'、'.join(map(str, kind.choices))}"
    return "或文件不可用"


def _name(error: click.BadParameter) -> str:
    """Return how the person writes the parameter that is wrong."""
    if isinstance(error.param, click.Option):
        return error.param.opts[0]
    return error.param.human_readable_name if error.param else "参数"
