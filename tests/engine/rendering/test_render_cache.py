"""Pieces are kept for the next rendering of the same unit, and only as long as they are whole."""

from __future__ import annotations

from pathlib import Path

from syndicate.adapters import Artifact, Piece
from syndicate.engine.rendering.render_cache import Pieces, tidy
from syndicate.kit import Loss
from syndicate.ledger.outbox import Outbox

PIECE = Piece(b"<entry/>", (Artifact("a.png", "image/png", b"pixels"),))
LOSS = Loss("tag:a", "figure", "nothing to see")


def kept(cache: Path, *keys: str, stamp: str = "looks") -> Pieces:
    """The pieces of a rendering that made one for each of `keys`."""
    pieces = Pieces(cache, "rss", "", stamp)
    for key in keys:
        pieces.keep(key, PIECE, [LOSS])
    pieces.save()
    return pieces


def test_the_next_rendering_recalls_content_files_and_losses(tmp_path: Path) -> None:
    kept(tmp_path, "one", "two")
    again = Pieces(tmp_path, "rss", "", "looks")
    found = again.recall("two")
    assert found
    assert (found.content, found.losses) == (PIECE.content, (LOSS,))
    outbox = Outbox(tmp_path / "state")
    again.release(found.files[0], outbox)
    assert outbox.read(found.files[0].digest) == b"pixels"
    assert again.recall("three") is None


def test_what_was_neither_made_nor_recalled_is_dropped(tmp_path: Path) -> None:
    kept(tmp_path, "one", "two")
    again = Pieces(tmp_path, "rss", "", "looks")
    again.recall("one")
    again.save()
    assert Pieces(tmp_path, "rss", "", "looks").recall("one")
    assert Pieces(tmp_path, "rss", "", "looks").recall("two") is None


def test_other_looks_another_unit_or_damage_give_nothing(tmp_path: Path) -> None:
    kept(tmp_path, "one")
    assert Pieces(tmp_path, "rss", "", "other looks").recall("one") is None
    assert Pieces(tmp_path, "rss", "ferries/", "looks").recall("one") is None
    (file,) = (path for path in (tmp_path / "pieces").iterdir() if path.is_file())
    file.write_bytes(file.read_bytes()[:-1])
    assert Pieces(tmp_path, "rss", "", "looks").recall("one") is None


def test_a_piece_whose_file_is_gone_is_made_anew(tmp_path: Path) -> None:
    kept(tmp_path, "one")
    Outbox(tmp_path / "pieces").keep_only(frozenset())
    assert Pieces(tmp_path, "rss", "", "looks").recall("one") is None


def test_tidying_lets_go_of_units_and_files_that_are_no_more(tmp_path: Path) -> None:
    kept(tmp_path, "one")
    tidy(tmp_path, [("rss", "")])
    assert Pieces(tmp_path, "rss", "", "looks").recall("one")
    tidy(tmp_path, [("atom", "")])
    assert not [path for path in (tmp_path / "pieces").rglob("*") if path.is_file()]
