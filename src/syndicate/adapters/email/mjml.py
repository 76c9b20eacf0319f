"""MJML for designers who know it: a theme may be `<theme>.mjml.j2` instead of `.html.j2`."""

from __future__ import annotations

from syndicate.errors import Location, RenderError


def from_mjml(page: str, template: str) -> str:
    """`page`, the MJML that `template` made, as HTML. Nothing is included or fetched.

    Raises:
        RenderError: it is no MJML, or mrml is not installed.
    """
    where = Location(f"templates/email/{template}")
    try:
        import mrml
    except ImportError as error:
        hint = 'install it: pip install "syndicate[mjml]"'
        raise RenderError("MJML needs mrml", where=where, hint=hint) from error
    try:
        return str(mrml.to_html(page).content)
    except Exception as error:  # mrml raises its own kinds, and OSError for malformed input
        raise RenderError(f"this is no MJML: {error}", where=where) from error
