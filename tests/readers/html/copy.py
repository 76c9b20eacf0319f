"""Sentences from an article, for test pages."""

from __future__ import annotations

SENTENCES = (
    "The night ferry left the eastern quay at four minutes past nine, and nobody missed it.",
    "Harbour pilots had spent the afternoon reading the gauge, which showed too little water.",
    "By midnight the wind had turned, the tide with it, and the crew put the kettle on again.",
    "Passengers said afterwards that they had noticed nothing, which is how pilots prefer it.",
)
BODY = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
