"""What `reader_state` was called in the release before. Goes with the next one."""

from __future__ import annotations

import warnings

from syndicate.readers.reader_state import ReaderState


def __getattr__(name: str) -> type[ReaderState]:
    if name != "Copy":
        raise AttributeError(name)
    message = "syndicate.readers.copy.Copy is now syndicate.readers.reader_state.ReaderState"
    warnings.warn(message, DeprecationWarning, stacklevel=2)
    return ReaderState
