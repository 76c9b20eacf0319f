"""Make the ledger of an older commit by running that commit.

    python -m tests.golden.ledgers.make COMMIT

The result is in the folder named after the commit; README.md describes it.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

from PIL import Image

from tests.platforms.x import SECRETS, X
from tests.sink import Sink
from tests.waiting import run

HERE = Path(__file__).parent
COMMITS = {"1a65aff": "files", "9cd3621": "mail", "75f1340": "threads", "c447f78": "threads"}
# In two of the commits the code around the ledger was incomplete; what is missing comes from the
# next commit that has it.
BORROWED = {
    "1a65aff": ("defbf4a", "src/syndicate/readers"),
    "9cd3621": ("75f1340", "templates/words.toml"),
}
READERS = [f"reader-{number}@example.net" for number in range(1, 5)]
REFUSED, CUT_OFF, PUT_OFF = READERS[1:]
LEFT_OUT = (
    "templates",
    ".syndicate/cache/pictures",
    ".syndicate/cache/pieces",
    ".syndicate/cache/settled.json",
    ".syndicate/lock",
)
SETTINGS = """\
[publication]
title = "The Harbour Gazette"
base_url = "https://gazette.example.org/"
"""
OWN = '''
from syndicate.adapters import Adapter, Artifact, Draft, Scope


class Own(Adapter):
    """The title of each article; one file each, or one for all."""

    scopes = tuple(Scope)
    draft: bool = False

    def render(self, edition, kit):
        kind = Draft if self.draft else Artifact
        if self.scope is Scope.ARTICLE:
            for one in edition.articles:
                yield kind(f"{one.slug}.txt", "text/plain", one.title.encode())
        else:
            titles = chr(10).join(one.title for one in edition.articles)
            yield kind(f"{edition.number or 'all'}.txt", "text/plain", titles.encode())
'''
# What stands for a command that the commit does not have yet.
APPROVE = """
import sys
from contextlib import closing
from pathlib import Path
from syndicate.engine.ledger import open_ledger

with closing(open_ledger(".syndicate/ledger.sqlite", Path.cwd())) as ledger:
    for (channel, unit), artifacts in ledger.artifacts().items():
        for one in artifacts:
            if one.draft and one.name.startswith(sys.argv[1]):
                ledger.approve(channel, unit, one.name, one.digest, "Ines Okafor")
"""
SUBSCRIBE = """
import sys
from contextlib import closing
from pathlib import Path
from syndicate.engine.ledger import open_ledger
from syndicate.subscribers import Entry, Subscribers

with closing(open_ledger(".syndicate/ledger.sqlite", Path.cwd())) as ledger:
    people = Subscribers(ledger.database, Path(".syndicate"))
    people.put([Entry("email", one) for one in sys.argv[1:]], "golden")
"""


def main(commit: str) -> None:
    """Make the ledger of `commit`."""
    top = HERE.parents[2]
    with tempfile.TemporaryDirectory() as folder:
        tree, root = Path(folder) / "tree", Path(folder) / "newsroom"
        run(["git", "-C", top, "worktree", "add", "-q", "--detach", tree, commit], check=True)
        if commit in BORROWED:
            run(["git", "-C", tree, "checkout", "-q", *BORROWED[commit]], check=True)
        try:
            newsroom = Old(tree, root)
            if COMMITS[commit] == "files":
                files(newsroom)
            else:
                with Sink() as sink, X() as platform:
                    people(newsroom, sink, platform.url, posts=COMMITS[commit] == "threads")
            store(root, HERE / commit)
        finally:
            run(["git", "-C", top, "worktree", "remove", "--force", tree], check=True)


class Old:
    """A newsroom in `root`, run by the code in `tree`."""

    def __init__(self, tree: Path, root: Path) -> None:
        self.tree, self.root = tree, root
        root.mkdir()

    def run(self, *words: str, ends: tuple[int, ...] = (0,)) -> None:
        """Run the command line."""
        self._python("-m", "syndicate", *words, ends=ends)

    def script(self, text: str, *words: str) -> None:
        """Run `text` as a program."""
        self._python("-c", text, *words, ends=(0,))

    def _python(self, *words: str, ends: tuple[int, ...]) -> None:
        environment = {**os.environ, **SECRETS, "PYTHONPATH": str(self.tree / "src")}
        done = run([sys.executable, *words], cwd=self.root, env=environment)
        sys.stdout.write(f"{done.stdout}{done.stderr}")
        if done.returncode not in ends:
            sys.exit(f"{' '.join(words)} ended with {done.returncode}")

    def write(self, name: str, text: str) -> None:
        """Put a file into the newsroom."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def files(old: Old) -> None:
    """Files, feeds, editions, and drafts: one approved and delivered, one approved since."""
    old.write("syndicate.toml", SETTINGS)
    old.write("own.py", OWN)
    old.write("channels/single.toml", 'adapter = "./own.py"\n')
    old.write("channels/rolling.toml", 'adapter = "./own.py"\nscope = "rolling"\n')
    old.write("channels/numbered.toml", 'adapter = "./own.py"\nscope = "edition"\n')
    old.write("channels/social.toml", 'adapter = "./own.py"\ndraft = true\nreview = true\n')
    old.write("content/ferry.md", "# The night ferry returns\n\nIt sails on Friday at nine.\n")
    old.write("content/tides.md", "# Reading the tide\n\nTables are averages of averages.\n")
    old.run("publish")
    old.script(APPROVE, "ferry")
    old.write("content/lamps.md", "# Lamps on the pier\n\nThey are lit again.\n")
    old.run("publish")
    old.script(APPROVE, "tides")


def people(old: Old, sink: Sink, api: str, posts: bool) -> None:
    """Two issues of the newsletter, the second of which was refused by one reader, cut off at
    another and put off by a third; threads, one gone and one approved since."""
    old.run("init", ".", "--samples")
    for channel in (old.root / "channels").glob("*.toml"):
        if channel.stem not in ("rss", "email", "x"):
            channel.unlink()
    for picture in (old.root / "content" / "pictures").iterdir():
        if picture.suffix in (".jpg", ".png"):
            with Image.open(picture) as image:
                image.resize((64, 40)).save(picture)
    old.write(".syndicate/secret", "no secret: it signs links in golden files only\n")
    email = old.root / "channels" / "email.toml"
    email.write_text(
        f'{email.read_text()}\n[deliver]\nvia = "smtp"\nhost = "127.0.0.1"\nport = {sink.port}\n'
        'security = "none"\nwait = 0.05\ntimeout = 2\nretries = 1\nconnections = 1\n'
    )
    if posts:
        x = old.root / "channels" / "x.toml"
        x.write_text(f'{x.read_text()}\n[deliver]\nvia = "x"\napi = {json.dumps(api)}\n')
    later = {}
    for name in ("ellery-head.md", "last-loft.md", "la-lonja.md", "tide-tables.md"):
        path = old.root / "content" / name
        later[name] = path.read_text()
        path.unlink()
    old.script(SUBSCRIBE, *READERS)
    yes = ("--yes",) if posts else ()
    old.run("publish", *yes)
    approve(old, "full-boat", posts)
    old.write("content/ellery-head.md", later["ellery-head.md"])
    sink.answers = {
        "RCPT": lambda line: (
            "550 no such user" if REFUSED in line
            else "451 come again" if PUT_OFF in line else "USUAL"
        ),
        "DOT": lambda reader: None if reader == CUT_OFF else "USUAL",
    }  # fmt: skip
    old.run("publish", *yes, ends=(3,))
    approve(old, "night-ferry", posts)


def approve(old: Old, draft: str, posts: bool) -> None:
    """Approve a draft, by the command where the commit has it."""
    if posts:
        old.run("drafts", "approve", f"{draft}.x", "--by", "Ines Okafor")
    else:
        old.script(APPROVE, draft)


def store(root: Path, target: Path) -> None:
    """Keep what `root` has come to in `target`."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    ledger = root / ".syndicate" / "ledger.sqlite"
    with closing(sqlite3.connect(ledger)) as database:
        dump = "\n".join(database.iterdump()).replace(str(root), "/newsroom")
        (target / "ledger.sql").write_text(f"{dump}\n")
    for name in LEFT_OUT:
        path = root / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    for part in ledger.parent.glob("ledger.sqlite*"):
        part.unlink()
    with tarfile.open(target / "newsroom.tar.gz", "w:gz") as archive:
        archive.add(root, "newsroom", filter=nobodys)


def nobodys(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """`entry` without who made it."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


if __name__ == "__main__":
    main(sys.argv[1])
