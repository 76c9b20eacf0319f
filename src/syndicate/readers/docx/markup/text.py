"""Runs and paragraphs: drop caps, breaks, writing directions, equations, styles of letters."""

from __future__ import annotations

from syndicate.readers.docx.markup.hidden import DocxStyles
from syndicate.readers.docx.markup.names import MATH, DocxElement, W, text_run, under, unwrapped
from syndicate.readers.reader_state import ReaderState, shortened_for_note

_LETTERS = ("b", "i", "strike", "vertAlign")


def settle_text(root: DocxElement, styles: DocxStyles, state: ReaderState) -> None:
    """Simplify what mammoth ignores in paragraphs."""
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
        state.guessed(f"the equation {shortened_for_note(signs)!r}, put on one line")
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
        state.left_out("an object embedded from another program")
        chunk.getparent().remove(chunk)


def _settle_ruby(ruby: DocxElement) -> None:
    """Replace `ruby` by its characters, without their pronunciation. Word puts it into a run, with
    more runs inside it."""
    for said in ruby.findall(f"{W}rt") + ruby.findall(f"{W}rubyPr"):
        ruby.remove(said)
    text = "".join(ruby.itertext(f"{W}t"))
    plain = ruby.makeelement(f"{W}t")
    plain.text = text
    ruby.getparent().replace(ruby, plain)


def _settle_letters(style: DocxElement, styles: DocxStyles) -> None:
    """Write the effects of a run's character style into the run itself."""
    properties = style.getparent()
    if properties.tag != f"{W}rPr":
        return
    for name in _LETTERS:
        stated = styles.says(style.get(f"{W}val"), f"w:rPr/w:{name}")
        if stated is not None and properties.find(f"{W}{name}") is None:
            own = properties.makeelement(f"{W}{name}", dict(stated.attrib))
            properties.append(own)


def _join(drop: DocxElement) -> None:
    """Move the letters of a drop cap, a paragraph of its own in Word, into the next paragraph."""
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
