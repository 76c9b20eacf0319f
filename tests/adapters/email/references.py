"""Reference editions: 1, 5 and 26 articles in English, Arabic and Japanese."""

from __future__ import annotations

from syndicate.adapters.edition import Edition
from syndicate.article import (
    FAQ,
    Article,
    Callout,
    CallToAction,
    Contributor,
    Correction,
    Emphasis,
    Figure,
    Heading,
    Link,
    List,
    ListItem,
    Paragraph,
    PullQuote,
    QuestionAnswer,
    Strong,
    Table,
    Text,
)
from syndicate.article.publication import Publication
from tests.adapters.email.mails import edition
from tests.articles import NOON, article, para

LANGUAGES = ("en", "ar", "ja")
SIZES = (1, 5, 26)

_SAID: dict[str, dict[str, str]] = {
    "en": {
        "paper": "The Harbour Gazette",
        "address": "1 Quay Street, Port Ellery",
        "author": "Ines Okafor",
        "section": "Harbour",
        "titles": "Night ferry returns to Port Ellery|What the new lock will cost|Pilots ask for a "
        "second tug|The last sail loft on the quay|Who owns the tide gauge?",
        "dek": "The evening crossing is back after eleven years, with one ship, two crews and a "
        "timetable that follows the tide.",
        "text": "The gangway came down at twenty past eight, and for a moment nobody moved. Then "
        "the first lorry rolled aboard, then a van of oysters, and the band on the quay, which "
        "had agreed to play until the stern light was out of sight, began again from the top.",
        "heading": "A timetable of water",
        "fact_label": "Did you know?",
        "fact": "The highest tide on record here came without a moon.",
        "quote": "You do not run a ferry here. You ask the tide, and it answers twice a day.",
        "cite": "Marit Vane, harbour pilot",
        "question": "Can I take a bicycle?",
        "answer": "Yes, on every crossing, without a ticket of its own.",
        "alt": "The ferry at its berth at dusk",
        "caption": "The stern door closes for the first crossing.",
        "link": "the winter timetable",
        "ask": "Book a place on board",
        "correction": "An earlier version gave the fare as nine euros. It is eight.",
        "cells": "Crossing|Minutes|Sund|55|Lonja|140",
    },
    "ar": {
        "paper": "جريدة الميناء",
        "address": "شارع الرصيف ١، بورت إليري",
        "author": "إيناس أوكافور",
        "section": "الميناء",
        "titles": "العبّارة الليلية تعود إلى بورت إليري|كم سيكلّف الهويس الجديد|"
        "المرشدون يطلبون قاطرة ثانية|آخر ورشة أشرعة على الرصيف|من يملك مقياس المدّ؟",
        "dek": "عادت رحلة المساء بعد أحد عشر عامًا بسفينة واحدة وطاقمين وجدول يتبع المدّ.",
        "text": "أُنزل السلّم في الثامنة والثلث، ولم يتحرّك أحد للحظة. ثم صعدت الشاحنة الأولى، "
        "وتبعتها عربة محمّلة بالمحار، وعادت الفرقة التي وعدت بالعزف "
        "حتى يغيب ضوء المؤخرة إلى أول المقطوعة.",
        "heading": "جدول من الماء",
        "fact_label": "هل تعلم؟",
        "fact": "أعلى مدّ سُجّل هنا جاء في ليلة بلا قمر.",
        "quote": "لا أحد يدير عبّارة هنا. نسأل المدّ فيجيب مرّتين في اليوم.",
        "cite": "ماريت فين، مرشدة الميناء",
        "question": "هل يمكنني اصطحاب دراجة؟",
        "answer": "نعم، في كل رحلة، ومن دون تذكرة خاصة بها.",
        "alt": "العبّارة عند رصيفها وقت الغروب",
        "caption": "يُغلق الباب الخلفي قبل الرحلة الأولى.",
        "link": "جدول الشتاء",
        "ask": "احجز مكانًا على متن العبّارة",
        "correction": "ذكرت نسخة سابقة أن الأجرة تسعة يوروات، وهي ثمانية.",
        "cells": "الرحلة|دقائق|سوند|55|لونخا|140",
    },
    "ja": {
        "paper": "港新聞",
        "address": "ポート・エラリー市波止場通り一番地",
        "author": "イネス・オカフォー",
        "section": "港",
        "titles": "夜行フェリー、ポート・エラリーに戻る|新しい閘門の費用はいくらか|"
        "水先人、二隻目の曳船を求める|波止場に残る最後の帆布工房|潮位計は誰のものか",
        "dek": "十一年ぶりに夕方の便が復活した。船は一隻、乗組員は二組、時刻表は潮に従う。",
        "text": "八時二十分に舷梯が降ろされ、しばらく誰も動かなかった。"
        "やがて一台目のトラックが乗り込み、牡蠣を積んだ車が続き、船尾の灯が見えなくなるまで演奏すると約束していた楽団が、"
        "もう一度はじめから奏で始めた。",
        "heading": "水の時刻表",
        "fact_label": "ご存じですか",
        "fact": "ここで記録された最も高い潮は、月のない夜に来た。",
        "quote": "ここでは船を走らせるのではない。潮に尋ねるのだ。潮は一日に二度答える。",
        "cite": "水先人マリット・ヴェイン",
        "question": "自転車は持ち込めますか",
        "answer": "はい、どの便でも、自転車の切符は要りません。",
        "alt": "夕暮れの岸壁に着いたフェリー",
        "caption": "初便を前に船尾の扉が閉まる。",
        "link": "冬の時刻表",
        "ask": "乗船を予約する",
        "correction": "以前の記事で運賃を九ユーロとしましたが、正しくは八ユーロです。",
        "cells": "航路|分|スンド|55|ロンハ|140",
    },
}


def reference(language: str, size: int) -> Edition:
    """The reference edition of `size` articles in `language`."""
    said = _SAID[language]
    publication = Publication(
        title=said["paper"],
        language=language,
        base_url="https://gazette.example.org/",
        email="desk@gazette.example.org",
        publisher=said["paper"],
        address=said["address"],
    )
    articles = tuple(_article(language, said, n) for n in range(size))
    old = _article(language, said, size)
    corrected = old.model_copy(
        update={
            "body": (*old.body, Correction(date=NOON.date(), content=_words(said["correction"])))
        }
    )
    made = edition(*articles, publication=publication)
    return Edition(**{**vars(made), "revised": (corrected,), "since": NOON})


def _article(language: str, said: dict[str, str], number: int) -> Article:
    titles = said["titles"].split("|")
    picture = Figure(
        src=f"https://gazette.example.org/pictures/{number}.jpg",
        alt=said["alt"],
        caption=_words(said["caption"]),
        credit=said["author"],
        width=1600,
        height=800,
    )
    cells = [_words(cell) for cell in said["cells"].split("|")]
    body = (
        para(said["text"]),
        Callout(
            kind="fact",
            label=said["fact_label"],
            blocks=(
                Paragraph(
                    content=(
                        Text(text=said["fact"] + " "),
                        Link(url="https://gazette.example.org/tide", content=_words(said["link"])),
                    )
                ),
            ),
        ),
        Heading(content=_words(said["heading"])),
        Paragraph(
            content=(
                Text(text=said["text"] + " "),
                Strong(content=_words(said["fact"])),
                Text(text=" "),
                Link(url="https://gazette.example.org/winter/", content=_words(said["link"])),
                Text(text=" "),
                Emphasis(content=_words(said["dek"])),
            )
        ),
        PullQuote(content=_words(said["quote"]), cite=_words(said["cite"])),
        List(items=tuple(ListItem(blocks=(para(t),)) for t in titles[:3])),
        picture,
        Table(header=(cells[0], cells[1]), rows=((cells[2], cells[3]), (cells[4], cells[5]))),
        FAQ(
            pairs=(
                QuestionAnswer(question=_words(said["question"]), answer=(para(said["answer"]),)),
                QuestionAnswer(question=_words(titles[4]), answer=(para(said["text"]),)),
            )
        ),
        CallToAction(content=_words(said["ask"]), url="https://gazette.example.org/book/"),
    )
    return article(
        f"{language}-{number}",
        title=titles[number % len(titles)],
        subtitle=said["dek"],
        section=said["section"],
        language=language,
        contributors=(Contributor(name=said["author"]),),
        lead_image=picture,
        body=body,
    )


def _words(text: str) -> tuple[Text, ...]:
    return (Text(text=text),)
