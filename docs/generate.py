"""Write the reference pages that come from the code: commands, settings and rules.

python docs/generate.py            write docs/reference/
python docs/generate.py --check    fail if they are out of date
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# Help wraps at the width of the terminal; the reference must not depend on that.
os.environ.update(COLUMNS="92", TERMINAL_WIDTH="92", NO_COLOR="1", TERM="dumb")

from pydantic import BaseModel
from typer.main import get_command
from typer.testing import CliRunner

from syndicate.adapters import ADAPTERS, adapter_class
from syndicate.article.publication import Publication
from syndicate.cli import app
from syndicate.couriers import COURIERS, courier_class
from syndicate.errors import Exit
from syndicate.lint import RULES
from syndicate.newsroom.channel import ChannelKeys
from syndicate.newsroom.retention import Retention
from syndicate.newsroom.select import Select
from syndicate.newsroom.settings import Add, Content, Settings
from syndicate.newsroom.site import Serve, Studio
from syndicate.store import Store

REFERENCE = Path(__file__).parent / "reference"
MEANINGS = {
    Exit.DONE: "done, or nothing to do",
    Exit.FAILED: "failed",
    Exit.USAGE: "wrong usage or wrong settings",
    Exit.PARTLY: "partly done, or a delivery is uncertain; each problem is named. Run it again",
    Exit.CREDENTIALS: "credentials are missing or wrong",
    Exit.CHANGES: "`plan --exit-code`: there is something to do",
    Exit.LOCKED: "another run is doing all that was asked for",
    Exit.INTERRUPTED: "stopped by Ctrl-C; the next run does the rest",
    Exit.TERMINATED: "stopped by SIGTERM; the next run does the rest",
}
NOTE = "<!-- Written by docs/generate.py; change the code, then run `make docs`. -->\n"


def command_line() -> str:
    """The help of every command, and the exit codes."""
    parts = [
        NOTE,
        "# Command line\n",
        "The `--help` text of every command. To begin, read the [tutorial](../tutorial.md).\n",
    ]
    for words in commands(get_command(app), ()):
        shown = CliRunner().invoke(app, [*words, "--help"], prog_name="syndicate").output
        lines = "\n".join(line.rstrip() for line in shown.strip().splitlines())
        parts.append(f"## `{' '.join(('syndicate', *words))}`\n\n```text\n{lines}\n```\n")
    parts.append("## Exit codes\n\n| code | meaning |\n| --- | --- |")
    parts += [f"| {code.value} | {MEANINGS[code]} |" for code in Exit]
    return "\n".join(parts) + "\n"


def commands(command: Any, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The words of each command; a group comes before its commands."""
    yield words
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, (*words, name))


def channel_files() -> str:
    """Every key of `syndicate.toml` and of the channel files."""
    root = Path()
    parts = [
        NOTE,
        "# Settings and channel files\n",
        "All keys of `syndicate.toml` and of the files in `channels/`, with types and defaults.\n",
        "## `syndicate.toml`\n",
        about(Settings),
        keys(Settings),
        "## `[add]`\n",
        about(Add),
        keys(Add),
        "## `[content]`\n",
        about(Content),
        keys(Content),
        "## `[retention]`\n",
        about(Retention),
        keys(Retention),
        "## `[serve]`\n",
        about(Serve),
        keys(Serve),
        "## `[store]`\n",
        about(Store),
        keys(Store),
        "## `[studio]`\n",
        about(Studio),
        keys(Studio),
        "## `[publication]`\n",
        about(Publication),
        keys(Publication),
        "## Every `channels/<name>.toml`\n",
        about(ChannelKeys),
        keys(ChannelKeys),
        "## `[select]`\n",
        about(Select),
        keys(Select),
    ]
    for name in ADAPTERS:
        adapter = adapter_class(name, root)
        scopes = ", ".join(f"`{scope.value}`" for scope in adapter.scopes)
        parts += [f"## Adapter `{name}`\n", about(adapter), f"Scopes: {scopes}.\n", keys(adapter)]
    for name in COURIERS:
        courier = courier_class(name, root)
        parts += [f'## `[deliver]` with `via = "{name}"`\n', about(courier), keys(courier)]
    return "\n".join(parts)


def rules() -> str:
    """Every editorial rule of `syndicate check`."""
    rows = [
        f"| `{name}` | {rule.level} | {' '.join((rule.check.__doc__ or '').split())} |"
        for name, rule in RULES.items()
    ]
    return "\n".join(
        [
            NOTE,
            "# Rules of `syndicate check`\n",
            "What `syndicate check` looks for in articles. To change the severity of a rule, or to",
            "turn it off, edit `syndicate.toml`:\n",
            '```toml\n[lint]\n"article/missing-alt" = "error"   # or "warning", "off"\n```\n',
            "Channels have their own rules, which are changed in the same way. They check what a",
            "channel has rendered, in `syndicate check --channel NAME` and after every rendering.",
            "See [print](../print.md) and the [newsletter](../newsletter.md).\n",
            "| rule | level | what it finds |",
            "| --- | --- | --- |",
            *rows,
            "",
        ]
    )


def about(model: type[BaseModel]) -> str:
    """A model's docstring."""
    return inspect.cleandoc(model.__doc__ or "") + "\n"


def keys(model: type[BaseModel]) -> str:
    """A model's fields as a table."""
    rows = ["| key | type | default |", "| --- | --- | --- |"]
    properties = model.model_json_schema()["properties"]
    for name, field in model.model_fields.items():
        default = (
            "required"
            if field.is_required()
            else f"`{shown(field.get_default(call_default_factory=True))}`"
        )
        written = field.alias or name
        rows.append(f"| `{written}` | {kind(properties[written])} | {default} |")
    return "\n".join(rows) + "\n"


def kind(schema: dict[str, Any]) -> str:
    """A JSON Schema type in a few words."""
    if "enum" in schema:
        return " or ".join(f'"{value}"' for value in schema["enum"])
    if "const" in schema:
        return f'"{schema["const"]}"'
    if "anyOf" in schema:
        return " or ".join(
            dict.fromkeys(kind(one) for one in schema["anyOf"] if one.get("type") != "null")
        )
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2].lower()
    if schema.get("type") == "array":
        return f"list of {kind(schema.get('items', {}))}"
    if str(schema.get("format")).startswith("ip"):
        return "network"
    return str(schema.get("format") or schema.get("type") or "value")


def shown(value: object) -> str:
    """A default value as TOML."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, BaseModel):
        return "{}"
    if value and isinstance(value, tuple):
        return "[" + ", ".join(f'"{one}"' for one in value) + "]"
    return (
        str(getattr(value, "value", value))
        if value not in ((), {})
        else "[]"
        if value == ()
        else "{}"
    )


def main() -> None:
    """Write the pages, or with `--check` compare them."""
    pages = {"command-line.md": command_line(), "channels.md": channel_files(), "rules.md": rules()}
    stale = []
    REFERENCE.mkdir(exist_ok=True)
    for name, text in pages.items():
        page = REFERENCE / name
        if page.exists() and page.read_text() == text:
            continue
        stale.append(name)
        if "--check" not in sys.argv:
            page.write_text(text)
    if stale and "--check" in sys.argv:
        sys.exit(f"out of date: {', '.join(stale)}; run: make docs")


if __name__ == "__main__":
    main()
