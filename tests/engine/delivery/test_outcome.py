"""What a run ends with follows from its errors."""

from __future__ import annotations

import pytest

from syndicate.engine.delivery.outcome import Outcome
from syndicate.errors import CredentialsError, DeliveryError, Exit, SyndicateError


@pytest.mark.parametrize(
    ("errors", "code"),
    [
        ([], Exit.DONE),
        ([DeliveryError("no")], Exit.PARTLY),
        ([CredentialsError("no key")], Exit.CREDENTIALS),
        ([CredentialsError("no key"), DeliveryError("no")], Exit.PARTLY),
    ],
)
def test_the_exit_code(errors: list[SyndicateError], code: Exit) -> None:
    assert Outcome(errors=errors).exit is code
