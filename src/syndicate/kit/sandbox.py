"""The sandbox in which templates run: what they see of the values they are given."""

from __future__ import annotations

import sys
from collections.abc import Collection
from dataclasses import is_dataclass
from functools import cached_property, lru_cache
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel

from syndicate.article.values import Node

_PLAIN = {"builtins", "collections", "datetime", "decimal", "enum", "types", "zoneinfo"}
"""The modules of the standard library whose objects are values. Others can open files."""
_CODE = (FunctionType, MethodType, BuiltinFunctionType, ModuleType, type)


class TemplateSandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, with a fast path for an article's own fields.

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
        maker = value.__self__ if isinstance(value, BuiltinFunctionType) else None
        if isinstance(maker, type) and maker.__module__ == "builtins":
            return False  # such as `dict.fromkeys`, which can make anything of any size
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
