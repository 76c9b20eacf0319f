"""What one channel makes of one article, to be looked at: nothing is recorded or delivered."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any, cast

from syndicate.adapters import Artifact, Edition, Paginates, Scope
from syndicate.article import Article
from syndicate.engine.rendering.workers import Died, rendered_apart
from syndicate.errors import RenderError, SyndicateError
from syndicate.kit import Loss
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.newsroom import Newsroom
from syndicate.stop import Stop

LONGEST = 60.0  # seconds
SHOWN = (Scope.ARTICLE, Scope.ROLLING, Scope.EDITION)
"""The scopes of which one article can be shown by itself."""


@dataclass(frozen=True)
class Preview:
    """The artifacts of one article alone and what was lost on the way, or why there are none."""

    artifacts: tuple[Artifact, ...] = ()
    losses: tuple[Loss, ...] = ()
    error: SyndicateError | None = None


def preview_within_limits(newsroom: Newsroom, channel: Channel, article: Article) -> Preview:
    """What `preview` returns, for a program that has to go on whatever a template does.

    Pages are typeset in a process of their own. It is ended when it needs more memory than the
    newsroom's `memory`, or more than a minute: WeasyPrint takes as long as a style sheet or a
    million elements need. What other adapters do takes little more than their templates, which are
    counted.
    """
    if not isinstance(channel.adapter, Paginates):
        return preview(newsroom, channel, article)
    limited = replace(newsroom, step_timeout=min(newsroom.step_timeout, LONGEST))
    work: Any = (channel.name, article)
    with closing(rendered_apart(limited, [work], 1, cast(Any, _preview), Stop())) as results:
        made: Any = next(results)
    if isinstance(made, Died):
        hint = "publish gives it more time: step_timeout in syndicate.toml"
        return Preview(error=RenderError(made.reason, hint=hint if made.certain else None))
    return made if isinstance(made, Preview) else Preview(error=made.error)


def _preview(newsroom: Newsroom, work: tuple[str, Article]) -> Preview:
    name, article = work
    return preview(newsroom, newsroom.channels[name], article)


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
