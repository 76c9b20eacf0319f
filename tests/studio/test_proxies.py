"""The studio on a network and behind proxies, as the command runs it."""

from __future__ import annotations

import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from syndicate.studio.access import save_password
from syndicate.studio.sign_in import PER_ADDRESS
from tests.engine.conftest import Desk
from tests.proxying import Proxy
from tests.studio.conftest import Client, Open, field, studio
from tests.waiting import Running

NAME = "studio.example.org"
RIGHT = {"name": "Ann", "password": "correct horse battery"}
X = {"X-Forwarded-For": "{client}", "X-Forwarded-Proto": "https", "X-Forwarded-Host": NAME}
STANDARD = {"Forwarded": f"for={{client}};proto=https;host={NAME}"}


@contextmanager
def shared(desk: Desk, toml: str = "") -> Iterator[Open]:
    """A studio for Ann on all addresses of this machine."""
    with (desk.root / "syndicate.toml").open("a") as settings:
        settings.write(f"[studio]\n{toml}\n")
    save_password(desk.root / "people.txt", **RIGHT)
    words = ("review", "--passwords", "people.txt", "--host", "0.0.0.0")
    with studio(desk.root, *words) as opened:
        yield opened


def through(proxy: Proxy, base: str) -> httpx.Client:
    """A browser that reaches `base` through `proxy`, and sends the Origin with each form."""
    transport = httpx.ASGITransport(proxy)

    class Bridge(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            import asyncio

            async def answer() -> httpx.Response:
                got = await transport.handle_async_request(request)
                return httpx.Response(
                    got.status_code, headers=got.headers, content=await got.aread()
                )

            return asyncio.run(answer())

    return httpx.Client(transport=Bridge(), base_url=base, follow_redirects=True)


def use(client: httpx.Client, base: str) -> httpx.Response:
    """Sign in and save a draft, as a browser does at `base`; gives the page of the draft."""
    parts = urlsplit(base)
    origin = {"Origin": f"{parts.scheme}://{parts.netloc}"}
    prefix = parts.path.rstrip("/")
    assert client.get(f"{prefix}/").url.path == f"{prefix}/enter"
    desk = client.post(f"{prefix}/enter", data=RIGHT, headers=origin)
    assert desk.status_code == 200, desk.text
    assert desk.url.path == f"{prefix}/"
    page = client.get(f"{prefix}/drafts/ferry.x").text
    form = {"csrf": field(page, "csrf"), "digest": field(page, "digest"), "post": "One."}
    elsewhere = {"Origin": "https://gazette.example.net"}
    address = f"{prefix}/drafts/ferry.x"
    assert client.post(address, data=form, headers=elsewhere).status_code == 403
    saved = client.post(address, data=form, headers=origin)
    assert saved.status_code == 200, saved.text
    assert "One." in saved.text
    return saved


def test_on_a_network_by_address_by_name_and_on_this_machine(desk: Desk) -> None:
    with shared(desk) as opened:
        port = urlsplit(opened.base).port
        for host in ("127.0.0.1", "192.0.2.7", "[::1]", "localhost", socket.gethostname()):
            base = f"http://{host}:{port}"
            # The name or address is only sent as the Host: it may not lead here from a test.
            with through(Proxy(opened.base), base) as client:
                use(client, base)
        with opened.visitor() as client:
            assert client.get("/", headers={"Host": f"{NAME}:{port}"}).status_code == 400
            assert client.get("/health", headers={"Host": NAME}).text == "ok\n"


@pytest.mark.parametrize("says", [X, STANDARD, {}], ids=["x", "standard", "nothing"])
@pytest.mark.parametrize("keep_host", [True, False], ids=["kept", "rewritten"])
def test_behind_a_proxy_with_https(desk: Desk, says: dict[str, str], keep_host: bool) -> None:
    toml = f'public_url = "https://{NAME}"\ntrusted_proxies = ["127.0.0.1"]'
    with shared(desk, toml) as opened:
        proxy = Proxy(opened.base, keep_host, says)
        with through(proxy, f"https://{NAME}") as client:
            use(client, f"https://{NAME}")
            assert all(cookie.secure for cookie in client.cookies.jar)
        with opened.visitor() as client:  # and without it
            use(client, opened.base)
            assert not any(cookie.secure for cookie in client.cookies.jar)
            forged = {"Host": "gazette.example.net", "X-Forwarded-Host": NAME}
            assert client.get("/", headers=forged).status_code == 400


@pytest.mark.parametrize("strip", [True, False])
def test_behind_a_proxy_with_a_path(desk: Desk, strip: bool) -> None:
    base = f"https://{NAME}/news/studio"
    with shared(desk, f'public_url = "{base}/"') as opened:
        with through(
            Proxy(opened.base, prefix="/news/studio", strip=strip), f"https://{NAME}"
        ) as client:
            page = use(client, base)
            links = re.findall(r'\b(?:href|src|action|formaction|hx-[a-z]+)="(/[^"]*)"', page.text)
            assert len(links) > 8
            assert all(link.startswith("/news/studio/") for link in links)
            for link in ("static/studio.css", "font/SourceSansPro-Regular.ttf"):
                assert client.get(f"/news/studio/{link}").status_code == 200
            assert client.get("/news/studio").status_code == 200
        with opened.visitor() as client:
            use(client, f"{opened.base}/news/studio")  # without the proxy


def test_addresses_of_clients_are_believed_from_trusted_proxies_only(desk: Desk) -> None:
    """Each client has its own allowance of wrong passwords, unless it may say who it is."""
    toml = f'public_url = "https://{NAME}"\ntrusted_proxies = ["10.0.0.0/8"]'
    with (
        shared(desk, toml) as opened,
        through(Proxy(opened.base, True, X), f"https://{NAME}") as client,
    ):
        for number in range(PER_ADDRESS):
            who = {"X-Test-Client": f"192.0.2.{number}"}
            assert client.post("/enter", data={"name": str(number)}, headers=who).status_code == 401
        who = {"X-Test-Client": "192.0.2.99"}
        assert client.post("/enter", data=RIGHT, headers=who).status_code == 429
    settings = desk.root / "syndicate.toml"
    settings.write_text(settings.read_text().replace("10.0.0.0/8", "127.0.0.0/8"))
    with (
        studio(desk.root, "review", "--passwords", "people.txt") as opened,
        through(Proxy(opened.base, True, X), f"https://{NAME}") as client,
    ):
        for number in range(PER_ADDRESS + 1):
            forged = {"X-Test-Client": "192.0.2.1", "X-Forwarded-For": f"198.51.100.{number}"}
            wrong = client.post("/enter", data={"name": str(number)}, headers=forged)
            assert wrong.status_code == (401 if number < PER_ADDRESS else 429)
        who = {"X-Test-Client": "192.0.2.2"}
        assert client.post("/enter", data=RIGHT, headers=who).status_code == 200


def test_the_public_address_is_printed_and_needs_the_token(desk: Desk) -> None:
    with (desk.root / "syndicate.toml").open("a") as settings:
        settings.write(f'[studio]\npublic_url = "https://{NAME}/studio"\n')
    with studio(desk.root) as opened:
        opened.process.until("the public address", lambda: opened.process.stdout.count("\n") > 1)
        public = opened.process.stdout.splitlines()[1]
        assert public == f"https://{NAME}/studio/?token={opened.token}"
        with through(Proxy(opened.base), f"https://{NAME}") as client:
            assert client.get("/studio/").status_code == 401
            assert client.get(public.removeprefix(f"https://{NAME}")).status_code == 200
            assert client.get("/studio/plan").status_code == 200


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ('public_url = "studio.example.org"', "is not a URL such as"),
        ('public_url = "https://ann:x@studio.example.org"', "no user"),
        ('public_url = "https://studio.example.org/?a"', "no user"),
        ('public_url = "https://studio.example.org:x"', "is not a URL"),
        ('trusted_proxies = ["nginx"]', "trusted_proxies"),
        ('proxies = ["127.0.0.1"]', "proxies"),
    ],
)
def test_settings_that_cannot_be_used_are_named(desk: Desk, toml: str, told: str) -> None:
    from syndicate.errors import Problems
    from syndicate.newsroom.newsroom import load_newsroom

    with (desk.root / "syndicate.toml").open("a") as settings:
        settings.write(f"[studio]\n{toml}\n")
    with pytest.raises(Problems, match=told) as raised:
        load_newsroom(desk.root, {})
    assert "syndicate.toml:" in str(raised.value)


NGINX = """
pid {folder}/pid; error_log {folder}/error.log; daemon off; worker_processes 1;
events {{}}
http {{
  access_log off; client_body_temp_path {folder}/a; proxy_temp_path {folder}/b;
  fastcgi_temp_path {folder}/c; uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{
    listen 127.0.0.1:{port};
    location /studio/ {{
      proxy_pass {upstream}{slash};
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto https;
      proxy_set_header Forwarded "";
      proxy_buffering off;
    }}
    location /bare/ {{ proxy_pass {upstream}/; }}
  }}
}}
"""


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed")
@pytest.mark.parametrize("slash", ["", "/"])
def test_behind_nginx(desk: Desk, tmp_path: Path, slash: str) -> None:
    base = f"https://{NAME}/studio"
    toml = f'public_url = "{base}"\ntrusted_proxies = ["127.0.0.1"]'
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with shared(desk, toml) as opened:
        config = tmp_path / "nginx.conf"
        config.write_text(
            NGINX.format(folder=tmp_path, port=port, upstream=opened.base, slash=slash)
        )
        with Running(["nginx", "-c", str(config)], cwd=tmp_path) as nginx:
            nginx.until("nginx to listen", lambda: _listens(port))
            front = f"http://127.0.0.1:{port}"
            with through(Proxy(front), f"https://{NAME}") as client:
                use(client, base)
                assert all(cookie.secure for cookie in client.cookies.jar)
                with Client(base_url=front) as bare:  # Host as nginx writes it by default
                    assert bare.get("/bare/health").text == "ok\n"
                    assert bare.get("/bare/enter").status_code == 200
                    assert bare.get("/studio/enter").status_code == 200


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
