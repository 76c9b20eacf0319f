"""A template that does too much is stopped, with its file and line; others are not hindered."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from syndicate.article import Article
from syndicate.errors import RenderError
from syndicate.kit import Kit, allowance
from syndicate.newsroom.starter import starter
from tests.articles import article, para
from tests.hostile_templates import HOSTILE

GIVEN: dict[str, Any] = {"now": date(2026, 1, 1)}


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    return Kit((tmp_path, starter() / "templates"), tmp_path)


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Less than templates have, so that the slow ones do not take seconds."""
    monkeypatch.setattr(allowance, "STEPS", 50_000)
    monkeypatch.setattr(allowance, "SECONDS", 0.1)


def rendered(kit: Kit, text: str, name: str = "page", **given: Any) -> str:
    (kit.folders[0] / f"{name}.html.j2").write_text(text)
    return kit.render(f"{name}.html.j2", **GIVEN, **given)


@pytest.mark.usefixtures("little")
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_does_too_much_is_stopped_where_it_does_it(kit: Kit, text: str) -> None:
    with pytest.raises(RenderError, match=r"^templates/page\.html\.j2(:1)?: ") as raised:
        rendered(kit, text)
    assert len(str(raised.value)) < 700
    assert rendered(kit, "{% for i in range(9000) %}x{% endfor %}", "next") == "x" * 9000


def test_the_line_is_that_of_the_loop(kit: Kit) -> None:
    with pytest.raises(RenderError, match=r"page\.html\.j2:3: stopped: it makes .* text") as raised:
        rendered(kit, 'a\nb\n{{ "a" * 10**10 }}\nc\n')
    assert "very long texts" in str(raised.value.hint)


@pytest.mark.usefixtures("little")
def test_macros_of_an_article_and_patterns_are_bounded_as_well(kit: Kit) -> None:
    loop = HOSTILE["nested loops"]
    macro = f"{{% macro paragraph(block) %}}\n{loop}{{% endmacro %}}"
    (kit.folders[0] / "blocks.html.j2").write_text(macro)
    with pytest.raises(RenderError, match=r"blocks\.html\.j2:2: stopped: it takes more than"):
        kit.body(article(body=(para("wind"),)))
    with pytest.raises(RenderError, match="more than 50,000 steps"):
        kit.fill(loop)
    with pytest.raises(RenderError, match="characters of text") as raised:
        kit.fill('{{ "a" * 10**9 }}' + "a" * 10_000)
    assert len(str(raised.value)) < 1200


@pytest.mark.usefixtures("little")
def test_each_thread_has_an_allowance_and_what_a_template_calls_shares_it(kit: Kit) -> None:
    loop = "{% for i in range(30000) %}x{% endfor %}"

    def elsewhere() -> str:
        with ThreadPoolExecutor() as threads:
            return threads.submit(kit.fill, loop).result()

    assert rendered(kit, "{{ call() }}" + loop, "apart", call=elsewhere) == "x" * 60_000
    with pytest.raises(RenderError, match="more than 50,000 steps"):
        rendered(kit, "{{ call() }}" + loop, "within", call=lambda: kit.fill(loop))


USUAL: dict[str, str] = {
    '{{ "%-5s|%05.1f|%s" % ("a", 2.25, "b") }}': "a    |002.2|b",
    '{{ "%(a)s" % {"a": 1} }} {{ 7 % 4 }}': "1 3",
    '{{ "%s of %d"|format("a", 3) }}': "a of 3",
    '{{ "{:>5}{!r}{a}".format("x", "y", a=1) }} {{ "{a[0]}".format_map({"a": [1]}) }}': (
        "    x&#39;y&#39;1 1"
    ),
    "{{ 3 * 'ab' }}{{ [1] * 2 + [3] }}{{ 2 ** 10 }}{{ 1.5 * 2 }}": "ababab[1, 1, 3]10243.0",
    "{{ [1, 'a', none]|join(', ') }} {{ [{'a': 1}, {'a': 2}]|join('-', attribute='a') }}": (
        "1, a, None 1-2"
    ),
    "{{ ['<', '>'|safe]|join('&') }}": "&lt;&amp;>",
    "{{ [1, 2]|sum }} {{ [[1], [2]]|sum(start=[]) }} {{ [{'a': 1}]|sum('a', 2) }}": "3 [1, 2] 3",
    "{% set ns = namespace(n=0) %}{% for i in range(3) %}{% set ns.n = ns.n + i %}{% endfor %}"
    "{{ ns.n }}": "3",
    "{% for a, b in {'x': 1}|dictsort %}{{ a ~ b ~ '<' }}{% endfor %}": "x1&lt;",
    "{% for i in [1, 2, 3] if i > 1 %}{{ loop.index }}/{{ loop.length }} {% else %}-{% endfor %}": (
        "1/2 2/2 "
    ),
    "{% for x in [[[]], []] recursive %}({{ loop(x) }}){% endfor %}": "(())()",
    "{{ (1, 2, 3)[1:] }}{{ 'abc'[::-1] }}{{ dict(a=1).a }}": "(2, 3)cba1",
    "{{ range(4)|batch(3, 0)|list }} {{ range(3)|map('string')|list|length }}": (
        "[[0, 1, 2], [3, 0, 0]] 3"
    ),
    "{{ 'a b'|indent(2, true) }}|{{ 'a b'|center(5) }}|{{ 'a\nb'|replace('\n', '-') }}": (
        "  a b| a b |a-b"
    ),
    "{{ {'a': [1, '<']}|tojson }} {{ {'a': 1}|xmlattr }}": r'{"a": [1, "\u003c"]}  a="1"',
    "{{ 1 < 2 < 3 }} {{ 'a' in ['a'] }} {{ 1.25|round(1) }}": "True True 1.2",
    "{% if false %}a{% elif 1 %}b{% else %}c{% endif %}{% set x %}<{% endset %}{{ x }}": "b<",
    "{{ lipsum(n=1, html=false, min=3, max=5)|length > 5 }}{{ cycler(1, 2).next() }}": "True1",
}


@pytest.mark.parametrize(("text", "shown"), USUAL.items())
def test_what_templates_usually_do_works_as_before(kit: Kit, text: str, shown: str) -> None:
    assert rendered(kit, text) == shown


def test_a_long_page_has_room(kit: Kit) -> None:
    long: Article = article(body=tuple(para("wind and rain " * 20) for _ in range(2000)))
    page = "{% for i in range(5) %}{{ body|safe }}{% endfor %}"
    assert len(rendered(kit, page, body=kit.body(long))) > 2_500_000
