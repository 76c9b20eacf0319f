"""A mail that is made once and sent to many: merge fields, a message for each recipient, DKIM."""

from syndicate.letter.letter import MEDIA_TYPE, Enclosure, Letter
from syndicate.letter.subscriber import Subscriber

__all__ = ["MEDIA_TYPE", "Enclosure", "Letter", "Subscriber"]
