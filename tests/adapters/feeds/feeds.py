"""Feeds, editions and articles for the tests of feeds."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from syndicate.adapters.edition import Artifact, Edition
from syndicate.adapters.feeds.adapter import FeedAdapter
from syndicate.article import Article, Contributor, Emphasis, Figure, Heading, Paragraph, Tag
from syndicate.article.publication import Publication
from syndicate.kit import Kit
from tests.articles import NOON, PUBLICATION, article, every_block, para, words

TEMPLATES = Path(__file__).parents[3] / "templates"
HOSTILE = (
    "]]>",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}{% include '/etc/passwd' %}",
    "&amp; &lt;b&gt; &nbsp; & <",
    '" onload="alert(1)',
    "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "\u202eevil\u202c \u200b\ufeff",
    "\x00\x08\x0b\x1f\x7f control \ud800 \ufffe",
    "مرحبا بالعالم",
    "<!-- --><![CDATA[ <?xml?> <!DOCTYPE x>",
)


def kit(content: Path | None = None) -> Kit:
    """A kit with the project's templates."""
    return Kit((TEMPLATES / "feed", TEMPLATES), content or Path("no-content-here"))


def edition(*articles: Article, publication: Publication = PUBLICATION) -> Edition:
    """An edition of the channel `feed`."""
    return Edition(publication, "feed", "https://gazette.example.org/feed/", articles, NOON)


def files(feed: FeedAdapter, of: Edition, with_kit: Kit | None = None) -> dict[str, Artifact]:
    """The artifacts of `feed` by name."""
    return {artifact.name: artifact for artifact in feed.render(of, with_kit or kit())}


def document(feed: FeedAdapter, *articles: Article) -> bytes:
    """The feed document."""
    return files(feed, edition(*articles))[feed.file].content


def arabic() -> Article:
    """A short article in Arabic."""
    return article(
        "arabic",
        language="ar",
        title="عودة العبّارة الليلية",
        body=(para("تبحر العبّارة الليلية من جديد يوم الجمعة."),),
    )


def hostile() -> tuple[Article, ...]:
    """Fifty articles with something bad in every place that takes text."""
    return tuple(
        article(
            "same-slug",
            id=f"tag:gazette.example.org,2026:hostile-{n}",
            url="https://gazette.example.org/naïve/öl?q=a b&c=<d>",
            title=f"{n} {HOSTILE[n % 10]}",
            subtitle=HOSTILE[(n + 1) % 10],
            summary=HOSTILE[(n + 2) % 10] if n % 3 else None,
            section=HOSTILE[(n + 3) % 10] if n % 2 else None,
            dateline=HOSTILE[(n + 4) % 10] if n % 5 else None,
            tags=(Tag(name=f"t{HOSTILE[(n + 5) % 10]}"), Tag(name=f"t{HOSTILE[(n + 5) % 10]}")),
            language=("en", "ar", "he", "ja")[n % 4],
            access=("free", "paid")[n % 7 == 0],
            credit={"source": HOSTILE[(n + 6) % 10], "usage_terms": HOSTILE[(n + 7) % 10]},
            body=()
            if n % 11 == 0
            else (
                para(HOSTILE[(n + 8) % 10]),
                Heading(content=words(HOSTILE[(n + 9) % 10])),
                Paragraph(content=(Emphasis(content=words(HOSTILE[n % 10] * 50)),)),
                Figure(src="../../etc/passwd", alt=HOSTILE[(n + 1) % 10]),
            ),
        )
        for n in range(50)
    )


def picture(content: Path, name: str, size: tuple[int, int]) -> str:
    """Draw a picture at `content/name` and return its `src`."""
    path = content / name
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.linear_gradient("L").resize(size).convert("RGB").save(path)
    return name


MORE = (
    "</b> closed before it was opened",
    "<b>bold</b> &nbsp; &amp;amp; &#x41; &#65;",
    "R&D & <i>more</i>",
    "C1 \x80\x85\x9f and \ufffd",
    "<![CDATA[x]]> ]]>",
    "שלום עולם <p dir=rtl>",
    "😀" * 40,
    "a" * 5000,
    "\u2028 \u2029 \u00a0 \u200e",
    "<iframe src=//evil></iframe><script>x</script>",
)


def hostiles() -> tuple[Article, ...]:
    """Two hundred articles made to break feeds."""
    texts = (*HOSTILE, *MORE)

    def text(n: int) -> str:
        return texts[n % len(texts)]

    more = (
        article(
            "same-slug",
            id=f"tag:gazette.example.org,2026:more-{n}",
            url=("/ä?b=[c]&d=e f", "https://BÜCHER.example/%c3%a4", "../x#y z")[n % 3],
            title=f"{n} {text(n)}",
            summary=text(n + 1) if n % 2 else None,
            section=text(n + 2),
            tags=(Tag(name=f"t {text(n + 3)}"), Tag(name=f"T {text(n + 4)}")),
            contributors=(
                Contributor(name=f"A {text(n + 5)}"),
                Contributor(name=f"B {text(n + 6)}", role="photographer"),
            ),
            credit={
                "source": text(n + 7),
                "source_url": "https://agency.example/ü",
                "usage_terms": ("https://creativecommons.org/licenses/by/4.0/", text(n))[n % 2],
            },
            published=datetime(2026, 10, 5, tzinfo=UTC),
            lead_image=Figure(
                src=f"https://a.example/{n}.jpg", alt=text(n), caption=words(text(n))
            ),
            body=()
            if n % 13 == 0
            else (
                para(text(n)),
                Paragraph(content=()),
                *(every_block().body if n % 5 == 0 else ()),
            ),
        )
        for n in range(150)
    )
    return (*hostile(), *more)
