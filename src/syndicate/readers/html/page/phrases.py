"""The phrases of boilerplate, not of articles: share bars, teasers, forms, disclosures."""

from __future__ import annotations

import re


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


ABOUT = _any_of(
    r"^(?:by|written by|words by|posted by|reviewed by|edited by|fact.?checked by|photos? by"
    r"|authors?|von|por|par)\b[\s:].{0,80}$",
    r"^.{0,40}\b(?:published|updated|posted|modified|reviewed)\b.{0,60}\d.{0,30}$",
    r"^(?:last )?(?:published|updated|posted|modified|reviewed)\b.{0,60}$",
    r"^.{0,40}\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic|mär|mai"
    r"|okt|dez|janv|févr|avr|juin|juil|août|déc)\w*\.?\s+\d{1,2}(?:st|nd|rd"
    r"|th)?,?\s+\d{4}\b.{0,40}$",
    r"^.{0,40}\b\d{1,2}\.?\s+(?:de )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene"
    r"|abr|ago|dic|mär|mai|okt|dez|janv|févr|avr|juin|juil|août"
    r"|déc)\w*\.?,?\s+(?:de )?\d{4}\b.{0,40}$",
    r"^.{0,60}\b\d{1,3}[\s-]*min(?:ute)?s?\.?(?:[\s-]*read)?.{0,20}$",
    r"^.{0,20}\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b.{0,20}$|^.{0,20}\b\d{4}-\d\d-\d\d\b.{0,20}$",
    r"^(?:tags?|filed under|categor(?:y|ies)|topics?|posted (?:in|under))\b\s*:?.{0,200}$",
    r"^listen to this.{0,40}$|^[\d,.]+k? (?:views|shares|comments|likes)$",
)
"""A line about the article: author, date, reading time, section."""

DISCLOSURE = _any_of(
    r"affiliate (?:links?|commission|partner|program)",
    r"(?:earn|receive|get|make) (?:a |an |us a )?(?:small |affiliate )?commissions?",
    r"independently (?:selected|reviewed?|evaluated?|chosen|researched?)|paid promotion",
    r"purchases? made through (?:our |these )?links|(?:amazon|walmart) associate",
    r"may be compensated|earn(?:s|ed)? (?:us )?a (?:small )?commission|advertiser disclosure",
    r"editorial (?:policy|guidelines|standards)\b",
    r"consider supporting (?:us|our|the)\b|support(?:ing)? our (?:[\w-]+ )?journalism\b",
)
"""A statement of how the page earns its money."""

NETWORK = _any_of(
    r"facebook|twitter|whatsapp|telegram|linkedin|pinterest|reddit|bluesky|threads|mastodon"
    r"|messenger|flipboard|e-?mail|print|search"
)
"""The services in share bars; an article about them may have headings with their names."""

OWN = re.compile(
    r"\b(?:we|our|us|i|my|this (?:page|post|article|site|story|guide|blog)|advertisers?"
    r"|editorial)\b",
    re.IGNORECASE,
)
"""Lines in which the page speaks about itself."""

OFFER = _any_of(
    r"^(?:shop|buy|get|try|book|start|order|download|sign up|become|check out|discover|explore|join"
    r"|compare|subscribe|don[’']t|watch|view|claim|browse|click here|talk to us|contact us"
    r"|see (?:the|how|why|our|all))\b",
)
"""The start of a link to something for sale, or to another article."""

UNREAD = _any_of(
    r"^(?:we|this (?:web)?site|our (?:web)?site) uses? cookies\b",
    r"^\[/?[a-z][\w-]*(?: [\w-]+=[^\]]*)?\]$",
    r"^become a (?:paid )?(?:subscriber|member)\b.{0,60}\bto (?:unlock|read|continue)\b",
    r"^was this (?:newsletter|e-?mail) forwarded to you\b",
)
"""A line that is never part of the article, whatever its length: consent, a shortcode that was not
executed, a paywall."""

CLOSING = _any_of(
    r"^(?:editor[’']?s?[’']? note: )?this (?:article|story|post|piece) (?:was (?:edited|originally"
    r"|first|produced|updated)|(?:originally|also|first) (?:appeared|ran|published))\b",
    r"^(?:some )?(?:icons|images|photos|pictures|illustrations?) (?:by|courtesy)\b",
    r"^(?:(?:hey|hi|hello)(?: there)?[,!.]? )?i[’']m \w+(?: \w+)?[,!.—–-]",
    r"^about ([\w&.-]+)\s+\1\b",
)
"""Lines below the article's end: where it first appeared, who took the pictures, a greeting."""

COPYRIGHT = _any_of(
    r"^(?:©|\(c\)|copyright)\s|all rights reserved",
    r"^(?:image|photo)s? (?:credits?|source|courtesy|used under)\b|^disclaimer\b",
    r"^(?:featured )?(?:image|photo)s?(?: credit| source| by)?\s*:",
)
"""Copyright and picture credits below the article, not in it."""

LINE = _any_of(
    r"advertisements?|adverts?|ad|anzeige|werbung|publicidad|publicité|إعلان",
    r"sponsored(?: content| by .{2,40})?|promoted",
    r"(?:article|story|content) continues (?:below|after).{0,40}",
    r"continue reading(?: below| the main story)?.{0,20}|scroll (?:down )?to continue.{0,30}",
    r"skip (?:to )?(?:main )?(?:content|navigation|advertisement)|skip ad",
    r"share(?: this)?(?: (?:article|post|story|page))?(?: (?:on|via) .{0,20})?|tweet|facebook",
    r"twitter|whatsapp|telegram|linkedin|pinterest|reddit|bluesky|threads|mastodon|messenger",
    r"flipboard|e-?mail|print|copy link|link copied|save|bookmark|read later|copy(?: code)?",
    r"copied|download(?: & print)?|subscribe(?: now| here| today)?",
    r"sign (?:up|in)(?: now| here| today| for free)?|log ?in|register(?: now)?|menu|search",
    r"home|close|loading|toggle navigation|back to (?:top|blog|home|.{0,20} picks?)",
    r"go to website|get started(?: now| today| for free)?|try (?:it )?(?:for )?free",
    r"(?:start|begin) (?:your |a )?free trial|book a (?:demo|call|meeting)",
    r"(?:request|get|schedule|see) a (?:free )?(?:demo|quote|call|consultation)|apply now",
    r"buy now|shop(?: now| here| all)?|view all|see all|learn more|read more",
    r"add to .{0,20}(?:list|wishlist|bag|basket)|more info(?:rmation)?",
    r"read full (?:story|review)|check (?:the )?(?:price|availability)",
    r"visit (?:site|website)|contact us(?: today)?|leave a comment|discuss",
    r"add to (?:cart|collection)|where to buy|show (?:more|less)|load more|expand|collapse",
    r"(?:table of |page )?contents(?: hide| show| \[?hide\]?)?|on this page|in this article",
    r"jump to(?: .{0,30})?|quick links|what you.ll (?:learn|find).{0,30}",
    r"inhalt(?:sverzeichnis)?|índice|contenido|sommaire|table des matières",
    r"listen to this (?:article|story).*|\d{1,3}[ -]min(?:ute)?s?(?: read)?",
    r"(?:estimated )?reading time:? .{1,20}|(?:accept|reject|allow)(?: all)?(?: cookies)?",
    r"(?:manage|cookie) (?:cookies|preferences|settings|policy)|privacy policy|terms of use",
    r"(?:we|this (?:web)?site) uses? cookies.*|(?:enter )?your e-?mail(?: address)?.{0,60}",
    r"get (?:our|the) .{0,40}newsletter.{0,60}",
    r"(?:thank you|thanks)!? (?:for (?:subscribing|signing up)|your submission"
    r"|please check your inbox).{0,60}",
    r"oops!? something went wrong.{0,60}|there was an issue with the form.{0,40}",
    r"(?:photo|image)(?: (?:credit|by|courtesy))?\s*:\s.{1,80}",
    r"\d+ (?:shares?|likes?|views?|comments?)",
    r"(?:courtesy|credit|photo|image|source)(?: of| by)? ?[:/] .{1,60}",
    r".{2,40}(?:/|//|via )getty images.{0,30}",
    r"(?:add|make) .{0,40}\b(?:preferred|trusted) source\b.{0,20}|do not sell .{0,40}information",
    r"loading(?: \w+){0,2}|(?:pdf|docx?|xlsx?|pptx?|zip|mp3)[\s(]*[\d.,]+ ?[kmg]i?b\)?",
    r"(?:image|photo|picture) \d+ of \d+",
)
"""A line of boilerplate; only the line itself is left out."""

_ALSO = (
    r"(?:you (?:may|might) also (?:like|enjoy|be interested(?: in)?)"
    r"|(?:must|can also|also) read|read (?:also|more|next|our|full)"
    r"|related(?: (?:reading|article|post|story|stories))?|see also|don[’']t miss|more|next"
    r"|further reading|recommended(?: reading)?|learn more|useful resource|also check out|icymi"
    r"|lea también|lesen sie auch|lire aussi|اقرأ أيضا?ً?)"
)
POINTS = re.compile(
    r"(?:[»→➜👉]|➡\ufe0f?)\s*(?:read|see|learn|find out|discover|watch|check out|explore|visit)\b",
    re.IGNORECASE,
)
"""A pointing sign and a call: the line leads to another page, even if not all of it is linked."""

LEADS = _any_of(rf"{_ALSO}\s*[:：|»>–—-]|[»>→➜👉]\s|also read\b")
"""The start of a line that leads to another page."""

INVITES = _any_of(
    rf"{_ALSO}\s+(?:about|on|our)\b",
    r"(?:read (?:our|the|my)(?: full)?|learn more) .{2,60}\breview\b",
)
"""The same, if the line is not a sentence."""

COMMENTS = _any_of(
    r"(?:leave|post|add|write) (?:a|your) (?:comment|reply|thought)s?.{0,30}",
    r"comments?(?: \(?\d+\)?)?|\d+ (?:comments?|responses|thoughts on .*)|no comments(?: yet)?",
    r"join the (?:conversation|discussion)|discussion about this post",
    r"deja (?:un comentario|una respuesta)|comentarios|kommentare?|laisser un commentaire",
    r"commentaires|اترك تعليقا?ً?|التعليقات",
)
"""The start of the readers' comments."""

SOURCES = re.compile(
    r"\b(?:references?|sources?|citations?|notes?|footnotes?|bibliography|works cited|literature"
    r"|further reading|resources|links|quellen|literatur|einzelnachweise|fuentes|referencias"
    r"|références|sources et références|fontes|referências|المراجع|المصادر)\b",
    re.IGNORECASE,
)
"""The heading of an article's list of sources."""

ENDS = _any_of(
    r"you (?:may|might) (?:also )?(?:like|be interested in|enjoy).{0,20}",
    r"more (?:you might like|stories|articles|posts|to explore|news)",
    r"(?:related|similar|recommended|recent|latest|popular|trending|featured|more|other|top"
    r"|explore (?:the )?(?:more|latest)|keep|further|suggested"
    r"|continue) (?:blog )?(?:articles?|stories|story|posts?|content|news|reading|reads"
    r"|topics|coverage|links|resources|guides|insights|products)(?: (?:from|on|in|about|for"
    r"|by|that|you) .{1,40})?",
    r"(?:related|recommended)(?: for you)?|more from .{2,60}|more by .{2,40}|also on .{2,40}",
    r"read (?:next|also|more)|up next|what to read next|see also|don[’']t miss.{0,20}",
    r"trending(?: now)?|most (?:read|popular|viewed)|editors?[’']s? picks?",
    r"share (?:this|the)(?: (?:article|post|story|page|entry))?.{0,30}|share it",
    r"share your .{2,30}|follow us.{0,30}|stay connected.{0,40}|connect with us",
    r"about (?:the |our )?(?:authors?|writers?|contributors?|reviewers?|editors?|company"
    r"|us)(?: .{2,40})?",
    r"author(?: bio| info(?:rmation)?)?|contributors?",
    r"meet (?:the|your) (?:author|guide|writer|expert).{0,20}|written by.{0,40}|post author",
    r"(?:sign up|subscribe)\b.{0,60}",
    r"(?:join|get) .{0,40}(?:newsletter|mailing list|email list|inbox).{0,40}",
    r".{0,60}\bsubscribe to (?:the|our|my) .{0,30}newsletter.{0,40}",
    r"newsletter.{0,20}",
    r"get (?:started|in touch)(?: (?:today|now|with .{2,30}))?|también te puede interesar",
    r"te puede interesar|(?:artículos|noticias) relacionad[oa]s",
    r"das könnte (?:sie|dich) auch interessieren|ähnliche (?:artikel|beiträge)|mehr zum thema",
    r"vous aimerez aussi|articles (?:similaires|liés|connexes)|à lire aussi|sur le même sujet",
    r"قد يعجبك أيضا?ً?|(?:مقالات|مواضيع) ذات صلة|اقرأ أيضا?ً?|(?:post )?tags|categor(?:y|ies)",
    r"article categories|(?:previous|next)(?: (?:post|article|story))?|post navigation",
    r"recent posts|keep (?:exploring|learning)",
    r"(?:explore|discover) (?:the |our )?(?:latest|more)\b.{0,40}|need (?:more )?help\?",
    r"want (?:to (?:know|learn|see) more|more)\b.{0,40}",
    r"become a (?:paid )?(?:subscriber|member)\b.{0,80}",
)
"""The start of what the page shows after the article."""

QUESTIONS = re.compile(r"(?:(?:still )?have|got) (?:any |more |any more )?questions", re.IGNORECASE)
"""The same, as a heading only: below it the page offers help or a service."""

AUTHOR = re.compile(r"about the (?:author|writer)s?\s*:", re.IGNORECASE)
"""The same, as the first words of a paragraph."""
