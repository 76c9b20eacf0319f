"""Rules about links: whether they work, on every channel."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from syndicate.article import CallToAction, Embed, Link, Related
from syndicate.lint.lint_input import LintInput, LintSubject, Remark, Remarks

_ADDRESS = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s.]+$")


def broken(lint_input: LintInput) -> Remarks:
    """Links without a host, without a target, or to an invalid mail address."""
    for subject, block, url in _links(lint_input):
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and "." not in (parts.hostname or "").strip("."):
            if parts.hostname != "localhost":
                yield Remark(subject, block, f"the link {url!r} has no host")
        elif parts.scheme == "mailto" and not _ADDRESS.match(parts.path):
            yield Remark(subject, block, f"{url!r} is not a mail address")
        elif url in ("", "#"):
            yield Remark(subject, block, "a link has no target", "add its address")


def relative(lint_input: LintInput) -> Remarks:
    """Relative links. They do not work in mail, PDF and EPUB, which have no base address."""
    for subject, block, url in _links(lint_input):
        parts = urlsplit(url)
        if url and url != "#" and not parts.scheme and not parts.netloc:
            whole = urljoin(subject.article.url, url)
            hint = f"write the full address: {whole}"
            yield Remark(subject, block, f"the link {url!r} is relative", hint)


def unknown(lint_input: LintInput) -> Remarks:
    """Links with the address of an article of this newsroom that does not exist."""
    shape = lint_input.publication.article_urls()
    for subject, block, url in _links(lint_input):
        whole = urljoin(subject.article.url, url).partition("#")[0].partition("?")[0].rstrip("/")
        if shape.fullmatch(whole) and whole not in lint_input.known_addresses:
            yield Remark(subject, block, f"a link to an article that does not exist: {whole}/")


def _links(lint_input: LintInput) -> list[tuple[LintSubject, int | None, str]]:
    found: list[tuple[LintSubject, int | None, str]] = []
    for subject in lint_input.subjects:
        for block, node in subject.nodes:
            match node:
                case Link(url=url) | Embed(url=url) | CallToAction(url=str(url)):
                    found.append((subject, block, url))
                case Related(links=links):
                    found += [(subject, block, link.url) for link in links]
                case _:
                    pass
    return found
