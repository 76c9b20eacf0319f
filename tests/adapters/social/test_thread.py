"""The adapters for social platforms, from an edition to draft files."""

from __future__ import annotations

import gzip
import json
import os
import re
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath

import pytest
from pydantic import ValidationError

from syndicate.adapters.edition import Draft, Edition
from syndicate.adapters.social.adapter import ThreadAdapter
from syndicate.adapters.social.bluesky import BlueskyAdapter
from syndicate.adapters.social.linkedin import LinkedInAdapter
from syndicate.adapters.social.mastodon import MastodonAdapter
from syndicate.adapters.social.meta_threads import MetaThreadsAdapter
from syndicate.adapters.social.provenance import untraceable_in_posts
from syndicate.adapters.social.x import XAdapter
from syndicate.article import Article, Correction, Figure, Heading, List, ListItem, Tag
from syndicate.article.blocks import Block
from syndicate.kit import Kit
from syndicate.thread import ThreadDraft, read_draft
from tests import waiting
from tests.articles import NOON, PUBLICATION, article, every_block, para, words
from tests.missing import PAGES, SAMPLE, needs_pages, needs_sample

ADAPTERS = [XAdapter, MastodonAdapter, BlueskyAdapter, MetaThreadsAdapter, LinkedInAdapter]
TEMPLATES = Path(__file__).parents[3] / "templates"


def drafts(adapter: ThreadAdapter, *articles: Article) -> tuple[list[ThreadDraft], Kit]:
    """The drafts of `articles`, and the kit, which has the losses."""
    kit = Kit(folders=(TEMPLATES,), content=Path("content"))
    url = "https://gazette.example.org/social/"
    edition = Edition(PUBLICATION, "social", url, articles, NOON)
    made = adapter.render(edition, kit)
    return [read_draft(one.content, one.name) for one in made if one.name.endswith(".md")], kit


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_each_article_becomes_one_draft(adapter: type[ThreadAdapter]) -> None:
    one = every_block()
    kit = Kit(folders=(TEMPLATES,), content=Path("content"))
    edition = Edition(
        PUBLICATION, "social", "https://gazette.example.org/s/", (one, article()), NOON
    )
    made = list(adapter().render(edition, kit))
    assert [(artifact.name, artifact.media_type) for artifact in made] == [
        ("every-block.social.md", "text/markdown"),
        ("every-block.social.correction-1.md", "text/markdown"),
        ("ferry.social.md", "text/markdown"),
        ("ferry.social.png", "image/png"),
    ]
    assert all(isinstance(artifact, Draft) for artifact in made)
    draft = read_draft(made[0].content, made[0].name)
    assert (draft.article, draft.channel, draft.status) == (one.id, "social", "draft")
    assert (draft.digest, draft.link) == (one.digest, one.url)
    assert [(image.src, image.alt) for image in draft.images] == [
        ("https://gazette.example.org/media/pier.jpg", "A pier at low tide")
    ]
    assert not kit.losses  # a thread is a selection: what it leaves out does not count as lost


def test_an_article_without_a_picture_gets_a_card() -> None:
    (with_card,), _ = drafts(XAdapter(), article())
    assert [(image.src, image.alt) for image in with_card.images] == [
        ("ferry.social.png", article().title)
    ]
    (without,), _ = drafts(XAdapter(card=False), article())
    assert not without.images


def corrected(*texts: str) -> Article:
    body: list[Block] = [para("The ferry sails at nine.")]
    body += [
        Correction(date=date(2026, 10, day), content=words(text))
        for day, text in enumerate(texts, 1)
    ]
    return article(body=tuple(body))


def test_each_correction_becomes_a_draft_that_follows_the_thread() -> None:
    kit = Kit(folders=(TEMPLATES,), content=Path("content"))
    one = corrected("It sails at nine, not at ten.", "The fare is 12 euros.")
    edition = Edition(PUBLICATION, "social", "https://gazette.example.org/s/", (one,), NOON)
    made = [a for a in XAdapter(card=False).render(edition, kit) if isinstance(a, Draft)]
    assert [(a.name, a.follows, a.on) for a in made[1:]] == [
        ("ferry.social.correction-1.md", "ferry.social.md", date(2026, 10, 1)),
        ("ferry.social.correction-2.md", "ferry.social.md", date(2026, 10, 2)),
    ]
    first = read_draft(made[1].content, made[1].name)
    assert first.posts == (f"Correction: It sails at nine, not at ten.\n\n{one.url}",)
    assert not first.images


def test_a_second_correction_of_the_same_day_is_the_second_answer() -> None:
    notes = ("It sails at nine, not at ten.", "The fare is 12 euros, not 21.")
    blocks = [Correction(date=date(2026, 10, 1), content=words(note)) for note in notes]
    one = article(body=(para("The ferry sails at nine."), *blocks))
    answers = drafts(XAdapter(card=False), one)[0][1:]
    assert [answer.posts for answer in answers] == [
        (f"Correction: {note}\n\n{one.url}",) for note in notes
    ]


def test_a_long_correction_is_split_between_sentences() -> None:
    sentence = "The fare was given as twelve euros for a berth and nine for a seat on deck."
    _, thread = drafts(XAdapter(), corrected(" ".join([sentence] * 8)))[0]
    assert len(thread.posts) > 1
    assert all(XAdapter().fits(post) for post in thread.posts)
    assert "".join(thread.posts).count(sentence) == 8
    (only,), kit = drafts(XAdapter(), corrected("never " * 90))
    assert not only.posts[0].startswith("Correction")
    assert [loss.block for loss in kit.losses] == ["correction"]


def test_numbered_posts_still_fit() -> None:
    body = tuple(
        para(f"Town {n} spent " + "a lot and " * 24 + f"{n},500 euros.") for n in range(1, 9)
    )
    (draft,), _ = drafts(XAdapter(number=True), article(body=body))
    total = len(draft.posts)
    assert total > 2
    assert [post.splitlines()[-1] for post in draft.posts] == [
        f"{n}/{total}" for n in range(1, total + 1)
    ]
    assert all(XAdapter().fits(post) for post in draft.posts)


def test_tags_become_hashtags() -> None:
    tags = tuple(Tag(name=name) for name in ("night ferry", "2026", "العبّارة", "O'Neil", "fourth"))
    (draft,), _ = drafts(XAdapter(hashtags=True), article(tags=tags))
    assert draft.posts[-1].splitlines()[-1] == "#NightFerry #العبّارة #ONeil"
    (plain,), _ = drafts(XAdapter(), article(tags=tags))
    assert "#" not in plain.posts[-1]
    (meta,), _ = drafts(MetaThreadsAdapter(hashtags=True), article(tags=tags))
    assert meta.posts[-1].splitlines()[-1] == "#NightFerry"


def test_x_accepts_one_cashtag_in_a_post() -> None:
    assert XAdapter().fits("$ABC rose")
    assert not XAdapter().fits("$ABC and $DEF rose")
    assert BlueskyAdapter().fits("$ABC and $DEF rose")


def test_linkedin_gets_one_post_with_all_ideas() -> None:
    body = (
        para("The harbour (with its two cranes) took 4,500 crates in a single week of October."),
        para("Repairs to the old bridge [closed since spring] will cost the council $3.2 million."),
        para("Fishermen lost 38% of their nets when a storm drove the dredger onto the rocks."),
    )
    for adapter in (LinkedInAdapter(), LinkedInAdapter(number=True), LinkedInAdapter(posts=5)):
        (draft,), _ = drafts(adapter, article(body=body))
        (post,) = draft.posts
        assert adapter.fits(post)
        assert post.endswith(f"\n\n{draft.link}")
        assert all(figure in post for figure in ("4,500", "$3.2 million", "38%"))
        assert not untraceable_in_posts(draft.posts, article(body=body))


def test_a_mastodon_server_has_its_own_limit() -> None:
    assert not MastodonAdapter().fits("a" * 501)
    assert MastodonAdapter(limit=5_000).fits("a" * 501)


def test_invalid_options_are_refused() -> None:
    for wrong in ({"posts": 0}, {"posts": 26}, {"limit": 300}, {"numbers": True}):
        with pytest.raises(ValidationError):
            XAdapter.model_validate(wrong)


def test_a_url_longer_than_a_post_is_reported() -> None:
    (draft,), kit = drafts(
        BlueskyAdapter(), article(url="https://gazette.example.org/" + "x" * 400)
    )
    assert all(BlueskyAdapter().fits(post) for post in draft.posts)
    assert [loss.block for loss in kit.losses] == ["link"]


def test_a_relative_url_is_made_absolute() -> None:
    (draft,), _ = drafts(XAdapter(), article(url="/ferry/"))
    assert draft.link == "https://gazette.example.org/ferry/"
    assert draft.posts[-1].endswith(draft.link)
    assert not untraceable_in_posts(draft.posts, article(url="/ferry/"))


def test_an_arabic_article_becomes_a_thread() -> None:
    arabic = article(
        language="ar",
        title="عودة العبّارة الليلية",
        body=(
            para("تعود العبّارة الليلية إلى الميناء يوم الجمعة بعد إصلاحات كلفت 3.2 مليون دولار."),
            para("قال مدير الميناء د. سامي حداد: «ارتفع عدد الركاب بنسبة 15% خلال العام الماضي»."),
        ),
        lead_image=Figure(src="pictures/ferry.jpg"),
    )
    (draft,), _ = drafts(XAdapter(), arabic)
    assert any("«ارتفع عدد الركاب بنسبة 15% خلال العام الماضي»" in post for post in draft.posts)
    assert draft.images[0].alt is None


SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
from tests.adapters.social.test_thread import ADAPTERS, drafts
from tests.articles import every_block
print([drafts(adapter(), every_block()) for adapter in ADAPTERS])
"""


def test_drafts_do_not_depend_on_hash_seed_time_zone_or_locale(tmp_path: Path) -> None:
    root = str(Path(__file__).parents[3])
    outputs = {
        waiting.run(
            [sys.executable, "-c", SCRIPT, root],
            env={
                **os.environ,
                "PYTHONHASHSEED": seed,
                "TZ": zone,
                "LC_ALL": "C",
                "PYTHONUTF8": "1",
            },
            cwd=tmp_path,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }
    assert len(outputs) == 1


@needs_sample
@pytest.mark.parametrize("adapter", ADAPTERS)
def test_the_sample_article_becomes_a_good_thread(adapter: type[ThreadAdapter]) -> None:
    from syndicate.readers import Source, reader_for

    path = PurePosixPath(SAMPLE.name)
    source = Source(path, SAMPLE.read_bytes(), datetime(2026, 1, 1, tzinfo=UTC), PUBLICATION)
    reader = reader_for(source)
    assert reader is not None
    sample = next(iter(reader.read(source))).article
    (draft,), _ = drafts(adapter(), sample)
    whole = "\n\n".join(draft.posts)
    if adapter is LinkedInAdapter:
        assert len(draft.posts) == 1
    else:
        assert 3 <= len(draft.posts) <= 8
    assert all(adapter().fits(post) for post in draft.posts)
    for wanted in ("15%", "70,000", "“hand-in-hand”"):
        assert wanted in whole
    assert whole.count("?") == 1
    assert re.search(r"\?\n\n\w[^?]+\.", whole)
    for unwanted in ("Q:", "A:", "You may also like", "Leave a Comment", "Want to learn", "FAQ"):
        assert unwanted not in whole
    assert not untraceable_in_posts(draft.posts, sample)


def corpus() -> Iterator[Article]:
    """300 articles from the web; their lines become headings, items and paragraphs."""
    for number, path in enumerate(sorted((PAGES / "truth").iterdir())):
        data = path.read_bytes()
        truth = json.loads(gzip.decompress(data) if path.suffix == ".gz" else data)["ground_truth"]
        lines = [line.strip() for line in truth["main_content"].splitlines() if line.strip()]
        title = truth["title"] or "Untitled"
        yield article(f"page-{number}", title=title, body=tuple(map(_block, lines)))


def _block(line: str) -> Block:
    if line.startswith(("- ", "* ", "• ")):
        return List(items=(ListItem(blocks=(para(line[2:]),)),))
    if len(line.split()) < 15 and line[-1] not in '.!:;"”':
        return Heading(content=words(line))
    return para(line)


@needs_pages
def test_threads_of_three_hundred_web_pages_are_complete_and_traceable() -> None:
    bare = {"card": False}
    for adapter, step in (
        (XAdapter(**bare), 1),
        (MastodonAdapter(**bare), 6),
        (BlueskyAdapter(**bare), 6),
        (MetaThreadsAdapter(**bare), 6),
    ):
        articles = list(corpus())[::step]
        for one, draft in zip(articles, drafts(adapter, *articles)[0], strict=True):
            headings = {b.content for b in one.body if isinstance(b, Heading)}
            titles = {text.text for content in headings for text in content if text.type == "text"}
            assert draft.posts[-1].endswith(draft.link)
            for post in draft.posts:
                assert adapter.fits(post)
            for post in draft.posts[1:]:
                said = re.sub(r"\n— [^\n]+$", "", post.removesuffix(draft.link).strip())
                assert said not in titles
                assert not said.endswith("?")
                assert not said or re.search(r"[.!。][\"'”’»)\]]*$", said), said
                assert said.count("“") == said.count("”")
                assert said.count('"') % 2 == 0
            assert not untraceable_in_posts(draft.posts, one)
