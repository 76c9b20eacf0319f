"""Pieces are kept for the next rendering of the same key, and only as long as they are whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from syndicate.adapters import Artifact, Piece
from syndicate.engine.rendering.render_cache import RenderedPieces
from syndicate.kit import Loss
from syndicate.store import FolderStore

PICTURE = Artifact("a.png", "image/png", b"pixels")
PIECE = Piece(b"<entry/>", (PICTURE,))
LOSS = Loss("tag:a", "figure", "nothing to see")


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path)


def kept(store: FolderStore, *keys: str) -> str:
    """What a rendering that made a piece for each of `keys` keeps."""
    pieces = RenderedPieces(store, "", "looks")
    for key in keys:
        pieces.keep(key, PIECE, [LOSS])
    return pieces.save()


def test_the_next_rendering_recalls_content_files_and_losses(store: FolderStore) -> None:
    again = RenderedPieces(store, kept(store, "one", "two"), "looks")
    found = again.recall("two")
    assert found
    assert (found.content, found.losses) == (PIECE.content, (LOSS,))
    assert store.read(found.files[0].digest) == b"pixels"
    assert again.recall("three") is None


def test_what_was_neither_made_nor_recalled_is_dropped(store: FolderStore) -> None:
    last = kept(store, "one", "two")
    again = RenderedPieces(store, last, "looks")
    again.recall("one")
    new = again.save()
    assert new != last
    assert RenderedPieces(store, new, "looks").recall("one")
    assert RenderedPieces(store, new, "looks").recall("two") is None


def test_what_is_the_same_is_not_written_again(store: FolderStore) -> None:
    last = kept(store, "one")
    again = RenderedPieces(store, last, "looks")
    again.recall("one")
    assert again.save() == last


def test_other_looks_or_damage_give_nothing(store: FolderStore) -> None:
    last = kept(store, "one")
    assert RenderedPieces(store, last, "other looks").recall("one") is None
    store.place(last).write_bytes(store.read(last)[:-1])
    assert RenderedPieces(store, last, "looks").recall("one") is None


def test_a_piece_whose_file_is_gone_is_made_anew(store: FolderStore) -> None:
    last = kept(store, "one")
    store.place(PICTURE.digest).unlink()
    assert RenderedPieces(store, last, "looks").recall("one") is None
