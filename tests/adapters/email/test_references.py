"""Reference editions, checked by html-validate, caniemail, axe and SpamAssassin.

The first three are npm packages, which are looked up in NODE_PATH:
npm install --prefix DIR html-validate caniemail axe-core; NODE_PATH=DIR/node_modules make slow
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from syndicate.adapters.edition import Artifact
from syndicate.adapters.email.adapter import Email
from syndicate.adapters.email.proof import GMAIL_CLIPS_AT
from syndicate.letter import Letter, Subscriber
from tests import waiting
from tests.adapters.email.mails import body, kit, named, parsed
from tests.adapters.email.references import LANGUAGES, SIZES, reference
from tests.chromium import CHROMIUM, offline_browser

THEMES = ("broadsheet", "magazine", "letter")
READER = Subscriber(
    "reader@example.org",
    unsubscribe_url="https://u.example.org/" + "kZ-_q7" * 46,
    unsubscribe_mailto="mailto:out+kZq7@gazette.example.org",
)
# What these tools report in web pages but every mail needs: styles in attributes, conditional
# comments for Outlook, sizes and alignment of table cells as attributes, and roles for landmarks,
# because Outlook does not know the elements.
HTML_VALIDATE = {
    "extends": ["html-validate:recommended"],
    "rules": {
        "no-inline-style": "off",
        "no-conditional-comment": "off",
        "no-deprecated-attr": "off",
        "prefer-native-element": ["error", {"exclude": ["main"]}],
    },
}
CANIEMAIL = """
import {caniemail} from %s;
import {readFileSync} from 'node:fs';
const clients = ['apple-mail.*', 'gmail.*', 'outlook.*', 'yahoo.*', 'aol.*', 'samsung-email.*'];
const found = new Set();
for (const file of process.argv.slice(2)) {
  const html = readFileSync(file, 'utf8');
  for (const issues of caniemail({clients, html}).issues.errors.values())
    for (const issue of issues) found.add(issue.title);
}
console.log(JSON.stringify([...found].sort()));
"""
MJML = """
<mjml lang="en"><mj-head><mj-title>Tides</mj-title><mj-preview>Tides</mj-preview>
<mj-style>@media (prefers-color-scheme: dark) { .x { color: #ffffff !important } }
[data-ogsc] .x { color: #ffffff !important }</mj-style></mj-head><mj-body width="600px">
<mj-wrapper><mj-section background-color="#eeeeee"><mj-column>
<mj-image src="https://gazette.example.org/x.png" alt="A pier" width="300px"/>
<mj-text css-class="x">Hello <a href="https://gazette.example.org">tide</a>
<ul><li>One</li></ul></mj-text>
<mj-button href="https://gazette.example.org" border-radius="4px">Read</mj-button><mj-divider/>
<mj-spacer height="20px"/><mj-table><tr><td>1</td></tr></mj-table></mj-column>
<mj-column><mj-text><h2>High water</h2></mj-text></mj-column></mj-section></mj-wrapper>
<mj-hero mode="fixed-height" height="200px" background-width="600px" background-height="200px"
background-url="https://gazette.example.org/y.png"><mj-text>Tides</mj-text></mj-hero>
<mj-section><mj-group><mj-column><mj-text>a</mj-text></mj-column><mj-column><mj-text>b</mj-text>
</mj-column></mj-group></mj-section><mj-section><mj-column><mj-social><mj-social-element
name="facebook" href="https://gazette.example.org">f</mj-social-element></mj-social>
<mj-navbar hamburger="hamburger"><mj-navbar-link href="/x">x</mj-navbar-link></mj-navbar>
</mj-column></mj-section></mj-body></mjml>
"""
pytestmark = pytest.mark.slow


def node_package(name: str) -> Path:
    """Where the npm package `name` is."""
    for folder in os.environ.get("NODE_PATH", "").split(os.pathsep):
        if folder and (Path(folder) / name).is_dir() and shutil.which("node"):
            return Path(folder) / name
    pytest.skip(
        f"the npm package {name} is not in NODE_PATH: npm install --prefix DIR {name}; "
        "NODE_PATH=DIR/node_modules make slow"
    )


@cache
def mails() -> dict[str, dict[str, Artifact]]:
    """Every reference edition, rendered, by a name for it."""
    made = {}
    for theme, language, size in product(THEMES, LANGUAGES, SIZES):
        options = {"theme": theme, "body": "full" if size == 1 else "summary"}
        adapter = Email.model_validate(options)
        name = f"{theme}-{language}-{size}"
        made[name] = named(adapter.render(reference(language, size), kit()))
    return made


@pytest.fixture
def pages(tmp_path: Path) -> dict[str, Path]:
    """The HTML of each mail and each archive page, in files."""
    files = {}
    for name, made in mails().items():
        for kind, html in (
            ("mail", body(parsed(made["0012.eml"].content), "html")),
            ("archive", made["0012.html"].content.decode()),
        ):
            files[f"{name}-{kind}"] = tmp_path / f"{name}-{kind}.html"
            files[f"{name}-{kind}"].write_text(html)
    return files


def test_no_mail_is_clipped(pages: dict[str, Path]) -> None:
    assert max(path.stat().st_size for path in pages.values()) < GMAIL_CLIPS_AT


def test_html_validate_finds_nothing(pages: dict[str, Path], tmp_path: Path) -> None:
    tool = node_package("html-validate") / "bin" / "html-validate.mjs"
    config = tmp_path / "config.json"
    config.write_text(json.dumps(HTML_VALIDATE))
    command = ["node", str(tool), "--config", str(config), *map(str, pages.values())]
    done = waiting.run(command)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-500:]


def test_no_feature_is_used_that_mjml_does_not_use(pages: dict[str, Path], tmp_path: Path) -> None:
    mrml = pytest.importorskip("mrml", reason="mrml is not installed")
    entry = node_package("caniemail") / "dist" / "index.js"
    script, peer = tmp_path / "check.mjs", tmp_path / "mjml.html"
    script.write_text(CANIEMAIL % json.dumps(str(entry)))
    peer.write_text(mrml.to_html(MJML).content)

    def lacking(*files: Path) -> set[str]:
        command = ["node", str(script), *map(str, files)]
        done = waiting.run(command, check=True)
        return set(json.loads(done.stdout))

    theirs = lacking(peer)
    assert len(theirs) > 10
    assert lacking(*(path for name, path in pages.items() if name.endswith("mail"))) <= theirs


def test_spamassassin_finds_nothing(tmp_path: Path) -> None:
    tool = shutil.which("spamassassin")
    if not tool:
        pytest.skip("spamassassin is not installed: apt-get install spamassassin")
    box = tmp_path / "box"
    with box.open("wb") as file:
        for made in mails().values():
            mail = Letter.read(made["0012.letter"].content).to(READER)
            file.write(b"From desk@gazette.example.org Mon Oct  5 12:00:00 2026\n")
            file.write(mail.replace(b"\r\n", b"\n") + b"\n")
    done = waiting.run([tool, "-L", "-t", "--mbox", str(box)], check=True)
    scores = [
        float(score) for score in re.findall(r"X-Spam-Status: .*?score=([-\d.]+)", done.stdout)
    ]
    assert len(scores) == len(mails())
    assert max(scores) <= 0.5


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not CHROMIUM:
        pytest.skip("chromium is not installed: apt-get install chromium")
    with offline_browser() as browser:
        yield browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_everything_fits(
    browser: Any, pages: dict[str, Path], scheme: str
) -> None:
    axe = (node_package("axe-core") / "axe.min.js").read_text()
    grounds = set()
    for name, path in pages.items():
        page = browser.new_page(color_scheme=scheme)
        page.set_content(path.read_text(), wait_until="domcontentloaded")
        for width in (320, 375, 600):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        grounds.add(page.eval_on_selector(".paper", "e => getComputedStyle(e).backgroundColor"))
        page.evaluate(axe)
        found = page.evaluate("axe.run(document)")["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], name
        page.close()
    assert grounds == {"rgb(255, 255, 255)" if scheme == "light" else "rgb(20, 22, 26)"}
