"""Many commands at once in one newsroom, while things go wrong around them."""

from __future__ import annotations

import random
import re
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from time import monotonic, sleep  # noqa: TID251 - a step is made to last

from tests import waiting
from tests.engine.chaos.faults import Clock, Disk, Locks, MailFaults, add_platform_fault
from tests.engine.chaos.newsroom import World, slug
from tests.engine.chaos.steps import Step, steps

AT_ONCE = 3
"""Commands at work at the same time."""
_LONGEST = 2.0  # seconds
_ENDS = {0, 1, 2, 3, 75, 143, -signal.SIGKILL, -signal.SIGTERM}
_BAD = re.compile(r"Traceback|a bug|leaked|Errno|sqlite3\.|sqlalchemy", re.IGNORECASE)


@dataclass
class Command:
    """One command at work. `killed` if it was."""

    number: int
    running: waiting.Running
    words: tuple[str, ...]
    killed: bool = False

    @property
    def mails(self) -> bool:
        """Whether it may send mail."""
        begin, *rest = self.words
        channels = rest[rest.index("--channels") + 1].split(",") if "--channels" in rest else ()
        return begin == "publish" and (not channels or "email" in channels)


@dataclass
class Chaos:
    """Does what the steps of `seed` say, in `world`, and tells `tell` of all that happens. `faults`
    counts what went wrong by kind, `ends` the exit codes, `kills` the killed commands that may
    have been sending mail; `odd` is what no command may say or end with."""

    world: World
    disk: Disk
    clock: Clock
    seed: int
    environment: Mapping[str, str]
    tell: Callable[[str], None]
    running: list[Command] = field(default_factory=list)
    faults: dict[str, int] = field(default_factory=dict)
    ends: dict[int, int] = field(default_factory=dict)
    odd: list[str] = field(default_factory=list)
    kills: int = 0

    def __post_init__(self) -> None:
        self._numbers = count(1)
        self._began = monotonic()
        self._meanwhile: list[threading.Thread] = []
        self._locks = Locks(self.world.desk.root / self.world.desk.ledger)
        self.mail = MailFaults(self.world.sink)

    def go_on(self, seconds: float, most: int | None = None) -> int:
        """Take steps for so long, and no more than `most`. Returns how many."""
        end, taken = monotonic() + seconds, 0
        for step in steps(self.seed, self.world.size):
            if monotonic() > end or taken == most:
                break
            self.note(f"step {taken}: {step}")
            self._take(step)
            self._look()
            sleep(step.pause)
            taken += 1
        return taken

    def calm(self) -> None:
        """Nothing goes wrong any more, and what is at work ends by itself."""
        for thread in self._meanwhile:
            waiting.join(thread, "a fault")
        self.disk.free()
        self.mail.clear()
        for server in self.world.platforms.values():
            server.faults.clear()
        self.clock.set(0)
        for command in list(self.running):
            command.running.ended()
        self._look()
        self.note("calm")

    def close(self) -> None:
        """End what is still at work, as after a failure."""
        for command in self.running:
            command.running.kill()
        self.disk.free()

    def do(self, *words: str) -> subprocess.CompletedProcess[str]:
        """One command, by itself."""
        done = self.world.desk.command(*words, **self.environment)
        self.note(f"{' '.join(words)} → {done.returncode}")
        self._judge(words, done.returncode, done.stderr)
        return done

    def note(self, text: str) -> None:
        self.tell(f"{monotonic() - self._began:7.2f} {text}")

    def _take(self, step: Step) -> None:
        match step.kind:
            case "write":
                with suppress(OSError):  # the disk is full
                    self.world.write(step.article)
            case "publish":
                chosen = ("--channels", ",".join(step.words)) if step.words else ()
                self._start("publish", "--yes", "--jobs", str(1 + step.article % 2), *chosen)
            case "withdraw":
                name = slug(step.article)
                self._start("withdraw", name, "--reason", "chaos", "--yes", *step.words)
            case "restore":
                self._start("restore", slug(step.article))
            case "approve" | "reject":
                name = f"{slug(step.article)}.{step.words[0]}"
                self._start("drafts", step.kind, name, "--by", "Ines")
            case "kill" | "terminate":
                self._signal(step)
            case _:
                self._fault(step)

    def _fault(self, step: Step) -> None:
        self.faults[step.kind] = self.faults.get(step.kind, 0) + 1
        match step.kind:
            case "lock":
                self._at_once(lambda: self._locks.hold(step.amount))
            case "fill" if self.disk.is_small:
                self._at_once(lambda: self._fill(step.amount))
            case "smtp":
                self.mail.add(*step.words)
            case "platform":
                name, how = step.words
                add_platform_fault(self.world.platforms[name], how, int(step.amount))
            case "clock":
                self.clock.set(int(step.amount) if self.clock.ahead == 0 else 0)

    def _fill(self, seconds: float) -> None:
        self.disk.fill()
        threading.Event().wait(seconds)
        self.disk.free()

    def _at_once(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        self._meanwhile.append(thread)

    def _signal(self, step: Step) -> None:
        if step.words:
            self._wait_for_traffic(int(step.amount))
        alive = [one for one in self.running if one.running.alive]
        if not alive:
            return
        chosen = alive[step.article % len(alive)]
        self.faults[step.kind] = self.faults.get(step.kind, 0) + 1
        self.note(f"{step.kind} {chosen.number}")
        if step.kind == "kill":
            chosen.killed = True
            self.kills += chosen.mails
            chosen.running.kill()
        else:
            chosen.running.send_signal(signal.SIGTERM)

    def _wait_for_traffic(self, number: int) -> None:
        """Wait until so many more mails and requests have arrived, but not for long."""
        end, before = monotonic() + _LONGEST, self._traffic()
        while self._traffic() < before + number and monotonic() < end:
            sleep(0.001)

    def _traffic(self) -> int:
        asked = (len(one.asked) for one in self.world.platforms.values())
        return len(self.world.sink.mails) + sum(asked)

    def _start(self, *words: str) -> None:
        while len(self.running) >= AT_ONCE:
            self._look()
            sleep(0.01)
        running = self.world.desk.start_command(*words, **self.environment)
        self.running.append(Command(next(self._numbers), running, words))
        self.note(f"{self.running[-1].number} begins: {' '.join(words)}")

    def _look(self) -> None:
        """See which commands have ended, and how."""
        for command in [one for one in self.running if not one.running.alive]:
            self.running.remove(command)
            done = command.running.ended()
            said = "" if command.killed else done.stderr
            self.note(f"{command.number} ended with {done.returncode} {said.strip()[-300:]!r}")
            self._judge(command.words, done.returncode, done.stderr)
            command.running.__exit__()

    def _judge(self, words: tuple[str, ...], code: int, said: str) -> None:
        self.ends[code] = self.ends.get(code, 0) + 1
        if code not in _ENDS or _BAD.search(said):
            self.odd.append(f"{' '.join(words)} ended with {code}: {said[-2000:]}")


def chance_of(seed: int) -> random.Random:
    """Choices after the steps."""
    return random.Random(seed + 1)


def log_to(file: Path) -> Callable[[str], None]:
    """Write each line at once, so that it is there whatever happens."""
    opened = file.open("a", buffering=1)

    def tell(line: str) -> None:
        opened.write(f"{line}\n")

    return tell
