"""Templates that would need hours, or all of a machine's memory."""

HOSTILE = {
    "loop": "{% for i in range(10**9) %}x{% endfor %}",
    "nested loops": (
        "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}"
    ),
    "loops that find nothing": (
        "{% for i in range(100000) %}{% for j in range(100000) if false %}{% endfor %}{% endfor %}"
    ),
    "multiplied text": '{{ "a" * 10**10 }}',
    "multiplied by text": '{{ 10**10 * "a" }}',
    "multiplied list": "{% set x = [0] * 10**10 %}",
    "large list": "{% set ns = namespace(x=[0]) %}{% for i in range(60) %}"
    "{% set ns.x = ns.x + ns.x %}{% endfor %}",
    "doubled text": '{% set ns = namespace(x="a") %}{% for i in range(60) %}'
    "{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
    "added text": '{% set ns = namespace(x="a") %}{% for i in range(60) %}'
    "{% set ns.x = ns.x + ns.x %}{% endfor %}",
    "power": "{{ 10 ** (10 ** 10) }}",
    "squares": "{% set ns = namespace(x=7) %}{% for i in range(60) %}"
    "{% set ns.x = ns.x * ns.x %}{% endfor %}",
    "wide number": '{{ "%1000000000d"|format(1) }}',
    "wide operator": '{{ "%1000000000d" % 1 }}',
    "wide by argument": '{{ "%*d"|format(1000000000, 1) }}',
    "long fraction": '{{ "%.1000000000f" % 1.5 }}',
    "many fields": '{% set x = "a" * 10**6 %}{{ ("%(x)s" * 10**5) % {"x": x} }}',
    "wide format": '{{ "{:1000000000d}".format(1) }}',
    "wide nested format": '{{ "{:{}}".format(1, 1000000000) }}',
    "wide format_map": '{{ "{a:1000000000}".format_map({"a": "a"}) }}',
    "many formatted": '{% set x = "a" * 10**6 %}{{ ("{0}" * 10**5).format(x) }}',
    "recursive macro": "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
    "branching macro": "{% macro m(n) %}{% if n %}{{ m(n-1) }}{{ m(n-1) }}{% endif %}{% endmacro %}"
    "{{ m(60) }}",
    "recursive include": '{% include "page.html.j2" %}',
    "branching include": "{% set n = (n if n is defined else 40) - 1 %}{% if n %}{% include"
    ' "page.html.j2" %}{% include "page.html.j2" %}{% endif %}',
    "recursive loop": "{% for x in [1, 2] recursive %}{{ loop([1, 2]) }}{% endfor %}",
    "recursive block": "{% block a %}{{ self.a() }}{% endblock %}",
    "extends itself": '{% extends "page.html.j2" %}',
    "imports itself": '{% import "page.html.j2" as m %}',
    "join": '{{ (["a" * 10**6] * 100000)|join }}',
    "join separators": '{{ range(100000)|join("a" * 10**6) }}',
    "join attribute": '{{ ([{"a": "a" * 10**6}] * 100000)|join(attribute="a") }}',
    "method join": '{{ ("a" * 10**6).join(["a"] * 100000) }}',
    "indent": '{{ ("a\\n" * 10**6)|indent(10**6) }}',
    "indent by text": '{{ ("a\\n" * 10**6)|indent("a" * 10**6) }}',
    "wordwrap": '{{ ("a" * 10**6)|wordwrap(1) }}',
    "wordwrap with text": '{{ ("a " * 10**5)|wordwrap(2, wrapstring="b" * 10**6) }}',
    "center": '{{ "a"|center(10**10) }}',
    "method center": '{{ "a".center(10**10) }}',
    "zfill": '{{ "1".zfill(10**10) }}',
    "expandtabs": '{{ ("\\t" * 10**6).expandtabs(10**6) }}',
    "replace": '{{ ("a" * 10**6)|replace("a", "b" * 10**6) }}',
    "method replace": '{{ ("a" * 10**6).replace("", "b" * 10**6) }}',
    "translate": '{{ ("a" * 10**6).translate({97: "b" * 10**6}) }}',
    "translate by list": '{{ ("\\0" * 10**6).translate(["b" * 10**6]) }}',
    "names of characters": '{{ ("\\u0360" * 10**7).encode("ascii", "namereplace")|length }}',
    "many times": '{{ now.strftime("%c" * 10**7) }}',
    "wide time": '{{ now.strftime("%100000000d") }}',
    "many formatted times": '{{ ("{:" ~ "%c" * 10**6 ~ "}").format(now) }}',
    "filters of filters": "{% set ns = namespace(x=[1]) %}{% for i in range(40000) %}"
    "{% set ns.x = ns.x|batch(1) %}{% endfor %}{{ ns.x|list }}",
    "to_bytes": '{{ (1).to_bytes(10**10, "big") }}',
    "batch": "{{ [1]|batch(10**9, 0)|list }}",
    "slice": "{{ [1]|slice(10**9)|list }}",
    "round": '{{ 1.5|round(10**9, "ceil") }}',
    "tojson": "{% set ns = namespace(x=[0]) %}{% for i in range(16) %}"
    "{% set ns.x = [ns.x, 1] %}{% endfor %}{{ ns.x|tojson(indent=10**9) }}",
    "sum of lists": "{{ ([[0] * 1000] * 100)|sum(start=[])|length }}"
    "{{ ([[0]] * 99999)|sum(start=[])|length }}{{ ([[0] * 10] * 99999)|sum(start=[]) }}",
    "lists in lists": "{% set ns = namespace(x=[0]) %}{% for i in range(60) %}"
    "{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
    "dictionaries in dictionaries": "{% set ns = namespace(x={}) %}{% for i in range(60) %}"
    "{% set ns.x = {0: ns.x, 1: ns.x} %}{% endfor %}{{ ns.x }}",
    "dict calls": "{% set ns = namespace(x={}) %}{% for i in range(60) %}"
    "{% set ns.x = dict(a=ns.x, b=ns.x) %}{% endfor %}{{ ns.x }}",
    "printed lists": '{% set x = ["a" * 10**6] * 100000 %}{{ x }}',
    "listed lists": '{% set x = ["a" * 10**6] * 100000 %}{{ x|string|upper }}',
    "pprint": '{% set x = ["a" * 10**6] * 1000 %}{{ x|pprint }}',
    "escaped": '{% set x = "<" * 10**6 %}{% for i in range(100000) %}{{ x }}{% endfor %}',
    "captured": '{% set x %}{% for i in range(100000) %}{{ "a" * 10**5 }}{% endfor %}{% endset %}',
    "slices": '{% set x = "a" * 10**6 %}{% for i in range(100000) %}{{ x[1:] }}{% endfor %}',
    "mapped": '{{ range(100000)|map("string")|map("center", 1000)|join }}',
    "mapped often": "{% for i in range(100000) %}{{ range(100000)|map('abs')|sum }}{% endfor %}",
    "selected often": "{% for i in range(100000) %}{{ range(100000)|select('eq', -1)|list }}"
    "{% endfor %}",
    "rejected often": "{% for i in range(100000) %}{{ range(1, 100000)|reject|list }}{% endfor %}",
    "sorted often": "{% for i in range(100000) %}{{ range(100000)|sort }}{% endfor %}",
    "title": '{% for i in range(100000) %}{{ ("a " * 10**5)|title }}{% endfor %}',
    "urlize": '{{ ("http://a.b " * 10**6)|urlize }}',
    "lipsum": "{{ lipsum(n=10**9) }}",
    "cycler": "{% set c = cycler(*range(100000)) %}{% for i in range(100000) %}"
    "{% for j in range(100000) %}{{ c.next() }}{% endfor %}{% endfor %}",
    "compared": "{% set x = [0] * 90000 %}{% set a, b = x + [1], x + [2] %}"
    "{% for i in range(100000) %}{% if a == b %}{% endif %}{% endfor %}",
    "same hash": "{{ {}.fromkeys(range(0, 100000 * (2**61 - 1), 2**61 - 1)) }}",
    "same hash in a dict": "{{ dict(range(0, 90000 * (2**61 - 1), 2**61 - 1)|batch(2)|list) }}",
    "named in an error": '{{ {}[(("a" * 10**6,) * 100000)] }}',
    "module": '{% set x = "a" * 10**6 %}{% macro m() %}{% for i in range(10**5) %}{{ x|safe }}'
    "{% endfor %}{% endmacro %}{{ m() }}",
    "files that are not there": '{% include ["a"] * 100000 %}{% include "page.html.j2" %}',
    "pattern of a date": '{{ now|date(form="d" * 10**7) }}',
    "divided text": '{{ ("a " * 10**7).split() }}',
    "letters": '{{ ("a" * 10**7)|list }}',
    "hexadecimal": '{{ ("f" * 10**6)|int(base=16) }}',
    "deep expression": "{{ " + "(" * 20_000 + "1" + ")" * 20_000 + " }}",
    "long expression": "{{ 1" + "+1" * 20_000 + " }}",
    "deep blocks": "{% if 1 %}" * 2_000 + "{% endif %}" * 2_000,
    "long template": "{{ now }}" * 60_000,
}

SOME = {
    name: HOSTILE[name]
    for name in (
        "loop",
        "nested loops",
        "multiplied text",
        "doubled text",
        "large list",
        "power",
        "squares",
        "wide number",
        "wide format",
        "many fields",
        "recursive macro",
        "branching macro",
        "recursive include",
        "recursive loop",
        "join separators",
        "indent",
        "wordwrap",
        "center",
        "replace",
        "lists in lists",
        "escaped",
        "lipsum",
        "sorted often",
        "deep expression",
    )
}
"""Enough of them for tests that need a while for each."""
FEW = ("nested loops", "multiplied text", "lists in lists", "recursive macro")
