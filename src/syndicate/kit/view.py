"""Renders an article's body with block macros: `blocks.html.j2` for HTML, `blocks.txt.j2` for text.

Every block and inline type has a macro named after its `type`. A channel's folder may contain a
file of the same name with some of these macros; each one replaces the shared macro of that name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from syndicate.article import Article, Block, Figure, Footnote, Inline, Text
from syndicate.article.blocks import Blocks
from syndicate.article.inlines import Content
from syndicate.kit.allowance import spend

if TYPE_CHECKING:
    import jinja2


@dataclass(frozen=True)
class Shown:
    """A picture as a page refers to it; `width` and `height` are in CSS pixels."""

    src: str
    width: int | None = None
    height: int | None = None


class View:
    """One article's body in one syntax.

    Macros can use these names: `article`, `blocks(…)` and `inlines(…)` to render nested content,
    `picture(figure)`, which gives a `Shown` or None, `footnotes` (label to `Footnote`),
    `number(label)`, and whatever the adapter passes as `variables`.
    """

    def __init__(
        self,
        article: Article,
        templates: tuple[jinja2.Template, ...],
        *,
        picture: Callable[[Figure], Shown | None],
        variables: Mapping[str, Any],
    ) -> None:
        self.article = article
        self._templates = templates
        self._picture = picture
        self._variables = variables
        self._escaped = bool(templates and templates[0].name and ".txt." not in templates[0].name)

    @cached_property
    def footnotes(self) -> dict[str, Footnote]:
        """The article's footnotes by label, in the order of the text."""
        return {block.label: block for block in self.article.body if isinstance(block, Footnote)}

    def number(self, label: str) -> int:
        """The printed number of the footnote with this `label`; 0 if there is no such footnote."""
        return next((n for n, known in enumerate(self.footnotes, 1) if known == label), 0)

    @cached_property
    def _macros(self) -> dict[str, Callable[..., str]]:
        names = {
            "article": self.article,
            "blocks": self.blocks,
            "inlines": self.inlines,
            "picture": self._picture,
            "footnotes": self.footnotes,
            "number": self.number,
            **self._variables,
        }
        macros: dict[str, Callable[..., str]] = {}
        for template in reversed(self._templates):
            macros.update(
                (name, value)
                for name, value in vars(template.make_module(names)).items()
                if callable(value) and not name.startswith("_")
            )
        return macros

    def blocks(self, blocks: Blocks) -> str:
        """`blocks`, rendered one after the other."""
        joined = "".join([self.block(block) for block in blocks])
        spend(len(joined))
        return Markup(joined) if self._escaped else joined  # noqa: S704 - macros escape

    def block(self, block: Block) -> str:
        """One block, rendered by the macro of its type."""
        return self._macros["code_block" if block.type == "code" else block.type](block)

    def inlines(self, content: Content) -> str:
        """A run of inlines, rendered."""
        joined = "".join([self._inline(inline) for inline in content])
        spend(len(joined))
        return Markup(joined) if self._escaped else joined  # noqa: S704 - macros escape

    def _inline(self, inline: Inline) -> str:
        if type(inline) is Text:
            return escape(inline.text) if self._escaped else inline.text
        return self._macros[inline.type](inline)

    def __str__(self) -> str:
        return self.blocks(self.article.body)
