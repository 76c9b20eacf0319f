"""From an exception of the library `requests` to one of ours."""

from __future__ import annotations

from syndicate.errors import DeliveryError, UncertainError


def failed(platform: str, error: Exception) -> DeliveryError:
    """The error for a request that was not answered.

    Only where no connection came about is it certain that nothing has left.
    """
    from requests.exceptions import ConnectionError as NoConnection
    from requests.exceptions import ConnectTimeout
    from urllib3.exceptions import NewConnectionError

    told = f"{platform} cannot be reached"
    if isinstance(error, ConnectTimeout):
        return DeliveryError(told)
    if isinstance(error, NoConnection):
        cause = error.args[0] if error.args else None
        if isinstance(getattr(cause, "reason", None), NewConnectionError):
            return DeliveryError(told)
    return UncertainError(f"{platform} did not answer: {type(error).__name__}")
