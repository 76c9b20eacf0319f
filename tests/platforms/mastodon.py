"""A Mastodon server: statuses, media, and its own limits."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesParser
from typing import Any
from urllib.parse import parse_qs

from tests.platforms.platform import Answer, Asked, Platform, Posted

SECRETS = {"MASTODON_ACCESS_TOKEN": "mastodon-token"}


class Mastodon(Platform):
    """A server with one account, @gazette, whose id is 7."""

    reset_header = "X-RateLimit-Reset"

    def __init__(self) -> None:
        super().__init__()
        self.limit = 500
        self.media: dict[str, str] = {}
        self.uploads: list[bytes] = []
        self.keys: dict[str, Posted] = {}
        self.edits: list[str] = []

    def is_authorized(self, asked: Asked) -> bool:
        return (
            asked.path.startswith("/api/v2/instance")
            or asked.headers.get("authorization") == "Bearer mastodon-token"
        )

    def refusal(self, status: int, reason: str) -> Any:
        return {"error": reason}

    def answer(self, asked: Asked) -> Answer:
        match (asked.method, asked.path.rstrip("/").split("/")[1:]):
            case ("GET", ["api", "v2", "instance"]):
                limits = {"statuses": {"max_characters": self.limit, "max_media_attachments": 4}}
                return Answer(200, {"domain": "127.0.0.1", "configuration": limits})
            case ("GET", ["api", "v1", "accounts", "verify_credentials"]):
                return Answer(200, {"id": "7", "username": "gazette", "acct": "gazette"})
            case ("POST", ["api", ("v1" | "v2"), "media"]):
                return self._upload(asked)
            case ("GET", ["api", "v1", "media", id_]):
                return Answer(200, {"id": id_, "type": "image", "url": f"{self.url}/{id_}"})
            case ("POST", ["api", "v1", "statuses"]):
                return self._post(asked)
            case ("DELETE", ["api", "v1", "statuses", id_]):
                known = [one for one in self.posts if one.id == id_]
                missing = Answer(404, self.refusal(404, "Record not found"))
                return self._delete(id_) or (
                    Answer(200, self._shown(known[0]) | {"text": known[0].text})
                    if known
                    else missing
                )
            case ("GET", ["api", "v1", "accounts", "7", "statuses"]):
                return Answer(200, self._latest(self._shown, int(asked.query["limit"])))
            case ("PUT", ["api", "v1", "statuses", id_]):
                return self._edit(asked, id_)
            case ("GET", ["api", "v1", "statuses", id_]) if id_ in {one.id for one in self.posts}:
                (found,) = (one for one in self.posts if one.id == id_)
                return Answer(200, self._shown(found))
            case ("GET", ["api", "v1", "statuses", id_, "source"]):
                for one in self.posts:
                    if one.id == id_:
                        return Answer(200, {"id": id_, "text": one.text, "spoiler_text": ""})
                return Answer(404, self.refusal(404, "Record not found"))
        return Answer(404, self.refusal(404, f"no {asked.method} {asked.path}"))

    def _upload(self, asked: Asked) -> Answer:
        head = f"Content-Type: {asked.headers['content-type']}\r\n\r\n".encode()
        parts: dict[str, Message[str, str]] = {}
        for part in BytesParser().parsebytes(head + asked.body).get_payload():
            assert isinstance(part, Message)
            parts[str(part.get_param("name", header="content-disposition"))] = part
        file = parts["file"].get_payload(decode=True)
        assert isinstance(file, bytes)
        said = parts["description"].get_payload(decode=True) if "description" in parts else b""
        assert isinstance(said, bytes)
        self.uploads.append(file)
        media = f"9{len(self.uploads)}"
        self.media[media] = said.decode()
        return Answer(202, {"id": media, "type": "image", "url": None})

    def _post(self, asked: Asked) -> Answer:
        form = parse_qs(asked.body.decode(), keep_blank_values=True)
        key = asked.headers.get("idempotency-key", "")
        if key in self.keys:
            if self.keys[key] in self.deleted:  # servers look it up among the posts that there are
                return Answer(404, self.refusal(404, "Record not found"))
            return Answer(200, self._shown(self.keys[key]))
        (text,) = form["status"]
        if len(text) > self.limit:
            return Answer(422, self.refusal(422, "Validation failed: Text character limit"))
        parent = form.get("in_reply_to_id", [None])[0]
        alts = tuple(self.media[one] for one in form.get("media_ids[]", ()))
        post = Posted(str(110_000_000_000_000_000 + self.ever), text, parent, alts)
        self.posts.append(post)
        if key:
            self.keys[key] = post
        return Answer(200, self._shown(post))

    def _edit(self, asked: Asked, id_: str) -> Answer:
        """As the real server does, which removes the media that are not named."""
        form = parse_qs(asked.body.decode(), keep_blank_values=True)
        (text,) = form["status"]
        if len(text) > self.limit:
            return Answer(422, self.refusal(422, "Validation failed: Text character limit"))
        alts = tuple(self.media[one] for one in form.get("media_ids[]", ()))
        (at,) = (n for n, one in enumerate(self.posts) if one.id == id_)
        self.posts[at] = replace(self.posts[at], text=text, alts=alts)
        self.edits.append(id_)
        return Answer(200, self._shown(self.posts[at]))

    def _shown(self, post: Posted) -> dict[str, Any]:
        content = re.sub(r"\n\n+", "</p><p>", html.escape(post.text)).replace("\n", "<br />")
        return {
            "id": post.id,
            "created_at": datetime.now(UTC).isoformat(),
            "content": f"<p>{content}</p>",
            "url": f"{self.url}/@gazette/{post.id}",
            "in_reply_to_id": post.parent,
            "visibility": "public",
            "account": {"id": "7", "username": "gazette", "acct": "gazette"},
            "media_attachments": [
                {"id": id_, "type": "image", "url": f"{self.url}/{id_}", "description": alt}
                for id_, alt in self.media.items()
                if alt in post.alts
            ],
        }
