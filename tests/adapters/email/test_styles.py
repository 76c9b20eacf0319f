"""Styles are put where mail clients look for them, and nowhere else."""

from __future__ import annotations

from pathlib import Path

from syndicate.adapters.email.styles import inline_mail_styles

PAGE = '<!DOCTYPE html><html><head></head><body><p class="a">x &lt;b&gt;</p></body></html>'


def test_rules_become_attributes_and_unused_ones_are_left_out() -> None:
    html = inline_mail_styles(
        PAGE, "p{margin:0}.a{color:#111111}.gone{color:#222222}.gone p,.a{top:0}"
    )
    assert '<p class="a" style="margin:0;color:#111111;top:0">' in html
    assert "222222" not in html and "<style>" not in html


def test_rules_that_cannot_be_inlined_stay_in_the_head() -> None:
    sheet = (
        "@media (prefers-color-scheme:dark){.a{color:#333333}.gone{color:#222222}}"
        "[data-ogsc] .a{color:#444444}.a:hover{top:1px}.a::first-letter{top:2px}"
    )
    head, _, page = inline_mail_styles(PAGE, sheet).partition("</head>")
    media, hooks = head.split("</style><style>")
    assert "@media (prefers-color-scheme:dark){.a{color:#333333}}" in media
    assert "[data-ogsc] .a{color:#444444}" in hooks
    assert ".a:hover" in hooks and ".a::first-letter" in hooks
    assert "222222" not in head and "style=" not in page


def test_angle_brackets_are_escaped_in_attributes_too() -> None:
    html = inline_mail_styles('<html><head></head><body><img alt="&lt;b&gt;"></body></html>', "")
    assert '<img alt="&lt;b&gt;">' in html


def test_no_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "x.css").write_text("p{color:#555555}")
    link = f'<link rel="stylesheet" href="file://{tmp_path}/x.css">'
    assert "555555" not in inline_mail_styles(PAGE.replace("</head>", f"{link}</head>"), "")
