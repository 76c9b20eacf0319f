"""Opens the studio in a browser without showing its token to other users of this machine."""

from __future__ import annotations

import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

_PAGE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url={url}">
<title>Syndicate</title>
<p><a href="{url}">Open the studio</a></p>
</html>
"""


def page_to(url: str) -> str:
    """A page that leads to `url` at once."""
    return _PAGE.format(url=escape(url))


@contextmanager
def open_in_browser(url: str) -> Iterator[None]:
    """Open `url` in a browser, in the background.

    Everyone on this machine can see the command line of a browser. If `url` has a token, the
    browser is given a private file that leads there, which is deleted at the end of the block.
    """
    with TemporaryDirectory(prefix="syndicate-") as folder:
        opened = url
        if "?" in url:
            page = Path(folder, "studio.html")
            page.touch(0o600)
            page.write_text(page_to(url))
            opened = page.as_uri()
        Thread(target=webbrowser.open, args=(opened,), daemon=True).start()
        yield
