"""Logging in to X: OAuth 1.0a (RFC 5849) and OAuth 2 (RFC 6749), both with tweepy."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from syndicate.atomic import write_whole
from syndicate.couriers.social.credentials import AccountSecrets, refused_credentials
from syndicate.couriers.social.request_errors import request_failed
from syndicate.errors import CredentialsError
from syndicate.private import file_mode, set_mode

if TYPE_CHECKING:
    import requests
    import tweepy

HOST = "https://api.twitter.com"  # set in tweepy, and signed in its OAuth 1.0a requests
_NEARLY = 60  # seconds before it expires, a token is renewed


@dataclass(frozen=True)
class XServer:
    """The URL of the API, and the time limit for a request in seconds. tweepy has no option for
    either."""

    api: str
    timeout: float

    def mount(self, session: requests.Session) -> None:
        """Make `session` send its requests for X to this server."""
        from requests.adapters import HTTPAdapter

        base, timeout = urlsplit(self.api), self.timeout

        class Redirected(HTTPAdapter):
            def send(self, request: Any, *args: Any, **options: Any) -> requests.Response:
                parts = urlsplit(request.url)
                path = base.path.rstrip("/") + parts.path
                request.url = urlunsplit((base.scheme, base.netloc, path, parts.query, ""))
                return super().send(request, *args, **{**options, "timeout": timeout})

        session.mount(HOST, Redirected())


class OAuth1:
    """An app and a user's tokens, which do not expire (RFC 5849)."""

    user_auth = True

    def __init__(self, site: XServer, *variables: str) -> None:
        self.site = site
        self.secrets = AccountSecrets("X", *variables)

    @property
    def variables(self) -> tuple[str, ...]:
        """The names to set again if X refuses the credentials."""
        return self.secrets.variables

    def client(self) -> tweepy.Client:
        """A client that signs its requests."""
        import tweepy

        key, secret, token, token_secret = self.secrets.values
        client = tweepy.Client(
            consumer_key=key,
            consumer_secret=secret,
            access_token=token,
            access_token_secret=token_secret,
        )
        self.site.mount(client.session)
        return client

    def renewed(self) -> bool:
        """False: these tokens do not expire, so there are no new ones."""
        return False


class OAuth2:
    """A user's token that expires and is renewed (RFC 6749 section 6)."""

    user_auth = False

    def __init__(self, site: XServer, file: Path, *variables: str | None) -> None:
        self.site, self.file = site, file
        self.secrets = AccountSecrets("X", *(name for name in variables if name))
        self.token = self._read()

    @property
    def variables(self) -> tuple[str, ...]:
        """The names to set again if X refuses the credentials."""
        return (*self.secrets.variables, str(self.file.name))

    def client(self) -> tweepy.Client:
        """A client with a token that does not expire within the next minute."""
        import tweepy

        if self.token.get("expires_at", time.time() + 2 * _NEARLY) < time.time() + _NEARLY:
            self.renewed()
        client = tweepy.Client(bearer_token=self.token["access_token"])
        self.site.mount(client.session)
        return client

    def renewed(self) -> bool:
        """Get a new token and save it, since X accepts each refresh token only once.

        Raises:
            CredentialsError: X does not issue one.
        """
        import tweepy
        from oauthlib.oauth2 import OAuth2Error
        from requests.exceptions import RequestException

        client_id, *secret = self.secrets.values
        handler = tweepy.OAuth2UserHandler(
            client_id=client_id,
            redirect_uri="",
            scope=[],
            client_secret=secret[0] if secret else None,
        )
        self.site.mount(handler)
        try:
            token = handler.refresh_token(
                f"{HOST}/2/oauth2/token",
                refresh_token=self.token.get("refresh_token"),
                auth=handler.auth,
                client_id=client_id,
            )
        except RequestException as error:
            raise request_failed("X", error) from error
        except (OAuth2Error, ValueError) as error:
            raise refused_credentials("X", self.variables, str(error)) from error
        self.token = dict(token)
        write_whole(self.file, json.dumps(self.token).encode())
        set_mode(self.file, file_mode())
        return True

    def _read(self) -> dict[str, Any]:
        try:
            token = json.loads(self.file.read_bytes())
            if isinstance(token, dict) and isinstance(token.get("access_token"), str):
                return token
            reason = "has no access_token"
        except OSError as error:
            reason = error.strerror or "cannot be read"
        except ValueError:
            reason = "is not JSON"
        raise CredentialsError(
            f"{self.file.name}: {reason}",
            hint="authorize the app for the account and save the answer of X in this file",
        )
