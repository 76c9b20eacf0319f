"""Fields (ECMA-376 part 1, 17.16): their results become text, and links stay links."""

from __future__ import annotations

import re

from syndicate.readers.docx.markup.names import DocxElement, W, under, unwrapped

_LINK = re.compile(r"\s*HYPERLINK\b(?P<rest>.*)", re.DOTALL | re.IGNORECASE)
_PART = re.compile(r'\\(?P<switch>[a-z])|"(?P<quoted>(?:\\.|[^"\\])*)"|(?P<bare>[^\s"\\]\S*)', re.I)
_WITH_VALUE = "lot"
"""The switches of HYPERLINK that take a value."""


def settle_fields(root: DocxElement) -> None:
    """Turn `fldSimple` elements that are links into fields of several runs, and others into text;
    reduce the instructions of links to the address."""
    for field in under(root, f"{W}fldSimple"):
        if instruction := _instruction(field.get(f"{W}instr", "")):
            field.insert(0, _mark("begin"))
            field.insert(1, _instruct(instruction))
            field.insert(2, _mark("separate"))
            field.append(_mark("end"))
        unwrapped(field)
    instructions: list[list[DocxElement]] = []
    for element in under(root, f"{W}fldChar", f"{W}instrText"):
        kind = element.get(f"{W}fldCharType")
        if kind == "begin":
            instructions.append([])
        elif kind is None and instructions:
            instructions[-1].append(element)
        elif kind in ("separate", "end") and instructions:
            _shorten(instructions[-1])
            instructions[-1] = []
            if kind == "end":
                instructions.pop()


def _shorten(parts: list[DocxElement]) -> None:
    instruction = _instruction("".join(part.text or "" for part in parts))
    if instruction:
        for part in parts:
            part.text = ""
        parts[0].text = instruction


def _instruction(written: str) -> str | None:
    """The instruction of a link in the form that mammoth reads; None for other fields."""
    found = _LINK.match(written)
    if not found:
        return None
    address = place = ""
    switch = ""
    for part in _PART.finditer(found["rest"]):
        if part["switch"]:
            switch = part["switch"].lower()
            continue
        value = re.sub(r"\\(.)", r"\1", part["quoted"]) if part["quoted"] else part["bare"] or ""
        if switch == "l":
            place = value
        elif switch not in _WITH_VALUE or not switch:
            address = address or value
        switch = ""
    if address:
        address = address.partition("#")[0] + f"#{place}" if place else address
        return f'HYPERLINK "{address.replace(chr(34), "%22")}"'
    return f'HYPERLINK \\l "{place}"' if place else None


def _mark(kind: str) -> DocxElement:
    from lxml import etree

    run = etree.Element(f"{W}r")
    etree.SubElement(run, f"{W}fldChar").set(f"{W}fldCharType", kind)
    return run


def _instruct(instruction: str) -> DocxElement:
    from lxml import etree

    run = etree.Element(f"{W}r")
    etree.SubElement(run, f"{W}instrText").text = instruction
    return run
