"""Which articles of a channel need no look at all: nothing about them has changed, and what was
made of them is where it belongs."""

from __future__ import annotations

from syndicate.couriers import Observes
from syndicate.engine.content.cache import KeptInputs
from syndicate.engine.planning.input_digests import same_inputs
from syndicate.engine.planning.plan_inputs import PlanInputs
from syndicate.newsroom.channel import Channel


def at_rest(plan_inputs: PlanInputs, channel: Channel) -> frozenset[str]:
    """The ids of the articles whose rendering in `channel` needs no look: it was made from what it
    would be made from now, is delivered, and stands at its destination if that can be seen.

    Where people decide what may leave, each is looked at. What was found at rest before still is,
    unless the article, or anything outside of `content/`, has changed since.
    """
    if channel.review:
        return frozenset()
    cache, shape = plan_inputs.summaries.cache, str(plan_inputs.newsroom.shape(channel))
    observers = [one.exists for one in channel.couriers.values() if isinstance(one, Observes)]
    resting, keys = frozenset[str](), None
    if plan_inputs.only_content_changed:
        resting = cache.at_rest(channel.name, shape, True)
        keys = cache.at_rest(channel.name, shape, False)
    seen: dict[str, KeptInputs] = {}
    restless = set(plan_inputs.view.undelivered(channel.name))
    for page in plan_inputs.view.rendered(channel.name, keys):
        inputs = cache.inputs_of(channel.name, shape, {row[0] for row in page})
        seen |= inputs
        for key, before, name, size, draft in page:
            now = inputs[key].text if key in inputs else None
            is_at_rest = not draft and (now == before or same_inputs(now, before))
            for exists in observers:
                is_at_rest = is_at_rest and (not name or exists(name, size))
            if not is_at_rest:
                restless.add(key)
    for rests in (True, False):
        changed = (
            (key, one.text)
            for key, one in seen.items()
            if one.rests != rests and (key not in restless) == rests
        )
        cache.note_at_rest(channel.name, changed, rests)
    return (resting | seen.keys()) - restless
