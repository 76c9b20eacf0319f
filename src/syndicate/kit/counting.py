"""The sandbox counts what a template does, and stops it when it does too much."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, time
from functools import wraps
from itertools import chain
from types import BuiltinMethodType, MethodType
from typing import Any

from jinja2 import Environment, TemplateSyntaxError, pass_environment, pass_eval_context
from jinja2.ext import Extension
from jinja2.filters import FILTERS, make_attrgetter
from jinja2.lexer import Token, TokenStream
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, Macro
from jinja2.sandbox import SandboxedEscapeFormatter, SandboxedFormatter
from jinja2.utils import Namespace, generate_lorem_ipsum
from markupsafe import Markup

from syndicate.kit import weights
from syndicate.kit.allowance import (
    Steps,
    look_at_the_clock,
    require_items,
    spend,
    step,
)
from syndicate.kit.counting_code import CountingCode
from syndicate.kit.sandbox import TemplateSandbox
from syndicate.kit.view import View

_SOURCE = 2_000_000  # characters of one template
_LONG = 10_000  # characters
_TOKENS = 50_000  # compiling takes about 50 µs for each
_METHODS = (MethodType, BuiltinMethodType)
_BEFORE: dict[str, Callable[[Any, Any], None]] = {
    "*": weights.require_product,
    "**": weights.require_power,
    "%": weights.require_filled,
}


class CountingSandbox(TemplateSandbox):
    """A sandbox in which a template takes no more steps, text and time than `allowance` has.

    What it does too much raises `TooMuchWorkError` from where the template does it.
    """

    code_generator_class = CountingCode
    intercepted_binops = frozenset({"+", "*", "**", "%"})
    step = staticmethod(step)
    made = staticmethod(weights.made)

    def count_everything(self) -> None:
        """Count all filters, tests and output; to be called when there are no more to come."""
        self.globals["range"] = _range
        self.globals["namespace"] = _Namespace
        self.globals["lipsum"] = _lipsum(generate_lorem_ipsum)
        self.filters |= {"join": _join, "sum": _sum}
        self.filters = {name: _counted_filter(name, one) for name, one in self.filters.items()}
        tests: dict[str, Any] = dict(self.tests)
        self.tests.update({name: _counted_test(one) for name, one in tests.items()})
        self.finalize = _counted_output(self.finalize)

    @staticmethod
    def concat(pieces: Iterable[str]) -> str:
        """`pieces` as one text."""
        parts = list(pieces)
        spend(sum(map(len, parts)))
        return "".join(parts)

    @staticmethod
    def joined(parts: tuple[Any, ...]) -> tuple[Any, ...]:
        """`parts`, which are joined with `~`."""
        step()
        spend(sum(map(weights.printed_size, parts)))
        return parts

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """`left operator right`."""
        step()
        if operator in _BEFORE:
            _BEFORE[operator](left, right)
        return weights.made(super().call_binop(context, operator, left, right))

    def getitem(self, obj: Any, argument: Any) -> Any:
        """`obj[argument]`, if a template may access it."""
        if not isinstance(argument, str | int):
            weights.printed_size(argument)  # an error names it
        return super().getitem(obj, argument)

    def is_safe_callable(self, obj: Any) -> bool:
        """Whether a template may call `obj`."""
        return obj is _Namespace or super().is_safe_callable(obj)

    def call(  # a template may pass arguments called self or obj, as in Jinja itself
        __self,  # noqa: N805
        __context: Context,
        __obj: Any,
        *args: Any,
        **kwargs: Any,
    ) -> Any:
        """The result of calling `__obj`, if a template may call it."""
        kind = type(__obj)
        if kind is MethodType and type(__obj.__self__) is View:
            return __obj(*args)
        if kind is Macro:  # it counts for itself, as a view does
            return __context.call(__obj, *args, **kwargs)
        step()
        owner = getattr(__obj, "__self__", None)
        if isinstance(owner, str | bytes | int | date | time) and (
            before := weights.METHODS.get(__obj.__name__)
        ):
            before(owner, *args, **kwargs)
        elif __obj is dict:
            require_items(10 * sum(len(one) for one in args if hasattr(one, "__len__")))
        result = weights.made(super().call(__context, __obj, *args, **kwargs))
        look_at_the_clock()
        return result

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """`str.format` or `str.format_map`, in which fields and their length are checked."""
        if not isinstance(value, _METHODS) or not (sandboxed := super().wrap_str_format(value)):
            return None
        text: Any = value.__self__
        kind: Callable[[str], str] = type(text)
        formatter = _Formatter(self)
        if isinstance(text, Markup):
            formatter = _EscapeFormatter(self, escape=text.escape)

        @wraps(sandboxed)
        def formatted(*args: Any, **kwargs: Any) -> str:
            if value.__name__ == "format_map":
                (kwargs,), args = args, ()
            return kind(formatter.vformat(text, args, kwargs))

        return formatted


class ShortTemplates(Extension):
    """Refuses a template that takes long to compile, however little it does."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """`source`, unless it is too long."""
        if len(source) > _SOURCE:
            message = f"a template has at most {_SOURCE:,} characters"
            raise TemplateSyntaxError(message, 1, name, filename)
        return source

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """The words of `stream`, unless there are too many."""
        for number, token in enumerate(stream):
            if number == _TOKENS:
                message = f"a template has at most {_TOKENS:,} names, signs and pieces of text"
                raise TemplateSyntaxError(message, token.lineno, stream.name, stream.filename)
            yield token


class _Formatter(SandboxedFormatter):
    def convert_field(self, value: Any, conversion: Any) -> Any:
        weights.printed_size(value)
        return super().convert_field(value, conversion)

    def format_field(self, value: Any, format_spec: str) -> Any:
        weights.require_field(format_spec)
        if isinstance(value, date | time):
            weights.METHODS["strftime"](value, format_spec)
        spend(weights.printed_size(value))
        return super().format_field(value, format_spec)


class _EscapeFormatter(SandboxedEscapeFormatter, _Formatter):
    """The same, for markup."""


class _Namespace(Namespace):
    """A namespace that can contain itself, and is printed all the same."""

    def __repr__(self) -> str:
        return "<Namespace>"


def _counted_filter(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    before = weights.FILTERS.get(name)
    first = 1 if hasattr(function, "jinja_pass_arg") else 0

    @wraps(function)
    def counted(*args: Any, **kwargs: Any) -> Any:
        step()
        value = args[first]
        weights.require_filtered(name, value)
        if isinstance(value, str) and len(value) > _LONG:
            look_at_the_clock()
        if before:
            before(*args[first:], **kwargs)
        result = weights.made(function(*args, **kwargs))
        if type(result) is Steps:
            result.follow(value)
        return result

    return counted


def _counted_test(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def counted(*args: Any, **kwargs: Any) -> Any:
        step()
        return function(*args, **kwargs)

    return counted


def _counted_output(finalize: Callable[..., Any] | None) -> Callable[[Any], Any]:
    def printed(value: Any) -> Any:
        kind = type(value)
        if kind is not Markup and kind is not int:
            spend(len(value) if kind is str else weights.printed_size(value))
        return finalize(value) if finalize else value

    return printed


@pass_eval_context
def _join(
    context: EvalContext, values: Iterable[Any], d: Any = "", attribute: str | int | None = None
) -> Any:
    """Jinja's `join`, which first adds up how long the text will be."""
    if attribute is not None:
        values = map(make_attrgetter(context.environment, attribute), values)
    values = list(values)
    spend(sum(map(weights.printed_size, values)) + weights.printed_size(d) * len(values))
    return FILTERS["join"](context, values, d)


@pass_environment
def _sum(
    environment: Environment,
    values: Iterable[Any],
    attribute: str | int | None = None,
    start: Any = 0,
) -> Any:
    """Jinja's `sum`, which copies no list again for each that it adds."""
    if attribute is not None:
        values = map(make_attrgetter(environment, attribute), values)
    if isinstance(start, list | tuple):
        return type(start)(_capped(chain(start, chain.from_iterable(values))))
    return sum(values, start)


def _capped(items: Iterable[Any]) -> Iterator[Any]:
    for number, item in enumerate(items):
        require_items(number)
        yield item


def _range(*arguments: int) -> range:
    numbers = range(*arguments)
    require_items(len(numbers))
    return numbers


def _lipsum(lipsum: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(lipsum)
    def bounded(n: int = 5, html: bool = True, min: int = 20, max: int = 100) -> Any:
        require_items(n * max)
        return lipsum(n, html, min, max)

    return bounded
