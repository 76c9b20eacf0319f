"""Why what was rendered may not leave."""

from __future__ import annotations

from syndicate.engine.planning.plan import Step
from syndicate.engine.rendering.rendered import Rendered
from syndicate.errors import Problems, RenderError, SyndicateError
from syndicate.findings import Finding
from syndicate.kit import Loss


def refusal(rendered: Rendered, strict: bool) -> SyndicateError | None:
    """Why what was rendered may not leave: errors that its adapter found, and, with `strict`,
    warnings and losses too."""
    found = [one for one in rendered.findings if refuses(one, strict)]
    reasons = [
        RenderError(f"{one.message} [{one.rule}]", where=one.where, hint=one.hint) for one in found
    ]
    if strict:
        reasons += [_as_error(loss) for loss in rendered.losses]
    return Problems(reasons) if len(reasons) > 1 else next(iter(reasons), None)


def refuses(finding: Finding, strict: bool) -> bool:
    """Whether `finding` keeps a rendering back."""
    return strict or finding.severity == "error"


def _as_error(loss: Loss) -> RenderError:
    return RenderError(
        f"{loss.block} of {loss.article}: {loss.reason}", hint="publish without --strict"
    )


def with_place(error: SyndicateError, step: Step) -> SyndicateError:
    """`error` with the channel and the rendering that it stopped."""
    if isinstance(error, Problems):
        return Problems(with_place(one, step) for one in error.errors)
    message = f"{step.channel}: {step.label}: {error.message}"
    return error.saying(message, error.hint)
