"""Preflight: checks that a PDF is fit for a printing house and for screen readers.

There is no free PDF/X validator, so the rules of ISO 15930-7 (PDF/X-4) are implemented here, with
those of ISO 14289-1 (PDF/UA-1) and ISO 19005-2 and -3 (PDF/A-2a, -3a) that our pages could break.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from syndicate.adapters.pdf.preflight import colour, file, fonts, pages, pictures, tags
from syndicate.adapters.pdf.preflight.fault import Expected, Fault
from syndicate.adapters.pdf.preflight.scan import scan_page
from syndicate.errors import Location
from syndicate.findings import Finding

__all__ = ["Expected", "Fault", "preflight"]

_HINTS = {
    "pdf/rgb-paint": "write every colour in templates/pdf/ as device-cmyk() or var(--…)",
    "pdf/ink-limit": "use an ICC profile with less ink, a lighter colour, or a higher ink_limit",
    "pdf/rich-black": "set text in device-cmyk(0 0 0 1)",
    "pdf/low-resolution": "put a larger picture into content/, or print it at a smaller size",
    "pdf/no-alt": "give the picture an alt text or a caption",
}


def preflight(
    content: bytes, expected: Expected, name: str, article: str | None = None
) -> Iterator[Finding]:
    """The problems of the PDF `content`, those of the whole file first, then those of its pages.

    `name` is the artifact's name and `article` the id of its article, if it has only one. An error
    means that the file must not be published.
    """
    for fault in dict.fromkeys(_faults(content, expected)):
        place = f"page {fault.page}: " if fault.page else ""
        yield Finding(
            rule=fault.rule,
            severity=fault.severity,
            message=place + fault.message,
            where=Location(name),
            article=article,
            hint=_HINTS.get(fault.rule),
        )


def _faults(content: bytes, expected: Expected) -> Iterator[Fault]:
    import pikepdf

    try:
        pdf = pikepdf.open(io.BytesIO(content))
    except pikepdf.PasswordError:
        yield Fault("pdf/encrypted", "the file is encrypted")
        return
    except pikepdf.PdfError as error:
        yield Fault("pdf/unreadable", f"the file is not a PDF: {error}")
        return
    with pdf:
        yield from file.check_file(pdf, expected)
        scanned = [scan_page(page) for page in pdf.pages]
        yield from tags.check_tags(pdf, scanned)
        for number, (page, seen) in enumerate(zip(pdf.pages, scanned, strict=True), 1):
            yield from pages.check_page(page, number, expected)
            yield from fonts.check_fonts(seen, number)
            yield from pictures.check_pictures(seen, number, expected)
            if expected.press:
                yield from colour.check_colour(page, seen, number, expected)
