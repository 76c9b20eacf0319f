"""Every adapter in the registry, and a plug-in adapter, pass the contract suite."""

from __future__ import annotations

from pathlib import Path

import pytest

from syndicate.adapters import ADAPTERS, Adapter, adapter_class
from syndicate.testing import AdapterContract

SHOUT = '''
from syndicate.adapters import Adapter, Artifact


class Shout(Adapter):
    """An adapter that writes every article in capitals."""

    def render(self, edition, kit):
        for article in edition.articles:
            text = article.title + kit.body(article, "txt", picture=self.no_picture(kit, article))
            yield Artifact(f"{article.slug}.txt", "text/plain", text.upper().encode())

    def no_picture(self, kit, article):
        return lambda figure: kit.lossy(article, "figure", f"no pictures: {figure.src}")
'''
SELECT = {"x", "mastodon", "bluesky", "threads", "linkedin", "sitemap", "opml", "opds", "gone"}


@pytest.fixture(params=[*ADAPTERS, "./shout.py"])
def chosen(request: pytest.FixtureRequest, tmp_path: Path) -> Adapter:
    """Each adapter in turn, with its default options."""
    if request.param == "./shout.py":
        (tmp_path / "shout.py").write_text(SHOUT)
    adapter = adapter_class(request.param, tmp_path)()
    request.cls.adapter = adapter
    request.cls.channel = Path(request.param).stem
    request.cls.selects = request.param in SELECT
    return adapter


@pytest.mark.usefixtures("chosen")
class TestAdapters(AdapterContract):
    pass


def test_a_plugin_adapter_is_short() -> None:
    assert len(SHOUT.strip().splitlines()) < 20
