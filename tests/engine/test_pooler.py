"""PostgreSQL behind pgbouncer, which gives each transaction whatever session is free: nothing that
this program relies on belongs to a session."""

from __future__ import annotations

import os
import pwd
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qs, urlsplit

import pytest

from tests import waiting
from tests.databases import USERS, database
from tests.engine.mailing import MailDesk, address, mail_desk
from tests.sink import Sink

CONFIG = """\
[databases]
* = host={server} user=syndicate
[pgbouncer]
listen_addr =
listen_port = 6432
unix_socket_dir = {folder}
auth_type = any
pool_mode = transaction
default_pool_size = 2
"""


@contextmanager
def pooled(url: str) -> Iterator[str]:
    """The database at `url`, by way of a pooler that pools transactions."""
    program = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
    if not Path(program).is_file():
        pytest.skip("pgbouncer is not installed: apt-get install pgbouncer")
    parts = urlsplit(url)
    with TemporaryDirectory(prefix="pgb") as name:
        folder = Path(name)
        server = parse_qs(parts.query)["host"][0]
        config = folder / "pgbouncer.ini"
        config.write_text(CONFIG.format(server=server, folder=folder))
        command = [program, str(config)]
        if os.geteuid() == 0:
            known = {entry.pw_name for entry in pwd.getpwall()}
            user = next(name for name in USERS if name in known)
            for path in (folder, config):
                shutil.chown(path, user)
            command[1:1] = ["-u", user]
        with waiting.Running(command) as pooler:
            socket = folder / ".s.PGSQL.6432"
            pooler.until("the pooler to listen", socket.exists)
            yield f"postgresql+psycopg://syndicate@{parts.path}?host={folder}&port=6432"


@pytest.mark.xdist_group("postgresql")
def test_everything_works_behind_a_pooler(tmp_path: Path, postgresql: str) -> None:
    with Sink() as sink, database(postgresql) as url, pooled(url) as pool:
        one = mail_desk(tmp_path / "one", sink.port, ledger=pool)
        two = MailDesk(tmp_path / "two")
        shutil.copytree(one.root, two.root)
        one.subscribe(200)
        with one.start("--yes") as first, two.start("--yes") as second:
            ended = [first.ended(), second.ended()]
        codes = sorted(one.returncode for one in ended)
        assert codes in ([0, 0], [0, 75]), [one.stderr for one in ended]
        assert sorted(sink.recipients) == [address(n) for n in range(200)]
        assert two.command("publish", "--yes").returncode == 0
        assert len(sink.recipients) == 200
