"""Caches in front of a destination, such as a CDN, are told what has changed."""

from __future__ import annotations

import json
import os
import re
import subprocess
from abc import ABC
from pathlib import Path
from urllib.parse import quote, urlsplit

from pydantic import Field, field_validator

from syndicate.couriers.contract import Courier
from syndicate.errors import CredentialsError, DeliveryError

_REQUEST = re.compile(r"(?:(PURGE|POST)\s+)?(\S+)")
_TIMEOUT = 30  # seconds, for a request or a command
_NOT_CACHED = (404, 410)  # what caches answer to PURGE if they do not have it


class PurgingCourier(Courier, ABC):
    """A courier for files that people fetch through a cache, such as a CDN.

    `purge` tells the cache that a file was replaced or removed: a request ("PURGE {url}" or
    "POST https://cdn.example/purge?url={url}", with `purge_body` if it needs one), or a command as
    a list of arguments (["varnishadm", "ban", "req.url == {path}"]). In all of them `{url}` is the
    public address and `{path}` its path. `purge_headers` names, for each header of the request, the
    environment variable with its value.
    """

    purge: str | tuple[str, ...] = ()
    purge_body: str = ""
    purge_headers: dict[str, str] = Field(default_factory=dict)

    @field_validator("purge")
    @classmethod
    def _is_request_or_command(cls, purge: str | tuple[str, ...]) -> str | tuple[str, ...]:
        if not isinstance(purge, str):
            return purge
        found = _REQUEST.fullmatch(purge.strip())
        if not found or not found[2].startswith(("http://", "https://", "{url}")):
            raise ValueError(
                'a request such as "PURGE {url}" or "POST https://…", or a list of a command and'
                " its arguments"
            )
        return purge.strip()

    @property
    def has_cache(self) -> bool:
        """Whether there is a cache to be told."""
        return bool(self.purge)

    def purge_cache(self, url: str, folder: Path) -> None:
        """Let the cache forget `url`. Doing so twice does no harm.

        Args:
            folder: where a command is run.

        Raises:
            DeliveryError: the cache may still have it.
        """
        if isinstance(self.purge, str):
            self._request(url, self.purge)
        else:
            _run([_filled(part, url) for part in self.purge], url, folder)

    def _request(self, url: str, template: str) -> None:
        found = _REQUEST.fullmatch(template)
        assert found
        method, target = found[1] or "PURGE", found[2]
        before, mark, query = target.partition("?")
        address = _filled(before, url) + mark + _filled(query, quote(url, safe=""))
        body = _filled(self.purge_body, json.dumps(url)[1:-1]).encode() if self.purge_body else None
        headers = {"User-Agent": "Syndicate", **self._credentials()}
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
        elif method == "POST":
            body = b""
        import requests

        cache = urlsplit(address).netloc
        try:  # without following redirects: credentials only go to the cache that is named
            answer = requests.request(
                method,
                address,
                data=body,
                headers=headers,
                timeout=_TIMEOUT,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise DeliveryError(f"{cache} cannot be reached: {error}") from error
        if answer.status_code < 300 or (method == "PURGE" and answer.status_code in _NOT_CACHED):
            return
        raise DeliveryError(
            f"{cache} answered {answer.status_code} {answer.reason} to {method} {url}"
        )

    def _credentials(self) -> dict[str, str]:
        missing = sorted(name for name in self.purge_headers.values() if name not in os.environ)
        if missing:
            raise CredentialsError(
                f"the credentials for purging are not set: {', '.join(missing)}",
                hint=f"export {' '.join(f'{name}=…' for name in missing)}",
            )
        return {header: os.environ[name] for header, name in self.purge_headers.items()}


def _filled(template: str, url: str) -> str:
    path = urlsplit(url).path or "/"
    return template.replace("{url}", url).replace("{path}", path)


def _run(command: list[str], url: str, folder: Path) -> None:
    try:
        done = subprocess.run(
            command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=_TIMEOUT
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        reason = getattr(error, "strerror", None) or "did not end in time"
        raise DeliveryError(f"{command[0]}: {reason}") from error
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines() or [""]
        raise DeliveryError(f"{command[0]} ended with {done.returncode} for {url}: {lines[-1]}")
