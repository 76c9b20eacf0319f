"""A mail that is made once and addressed many times: merge fields, bytes for each, DKIM."""

from syndicate.letter.letter import MEDIA_TYPE, Enclosure, Letter
from syndicate.letter.subscriber import Subscriber

__all__ = ["MEDIA_TYPE", "Enclosure", "Letter", "Subscriber"]
