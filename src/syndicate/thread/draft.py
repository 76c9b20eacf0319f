"""The draft file of a thread, in a format for editing by hand and for git.

It has YAML front matter, then the posts, separated by lines of three hyphens. If a post itself has
such a line, it is written with a backslash in front, as in Markdown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from syndicate.errors import Location, Problems, SourceError

_SEPARATOR = re.compile(r"---[ \t]*")
_BREAK = re.compile("[\n\x85\u2028\u2029]")
_ESCAPABLE = re.compile(r"\\*---[ \t]*")
_ESCAPED = re.compile(r"\\+---[ \t]*")


MEDIA_TYPE = "text/markdown"  # RFC 7763
_RARE = ("language", "card", "reply_to", "edits", "schedule", "confirmed")  # left out if empty


class Image(BaseModel):
    """A picture to post. `src` is as in the article; `alt` is None if no one has written it."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    src: str = Field(min_length=1)
    alt: str | None = None


class Card(BaseModel):
    """The text of the link preview, for platforms that do not read it from the page."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    title: str = Field(min_length=1)
    description: str = ""


class ThreadDraft(BaseModel):
    """The content of a draft file.

    Args:
        article: the id of the article.
        status: the last verdict, for people who read the file. It does not allow posting; only an
            approval of exactly these bytes does.
        digest: the digest of the article when the draft was made.
        link: the absolute URL of the article.
        language: the language of the article, a BCP 47 tag.
        reply_to: the id of the post on the platform that the first post replies to.
        edits: the ids of public posts, each of which gets the text of one of these posts; then none
            is published.
        schedule: no post is published before this time.
        confirmed: numbers and quotations that are not in the article, but that someone has
            confirmed.
        posts: the texts exactly as they will be published; at least one, and none empty.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    article: str = Field(min_length=1)
    channel: str = Field(min_length=1)
    status: Literal["draft", "approved", "rejected"] = "draft"
    digest: str
    link: str
    language: str | None = None
    card: Card | None = Field(default=None, strict=False)
    reply_to: str | None = None
    edits: tuple[str, ...] = Field(default=(), strict=False)
    images: tuple[Image, ...] = Field(default=(), strict=False)
    schedule: AwareDatetime | None = None
    confirmed: tuple[str, ...] = Field(default=(), strict=False)
    posts: tuple[str, ...] = Field(min_length=1)

    @property
    def units(self) -> dict[str, str]:
        """The text of each post by the name of its delivery: "01", "02" and so on."""
        return {f"{number:02}": text for number, text in enumerate(self.posts, 1)}


def write_draft(draft: ThreadDraft) -> bytes:
    """`draft` as a file in UTF-8, which `read_draft` reads."""
    import yaml

    class Dumper(yaml.SafeDumper):
        """Writes text with line breaks in double quotes, since YAML reads a line break in other
        scalars as a space, and NEL as a line break."""

    def text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
        style = '"' if _BREAK.search(value) else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    Dumper.add_representer(str, text)
    rare = {name for name in _RARE if not getattr(draft, name)}
    head = yaml.dump(
        draft.model_dump(mode="json", exclude={"posts", *rare}) | _schedule(draft),
        Dumper=Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=2**31,
    )
    posts = "\n\n---\n\n".join(_escaped(post.strip()) for post in draft.posts)
    return f"---\n{head}---\n\n{posts}\n".encode()


def _schedule(draft: ThreadDraft) -> dict[str, datetime]:
    return {"schedule": draft.schedule} if draft.schedule else {}


def read_draft(data: bytes, file: str) -> ThreadDraft:
    """The draft in `data`. `file` is its name in error messages.

    Raises:
        SourceError: `data` is not a valid draft; the error has file and line.
        Problems: more than one key of the front matter is wrong.
    """
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise SourceError("is not UTF-8", where=Location(file, line)) from error
    lines = text.split("\n")
    marks = [number for number, line in enumerate(lines) if _SEPARATOR.fullmatch(line)]
    if not marks or any(line.strip() for line in lines[: marks[0]]):
        raise SourceError(
            "does not start with front matter",
            where=Location(file, 1),
            hint="the first line must be '---'",
        )
    if len(marks) == 1:
        raise SourceError(
            "the front matter has no end",
            where=Location(file, marks[0] + 1),
            hint="add a line '---' after it",
        )
    head = "\n".join(lines[marks[0] + 1 : marks[1]])
    posts = _posts(lines, marks[1:], file)
    return _validated(head, marks[0] + 1, posts, file)


def _posts(lines: list[str], marks: list[int], file: str) -> tuple[str, ...]:
    posts = []
    for number, (above, below) in enumerate(zip(marks, [*marks[1:], len(lines)], strict=True), 1):
        post = "\n".join(_unescaped(line) for line in lines[above + 1 : below]).strip()
        if not post:
            raise SourceError(
                f"post {number} is empty",
                where=Location(file, above + 1),
                hint="write the post, or delete one of the lines '---'",
            )
        posts.append(post)
    return tuple(posts)


def _validated(head: str, offset: int, posts: tuple[str, ...], file: str) -> ThreadDraft:
    table, lines = _front_matter(head, offset, file)
    try:
        return ThreadDraft.model_validate({**table, "posts": posts})
    except ValidationError as error:
        problems = [
            SourceError(
                f"{'.'.join(map(str, found['loc']))}: {_message(found)}",
                where=Location(file, lines.get(found["loc"][0], offset)),
                hint="put the value in quotes" if found["type"] == "string_type" else None,
            )
            for found in error.errors()
        ]
        raise (problems[0] if len(problems) == 1 else Problems(problems)) from error


def _message(found: Any) -> str:
    known: dict[str, str] = {"missing": "is missing", "extra_forbidden": "unknown key"}
    return known.get(found["type"], str(found["msg"]))


def _front_matter(head: str, offset: int, file: str) -> tuple[dict[Any, Any], dict[Any, int]]:
    """The front matter, and the line of the file for each of its keys."""
    import yaml

    try:
        try:
            loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(head)
            node = loader.get_single_node()
        except yaml.YAMLError:  # the other one knows better where the error is
            loader = yaml.SafeLoader(head)
            node = loader.get_single_node()
        table = loader.construct_document(node) if node is not None else {}
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise SourceError(
            f"the front matter is not YAML: {getattr(error, 'problem', None) or error}",
            where=Location(
                file, offset + (mark.line + 1 if mark else 1), mark.column + 1 if mark else None
            ),
        ) from error
    if not isinstance(table, dict) or "posts" in table:
        raise SourceError(
            "the front matter must consist of keys and values, such as 'status: draft'",
            where=Location(file, offset + 1),
        )
    keys = node.value if node is not None else []
    return table, {key.value: offset + key.start_mark.line + 1 for key, _ in keys}


def _escaped(post: str) -> str:
    return "\n".join(
        f"\\{line}" if _ESCAPABLE.fullmatch(line) else line for line in post.split("\n")
    )


def _unescaped(line: str) -> str:
    return line[1:] if _ESCAPED.fullmatch(line) else line


def draft_with_keys(data: bytes, values: Mapping[str, str | list[str]]) -> bytes:
    """The draft file `data` with these keys of its front matter set, and no other byte changed.

    Args:
        data: a valid draft, see `read_draft`.
    """
    lines = data.decode().split("\n")
    marks = (at for at, line in enumerate(lines) if _SEPARATOR.fullmatch(_visible(line)))
    first, last = islice(marks, 2)
    head = lines[first + 1 : last]
    ending = "\r" if lines[first].endswith("\r") else ""
    for key, value in values.items():
        plain = isinstance(value, str) and value.isalnum() and not value.isdigit()
        written = f"{key}: {value if plain else json.dumps(value, ensure_ascii=False)}{ending}"
        at = next((n for n, line in enumerate(head) if line.startswith(f"{key}:")), len(head))
        end = at + 1
        while end < len(head) and head[end].startswith((" ", "\t", "- ")):
            end += 1
        head[at:end] = [written]
    return "\n".join([*lines[: first + 1], *head, *lines[last:]]).encode()


def _visible(line: str) -> str:
    return line.removeprefix("\ufeff").removesuffix("\r")
