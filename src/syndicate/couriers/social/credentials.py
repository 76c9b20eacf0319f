"""The credentials of an account, from environment variables."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cached_property

from syndicate.errors import CredentialsError


class AccountSecrets:
    """Credentials from environment variables.

    Raises:
        CredentialsError: one or more are not set; the message names all of them.
    """

    def __init__(self, platform: str, *variables: str) -> None:
        self.variables = variables
        missing = [name for name in variables if not os.environ.get(name)]
        if missing:
            sets = " ".join(f"{name}=…" for name in missing)
            raise CredentialsError(
                f"the credentials for {platform} are not set: {', '.join(missing)}",
                hint=f"export {sets}",
            )

    @cached_property
    def values(self) -> tuple[str, ...]:
        """The values of the variables, in order."""
        return tuple(os.environ[name] for name in self.variables)


def refused_credentials(platform: str, variables: Iterable[str], reason: str) -> CredentialsError:
    """The error for wrong or revoked credentials; `reason` is the platform's answer."""
    names = ", ".join(variables)
    hint = f"create new credentials in the settings of {platform}, then set {names}"
    return CredentialsError(f"{platform} refused the credentials: {reason}", hint=hint)
