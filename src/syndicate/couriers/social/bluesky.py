"""Posts threads to Bluesky (AT Protocol) with atproto."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlsplit

from syndicate.couriers.contract import Commit, Delivery, Receipt, Request
from syndicate.couriers.looking import GONE, Seen
from syndicate.couriers.social.account import Attachment, Post
from syndicate.couriers.social.courier import ThreadCourier
from syndicate.couriers.social.credentials import AccountSecrets, refused_credentials
from syndicate.couriers.social.limits import seconds_until_reset
from syndicate.couriers.social.looking import told_of
from syndicate.errors import DeliveryError, PostponedError, RefusedError, UncertainError

_POSTS = "app.bsky.feed.post"
_TID = "234567abcdefghijklmnopqrstuvwxyz"  # base32-sortable
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class BlueskyCourier(ThreadCourier):
    """`via = "bluesky"`: post approved threads to the account `handle`.

    `password_env` names the environment variable with an app password. `server` is the account's
    PDS. The record key of a post is made from its delivery, so posting twice gives only one post.
    """

    via: ClassVar[str] = "bluesky"
    platform: ClassVar[str] = "Bluesky"
    most_picture_bytes: ClassVar[int] = 976_000  # app.bsky.embed.images takes 1,000,000
    most_alt: ClassVar[int] = 2000

    handle: str
    password_env: str = "BLUESKY_APP_PASSWORD"  # noqa: S105 - a variable's name
    server: str = "https://bsky.social"

    @property
    def address(self) -> str:
        """The server and the handle."""
        return f"{urlsplit(self.server).hostname or self.server}, {self.handle}"

    def account(self) -> BlueskyAccount:
        """The account, logged in."""
        return BlueskyAccount(self)

    def requests(self, delivery: Delivery) -> Iterator[Request]:
        """The requests that upload the pictures and create the post."""
        post = self._planned(delivery)
        xrpc = f"{self.server.rstrip('/')}/xrpc"
        blobs = []
        for number, one in enumerate(post.attachments, 1):
            blobs.append(f"‹picture {number}›")
            size = f"‹{len(one.picture.content):,} bytes›"
            yield Request("POST", f"{xrpc}/com.atproto.repo.uploadBlob", {"": size})
        reply = {"parent": post.parent} if post.parent else None
        record = _record(post, blobs, [], reply, "‹time of posting›")
        body = {**_place(post, self.handle), "record": record}
        yield Request("POST", f"{xrpc}/com.atproto.repo.putRecord", body)


class BlueskyAccount:
    """See `Account`."""

    def __init__(self, settings: BlueskyCourier) -> None:
        from atproto import Client
        from atproto_client.request import Request as Transport

        self.settings = settings
        self.secrets = AccountSecrets("Bluesky", settings.password_env)
        self.client = Client(settings.server, request=Transport(timeout=settings.timeout))
        self._blobs: dict[str, Any] = {}
        self._refs: dict[str, dict[str, Any]] = {}
        self._last = _EPOCH
        with self._answers():
            self.client.login(settings.handle, self.secrets.values[0], fetch_bsky_profile=False)

    def admit(self, texts: Iterable[str]) -> None:
        """Nothing to check: every Bluesky server has the limits of the lexicon."""

    def post(self, post: Post, commit: Commit) -> Receipt:
        """Upload the pictures, then write the record under its key."""
        with self._answers():
            blobs = [self._uploaded(one) for one in post.attachments]
            facets = [
                facet.model_dump(by_alias=True, exclude_none=True)
                for facet in self.client.detect_facets(post.text)
            ]
            reply = self._reply(post.parent) if post.parent else None
        commit()
        record = _record(post, blobs, facets, reply, self._now())
        body = {**_place(post, self._did), "record": record}
        with self._answers():
            made = self.client.com.atproto.repo.put_record(body)
            self._refs[made.uri] = _reply_to({"uri": made.uri, "cid": made.cid}, reply)
        return self._receipt(made.uri)

    def find(self, post: Post) -> Receipt | None:
        """Look up the record by its key."""
        from atproto import exceptions

        place = _place(post, self._did)
        with self._answers():
            try:
                found = self.client.com.atproto.repo.get_record(place)
            except exceptions.BadRequestError as error:
                if "RecordNotFound" in str(error):
                    return None
                raise
            reply = getattr(found.value, "reply", None)
            below = reply.parent.uri if reply else None
            ours = found.value.text == post.text and below == post.parent
            return self._receipt(found.uri) if ours else None

    def look(self, texts: Mapping[str, str | None]) -> Iterator[tuple[str, Seen]]:
        """The records, one by one."""
        for uri, text in texts.items():
            record = self._record_at(uri)
            yield uri, GONE if record is None else told_of(str(record.text), text)

    def _record_at(self, uri: str) -> Any | None:
        """The record with this URI, None if there is none."""
        from atproto import exceptions

        repo, collection, key = uri.removeprefix("at://").split("/")
        with self._answers():
            try:
                place = {"repo": repo, "collection": collection, "rkey": key}
                return self.client.com.atproto.repo.get_record(place).value
            except exceptions.BadRequestError as error:
                if "RecordNotFound" in str(error):
                    return None
                raise

    def delete(self, id_: str) -> None:
        """Delete the record. A server does not mind if there is none."""
        repo, collection, key = id_.removeprefix("at://").split("/")
        with self._answers():
            self.client.com.atproto.repo.delete_record(
                {"repo": repo, "collection": collection, "rkey": key}
            )

    def _now(self) -> str:
        """The time of posting, later than that of the post before, since readers sort by it."""
        self._last = max(datetime.now(UTC), self._last + timedelta(milliseconds=1))
        return self._last.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    @cached_property
    def _did(self) -> str:
        session = self.client._session
        assert session
        return str(session.did)

    def _receipt(self, uri: str) -> Receipt:
        key = uri.rsplit("/", 1)[1]
        return Receipt(uri, f"https://bsky.app/profile/{self.settings.handle}/post/{key}")

    def _uploaded(self, one: Attachment) -> Any:
        name = one.picture.name
        if name not in self._blobs:
            answer = self.client.upload_blob(one.picture.content)
            self._blobs[name] = answer.blob.model_dump(by_alias=True)
        return self._blobs[name]

    def _reply(self, parent: str) -> dict[str, Any]:
        """References to the parent post and to the first post of the thread (strongRef)."""
        if parent not in self._refs:
            repo, collection, key = parent.removeprefix("at://").split("/")
            place = {"repo": repo, "collection": collection, "rkey": key}
            found = self.client.com.atproto.repo.get_record(place)
            reply = getattr(found.value, "reply", None)
            above = reply.model_dump(by_alias=True) if reply else None
            self._refs[parent] = _reply_to({"uri": found.uri, "cid": found.cid}, above)
        return self._refs[parent]

    @contextmanager
    def _answers(self) -> Iterator[None]:
        """Turn the server's errors into those of `Account`."""
        import httpx
        from atproto import exceptions
        from atproto_core.exceptions import AtProtocolError

        try:
            yield
        except DeliveryError:
            raise
        except exceptions.RateLimitExceededError as error:
            seconds = seconds_until_reset(_reset_of(error))
            raise PostponedError("Bluesky's rate limit is reached", seconds) from error
        except exceptions.UnauthorizedError as error:
            raise refused_credentials("Bluesky", self.secrets.variables, str(error)) from error
        except exceptions.BadRequestError as error:
            if "ExpiredToken" in str(error) or "InvalidToken" in str(error):
                raise refused_credentials("Bluesky", self.secrets.variables, str(error)) from error
            raise RefusedError(f"Bluesky refused the post: {error}") from error
        except (AtProtocolError, httpx.HTTPError, ValueError) as error:
            cause = error.__cause__ or error
            if isinstance(cause, httpx.ConnectError | httpx.ConnectTimeout):
                raise DeliveryError("Bluesky cannot be reached") from error
            raise UncertainError(f"Bluesky did not answer: {error or type(error)}") from error


def _reset_of(error: Any) -> float | None:
    """When the rate limit of `error` ends, in seconds since the epoch."""
    try:
        return error.reset_at.timestamp() if error.reset_at else None
    except (ValueError, OverflowError, OSError):  # a number that is no time
        return None


def record_key(post: Post) -> str:
    """The TID of `post`, made from the time its thread was queued, its number and its key.

    A TID is 53 bits of microseconds and a clock id of 10 bits (AT Protocol, "Record Keys").
    """
    unique = int(hashlib.sha256(post.key.encode()).hexdigest(), 16)
    at = (post.at or _EPOCH) - _EPOCH
    micros = int(at.total_seconds()) * 1_000_000 + post.number * 1_000 + unique % 1_000
    number = (micros << 10) | (unique >> 64) % 1024
    return "".join(_TID[number >> shift & 31] for shift in range(60, -1, -5))


def _record(
    post: Post,
    blobs: list[Any],
    facets: list[dict[str, Any]],
    reply: dict[str, Any] | None,
    now: str,
) -> dict[str, Any]:
    """The record of a post. `now` is the time of posting, which may be days after it was queued."""
    record: dict[str, Any] = {
        "$type": _POSTS,
        "text": post.text,
        "createdAt": now,
    }
    if post.language:
        record["langs"] = [post.language]
    if facets:
        record["facets"] = facets
    if reply:
        record["reply"] = reply
    if embed := _embed(post, blobs):
        record["embed"] = embed
    return record


def _place(post: Post, repo: str) -> dict[str, Any]:
    """Where the record of `post` is. A post always has the same key, so that it is found again."""
    return {"repo": repo, "collection": _POSTS, "rkey": record_key(post)}


def _embed(post: Post, blobs: list[Any]) -> dict[str, Any] | None:
    """The embed of a post: a link preview with the first picture as its thumbnail, or else the
    pictures. A post can only have one of the two."""
    if post.card:
        external: dict[str, Any] = {"uri": post.link, **post.card.model_dump()}
        if blobs:
            external["thumb"] = blobs[0]
        return {"$type": "app.bsky.embed.external", "external": external}
    if not blobs:
        return None
    images = [
        {
            "alt": one.alt,
            "image": blob,
            "aspectRatio": {"width": one.picture.width, "height": one.picture.height},
        }
        for one, blob in zip(post.attachments, blobs, strict=True)
    ]
    return {"$type": "app.bsky.embed.images", "images": images}


def _reply_to(parent: dict[str, Any], above: dict[str, Any] | None) -> dict[str, Any]:
    return {"root": above["root"] if above else parent, "parent": parent}
