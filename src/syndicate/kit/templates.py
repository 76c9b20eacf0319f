"""The Jinja environment: newsroom templates over the packaged ones, sandboxed, escaped."""

from __future__ import annotations

import math
from datetime import date, datetime
from pathlib import Path
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from syndicate.article.text import excerpt, plain, reading_minutes, word_count
from syndicate.errors import Location, RenderError

_MARKUP = (".html.j2", ".xhtml.j2", ".xml.j2", ".svg.j2", ".xsl.j2")


def environment(folders: tuple[Path, ...]) -> jinja2.Environment:
    """An environment that looks a name up in `folders`, first match wins.

    Output is escaped in templates whose name ends in .html.j2, .xhtml.j2, .xml.j2, .svg.j2 or
    .xsl.j2; an undefined variable is an error everywhere.
    """
    env = ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader([str(folder) for folder in folders]),
        autoescape=lambda name: bool(name) and str(name).endswith(_MARKUP),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        cache_size=400,
        auto_reload=False,
        extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
    )
    env.filters.update(
        plain=plain,
        word_count=word_count,
        reading_minutes=reading_minutes,
        excerpt=excerpt,
        iso=lambda moment: moment.isoformat(),
        date=_date,
        names=_names,
    )
    env.globals.update(ceil=math.ceil)
    return env


def _date(moment: datetime | date, language: str = "en", form: str = "long") -> str:
    """A date in words of `language` (CLDR), whatever the machine's locale is.

    `form` is short, medium, long, full or a CLDR pattern such as "d MMMM y".
    """
    from babel import Locale, UnknownLocaleError
    from babel.dates import format_date

    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    return format_date(moment, form, locale)


def _names(people: tuple[Any, ...], last: str = " and ") -> str:
    """Contributors as an enumeration: "A, B and C"."""
    names = [person.name for person in people]
    return last.join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def template_error(error: Exception, folders: tuple[Path, ...]) -> RenderError:
    """`error`, raised by a template, with the template's file and line."""
    if isinstance(error, jinja2.TemplateNotFound):
        return RenderError(f"there is no template {error.name!r}")
    message = f"{type(error).__name__}: {error}"
    if isinstance(error, jinja2.TemplateSyntaxError):
        return RenderError(
            message, where=Location(_shown(error.filename or "", folders), error.lineno)
        )
    where, trace = None, error.__traceback__
    while trace:
        name = trace.tb_frame.f_code.co_filename
        if name.endswith(".j2"):
            # Frames of compiled templates count their own lines; Jinja knows the template's.
            template = trace.tb_frame.f_globals.get("__jinja_template__")
            line = trace.tb_lineno
            line = template.get_corresponding_lineno(line) if template else line
            where = Location(_shown(name, folders), line)
        trace = trace.tb_next
    return RenderError(message, where=where)


def _shown(name: str, folders: tuple[Path, ...]) -> str:
    """A template's file as a person names it: from `templates/` on."""
    path = Path(name)
    for folder in folders:
        root = next((f for f in (folder, *folder.parents) if f.name == "templates"), folder)
        if path.is_relative_to(root):
            return str(Path("templates") / path.relative_to(root))
    return name
