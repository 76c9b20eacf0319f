"""Turns the nodes of a Markdown tree into the blocks of an article."""

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
from syndicate.article.blocks import Blocks
from syndicate.article.inlines import Content
from syndicate.article.text import plain
from syndicate.article.values import one_line
from syndicate.readers.markdown import pictures
from syndicate.readers.markdown.captions import is_numbered_markdown_caption, with_markdown_caption
from syndicate.readers.markdown.containers import container
from syndicate.readers.markdown.html import blocks_of_html_in_markdown
from syndicate.readers.markdown.inlines import inlines_of_nodes, is_escaped, rows_of_nodes
from syndicate.readers.markdown.syntax import SyntaxNode, Tree
from syndicate.readers.markdown.tables import markdown_table
from syndicate.readers.markdown.tags import inline_nodes
from syndicate.readers.prose import (
    Answered,
    Asked,
    Part,
    Placed,
    embed_from,
    embed_provider,
    faqs_grouped,
    is_blank_prose,
    name_after_dash,
    placed_with_faqs,
    prose_without_start,
    sole_link,
    trimmed_prose,
    with_urls_linked,
)
from syndicate.readers.reader_state import ReaderState
from syndicate.readers.vocabulary import ANSWER, KINDS, QUESTION, callout_label

_ADMONITION = re.compile(r"\[!([\w-]+)\][+-]?[ \t]*")
_TASK = re.compile(r"\[([ xX])\]\s+")
_ATTRIBUTES = re.compile(r"\s*\{:?\s*(?:[#.][\w:.-]+\s*)+\}$")
_DASH = re.compile(r"\s*(?:[—–―]|--)\s*\S?")
_SPACE = (Text(text=" "),)


class MarkdownBlockReader:
    """Reads the blocks of one tree; `title` is the heading that was used as the headline."""

    def __init__(self, state: ReaderState, tree: Tree, first_line: int) -> None:
        self.state = state
        self.title: str | None = None
        self._tree = tree
        self._first_line = first_line
        self._footnotes: dict[str, Placed] = {}
        self._lowered = 0
        self._readers: dict[str, Callable[[SyntaxNode], Iterable[Part]]] = {
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
            "html_block": lambda node: blocks_of_html_in_markdown(
                node.content, state, self.line(node)
            ),
            "admonition": self._admonition,
            "container_box": lambda node: container(self, node),
            "footnote_reference": self._footnote,
        }

    def article(self, title: str | None) -> list[Placed]:
        """All blocks with their lines, the footnotes last. A first heading of level 1 that repeats
        `title` is left out."""
        nodes = self._tree.blocks
        if nodes and nodes[0].tag == "h1":
            heading = one_line(plain(self.content(nodes[0])))
            if heading and (title is None or heading == title):
                self.title = heading
                nodes = nodes[1:]
        self._lowered = int(any(node.tag == "h1" for node in nodes))
        blocks = self.placed(nodes)
        for label, inside in self._tree.inline_notes.items():
            content = inlines_of_nodes(inside, self.state, self._first_line)
            note = Footnote(label=label, blocks=(Paragraph(content=content),))
            self._footnotes[label] = note, None
        order = {label: number for number, label in enumerate(self._tree.note_order)}
        labels = sorted(self._footnotes, key=lambda label: order.get(label, len(order)))
        return [*blocks, *(self._footnotes[label] for label in labels)]

    def line(self, node: SyntaxNode) -> int:
        """The line of the file where `node` begins."""
        return self._first_line + (node.line or 0)

    def content(self, node: SyntaxNode) -> Content:
        """The inlines of a paragraph, heading or cell."""
        return inlines_of_nodes(inline_nodes(node), self.state, self.line(node))

    def blocks(self, nodes: Iterable[SyntaxNode]) -> Blocks:
        """The blocks of `nodes`; questions and answers become FAQs, tables have their captions."""
        return tuple(block for block, _ in self.placed(nodes))

    def placed(self, nodes: Iterable[SyntaxNode]) -> list[Placed]:
        """The blocks of `nodes` with their lines."""
        parts: list[tuple[Part, int | None]] = []
        for node in nodes:
            parts.extend((part, self.line(node)) for part in self.parts(node))
            self._belongs(parts, node)
        return placed_with_faqs(parts)

    def parts(self, node: SyntaxNode) -> Iterable[Part]:
        """The parts of `node`; questions and answers are still separate."""
        return self._readers[node.type](node)

    def _belongs(self, parts: list[tuple[Part, int | None]], node: SyntaxNode) -> None:
        """Attach a paragraph at the end of `parts` to the block before it if it is the caption or
        attribution of that block, or to the table after it if it is the table's caption."""
        if len(parts) < 2 or node.type not in ("paragraph", "table"):
            return
        (before, first_line), (after, _) = parts[-2:]
        whole: Block | None = None
        if isinstance(after, Table) and isinstance(before, Paragraph) and not after.caption:
            if is_numbered_markdown_caption(before.content):
                whole = after.model_copy(update={"caption": before.content})
        elif isinstance(after, Paragraph) and not is_escaped(inline_nodes(node)):
            whole = with_markdown_caption(before, after.content, self.state, self.line(node))
        if whole:
            parts[-2:] = [(whole, first_line)]

    def paragraph(self, nodes: Sequence[SyntaxNode], line: int) -> list[Part]:
        """The parts of a paragraph of `nodes`: pictures, questions, an embed or running text."""
        if (shown := pictures.lone_markdown_pictures(nodes, self.state, line)) is not None:
            return list(shown)
        nodes, moved = pictures.markdown_pictures_taken_out(nodes, self.state, line)
        content = inlines_of_nodes(nodes, self.state, line)
        if is_blank_prose(content):
            return list(moved)
        link = sole_link(content)
        if link and plain(link.content) == link.url and embed_provider(link.url) and _bare(nodes):
            return [embed_from(link.url), *moved]
        if not is_escaped(nodes) and (
            prose_without_start(content, QUESTION) or prose_without_start(content, ANSWER)
        ):
            return [*self._questions(nodes, line), *moved]
        return [Paragraph(content=content), *moved]

    def _questions(self, nodes: Sequence[SyntaxNode], line: int) -> list[Part]:
        """The questions and answers in a paragraph: each `Q: …` or `A: …` begins a line."""
        contents: list[Content] = []
        for row in rows_of_nodes(nodes):
            content = inlines_of_nodes(row, self.state, line)
            marked = prose_without_start(content, QUESTION) or prose_without_start(content, ANSWER)
            if (marked and not is_escaped(row)) or not contents:
                contents.append(content)
            else:
                contents[-1] = (*contents[-1], *_SPACE, *content)
        parts: list[Part] = []
        for content in contents:
            whole = Paragraph(content=content)
            if question := prose_without_start(content, QUESTION):
                parts.append(Asked(question, whole))
            elif answer := prose_without_start(content, ANSWER):
                parts.append(Answered((Paragraph(content=answer),), whole))
            else:
                parts.append(whole)
        return parts

    def _heading(self, node: SyntaxNode) -> list[Block]:
        level = min(6, max(2, int(node.tag[1]) + self._lowered))
        content = self.content(node)
        if content and isinstance(last := content[-1], Text) and not last.text.isspace():
            # "## Wind {#wind .wide}": attributes for machines.
            content = trimmed_prose((*content[:-1], Text(text=_ATTRIBUTES.sub("", last.text))))
        return [] if is_blank_prose(content) else [Heading(level=level, content=content)]

    def _list(self, node: SyntaxNode) -> list[Block]:
        items = tuple(self._item(item) for item in node.children)
        start = node.attrs.get("start", 1)
        return [List(ordered=node.type == "ordered_list", start=int(start), items=items)]

    def _item(self, node: SyntaxNode) -> ListItem:
        blocks = self.blocks(node.children)
        if blocks and isinstance(first := blocks[0], Paragraph):
            task = _TASK.match(plain(first.content))
            rest = prose_without_start(first.content, _TASK)
            if task and rest is not None:
                blocks = (Paragraph(content=rest), *blocks[1:])
                return ListItem(blocks=blocks, checked=task[1] != " ")
        return ListItem(blocks=blocks)

    def _quote(self, node: SyntaxNode) -> Sequence[Part]:
        children = node.children
        if children and children[0].type == "paragraph":
            nodes = inline_nodes(children[0])
            found = _ADMONITION.match(nodes[0].content) if nodes else None
            if found and nodes[0].type == "text":
                return self._marked_quote(found[1], nodes, children[1:], self.line(node))
        blocks, cite = self.cited(children)
        link = sole_link(cite)
        if link:
            return [Quote(blocks=blocks, cite=link.content, url=link.url)]
        return [Quote(blocks=blocks, cite=cite)] if blocks else []

    def cited(self, nodes: Sequence[SyntaxNode]) -> tuple[Blocks, Content]:
        """The blocks of `nodes`, and the name after a dash in their last line."""
        if nodes and nodes[-1].type == "paragraph":
            inside = inline_nodes(nodes[-1])
            last = rows_of_nodes(inside)[-1]
            before = inside[: max(0, len(inside) - len(last) - 1)]
            signed = bool(last) and last[0].type == "text" and _DASH.match(last[0].content)
            if signed and (before or len(nodes) > 1):
                line = self.line(nodes[-1])
                cite = name_after_dash(inlines_of_nodes(last, self.state, line)) or ()
                rest = faqs_grouped(self.paragraph(before, line)) if before else []
                return (*self.blocks(nodes[:-1]), *rest), cite
        return self.blocks(nodes), ()

    def _marked_quote(
        self, word: str, nodes: Sequence[SyntaxNode], others: list[SyntaxNode], line: int
    ) -> Sequence[Part]:
        """`> [!word] Label` and the quoted lines below: a callout, a quote or a question."""
        first = rows_of_nodes(nodes)[0]
        label = prose_without_start(inlines_of_nodes(first, self.state, line), _ADMONITION) or ()
        rest = faqs_grouped(self.paragraph(nodes[len(first) + 1 :], line + 1))
        blocks = (*rest, *self.blocks(others))
        if word.lower() in ("quote", "cite") and blocks:
            return [Quote(blocks=blocks, cite=label)]
        if word.lower() in ("faq", "question", "help") and blocks and plain(label).endswith("?"):
            return [Asked(label, Paragraph(content=label)), Answered(blocks, blocks[0])]
        return [self.callout(word, label, blocks)]

    def callout(self, word: str, label: Content, blocks: Blocks) -> Callout:
        """A callout of the kind called `word`; a label with nothing below it becomes its text."""
        kind = KINDS.get(word.lower().replace("-", ""), "note")
        if not blocks and label:
            blocks, label = (Paragraph(content=label),), ()
        printed = one_line(plain(label)) or callout_label(kind, self.state.language)
        return Callout(kind=kind, label=printed, blocks=blocks)

    def _admonition(self, node: SyntaxNode) -> Iterable[Block]:
        """`!!! tip "Label"` above indented text; without indented text it is an exclamation."""
        inside = list(node.children)
        title = inside.pop(0) if node.content and inside else None
        blocks = self.blocks(inside)
        word = str(node.meta["tag"])
        if not blocks or word.replace("-", "") not in KINDS:
            said = with_urls_linked(f"{node.markup} {node.info.strip()}")
            return [Paragraph(content=said), *blocks]
        # The parser uses the word as the title of an admonition without a title.
        own = title is not None and node.info.strip().lower() != word
        return [self.callout(word, self.content(title) if title and own else (), blocks)]

    def _table(self, node: SyntaxNode) -> list[Block]:
        rows = [row.children for part in node.children for row in part.children]
        return [markdown_table([[(self.content(cell), cell) for cell in row] for row in rows])]

    def _code(self, node: SyntaxNode) -> list[Block]:
        language = node.info.split()[0] if node.info.strip() else None
        return [CodeBlock(text=node.content.removesuffix("\n"), language=language)]

    def _definitions(self, node: SyntaxNode) -> list[Block]:
        """A definition list as a list whose items begin with the term in bold."""
        items: list[list[Block]] = []
        for child in node.children:
            if child.type == "dt":
                items.append([Paragraph(content=(Strong(content=self.content(child)),))])
            elif items:
                items[-1].extend(self.blocks(child.children))
        return [List(items=tuple(ListItem(blocks=tuple(item)) for item in items))]

    def _footnote(self, node: SyntaxNode) -> list[Block]:
        label = str(node.meta["label"])
        if label in self._footnotes:
            self.state.left_out(f"the second footnote {label!r}", self.line(node))
        else:
            note = Footnote(label=label, blocks=self.blocks(node.children))
            self._footnotes[label] = note, self.line(node)
        return []


def _bare(nodes: Sequence[SyntaxNode]) -> bool:
    """Whether a link is written as just its address."""
    shown = [node for node in nodes if node.type != "text" or node.content.strip()]
    return all(node.type != "link" or node.markup == "autolink" for node in shown)
