"""Steps that ended the process which rendered them: not tried again until something changes."""

from __future__ import annotations

import json
from pathlib import Path

from syndicate import __version__
from syndicate.atomic import write_whole
from syndicate.digests import digest_of
from syndicate.engine.planning.plan import Step
from syndicate.newsroom.newsroom import Newsroom


class Quarantine:
    """The steps in quarantine, each with its reason and the inputs that it had. Kept in one file
    in the cache: without it, they are simply tried again."""

    def __init__(self, newsroom: Newsroom) -> None:
        self._path: Path = newsroom.state / "cache" / "quarantine.json"
        self._limits = [newsroom.memory, newsroom.step_timeout]
        self._kept = self._read()

    def reason(self, step: Step) -> str | None:
        """Why `step` is not rendered, None if it may be."""
        reason, inputs = self._kept.get(f"{step.channel} {step.key}", ("", ""))
        return reason if inputs and inputs == self._inputs(step) else None

    def add(self, step: Step, reason: str) -> None:
        """Keep `step` out until it, the program or a limit changes."""
        self._kept[f"{step.channel} {step.key}"] = (reason, self._inputs(step))
        self._write()

    def release(self, step: Step) -> None:
        """Forget `step`: it could be rendered."""
        if self._kept.pop(f"{step.channel} {step.key}", None):
            self._write()

    def _inputs(self, step: Step) -> str:
        return digest_of(inputs=step.inputs, version=__version__, limits=self._limits)

    def _read(self) -> dict[str, tuple[str, str]]:
        try:
            kept = json.loads(self._path.read_bytes())
            return {str(key): (str(reason), str(inputs)) for key, (reason, inputs) in kept.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}

    def _write(self) -> None:
        write_whole(self._path, json.dumps(self._kept, indent=1).encode())
