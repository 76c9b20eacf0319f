"""How every command prints its `--help`."""

from __future__ import annotations

from typing import Any

from typer.core import TyperArgument, TyperCommand


class Command(TyperCommand):
    """A command whose help lists arguments by name, without their Python types (`<list[str]>`)."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the lists of arguments and options."""
        arguments, options = [], []
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is None:
                continue
            if isinstance(parameter, TyperArgument):
                several = "..." if parameter.nargs != 1 else ""
                arguments.append((parameter.display_name_raw + several, record[1]))
            else:
                options.append(record)
        for title, records in (("Arguments", arguments), ("Options", options)):
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)


def help_examples(*lines: str) -> str:
    """The end of a command's help: one example a line, not wrapped."""
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])
