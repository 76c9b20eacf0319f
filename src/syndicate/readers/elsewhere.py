"""Front matter keys that other systems use for their own pages.

They say nothing about the article, so each is skipped with a note, whatever its value. Keys that do
describe the article are in `syndicate.readers.front_matter_keys`.
"""

from __future__ import annotations

_HUGO = """
    aliases build cascade headless iscjklanguage layout linktitle markup menu menus outputs
    params resources series sitemap translationkey type weight images audio videos
    expired comment merge target bookcollapsesection bookhidden booktoc
"""
"""gohugo.io, "Front matter": its fields, and what its documentation adds to them."""
_JEKYLL = """
    permalink layout excerptseparator sitemap redirectfrom redirectto position pagination paginate
    renderwithliquid regenerate sass feed search searchexclude navorder navexclude parent
    grandparent haschildren childrenfirst order ext classes authorprofile readtime
    share related sidebar header tocsticky toclabel tocicon comments
    commentsid pin math mermaid hidden defaults
"""
"""jekyllrb.com, "Front Matter", its plug-ins for feeds, redirects and search, and common themes."""
_OBSIDIAN = """
    aliases alias cssclasses cssclass mobile permalink kanbanplugin excalidrawplugin banner bannery
    uid noteicon position collapsed sortingspec obsidianuimode obsidianeditingmode socialimage
"""
"""help.obsidian.md, "Properties" and "Publish"; widespread plug-ins."""
_ELEVENTY = """
    pagination permalink eleventycomputed eleventyexcludefromcollections eleventyimport
    eleventynavigation eleventydataschema templateengineoverride dynamicpermalink templateclass
    permalinkbypassoutputdir layout
"""
"""11ty.dev, "Front Matter Data" and "Configuration: keys with a meaning"."""
_ASTRO = """
    layout setup order sidebar hero banner tableofcontents editurl head template prev next pagefind
    featured sortorder socialimage ogimage
"""
"""docs.astro.build, "Content collections" and Starlight's "Frontmatter reference"."""
_GHOST = """
    featured primarytag primaryauthor customtemplate codeinjectionhead codeinjectionfoot ogtitle
    ogdescription ogimage twittertitle twitterdescription twitterimage metatitle metadescription
    emailsubject emailonly commentid uuid mobiledoc lexical html plaintext readingtime tiers
    newsletter showtitleandfeatureimage
"""
"""ghost.org/docs, the fields of a post."""

_OURS_BEFORE = "layout type toc comments weight menu theme outputs permalink aliases"

KEPT = frozenset(
    " ".join((_HUGO, _JEKYLL, _OBSIDIAN, _ELEVENTY, _ASTRO, _GHOST, _OURS_BEFORE)).split()
)
"""All of them, squashed."""

_MARKS = {
    "jekyll": {"layout", "permalink", "redirectfrom", "excerptseparator", "renderwithliquid"},
    "obsidian": {"aliases", "alias", "cssclasses", "cssclass", "publish", "kanbanplugin"},
}


def front_matter_is_of(system: str, keys: set[str]) -> bool:
    """Whether squashed `keys` show front matter to be of `system` ("jekyll", "obsidian")."""
    return bool(_MARKS[system] & keys)
