"""An S3 server on loopback, where what it needs is installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def s3_server() -> Iterator[str]:
    """The URL of an S3 server with one bucket, `gazette`. Its credentials are in the environment.

    It is skipped where s3fs or moto is not installed.
    """
    s3fs = pytest.importorskip("s3fs", reason="s3fs is not installed: pip install s3fs")
    server = pytest.importorskip(
        "moto.server", reason="moto is not installed: pip install 'moto[server]'"
    )
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "harbour")
        running = server.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        running.start()
        try:
            host, port = running.get_host_and_port()
            url = f"http://{host}:{port}"
            s3fs.S3FileSystem(endpoint_url=url).makedirs("gazette", exist_ok=True)
            yield url
        finally:
            running.stop()
