"""`check`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from syndicate import console
from syndicate.cli.command import Command, help_examples
from syndicate.cli.options import (
    Articles,
    AsJSON,
    Root,
    complete_channels,
    names_in_option,
    newsroom_to_look_at,
)
from syndicate.console import counted_noun
from syndicate.errors import Exit, Problems

if TYPE_CHECKING:
    from syndicate.engine.check import Checked
    from syndicate.findings import Finding


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    epilog = help_examples(
        "syndicate check",
        "syndicate check content/ferry.md --verbose",
        "syndicate check --channel email,pdf",
    )
    app.command("check", cls=Command, epilog=epilog)(check)


def check(
    articles: Articles = None,
    channels: Annotated[
        str | None,
        typer.Option(
            "--channel",
            "--channels",
            "-c",
            metavar="NAMES",
            help="Also render these channels, without sending, and check the results; separate "
            "names with commas.",
            autocompletion=complete_channels,
        ),
    ] = None,
    rules: Annotated[
        bool, typer.Option("--rules", help="List the rules with their severity.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Treat warnings as errors.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Also show what the readers guessed.")
    ] = False,
    as_json: AsJSON = False,
    root: Root = None,
) -> None:
    """Report problems in settings, articles and channels. Nothing is sent.

    Exit code 1: a rule found an error. 3: a source file cannot be read. To change the severity of
    a rule or turn it off, use [lint] in syndicate.toml.
    """
    newsroom = newsroom_to_look_at(root)
    if rules:
        _list_rules(newsroom.lint, as_json)
        return
    from syndicate.engine.check import check as run

    with console.progress(as_json) as line:
        checked = run(
            newsroom,
            tuple(articles or ()),
            names_in_option(channels),
            line.start,
            lambda step: line.step(f"{step.channel} {step.label}"),
        )
    _show_notes(checked, verbose, as_json)
    for finding in checked.findings:
        _show(finding, as_json)
    for remark in checked.remarks:
        console.print_warning(str(remark))
    if checked.errors:
        raise Problems(checked.errors)
    errors = sum(finding.severity == "error" for finding in checked.findings)
    warnings = len(checked.findings) - errors
    if not as_json:
        problems = f"{counted_noun(errors, 'error')}, {counted_noun(warnings, 'warning')}"
        result = problems if checked.findings else "no problems"
        unread = f", {counted_noun(checked.unread, 'file')} not read" if checked.unread else ""
        console.print_message(f"{counted_noun(checked.articles, 'article')}{unread}: {result}")
    if errors or (strict and warnings):
        raise typer.Exit(Exit.FAILED)


def _list_rules(levels: Mapping[str, str], as_json: bool) -> None:
    from syndicate.lint import RULES

    rows = [(name, levels.get(name, rule.level), rule.about) for name, rule in RULES.items()]
    if as_json:
        for name, level, about in rows:
            console.print_json({"rule": name, "level": level, "about": about})
    else:
        console.print_table([("RULE", "LEVEL", "WHAT IT FINDS"), *rows])


def _show_notes(checked: Checked, verbose: bool, as_json: bool) -> None:
    """Print what the readers noted; what is the same in many files once, with their number."""
    files = Counter(
        note.what
        for account in checked.reports.values()
        for note in dict.fromkeys(account.notes)
        if note.common
    )
    told: set[str] = set()
    for name, account in checked.reports.items():
        for note in account.notes:
            if note.common and note.what in told:
                continue
            told.add(note.what)
            place = f"content/{name}" + (f":{note.line}" if note.line else "")
            more = files[note.what] - 1 if note.common else 0
            if as_json:
                found = {"file": f"content/{name}", "line": note.line, note.kind: note.what}
                console.print_json(found | ({"more_files": more} if more else {}))
            elif verbose or note.kind == "left out" or note.doubtful:
                also = f" (and in {counted_noun(more, 'more file')})" if more else ""
                console.print_data(f"{place}: {note.kind}: {note.what}{also}")


def _show(finding: Finding, as_json: bool) -> None:
    where = finding.where
    if as_json:
        console.print_json(
            {
                "rule": finding.rule,
                "severity": finding.severity,
                "message": finding.message,
                "file": where.file if where else None,
                "line": where.line if where else None,
                "column": where.column if where else None,
                "article": finding.article,
                "hint": finding.hint,
            }
        )
        return
    place = f"{where}: " if where else ""
    console.print_data(f"{place}{finding.severity}: {finding.message} [{finding.rule}]")
    if finding.hint:
        console.print_data(f"  hint: {finding.hint}")
