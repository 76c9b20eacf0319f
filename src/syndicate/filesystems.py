"""Opens any place that fsspec can write to: an object store, a file server."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from syndicate.errors import CredentialsError, UsageError

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

OBJECT_STORES = ("s3", "s3a", "gs", "gcs", "az", "abfs", "memory")
_EXTRAS = {"s3a": "s3", "gs": "gcs", "ssh": "sftp"}


def scheme_of(url: str) -> str:
    """The part of `url` before "://"."""
    return url.partition("://")[0]


def is_of_objects(url: str) -> bool:
    """Whether the place always shows an object whole or not at all, so that no rename is needed."""
    return scheme_of(url) in OBJECT_STORES


def open_filesystem(
    url: str, options: Mapping[str, Any], secrets: Mapping[str, str]
) -> AbstractFileSystem:
    """The file system of `url`, for this process only: a connection does not survive a fork.

    Args:
        options: what the file system is opened with.
        secrets: options of which the value is in an environment variable, by the variable's name.

    Raises:
        CredentialsError: one of these variables is not set.
        UsageError: no installed package can open it.
    """
    missing = [name for name in secrets.values() if name not in os.environ]
    if missing:
        raise CredentialsError(
            f"the environment variable {missing[0]} is not set", hint=f"export {missing[0]}=…"
        )
    found = {option: os.environ[name] for option, name in secrets.items()}
    try:
        from fsspec import url_to_fs

        opened, _ = url_to_fs(url, **options, **found)
    except ImportError as error:
        scheme = scheme_of(url)
        hint = f"pip install 'syndicate[{_EXTRAS.get(scheme, scheme)}]'"
        raise UsageError(f"{url}: {error}", hint=hint) from error
    except ValueError as error:
        raise UsageError(f"{url}: {error}") from error
    return opened
