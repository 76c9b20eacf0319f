"""Removes what cameras and image editors wrote into a picture file.

The pixels are not touched, so no quality is lost to a second compression.
"""

from __future__ import annotations

import re

# In JPEG's compressed data, 0xFF is followed by 0 or a restart marker; anything else ends the data.
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_SOI, _EOI, _SOS = b"\xff\xd8", 0xD9, 0xDA
# Application data and comments: Exif, XMP, profiles, previews. JFIF's and Adobe's segments are not
# here, because decoding needs them.
_PRIVATE = frozenset({*range(0xE1, 0xEE), 0xEF, 0xFE})
_PNG = b"\x89PNG\r\n\x1a\n"
_CHUNKS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})


def stripped_jpeg(data: bytes) -> bytes | None:
    """The JPEG file `data` (ITU T.81 annex B) up to its end, without private segments.

    None if the file is incomplete.
    """
    if not data.startswith(_SOI):
        return None
    kept, at = [_SOI], 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == _SOS:
            found = _NEXT_MARKER.search(data, end)
            if not found:
                return None
            end = found.start()
        if marker not in _PRIVATE:
            kept.append(data[at:end])
        at = end
        if data[at : at + 2] == bytes((0xFF, _EOI)):
            return b"".join(kept) + data[at : at + 2]
    return None


def stripped_png(data: bytes) -> bytes | None:
    """The PNG file `data` (ISO 15948) up to its end, with only the chunks of the picture itself.

    None if the file is incomplete.
    """
    if not data.startswith(_PNG):
        return None
    kept, at = [_PNG], len(_PNG)
    while at + 12 <= len(data):
        name, end = data[at + 4 : at + 8], at + 12 + int.from_bytes(data[at : at + 4], "big")
        if name in _CHUNKS:
            kept.append(data[at:end])
        if name == b"IEND":
            return b"".join(kept)
        at = end
    return None
