"""What one channel makes of one article, to be looked at: nothing is recorded or delivered."""

from __future__ import annotations

from dataclasses import dataclass

from syndicate.adapters import Artifact, Edition, Scope
from syndicate.article import Article
from syndicate.errors import RenderError, SyndicateError
from syndicate.kit import Loss
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.newsroom import Newsroom

SHOWN = (Scope.ARTICLE, Scope.ROLLING, Scope.EDITION)
"""The scopes of which one article can be shown by itself."""


@dataclass(frozen=True)
class Preview:
    """The artifacts of one article alone and what was lost on the way, or why there are none."""

    artifacts: tuple[Artifact, ...] = ()
    losses: tuple[Loss, ...] = ()
    error: SyndicateError | None = None


def preview(newsroom: Newsroom, channel: Channel, article: Article) -> Preview:
    """`article` as `channel` would show it, in an edition of its own."""
    edition = Edition(
        publication=newsroom.publication,
        channel=channel.name,
        url=channel.url,
        articles=(article,),
        date=article.updated,
        number=1 if channel.adapter.scope is Scope.EDITION else None,
        members=channel.private,
    )
    try:
        kit = newsroom.kit(channel)
        artifacts = tuple(channel.adapter.render(edition, kit))
    except SyndicateError as error:
        return Preview(error=error)
    except Exception as error:
        return Preview(error=RenderError(f"{type(error).__name__}: {error}"))
    return Preview(artifacts, tuple(kit.losses))
