"""What is wrong with a database is said in words, with what to do, and without its password."""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.databases import database
from tests.engine.conftest import Desk, make_desk
from tests.waiting import run

# Root may read and write everything, unless it gives that up.
_DROPPED = "--bounding-set=-dac_override,-dac_read_search,-fowner"
_AS_ANYBODY = ["setpriv", _DROPPED] if os.geteuid() == 0 else []
PASSWORD = "s3cret-of-the-desk"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A newsroom with a ledger, and something to publish."""
    desk = make_desk(tmp_path / "news")
    desk.publish("single")
    desk.write("ferry.md", "# The night ferry returns\n\nIt sails on Saturday at nine.\n")
    return desk


def syndicate(desk: Desk, *words: str, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "syndicate", *words]
    command = command if "env" in options else [*_AS_ANYBODY, *command]
    return run(command, cwd=desk.root, **options)  # type: ignore[arg-type]


def refused(desk: Desk, **environment: str) -> tuple[str, str]:
    """The error of `publish` and its hint. They are all that is said, here and by doctor."""
    options = {"env": {**os.environ, **environment}} if environment else {}
    done = syndicate(desk, "publish", **options)
    assert done.returncode in (1, 2), done.stderr
    assert PASSWORD not in done.stderr
    lines = [line for line in done.stderr.splitlines() if not line.startswith("warning: ")]
    error, hint = lines
    examined = syndicate(desk, "doctor", **options)
    assert error.removeprefix("error: ") in examined.stdout
    assert PASSWORD not in examined.stdout + examined.stderr
    return error.removeprefix("error: "), hint.strip().removeprefix("hint: ")


def ledger_of(desk: Desk) -> Path:
    return desk.root / desk.ledger


def statement(text: str) -> Callable[[Path], None]:
    def change(file: Path) -> None:
        with closing(sqlite3.connect(file)) as db:
            db.execute(text)
            db.commit()

    return change


def replaced(file: Path) -> None:
    file.write_bytes(b"These are the minutes of the last meeting. " * 200)


def damaged(file: Path) -> None:
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA journal_mode=DELETE")
    content = bytearray(file.read_bytes())
    content[4096:] = bytes(range(256)) * ((len(content) - 4096) // 256)
    file.write_bytes(content)


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize(
    ("change", "error", "hint"),
    [
        (lambda file: file.write_bytes(b""), "is empty (0 bytes)", "restore a backup: "),
        (replaced, "is not a ledger: something else is in the file", "restore a backup: "),
        (damaged, ".syndicate/ledger.sqlite: is damaged", "restore a backup: "),
        (a_folder, "ledger.sqlite: is a folder", 'name a file: ledger = "…"'),
        (
            statement("ALTER TABLE articles DROP COLUMN sketch"),
            "missing from the ledger: column 'sketch' of table 'articles'",
            "restore a backup: ",
        ),
        (statement("PRAGMA user_version = 99"), "version 99 of another program", "user_version"),
        (
            statement("UPDATE ledger SET value = 'four' WHERE key = 'version'"),
            "its version is 'four'",
            "restore a backup: ",
        ),
        (
            statement("DELETE FROM ledger WHERE key = 'version'"),
            "does not say which version it has",
            "restore a backup: ",
        ),
        (
            lambda file: file.chmod(0),
            ".syndicate/ledger.sqlite: you may not read it",
            "chmod u+rw .syndicate/ledger.sqlite",
        ),
    ],
)
def test_a_file_that_is_no_ledger(
    desk: Desk, change: Callable[[Path], None], error: str, hint: str
) -> None:
    for beside in ledger_of(desk).parent.glob("ledger.sqlite-*"):
        beside.unlink()
    change(ledger_of(desk))
    told = refused(desk)
    assert error in told[0]
    assert hint in told[1]


def test_the_hint_names_the_newest_backup_and_it_works(desk: Desk) -> None:
    assert syndicate(desk, "ledger", "backup").returncode == 0
    replaced(ledger_of(desk))
    _, hint = refused(desk)
    words = hint.removeprefix("restore a backup: syndicate ").split()
    assert words[-1].endswith(".backup")
    assert syndicate(desk, *words).returncode == 0
    done = syndicate(desk, "publish", "--channels", "single")
    assert done.returncode == 0, done.stderr


def test_a_file_that_can_only_be_read(desk: Desk) -> None:
    ledger_of(desk).chmod(0o400)
    done = syndicate(desk, "publish", "--channels", "single")
    assert done.returncode == 1
    assert "error: .syndicate/ledger.sqlite: it can only be read" in done.stderr
    assert "hint: chmod u+w .syndicate/ledger.sqlite" in done.stderr


def test_a_folder_that_can_only_be_read(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "news", "data/ledger.sqlite")
    desk.publish("single")
    desk.write("ferry.md", "# The night ferry returns\n\nIt sails on Saturday at nine.\n")
    folder = desk.root / "data"
    for beside in folder.glob("ledger.sqlite-*"):
        beside.unlink()
    folder.chmod(0o500)
    try:
        told = refused(desk)
    finally:
        folder.chmod(0o700)
    assert told == (
        "data/ledger.sqlite: the folder data can only be read",
        "chmod u+rwx data",
    )


def limited() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))


def test_a_file_that_may_not_grow(desk: Desk) -> None:
    people = "".join(f"reader-{number}@example.net\n" for number in range(5000))
    (desk.root / "readers.csv").write_text(f"email\n{people}")
    words = ("subscribers", "import", "readers.csv", "-c", "single")
    done = syndicate(desk, *words, preexec_fn=limited)
    assert done.returncode == 1
    assert "error: .syndicate/ledger.sqlite: the disk does not take it" in done.stderr
    assert "hint: check the disk" in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_full_disk(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)])
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    try:
        desk = make_desk(tmp_path / "news", str(disk / "ledger.sqlite"))
        desk.publish("single")
        desk.write("ferry.md", "# The night ferry returns\n\nIt sails on Saturday at nine.\n")
        (disk / "film").write_bytes(bytes(shutil.disk_usage(disk).free))
        assert refused(desk) == (
            f"{disk}/ledger.sqlite: the disk is full",
            "free some space there and run the command again; nothing is lost",
        )
        (disk / "film").unlink()
        assert desk.command("publish", "--channels", "single").returncode == 0
    finally:
        run(["umount", str(disk)], check=True)


@pytest.mark.parametrize(
    ("url", "error"),
    [
        (f"postgres://desk:{PASSWORD}@127.0.0.1:1/news", "no server answers"),
        (f"postgresql+psycopg://desk:{PASSWORD}@127.0.0.1:1/news", "no server answers"),
    ],
)
def test_a_server_that_does_not_answer(desk: Desk, url: str, error: str) -> None:
    told = refused(desk, SYNDICATE_LEDGER=url)
    assert told[0] == f"database 'news' on 127.0.0.1:1: {error}"
    assert "pg_isready -h 127.0.0.1 -p 1" in told[1]


@pytest.mark.parametrize(
    ("url", "error"),
    [
        (f"postgresql://desk:{PASSWORD}@127.0.0.1:54x2/news", "the port must be a number"),
        (f"postgresql://desk:{PASSWORD}@127.0.0.1:99999/news", "the port must be a number"),
        (f"mysql://desk:{PASSWORD}@127.0.0.1/news", "mysql:// is not supported"),
        (f"postgresql://desk:x@{PASSWORD}@127.0.0.1/news", "write an @ in the password as %40"),
    ],
)
def test_a_url_that_is_wrong_is_named_with_its_line(desk: Desk, url: str, error: str) -> None:
    settings = desk.root / "syndicate.toml"
    settings.write_text(re.sub('^ledger = ".*"', f'ledger = "{url}"', settings.read_text()))
    done = syndicate(desk, "publish")
    assert done.returncode == 2
    assert done.stderr.startswith(f"error: syndicate.toml:1:1: 'ledger': {error}")
    assert PASSWORD not in done.stderr


@pytest.fixture
def server(postgresql: str) -> Iterator[Callable[..., str]]:
    """Makes URLs of a database of the tests' own: `server(user=…, database=…)`."""
    with database(postgresql) as url:
        given = sa.make_url(url)
        own = sa.create_engine(given, isolation_level="AUTOCOMMIT")
        with own.connect() as db:
            db.execute(sa.text("DROP ROLE IF EXISTS guest"))
            db.execute(sa.text("CREATE ROLE guest LOGIN"))

        def of(user: str = "syndicate", database: str = "") -> str:
            changed = given.set(
                username=user, password=PASSWORD, database=database or given.database
            )
            return changed.render_as_string(hide_password=False)

        yield of
        with own.connect() as db:
            db.execute(sa.text("DROP OWNED BY guest"))
            db.execute(sa.text("DROP ROLE guest"))
        own.dispose()


def test_what_a_server_refuses(desk: Desk, server: Callable[..., str]) -> None:
    missing = refused(desk, SYNDICATE_LEDGER=server(database="elsewhere"))
    assert "database 'elsewhere' on /" in missing[0]
    assert missing[0].endswith(": there is no such database")
    assert missing[1].startswith("create it: createdb -h /")
    unknown = refused(desk, SYNDICATE_LEDGER=server(user="nobody-else"))
    assert unknown[0].endswith(": there is no user 'nobody-else'")
    assert unknown[1].endswith(" --pwprompt nobody-else")
    assert "-U nobody-else" not in unknown[1]


def test_a_wrong_password(desk: Desk, server: Callable[..., str]) -> None:
    engine = sa.create_engine(server(), isolation_level="AUTOCOMMIT")
    with engine.connect() as db:
        rules = Path(db.scalar(sa.text("SHOW hba_file")) or "")
        before = rules.read_text()
        try:
            rules.write_text("local all guest scram-sha-256\n" + before)
            db.execute(sa.text("ALTER ROLE guest PASSWORD 'another'"))
            db.execute(sa.text("SELECT pg_reload_conf()"))
            told = refused(desk, SYNDICATE_LEDGER=server(user="guest"))
        finally:
            rules.write_text(before)
            db.execute(sa.text("SELECT pg_reload_conf()"))
    engine.dispose()
    assert told[0].endswith(": the server did not accept the password of 'guest'")
    assert "SYNDICATE_LEDGER=postgresql://guest:PASSWORD@" in told[1]


def test_rights_that_are_missing_on_a_server(desk: Desk, server: Callable[..., str]) -> None:
    (desk.root / ".syndicate" / "newsroom").unlink()  # as before its first ledger
    own = {"SYNDICATE_LEDGER": server()}
    words = ("publish", "--channels", "single")
    assert syndicate(desk, *words, env={**os.environ, **own}).returncode == 0
    told = refused(desk, SYNDICATE_LEDGER=server(user="guest"))
    assert told[0].endswith(": the user 'guest' may not use it")
    assert "-U guest" not in told[1]  # who has no rights cannot grant them
    assert "GRANT ALL ON ALL TABLES IN SCHEMA public TO guest" in told[1]


def test_a_column_that_is_missing_on_a_server(desk: Desk, server: Callable[..., str]) -> None:
    (desk.root / ".syndicate" / "newsroom").unlink()  # as before its first ledger
    own = {"SYNDICATE_LEDGER": server()}
    words = ("publish", "--channels", "single")
    assert syndicate(desk, *words, env={**os.environ, **own}).returncode == 0
    engine = sa.create_engine(server())
    with engine.begin() as db:
        db.execute(sa.text("ALTER TABLE articles DROP COLUMN sketch"))
    engine.dispose()
    told = refused(desk, **own)
    assert told == (
        "missing from the ledger: column 'sketch' of table 'articles'",
        "restore a dump: pg_restore, then: syndicate ledger restore",
    )
