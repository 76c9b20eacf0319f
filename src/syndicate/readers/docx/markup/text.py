"""Runs and paragraphs: drop caps, breaks, writing directions, equations, styles of letters."""

from __future__ import annotations

from typing import Any

from syndicate.readers.copy import Copy, shortened
from syndicate.readers.docx.markup.hidden import Styles
from syndicate.readers.docx.markup.names import MATH, W, text_run, under, unwrapped

_LETTERS = ("b", "i", "strike", "vertAlign")


def settle_text(root: Any, styles: Styles, copy: Copy) -> None:
    """Put plainly what mammoth passes over in paragraphs."""
    for wrapper in under(root, f"{W}dir", f"{W}bdo", f"{W}rubyBase"):
        unwrapped(wrapper)
    for ruby in under(root, f"{W}ruby"):
        _settle_ruby(ruby)
    for wide in under(root, f"{W}cr", f"{W}ptab"):
        if wide.tag == f"{W}ptab":
            wide.tag = f"{W}tab"
        else:
            wide.tag = f"{W}br"
            wide.set(f"{W}type", "column")
    for equation in under(root, f"{MATH}oMath"):
        signs = "".join(equation.itertext(f"{MATH}t", f"{W}t"))
        copy.guessed(f"the equation {shortened(signs)!r}, written on one line")
        equation.getparent().replace(equation, text_run(signs))
    for equation in under(root, f"{MATH}oMathPara"):
        unwrapped(equation)
    for style in under(root, f"{W}rStyle"):
        _settle_letters(style, styles)
    for struck in under(root, f"{W}dstrike"):
        struck.tag = f"{W}strike"
    for frame in under(root, f"{W}framePr"):
        if frame.get(f"{W}dropCap") in ("drop", "margin"):
            _join(frame.getparent().getparent())
    for chunk in under(root, f"{W}altChunk", f"{W}contentPart"):
        copy.left_out("something embedded from another program")
        chunk.getparent().remove(chunk)


def _settle_ruby(ruby: Any) -> None:
    """The characters of `ruby` without those that tell how they are said. They are in a run,
    and runs of their own inside it."""
    for said in ruby.findall(f"{W}rt") + ruby.findall(f"{W}rubyPr"):
        ruby.remove(said)
    text = "".join(ruby.itertext(f"{W}t"))
    plain = ruby.makeelement(f"{W}t")
    plain.text = text
    ruby.getparent().replace(ruby, plain)


def _settle_letters(style: Any, styles: Styles) -> None:
    """State at the run how the style of its letters sets them."""
    properties = style.getparent()
    if properties.tag != f"{W}rPr":
        return
    for name in _LETTERS:
        stated = styles.says(style.get(f"{W}val"), f"w:rPr/w:{name}")
        if stated is not None and properties.find(f"{W}{name}") is None:
            own = properties.makeelement(f"{W}{name}", dict(stated.attrib))
            properties.append(own)


def _join(drop: Any) -> None:
    """Put the letters of a drop cap, which Word keeps as a paragraph, before the next one's."""
    following = drop.getnext()
    if following is None or following.tag != f"{W}p":
        return
    at = 1 if following.find(f"{W}pPr") is not None else 0
    for run in drop.findall(f"{W}r"):
        for properties in run.findall(f"{W}rPr"):
            run.remove(properties)
        following.insert(at, run)
        at += 1
    drop.getparent().remove(drop)
