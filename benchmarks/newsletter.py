"""What a newsletter costs: making one of many articles, and addressing it to many people.

Making: the HTML of an edition against Jinja alone and css-inline alone on the same page and style
sheet. Addressing: bytes a second from the finished letter against an `EmailMessage`, and against
a Jinja render, for each recipient. Processor time, the best of three runs.

Run: python benchmarks/newsletter.py [articles] [recipients]
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from time import process_time
from typing import Any, cast

import css_inline
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jinja2 import Environment

from syndicate.adapters.edition import Edition
from syndicate.adapters.email.adapter import Email
from syndicate.adapters.email.layout import FrameLinks, MailLayout
from syndicate.adapters.email.palette import mail_palette
from syndicate.adapters.email.pictures import MailPictures
from syndicate.article import Article, Contributor, Figure, Heading, Paragraph, Text
from syndicate.article.publication import Publication
from syndicate.kit import Kit
from syndicate.letter import Letter, Subscriber
from syndicate.letter.dkim import Signer
from syndicate.letter.merge import Merge, MergeBlock, MergeDefault, MergeField
from syndicate.letter.placeholders import teach_merge_fields

ROOT = Path(__file__).parents[1]
NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
PUBLICATION = Publication(
    title="The Harbour Gazette",
    base_url="https://gazette.example.org/",
    address="1 Quay Street, Port Ellery",
)
WORDS = ("tide", "turned", "before", "pilots", "had", "read", "the", "gauge", "&", "nobody", "was")


def article(number: int) -> Article:
    """An article of some 150 words with a picture and headings."""
    running = cycle(WORDS)
    moment = NOON - timedelta(hours=number)
    paragraphs = [Paragraph(content=(Text(text=" ".join(islice(running, 40))),)) for _ in range(4)]
    return Article(
        id=f"tag:gazette.example.org,2026:{number}",
        url=f"https://gazette.example.org/{number}/",
        slug=f"tide-{number}",
        title=f"Tide report {number}",
        summary="What the gauge said, and who read it.",
        section="Harbour",
        contributors=(Contributor(name="Ines Okafor"),),
        first_published=moment,
        published=moment,
        updated=moment,
        lead_image=Figure(
            src="https://gazette.example.org/x.jpg", alt="A gauge", width=1600, height=800
        ),
        body=(*paragraphs[:2], Heading(content=(Text(text="The gauge"),)), *paragraphs[2:]),
    )


def best(work: Callable[[], object], rounds: int = 3) -> float:
    """The shortest of `rounds` runs, in seconds of processor time."""
    times = []
    for _ in range(rounds):
        start = process_time()
        work()
        times.append(process_time() - start)
    return min(times)


def making(edition: Edition, kit: Kit) -> None:
    """Print what the HTML of `edition` costs beside what its two engines cost alone."""
    kit = replace(kit, extend=teach_merge_fields)
    pages: list[str] = []

    def layout(own: Kit) -> MailLayout:
        return MailLayout(
            edition,
            own,
            MailPictures(edition, own),
            theme="broadsheet",
            whole=len(edition.articles),
            subject="Tide report",
            preheader="What the gauge said",
            reason=None,
            links=FrameLinks(
                "https://gazette.example.org/12.html", "https://gazette.example.org/u/"
            ),
        )

    class Overheard(Kit):
        """A kit that keeps the pages that its templates make."""

        def render(self, template: str, /, **variables: Any) -> str:
            made = super().render(template, **variables)
            if template.endswith(".html.j2"):
                calls.append((template, variables))
                pages.append(made)
            return made

    calls: list[tuple[str, dict[str, Any]]] = []
    html = layout(Overheard(**vars(kit))).html(archived=False)
    template, variables = calls[-1]
    bare = layout(kit)

    def jinja() -> None:
        for one in edition.articles:
            kit.body(one, **_known(bare, one))
        kit.render(template, **variables)

    colours = mail_palette(kit.asset("brand.css").decode(), PUBLICATION.accent)
    sheet = kit.render("broadsheet.css.j2", **colours)

    def inlining() -> None:
        css_inline.CSSInliner(
            extra_css=sheet, keep_style_tags=True, load_remote_stylesheets=False
        ).inline(pages[-1])

    whole, engines = best(lambda: layout(kit).html(archived=False)), (best(jinja), best(inlining))
    print(
        f"making {len(edition.articles)} articles, {len(html.encode()):,} bytes of HTML: "
        f"{whole * 1000:.1f} ms; Jinja alone {engines[0] * 1000:.1f} ms, css-inline alone "
        f"{engines[1] * 1000:.1f} ms; ratio {whole / sum(engines):.2f}"
    )


def _known(layout: MailLayout, one: Article) -> dict[str, Any]:
    """The names that the block macros of mail know."""
    return {
        "picture": lambda figure: layout.pictures.show(one, figure, 552),
        "half": lambda figure: None,
        "column": 276,
        "absolute": str,
        "deeper": 1,
        "read_on": one.url,
    }


def people(count: int) -> tuple[Subscriber, ...]:
    """`count` subscribers with a name, tags and a link of their own."""
    return tuple(
        Subscriber(
            f"reader{n}@example.org",
            {"first_name": f"Zoë {n}"},
            frozenset({"member"} if n % 2 else ()),
            f"https://u.example.org/k{n}?t=ZmVycnk",
        )
        for n in range(count)
    )


def addressing(letter: Letter, readers: tuple[Subscriber, ...]) -> None:
    """Print how many messages a second come out of `letter`, and of the usual ways."""
    name = MergeField("first_name", (MergeDefault("reader"),))
    letter = replace(
        letter,
        subject=("Dear ", name, ", the tides"),
        text=("Dear ", name, ",\n", MergeBlock("member", True, ("Thank you.\n",)), *letter.text),
        html=_greeted(letter.html, name),
    )
    size = len(letter.to(readers[0]))
    ours = len(readers) / best(lambda: [letter.to(one) for one in readers])
    few = readers[: max(1, len(readers) // 50)]
    env = Environment(autoescape=True)
    pages = [env.from_string(_as_jinja(merge)) for merge in (letter.text, letter.html)]

    def rendered(one: Subscriber) -> Iterator[str]:
        known = {**one.fields, "tags": one.tags, "unsubscribe_url": one.unsubscribe_url}
        yield from (page.render(subscriber=known) for page in pages)

    def usual(one: Subscriber) -> bytes:
        mail = EmailMessage()
        mail["Subject"], mail["To"] = letter.subject_for(one), one.address
        text, html = rendered(one)
        mail.set_content(text)
        mail.add_alternative(html, subtype="html")
        return mail.as_bytes()

    messages = len(few) / best(lambda: [usual(one) for one in few])
    templates = len(few) / best(lambda: [list(rendered(one)) for one in few])
    print(
        f"addressing {size:,} bytes: {ours:,.0f} a second ({1e6 / ours:.0f} µs each); "
        f"EmailMessage for each {messages:,.0f}, ratio {ours / messages:.0f}; "
        f"Jinja for each, without MIME, {templates:,.0f}, ratio {ours / templates:.1f}"
    )
    rsa_key = rsa.generate_private_key(65537, 2048)
    for kind, key in (("RSA-2048", rsa_key), ("Ed25519", ed25519.Ed25519PrivateKey.generate())):
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        each = best(partial(_sign, Signer("example.org", "s1", pem), letter, few)) / len(few)
        print(f"signing with {kind}: {each * 1000:.2f} ms each")


def _sign(signer: Signer, letter: Letter, readers: tuple[Subscriber, ...]) -> None:
    mail = letter.to(readers[0])
    for _ in readers:
        signer.sign(mail)


def _greeted(html: Merge, name: MergeField) -> Merge:
    first, *rest = html
    head, body, page = cast(str, first).partition("<table")
    return (head, "Dear ", name, body + page, *rest)


def _as_jinja(merge: Merge) -> str:
    """`merge` as the template that would be rendered for each reader."""
    parts = []
    for piece in merge:
        if isinstance(piece, str):
            parts.append("{% raw %}" + piece + "{% endraw %}")
        elif isinstance(piece, MergeBlock):
            test = "in" if piece.wanted else "not in"
            parts.append(
                f'{{% if "{piece.tag}" {test} subscriber.tags %}}{_as_jinja(piece.pieces)}'
                "{% endif %}"
            )
        else:
            parts.append(f"{{{{ subscriber.{piece.name} }}}}")
    return "".join(parts)


def main(articles: int = 26, recipients: int = 5000) -> None:
    """Print both."""
    kit = Kit((ROOT / "templates" / "email", ROOT / "templates"), ROOT / "content")
    stories = tuple(article(n) for n in range(articles))
    url = "https://gazette.example.org/email/"
    edition = Edition(PUBLICATION, "email", url, stories, NOON, 12)
    making(edition, kit)
    made = list(Email(body="summary").render(edition, kit))
    addressing(Letter.read(made[-1].content), people(recipients))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
