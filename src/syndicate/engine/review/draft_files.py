"""The files in `drafts/` that people edit, on any machine, and the ledger's heads of them.

The head of a draft is what was placed, edited or approved last, on whichever machine. Each machine
notes which head its file came from (in `.syndicate/drafts/`), so an edit here can be told from one
that was made elsewhere. Neither overwrites the other: whoever comes second is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

from syndicate.atomic import write_whole
from syndicate.errors import DraftError, MissingBlobError
from syndicate.ledger.draft_heads import DraftKey
from syndicate.ledger.ledger import Ledger
from syndicate.ledger.records import Review, StoredArtifact
from syndicate.ledger.tables import of_renderings
from syndicate.newsroom.newsroom import Newsroom
from syndicate.store import digest_of_bytes

_AT_ONCE = 500  # drafts of which the ledger is asked at once


class DraftFiles:
    """The drafts of `newsroom` as files. Every method raises StoreError or LedgerError if bytes or
    heads cannot be read or written."""

    def __init__(self, newsroom: Newsroom, ledger: Ledger) -> None:
        self._newsroom, self._heads, self._store = newsroom, ledger.draft_heads, newsroom.store

    def bring_up_to_date(
        self, artifacts: Mapping[tuple[str, str], tuple[StoredArtifact, ...]]
    ) -> Iterator[DraftError]:
        """Bring every draft among `artifacts` (by channel and rendering) from other machines, and
        tell them of edits here. Yields an error for each that was edited both here and elsewhere:
        its file stays as it is."""
        heads = self._heads.all()
        for (channel, rendering), found in artifacts.items():
            for artifact in found:
                if not artifact.draft:
                    continue
                key = (channel, rendering, artifact.name)
                try:
                    if (present := self._present(key)) and present == heads.get(key):
                        self._note(key, present)
                    else:
                        self._update(key, artifact.digest)
                except DraftError as error:
                    yield error
                except OSError as error:
                    yield DraftError(f"drafts/{artifact.name}: {error.strerror}")

    def refresh(self, key: DraftKey, placed: str) -> bool:
        """Do the same for one draft, which was `placed` with this digest. Whether its file has
        changed.

        Raises:
            DraftError: it was edited both here and elsewhere.
        """
        return self._update(key, placed)

    def catch_up(self, artifacts: Mapping[tuple[str, str], tuple[StoredArtifact, ...]]) -> None:
        """Bring every draft among `artifacts` that was edited or approved on another machine, and
        not here. The ledger does not change, so that this is for commands that only look.

        Raises:
            DraftError: a file cannot be read or written.
        """
        drafts = {
            (channel, rendering, artifact.name): artifact.digest
            for (channel, rendering), found in artifacts.items()
            for artifact in found
            if artifact.draft
        }
        for channel, keys in groupby(sorted(drafts), lambda key: key[0]):
            here = list(keys)
            for start in range(0, len(here), _AT_ONCE):
                page = here[start : start + _AT_ONCE]
                heads = self._heads.all(of_renderings(channel, [key[1] for key in page]))
                for key in page:
                    try:
                        self._catch_up(key, drafts[key], heads.get(key))
                    except OSError as error:
                        raise DraftError(f"drafts/{key[2]}: {error.strerror}") from error

    def place(self, key: DraftKey, content: bytes, last_placed: str | None) -> bool:
        """Put a new draft where people edit it. False if an edit, here or elsewhere, stands in the
        way: it is kept.

        Args:
            last_placed: the digest of what was placed last, None if nothing was.
        """
        digest, present, head = digest_of_bytes(content), self._present(key), self._heads.of(key)
        if present not in (None, digest, last_placed):
            return False
        edited = head if head not in (None, digest, last_placed, present) else None
        if edited and self._seen(key) != edited and self._store.holds(edited):
            return False
        if head != digest and not self._heads.move(key, head, digest):
            return False
        self._write(key, content)
        return True

    def approvers(
        self, key: DraftKey, reviews: Mapping[tuple[str, str, str, str], tuple[Review, ...]]
    ) -> tuple[str, ...]:
        """Who has approved a draft as it is in its file, among `reviews`."""
        about = reviews.get((*key, self._present(key) or ""), ())
        return tuple(one.by for one in about if one.verdict == "approved")

    def edit(self, key: DraftKey, content: bytes) -> None:
        """Write what somebody decided about a draft that is up to date.

        Raises:
            DraftError: it was edited elsewhere in the meantime.
        """
        head, digest = self._heads.of(key), self._store.put(content)
        if head not in (None, self._seen(key)) or not self._heads.move(key, head, digest):
            raise _edited_elsewhere(key[2])
        if self._present(key) == digest:
            self._note(key, digest)
        else:
            self._write(key, content)

    def _catch_up(self, key: DraftKey, placed: str, head: str | None) -> None:
        present, seen = self._present(key), self._seen(key)
        if head not in (None, present, seen) and present in (None, seen or placed):
            self._fetch(key, head)

    def _update(self, key: DraftKey, placed: str) -> bool:
        # The head is read last: whoever moves it does that before they write the file.
        present, seen = self._present(key), self._seen(key)
        head = self._heads.of(key)
        if head is None:  # placed by a release that kept no heads
            if present is None:
                return seen is None and self._fetch(key, placed)
            self._record(key, None, present)
            return False
        if present == head:
            self._note(key, head)
            return False
        if present is None:  # if it was deleted here, it is rendered again
            return seen != head and self._fetch(key, head)
        # A file of which nothing is noted here came with the checkout.
        origin = placed if seen is None else seen
        if present == origin:
            return self._fetch(key, head)
        if origin != head:
            raise _edited_elsewhere(key[2])
        self._record(key, head, present)
        return False

    def _record(self, key: DraftKey, head: str | None, present: str) -> None:
        """Tell other machines of the edit here."""
        self._store.put(self._newsroom.draft(key[2]))
        if not self._heads.move(key, head, present):
            raise _edited_elsewhere(key[2])
        self._note(key, present)

    def _fetch(self, key: DraftKey, head: str) -> bool:
        try:
            content = self._store.read(head)
        except MissingBlobError:  # it is rendered again
            return False
        self._write(key, content)
        return True

    def _write(self, key: DraftKey, content: bytes) -> None:
        write_whole(self._file(key), content)
        self._note(key, digest_of_bytes(content))

    def _file(self, key: DraftKey) -> Path:
        return self._newsroom.drafts / key[2]

    def _present(self, key: DraftKey) -> str | None:
        """The digest of the file, None if it is missing or is no file of ours."""
        try:
            return digest_of_bytes(self._newsroom.draft(key[2]))
        except OSError:
            return None

    def _seen(self, key: DraftKey) -> str | None:
        """The head that the file came from, None if nothing is noted."""
        try:
            return self._note_of(key).read_text()
        except OSError:
            return None

    def _note(self, key: DraftKey, head: str) -> None:
        if self._seen(key) != head:
            write_whole(self._note_of(key), head.encode())

    def _note_of(self, key: DraftKey) -> Path:
        return self._newsroom.state / "drafts" / key[2]


def _edited_elsewhere(name: str) -> DraftError:
    return DraftError(
        f"drafts/{name} was edited here and on another machine; both are kept",
        hint="move your file out of drafts/, run syndicate publish to get the other one, and put"
        " your changes into it",
    )
