"""What an editor states about single blocks, in front matter or in `NAME.toml` next to `NAME.ext`.

    [lines]
    12 = "paragraph"                # the block, or in plain copy the line, that begins at line 12
    14 = "heading 3"

    [text]
    "Key takeaways" = "heading"     # the block with this text; "Key takea…" for a longer text

The value is one of `FORMS`. A callout (`tip`, `fact`, `note`, `warning`) may have a label ("tip:
Good to know") and a heading a level; a correction must have its date.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from syndicate.article import (
    FAQ,
    Block,
    Callout,
    CallToAction,
    Correction,
    Divider,
    Heading,
    LineBreak,
    List,
    ListItem,
    Paragraph,
    Paywall,
    PullQuote,
    QuestionAnswer,
    Quote,
    Text,
)
from syndicate.article.blocks import Blocks
from syndicate.article.inlines import Content, Inline
from syndicate.article.text import passages
from syndicate.article.values import one_line
from syndicate.errors import Location, SourceError, SyndicateError
from syndicate.readers.contract import Source
from syndicate.readers.front_matter import FrontMatter, FrontMatterValue
from syndicate.readers.prose import Answered, Asked, Part, Placed, placed_with_faqs
from syndicate.readers.vocabulary import LABELS, Kind, callout_label

TABLES = ("lines", "text")
FORMS = (
    "paragraph",
    "heading",
    "item",
    "numbered item",
    "quote",
    "pullquote",
    *LABELS,
    "question",
    "answer",
    "cta",
    "correction",
    "divider",
    "paywall",
    "left out",
)
_FORM = re.compile(
    rf"(?P<name>{'|'.join(sorted(FORMS, key=len, reverse=True))})"
    r"(?:\s+(?P<level>[2-6])|\s+(?P<day>\d{4}-\d\d-\d\d)|\s*:\s*(?P<label>\S.*))?"
)


@dataclass(frozen=True)
class Form:
    """The kind that a block is changed to. `level` is for headings, `day` for corrections, `label`
    for callouts."""

    name: str
    level: int = 2
    day: date | None = None
    label: str = ""


@dataclass
class BlockOverride:
    """The `form` for the block at `line`, or for the block with this `text`. `where` is the place
    that states it; `used` is whether there was such a block."""

    form: Form
    where: Location
    line: int | None = None
    text: str = ""
    used: bool = False

    def is_of(self, line: int | None, text: str) -> bool:
        """Whether this override is for the block at `line` with this `text`."""
        if self.line is not None:
            return line == self.line
        said = one_line(text)
        return said.startswith(self.text[:-1]) if self.text.endswith("…") else said == self.text


def overrides_in(
    front: FrontMatter, source: Source, errors: list[SyndicateError]
) -> list[BlockOverride]:
    """The overrides in `front`; their errors are added to `errors`."""
    found: list[BlockOverride] = []
    for table in TABLES:
        value = front.values.get(table)
        if value is None:
            continue
        if not isinstance(value, dict):
            wanted = "a table such as 12 = 'paragraph'"
            where = source.at(*front.place((table,)))
            errors.append(SourceError(f"{table!r} must be {wanted}", where=where))
            continue
        for key, written in value.items():
            where = source.at(*front.place((table, key)))
            try:
                form = _form(written)
                line = _line(key) if table == "lines" else None
            except ValueError as error:
                hint = None if len(error.args) < 2 else error.args[1]
                errors.append(
                    SourceError(f"'{table}.{key}' {error.args[0]}", where=where, hint=hint)
                )
                continue
            text = "" if line else one_line(key)
            found.append(BlockOverride(form, where, line, text))
    return found


def _line(key: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,8}", key):
        raise ValueError("must be a line number")
    return int(key)


def _form(written: FrontMatterValue) -> Form:
    text = written.strip() if isinstance(written, str) else ""
    found = _FORM.fullmatch(text)
    if not found:
        near = get_close_matches(text.partition(" ")[0], FORMS, n=1)
        hint = f"did you mean {near[0]!r}?" if near else None
        raise ValueError(f"must be one of {', '.join(FORMS)}, not {text!r}", hint)
    name = found["name"]
    if bool(found["day"]) != (name == "correction"):
        raise ValueError("must give a date with a correction only: 'correction 2026-10-06'")
    if found["level"] and name != "heading":
        raise ValueError("must be a heading: nothing else has a level")
    if found["label"] and name not in LABELS:
        raise ValueError("must be a callout: nothing else has a label")
    return Form(
        name,
        int(found["level"] or 2),
        date.fromisoformat(found["day"]) if found["day"] else None,
        found["label"] or "",
    )


def with_overrides(
    body: Sequence[Placed], overrides: Sequence[BlockOverride], language: str
) -> list[Placed]:
    """`body` after `overrides` were applied to the blocks that they are for.

    Raises:
        SourceError: an override is not for any block, and no reader has used it before.
    """
    if all(override.used for override in overrides):
        return list(body)
    parts: list[tuple[Part, int | None]] = []
    items_end = 0
    for block, line in body:
        said = " ".join(passages((block,)))
        meant = [one for one in overrides if not one.used and one.is_of(line, said)]
        if not meant:
            parts.append((block, line))
            continue
        for one in meant:
            one.used = True
        parts.extend((part, line) for part in recast_block(block, meant[-1].form, language))
        if len(parts) > 1 and "item" in meant[-1].form.name and items_end == len(parts) - 1:
            parts[-2:] = _one_list(*parts[-2:])
        items_end = len(parts) if "item" in meant[-1].form.name else 0
    for unused in (one for one in overrides if not one.used):
        near = [line for _, line in body if line and unused.line and line <= unused.line]
        what = f"begins at line {unused.line}" if unused.line else f"has the text {unused.text!r}"
        raise SourceError(
            f"no block of the article {what}",
            where=unused.where,
            hint=f"the block before that line begins at line {near[-1]}" if near else None,
        )
    return placed_with_faqs(parts)


def _one_list(
    before: tuple[Part, int | None], after: tuple[Part, int | None]
) -> list[tuple[Part, int | None]]:
    """Two lists as one, if both are numbered or both are not."""
    (first, line), (last, _) = before, after
    if isinstance(first, List) and isinstance(last, List) and first.ordered == last.ordered:
        return [(first.model_copy(update={"items": (*first.items, *last.items)}), line)]
    return [before, after]


def recast_block(block: Block, form: Form, language: str) -> Sequence[Part]:
    """`block` changed to another form; its words stay, whatever kind of block it was."""
    if form.name == "left out":
        return ()
    if form.name in LABELS:
        return (_callout(block, form, language),)
    return _RECASTS[form.name](block, form)


def _callout(block: Block, form: Form, language: str) -> Callout:
    kind: Kind = next(kind for kind in LABELS if kind == form.name)
    if isinstance(block, Callout):
        return block.model_copy(update={"kind": kind, "label": form.label or block.label})
    return Callout(
        kind=kind, label=form.label or callout_label(kind, language), blocks=_blocks(block)
    )


def _item(block: Block, form: Form) -> Sequence[Part]:
    return (List(ordered=form.name != "item", items=(ListItem(blocks=_blocks(block)),)),)


def _quote(block: Block, form: Form) -> Sequence[Part]:
    cite = block.cite if isinstance(block, PullQuote) else ()
    return (Quote(blocks=_blocks(block), cite=cite),)


def _question(block: Block, form: Form) -> Sequence[Part]:
    return (Asked(_content(block), block),)


def _answer(block: Block, form: Form) -> Sequence[Part]:
    return (Answered(_blocks(block), block),)


def _correction(block: Block, form: Form) -> Sequence[Part]:
    return (Correction(date=form.day or date.min, content=_content(block)),)


_RECASTS: Mapping[str, Callable[[Block, Form], Sequence[Part]]] = {
    "paragraph": lambda block, form: _blocks(block),
    "heading": lambda block, form: (Heading(level=form.level, content=_content(block)),),
    "item": _item,
    "numbered item": _item,
    "quote": _quote,
    "pullquote": lambda block, form: (PullQuote(content=_content(block)),),
    "question": _question,
    "answer": _answer,
    "cta": lambda block, form: (CallToAction(content=_content(block)),),
    "correction": _correction,
    "divider": lambda block, form: (Divider(),),
    "paywall": lambda block, form: (Paywall(),),
}


def _blocks(block: Block) -> Blocks:
    """The content of `block` as separate blocks."""
    match block:
        case Quote(blocks=blocks, cite=cite):
            return (*blocks, *((Paragraph(content=cite),) if cite else ()))
        case Callout(label=label, blocks=blocks):
            return (Paragraph(content=(Text(text=label),)), *blocks)
        case List(items=items):
            return tuple(inner for item in items for inner in item.blocks)
        case FAQ(pairs=pairs):
            return tuple(inner for pair in pairs for inner in _pair(pair))
        case Paragraph():
            return (block,)
    if content := getattr(block, "content", ()):
        return (Paragraph(content=content),)
    return tuple(Paragraph(content=(Text(text=text),)) for text in passages((block,)))


def _pair(pair: QuestionAnswer) -> Blocks:
    return (Paragraph(content=pair.question), *pair.answer)


def _content(block: Block) -> Content:
    """The words of `block` as inlines, with line breaks between its paragraphs."""
    parts: list[Inline] = []
    for inner in _blocks(block):
        words = getattr(inner, "content", ()) or tuple(
            Text(text=text) for text in passages((inner,))
        )
        if parts and words:
            parts.append(LineBreak())
        parts.extend(words)
    return tuple(parts)
