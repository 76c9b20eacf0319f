"""The `syndicate` command."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line; every error ends here as text and an exit code."""
    from syndicate.cli import app
    from syndicate.console import fail
    from syndicate.errors import Exit, SyndicateError

    try:
        app(prog_name="syndicate")
    except SyndicateError as error:
        sys.exit(fail(error))
    except BrokenPipeError:
        sys.exit(Exit.FAILED)
    except OSError as error:
        reason = error.strerror or str(error)
        place = f"{error.filename}: " if error.filename else ""
        failure = SyndicateError(f"{place}{reason}", hint="mend that, then run this again")
        fail(failure)
        sys.exit(Exit.PARTLY)
    except Exception as error:
        if os.environ.get("SYNDICATE_DEBUG"):
            raise
        reason = f"{type(error).__name__}: {error}"
        fail(SyndicateError(reason, hint="a bug; SYNDICATE_DEBUG=1 shows where, please report it"))
        sys.exit(Exit.FAILED)
    except KeyboardInterrupt:
        sys.exit(Exit.INTERRUPTED)


if __name__ == "__main__":
    main()
