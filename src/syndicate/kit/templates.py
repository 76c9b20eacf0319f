"""The Jinja environment: sandboxed, escaped, with newsroom templates before packaged ones."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2

from syndicate.article.text import excerpt, plain, reading_minutes, word_count
from syndicate.errors import Location, RenderError
from syndicate.kit.allowance import TooMuchWorkError, look_at_the_clock, shortened
from syndicate.kit.counting import CountingSandbox, ShortTemplates

if TYPE_CHECKING:
    from babel import Locale

_MARKUP = (".html.j2", ".xhtml.j2", ".mjml.j2", ".xml.j2", ".svg.j2", ".xsl.j2")
_LONGEST_FORM = 200


class _Folders(jinja2.FileSystemLoader):
    def get_source(self, environment: jinja2.Environment, template: str) -> Any:
        look_at_the_clock()
        return super().get_source(environment, template)


def template_environment(
    folders: tuple[Path, ...], extend: Callable[[jinja2.Environment], None] | None = None
) -> jinja2.Environment:
    """A Jinja environment that searches `folders` in order; `extend` may add to it.

    Output is escaped in templates whose names end in .html.j2, .xhtml.j2, .mjml.j2, .xml.j2,
    .svg.j2 or .xsl.j2. An undefined variable is always an error.
    """
    env = CountingSandbox(
        loader=_Folders([str(folder) for folder in folders]),
        autoescape=lambda name: bool(name) and str(name).endswith(_MARKUP),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        cache_size=400,
        auto_reload=False,
        extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols", ShortTemplates],
    )
    env.filters.update(
        plain=plain,
        word_count=word_count,
        reading_minutes=reading_minutes,
        excerpt=excerpt,
        iso=lambda moment: moment.isoformat(),
        date=_date,
        names=_names,
        counted=_counted,
    )
    env.globals.update(ceil=math.ceil)
    if extend:
        extend(env)
    env.count_everything()
    return env


def _date(moment: datetime | date, language: str = "en", form: str = "long") -> str:
    """A date in the words of `language` (CLDR), regardless of the machine's locale.

    `form` is short, medium, long, full or a CLDR pattern such as "d MMMM y".
    """
    from babel.dates import format_date

    if len(form) > _LONGEST_FORM:
        raise ValueError(f"the form of a date has at most {_LONGEST_FORM} characters")
    return format_date(moment, form, _locale(language))


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    """The CLDR locale for `language`, or English if CLDR does not know the language."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def _counted(number: int, word: str, words: Mapping[str, str], language: str = "en") -> str:
    """`number` with `word` from words.toml, in the plural form that CLDR gives it in `language`.

    The file has the forms as `<word>_one`, `<word>_few` and so on, with "{n}" for the number. A
    missing form falls back to `<word>_other`.
    """
    form = words.get(f"{word}_{_locale(language).plural_form(number)}") or words[f"{word}_other"]
    return form.replace("{n}", str(number))


def _names(people: tuple[Any, ...], last: str = " and ") -> str:
    """The names of contributors as a list: "A, B and C"."""
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


def template_error(
    error: Exception, folders: tuple[Path, ...], name: str | None = None
) -> RenderError:
    """`error`, which a template raised, as a RenderError with the template's file and line.

    `name` is the template that was asked for; its file is named if the error has no line.
    """
    message, hint = shortened(f"{type(error).__name__}: {error}"), None
    if isinstance(error, jinja2.TemplateNotFound):
        message = f"there is no template {shortened(str(error.name))!r}"
    if isinstance(error, TooMuchWorkError):
        message, hint = f"stopped: {error}", "look for loops in loops, and for very long texts"
    if isinstance(error, RecursionError):
        message, hint = "stopped: it goes too deep", "look for what calls or includes itself"
    if isinstance(error, jinja2.TemplateSyntaxError):
        return RenderError(
            message, where=Location(_shown(error.filename or "", folders), error.lineno)
        )
    where, trace = _file(name, folders), error.__traceback__
    while trace:
        name = trace.tb_frame.f_code.co_filename
        if name.endswith(".j2"):
            # A compiled template has its own line numbers; Jinja maps them to the source.
            template = trace.tb_frame.f_globals.get("__jinja_template__")
            line = trace.tb_lineno
            line = template.get_corresponding_lineno(line) if template else line
            where = Location(_shown(name, folders), line)
        trace = trace.tb_next
    return RenderError(message, where=where, hint=hint)


def _file(name: str | None, folders: tuple[Path, ...]) -> Location | None:
    places = (place for folder in folders for place in (folder, folder / "article"))
    found = next((f for place in places if name and (f := place / name).is_file()), None)
    return Location(_shown(str(found), folders)) if found else None


def _shown(name: str, folders: tuple[Path, ...]) -> str:
    """The path of a template as people know it, beginning with `templates/`."""
    path = Path(name)
    for folder in folders:
        root = next((f for f in (folder, *folder.parents) if f.name == "templates"), folder)
        if path.is_relative_to(root):
            return str(Path("templates") / path.relative_to(root))
    return name
