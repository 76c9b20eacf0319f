"""Find the class behind a name in the settings: built in, a file in the newsroom, or an entry
point."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import inspect
import re
import sys
import warnings
from collections.abc import Mapping
from difflib import get_close_matches
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from syndicate.errors import Location, UsageError

T = TypeVar("T")


def load(name: str, builtin: Mapping[str, str], group: str, kind: type[T], root: Path) -> type[T]:
    """The subclass of `kind` that `name` refers to.

    Args:
        name: a key of `builtin`, a path `./file.py` below `root`, or an entry point of `group`.
        builtin: names and their `module:Class`; a module is imported only when it is needed.
        group: the entry point group, such as `syndicate.adapters`.
        kind: the base class that the class must derive from.
        root: the newsroom's folder.

    Raises:
        UsageError: nothing has that name, or it is not a subclass of `kind`.
    """
    if name in builtin:
        module, _, attribute = builtin[name].partition(":")
        found = getattr(importlib.import_module(module), attribute)
    elif name.endswith(".py"):
        found = _only_class(_module_from(root, name), kind, name)
    else:
        found = _from_entry_point(name, builtin, group, kind)
    if not (inspect.isclass(found) and issubclass(found, kind)):
        raise UsageError(f"{name!r} is not a subclass of {kind.__name__}")
    return found


def _module_from(root: Path, name: str) -> ModuleType:
    path = (root / name).resolve()
    if not path.is_relative_to(root.resolve()):
        raise UsageError(f"{name!r} is outside the newsroom")
    if not path.is_file():
        raise UsageError(f"there is no file {name!r} in the newsroom")
    label = f"syndicate_plugin_{path.stem}_{hashlib.sha256(str(path).encode()).hexdigest()[:12]}"
    if label in sys.modules:
        return sys.modules[label]
    spec = importlib.util.spec_from_file_location(label, path)
    if spec is None or spec.loader is None:
        raise UsageError(f"{name!r} cannot be loaded as Python")
    module = importlib.util.module_from_spec(spec)
    sys.modules[label] = module
    _show_deprecations(label)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[label]
        line = error.lineno if isinstance(error, SyntaxError) else _line_in(path, error)
        raise UsageError(
            f"{type(error).__name__}: {error}", where=Location(name.removeprefix("./"), line)
        ) from error
    return module


def _show_deprecations(module: str) -> None:
    """Let whoever runs a plug-in see what it has to change: Python hides that by default."""
    names = rf"{re.escape(module)}(\.|$)"
    warnings.filterwarnings("default", category=DeprecationWarning, module=names)


def _line_in(path: Path, error: BaseException) -> int | None:
    line, trace = None, error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _only_class(module: ModuleType, kind: type[T], name: str) -> object:
    own = [
        value
        for value in vars(module).values()
        if inspect.isclass(value)
        and issubclass(value, kind)
        and value.__module__ == module.__name__
    ]
    if len(own) != 1:
        raise UsageError(
            f"{name!r} must define exactly one subclass of {kind.__name__}; it defines {len(own)}"
        )
    return own[0]


def _from_entry_point(
    name: str, builtin: Mapping[str, str], group: str, kind: type[object]
) -> object:
    points = {point.name: point for point in entry_points(group=group)}
    if name in points:
        _show_deprecations(points[name].module.partition(".")[0])
        return points[name].load()
    known = sorted({*builtin, *points})
    near = get_close_matches(name, known, n=1)
    raise UsageError(
        f"there is no {kind.__name__.lower()} {name!r}",
        hint=f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}",
    )
