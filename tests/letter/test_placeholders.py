"""What a template may do with a subscriber, and the error if it tries more."""

from __future__ import annotations

import jinja2
import pytest
from jinja2.sandbox import ImmutableSandboxedEnvironment

from syndicate.letter import Subscriber
from syndicate.letter.merge import (
    MergeBlock,
    MergeDefault,
    MergeField,
    fill_merge,
    merge_from_json,
    merge_to_json,
)
from syndicate.letter.placeholders import parse_merge, teach_merge_fields

ENV = ImmutableSandboxedEnvironment(autoescape=True, undefined=jinja2.StrictUndefined)
teach_merge_fields(ENV)
ENV.globals["other"] = "Ines"


def render(template: str) -> str:
    return ENV.from_string(template).render()


def test_fields_and_blocks_are_parsed_back() -> None:
    merge = parse_merge(
        render(
            'Dear {{ subscriber.first_name | default("you") | upper }}'
            '{% call subscriber.tagged("a") %}A{% call subscriber.untagged("b") %}'
            "{{ subscriber.x }}{% endcall %}{% endcall %}!"
        )
    )
    assert merge == (
        "Dear ",
        MergeField("first_name", (MergeDefault("you"), "upper")),
        MergeBlock("a", True, ("A", MergeBlock("b", False, (MergeField("x"),)))),
        "!",
    )
    assert merge_from_json(merge_to_json(merge)) == merge
    assert (
        fill_merge(merge, Subscriber(tags=frozenset("a"), fields={"x": "<x>"})) == "Dear YOUA<x>!"
    )
    assert fill_merge(merge, Subscriber(tags=frozenset("ab")), escaped=True) == "Dear YOUA!"


def test_fields_pass_through_macros_and_other_values_are_unchanged() -> None:
    macro = (
        "{% macro b(x) %}<b>{{ x }}</b>{% endmacro %}{{ b(subscriber.name) }}{{ other | upper }}"
    )
    assert fill_merge(
        parse_merge(render(macro)), Subscriber(fields={"name": "&"}), escaped=True
    ) == ("<b>&amp;</b>INES")
    assert render('{{ nothing | default("x") }}{{ "" | d("y", true) }}') == "xy"


@pytest.mark.parametrize(
    "template",
    [
        '{% if "member" in subscriber.tags %}x{% endif %}',
        '{% if subscriber.plan == "gold" %}x{% endif %}',
        "{% if subscriber.plan %}x{% endif %}",
        "{{ subscriber.name | title }}",
        "{{ subscriber.name | length }}",
        "{{ subscriber.name | replace('a', 'b') }}",
        '{{ "Dear " ~ subscriber.name }}',
        '{{ "Dear " + subscriber.name }}',
        "{{ subscriber.name[:1] }}",
        "{{ subscriber.name() }}",
        "{% for x in subscriber.name %}{% endfor %}",
        '{{ subscriber.name | default("<b>" | safe) }}',
        "{{ subscriber.name | default(other | length) }}",
        "{{ subscriber.__class__ }}",
    ],
)
def test_anything_except_printing_is_refused(template: str) -> None:
    with pytest.raises((TypeError, jinja2.TemplateError)):
        assert not parse_merge(ENV.from_string(template).render())


def test_the_error_says_what_to_write() -> None:
    with pytest.raises(TypeError, match=r"subscriber\.tagged"):
        render("{% if subscriber.tags %}{% endif %}")
