"""The Jinja environment: sandboxed, escaped, with newsroom templates before packaged ones."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import is_dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any

import jinja2
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel

from syndicate.article.text import excerpt, plain, reading_minutes, word_count
from syndicate.article.values import Node
from syndicate.errors import Location, RenderError
from syndicate.kit.view import View

if TYPE_CHECKING:
    from babel import Locale

_MARKUP = (".html.j2", ".xhtml.j2", ".mjml.j2", ".xml.j2", ".svg.j2", ".xsl.j2")


_PLAIN = {"builtins", "collections", "datetime", "decimal", "enum", "types", "zoneinfo"}
"""The modules of the standard library whose objects are values. Others can open files."""
_CODE = (FunctionType, MethodType, BuiltinFunctionType, ModuleType, type)


class TemplateSandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, with fast paths for an article's own fields and the methods of a view.

    These are most of what a template accesses, and checking whether they are safe each time took
    most of the rendering time.

    A template sees the fields and properties of models and data classes, not their methods:
    pydantic's read files and unpickle. Nor does it see anything of code, or of what the standard
    library knows about files, processes and the network.
    """

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may access `obj.attr`."""
        if isinstance(obj, _CODE) or not is_shown(obj.__class__, attr):
            return False
        return super().is_safe_attribute(obj, attr, value)

    def is_safe_callable(self, obj: Any) -> bool:
        """Whether a template may call `obj`. Of classes, that is only Jinja's own and `dict`."""
        if isinstance(obj, type) and obj is not dict and not _is_of(obj, "jinja2"):
            return False
        return super().is_safe_callable(obj)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`obj.attribute` or `obj["attribute"]`, if a template may access it."""
        if isinstance(obj, Node) and attribute in obj.__dict__:
            return obj.__dict__[attribute]
        return super().getattr(obj, attribute)

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805
        """The result of calling `__obj`, if a template may call it."""
        if type(__obj) is MethodType and type(__obj.__self__) is View:
            return __obj(*args)
        return super().call(__context, __obj, *args, **kwargs)


@lru_cache(maxsize=4096)
def is_shown(kind: type, attribute: str) -> bool:
    """Whether templates see `attribute` of objects of this `kind`."""
    module = kind.__module__.partition(".")[0]
    if module in sys.stdlib_module_names:
        return module in _PLAIN
    if issubclass(kind, BaseModel):
        fields: Collection[str] = kind.model_fields
    elif is_dataclass(kind):
        fields = kind.__dataclass_fields__
    else:
        return not attribute.startswith("_")
    own = [vars(one) for one in kind.__mro__ if not _is_of(one, "pydantic")]
    found = next((one[attribute] for one in own if attribute in one), None)
    return attribute in fields or isinstance(found, property | cached_property)


def _is_of(kind: type, package: str) -> bool:
    return kind.__module__.partition(".")[0] == package


def template_environment(
    folders: tuple[Path, ...], extend: Callable[[jinja2.Environment], None] | None = None
) -> jinja2.Environment:
    """A Jinja environment that searches `folders` in order; `extend` may add to it.

    Output is escaped in templates whose names end in .html.j2, .xhtml.j2, .mjml.j2, .xml.j2,
    .svg.j2 or .xsl.j2. An undefined variable is always an error.
    """
    env = TemplateSandbox(
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
        counted=_counted,
    )
    env.globals.update(ceil=math.ceil)
    if extend:
        extend(env)
    return env


def _date(moment: datetime | date, language: str = "en", form: str = "long") -> str:
    """A date in the words of `language` (CLDR), regardless of the machine's locale.

    `form` is short, medium, long, full or a CLDR pattern such as "d MMMM y".
    """
    from babel.dates import format_date

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


def template_error(error: Exception, folders: tuple[Path, ...]) -> RenderError:
    """`error`, which a template raised, as a RenderError with the template's file and line."""
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
            # A compiled template has its own line numbers; Jinja maps them to the source.
            template = trace.tb_frame.f_globals.get("__jinja_template__")
            line = trace.tb_lineno
            line = template.get_corresponding_lineno(line) if template else line
            where = Location(_shown(name, folders), line)
        trace = trace.tb_next
    return RenderError(message, where=where)


def _shown(name: str, folders: tuple[Path, ...]) -> str:
    """The path of a template as people know it, beginning with `templates/`."""
    path = Path(name)
    for folder in folders:
        root = next((f for f in (folder, *folder.parents) if f.name == "templates"), folder)
        if path.is_relative_to(root):
            return str(Path("templates") / path.relative_to(root))
    return name
