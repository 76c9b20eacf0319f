"""X: API v2 for posts and media, OAuth 1.0a with verified signatures, OAuth 2 with refresh."""

from __future__ import annotations

import base64
import html
import re
from typing import Any
from urllib.parse import parse_qs

from oauthlib.oauth1 import Client

from tests.platforms.platform import Answer, Asked, Platform, Posted

SECRETS = {
    "X_CONSUMER_KEY": "key",
    "X_CONSUMER_SECRET": "key-secret",
    "X_ACCESS_TOKEN": "token",
    "X_ACCESS_TOKEN_SECRET": "token-secret",
}
_SIGNED_FOR = "https://api.twitter.com"
_PARAMETER = re.compile(r'(\w+)="([^"]*)"')
_URL = re.compile(r"https?://[^\s]+|\b[a-z.]+\.(?:org|com)\b")


class X(Platform):
    """A server with one account, @gazette, whose id is 7."""

    reset_header = "x-rate-limit-reset"

    def __init__(self) -> None:
        super().__init__()
        self.media: dict[str, str] = {}
        self.uploads: list[bytes] = []
        self.bearer = "first"
        self.refreshes = ["refresh-1"]
        """The refresh tokens issued so far; only the last is accepted."""

    def is_authorized(self, asked: Asked) -> bool:
        if asked.path == "/2/oauth2/token":
            return True
        said = asked.headers.get("authorization", "")
        if said.startswith("Bearer "):
            return said == f"Bearer {self.bearer}"
        given = dict(_PARAMETER.findall(said))
        client = Client(
            SECRETS["X_CONSUMER_KEY"],
            SECRETS["X_CONSUMER_SECRET"],
            SECRETS["X_ACCESS_TOKEN"],
            SECRETS["X_ACCESS_TOKEN_SECRET"],
            nonce=given.get("oauth_nonce"),
            timestamp=given.get("oauth_timestamp"),
        )
        query = "&".join(f"{name}={_quoted(value)}" for name, value in asked.query.items())
        uri = f"{_SIGNED_FOR}{asked.path}" + (f"?{query}" if query else "")
        signed = client.sign(uri, asked.method)[1]["Authorization"]
        return dict(_PARAMETER.findall(signed)).get("oauth_signature") == given.get(
            "oauth_signature"
        )

    first = 1_800_000_000_000_000_000
    """The id of the first post."""

    def refusal(self, status: int, reason: str) -> Any:
        return {"title": reason, "detail": reason, "status": status}

    def answer(self, asked: Asked) -> Answer:
        match (asked.method, asked.path):
            case ("POST", "/2/oauth2/token"):
                return self._refresh(asked)
            case ("GET", "/2/users/me"):
                return Answer(200, {"data": {"id": "7", "name": "Gazette", "username": "gazette"}})
            case ("POST", "/2/media/upload"):
                self.uploads.append(base64.b64decode(asked.json["media"], validate=True))
                media = f"9{len(self.uploads)}"
                self.media[media] = ""
                return Answer(200, {"data": {"id": media, "media_key": f"3_{media}"}})
            case ("POST", "/2/media/metadata"):
                text = asked.json["metadata"]["alt_text"]["text"]
                self.media[asked.json["id"]] = text
                return Answer(200, {"data": {"id": asked.json["id"]}})
            case ("POST", "/2/tweets"):
                return self._post(asked.json)
            case ("GET", "/2/tweets"):
                return self._some(asked.query["ids"].split(","))
            case ("DELETE", path) if path.startswith("/2/tweets/"):
                id_ = path.rpartition("/")[2]
                known = any(one.id == id_ for one in self.posts)
                missing = Answer(404, self.refusal(404, "Not Found Error"))
                return self._delete(id_) or (
                    Answer(200, {"data": {"deleted": True}}) if known else missing
                )
            case ("GET", "/2/users/7/tweets"):
                shown = self._latest(self._shown, int(asked.query["max_results"]))
                return Answer(200, {"data": shown, "meta": {"result_count": len(shown)}})
        return Answer(404, self.refusal(404, f"no {asked.method} {asked.path}"))

    def _some(self, ids: list[str]) -> Answer:
        assert len(ids) <= 100
        there = {one.id: one for one in self.posts}
        answer: dict[str, Any] = {}
        if found := [self._shown(there[one]) for one in ids if one in there]:
            answer["data"] = found
        if lost := [one for one in ids if one not in there]:
            answer["errors"] = [
                {"resource_id": one, "title": "Not Found Error", "parameter": "ids"} for one in lost
            ]
        return Answer(200, answer)

    def _post(self, body: Any) -> Answer:
        text = body["text"]
        if any(one.text == text for one in self.posts):
            said = "You are not allowed to create a Tweet with duplicate content."
            return Answer(403, self.refusal(403, said))
        parent = body.get("reply", {}).get("in_reply_to_tweet_id")
        if parent and parent not in {one.id for one in self.posts}:
            said = "You attempted to reply to a Tweet that is deleted or not visible to you."
            return Answer(403, self.refusal(403, said))
        alts = tuple(self.media[one] for one in body.get("media", {}).get("media_ids", ()))
        post = Posted(str(self.first + self.ever), text, parent, alts)
        self.posts.append(post)
        return Answer(201, {"data": {"id": post.id, "text": text}})

    def _shown(self, post: Posted) -> dict[str, Any]:
        """A post as the API returns it: URLs are shortened, HTML is escaped, pictures are links."""
        urls: list[dict[str, str]] = []

        def shorten(found: re.Match[str]) -> str:
            short = f"https://t.co/{len(urls):010}"
            urls.append({"url": short, "expanded_url": found[0], "display_url": found[0]})
            return short

        text = html.escape(_URL.sub(shorten, post.text), quote=False)
        for number, _ in enumerate(post.alts):
            short = f"https://t.co/media{number:05}"
            urls.append({"url": short, "expanded_url": short, "media_key": f"3_9{number}"})
            text += f" {short}"
        shown: dict[str, Any] = {
            "id": post.id,
            "text": text,
            "edit_history_tweet_ids": [post.id],
            "created_at": "2026-11-24T10:00:00.000Z",
            "conversation_id": self._root(post),
        }
        if post.parent:
            shown["referenced_tweets"] = [{"type": "replied_to", "id": post.parent}]
        return shown | ({"entities": {"urls": urls}} if urls else {})

    def _root(self, post: Posted) -> str:
        above = [one for one in self.posts if one.id == post.parent]
        return self._root(above[0]) if above else post.id

    def _refresh(self, asked: Asked) -> Answer:
        form = parse_qs(asked.body.decode())
        if form.get("refresh_token") != [self.refreshes[-1]]:
            said = {"error": "invalid_request", "error_description": "Value passed was invalid."}
            return Answer(400, said)
        self.refreshes.append(f"refresh-{len(self.refreshes) + 1}")
        self.bearer = f"bearer-{len(self.refreshes)}"
        return Answer(
            200,
            {
                "token_type": "bearer",
                "expires_in": 7200,
                "access_token": self.bearer,
                "refresh_token": self.refreshes[-1],
            },
        )


def _quoted(value: str) -> str:
    from urllib.parse import quote

    return quote(value, safe="")
