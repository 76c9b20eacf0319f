"""The rules by name. `[lint]` in `syndicate.toml` can change the severity of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from syndicate.lint import duplicates, links, metadata, pictures, structure, wording
from syndicate.lint.lint_input import LintInput, Remarks

Level = Literal["error", "warning", "off"]
Switches = Mapping[str, Level]


class RuleScope(StrEnum):
    """How much a rule must see: one article, one article and the channels that publish it, one
    article and the addresses of all, or all articles of the newsroom."""

    ARTICLE = "article"
    CHANNEL = "channel"
    ADDRESSES = "addresses"
    NEWSROOM = "newsroom"


@dataclass(frozen=True)
class Rule:
    """One rule. `about` describes it in a line. The findings of a rule of scope `NEWSROOM` are only
    right if every article is under review."""

    about: str
    check: Callable[[LintInput], Remarks]
    level: Level = "warning"
    scope: RuleScope = RuleScope.ARTICLE


RULES = {
    "article/broken-link": Rule("a link that cannot be opened", links.broken, "error"),
    "article/relative-link": Rule("a link that only works on the web site", links.relative),
    "article/unknown-article": Rule(
        "a link to an article that does not exist", links.unknown, scope=RuleScope.ADDRESSES
    ),
    "article/missing-picture": Rule("a picture that is missing", pictures.missing, "error"),
    "article/drawing": Rule("an SVG drawing, which no channel can show", pictures.drawing),
    "article/missing-alt": Rule("a picture without alternative text", pictures.missing_alt),
    "article/small-picture": Rule(
        "a picture too small for a channel", pictures.small, scope=RuleScope.CHANNEL
    ),
    "article/heading-jump": Rule("a heading that skips a level", structure.heading_jump),
    "article/unclosed-quote": Rule("a quotation that does not end", structure.unclosed_quote),
    "article/missing-date": Rule("an article without a date", metadata.missing_date),
    "article/long-headline": Rule(
        "a headline too long for a channel", metadata.long_headline, scope=RuleScope.CHANNEL
    ),
    "article/one-channel-wording": Rule(
        "words that make sense on one channel only", wording.one_channel
    ),
    "article/unsourced-statistic": Rule("a statistic without a source", wording.unsourced),
    "newsroom/near-duplicate": Rule(
        "two articles with mostly the same text",
        duplicates.near_duplicate,
        scope=RuleScope.NEWSROOM,
    ),
}
