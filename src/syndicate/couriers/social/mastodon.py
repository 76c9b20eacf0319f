"""Posts threads to a Mastodon server with Mastodon.py."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal
from urllib.parse import urlsplit

from syndicate.couriers.contract import Commit, Delivery, Receipt, Request
from syndicate.couriers.looking import GONE, Seen
from syndicate.couriers.social.account import Attachment, GoneError, Post
from syndicate.couriers.social.courier import ThreadCourier
from syndicate.couriers.social.credentials import AccountSecrets, refused_credentials
from syndicate.couriers.social.limits import seconds_until_reset
from syndicate.couriers.social.looking import told_of
from syndicate.couriers.social.request_errors import request_failed
from syndicate.errors import DeliveryError, PostponedError, RefusedError, UncertainError
from syndicate.thread.counting import mastodon_length

if TYPE_CHECKING:
    from requests import Response

_SKEW = timedelta(minutes=1)
_VERSION = "4.0.0"  # the oldest server version; set here so that Mastodon.py does not ask for it
_PROCESSING = 30  # tries, one a second, until the server has processed a picture
_LATEST = 40  # the most posts that a server returns at once


class MastodonCourier(ThreadCourier):
    """`via = "mastodon"`: post approved threads to the account on `server`.

    `token_env` names the environment variable with an access token with the scopes `read:accounts`,
    `read:statuses`, `write:media` and `write:statuses`. `visibility` applies to every post. The
    server's own limits are checked before a thread begins.
    """

    via: ClassVar[str] = "mastodon"
    platform: ClassVar[str] = "Mastodon"
    most_picture_bytes: ClassVar[int] = 8_000_000
    most_alt: ClassVar[int] = 1500

    server: str
    token_env: str = "MASTODON_ACCESS_TOKEN"  # noqa: S105 - a variable's name
    visibility: Literal["public", "unlisted", "private"] = "public"

    @property
    def address(self) -> str:
        """The server and the token."""
        return f"{urlsplit(self.server).hostname or self.server}, {self.token_env}"

    def account(self) -> MastodonAccount:
        """The account that the token belongs to. No request is sent yet."""
        return MastodonAccount(self)

    def requests(self, delivery: Delivery) -> Iterator[Request]:
        """The requests that upload the pictures and create the post."""
        post = self._planned(delivery)
        server = self.server.rstrip("/")
        if post.edits:
            edit = {"status": post.text, "media_ids": "‹as they are›"}
            yield Request("PUT", f"{server}/api/v1/statuses/{post.edits}", edit)
            return
        ids = []
        for number, one in enumerate(post.attachments, 1):
            ids.append(f"‹id of picture {number}›")
            size = f"‹{len(one.picture.content):,} bytes›"
            yield Request("POST", f"{server}/api/v2/media", {"file": size, "description": one.alt})
        yield Request("POST", f"{server}/api/v1/statuses", self.status(post, ids))

    def editable(self, receipts: Sequence[Receipt]) -> tuple[str, ...]:
        """The ids of the statuses."""
        return tuple(one.remote_id for one in receipts)

    def status(self, post: Post, media: list[str]) -> dict[str, Any]:
        """The parameters of a status."""
        parameters = {
            "status": post.text,
            "in_reply_to_id": post.parent,
            "media_ids": media,
            "visibility": self.visibility,
            "language": post.language,
        }
        return {name: value for name, value in parameters.items() if value}


class MastodonAccount:
    """See `Account`."""

    def __init__(self, settings: MastodonCourier) -> None:
        from mastodon import Mastodon as Client
        from requests import Session

        self.settings = settings
        self.secrets = AccountSecrets(f"Mastodon at {settings.server}", settings.token_env)
        (token,) = self.secrets.values
        session = Session()
        session.hooks["response"] = [self._note_reset]
        self.client = Client(
            access_token=token,
            api_base_url=settings.server,
            request_timeout=settings.timeout,
            ratelimit_method="throw",
            mastodon_version=_VERSION,
            version_check_mode="created",
            user_agent="Syndicate",
            session=session,
        )
        self._media: dict[str, str] = {}
        self._reset: str | None = None

    def _note_reset(self, response: Response, *_: object, **__: object) -> None:
        """Keep to ourselves when the rate limit ends: if Mastodon.py cannot read it, it fails even
        after a post that has succeeded."""
        self._reset = response.headers.pop("X-RateLimit-Reset", None)

    def admit(self, texts: Iterable[str]) -> None:
        """Check the length of the posts against the limit in the server's `/api/v2/instance`."""
        with self._answers():
            limits = self.client.instance_v2()["configuration"]["statuses"]
            most = int(limits["max_characters"])
        server = self.settings.server
        for number, text in enumerate(texts, 1):
            if (length := mastodon_length(text)) > most:
                raise DeliveryError(  # not refused for ever: servers change their limits
                    f"post {number:02} is too long: {length} characters, {server} allows {most}",
                    hint=f"set limit = {most} in the channel file and shorten the draft",
                )

    def post(self, post: Post, commit: Commit) -> Receipt:
        """Upload the pictures, then publish. Servers remember the idempotency key for an hour."""
        if post.edits:
            return self._edit(post, post.edits, commit)
        media = [self._uploaded(one) for one in post.attachments]
        status = self.settings.status(post, media)
        commit()
        with self._answers():
            return _receipt(self.client.status_post(**status, idempotency_key=post.key))

    def find(self, post: Post) -> Receipt | None:
        """Look for the text, as it was written and below its parent, among the latest posts of the
        account. An edit has arrived if the status has its text."""
        if post.edits:
            with self._answers():
                is_same = self._text_of(post.edits) == post.text.strip()
                return _receipt(self.client.status(post.edits)) if is_same else None
        with self._answers():
            latest = self.client.account_statuses(self._me, limit=_LATEST, exclude_reblogs=True)
            for status in latest:
                if post.at and status["created_at"] < post.at - _SKEW:
                    continue
                answers = status.get("in_reply_to_id")
                if (None if answers is None else str(answers)) != post.parent:
                    continue
                if self.client.status_source(status["id"])["text"].strip() == post.text.strip():
                    return _receipt(status)
        return None

    def look(self, texts: Mapping[str, str | None]) -> Iterator[tuple[str, Seen]]:
        """The statuses, one by one, as they were written."""
        for id_, text in texts.items():
            yield id_, self._seen(id_, text)

    def _seen(self, id_: str, text: str | None) -> Seen:
        import mastodon

        with self._answers():
            try:
                return told_of(str(self.client.status_source(id_)["text"]), text)
            except mastodon.MastodonNotFoundError:
                return GONE

    def delete(self, id_: str) -> None:
        """Delete the post (DELETE /api/v1/statuses/:id). Servers allow 30 in half an hour."""
        with suppress(GoneError), self._answers():
            self.client.status_delete(id_)

    def _edit(self, post: Post, id_: str, commit: Commit) -> Receipt:
        """Give the status another text, unless it has that already. Its pictures stay: a server
        removes those that are not named."""
        with self._answers():
            status, text = self.client.status(id_), self._text_of(id_)
        if text == post.text.strip():
            return _receipt(status)
        media = [str(one["id"]) for one in status.get("media_attachments") or ()]
        commit()
        with self._answers():
            return _receipt(self.client.status_update(id_, post.text, media_ids=media or None))

    def _text_of(self, id_: str) -> str:
        """The text of a status, as it was written."""
        return str(self.client.status_source(id_)["text"]).strip()

    @cached_property
    def _me(self) -> Any:
        return self.client.account_verify_credentials()["id"]

    def _uploaded(self, one: Attachment) -> str:
        name = one.picture.name
        if name not in self._media:
            with self._answers():
                media = self.client.media_post(
                    one.picture.content,
                    mime_type=one.picture.media_type,
                    description=one.alt,
                    file_name=name,
                )
                self._media[name] = self._ready(media)
        return self._media[name]

    def _ready(self, media: Any) -> str:
        """The id of `media`, once the server has processed it (until then, POST /api/v2/media
        answers 202)."""
        for _ in range(_PROCESSING):
            if media["url"]:
                return str(media["id"])
            time.sleep(1)
            media = self.client.media(media["id"])
        raise DeliveryError(
            f"{self.settings.server} has not finished processing the picture",
            hint="run the command again in a few minutes",
        )

    @contextmanager
    def _answers(self) -> Iterator[None]:
        """Turn the server's errors into those of `Account`."""
        import mastodon

        server = f"Mastodon at {self.settings.server}"
        try:
            yield
        except DeliveryError:
            raise
        except mastodon.MastodonRatelimitError as error:
            seconds = seconds_until_reset(_epoch(self._reset))
            raise PostponedError(f"{server}: the rate limit is reached", seconds) from error
        except mastodon.MastodonNetworkError as error:
            cause = error.__cause__ or error.__context__
            raise request_failed(
                server, cause if isinstance(cause, Exception) else error
            ) from error
        except mastodon.MastodonServerError as error:
            raise UncertainError(f"{server} failed: {_reason(error)}") from error
        except mastodon.MastodonNotFoundError as error:
            raise GoneError(f"{server} refused the post: {_reason(error)}") from error
        except mastodon.MastodonAPIError as error:
            status = error.args[1] if len(error.args) > 1 else None
            if status in (401, 403):
                variables = self.secrets.variables
                raise refused_credentials(server, variables, _reason(error)) from error
            raise RefusedError(f"{server} refused the post: {_reason(error)}") from error
        except (mastodon.MastodonError, KeyError, TypeError, ValueError) as error:
            raise UncertainError(f"{server} sent an unreadable answer: {error!r}") from error


def _epoch(moment: str | None) -> object:
    """`moment` in seconds since the epoch. Mastodon gives it as a date, GoToSocial in seconds."""
    try:
        return datetime.fromisoformat(moment or "").timestamp()
    except (ValueError, OverflowError):
        return moment


def _receipt(status: Any) -> Receipt:
    return Receipt(str(status["id"]), status.get("url"))


def _reason(error: Exception) -> str:
    return " ".join(str(part) for part in error.args[1:] if part)
