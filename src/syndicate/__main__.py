"""The `syndicate` command."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line. Every error ends here, as a message and an exit code."""
    from syndicate.cli import app
    from syndicate.console import print_error
    from syndicate.errors import Exit, SyndicateError
    from syndicate.private import keep_private
    from syndicate.stop import Stopped, end_on_terminate

    keep_private("none")
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
        failure = SyndicateError(f"{place}{reason}", hint="fix this and run the command again")
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
