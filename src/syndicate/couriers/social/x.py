"""Posts threads to X (API v2) with tweepy."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from pydantic import Field, ValidationInfo, field_validator

from syndicate.couriers.contract import Commit, Delivery, Receipt, Request
from syndicate.couriers.looking import GONE, Seen
from syndicate.couriers.social.account import Attachment, DuplicateError, GoneError, Post
from syndicate.couriers.social.courier import ThreadCourier
from syndicate.couriers.social.credentials import refused_credentials
from syndicate.couriers.social.limits import seconds_until_reset
from syndicate.couriers.social.request_errors import request_failed
from syndicate.couriers.social.x_login import HOST, OAuth1, OAuth2, XServer
from syndicate.couriers.social.x_posts import is_below, seen_as, words_of, words_to_post
from syndicate.errors import (
    CredentialsError,
    DeliveryError,
    PostponedError,
    RefusedError,
    UncertainError,
)
from syndicate.thread.urls import x_urls

if TYPE_CHECKING:
    import tweepy
    from requests import Response

_LIMITS = ("x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour")
_NOT_FOUND = "Not Found Error"
_SKEW = timedelta(minutes=1)  # allowed difference between the platform's clock and ours


class XCourier(ThreadCourier):
    """`via = "x"`: post approved threads to X.

    With OAuth 1.0a, `consumer_key_env`, `consumer_secret_env`, `access_token_env` and
    `access_token_secret_env` name the environment variables with the credentials. If `token_file`
    is set, OAuth 2 is used: a JSON file with `access_token`, `refresh_token` and `expires_at`
    (seconds since the epoch), which is rewritten whenever X issues a new token. `client_id_env` and
    `client_secret_env` then name the environment variables of the app. `price` and
    `price_with_url` are what X charges for a post, in US dollars. `api` is the URL of the API.
    """

    via: ClassVar[str] = "x"
    platform: ClassVar[str] = "X"
    most_picture_bytes: ClassVar[int] = 5_000_000
    most_alt: ClassVar[int] = 1000

    consumer_key_env: str = "X_CONSUMER_KEY"
    consumer_secret_env: str = "X_CONSUMER_SECRET"  # noqa: S105 - a variable's name
    access_token_env: str = "X_ACCESS_TOKEN"  # noqa: S105
    access_token_secret_env: str = "X_ACCESS_TOKEN_SECRET"  # noqa: S105
    token_file: Path | None = None
    client_id_env: str = "X_CLIENT_ID"
    client_secret_env: str | None = None
    price: float = Field(default=0.015, ge=0)
    price_with_url: float = Field(default=0.20, ge=0)
    api: str = HOST

    @field_validator("token_file")
    @classmethod
    def _token_below_root(cls, path: Path | None, info: ValidationInfo) -> Path | None:
        return path and Path((info.context or {}).get("root", ".")) / path

    def cost(self, text: str) -> float:
        """`price`, or `price_with_url` if X recognises a URL in `text`."""
        return self.price_with_url if x_urls(text) else self.price

    @property
    def address(self) -> str:
        """The API and the credentials."""
        credentials = self.token_file.name if self.token_file else self.access_token_env
        return f"{urlsplit(self.api).hostname}, {credentials}"

    @property
    def variables(self) -> tuple[str, ...]:
        """The environment variables that it reads; which, depends on the kind of credentials."""
        if self.token_file:
            return tuple(filter(None, (self.client_id_env, self.client_secret_env)))
        token = (self.access_token_env, self.access_token_secret_env)
        return (self.consumer_key_env, self.consumer_secret_env, *token)

    def account(self) -> XAccount:
        """The account that the credentials belong to. No request is sent yet."""
        site = XServer(self.api, self.timeout)
        if self.token_file:
            names = (self.client_id_env, self.client_secret_env)
            return XAccount(OAuth2(site, self.token_file, *names))
        app = (self.consumer_key_env, self.consumer_secret_env)
        return XAccount(OAuth1(site, *app, self.access_token_env, self.access_token_secret_env))

    def requests(self, delivery: Delivery) -> Iterator[Request]:
        """The requests that upload pictures and alt texts, and create the post."""
        post = self._planned(delivery)
        ids = []
        for number, one in enumerate(post.attachments, 1):
            ids.append(f"‹id of picture {number}›")
            size = f"‹{len(one.picture.content):,} bytes›"
            yield Request("POST", f"{self.api}{_MEDIA}", {**_media(one), "media": size})
            yield Request("POST", f"{self.api}{_METADATA}", _alt(ids[-1], one.alt))
        body: dict[str, object] = {"text": post.text}
        if post.parent:
            body["reply"] = {"in_reply_to_tweet_id": post.parent}
        if ids:
            body["media"] = {"media_ids": ids}
        yield Request("POST", f"{self.api}/2/tweets", body)


_MEDIA, _METADATA = "/2/media/upload", "/2/media/metadata"


class XAccount:
    """See `Account`."""

    def __init__(self, login: OAuth1 | OAuth2) -> None:
        self.login = login
        self.client = self._client()
        self._media: dict[str, str] = {}

    def admit(self, texts: Iterable[str]) -> None:
        """Nothing to check: X has only one server."""

    def post(self, post: Post, commit: Commit) -> Receipt:
        """Upload the pictures, then publish."""
        media = [self._uploaded(one) for one in post.attachments]
        user = self._me  # requested before anything is published
        commit()
        made = self._call(
            lambda: self.client.create_tweet(
                text=post.text,
                in_reply_to_tweet_id=post.parent,
                media_ids=media or None,
                user_auth=self.login.user_auth,
            )
        )
        return _receipt(user, made.data["id"])

    def find(self, post: Post) -> Receipt | None:
        """Look for the text, below its parent, among the latest posts of the account; X does not
        store our key."""
        since = (post.at - _SKEW).strftime("%Y-%m-%dT%H:%M:%SZ") if post.at else None
        found = self._call(
            lambda: self.client.get_users_tweets(
                self._me.id,
                max_results=100,
                start_time=since,
                tweet_fields=["entities", "created_at", "referenced_tweets", "conversation_id"],
                user_auth=self.login.user_auth,
            )
        )
        wanted = words_to_post(post.text)
        for tweet in found.data or ():
            if words_of(tweet) == wanted and is_below(tweet, post.parent):
                return _receipt(self._me, tweet.id)
        return None

    def look(self, texts: Mapping[str, str | None]) -> Iterator[tuple[str, Seen]]:
        """All of them in one request. X leaves out those that are gone, and says why it does not
        show others."""
        found = self._call(
            lambda: self.client.get_tweets(
                list(texts),
                tweet_fields=["entities", "note_tweet"],
                user_auth=self.login.user_auth,
            )
        )
        there = {str(tweet.id): tweet for tweet in found.data or ()}
        errors = {str(one.get("resource_id")): one for one in found.errors or ()}
        for id_, text in texts.items():
            error = errors.get(id_, {})
            if id_ in there:
                yield id_, seen_as(there[id_], text)
            elif error.get("title", _NOT_FOUND) == _NOT_FOUND:
                yield id_, GONE
            else:
                yield id_, Seen("unknown", f"X: {error.get('detail') or error['title']}")

    def delete(self, id_: str) -> None:
        """Delete the post (DELETE /2/tweets/:id)."""
        user_auth = self.login.user_auth
        with suppress(GoneError):
            made = self._call(lambda: self.client.delete_tweet(id_, user_auth=user_auth))
            if not made.data["deleted"]:
                raise DeliveryError(f"X has not deleted the post {id_}")

    @cached_property
    def _me(self) -> Any:
        return self._call(lambda: self.client.get_me(user_auth=self.login.user_auth)).data

    def _uploaded(self, one: Attachment) -> str:
        name = one.picture.name
        if name not in self._media:
            data = base64.b64encode(one.picture.content).decode()
            media = self._posted(_MEDIA, {**_media(one), "media": data})["data"]["id"]
            if one.alt:
                self._posted(_METADATA, _alt(media, one.alt))
            self._media[name] = media
        return self._media[name]

    def _posted(self, route: str, body: dict[str, object]) -> Any:
        auth = self.login.user_auth
        return self._call(
            lambda: self.client.request("POST", route, json=body, user_auth=auth).json()
        )

    def _call(self, call: Callable[[], Any]) -> Any:
        """The answer to `call`. If the token has expired, `call` is repeated with a new one."""
        try:
            with self._answers():
                return call()
        except CredentialsError:
            if not self.login.renewed():
                raise
            self.client = self._client()
            with self._answers():
                return call()

    def _client(self) -> tweepy.Client:
        """A client that does not fail at a limit whose end cannot be read, as tweepy does."""
        client = self.login.client()
        client.session.hooks["response"].append(_drop_unreadable_reset)
        return client

    @contextmanager
    def _answers(self) -> Iterator[None]:
        """Turn the errors of X into those of `Account`."""
        import tweepy
        from requests.exceptions import RequestException

        try:
            yield
        except tweepy.TooManyRequests as error:
            seconds = _until_reset(error.response.headers)
            raise PostponedError("the rate limit of X is reached", seconds) from error
        except tweepy.Unauthorized as error:
            raise refused_credentials("X", self.login.variables, _reason(error)) from error
        except tweepy.Forbidden as error:
            reason = _reason(error)
            if "duplicate" in reason.lower():
                raise DuplicateError(f"X already has a post with this text: {reason}") from error
            raise RefusedError(f"X refused the post: {reason}") from error
        except tweepy.NotFound as error:
            raise GoneError(f"X refused the post: {_reason(error)}") from error
        except tweepy.TwitterServerError as error:
            raise UncertainError(f"X failed: {_reason(error)}") from error
        except tweepy.HTTPException as error:
            raise RefusedError(f"X refused the post: {_reason(error)}") from error
        except RequestException as error:
            raise request_failed("X", error) from error
        except (KeyError, TypeError, ValueError) as error:
            raise UncertainError(f"X sent an unreadable answer: {error!r}") from error


def _media(one: Attachment) -> dict[str, object]:
    return {"media_category": "tweet_image", "media_type": one.picture.media_type}


def _alt(media: str, alt: str) -> dict[str, object]:
    return {"id": media, "metadata": {"alt_text": {"text": alt}}}


def _receipt(user: Any, tweet: int | str) -> Receipt:
    return Receipt(str(tweet), f"https://x.com/{user.username}/status/{tweet}")


def _reason(error: tweepy.HTTPException) -> str:
    """The reason that X gives."""
    try:
        answer = error.response.json()
        return str(answer.get("detail") or answer["errors"][0]["message"])
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        return f"{error.response.status_code} {error.response.reason}"


def _drop_unreadable_reset(response: Response, *_: object, **__: object) -> None:
    if not response.headers.get("x-rate-limit-reset", "").isdecimal():
        response.headers.pop("x-rate-limit-reset", None)


def _until_reset(headers: Mapping[str, str]) -> float | None:
    """The seconds until the limit that is reached ends. Besides that of 15 minutes there are limits
    for a day, which are reached when nothing remains."""
    reached = [name for name in _LIMITS if headers.get(f"{name}-remaining", "").strip() == "0"]
    found = [seconds_until_reset(headers.get(f"{name}-reset")) for name in reached or _LIMITS[:1]]
    return max((one for one in found if one is not None), default=None)
