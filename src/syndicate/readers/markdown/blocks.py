"""From the nodes of a Markdown tree to the blocks of an article."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from syndicate.article import (
    Block,
    Callout,
    CodeBlock,
    Divider,
    Footnote,
    Heading,
    List,
    ListItem,
    Paragraph,
    Quote,
    Strong,
    Table,
    Text,
)
from syndicate.article.blocks import Align, Blocks
from syndicate.article.inlines import Content
from syndicate.article.text import plain
from syndicate.article.values import one_line
from syndicate.readers.copy import Copy
from syndicate.readers.markdown import pictures
from syndicate.readers.markdown.containers import container
from syndicate.readers.markdown.html import blocks_of_html
from syndicate.readers.markdown.inlines import inlines, rows
from syndicate.readers.markdown.syntax import Node, Tree
from syndicate.readers.prose import (
    Answered,
    Asked,
    Part,
    attributed,
    embed,
    is_blank,
    provider_of,
    sole_link,
    with_faqs,
    without_start,
)
from syndicate.readers.vocabulary import ANSWER, KINDS, QUESTION, label_of

_ADMONITION = re.compile(r"\[!([\w-]+)\][+-]?[ \t]*")
_TASK = re.compile(r"\[([ xX])\]\s+")
_TABLE_CAPTION = re.compile(r"Table\s*:\s+")
_DASH = re.compile(r"\s*(?:[—–―]|--)\s*\S?")
_ALIGN: dict[str, Align] = {"left": "start", "center": "center", "right": "end"}
_SPACE = (Text(text=" "),)


class Body:
    """Reads the blocks of one tree; `title` is the heading that was taken for the headline."""

    def __init__(self, copy: Copy, tree: Tree, first_line: int) -> None:
        self.copy = copy
        self.title: str | None = None
        self._tree = tree
        self._first_line = first_line
        self._footnotes: dict[str, Footnote] = {}
        self._lowered = 0
        self._readers: dict[str, Callable[[Node], Iterable[Part]]] = {
            "paragraph": lambda node: self.paragraph(inline_nodes(node), self.line(node)),
            "heading": self._heading,
            "bullet_list": self._list,
            "ordered_list": self._list,
            "blockquote": self._quote,
            "table": self._table,
            "fence": self._code,
            "code_block": self._code,
            "hr": lambda node: [Divider()],
            "dl": self._definitions,
            "html_block": lambda node: blocks_of_html(node.content, copy, self.line(node)),
            "container_box": lambda node: container(self, node),
            "footnote_reference": self._footnote,
        }

    def article(self, title: str | None) -> Blocks:
        """All blocks, the footnotes last; a first heading 1 that says `title` is left out."""
        nodes = self._tree.blocks
        if nodes and nodes[0].tag == "h1":
            heading = one_line(plain(self.content(nodes[0])))
            if heading and (title is None or heading == title):
                self.title = heading
                nodes = nodes[1:]
        self._lowered = int(any(node.tag == "h1" for node in nodes))
        blocks = self.blocks(nodes)
        for label, inside in self._tree.inline_notes.items():
            content = inlines(inside, self.copy, self._first_line)
            self._footnotes[label] = Footnote(label=label, blocks=(Paragraph(content=content),))
        order = {label: number for number, label in enumerate(self._tree.note_order)}
        footnotes = sorted(
            self._footnotes.values(), key=lambda note: order.get(note.label, len(order))
        )
        return (*blocks, *footnotes)

    def line(self, node: Node) -> int:
        """The line of the file at which `node` begins."""
        return self._first_line + (node.line or 0)

    def content(self, node: Node) -> Content:
        """The inlines of a paragraph, heading or cell."""
        return inlines(inline_nodes(node), self.copy, self.line(node))

    def blocks(self, nodes: Iterable[Node]) -> Blocks:
        """The blocks of `nodes`, questions and answers gathered, captions given to tables."""
        blocks: list[Block] = []
        for block in with_faqs([part for node in nodes for part in self._readers[node.type](node)]):
            if isinstance(block, Paragraph) and blocks and isinstance(table := blocks[-1], Table):
                caption = without_start(block.content, _TABLE_CAPTION)
                if caption and not table.caption:
                    blocks[-1] = table.model_copy(update={"caption": caption})
                    continue
            blocks.append(block)
        return tuple(blocks)

    def paragraph(self, nodes: Sequence[Node], line: int) -> list[Part]:
        """What a paragraph of `nodes` is: pictures, questions, an embed, or running text."""
        if (shown := pictures.alone(nodes, self.copy, line)) is not None:
            return list(shown)
        nodes, moved = pictures.taken_out(nodes, self.copy, line)
        content = inlines(nodes, self.copy, line)
        if is_blank(content):
            return list(moved)
        link = sole_link(content)
        if link and plain(link.content) == link.url and provider_of(link.url):
            return [embed(link.url), *moved]
        if without_start(content, QUESTION) or without_start(content, ANSWER):
            return [*self._questions(nodes, line), *moved]
        return [Paragraph(content=content), *moved]

    def _questions(self, nodes: Sequence[Node], line: int) -> list[Part]:
        """`Q: …` and `A: …`, each of which may begin on a line of its own."""
        contents: list[Content] = []
        for row in rows(nodes):
            content = inlines(row, self.copy, line)
            marked = without_start(content, QUESTION) or without_start(content, ANSWER)
            if marked or not contents:
                contents.append(content)
            else:
                contents[-1] = (*contents[-1], *_SPACE, *content)
        parts: list[Part] = []
        for content in contents:
            whole = Paragraph(content=content)
            if question := without_start(content, QUESTION):
                parts.append(Asked(question, whole))
            elif answer := without_start(content, ANSWER):
                parts.append(Answered((Paragraph(content=answer),), whole))
            else:
                parts.append(whole)
        return parts

    def _heading(self, node: Node) -> list[Block]:
        level = min(6, max(2, int(node.tag[1]) + self._lowered))
        content = self.content(node)
        return [] if is_blank(content) else [Heading(level=level, content=content)]

    def _list(self, node: Node) -> list[Block]:
        items = tuple(self._item(item) for item in node.children)
        start = node.attrs.get("start", 1)
        return [List(ordered=node.type == "ordered_list", start=int(start), items=items)]

    def _item(self, node: Node) -> ListItem:
        blocks = self.blocks(node.children)
        if blocks and isinstance(first := blocks[0], Paragraph):
            task = _TASK.match(plain(first.content))
            rest = without_start(first.content, _TASK)
            if task and rest is not None:
                blocks = (Paragraph(content=rest), *blocks[1:])
                return ListItem(blocks=blocks, checked=task[1] != " ")
        return ListItem(blocks=blocks)

    def _quote(self, node: Node) -> list[Block]:
        children = node.children
        if children and children[0].type == "paragraph":
            nodes = inline_nodes(children[0])
            found = _ADMONITION.match(nodes[0].content) if nodes else None
            if found and nodes[0].type == "text":
                return [self._callout(found[1], nodes, children[1:], self.line(node))]
        blocks, cite = self.cited(children)
        link = sole_link(cite)
        if link:
            return [Quote(blocks=blocks, cite=link.content, url=link.url)]
        return [Quote(blocks=blocks, cite=cite)] if blocks else []

    def cited(self, nodes: Sequence[Node]) -> tuple[Blocks, Content]:
        """The blocks of `nodes`, and who is named in their last line after a dash."""
        if nodes and nodes[-1].type == "paragraph":
            inside = inline_nodes(nodes[-1])
            last = rows(inside)[-1]
            before = inside[: max(0, len(inside) - len(last) - 1)]
            if _DASH.match(last[0].content if last else "") and (before or len(nodes) > 1):
                line = self.line(nodes[-1])
                cite = attributed(inlines(last, self.copy, line)) or ()
                rest = with_faqs(self.paragraph(before, line)) if before else []
                return (*self.blocks(nodes[:-1]), *rest), cite
        return self.blocks(nodes), ()

    def _callout(self, word: str, nodes: Sequence[Node], others: list[Node], line: int) -> Callout:
        first = rows(nodes)[0]
        label = without_start(inlines(first, self.copy, line), _ADMONITION) or ()
        rest = with_faqs(self.paragraph(nodes[len(first) + 1 :], line + 1))
        return self.callout(word, label, (*rest, *self.blocks(others)))

    def callout(self, word: str, label: Content, blocks: Blocks) -> Callout:
        """A callout of the kind that `word` names; a label with nothing under it is its text."""
        kind = KINDS.get(word.lower().replace("-", ""), "note")
        if not blocks and label:
            blocks, label = (Paragraph(content=label),), ()
        printed = one_line(plain(label)) or label_of(kind, self.copy.language)
        return Callout(kind=kind, label=printed, blocks=blocks)

    def _table(self, node: Node) -> list[Block]:
        found: list[list[Node]] = [row.children for part in node.children for row in part.children]
        header, *others = [tuple(self.content(cell) for cell in row) for row in found]
        align = tuple(
            _ALIGN.get(str(cell.attrs.get("style", "")).removeprefix("text-align:"))
            for cell in found[0]
        )
        return [
            Table(
                header=header if any(header) else (),
                rows=tuple(others),
                align=align if any(align) else (),
            )
        ]

    def _code(self, node: Node) -> list[Block]:
        language = node.info.split()[0] if node.info.strip() else None
        return [CodeBlock(text=node.content.removesuffix("\n"), language=language)]

    def _definitions(self, node: Node) -> list[Block]:
        """A definition list as a list whose items begin with the term in bold."""
        items: list[list[Block]] = []
        for child in node.children:
            if child.type == "dt":
                items.append([Paragraph(content=(Strong(content=self.content(child)),))])
            elif items:
                items[-1].extend(self.blocks(child.children))
        return [List(items=tuple(ListItem(blocks=tuple(item)) for item in items))]

    def _footnote(self, node: Node) -> list[Block]:
        label = str(node.meta["label"])
        if label in self._footnotes:
            self.copy.left_out(f"the second footnote {label!r}", self.line(node))
        else:
            self._footnotes[label] = Footnote(label=label, blocks=self.blocks(node.children))
        return []


def inline_nodes(node: Node) -> list[Node]:
    """The nodes of the sentence inside a paragraph, heading or cell."""
    return [inner for child in node.children if child.type == "inline" for inner in child.children]
