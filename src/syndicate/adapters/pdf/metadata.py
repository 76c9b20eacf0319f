"""The metadata of a PDF, written twice: to its information dictionary and as XMP."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from syndicate import __version__
from syndicate.adapters.edition import Edition
from syndicate.article import Article
from syndicate.article.publication import Publication

_TOOL = f"Syndicate {__version__}"
# ISO 19005-3 (PDF/A-3a) and ISO 14289-1 (PDF/UA-1)
_CLAIMS = """<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>"""
# ISO 19005-2 (PDF/A-2a), ISO 14289-1 (PDF/UA-1) and ISO 15930-7 (PDF/X-4)
_PRESS_CLAIMS = """<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>"""


@dataclass(frozen=True)
class PDFMetadata:
    """A document's title, authors and dates; its ids are derived from `identity`."""

    identity: str
    title: str
    language: str
    created: datetime
    modified: datetime
    authors: tuple[str, ...] = ()
    description: str = ""
    keywords: tuple[str, ...] = ()
    rights: str = ""
    revision: int = 1


def pdf_metadata_of_article(article: Article, publication: Publication) -> PDFMetadata:
    """The metadata for the PDF of one article."""
    return PDFMetadata(
        identity=article.id,
        title=article.title,
        language=article.language,
        created=article.published,
        modified=article.updated,
        authors=tuple(author.name for author in article.authors),
        description=article.summary or article.subtitle or "",
        keywords=tuple(tag.name for tag in article.tags),
        rights=article.credit.copyright_notice or publication.copyright or "",
        revision=article.revision,
    )


def pdf_metadata_of_edition(edition: Edition, name: str, number: str) -> PDFMetadata:
    """The metadata for the PDF `name` of a whole edition; `number` is added to the title."""
    publication = edition.publication
    return PDFMetadata(
        identity=edition.url_of(name),
        title=f"{publication.title}, {number}",
        language=publication.language,
        created=edition.date,
        modified=max((article.updated for article in edition.articles), default=edition.date),
        authors=(publication.publisher or publication.title,),
        description=publication.description or "",
        rights=publication.copyright or "",
    )


def describe_pdf(pdf: Any, metadata: PDFMetadata, *, for_press: bool) -> None:
    """Write `metadata` to the pikepdf `pdf`, with the standards that it claims to conform to.

    PDF/A (ISO 19005-2, 6.6.2.3) requires that both places agree, and that XMP properties from
    other schemas are declared in extension schemas.
    """
    import pikepdf

    if "/Info" in pdf.trailer:
        del pdf.trailer.Info
    info = {
        "/Title": metadata.title,
        "/Author": ", ".join(metadata.authors),
        "/Subject": metadata.description,
        "/Keywords": ", ".join(metadata.keywords),
        "/Creator": _TOOL,
        "/Producer": _producer(),
        "/CreationDate": _pdf_date(metadata.created),
        "/ModDate": _pdf_date(metadata.modified),
    }
    for key, value in info.items():
        if value:
            pdf.docinfo[key] = pikepdf.String(value)
    pdf.docinfo["/Trapped"] = pikepdf.Name("/False")
    pdf.Root.Lang = pikepdf.String(metadata.language)
    pdf.Root.Metadata = pikepdf.Stream(
        pdf,
        _packet(metadata, _PRESS_CLAIMS if for_press else _CLAIMS).encode(),
        Type=pikepdf.Name.Metadata,
        Subtype=pikepdf.Name.XML,
    )


def _producer() -> str:
    import weasyprint

    return f"WeasyPrint {weasyprint.__version__}"


def _pdf_date(moment: datetime) -> str:
    offset = moment.strftime("%z")
    return f"D:{moment:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:5]}'"


def _packet(metadata: PDFMetadata, claims: str) -> str:
    """The XMP packet (ISO 16684-1)."""
    document = uuid.uuid5(uuid.NAMESPACE_URL, metadata.identity)
    version = uuid.uuid5(document, metadata.modified.isoformat())
    authors = "".join(f"<rdf:li>{escape(author)}</rdf:li>" for author in metadata.authors)
    keywords = escape(", ".join(metadata.keywords))
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/">
{claims}
<dc:format>application/pdf</dc:format>
<dc:title>{_alternative(metadata.title)}</dc:title>
{f"<dc:creator><rdf:Seq>{authors}</rdf:Seq></dc:creator>" if authors else ""}
{_optional("dc:description", metadata.description)}
{_optional("dc:rights", metadata.rights)}
<dc:language><rdf:Bag><rdf:li>{escape(metadata.language)}</rdf:li></rdf:Bag></dc:language>
{f"<pdf:Keywords>{keywords}</pdf:Keywords>" if keywords else ""}
<pdf:Producer>{_producer()}</pdf:Producer>
<pdf:Trapped>False</pdf:Trapped>
<xmp:CreatorTool>{_TOOL}</xmp:CreatorTool>
<xmp:CreateDate>{metadata.created.isoformat()}</xmp:CreateDate>
<xmp:ModifyDate>{metadata.modified.isoformat()}</xmp:ModifyDate>
<xmp:MetadataDate>{metadata.modified.isoformat()}</xmp:MetadataDate>
<xmpMM:DocumentID>uuid:{document}</xmpMM:DocumentID>
<xmpMM:InstanceID>uuid:{version}</xmpMM:InstanceID>
<xmpMM:RenditionClass>default</xmpMM:RenditionClass>
<xmpMM:VersionID>{metadata.revision}</xmpMM:VersionID>
</rdf:Description>
{_EXTENSIONS}
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


def _alternative(text: str) -> str:
    return f'<rdf:Alt><rdf:li xml:lang="x-default">{escape(text)}</rdf:li></rdf:Alt>'


def _optional(name: str, text: str) -> str:
    return f"<{name}>{_alternative(text)}</{name}>" if text else ""


def _schema(name: str, uri: str, prefix: str, *properties: tuple[str, str, str]) -> str:
    declared = "".join(
        f"""<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{title}</pdfaProperty:name>
<pdfaProperty:valueType>{kind}</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>{meaning}</pdfaProperty:description></rdf:li>"""
        for title, kind, meaning in properties
    )
    return f"""<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>{name}</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{uri}</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>{prefix}</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq>{declared}</rdf:Seq></pdfaSchema:property></rdf:li>"""


_SCHEMAS = (
    _schema(
        "PDF/UA identification",
        "http://www.aiim.org/pdfua/ns/id/",
        "pdfuaid",
        ("part", "Integer", "Part of ISO 14289"),
    ),
    _schema(
        "PDF/X identification",
        "http://www.npes.org/pdfx/ns/id/",
        "pdfxid",
        ("GTS_PDFXVersion", "Text", "Version of PDF/X"),
    ),
    _schema(
        "PDF properties",
        "http://ns.adobe.com/pdf/1.3/",
        "pdf",
        ("Trapped", "Text", "Whether the document has been trapped"),
    ),
)
_EXTENSIONS = f"""<rdf:Description rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag>{"".join(_SCHEMAS)}</rdf:Bag></pdfaExtension:schemas>
</rdf:Description>"""
