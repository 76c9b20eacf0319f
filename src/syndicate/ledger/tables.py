"""The tables of the ledger, in the newest version. `migrations.py` upgrades older ledgers.

The previous release may be using the same ledger, so add first and drop later: a new column is
nullable or has a default, and a table or column is dropped only when no release that is still in
use reads or writes it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from syndicate.ledger.database import SCHEMA, Bytewise
from syndicate.ledger.dispatch import State

# 64 bits; on SQLite every INTEGER has them, and only an INTEGER numbers rows.
Long = BigInteger().with_variant(Integer, "sqlite")
# Facts about the ledger itself: its version, the program that upgraded it, its newsroom.
ABOUT = Table(
    "ledger",
    SCHEMA,
    Column("key", String, primary_key=True),
    Column("value", Text, nullable=False),
)
ARTICLES = Table(
    "articles",
    SCHEMA,
    Column("id", String, primary_key=True),
    Column("source", String, nullable=False),
    Column("slug", String, nullable=False),
    Column("first_seen", String, nullable=False),
    Column("updated", String, nullable=False),
    Column("words", String, nullable=False),
    Column("title", String, nullable=False),
    Column("sketch", Text, nullable=False),
    # A digest of what readers read, without section, tags, status. `words` has these too, for the
    # release before.
    Column("text", String),
    # Since when it is withdrawn, whatever its file says.
    Column("withdrawn", String),
    # Since when somebody keeps it although its file is gone.
    Column("kept", String),
    Index("articles_by_source", "source"),
    Index("articles_by_slug", "slug"),
)
# Few are; all of them are asked for several times in each run.
WITHDRAWN = Index(
    "articles_withdrawn", ARTICLES.c.id, sqlite_where=ARTICLES.c.withdrawn.is_not(None)
)
EDITIONS = Table(
    "editions",
    SCHEMA,
    Column("channel", String, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("date", String, nullable=False),
    # The next five columns in one JSON value, for releases before version 4.
    Column("members", Text, nullable=False),
    Column("articles", Text),
    Column("since", String),
    Column("revised", Text),
    Column("pages_of", String),
    Column("pages", Text),
)
RENDERINGS = Table(
    "renderings",
    SCHEMA,
    Column("channel", String, primary_key=True),
    Column("unit", String, primary_key=True, key="rendering"),
    Column("inputs", String, nullable=False),
    # The digest of what the next rendering can use of this one.
    Column("pieces", String),
    # When the contents of a feed last changed: that never goes back.
    Column("date", String),
)
ARTIFACTS = Table(
    "artifacts",
    SCHEMA,
    Column("channel", String, primary_key=True),
    Column("unit", String, primary_key=True, key="rendering"),
    Column("name", String, primary_key=True),
    Column("media_type", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("size", Long, nullable=False),
    Column("draft", Boolean, nullable=False),
)
REVIEWS = Table(
    "reviews",
    SCHEMA,
    Column("channel", String, primary_key=True),
    Column("unit", String, primary_key=True, key="rendering"),
    Column("name", String, primary_key=True),
    Column("digest", String, primary_key=True),
    Column("by", String, primary_key=True),
    Column("verdict", String, nullable=False),
    Column("note", Text, nullable=False),
    Column("after", String),
    Column("at", String, nullable=False),
)
SLOTS = Table(
    "slots",
    SCHEMA,
    Column("channel", String, primary_key=True),
    Column("slot", String, nullable=False),
)
DISPATCHES = Table(
    "dispatches",
    SCHEMA,
    Column("id", Long, primary_key=True),
    Column("channel", String, nullable=False),
    Column("run", String, nullable=False, key="rendering"),
    Column("artifact", String, nullable=False),
    Column("courier", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("at", String, nullable=False),
    Column("frozen", Boolean, nullable=False, default=False),
    Column("current", Boolean, nullable=False, default=True),
    Index("dispatches_by_key", "channel", "rendering", "artifact", "courier"),
)
DELIVERIES = Table(
    "deliveries",
    SCHEMA,
    Column("dispatch", Long, primary_key=True, autoincrement=False),
    Column("unit", Bytewise, primary_key=True),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("at", String),
    Column("remote_id", Text),
    Column("url", Text),
    Column("error", Text),
    sqlite_with_rowid=False,
)
# Nearly all rows end up delivered: what is still to be looked at has an index of its own.
UNDELIVERED = DELIVERIES.c.state != sa.literal_column(f"'{State.DELIVERED}'")
_UNFINISHED = Index(
    "deliveries_unfinished",
    DELIVERIES.c.dispatch,
    DELIVERIES.c.state,
    sqlite_where=UNDELIVERED,
)


SUBSCRIBERS = Table(
    "subscribers",
    SCHEMA,
    Column("id", Long, primary_key=True),
    Column("channel", String, nullable=False),
    Column("address", Bytewise, nullable=False),
    Column("fields", Text, nullable=False),
    Column("tags", Text, nullable=False),
    Column("status", String, nullable=False),
    Column("at", String, nullable=False),
    Column("cause", Text, nullable=False),
    UniqueConstraint("channel", "address"),
)
# Those who get no mail: what is kept of them ends some time after they have left.
LEFT = SUBSCRIBERS.c.status != sa.literal_column("'active'")
_LEFT = Index("subscribers_left", SUBSCRIBERS.c.at, sqlite_where=LEFT)


@sa.event.listens_for(WITHDRAWN, "before_create")
@sa.event.listens_for(_UNFINISHED, "before_create")
@sa.event.listens_for(_LEFT, "before_create")
def _only_some_rows(index: Index, db: sa.Connection, **_: Any) -> None:
    """The same on PostgreSQL, whose part of SQLAlchemy is not loaded before it is needed."""
    if db.dialect.name == "postgresql":
        index.dialect_kwargs["postgresql_where"] = index.dialect_kwargs["sqlite_where"]


# The people who were forgotten, as pseudonyms (see pseudonyms.py): a list that still has one of
# them does not bring them back.
FORGOTTEN = Table(
    "forgotten",
    SCHEMA,
    Column("person", String, primary_key=True),
    Column("at", String, nullable=False),
)
# The articles whose text was erased, or is being erased: `done` is None until all of it is.
ERASED = Table(
    "erased",
    SCHEMA,
    Column("article", String, primary_key=True),
    Column("at", String, nullable=False),
    Column("done", String),
)
# What each article was, by the digest of its JSON in the store. Versions that were sent or are in a
# numbered edition are kept for ever.
VERSIONS = Table(
    "versions",
    SCHEMA,
    Column("digest", String, primary_key=True),
    Column("article", String, nullable=False, index=True),
    Column("at", String, nullable=False),
    Column("sent", Boolean, nullable=False),
)
# The last good version of each article: what is shown if its file is gone. It is not in `articles`,
# since every change there lets all checkouts compare what they have read.
LAST_VERSIONS = Table(
    "last_versions",
    SCHEMA,
    Column("article", String, primary_key=True),
    Column("digest", String, nullable=False, index=True),
)
# The pictures that a version shows, by the version's digest. The store has the bytes of those that
# came inside its source; of the others (`stored` is false) only the digest is known.
PICTURES = Table(
    "pictures",
    SCHEMA,
    Column("version", String, primary_key=True),
    Column("src", String, primary_key=True),
    Column("digest", String, nullable=False),
    Column("stored", Boolean),
)
# The bytes of each draft that count, whichever machine people edit it on.
DRAFTS = Table(
    "drafts",
    SCHEMA,
    Column("channel", String, primary_key=True),
    Column("unit", String, primary_key=True, key="rendering"),
    Column("name", String, primary_key=True),
    Column("head", String, nullable=False),
    Column("at", String, nullable=False),
)
# Whose folder each is, in a channel that is divided by subject: the first to get one keeps it.
FOLDERS = Table(
    "folders",
    SCHEMA,
    Column("channel", String, primary_key=True),
    Column("folder", String, primary_key=True),
    Column("subject", String, nullable=False),
)
# Which articles each feed has ever shown: who subscribes to it is told when one is withdrawn.
APPEARANCES = Table(
    "appearances",
    SCHEMA,
    Column("channel", String, primary_key=True),
    Column("rendering", String, primary_key=True),
    Column("article", String, primary_key=True),
    Column("shown", Boolean, nullable=False),
    Index("appearances_by_article", "article", "channel"),
)
# Which version of an article each rendering was made from, and until when (see traces.py).
SHOWINGS = Table(
    "showings",
    SCHEMA,
    Column("channel", String, primary_key=True),
    Column("rendering", String, primary_key=True),
    Column("article", String, primary_key=True),
    Column("version", String, primary_key=True),
    Column("since", String, primary_key=True),
    Column("until", String),
    Index("showings_by_version", "version"),
)
# What stands at each place (see copies.py). Mail has no row here: nobody can reach it again.
COPIES = Table(
    "copies",
    SCHEMA,
    Column("destination", Bytewise, primary_key=True),
    Column("address", Bytewise, primary_key=True),
    # Several renderings may need the same file, such as a style sheet.
    Column("channel", String, primary_key=True),
    Column("rendering", String, primary_key=True),
    Column("artifact", String, nullable=False),
    Column("courier", String, nullable=False),
    Column("unit", String, nullable=False),
    Column("dispatch", Long, nullable=False),
    Column("state", String, nullable=False),
    Column("digest", String),
    Column("at", String),
    Column("remote_id", Text),
    Column("url", Text),
    Column("error", Text),
    Index("copies_by_rendering", "channel", "rendering", "artifact"),
    Index("copies_by_dispatch", "dispatch"),
)
# Which version of each article went to people with a dispatch, by the digest of its JSON.
CONTENTS = Table(
    "contents",
    SCHEMA,
    Column("dispatch", Long, primary_key=True, autoincrement=False),
    Column("article", String, primary_key=True),
    Column("version", String, nullable=False),
    Index("contents_by_article", "article"),
)
# What people are told who have a version of an article that is wrong (see notices.py).
NOTICES = Table(
    "notices",
    SCHEMA,
    Column("id", Long, primary_key=True),
    Column("channel", String, nullable=False),
    Column("article", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("day", String, nullable=False),
    Column("notes", Text, nullable=False),
    Column("version", String, nullable=False),
    # The digests of the versions that are wrong, as JSON.
    Column("wrong", Text, nullable=False),
    Column("at", String, nullable=False),
    # False if another notice says what this one would have said.
    Column("current", Boolean, nullable=False),
    Index("notices_by_article", "article"),
    Index("notices_by_channel", "channel"),
)
# The articles that somebody has withdrawn, and what is to become of their posts and files.
WITHDRAWALS = Table(
    "withdrawals",
    SCHEMA,
    Column("article", String, primary_key=True),
    Column("by", String, nullable=False),
    Column("reason", Text, nullable=False),
    # What readers are told of it.
    Column("note", Text, nullable=False, default=""),
    Column("delete_posts", Boolean, nullable=False),
    # Whether what people are told of it has been prepared.
    Column("announced", Boolean, nullable=False, default=False),
    # Whether a page that says so stands in the place of its pages (see stubs.py).
    Column("notice", Boolean, nullable=False, default=False),
    # Whether its text is erased, so that its title is not shown either.
    Column("legal", Boolean, nullable=False, default=False),
    # The address of its page, and its language; "" if they were not known.
    Column("page", Text, nullable=False, default=""),
    Column("language", String, nullable=False, default=""),
)
# The files of its own that a withdrawn article had when it was withdrawn: what stands in their
# place, and which addresses are gone.
GONE_FILES = Table(
    "gone_files",
    SCHEMA,
    Column("article", String, primary_key=True),
    Column("channel", String, primary_key=True),
    Column("artifact", Bytewise, primary_key=True),
    Column("courier", String, nullable=False),
    # "" if that is not known.
    Column("media_type", String, nullable=False),
)
# What caches in front of a destination still have to be told (see couriers/purge.py).
PURGES = Table(
    "purges",
    SCHEMA,
    Column("channel", String, primary_key=True),
    Column("courier", String, primary_key=True),
    Column("artifact", Bytewise, primary_key=True),
)
# Articles that existed when the ledger was restored from a backup. Anything made from them may have
# been sent after that backup (see engine/restore.py).
DOUBTS = Table("doubts", SCHEMA, Column("article", String, primary_key=True))
EVENTS = Table(
    "events",
    SCHEMA,
    Column("id", Long, primary_key=True),
    Column("at", String, nullable=False),
    Column("who", String, nullable=False),
    Column("what", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("unit", String, nullable=False, key="rendering"),
    Column("name", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("note", Text, nullable=False),
)
# Who works on what (see leases.py). `began` and `until` are seconds of the clock that leases go by,
# `since` is the time for people. The row with an empty name counts the tokens.
LEASES = Table(
    "leases",
    SCHEMA,
    Column("name", Bytewise, primary_key=True),
    Column("token", BigInteger, nullable=False),
    Column("holder", String, nullable=False),
    Column("process", String, nullable=False),
    Column("since", String, nullable=False),
    Column("began", Double, nullable=False),
    Column("until", Double, nullable=False),
    Column("lapsed", Boolean, nullable=False),
)


def rows_of(table: sa.Table) -> sa.Select[Any]:
    """A query for the rows of `table`, its columns called as in this program. Some have an older
    name in the database, so that the release before this one can still read it."""
    return sa.select(*(column.label(column.key) for column in table.c))


Within = Callable[[sa.Table], sa.ColumnElement[bool]]
"""The part of a table that is asked for."""


def everything(_: sa.Table) -> sa.ColumnElement[bool]:
    """All of a table."""
    return sa.true()


def of_renderings(channel: str, keys: Collection[str]) -> Within:
    """The part of a table that is about these renderings of `channel`."""
    return lambda table: (table.c.channel == channel) & table.c.rendering.in_(keys)


def of_channels(channels: Collection[str]) -> Within:
    """The part of a table that is about `channels`."""
    return lambda table: table.c.channel.in_(channels)
