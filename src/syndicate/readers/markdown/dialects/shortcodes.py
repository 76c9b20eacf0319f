"""The arguments of Hugo's shortcodes and Jekyll's includes, and their output as Markdown."""

from __future__ import annotations

import re

_ARGUMENT = re.compile(
    r"""(?:(?P<name>[\w-]+)\s*=\s*)?(?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>[^']*)'"""
    r"""|`(?P<raw>[^`]*)`|(?P<bare>[^\s"'`=]+))"""
)
_SPECIAL = re.compile(r"([\\`*_\[\]<>{}~^|])")
CODE_FENCE = "~~~~~~~~"
BOX_FENCE = "::::::"

EMBEDS = {
    "youtube": "https://www.youtube.com/watch?v={}",
    "vimeo": "https://vimeo.com/{}",
    "instagram": "https://www.instagram.com/p/{}/",
    "tiktok": "https://www.tiktok.com/embed/{}",
}
_ID = re.compile(r"[\w-]{1,64}")


def shortcode_arguments(text: str) -> tuple[list[str], dict[str, str]]:
    """The values of a shortcode's arguments: first those without a name, then those with one."""
    unnamed: list[str] = []
    named: dict[str, str] = {}
    for found in _ARGUMENT.finditer(text):
        value = next(
            (
                found[kind]
                for kind in ("double", "single", "raw", "bare")
                if found[kind] is not None
            ),
            "",
        )
        value = value.replace('\\"', '"')
        if found["name"]:
            named[found["name"].lower()] = value
        else:
            unnamed.append(value)
    return unnamed, named


def shortcode_figure(named: dict[str, str]) -> str:
    """A picture as Markdown, "" without an address."""
    src = named.get("src") or named.get("url") or named.get("image_path") or named.get("path")
    if not src:
        return ""
    words = [named.get("title", ""), named.get("caption", "")]
    caption = escaped_in_shortcode(" ".join(" ".join(word for word in words if word).split()))
    if credit := named.get("attr") or named.get("credit"):
        caption = f"{caption} | Credit: {escaped_in_shortcode(credit)}".strip()
    caption = caption.replace('"', "&quot;")
    title = f' "{caption}"' if caption else ""
    sizes = [
        f"{side}={named[side]}" for side in ("width", "height") if named.get(side, "").isdigit()
    ]
    if named.get("alt") == "":
        sizes.append("role=presentation")
    size = f"{{{' '.join(sizes)}}}" if sizes else ""
    return (
        f"![{escaped_in_shortcode(named.get('alt', ''))}](<{shortcode_address(src)}>{title}){size}"
    )


def shortcode_embed(name: str, unnamed: list[str], named: dict[str, str]) -> str:
    """The address of a video or post, "" if the arguments do not contain any."""
    if name in ("tweet", "x", "twitter"):
        user, post = named.get("user", ""), named.get("id", "")
        if not (_ID.fullmatch(user) and post.isdigit()):
            return ""
        return f"https://x.com/{user}/status/{post}"
    key = named.get("id") or (unnamed[0] if unnamed else "")
    pattern = EMBEDS.get(name)
    return pattern.format(key) if pattern and _ID.fullmatch(key) else ""


def escaped_in_shortcode(text: str) -> str:
    """`text` escaped, so that Markdown reads it literally."""
    return _SPECIAL.sub(r"\\\1", text)


def shortcode_address(url: str) -> str:
    """`url` between `<` and `>`."""
    return re.sub(r"[<>\n\\]", "", url)
