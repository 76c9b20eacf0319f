"""What a web page leaves around pasted copy: share bars, teasers, forms, advertisements."""

from __future__ import annotations

import re

from syndicate.readers.copy import Copy, shortened
from syndicate.readers.newscopy.pieces import BULLET, Piece


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_ENDS = _any_of(
    r"(?:leave|post|add|write) a (?:comment|reply)",
    r"leave your (?:comment|reply)",
    r"comments?(?: \(\d+\))?|\d+ comments?|no comments(?: yet)?",
    r"join the (?:conversation|discussion)",
    r"deja (?:un comentario|una respuesta)|comentarios",
    r"kommentare?|kommentar schreiben|schreiben sie einen kommentar",
    r"laisser un commentaire|commentaires",
    r"اترك تعليقا?ً?|التعليقات",
)
"""From here on the page's readers speak."""

_TEASERS = _any_of(
    r"you (?:may|might) (?:also )?(?:like|be interested in|enjoy)",
    r"(?:related|similar|recommended|recent|latest|popular|trending|more|other|top)"
    r" (?:articles?|stories|story|posts?|content|news|reading|reads|topics|coverage|links)",
    r"recommended(?: for you)?|more from .{2,40}|also on .{2,40}|read (?:next|also|more)",
    r"up next|what to read next|see also|don[’']t miss|trending(?: now)?",
    r"most (?:read|popular|viewed)|editors?[’']s? picks?",
    r"more (?:on|about) this (?:story|topic|subject)",
    r"share (?:this|the)(?: (?:article|post|story|page|entry))?(?: on| via)?",
    r"follow us(?: on)?|tags",
    r"también te puede interesar|te puede interesar|(?:artículos|noticias) relacionad[oa]s",
    r"das könnte (?:sie|dich) auch interessieren|ähnliche (?:artikel|beiträge)|mehr zum thema",
    r"vous aimerez aussi|articles (?:similaires|liés|connexes)|à lire aussi|sur le même sujet",
    r"قد يعجبك أيضا?ً?|(?:مقالات|مواضيع) ذات صلة|اقرأ أيضا?ً?",
)
"""Titles of other pages follow."""

_LINES = _any_of(
    r"advertisements?|adverts?|ad|anzeige|publicidad|publicité|إعلان",
    r"sponsored(?: content| by .{2,40})?|promoted|skip ad",
    r"(?:article|story|content) continues (?:below|after).{0,40}",
    r"continue reading(?: below)?|scroll (?:down )?to continue.{0,30}",
    r"skip (?:to )?(?:main )?(?:content|navigation|advertisement)",
    r"share|tweet|facebook|twitter|x|whatsapp|telegram|linkedin|pinterest|reddit|bluesky",
    r"threads|mastodon|messenger|flipboard|e-?mail|print|copy link|link copied|save|bookmark",
    r"subscribe(?: now)?|sign (?:up|in)(?: now)?|log ?in|register",
    r"menu|search|home|close|loading|toggle navigation|back to top",
    r"\d+ (?:shares?|likes?|views?)|click to share .+|share (?:on|via) \w+",
    r"listen to this (?:article|story).*",
    r"\d{1,3}[ -]min(?:ute)?s?(?: read)?|(?:estimated )?reading time:? .{1,20}",
    r"(?:accept|reject|allow)(?: all)?(?: cookies)?",
    r"(?:manage|cookie) (?:cookies|preferences|settings|policy)|privacy policy|terms of use",
    r"(?:we|this (?:web)?site) uses? cookies.*|by continuing to (?:use|browse).*",
    r"(?:enter )?your e-?mail(?: address)?.{0,60}",
    r"get (?:our|the) .{0,40}newsletter.{0,60}",
    r"(?:thank you|thanks) for (?:subscribing|signing up).{0,40}",
    r"(?:read (?:also|more)|also read|related(?: story)?|see also|don[’']t miss|lea también"
    r"|lesen sie auch|lire aussi|اقرأ أيضا?ً?)\s*[:：]\s.{1,160}",
    r"-\s?30\s?-|# ?# ?#|ends?|[-–—]+ ?ends? ?[-–—]+",
)
"""A line of the page, gone by itself."""

_DRESS = " :.!…»>→▼▾+|«<←"


def without_leftovers(pieces: list[Piece], copy: Copy) -> list[Piece]:
    """`pieces` without what is not the article's; each left out with a note."""
    kept: list[Piece] = []
    pieces = [part for piece in pieces for part in _opened(piece)]
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        bare = piece.text.strip(_DRESS)
        if kept and _ENDS.fullmatch(bare):
            for left in pieces[at:]:
                copy.left_out(f"{shortened(left.text)!r}, after the end of the article", left.line)
            break
        if kept and _TEASERS.fullmatch(bare):
            after = _after_teasers(pieces, at + 1)
            for left in pieces[at:after]:
                copy.left_out(f"{shortened(left.text)!r}, which leads to other pages", left.line)
            at = after
            continue
        rest = _without_lines(piece, copy)
        if rest:
            kept.append(rest)
        at += 1
    return kept


def _opened(piece: Piece) -> list[Piece]:
    """`piece`, line by line if one of its lines opens something that is not the article's."""
    lines = piece.text.split("\n")
    marks = [line.strip(_DRESS) for line in lines]
    if len(lines) == 1 or not any(_ENDS.fullmatch(m) or _TEASERS.fullmatch(m) for m in marks):
        return [piece]
    return [Piece(line, piece.line + number, False) for number, line in enumerate(lines)]


def _after_teasers(pieces: list[Piece], start: int) -> int:
    """The first piece after a run of other pages' titles; a heading right before text stays."""
    at = start
    while at < len(pieces) and _is_teaser(pieces[at]):
        at += 1
    if start < at < len(pieces) and pieces[at].ends_sentence:
        last = pieces[at - 1]
        if last.alone and "\n" not in last.text and not BULLET.match(last.text):
            return at - 1
    return at


def _is_teaser(piece: Piece) -> bool:
    if _ENDS.fullmatch(piece.text.strip(_DRESS)) or _TEASERS.fullmatch(piece.text.strip(_DRESS)):
        return False
    return bool(BULLET.match(piece.text)) or (len(piece.text) <= 160 and not piece.ends_sentence)


def _without_lines(piece: Piece, copy: Copy) -> Piece | None:
    lines = piece.text.split("\n")
    kept = []
    for number, line in enumerate(lines):
        if _LINES.fullmatch(line.strip(_DRESS)) or _LINES.fullmatch(line):
            copy.left_out(f"{shortened(line)!r}, which belongs to the page", piece.line + number)
        else:
            kept.append(line)
    if len(kept) == len(lines):
        return piece
    return Piece("\n".join(kept), piece.line, piece.alone) if kept else None
