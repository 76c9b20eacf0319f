"""A thousand copies at four kinds of destinations; twenty are edited, deleted or swapped."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import fsspec
import pytest

from syndicate.engine.review.verdicts import approve_draft
from syndicate.newsroom.newsroom import load_newsroom
from tests.couriers.social.conftest import one_context
from tests.engine.auditing.desk import audited, repaired
from tests.engine.auditing.posts import delete, reword
from tests.engine.conftest import PLUGIN, SETTINGS, Desk
from tests.engine.test_posting import ARTICLE
from tests.object_store import s3_server
from tests.platforms import PLATFORMS
from tests.platforms.platform import Platform
from tests.site import Site

__all__ = ["one_context"]


@dataclass
class World:
    """What stands everywhere. `stores` are object stores, each with a folder, by channel."""

    desk: Desk
    site: Site
    stores: dict[str, tuple[fsspec.AbstractFileSystem, str]] = field(default_factory=dict)
    platforms: list[Platform] = field(default_factory=list)


@pytest.fixture(params=[pytest.param(60, id="some"), pytest.param(240, marks=pytest.mark.slow)])
def world(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    number: int = request.param
    root = tmp_path / "newsroom"
    (root / "channels").mkdir(parents=True)
    (root / "syndicate.toml").write_text(SETTINGS)
    (root / "own.py").write_text(PLUGIN)
    desk, name = Desk(root), tmp_path.name
    site = Site(root / "out" / "site")
    with ExitStack() as stack:
        url = stack.enter_context(site.serving())
        own = 'adapter = "./own.py"\n'
        desk.channel("disk", own)
        desk.channel("site", f'{own}url = "{url}/"\n')
        memory = f"memory://{name}"
        desk.channel("memory", f'{own}[deliver]\nvia = "fsspec"\nurl = "{memory}"\n')
        world = World(desk, site, {"memory": (fsspec.filesystem("memory"), f"/{name}")})
        if number > 100:
            s3 = stack.enter_context(s3_server())
            to = f'via = "fsspec"\nurl = "s3://gazette/out"\noptions = {{endpoint_url = "{s3}"}}\n'
            desk.channel("s3", f"{own}[deliver]\n{to}")
            store = fsspec.filesystem("s3", endpoint_url=s3)
            world.stores["s3"] = (store, "gazette/out")
        for via, setup in PLATFORMS.items() if number > 100 else ():
            for variable, value in setup.secrets.items():
                monkeypatch.setenv(variable, value)
            server = stack.enter_context(setup.server())
            world.platforms.append(server)
            options = {setup.place: server.url, **setup.options}
            keys = "".join(f'{key} = "{value}"\n' for key, value in options.items())
            select = '[select]\nsection = "Posted"\n'
            desk.channel(via, f'review = true\n{select}[deliver]\nvia = "{via}"\n{keys}')
        for story in range(number):
            section = "" if story else "---\nsection: Posted\n---\n"
            text = ARTICLE.replace("4 million", f"{story + 4} million")
            desk.write(f"story-{story:03}.md", f"{section}{text}")
        assert desk.publish().errors == []
        for draft in (root / "drafts").rglob("*.md") if world.platforms else ():
            path = draft.relative_to(root / "drafts").as_posix()
            approve_draft(load_newsroom(root, {}), path, "Ines")
        assert desk.publish().errors == []
        yield world


def test_exactly_what_was_harmed_is_found(world: World) -> None:
    desk, number = world.desk, 2 * len(world.platforms)
    seen = audited(desk)
    assert (seen.findings, seen.cached, seen.unseen) == ([], [], [])
    dice = random.Random(20)
    disk = fsspec.filesystem("file")
    harmed = {
        (channel, name)
        for channel, (store, folder) in world.stores.items()
        for name in _harm(store, folder, dice)
    }
    harmed |= {("disk", name) for name in _harm(disk, f"{desk.root}/out/disk", dice)}
    spoilt = dice.choice(sorted(world.site.folder.iterdir()))
    spoilt.write_text("We were hacked.")
    lost = dice.choice(sorted(file for file in world.site.folder.iterdir() if file != spoilt))
    world.site.cached[lost.name] = None
    for server in world.platforms:
        reword(server, 0, "Other words.")
        delete(server, len(server.posts) - 1)
    seen = audited(desk)
    assert seen.unseen == []
    found = {(one.channel, one.row.copy.unit) for one in seen.findings if one.row}
    posts = {one for one in found if one[0] in PLATFORMS}
    assert len(posts) == number
    assert found - posts == {*harmed, ("site", spoilt.name), ("site", lost.name)}
    assert len(seen.findings) == len(found)
    assert len(found) == (20 if world.platforms else 10)
    done = repaired(desk)
    assert done.outcome.errors == []
    assert done.outcome.delivered == len(harmed) + 1
    world.site.cached.clear()
    seen = audited(desk)
    assert {(one.channel, one.row.copy.unit) for one in seen.findings if one.row} == posts
    assert seen.unseen == []


def _harm(store: fsspec.AbstractFileSystem, folder: str, dice: random.Random) -> set[str]:
    """Edit a file in `folder`, delete one, swap two; their names."""
    store.invalidate_cache()
    paths = sorted(store.find(folder))
    edited, deleted, one, other = dice.sample(paths, 4)
    content = bytearray(store.cat_file(edited))
    content[len(content) // 2] ^= 1
    store.pipe_file(edited, bytes(content))
    store.rm_file(deleted)
    first, second = store.cat_file(one), store.cat_file(other)
    store.pipe_file(one, second)
    store.pipe_file(other, first)
    return {path.rpartition("/")[2] for path in (edited, deleted, one, other)}
