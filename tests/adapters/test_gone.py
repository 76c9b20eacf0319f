"""Lists of gone addresses, read by the real web servers where they are installed."""

from __future__ import annotations

import http.client
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from syndicate.adapters import Edition, GoneArticle
from syndicate.adapters.gone import Gone
from syndicate.article.publication import Publication
from syndicate.kit import Kit
from syndicate.newsroom.starter import starter
from tests import waiting

WHEN = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
BASE = "https://gazette.example.org/"
ODD = (
    'quote"; return 200; #',
    "back\\slash\\",
    "dollar$uri${HOME}%{REQUEST_URI}",
    "new\nline return 200;",
    "} server { listen 1; }",
    "a.b*c+d?(e|f)[g]^h",
    "höhe-日本 語",
    '<If "true">',
    "per%cent:colon*star",
)
"""Slugs that would mean something to a server if they were not escaped."""
PLAIN = "night-ferry"


def edition(*slugs: str, notices: tuple[str, ...] = ()) -> Edition:
    """Withdrawn articles, each with a page that is gone, and some with a notice."""
    gone = tuple(
        GoneArticle(
            slug,
            slug,
            WHEN,
            addresses=((f"{BASE}{quote(slug, safe='')}/index.html", slug in notices),),
        )
        for slug in slugs
    )
    publication = Publication(title="Gazette", base_url=BASE)
    return Edition(publication, "gone", f"{BASE}gone/", (), WHEN, gone=gone)


def lists(*slugs: str, notices: tuple[str, ...] = ()) -> dict[str, bytes]:
    """The files of the adapter."""
    templates = starter() / "templates"
    kit = Kit((templates,), templates)
    made = Gone().render(edition(*slugs, notices=notices), kit)
    return {one.name: one.content for one in made}


def test_the_lists_are_the_same_in_any_order_and_empty_without_articles() -> None:
    some = (PLAIN, "tides", *ODD)
    assert lists(*some) == lists(*reversed(some))
    assert b"410" not in lists()["_redirects"]
    assert b"RedirectMatch" not in lists()["gone.apache.conf"]
    assert b"~^" not in lists()["gone.nginx.conf"]


def test_what_another_server_serves_is_not_listed() -> None:
    publication = Publication(title="Gazette", base_url=BASE)
    urls = (
        "https://other.example.org/night-ferry/",
        f"{BASE}?p=12",
        BASE,
        f"{BASE}a%00b",
    )
    gone = GoneArticle("a", "a", WHEN, addresses=tuple((url, False) for url in urls))
    templates = starter() / "templates"
    made = Gone().render(
        Edition(publication, "gone", f"{BASE}gone/", (), WHEN, gone=(gone,)),
        Kit((templates,), templates),
    )
    assert {one.name: one.content for one in made} == lists()


def test_redirects_have_one_rule_in_each_line_with_three_words() -> None:
    lines = lists(PLAIN, *ODD, notices=(PLAIN,))["_redirects"].decode("ascii").splitlines()
    rules = [line.split(" ") for line in lines if not line.startswith("#")]
    assert all(len(rule) == 3 and rule[2] == "410!" for rule in rules)
    assert not any(set(rule[0]) & set('*:\\"$#') for rule in rules)
    shown = {rule[0]: rule[1] for rule in rules}
    assert shown["/night-ferry/"] == shown["/night-ferry"] == "/night-ferry/index.html"
    assert shown[f"/{quote(ODD[0], safe='')}/"] == "/gone/gone.html"


def test_only_the_servers_asked_for() -> None:
    templates = starter() / "templates"
    made = Gone(servers=("nginx",)).render(edition(PLAIN), Kit((templates,), templates))
    assert [one.name for one in made] == ["gone.html", "gone.nginx.conf"]


# -- the real servers ---------------------------------------------------------------------------


def site(root: Path) -> Path:
    """A folder with pages of every article: some are still those of the article."""
    for name in ("htdocs", "logs"):
        (root / name).mkdir()
    for name, content in lists(PLAIN, *ODD, notices=(PLAIN, ODD[6])).items():
        place = root / "htdocs" / "gone" / name
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(content)
    for slug in (PLAIN, *ODD, "tides"):
        page = root / "htdocs" / slug / "index.html"
        page.parent.mkdir(parents=True)
        said = f"notice of {slug}" if slug in (PLAIN, ODD[6]) else f"text of {slug}"
        page.write_text(said)
    (root / "htdocs" / f"{PLAIN}-2").mkdir()
    (root / "htdocs" / f"{PLAIN}-2" / "index.html").write_text("text of another")
    return root


NGINX = """\
daemon off;
master_process off;
pid {root}/nginx.pid;
error_log {root}/logs/error.log;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {root}/logs; proxy_temp_path {root}/logs;
    fastcgi_temp_path {root}/logs; uwsgi_temp_path {root}/logs; scgi_temp_path {root}/logs;
    include {root}/htdocs/gone/gone.nginx.conf;
    server {{
        listen 127.0.0.1:{port};
        root {root}/htdocs;
        default_type text/html;
        if ($withdrawn) {{ return 410; }}
        error_page 410 @withdrawn;
        location @withdrawn {{
            try_files ${{withdrawn_page}}index.html $withdrawn_page/index.html $withdrawn_page =410;
        }}
    }}
}}
"""
APACHE = """\
ServerRoot {root}
ServerName gazette.example.org
PidFile {root}/apache.pid
Listen 127.0.0.1:{port}
ErrorLog {root}/logs/error.log
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule dir_module {modules}/mod_dir.so
LoadModule alias_module {modules}/mod_alias.so
DocumentRoot {root}/htdocs
DirectoryIndex index.html
<VirtualHost 127.0.0.1:{port}>
    DocumentRoot {root}/htdocs
    Include {root}/htdocs/gone/gone.apache.conf
</VirtualHost>
"""


def port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def running(command: list[str], at: int) -> Iterator[None]:
    """A server, as long as the block lasts."""

    def is_up() -> bool:
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", at)) == 0

    with waiting.Running(command) as server:
        server.until("it listens", is_up)
        yield


def ask(at: int, path: str) -> tuple[int, str]:
    """The status and the body of what a server answers."""
    connection = http.client.HTTPConnection("127.0.0.1", at, timeout=20)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    finally:
        connection.close()


def nginx(root: Path, at: int) -> list[str]:
    found = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin:/usr/local/sbin")
    if not found:
        pytest.skip("nginx is not installed: apt-get install nginx-light")
    (root / "nginx.conf").write_text(NGINX.format(root=root, port=at))
    return [found, "-c", f"{root}/nginx.conf", "-p", str(root), "-e", f"{root}/logs/error.log"]


def apache(root: Path, at: int) -> list[str]:
    names = ("apache2", "httpd")
    found = next(
        filter(None, (shutil.which(one, path="/usr/sbin:/usr/bin") for one in names)), None
    )
    modules = Path("/usr/lib/apache2/modules")
    if not found or not modules.is_dir():
        pytest.skip("Apache is not installed: apt-get install apache2-bin")
    (root / "apache.conf").write_text(APACHE.format(root=root, port=at, modules=modules))
    return [found, "-X", "-f", f"{root}/apache.conf"]


@pytest.mark.parametrize("server", [nginx, apache])
def test_exactly_the_gone_addresses_answer_410(
    tmp_path: Path, server: Callable[[Path, int], list[str]]
) -> None:
    tmp_path.chmod(0o755)
    root, at = site(tmp_path), port()
    with running(server(root, at), at):
        for slug in (PLAIN, *ODD):
            for path in (f"/{quote(slug, safe='')}/", f"/{quote(slug, safe='')}/index.html"):
                status, body = ask(at, path)
                assert status == 410, (slug, path, body)
                assert f"text of {slug}" not in body, path
                if slug in (PLAIN, ODD[6]):
                    assert body == f"notice of {slug}", path
                else:
                    assert "This article has been withdrawn." in body, path
        for path in ("/tides/", f"/{PLAIN}-2/"):
            assert ask(at, path)[0] == 200, path
        assert ask(at, f"/{PLAIN}")[0] == 410
        assert ask(at, f"/{PLAIN}/more")[0] == 404
