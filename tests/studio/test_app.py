"""The studio over HTTP: who may sign in, and what forms may do."""

from __future__ import annotations

import contextlib
import hashlib
import json
import stat
import sys
import threading
from pathlib import Path

import httpx
import pytest

from syndicate.engine.review.drafts import find_draft
from syndicate.engine.review.verdicts import approve_draft
from syndicate.ledger.ledger import open_ledger
from syndicate.newsroom.newsroom import load_newsroom
from tests import waiting
from tests.engine.conftest import Desk
from tests.studio.conftest import Open, field, studio

PAGES = ("/", "/articles/ferry", "/drafts/ferry.x", "/plan", "/deliveries", "/publishing")


def test_requests_from_elsewhere_are_refused(opened: Open) -> None:
    """A request without token or CSRF token, or with a foreign Host or Origin, changes nothing."""
    with opened.visitor() as client:
        assert client.get("/").status_code == 401
        assert client.get("/?token=guessed").status_code == 401
    with opened.client() as client:
        foreign = {"Host": "gazette.example.org"}
        assert client.get("/", headers=foreign).status_code == 400
        assert client.get(f"/?token={opened.token}", headers=foreign).status_code == 400
        page = client.get("/drafts/ferry.x").text
        good = {"csrf": field(page, "csrf"), "digest": field(page, "digest"), "post": "Words."}
        for path in ("/drafts/ferry.x", "/drafts/ferry.x/approve", "/publishing", "/deliveries"):
            assert client.post(path, data={**good, "csrf": ""}).status_code == 403
            assert client.post(path, data={**good, "csrf": "x" * 64}).status_code == 403
            elsewhere = {"Origin": "https://gazette.example.org"}
            assert client.post(path, data=good, headers=elsewhere).status_code == 403
        assert client.get("/drafts/ferry.x").text == page
        assert client.post("/drafts/ferry.x", data=good).status_code == 200


def test_every_page_has_security_headers(opened: Open) -> None:
    with opened.client() as client:
        for path in PAGES:
            answer = client.get(path)
            assert answer.status_code == 200, path
            policy = answer.headers["content-security-policy"]
            assert "script-src 'self'" in policy
            assert "unsafe" not in policy
            assert answer.headers["referrer-policy"] == "same-origin"
            assert "style=" not in answer.text
            assert "<script>" not in answer.text
        cookie = next(iter(client.cookies.jar))
        assert cookie.has_nonstandard_attr("HttpOnly")
        assert cookie.get_nonstandard_attr("SameSite") == "strict"


def test_scripts_in_articles_never_run(opened: Open, desk: Desk) -> None:
    """Preview frames have no scripts and no origin, and cannot load anything."""
    desk.write("bad.md", "# Bad <script>alert(1)</script>\n\n<script>alert(2)</script>\n\nWords.\n")
    with opened.client() as client:
        assert "<script>alert" not in client.get("/").text
        frame = client.get("/articles/ferry/email/0/frame")
        assert frame.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
        assert 'sandbox loading="lazy"' in client.get("/articles/ferry/email").text


def test_an_article_page_omits_lint_rules_that_need_other_articles(
    opened: Open, desk: Desk
) -> None:
    desk.write("low-tide.md", "# Reading the tide\n\nTables are averages.\n")
    link = "https://gazette.example.org/low-tide/"
    text = f"# All about tides\n\n#### Deep down\n\nRead [the tables]({link}) at high water.\n"
    desk.write("high-tide.md", text)
    with opened.client() as client:
        page = client.get("/articles/high-tide").text
    assert "article/heading-jump" in page
    assert "article/unknown-article" not in page


def test_a_form_that_is_too_large_is_refused(opened: Open) -> None:
    with opened.client() as client:
        page = client.get("/drafts/ferry.x").text
        data = {"csrf": field(page, "csrf"), "post": "x" * 1_100_000}
        assert client.post("/drafts/ferry.x", data=data).status_code == 413


def test_an_article_has_a_preview_for_each_channel(opened: Open) -> None:
    with opened.client() as client:
        assert "70,000" in client.get("/articles/ferry/rss/0/frame").text
        assert 'class="timeline"' in (thread_ := client.get("/articles/ferry/x").text)
        assert "70,000" in thread_
        assert "70,000" in client.get("/articles/ferry/email/0/frame").text
        assert "70,000" in client.get("/articles/ferry/email/0/frame?plain").text
        light = client.get("/articles/ferry/email/0/frame").text
        dark = client.get("/articles/ferry/email/0/frame?dark").text
        assert "(max-width: 0)" in light
        assert "(min-width: 0)" in dark
        assert "prefers-color-scheme: dark" not in light + dark
        for missing in ("/articles/ferry/rss/9/frame", "/articles/gone/rss/0/frame",
                        "/articles/ferry/none/0/frame", "/articles/ferry/rss/0/1.png"):  # fmt: skip
            assert client.get(missing).status_code == 404, missing
        assert client.get("/articles/gone").status_code == 404
        assert client.get("/drafts/gone").status_code == 404
        assert client.get("/drafts/..%2f..%2fsyndicate.toml").status_code == 404


def save(client: httpx.Client, page: str, *posts: str, do: str = "save") -> httpx.Response:
    data: dict[str, object] = {"csrf": field(page, "csrf"), "digest": field(page, "digest")}
    return client.post("/drafts/ferry.x", data={**data, "post": list(posts), "do": do,
                                                "alt": "A ship at night"})  # fmt: skip


def file(desk: Desk) -> Path:
    return desk.root / "drafts" / "ferry.x.md"


def thread(desk: Desk) -> list[str]:
    found = find_draft(load_newsroom(desk.root, {}), "ferry.x").thread
    assert found
    return list(found.posts)


def test_an_edit_is_saved_to_the_draft_file(opened: Open, desk: Desk) -> None:
    with opened.client() as client:
        page = client.get("/drafts/ferry.x").text
        save(client, page, "One.\r\n\r\nAnd more.", "Two.")
        assert thread(desk) == ["One.\n\nAnd more.", "Two."]
        assert b"A ship at night" in file(desk).read_bytes()
        page = client.get("/drafts/ferry.x").text
        for do, posts in (
            ("down:0", ["Two.", "One.\n\nAnd more."]),
            ("merge:0", ["Two.\n\nOne.\n\nAnd more."]),
            ("split:0", ["Two.\n\nOne.", "And more."]),
            ("add:0", ["Two.\n\nOne.", "…", "And more."]),
            ("remove:1", ["Two.\n\nOne.", "And more."]),
            ("up:1", ["And more.", "Two.\n\nOne."]),
            ("up:0", ["And more.", "Two.\n\nOne."]),
            ("remove:99", ["And more.", "Two.\n\nOne."]),
        ):
            save(client, page, *thread(desk), do=do)
            page = client.get("/drafts/ferry.x").text
            assert thread(desk) == posts, do


def test_who_edits_what_was_approved_is_in_the_history(opened: Open, desk: Desk) -> None:
    approve_draft(load_newsroom(desk.root, {}), "ferry.x", "Ines Okafor")
    with opened.client() as client:
        save(client, client.get("/drafts/ferry.x").text, "Other words.")
    with contextlib.closing(open_ledger(desk.ledger, desk.root)) as ledger:
        (told,) = ledger.events.newest(what=["dropped"])
    assert told.who
    assert told.note == "approved by Ines Okafor; the draft was edited"


def test_another_text_for_a_post_comes_from_the_article(opened: Open, desk: Desk) -> None:
    with opened.client() as client:
        page = client.get("/drafts/ferry.x").text
        save(client, page, "Mine.", "Yours.", do="regenerate:1")
    first, second = thread(desk)
    assert first == "Mine."
    assert second in file(desk).read_text()
    assert second != "Yours."
    assert not find_draft(load_newsroom(desk.root, {}), "ferry.x").faults


def test_two_people_edit_one_draft(opened: Open, desk: Desk) -> None:
    """The later save shows both versions, and either can be kept."""
    with opened.client() as client:
        page = client.get("/drafts/ferry.x").text
        assert save(client, page, "Ann's words.").status_code == 200
        later = save(client, page, "Ben's words.")
        assert later.status_code == 409
        assert "Ann" in later.text
        assert "Ben&#39;s words." in later.text
        assert thread(desk) == ["Ann's words."]
        assert save(client, later.text, "Ben's words.").status_code == 200
        assert thread(desk) == ["Ben's words."]


def test_an_approval_is_for_the_text_that_was_shown(opened: Open, desk: Desk) -> None:
    with opened.client() as client:
        page = client.get("/drafts/ferry.x").text
        file(desk).write_text(file(desk).read_text().replace("70,000", "80,000"))
        data = {"csrf": field(page, "csrf"), "digest": field(page, "digest")}
        answer = client.post("/drafts/ferry.x/approve", data=data)
        assert answer.status_code == 422
        assert "was changed after you opened it" in answer.text
        assert find_draft(load_newsroom(desk.root, {}), "ferry.x").status == "draft"
        page = client.get("/drafts/ferry.x").text
        data = {"csrf": field(page, "csrf"), "digest": field(page, "digest")}
        assert (
            "the article does not have the number"
            in client.post("/drafts/ferry.x/approve", data=data).text
        )
        client.post(
            "/drafts/ferry.x/approve", data={**data, "confirm": "80,000", "note": "I asked"}
        )
    draft = find_draft(load_newsroom(desk.root, {}), "ferry.x")
    assert draft.status == "approved"
    (review,) = draft.reviews
    assert (review.by, review.note) == ("Ines", "I asked")
    assert review.digest == hashlib.sha256(file(desk).read_bytes()).hexdigest()


def test_preview_is_read_only(desk: Desk) -> None:
    before = file(desk).read_bytes()
    with studio(desk.root, "preview") as opened, opened.client() as client:
        page = client.get("/drafts/ferry.x")
        assert page.status_code == 200
        assert 'id="approve"' not in page.text
        data = {"csrf": field(page.text, "csrf"), "digest": field(page.text, "digest")}
        for path in ("/drafts/ferry.x", "/drafts/ferry.x/approve", "/publishing"):
            assert client.post(path, data={**data, "post": "Words."}).status_code in (404, 405)
    assert file(desk).read_bytes() == before


def test_errors_in_settings_are_shown_on_a_page(opened: Open, desk: Desk) -> None:
    (desk.root / "channels" / "rss.toml").write_text("ttl = 'soon'\n")
    with opened.visitor() as client:
        page = client.get(f"/?token={opened.token}")
        assert page.status_code == 404
        assert "channels/rss.toml:1" in page.text


def test_a_template_error_names_the_line(opened: Open, desk: Desk) -> None:
    (desk.root / "templates" / "email").mkdir(parents=True)
    (desk.root / "templates" / "email" / "layout.mjml.j2").write_text("x\n{% if %}\n")
    (desk.root / "templates" / "email" / "letter.html.j2").write_text("x\n{% if %}\n")
    (desk.root / "templates" / "blocks.html.j2").write_text("x\n{% if %}\n")
    with opened.client() as client:
        assert ".j2:2" in client.get("/articles/ferry/email").text


def test_the_plan_shows_what_a_withdrawal_does(opened: Open, desk: Desk) -> None:
    desk.channel("ninjs", "")
    desk.publish()
    text = (desk.root / "content" / "ferry.md").read_text()
    desk.write("ferry.md", text.replace("title:", "status: withdrawn\ntitle:", 1), age=0)
    with opened.client() as client:
        page = client.get("/plan").text
        assert "out/ninjs/ferry.json" in page
        client.post("/publishing", data={"csrf": field(page, "csrf")})
        with client.stream("GET", "/publishing/events") as events:
            assert "notice in place of ferry" in "".join(events.iter_text())
        page = client.get("/plan").text
        assert "notice in place of ferry" not in page
        assert "syndicate restore ferry" in page


def test_the_plan_shows_changes_and_publishes_them(opened: Open, desk: Desk) -> None:
    desk.write("low-tide.md", "# Reading the tide\n\nTables are averages of averages.\n")
    with opened.client() as client:
        assert "Reading the tide" in client.get("/plan").text
        changes = client.get("/plan/changes", params={"channel": "rss", "unit": ""}).text
        assert '<span class="added">' in changes
        assert "Reading the tide" in changes
        assert "Reading the tide" not in (desk.root / "out/rss/feed.xml").read_text()
        client.post("/publishing", data={"csrf": field(client.get("/plan").text, "csrf")})
        with client.stream("GET", "/publishing/events") as events:
            stream = "".join(events.iter_text())
        assert "event: rendered" in stream
        assert stream.rstrip().splitlines()[-2] == "event: done"
        assert "Everything is published." in client.get("/plan").text
    assert "Reading the tide" in (desk.root / "out/rss/feed.xml").read_text()


def test_open_pages_receive_an_event_when_a_file_is_saved(opened: Open, desk: Desk) -> None:
    with opened.client() as client, client.stream("GET", "/live") as events:
        lines = events.iter_lines()
        assert next(lines) == "retry: 1000"
        desk.write("tides.md", "# Reading the tide\n\nTables are averages.\n")
        with waiting.waiting_for("the event that names the saved file"):
            event = [next(lines) for _ in range(3)]
    assert event[1] == "event: changed"
    assert json.loads(event[2].removeprefix("data: ")) == ["content/tides.md"]


def test_a_kill_while_saving_leaves_a_whole_file(desk: Desk) -> None:
    """Whenever the kill comes, the file has either the old text or the new text, complete."""
    for delay in (0.01, 0.05):
        before = thread(desk)
        words = f"New words, {delay}."
        with studio(desk.root) as opened, opened.client() as client:
            page = client.get("/drafts/ferry.x").text
            killing = threading.Timer(delay, opened.process.kill)
            killing.start()
            with contextlib.suppress(httpx.TransportError):
                save(client, page, words)
            waiting.join(killing, "the kill")
        assert thread(desk) in (before, [words])
        assert all("ferry.x" in one.name for one in (desk.root / "drafts").iterdir())


def test_on_a_network_everyone_signs_in_with_a_password(desk: Desk) -> None:
    command = [sys.executable, "-m", "syndicate", "review", "--no-browser"]
    refused = waiting.run([*command, "--host", "0.0.0.0"], cwd=desk.root)
    assert refused.returncode == 2
    assert "--passwords" in refused.stderr
    people = desk.root / "people.txt"
    from syndicate.studio.access import save_password

    save_password(people, "Ann", "correct horse battery")
    assert stat.S_IMODE(people.stat().st_mode) == 0o600
    assert "correct horse" not in people.read_text()
    with (
        studio(desk.root, "review", "--passwords", "people.txt") as opened,
        opened.visitor() as client,
    ):
        assert not opened.token
        assert client.get("/").url.path == "/enter"
        wrong = client.post("/enter", data={"name": "Ann", "password": "guess"})
        assert wrong.status_code == 401
        client.post("/enter", data={"name": "Ann", "password": "correct horse battery"})
        page = client.get("/drafts/ferry.x").text
        data = {"csrf": field(page, "csrf"), "digest": field(page, "digest")}
        client.post("/drafts/ferry.x/approve", data=data)
    assert find_draft(load_newsroom(desk.root, {}), "ferry.x").reviews[0].by == "Ann"


@pytest.mark.parametrize("line", ["Ann", "Ann:plain", ":$argon2id$x", ""])
def test_an_invalid_password_file_is_refused(desk: Desk, line: str) -> None:
    (desk.root / "people.txt").write_text(line)
    command = [sys.executable, "-m", "syndicate", "review", "--passwords", "people.txt"]
    refused = waiting.run(command, cwd=desk.root)
    assert refused.returncode == 2
    assert "people.txt" in refused.stderr


def test_a_desk_with_many_articles_is_split_into_sheets(opened: Open, desk: Desk) -> None:
    for number in range(105):
        desk.write(f"more-{number:03}.md", f"# More {number}\n\nWords.\n", age=number)
    with opened.client() as client:
        first, second = client.get("/"), client.get("/?sheet=2")
    assert "106 articles" in first.text
    assert first.text.count("data-step") == 100
    assert second.text.count("data-step") == 6
    assert "More 0<" in first.text
