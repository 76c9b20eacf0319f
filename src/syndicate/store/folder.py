"""A store in a folder of this machine."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from syndicate.atomic import sync, sync_folder
from syndicate.errors import StoreError
from syndicate.store.blob_digest import digest_of_bytes, is_digest, missing_blob

_HINT = 'make that folder writable, or name another place: store = "…" (in syndicate.toml)'


class FolderStore:
    """Blobs as files, each in a folder named after the first two digits of its digest."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def near(self) -> FolderStore:
        """See `BlobStore`."""
        return self

    def take_turn(self, since: float) -> bool:
        """Whether nobody has called this since then (seconds since 1970)."""
        mark = self.folder / ".collected"
        try:
            if mark.exists() and mark.stat().st_mtime > since:
                return False
            if self.folder.is_dir():
                mark.touch()
        except OSError as error:
            raise _unusable(error) from error
        return True

    @property
    def shown(self) -> str:
        """See `BlobStore`."""
        return str(self.folder)

    def check(self) -> None:
        """See `BlobStore`."""
        standing = next(one for one in (self.folder, *self.folder.parents) if one.exists())
        if not (standing.is_dir() and os.access(standing, os.R_OK | os.W_OK | os.X_OK)):
            raise StoreError(f"the store cannot be used: {standing} cannot be written", hint=_HINT)

    def put(self, content: bytes) -> str:
        """See `BlobStore`."""
        return self._write(content, is_safe=True)

    def keep(self, content: bytes) -> str:
        """See `BlobStore`."""
        return self._write(content, is_safe=False)

    def share(self, digests: Iterable[str]) -> None:
        """See `BlobStore`. Everyone who can read this folder has it already."""

    def adopt(self, file: Path, digest: str) -> None:
        """See `BlobStore`."""
        if not self._refreshed(digest, file.stat().st_size):
            with self._own_file(digest) as own:
                try:
                    own.hardlink_to(file)
                except OSError:  # another file system, or one without hard links
                    shutil.copyfile(file, own)
                os.utime(own)

    def holds(self, digest: str) -> bool:
        """See `BlobStore`."""
        return self.place(digest).is_file()

    def path(self, digest: str) -> Path:
        """See `BlobStore`."""
        self.read(digest)
        return self.place(digest)

    def read(self, digest: str) -> bytes:
        """See `BlobStore`."""
        if not is_digest(digest):
            raise missing_blob(digest)
        with _errors():
            try:
                content = self.place(digest).read_bytes()
            except FileNotFoundError as error:
                raise missing_blob(digest) from error
            if digest_of_bytes(content) != digest:
                self.place(digest).unlink(missing_ok=True)  # so that it is made again
                raise missing_blob(digest)
        return content

    def pages(self) -> Iterator[list[tuple[str, float]]]:
        """See `BlobStore`. What a crash left half-written is cleared away on the way."""
        for folder in sorted(self.folder.glob("??")):
            page = []
            with _errors():
                for file in folder.iterdir():
                    with suppress(FileNotFoundError):  # removed by another process
                        page.append((file.name, file.stat().st_mtime))
            yield page

    def remove(self, digest: str, before: float) -> None:
        """See `BlobStore`."""
        place = self.place(digest)
        aside = place.with_name(f"{digest[:60]}.gone")
        with _errors(), suppress(FileNotFoundError):
            # Set aside first: whoever puts it from now on writes it anew.
            place.rename(aside)
            if is_digest(digest) and aside.stat().st_mtime >= before:
                aside.rename(place)
            else:
                aside.unlink()

    def place(self, digest: str) -> Path:
        """The file for the bytes of `digest`, whether it is there or not."""
        return self.folder / digest[:2] / digest

    def _write(self, content: bytes, *, is_safe: bool) -> str:
        """Store `content`; a power cut does not take it if `is_safe`."""
        digest = digest_of_bytes(content)
        if not self._refreshed(digest, len(content)):
            with self._own_file(digest) as own, own.open("wb") as file:
                file.write(content)
                if is_safe:
                    file.flush()
                    sync(file.fileno())
            if is_safe:
                with _errors():
                    sync_folder(self.place(digest).parent)
        return digest

    def _refreshed(self, digest: str, size: int) -> bool:
        """Whether the blob is here; it then counts as put just now."""
        place = self.place(digest)
        try:
            if place.stat().st_size != size:  # a power cut took its bytes
                return False
            os.utime(place)
        except OSError:
            return False
        return True

    @contextmanager
    def _own_file(self, digest: str) -> Iterator[Path]:
        """A file that nobody else writes; after the block, it is that of the blob."""
        place = self.place(digest)
        own = place.with_name(f"{digest[:40]}.{os.getpid()}-{threading.get_native_id()}")
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            own.unlink(missing_ok=True)
            yield own
            own.replace(place)
        except OSError as error:
            with suppress(OSError):
                own.unlink(missing_ok=True)
            raise _unusable(error) from error


@contextmanager
def _errors() -> Iterator[None]:
    """Turn an error of the system into a StoreError."""
    try:
        yield
    except OSError as error:
        raise _unusable(error) from error


def _unusable(error: OSError) -> StoreError:
    what = f"{error.filename}: " if error.filename else ""
    return StoreError(f"the store cannot be used: {what}{error.strerror or error}", hint=_HINT)
