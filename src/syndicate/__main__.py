"""The `syndicate` command."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from pathlib import Path

# Loading modules and planning make two hundred thousand objects and no garbage; to look for some
# among them takes a quarter of the time of a short command.
_NEW_OBJECTS = 300_000


def main() -> None:
    """Run the command line. Every error ends here, as a message and an exit code."""
    gc.set_threshold(_NEW_OBJECTS)
    atexit.register(gc.freeze)  # nor at the end, when the system takes all of it back
    from syndicate.cli import app
    from syndicate.console import print_error
    from syndicate.errors import Exit, SyndicateError
    from syndicate.private import keep_private
    from syndicate.stop import Stopped, end_on_terminate

    keep_private("none")
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started this (`>&-`)
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115 - until the end
    try:
        end_on_terminate()
        app(prog_name="syndicate")
    except SyndicateError as error:
        sys.exit(print_error(error))
    except BrokenPipeError:
        sys.exit(Exit.FAILED)
    except OSError as error:
        reason = error.strerror or str(error)
        place = f"{error.filename}: " if error.filename else ""
        closed = isinstance(error, PermissionError)
        hint = "check with: syndicate doctor" if closed else "fix this and run the command again"
        failure = SyndicateError(f"{place}{reason}", hint=hint)
        print_error(failure)
        sys.exit(Exit.PARTLY)
    except Exception as error:
        if os.environ.get("SYNDICATE_DEBUG"):
            raise
        reason = f"{type(error).__name__}: {error}"
        print_error(
            SyndicateError(
                reason,
                hint="this is a bug, please report it; SYNDICATE_DEBUG=1 shows where it happened",
            )
        )
        sys.exit(Exit.FAILED)
    except KeyboardInterrupt:
        sys.exit(Exit.INTERRUPTED)
    except Stopped as stopped:
        sys.exit(Exit.of_signal(stopped.number))


if __name__ == "__main__":
    main()
