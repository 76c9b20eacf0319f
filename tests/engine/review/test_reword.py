"""A language model may word a thread anew; what it adds is refused, and nothing leaves by it.

Behind the real `llm` stands a server on loopback that speaks OpenAI's API.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from syndicate.engine.review.drafts import find_draft
from syndicate.engine.review.reword import reword
from syndicate.engine.review.verdicts import approve_draft
from syndicate.errors import DeliveryError, UsageError
from tests.engine.conftest import Desk
from tests.engine.review.test_drafts import desk, edit, file, newsroom
from tests.serving import serving

__all__ = ["desk"]
pytest.importorskip("llm", reason='llm is not installed: pip install "syndicate[llm]"')


class Model:
    """Answers with `says`, or with a fault if that is None; remembers what it was `asked`."""

    def __init__(self, folder: Path) -> None:
        self.says: str | None = ""
        self.asked: list[str] = []
        model = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                model.asked.append(body["messages"][-1]["content"])
                message = {"role": "assistant", "content": model.says}
                choice = {"index": 0, "finish_reason": "stop", "message": message}
                usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
                answer = {"id": "1", "object": "chat.completion", "created": 0, "model": "desk",
                          "choices": [choice], "usage": usage}  # fmt: skip
                said = json.dumps(answer).encode()
                self.send_response(200 if model.says is not None else 400)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        entry = {
            "model_id": "desk-model",
            "model_name": "desk",
            "api_base": f"http://127.0.0.1:{self.server.server_port}/v1",
            "can_stream": False,
        }
        (folder / "extra-openai-models.yaml").write_text(json.dumps([entry]))


@pytest.fixture
def model(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Model]:
    folder = tmp_path_factory.mktemp("llm")
    monkeypatch.setenv("LLM_USER_PATH", str(folder))
    model = Model(folder)
    with serving(model.server):
        yield model


def answer(model: Model, desk: Desk, *changes: tuple[str, str]) -> None:
    """The model says the thread as it is, but for these `changes`."""
    thread = find_draft(newsroom(desk), "ferry.x").thread
    assert thread
    said = "\n---\n".join(thread.posts)
    for old, new in changes:
        assert old in said
        said = said.replace(old, new)
    model.says = said


def test_other_words_become_an_edit_that_waits_for_approval(desk: Desk, model: Model) -> None:
    approve_draft(newsroom(desk), "ferry.x", "Ines Okafor")
    answer(model, desk, ("Fares rise by 15% from Friday.", "From Friday, fares rise by 15%."))
    proposals = reword(newsroom(desk), "ferry.x", "desk-model")
    assert not any(one.refused for one in proposals)
    assert "From Friday, fares rise by 15%." in file(desk).read_text()
    draft = find_draft(newsroom(desk), "ferry.x")
    assert draft.status == "draft"
    assert not draft.faults
    assert [piece.text for piece in draft.pieces()[0] if piece.place is None] == [
        "From Friday, fares rise by 15%."
    ]
    (asked,) = model.asked
    assert "The ferry carried 70,000 people in 2025." in asked
    assert "at most 280 characters" in asked


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("Fares rise by 15%", "Fares rise by 25%", "the article does not have the number '25%'"),
        ("Marit Vane", "Marit Vance", "the article does not have the name 'Vance'"),
        ("Fares rise", "Stenholm says fares rise", "the article does not have the name 'Stenholm'"),
        ("We waited too long,", "We waited for ever,", "the article does not have the quotation"),
        ("Fares rise", "fares rise " + "and rise " * 40, "too long: "),
        ("https://gazette.example.org/ferry/", "the site", "the link has moved"),
    ],
)
def test_what_the_article_does_not_bear_out_is_refused(
    desk: Desk, model: Model, old: str, new: str, reason: str
) -> None:
    before = file(desk).read_bytes()
    answer(model, desk, (old, new))
    refused = [one for one in reword(newsroom(desk), "ferry.x", "desk-model") if one.refused]
    assert len(refused) == 1
    assert any(told.startswith(reason) for told in refused[0].refused)
    assert file(desk).read_bytes() == before


@pytest.mark.parametrize(
    "said", ["", "one post\n---\nand another\n---\nand\n---\na\n---\nfifth", None]
)
def test_an_answer_that_is_no_thread_leaves_the_draft_alone(
    desk: Desk, model: Model, said: str | None
) -> None:
    edit(desk, "Fares rise", "Tickets rise")
    before = file(desk).read_bytes()
    model.says = said
    with pytest.raises(DeliveryError):
        reword(newsroom(desk), "ferry.x", "desk-model")
    assert file(desk).read_bytes() == before


def test_a_model_that_nobody_knows(desk: Desk, model: Model) -> None:
    with pytest.raises(UsageError, match="there is no model 'nobody'"):
        reword(newsroom(desk), "ferry.x", "nobody")


def test_nobody_is_asked_unless_told_to(desk: Desk, model: Model) -> None:
    desk.publish()
    approve_draft(newsroom(desk), "ferry.x", "Ines Okafor")
    desk.publish()
    assert not model.asked
