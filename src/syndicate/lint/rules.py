"""The rules by name. How grave each is can be changed under `[lint]` in `syndicate.toml`."""

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
    """What a rule has to see: one article, one article and the channels that show it, or all the
    articles of the newsroom."""

    ARTICLE = "article"
    CHANNEL = "channel"
    NEWSROOM = "newsroom"


@dataclass(frozen=True)
class Rule:
    """One thing that is looked for; `about` says it in a line. What a rule of the scope `NEWSROOM`
    finds is right only where every article is under review."""

    about: str
    check: Callable[[LintInput], Remarks]
    level: Level = "warning"
    scope: RuleScope = RuleScope.ARTICLE


RULES = {
    "article/broken-link": Rule("a link that cannot be opened", links.broken, "error"),
    "article/relative-link": Rule("a link that only works on the web site", links.relative),
    "article/unknown-article": Rule(
        "a link to an article that is not here", links.unknown, scope=RuleScope.NEWSROOM
    ),
    "article/missing-picture": Rule("a picture that is not here", pictures.missing, "error"),
    "article/missing-alt": Rule("a picture without alternative text", pictures.missing_alt),
    "article/small-picture": Rule(
        "a picture too small for a channel", pictures.small, scope=RuleScope.CHANNEL
    ),
    "article/heading-jump": Rule("a heading that skips a level", structure.heading_jump),
    "article/unclosed-quote": Rule("a quotation that does not end", structure.unclosed_quote),
    "article/missing-date": Rule("an article that states no date", metadata.missing_date),
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
