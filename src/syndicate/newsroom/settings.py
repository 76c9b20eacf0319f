"""The keys of `syndicate.toml`."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, IPvAnyNetwork

from syndicate.article.publication import Publication
from syndicate.lint import RULES, Level


def _rule(name: str) -> str:
    """A rule's name; those of the packaged lint are known, channels bring their own."""
    room, slash, _ = name.partition("/")
    if not slash or (room in ("article", "newsroom") and name not in RULES):
        near = get_close_matches(name, RULES, n=1)
        raise ValueError(f"no rule is called {name!r}" + (f"; {near[0]!r}?" if near else ""))
    return name


class Add(BaseModel):
    """`[add]`. `networks` are inner networks (CIDR) that `syndicate add` may fetch from; without
    them it reads only what the public could."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    networks: tuple[IPvAnyNetwork, ...] = ()


class Settings(BaseModel):
    """`syndicate.toml`. `defaults` holds channel keys by adapter name; a channel file wins. `lint`
    sets how grave a rule of `syndicate check` is: "error", "warning" or "off"."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    publication: Publication
    ledger: str = ".syndicate/ledger.sqlite"
    jobs: int | None = Field(default=None, ge=1)
    strict: bool = False
    defaults: dict[str, dict[str, Any]] = Field(default_factory=dict)
    lint: dict[Annotated[str, AfterValidator(_rule)], Level] = Field(default_factory=dict)
    add: Add = Add()
