"""Each rule finds the problem it is meant for, at its line, and reports nothing in good copy."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import pytest
from PIL import Image

from syndicate.kit.pictures import PictureFolders
from syndicate.lint import RULES, ChannelNeeds, LintInput, LintSubject, RuleScope, lint
from syndicate.readers import Source, read
from tests.articles import PUBLICATION

GOOD = """\
---
title: The night ferry returns
published: 2026-10-05
---

The ferry sails at nine. “We are glad,” said the captain.

## What changes

Two crossings a night.
"""


def subject(text: str, name: str = "ferry.md") -> LintSubject:
    """An article as the reader of its file reads it."""
    moment = datetime(2026, 10, 5, tzinfo=UTC)
    reading = read(Source(PurePosixPath(name), text.encode(), moment, PUBLICATION))[0]
    return LintSubject(reading.article, f"content/{name}", reading.lines, reading.given)


def found(
    rule: str, *texts: str, content: Path = Path(), channels: tuple[ChannelNeeds, ...] = ()
) -> list[tuple[int | None, str]]:
    """The lines and messages of what `rule` finds in articles."""
    subjects = tuple(subject(text, f"{number}.md") for number, text in enumerate(texts))
    lint_input = LintInput(
        subjects, PUBLICATION, PictureFolders((content,)).pixels_across, channels
    )
    off = {name: "off" for name in RULES if name != rule}
    findings = list(lint(lint_input, off))  # type: ignore[arg-type]
    assert {one.rule for one in findings} <= {rule}
    return [(one.where.line if one.where else None, one.message) for one in findings]


def with_body(text: str) -> str:
    return GOOD + "\n" + text


def test_good_copy_has_no_findings() -> None:
    lint_input = LintInput(
        (subject(GOOD),),
        PUBLICATION,
        PictureFolders().pixels_across,
        (ChannelNeeds("x", 200, 1000),),
    )
    assert not list(lint(lint_input, {}))


@pytest.mark.parametrize(
    ("rule", "text", "says"),
    [
        ("article/broken-link", "See [this](http://nohost/x).", "no host"),
        ("article/broken-link", "Write to [us](mailto:desk).", "not a mail address"),
        ("article/relative-link", "See [this](../tides/).", "is relative"),
        (
            "article/unknown-article",
            f"See [it]({PUBLICATION.article_url('never-written')}).",
            "does not exist",
        ),
        ("article/heading-jump", "#### Deep down\n\nText.", "from level 2 to 4"),
        ("article/unclosed-quote", "He said: “It never ends.", "“It never ends."),
        ("article/unclosed-quote", 'He said: "It never ends.', '"It never ends.'),
        ("article/one-channel-wording", "To read more, click here now.", "'click here'"),
        ("article/unsourced-statistic", "Traffic rose by 15 % last year.", "'rose by 15 %'"),
        ("article/unsourced-statistic", "About 55% of pilots agree.", "'55% of'"),
        ("article/unsourced-statistic", "Some 70,000 people came.", "'70,000 people'"),
        ("article/missing-picture", "![A pier](gone.png)", "is missing"),
        ("article/missing-alt", "![](https://example.org/a.png)", "no alternative text"),
    ],
)
def test_a_rule_finds_its_problem_at_the_right_line(rule: str, text: str, says: str) -> None:
    [(line, message)] = found(rule, with_body(text))
    assert says in message
    assert line == 12


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (
            "article/broken-link",
            "[a](https://example.org/) [b](mailto:a@b.org) [d](#x)",
        ),
        ("article/relative-link", "[a](https://example.org/) [b](mailto:a@b.org)"),
        ("article/unknown-article", "[a](https://example.org/never-written/)"),
        ("article/heading-jump", "### One deeper\n\nText.\n\n## And back"),
        ("article/unclosed-quote", "“One runs on.\n\n“And ends here.”"),
        ("article/unclosed-quote", 'A 5\'10" board and a 40" mast, he said.'),
        ("article/unclosed-quote", "It’s the pilots’ ‘table’."),
        ("article/unsourced-statistic", "It rose by [15 %](https://example.org/report)."),
        ("article/unclosed-quote", "Berth “four 4.5” and “berth 5” are open."),
        ("article/unclosed-quote", 'They call it "version 4.5" on the quay.'),
        ("article/unsourced-statistic", "Traffic rose by 15 %, according to the port."),
        ("article/unsourced-statistic", "It rose by 15 %.[^1]\n\n[^1]: The port’s own count."),
        ("article/unsourced-statistic", "A cabin costs €1,400, and 20% off on Mondays."),
        ("article/unsourced-statistic", "She is 100 % sure of her 17% hill and a 10% tip."),
        ("article/unsourced-statistic", "In 2026 the number 4 bus had 12 seats."),
        ("article/missing-alt", '![](https://example.org/a.png){role="presentation"}'),
    ],
)
def test_a_rule_reports_nothing_in_good_copy(rule: str, text: str) -> None:
    assert not found(rule, with_body(text))


def test_quotation_marks_are_those_of_the_language() -> None:
    german = with_body("Er sagte: „Es endet.“").replace("title:", "language: de\ntitle:")
    assert not found("article/unclosed-quote", german)
    assert found("article/unclosed-quote", german.replace("endet.“", "endet."))
    czech = with_body("Řekl: „Končí.“").replace("title:", "language: cs\ntitle:")
    assert not found("article/unclosed-quote", czech)
    french = with_body("Il dit : « Fini. »").replace("title:", "language: fr\ntitle:")
    assert not found("article/unclosed-quote", french)
    assert found("article/unclosed-quote", french.replace(" »", ""))


def test_statistics_are_found_in_other_languages() -> None:
    for language, sentence in (
        ("es", "El tráfico subió un 15 % en un año."),
        ("de", "Der Verkehr stieg um 15 Prozent."),
        ("fr", "Quelque 40 % des bacs partent en retard."),
        ("pt", "Cerca de 40% dos barcos atrasam."),
        ("ar", "ارتفعت الحركة ١٥ ٪ هذا العام."),
    ):
        text = with_body(sentence).replace("title:", f"language: {language}\ntitle:")
        assert found("article/unsourced-statistic", text), language
    sourced = with_body("Selon le port, 40 % des bacs partent en retard.")
    french = sourced.replace("title:", "language: fr\ntitle:")
    assert not found("article/unsourced-statistic", french)


def test_a_quotation_may_end_in_the_next_paragraph() -> None:
    assert not found(
        "article/unclosed-quote", with_body("“It runs on.\n\nAnd ends here,” he said.")
    )


def test_headings_that_skip_the_same_level_are_reported_once() -> None:
    text = with_body("#### Deep\n\nText.\n\n## Up\n\n#### Deep again\n\nText.")
    [(line, message)] = found("article/heading-jump", text)
    assert line == 12
    assert message.endswith("from level 2 to 4 (and 1 more like it)")


def test_pictures_on_the_web_are_named_by_file_and_not_measured() -> None:
    text = with_body("![](https://cdn.example.org/a/b/pier.jpg?w=400){width=400 height=200}")
    [(_, message)] = found("article/missing-alt", text)
    assert message == "picture 'pier.jpg' at cdn.example.org has no alternative text"
    assert not found("article/small-picture", text, channels=(ChannelNeeds("pdf", picture=1063),))


def test_an_article_without_a_date_is_reported() -> None:
    undated = GOOD.replace("published: 2026-10-05\n", "")
    [(_, message)] = found("article/missing-date", undated)
    assert message == "no date given, so the file's own date is used (5 Oct 2026)"


def test_headlines_are_checked_against_the_limits_of_channels() -> None:
    long = GOOD.replace("The night ferry returns", "The night ferry " + "returns " * 12)
    channels = (ChannelNeeds("email", 90), ChannelNeeds("pdf", 120), ChannelNeeds("epub"))
    [(_, message)] = found("article/long-headline", long, channels=channels)
    assert message == "the headline has 111 characters, but email shows only 90"


def test_small_pictures_are_reported_if_a_channel_needs_more(tmp_path: Path) -> None:
    Image.new("RGB", (300, 200)).save(tmp_path / "pier.png")
    text = with_body("![A pier](pier.png)")
    channels = (ChannelNeeds("pdf", picture=1063), ChannelNeeds("rss"))
    [(line, message)] = found("article/small-picture", text, content=tmp_path, channels=channels)
    assert (line, message) == (12, "picture 'pier.png' is only 300 pixels wide")
    assert not found("article/small-picture", text, content=tmp_path)


def test_a_file_that_is_not_a_picture_is_reported(tmp_path: Path) -> None:
    (tmp_path / "pier.png").write_text("no picture")
    [(_, message)] = found("article/missing-picture", with_body("![A](pier.png)"), content=tmp_path)
    assert "cannot be read" in message


def test_near_duplicates_name_each_other() -> None:
    text = " ".join(f"Sentence number {n} says word{n}." for n in range(120))
    other = " ".join(f"Nothing here of item{n} is alike{n}." for n in range(120))
    twin = text.replace("number 7 ", "number seven ")
    [(_, message)] = found(
        "newsroom/near-duplicate", with_body(text), with_body(other), with_body(twin)
    )
    assert message.endswith("of its text with content/0.md")


def test_boilerplate_in_many_articles_is_not_a_duplicate() -> None:
    texts = [with_body(" ".join(f"w{n}x{k}" for k in range(80))) for n in range(60)]
    assert not found("newsroom/near-duplicate", *texts)


def test_a_rule_sees_no_more_than_its_scope(tmp_path: Path) -> None:
    """For one article alone, all rules except those of the newsroom report the same as when all
    articles are under review."""
    Image.new("RGB", (30, 20)).save(tmp_path / "small.png")
    (tmp_path / "map.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    here = PUBLICATION.article_url("never-written")
    faulty = f"""See [this](http://nohost/x), [that](../tides/) and [a story]({here}).

#### Deep down

He said: “It never ends. Click here.

Some 70,000 people came, the pilots among them.

![](small.png)

![Gone](gone.png)

![A map](map.svg)
"""
    texts = (with_body(faulty), with_body(faulty.replace("pilots", "sailors")))
    subjects = tuple(subject(text, f"{number}.md") for number, text in enumerate(texts))

    def reported(some: tuple[LintSubject, ...], *scopes: RuleScope) -> list[tuple[str, str]]:
        """The rules and messages of the findings in the second article."""
        pictures, channels = PictureFolders((tmp_path,)), (ChannelNeeds("x", 9, 99),)
        found = lint(LintInput(some, PUBLICATION, pictures.pixels_across, channels), {}, scopes)
        return [(one.rule, one.message) for one in found if one.article == subjects[1].article.id]

    beyond = (RuleScope.NEWSROOM, RuleScope.ADDRESSES)
    alone, among = (
        reported(subjects[1:], RuleScope.ARTICLE, RuleScope.CHANNEL),
        reported(subjects, *RuleScope),
    )
    newsroom = {name for name, rule in RULES.items() if rule.scope in beyond}
    assert {rule for rule, _ in alone} == RULES.keys() - newsroom - {"article/missing-date"}
    assert [one for one in among if one[0] not in newsroom] == alone
    assert {rule for rule, _ in among} & newsroom == newsroom


def test_switches_change_the_severity_of_a_rule() -> None:
    lint_input = LintInput(
        (subject(with_body("#### Deep\n\nText.")),), PUBLICATION, PictureFolders().pixels_across
    )
    assert [one.severity for one in lint(lint_input, {})] == ["warning"]
    assert [one.severity for one in lint(lint_input, {"article/heading-jump": "error"})] == [
        "error"
    ]
    assert not list(lint(lint_input, {"article/heading-jump": "off"}))
