"""What the replies of mail servers are about."""

from __future__ import annotations

import pytest

from syndicate.couriers.smtp.replies import DAY, HOUR, subject_of, wait_for

LIMITS = (
    "550 5.4.5 Daily user sending quota exceeded. g12-20020a sm1 - gsmtp",
    "550-5.4.5 Daily user sending limit exceeded.",
    "454 4.7.0 rate limit exceeded",
    "454 Throttling failure: Daily message quota exceeded.",
    "454 Throttling failure: Maximum sending rate exceeded.",
    "450 4.7.1 You have exceeded the number of messages per hour",
    "554 5.7.1 Daily limit reached",
    "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException",
    "452 4.5.3 Too many recipients",
    "451 4.7.1 too many messages, slow down",
    "550 Domain example.org has exceeded the max emails per hour (200/200 (100%)) allowed",
    "550 5.7.232 Your message can't be sent because your tenant exceeded its daily limit",
)
ADDRESSES = (
    "550 5.1.1 nobody of that name",
    "550 no such user here",
    "452 4.2.2 The email account that you tried to reach is over quota",
    "552 5.2.2 mailbox full, quota exceeded",
    "450 4.2.1 The user you are trying to contact is receiving mail at a rate that is too high",
    "553 address not allowed",
)
OTHERS = (
    "550 5.7.1 message refused by policy",
    "552 5.3.4 message size exceeds fixed limit",
    "the mail is too large: 300 bytes, the server takes 100",
    "450 4.7.1 Greylisted, try again in 5 minutes",
    "550 5.1.8 Access denied, bad outbound sender",
    "nonsense",
    "",
)


@pytest.mark.parametrize(
    ("replies", "subject"), [(LIMITS, "limit"), (ADDRESSES, "address"), (OTHERS, "other")]
)
def test_what_a_reply_is_about(replies: tuple[str, ...], subject: str) -> None:
    assert [(one, subject_of(one)) for one in replies] == [(one, subject) for one in replies]


def test_how_long_a_limit_lasts() -> None:
    assert wait_for("450 4.7.1 too many messages in this hour") == HOUR
    assert wait_for("550 5.4.5 Daily user sending quota exceeded.") == DAY
    assert wait_for("554 5.7.1 limit for 24 hours reached") == DAY
