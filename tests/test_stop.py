"""A signal that asks a process to stop always ends it."""

from __future__ import annotations

import signal
import sys

from tests.waiting import Running

IN_A_DESTRUCTOR = """
import signal, sys
from syndicate.stop import Stopped, end_on_terminate

class Late:
    def __del__(self):
        signal.raise_signal(signal.SIGTERM)

end_on_terminate()
try:
    Late()
    print("the destructor has ended", flush=True)
    while True:
        signal.pause()
except Stopped as stopped:
    sys.exit(128 + stopped.number)
"""


def test_a_signal_during_a_destructor_is_not_lost() -> None:
    with Running([sys.executable, "-c", IN_A_DESTRUCTOR]) as process:
        process.line("that it goes on")
        assert process.ended().returncode == 128 + signal.SIGTERM
