"""The keys of `syndicate.toml`."""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ByteSize, ConfigDict, Field, IPvAnyNetwork

from syndicate.article.publication import Publication
from syndicate.lint import RULES, Level
from syndicate.newsroom.retention import Retention
from syndicate.newsroom.site import Serve, Studio
from syndicate.private import Share
from syndicate.stop import GRACE
from syndicate.store import Store

_PORTS = 65535
MEMORY = 4 * 2**30
STEP_TIMEOUT = 1800.0
SECONDS_PER_ARTICLE = 10.0


def _rule(name: str) -> str:
    """`name`, if there is such a rule. Only the packaged rules can be checked, since channels have
    rules of their own."""
    room, slash, _ = name.partition("/")
    if not slash or (room in ("article", "newsroom") and name not in RULES):
        near = get_close_matches(name, RULES, n=1)
        suggestion = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"there is no rule {name!r}{suggestion}")
    return name


_PLACE = re.compile(
    r"(?P<kind>[^:]+)://(?:[^@/]*@)?(?P<rest>\[[^]]*\]|[^/:?]*)(?::(?P<port>[^/?]*))?"
)
_POSTGRESQL = ("postgres", "postgresql", "postgresql+psycopg")


def _ledger(place: str) -> str:
    """`place`, if a ledger can be there: a file, or a URL of a database. No password is told."""
    if "://" not in place:
        return place
    found = _PLACE.match(place)
    kind = place.partition("://")[0]
    if kind.partition("+")[0] not in ("postgres", "postgresql", "sqlite") or found is None:
        raise ValueError(
            f"{kind}:// is not supported; use a file, or postgresql://USER@HOST/DATABASE"
        )
    if "@" in found["rest"]:
        raise ValueError("write an @ in the password as %40, a / as %2F and a : as %3A")
    port = found["port"]
    if port and not (port.isascii() and port.isdigit() and int(port) <= _PORTS):
        raise ValueError(f"the port must be a number up to {_PORTS}, not {port!r}")
    return f"postgresql+psycopg{place.removeprefix(kind)}" if kind in _POSTGRESQL else place


class Add(BaseModel):
    """`[add]`. `networks` are internal networks (CIDR) that `syndicate add` may fetch pages from.
    By default it only fetches public addresses."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    networks: tuple[IPvAnyNetwork, ...] = ()


class Content(BaseModel):
    """`[content]`. `unknown_keys` is what `syndicate check` makes of front matter keys that it does
    not know: "warn" passes over them, and tells each one once; "error" refuses the file. `deleted`
    is what becomes of a published article whose file is gone: with "keep" it stays published, and
    every run names it until somebody decides; with "withdraw" the next run withdraws it.

    `follow` are folders outside `content/` and `templates/` that links there may lead to, such as
    a share with pictures; `~` and paths from the newsroom's folder are possible. Other links out
    of them are not read. `seconds_per_article` is how much processor time it may take to read one
    article; a file that needs more is named, and the others are read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    unknown_keys: Literal["warn", "error"] = "warn"
    deleted: Literal["keep", "withdraw"] = "keep"
    follow: tuple[Path, ...] = ()
    seconds_per_article: float = Field(default=SECONDS_PER_ARTICLE, ge=1)


class WithdrawalSettings(BaseModel):
    """`[withdrawal]`. `title` is whether notices in the place of withdrawn articles show their
    titles. The title may be what was wrong, so it is not shown by default, and never after
    `syndicate withdraw --legal`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: bool = False


class Settings(BaseModel):
    """`syndicate.toml`. `defaults` has default channel keys by adapter name; channel files override
    them. `lint` sets the severity of a rule of `syndicate check`: "error", "warning" or "off". `id`
    tells this newsroom from others that could open its ledger; default: made by the first run and
    kept in `.syndicate/newsroom`.

    `grace` is how many seconds a run that is asked to stop waits for deliveries on their way.
    `share` lets others use the newsroom's private files, such as the ledger and drafts: "none", or
    "group", which gives their group the right to read and write them.
    `memory` (such as "2 GiB") and `step_timeout` (seconds) limit each rendering, which runs in a
    process of its own, and the reading of each file. What needs more is stopped and named. Memory
    is watched on Linux only.
    `store` is where the bytes of artifacts and articles are kept. `retention` says for how long
    mail addresses are. `withdrawal` says what notices in the place of withdrawn articles show.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    publication: Publication
    id: str = Field(default="", max_length=100)
    ledger: Annotated[str, AfterValidator(_ledger)] = ".syndicate/ledger.sqlite"
    store: Store = Store()
    jobs: int | None = Field(default=None, ge=1)
    strict: bool = False
    share: Share = "none"
    grace: float = Field(default=GRACE, ge=0, le=3600)
    memory: ByteSize = Field(default=ByteSize(MEMORY), ge=64 * 2**20)
    step_timeout: float = Field(default=STEP_TIMEOUT, gt=0)
    defaults: dict[str, dict[str, Any]] = Field(default_factory=dict)
    lint: dict[Annotated[str, AfterValidator(_rule)], Level] = Field(default_factory=dict)
    add: Add = Add()
    content: Content = Content()
    retention: Retention = Retention()
    studio: Studio = Studio()
    serve: Serve = Serve()
    withdrawal: WithdrawalSettings = WithdrawalSettings()
