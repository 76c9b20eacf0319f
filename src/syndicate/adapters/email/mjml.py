"""Themes written in MJML: a theme may be `<theme>.mjml.j2` instead of `<theme>.html.j2`."""

from __future__ import annotations

from syndicate.errors import Location, RenderError


def from_mjml(page: str, template: str) -> str:
    """The HTML of `page`, the MJML that `template` produced. Nothing is included or fetched.

    Raises:
        RenderError: `page` is not valid MJML, or mrml is not installed.
    """
    where = Location(f"templates/email/{template}")
    try:
        import mrml
    except ImportError as error:
        hint = 'install it: pip install "syndicate[mjml]"'
        raise RenderError(
            "MJML templates need the package mrml, which is not installed", where=where, hint=hint
        ) from error
    try:
        return str(mrml.to_html(page).content)
    except Exception as error:  # mrml raises its own classes, and OSError for malformed input
        raise RenderError(
            f"the template's output is not valid MJML: {error}", where=where
        ) from error
