"""The studio on a network and behind proxies, as the command runs it."""

from __future__ import annotations

import asyncio
import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from argon2 import PasswordHasher

from syndicate.errors import Problems
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.newsroom.site import Studio
from syndicate.serve.front import Addresses
from syndicate.studio.access import Access, save_password
from syndicate.studio.app import application
from syndicate.studio.sign_in import PER_ADDRESS
from tests.app_server import serving
from tests.engine.conftest import SETTINGS, Desk
from tests.platforms import x
from tests.proxying import Proxy
from tests.studio.conftest import Client, Open, field, studio, studio_desk
from tests.waiting import Running

NAME = "studio.example.org"
RIGHT = {"name": "Ann", "password": "correct horse battery"}
X = {"X-Forwarded-For": "{client}", "X-Forwarded-Proto": "https", "X-Forwarded-Host": NAME}
STANDARD = {"Forwarded": f"for={{client}};proto=https;host={NAME}"}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A newsroom with a draft."""
    with pytest.MonkeyPatch.context() as patch, x.X() as platform:
        for name, value in x.SECRETS.items():
            patch.setenv(name, value)
        yield studio_desk(tmp_path_factory.mktemp("proxies") / "newsroom", platform.url).root


@contextmanager
def shared(root: Path, public_url: str, *proxies: str) -> Iterator[Open]:
    """A studio for Ann at `public_url` that trusts `proxies`."""
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    access = Access("Ines", {"Ann": quick.hash(RIGHT["password"])})
    settings = Studio.model_validate({"public_url": public_url, "trusted_proxies": proxies})
    addresses = Addresses.of_machine(settings.public_url, settings.trusted_proxies)
    with serving(lambda _: application(root, access, addresses, "studio")) as port:
        yield Open(f"http://127.0.0.1:{port}", "")


@contextmanager
def on_a_network(desk: Desk, toml: str = "") -> Iterator[Open]:
    """`syndicate review` for Ann, on all addresses of this machine."""
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
            async def answer() -> httpx.Response:
                got = await transport.handle_async_request(request)
                return httpx.Response(
                    got.status_code, headers=got.headers, content=await got.aread()
                )

            return asyncio.run(answer())

    return httpx.Client(transport=Bridge(), base_url=base, follow_redirects=True)


def signed_in(client: httpx.Client, base: str) -> tuple[dict[str, str], str]:
    """Sign in as a browser does at `base`; gives the Origin that it sends and the path there."""
    parts = urlsplit(base)
    origin, prefix = {"Origin": f"{parts.scheme}://{parts.netloc}"}, parts.path.rstrip("/")
    assert client.get(f"{prefix}/plan").url.path == f"{prefix}/enter"
    let_in = client.post(f"{prefix}/enter", data=RIGHT, headers=origin, follow_redirects=False)
    assert (let_in.status_code, let_in.headers["location"]) == (303, f"{prefix}/")
    return origin, prefix


def use(client: httpx.Client, base: str) -> httpx.Response:
    """Sign in and save a draft, as a browser does at `base`; gives the page of the draft."""
    origin, prefix = signed_in(client, base)
    address = f"{prefix}/drafts/ferry.x"
    page = client.get(address).text
    form = {"csrf": field(page, "csrf"), "digest": field(page, "digest"), "post": "One."}
    elsewhere = {"Origin": "https://gazette.example.net"}
    assert client.post(address, data=form, headers=elsewhere).status_code == 403
    saved = client.post(address, data=form, headers=origin)
    assert saved.status_code == 200, saved.text
    assert "One." in saved.text
    return saved


def test_on_a_network_by_address_by_name_and_on_this_machine(desk: Desk) -> None:
    with on_a_network(desk) as opened:
        port = urlsplit(opened.base).port
        for host in ("127.0.0.1", "192.0.2.7", "[::1]", socket.gethostname()):
            base = f"http://{host}:{port}"
            # The name or address is only sent as the Host: it may not lead here from a test.
            with through(Proxy(opened.base), base) as client:
                signed_in(client, base)
        with opened.visitor() as client:
            assert client.get("/", headers={"Host": f"{NAME}:{port}"}).status_code == 400
            assert client.get("/health", headers={"Host": NAME}).text == "ok\n"


@pytest.mark.parametrize(
    ("keep_host", "says"),
    [(True, X), (True, {}), (False, STANDARD), (False, {})],
    ids=["kept, x", "kept", "rewritten, standard", "rewritten"],
)
def test_behind_a_proxy_with_https(root: Path, keep_host: bool, says: dict[str, str]) -> None:
    with shared(root, f"https://{NAME}", "127.0.0.1") as opened:
        with through(Proxy(opened.base, keep_host, says), f"https://{NAME}") as client:
            use(client, f"https://{NAME}")
            assert all(cookie.secure for cookie in client.cookies.jar)
        with opened.visitor() as client:  # and without it
            signed_in(client, opened.base)
            assert not any(cookie.secure for cookie in client.cookies.jar)
            forged = {"Host": "gazette.example.net", "X-Forwarded-Host": NAME}
            assert client.get("/", headers=forged).status_code == 400


@pytest.mark.parametrize("strip", [True, False])
def test_behind_a_proxy_with_a_path(root: Path, strip: bool) -> None:
    base = f"https://{NAME}/news/studio"
    with shared(root, f"{base}/") as opened:
        proxy = Proxy(opened.base, prefix="/news/studio", strip=strip)
        with through(proxy, f"https://{NAME}") as client:
            page = use(client, base)
            links = re.findall(r'\b(?:href|src|action|formaction|hx-[a-z]+)="(/[^"]*)"', page.text)
            assert len(links) > 8
            assert all(link.startswith("/news/studio/") for link in links)
            for link in ("static/studio.css", "font/SourceSansPro-Regular.ttf"):
                assert client.get(f"/news/studio/{link}").status_code == 200
            assert client.get("/news/studio").status_code == 200
        with opened.visitor() as client:
            signed_in(client, f"{opened.base}/news/studio")  # without the proxy


def test_no_template_forgets_the_path() -> None:
    """A link that begins with a slash would leave the path of the public URL."""
    folder = files("syndicate.studio")
    sources = [*(folder / "templates").iterdir(), folder / "static" / "studio.js"]
    texts = [one.read_text("utf-8") for one in sources]
    assert len(texts) > 10
    for text in texts:
        assert not re.search(r"""=["'`]/|\w\(["'`]/""", text)


def test_a_stranger_cannot_say_who_they_are(root: Path) -> None:
    """Each address has its own tries for passwords."""
    with (
        shared(root, f"https://{NAME}", "10.0.0.0/8") as opened,
        through(Proxy(opened.base, True, X), f"https://{NAME}") as client,
    ):
        for number in range(PER_ADDRESS):
            who = {"X-Test-Client": f"192.0.2.{number}"}
            assert client.post("/enter", data={"name": str(number)}, headers=who).status_code == 401
        who = {"X-Test-Client": "192.0.2.99"}
        assert client.post("/enter", data=RIGHT, headers=who).status_code == 429


def test_a_trusted_proxy_can_say_who_asks(root: Path) -> None:
    with (
        shared(root, f"https://{NAME}", "127.0.0.0/8") as opened,
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
            assert client.get("/studio/deliveries").status_code == 200


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
def test_settings_that_cannot_be_used_are_named(tmp_path: Path, toml: str, told: str) -> None:
    (tmp_path / "syndicate.toml").write_text(f"{SETTINGS}[studio]\n{toml}\n")
    with pytest.raises(Problems, match=told) as raised:
        load_newsroom(tmp_path, {})
    assert "syndicate.toml:" in str(raised.value)


NGINX = """
pid {folder}/pid; error_log {folder}/error.log; daemon off; master_process off;
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
    with on_a_network(desk, toml) as opened:
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
