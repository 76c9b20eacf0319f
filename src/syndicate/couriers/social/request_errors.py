"""Turns exceptions of the library `requests` into delivery errors."""

from __future__ import annotations

from syndicate.errors import DeliveryError, UncertainError


def request_failed(platform: str, error: Exception) -> DeliveryError:
    """The error for a request that got no answer.

    Only if no connection was made is it certain that nothing was sent; otherwise the result is
    uncertain.
    """
    from requests.exceptions import ConnectionError as NoConnection
    from requests.exceptions import ConnectTimeout
    from urllib3.exceptions import NewConnectionError

    unreachable = DeliveryError(f"{platform} cannot be reached")
    if isinstance(error, ConnectTimeout):
        return unreachable
    if isinstance(error, NoConnection):
        cause = error.args[0] if error.args else None
        if isinstance(getattr(cause, "reason", None), NewConnectionError):
            return unreachable
    return UncertainError(f"{platform} did not answer: {type(error).__name__}")
