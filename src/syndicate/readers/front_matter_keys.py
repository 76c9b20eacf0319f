"""The front matter keys and their other spellings.

Spelling ignores case, spaces, hyphens and underscores: `firstPublished` is `first_published`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from syndicate.readers.contract import Source
from syndicate.readers.front_matter import FrontMatterValue
from syndicate.readers.front_matter_values import (
    front_matter_key,
    read_access,
    read_alt,
    read_corrections,
    read_draft,
    read_language,
    read_moment,
    read_people,
    read_picture,
    read_publish,
    read_section,
    read_slug,
    read_status,
    read_tags,
    read_text,
    read_texts,
    read_url,
    read_version,
)


@dataclass(frozen=True)
class Key:
    """`field` is the article field that the value becomes; `names` are other spellings, squashed.
    If a text uses several spellings, the values are combined if the key is `joined`; otherwise the
    first of those in `rather` is used."""

    field: str
    read: Callable[[FrontMatterValue, Source], object]
    names: tuple[str, ...] = ()
    joined: bool = False
    rather: tuple[str, ...] = ()


KEYS = (
    Key("title", read_text, ("headline",)),
    Key("subtitle", read_text, ("dek", "deck", "standfirst", "subheadline", "subhead")),
    Key(
        "summary",
        read_text,
        ("description", "excerpt", "abstract", "descriptiontext", "customexcerpt"),
        rather=("summary", "customexcerpt", "excerpt", "description", "abstract"),
    ),
    Key("authors", read_people("author"), ("author", "byline", "writer", "writers")),
    Key("contributors", read_people("author"), ("contributor",)),
    Key("editor", read_people("editor"), ("editors",)),
    Key("photographer", read_people("photographer"), ("photographers",)),
    Key("illustrator", read_people("illustrator"), ("illustrators",)),
    Key("translator", read_people("translator"), ("translators",)),
    Key("dateline", read_text, ("located",)),
    Key(
        "section",
        read_section,
        ("category", "categories", "sections"),
        rather=("section", "category", "categories"),
    ),
    Key("tags", read_tags, ("tag", "keywords"), joined=True),
    Key("language", read_language, ("lang", "locale")),
    Key(
        "published",
        read_moment,
        ("date", "pubdate", "publishdate", "publisheddate", "publishedat", "datepublished"),
        rather=("publishdate", "date"),
    ),
    Key("first_published", read_moment, ("firstcreated", "created", "createdat")),
    Key(
        "updated",
        read_moment,
        (
            *("lastmod", "modified", "versioncreated", "lastmodified", "lastmodifiedat"),
            *("updateddate", "updatedat", "dateupdated", "lastupdated"),
        ),
        rather=("lastmod", "lastmodifiedat", "updateddate", "updated", "modified"),
    ),
    Key("embargoed", read_moment, ("embargo", "embargountil")),
    Key("expires", read_moment, ("expirydate", "expiry", "expirationdate")),
    Key("status", read_status, ("pubstatus",)),
    Key("draft", read_draft, ("isdraft",)),
    Key("publish", read_publish),
    Key("version", read_version),
    Key("slug", read_slug),
    Key("id", read_text, ("guid", "uri")),
    Key("alt_ids", read_texts, ("altid",)),
    Key("url", read_url, ("canonical", "canonicalurl", "link")),
    Key(
        "image",
        read_picture,
        (
            *("leadimage", "cover", "featuredimage", "featureimage", "thumbnail"),
            *("heroimage", "coverimage"),
        ),
        rather=("image", "leadimage", "featureimage", "featuredimage", "cover", "heroimage"),
    ),
    Key("image_alt", read_alt, ("leadimagealt", "coveralt", "featureimagealt", "heroimagealt")),
    Key("image_caption", read_text, ("leadimagecaption", "covercaption", "featureimagecaption")),
    Key("image_credit", read_text, ("leadimagecredit", "covercredit")),
    Key("source", read_text, ("infosource",)),
    Key("source_url", read_url),
    Key("copyright", read_text, ("copyrightnotice", "rights")),
    Key("copyright_holder", read_text),
    Key("usage_terms", read_text, ("license", "licence")),
    Key("access", read_access, ("visibility",)),
    Key("corrections", read_corrections),
)
BY_NAME = {front_matter_key(name): key for key in KEYS for name in (key.field, *key.names)}
