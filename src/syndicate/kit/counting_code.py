"""Compiles templates to Python that counts what it does.

It calls `environment.step()` at the beginning of each body (of a loop, a macro, an included file),
and passes what it makes without a call to `environment.made()`: lists, slices, joined text.
Everything else goes through the environment anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame


class CountingCode(CodeGenerator):
    """Python code that counts its steps, and the values that the language itself makes. Jinja calls
    `visit_` methods by the names of its node classes, hence their capitals."""

    _branches: frozenset[int] = frozenset()

    def blockvisit(self, nodes: Iterable[nodes.Node], frame: Frame) -> None:
        if id(nodes) not in self._branches:
            self.writeline("environment.step()")
        super().blockvisit(nodes, frame)

    def visit_If(self, node: nodes.If, frame: Frame) -> None:  # noqa: N802
        bodies = (node.body, node.else_, *(one.body for one in node.elif_))
        self._branches |= {id(body) for body in bodies}  # these run once for the body around them
        super().visit_If(node, frame)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802
        function = "markup_join" if frame.eval_ctx.autoescape else "str_join"
        if frame.eval_ctx.volatile:
            function = "(markup_join if context.eval_ctx.volatile else str_join)"
        self.write(f"{function}(environment.joined((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write(")))")

    def visit_Compare(self, node: nodes.Compare, frame: Frame) -> None:  # noqa: N802
        quick = any(
            isinstance(one, nodes.Const) for one in (node.expr, *(o.expr for o in node.ops))
        )
        self.write("(" if quick else "(environment.step() or ")
        super().visit_Compare(node, frame)
        self.write(")")

    def visit_Getitem(self, node: nodes.Getitem, frame: Frame) -> None:  # noqa: N802
        if isinstance(node.arg, nodes.Slice):
            self._made(super().visit_Getitem, node, frame)
        else:
            super().visit_Getitem(node, frame)

    def visit_List(self, node: nodes.List, frame: Frame) -> None:  # noqa: N802
        self._made(super().visit_List, node, frame)

    def visit_Dict(self, node: nodes.Dict, frame: Frame) -> None:  # noqa: N802
        self._made(super().visit_Dict, node, frame)

    def visit_Tuple(self, node: nodes.Tuple, frame: Frame) -> None:  # noqa: N802
        if node.ctx == "load":
            self._made(super().visit_Tuple, node, frame)
        else:
            super().visit_Tuple(node, frame)

    def _made(self, visit: Callable[[Any, Frame], None], node: nodes.Node, frame: Frame) -> None:
        self.write("environment.made(")
        visit(node, frame)
        self.write(")")
