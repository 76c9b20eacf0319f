"""Articles for tests: one with every block and inline type, and small ones."""

from __future__ import annotations

from datetime import UTC, date, datetime

from syndicate.article import (
    FAQ,
    Article,
    Callout,
    CallToAction,
    Code,
    CodeBlock,
    Contributor,
    Correction,
    Credit,
    Divider,
    Embed,
    Emphasis,
    Figure,
    Footnote,
    FootnoteReference,
    Gallery,
    Heading,
    LineBreak,
    Link,
    List,
    ListItem,
    Paragraph,
    Paywall,
    PullQuote,
    QuestionAnswer,
    Quote,
    Related,
    RelatedLink,
    Span,
    Strike,
    Strong,
    Subscript,
    Superscript,
    Table,
    Tag,
    Text,
)
from syndicate.article.inlines import Content
from syndicate.article.publication import Publication

PUBLICATION = Publication(
    title="The Harbour Gazette",
    base_url="https://gazette.example.org/",
    description="News from the waterfront.",
    publisher="Harbour Gazette Cooperative",
    email="desk@gazette.example.org",
    address="1 Quay Street, Port Ellery",
    copyright="© Harbour Gazette Cooperative",
)
NOON = datetime(2026, 10, 5, 12, 0, tzinfo=UTC)


def words(text: str) -> Content:
    """`text` as the content of a block."""
    return (Text(text=text),)


def para(text: str) -> Paragraph:
    """`text` as a paragraph."""
    return Paragraph(content=words(text))


def article(slug: str = "ferry", **fields: object) -> Article:
    """A small article. Any field can be set with `fields`."""
    return Article.model_validate(
        {
            "id": f"tag:gazette.example.org,2026-10-05:{slug}",
            "url": f"https://gazette.example.org/{slug}/",
            "slug": slug,
            "title": "Night ferry returns to Port Ellery",
            "contributors": (Contributor(name="Ines Okafor"),),
            "first_published": NOON,
            "published": NOON,
            "updated": NOON,
            "body": (para("The night ferry will sail again from Friday."),),
            **fields,
        }
    )


def every_block() -> Article:
    """An article with every block type and every inline type."""
    return article(
        "every-block",
        title="What a tide table cannot tell you",
        subtitle="A harbour pilot explains",
        summary="Tide tables are averages. Pilots read the water itself.",
        contributors=(
            Contributor(name="Ines Okafor"),
            Contributor(name="Tomas Lindqvist", email="tomas@gazette.example.org"),
            Contributor(name="Ruth Abara", role="photographer"),
        ),
        dateline="PORT ELLERY",
        section="Science",
        tags=(Tag(name="tides"), Tag(name="pilots", scheme="https://gazette.example.org/tags/")),
        credit=Credit(copyright_notice="© 2026 Harbour Gazette Cooperative"),
        lead_image=Figure(
            src="https://gazette.example.org/media/pier.jpg",
            alt="A pier at low tide",
            caption=words("The old pier at low tide."),
            credit="Ruth Abara",
            width=1600,
            height=900,
            media_type="image/jpeg",
        ),
        body=(
            Paragraph(
                content=(
                    Text(text="Every pilot carries a table, and "),
                    Emphasis(content=words("no")),
                    Text(text=" pilot "),
                    Strong(content=words("trusts")),
                    Text(text=" it"),
                    FootnoteReference(label="1"),
                    Text(text=". The "),
                    Code(text="tide()"),
                    Text(text=" model is "),
                    Strike(content=words("exact")),
                    Text(text=" close; H"),
                    Subscript(content=words("2")),
                    Text(text="O rises by the m"),
                    Superscript(content=words("2")),
                    Text(text=". See the "),
                    Link(
                        url="https://tides.example.org/?a=1&b=2",
                        title="Tide office",
                        content=words("tide office"),
                    ),
                    Text(text="."),
                    LineBreak(),
                    Text(text="In Arabic: "),
                    Span(language="ar", direction="rtl", content=words("المد والجزر")),
                )
            ),
            Heading(level=2, content=words("Wind & pressure <matter>")),
            List(
                items=(
                    ListItem(blocks=(para("Wind from the west adds water."),)),
                    ListItem(
                        blocks=(
                            para("Low pressure lifts it:"),
                            List(
                                ordered=True,
                                start=3,
                                items=(ListItem(blocks=(para("one centimetre a hectopascal"),)),),
                            ),
                        )
                    ),
                )
            ),
            List(
                items=(
                    ListItem(blocks=(para("Read the gauge"),), checked=True),
                    ListItem(blocks=(para("Call the lock"),), checked=False),
                )
            ),
            Quote(
                blocks=(para("The sea does not read our tables."),),
                cite=words("Marit Vane, harbour pilot"),
                url="https://gazette.example.org/vane/",
            ),
            PullQuote(content=words("No pilot trusts it."), cite=words("Marit Vane")),
            Callout(
                kind="fact",
                label="Did you know?",
                blocks=(para("The highest tide here came without a moon."),),
            ),
            Heading(level=3, content=words("In pictures")),
            Figure(
                src="https://gazette.example.org/media/gauge.png",
                alt="A tide gauge",
                caption=words("The gauge at berth four."),
                credit="Ruth Abara",
                width=800,
                height=600,
            ),
            Gallery(
                figures=(
                    Figure(src="https://gazette.example.org/media/a.png", alt="Dawn"),
                    Figure(src="https://gazette.example.org/media/b.png", alt="Dusk"),
                ),
                caption=words("One day, two lights."),
            ),
            Table(
                header=(words("Port"), words("Metres")),
                rows=((words("Ellery"), words("4.2")), (words("Sund"), words("3.9"))),
                align=("start", "end"),
                caption=words("Spring tides, mean"),
            ),
            CodeBlock(text="level = mean + surge\nif level > 4:\n    warn()", language="python"),
            Embed(
                url="https://video.example.org/v/9",
                provider="Example Video",
                text="Watch the surge of 1987",
            ),
            Divider(),
            Heading(level=2, content=words("FAQ")),
            FAQ(
                pairs=(
                    QuestionAnswer(
                        question=words("Can a table be wrong?"),
                        answer=(para("It is never right; it is near enough."),),
                    ),
                    QuestionAnswer(
                        question=words("Who decides?"), answer=(para("The pilot on duty."),)
                    ),
                )
            ),
            Correction(
                date=date(2026, 10, 6), content=words("An earlier version put Sund at 3.7 metres.")
            ),
            Related(
                links=(RelatedLink(url="https://gazette.example.org/locks/", title="The locks"),)
            ),
            CallToAction(
                content=words("Write to the harbour desk."),
                url="https://gazette.example.org/contact/",
            ),
            Paywall(),
            para("For members: the full table."),
            Footnote(label="1", blocks=(para("Ask one."),)),
        ),
    )
