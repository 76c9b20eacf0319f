"""What the adapters for social platforms share: one draft thread for each article, within the
platform's limits."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

import regex
from pydantic import Field

from syndicate.adapters.contract import Adapter
from syndicate.adapters.edition import Artifact, Draft, Edition, Notice
from syndicate.adapters.social.card import draw_card
from syndicate.article import Article
from syndicate.article.text import plain
from syndicate.kit import Kit
from syndicate.thread import MEDIA_TYPE, Card, Image, ThreadDraft, write_draft
from syndicate.thread.counting import PostCounter

_TAG_WORD = regex.compile(r"[\w\p{M}]+")


class ThreadAdapter(Adapter):
    """A social thread for each article, as a draft.

    `posts` is the largest number of posts in a thread. `number` puts "1/6" under each post,
    `hashtags` puts the article's first three tags under the last. `card` draws a picture for an
    article that has none. `mentions` are the accounts that a post may mention without a warning.
    """

    templates: ClassVar[str | None] = "thread"
    headline: ClassVar[int | None] = 200
    most_hashtags: ClassVar[int] = 3

    posts: int = Field(default=8, ge=1, le=25)
    number: bool = False
    hashtags: bool = False
    card: bool = True
    mentions: tuple[str, ...] = ()

    refuses: ClassVar[str] = ""
    """Why the platform refuses a post that is short enough, for people to read."""

    @property
    @abstractmethod
    def counter(self) -> PostCounter:
        """How the platform counts the length of a post, and its limit."""

    def preview(self, article: Article) -> Card | None:
        """The preview of the link, for platforms that do not fetch one themselves."""
        return None

    def fits(self, text: str) -> bool:
        """Whether the platform accepts `text` as one post."""
        return self.counter.fits(text)

    def render(self, edition: Edition, kit: Kit) -> Iterator[Artifact]:
        """Drafts of each article in `edition`: the thread `<slug>.<channel>.md`, its card, and an
        answer to the thread for each correction."""
        for article in edition.articles:
            name = f"{article.slug}.{edition.channel}"
            link = edition.publication.absolute(article.url)
            posts = self._posts(article, link)
            if not posts or link not in posts[-1]:
                kit.lossy(article, "link", "the URL is longer than a post")
            if not posts:
                kit.lossy(article, "title", "the headline is longer than a post")
                continue
            draft = bare_draft(article, edition, posts).model_copy(
                update={
                    "card": self.preview(article),
                    "images": self._images(article, f"{name}.png"),
                }
            )
            yield Draft(f"{name}.md", MEDIA_TYPE, write_draft(draft))
            if self.card and not article.lead_image:
                card = draw_card(article, edition.publication)
                yield Draft(f"{name}.png", "image/png", card)
            yield from self._corrections(article, edition, kit)

    def write_notice(self, edition: Edition, kit: Kit) -> Iterator[Artifact]:
        """A draft that answers the thread of the article, with what people are to know."""
        if edition.notice:
            for article in edition.articles:
                yield from self._answer(article, edition, edition.notice, kit)

    def _corrections(self, article: Article, edition: Edition, kit: Kit) -> Iterator[Draft]:
        """Drafts that answer the thread, one for each correction of `article`, oldest first."""
        for number, one in enumerate(reversed(article.corrections), 1):
            note = (one.date.isoformat(), plain(one.content))
            notice = Notice("correction", number, one.date, (note,))
            yield from self._answer(article, edition, notice, kit)

    def _answer(
        self, article: Article, edition: Edition, notice: Notice, kit: Kit
    ) -> Iterator[Draft]:
        """The draft that answers the thread of `article` with `notice`."""
        note = " ".join(" ".join(text.split()) for _, text in notice.notes)
        draft = bare_draft(article, edition, ("",))
        posts = self._packed(
            f"{kit.words(article.language)[notice.kind]}: {note}", draft.link, article.language
        )
        if not posts:
            kit.lossy(article, notice.kind, "one of its sentences is longer than a post")
            return
        keep: dict[str, object] = {"posts": posts}
        if notice.kind == "withdrawal":  # whoever wrote the reason answers for what it says
            from syndicate.adapters.social.provenance import unanswered_in_posts

            own = unanswered_in_posts(posts, article, ())
            keep["confirmed"] = tuple(dict.fromkeys(one.text for one in own))
        thread = f"{article.slug}.{edition.channel}"
        content = write_draft(draft.model_copy(update=keep))
        name = f"{thread}.{notice.name}.md"
        yield Draft(name, MEDIA_TYPE, content, follows=f"{thread}.md", on=notice.day)

    def _packed(self, text: str, link: str, language: str) -> tuple[str, ...]:
        """`text` in as few posts of whole sentences as possible, with `link` at the end; empty if
        a sentence is longer than a post."""
        from syndicate.adapters.social.sentences import split_sentences

        posts = [""]
        for sentence in split_sentences(text, language):
            longer = f"{posts[-1]} {sentence}".strip()
            posts[-1:] = [longer] if self.fits(longer) else [posts[-1], sentence]
        linked = f"{posts[-1]}\n\n{link}"
        posts[-1:] = [linked] if self.fits(linked) else [posts[-1], link]
        return tuple(filter(None, posts)) if all(map(self.fits, posts)) else ()

    def _posts(self, article: Article, link: str) -> list[str]:
        def fits(text: str) -> bool:
            return self.fits(self._numbered(text, self.posts, self.posts))

        posts = self._composed(article, link, fits)
        if len(posts) == 1:
            return posts
        return [self._numbered(post, at, len(posts)) for at, post in enumerate(posts, 1)]

    def _composed(self, article: Article, link: str, fits: Callable[[str], bool]) -> list[str]:
        """At most `posts` ideas from `article`, all short enough for `fits`; hashtags below the
        last."""
        from syndicate.adapters.social.composer import compose_thread  # takes a while to load

        posts = [post.text for post in compose_thread(article, link, fits, posts=self.posts)]
        if self.hashtags and posts:
            posts[-1] = _tagged(posts[-1], thread_hashtags(article)[: self.most_hashtags], fits)
        return posts

    def _images(self, article: Article, card: str) -> tuple[Image, ...]:
        if lead := article.lead_image:
            return (Image(src=lead.src, alt=lead.alt),)
        return (Image(src=card, alt=article.title),) if self.card else ()

    def _numbered(self, text: str, at: int, posts: int) -> str:
        return f"{text}\n\n{at}/{posts}" if self.number else text


def bare_draft(article: Article, edition: Edition, posts: Sequence[str]) -> ThreadDraft:
    """A draft about `article` without pictures and card."""
    return ThreadDraft(
        article=article.id,
        channel=edition.channel,
        digest=article.digest,
        link=edition.publication.absolute(article.url),
        language=article.language,
        posts=tuple(posts),
    )


def thread_hashtags(article: Article) -> list[str]:
    """The tags of `article` as hashtags: "night ferry" becomes "#NightFerry"."""
    found = ["".join(map(_capitalised, _TAG_WORD.findall(tag.name))) for tag in article.tags]
    return [f"#{word}" for word in dict.fromkeys(found) if not word.isdigit() and word]


def _capitalised(word: str) -> str:
    return word[0].upper() + word[1:]


def _tagged(text: str, tags: Sequence[str], fits: Callable[[str], bool]) -> str:
    """`text` with as many of `tags` below it as fit."""
    for count in range(len(tags), 0, -1):
        if fits(longer := f"{text}\n\n{' '.join(tags[:count])}"):
            return longer
    return text
