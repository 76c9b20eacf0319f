"""The file as a whole: its metadata, and features that are not allowed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from syndicate.adapters.pdf.preflight.fault import Expected, Fault

_XMP = {
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "pdfxid": "http://www.npes.org/pdfx/ns/id/",
}
_SCREEN = {"pdfaid:part": "3", "pdfaid:conformance": "A", "pdfuaid:part": "1"}
_PRESS = {**_SCREEN, "pdfaid:part": "2", "pdfxid:GTS_PDFXVersion": "PDF/X-4"}
# ISO 15930-7, 6.16 requires all of these.
_NEEDED = ("xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate", "xmpMM:DocumentID")
_NEEDED_FOR_PRESS = ("xmpMM:VersionID", "xmpMM:RenditionClass", "pdf:Trapped")
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DC_TITLE = "{http://purl.org/dc/elements/1.1/}title"


def check_file(pdf: Any, expected: Expected) -> Iterator[Fault]:
    """Faults of the pikepdf document `pdf` itself."""
    if pdf.is_encrypted:
        yield Fault("pdf/encrypted", "the file is encrypted")
    if "/ID" not in pdf.trailer:
        yield Fault("pdf/no-id", "the file has no identifier")
    yield from _description(pdf)
    yield from _metadata(pdf, _PRESS if expected.press else _SCREEN, expected)
    yield from _forbidden(pdf, expected)
    yield from _intents(pdf, expected)
    if expected.press and str(pdf.docinfo.get("/Trapped", "")) not in ("/True", "/False"):
        yield Fault("pdf/trapped", "the file does not say whether it is trapped")


def _description(pdf: Any) -> Iterator[Fault]:
    if not str(pdf.Root.get("/Lang", "")):
        yield Fault("pdf/no-language", "the file does not declare its language")
    if not str(pdf.docinfo.get("/Title", "")):
        yield Fault("pdf/no-title", "the file has no title")
    if not pdf.Root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False):
        yield Fault("pdf/title-hidden", "the title is not set to be displayed")


def _metadata(pdf: Any, claims: dict[str, str], expected: Expected) -> Iterator[Fault]:
    from lxml import etree

    if "/Metadata" not in pdf.Root:
        yield Fault("pdf/no-metadata", "the file has no XMP metadata")
        return
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        xmp = etree.fromstring(pdf.Root.Metadata.read_bytes(), parser)
    except etree.XMLSyntaxError as error:
        yield Fault("pdf/no-metadata", f"the XMP metadata is not XML: {error}")
        return
    for name, value in claims.items():
        if _value(xmp, name) != value:
            yield Fault("pdf/claim", f"the XMP metadata does not claim {name} {value}")
    for name in (*_NEEDED, *(_NEEDED_FOR_PRESS if expected.press else ())):
        if not _value(xmp, name):
            yield Fault("pdf/metadata-incomplete", f"the XMP metadata lacks {name}")
    title = xmp.find(f".//{_DC_TITLE}/{_RDF}Alt/{_RDF}li")
    if title is None or title.text != str(pdf.docinfo.get("/Title", "")):
        message = "the title in the XMP metadata differs from the one in the document information"
        yield Fault("pdf/metadata-differs", message)


def _value(xmp: Any, name: str) -> str | None:
    prefix, local = name.split(":")
    tag = f"{{{_XMP[prefix]}}}{local}"
    element = xmp.find(f".//{tag}")
    if element is not None:
        return str(element.text or "")
    holder = next(xmp.iterfind(f".//{_RDF}Description[@{tag}]"), None)
    return None if holder is None else str(holder.get(tag))


def _forbidden(pdf: Any, expected: Expected) -> Iterator[Fault]:
    """Features that act or hide (ISO 19005-2, 6.5 and ISO 15930-7, 6.17 to 6.22)."""
    root, names = pdf.Root, pdf.Root.get("/Names", {})
    if "/OpenAction" in root or "/AA" in root or "/JavaScript" in names:
        yield Fault("pdf/action", "the file runs actions or scripts")
    if "/AcroForm" in root:
        yield Fault("pdf/form", "the file contains a form")
    if "/OCProperties" in root:
        yield Fault("pdf/layers", "the file has layers that can be switched off")
    if "/EmbeddedFiles" in names and expected.press:
        yield Fault("pdf/attachment", "the file has attachments")
    if any("/LZWDecode" in str(_filters(thing)) for thing in pdf.objects):
        yield Fault("pdf/lzw", "a stream is compressed with LZW")


def _filters(thing: Any) -> Any:
    import pikepdf

    return thing.get("/Filter", "") if isinstance(thing, pikepdf.Stream) else ""


def _intents(pdf: Any, expected: Expected) -> Iterator[Fault]:
    intents = {str(intent.get("/S", "")): intent for intent in pdf.Root.get("/OutputIntents", [])}
    wanted = ("/GTS_PDFX", "/GTS_PDFA1") if expected.press else ("/GTS_PDFA1",)
    profiles = []
    for kind in wanted:
        intent = intents.get(kind)
        if intent is None:
            yield Fault("pdf/no-intent", f"the file has no output intent {kind[1:]}")
            continue
        if not str(intent.get("/OutputConditionIdentifier", "")):
            message = f"output intent {kind[1:]} has no printing condition"
            yield Fault("pdf/no-condition", message)
        profile = intent.get("/DestOutputProfile")
        if profile is None:
            yield Fault("pdf/no-profile", f"output intent {kind[1:]} has no ICC profile")
            continue
        profiles.append(profile.objgen)
        header = profile.read_bytes()[:40]
        if expected.press and (int(profile.get("/N", 0)) != 4 or header[12:20] != b"prtrCMYK"):
            message = f"the profile of {kind[1:]} is not a CMYK output profile"
            yield Fault("pdf/profile-not-cmyk", message)
    if len(set(profiles)) > 1:  # ISO 19005-2, 6.2.3
        yield Fault("pdf/profiles-differ", "the output intents refer to different profiles")
