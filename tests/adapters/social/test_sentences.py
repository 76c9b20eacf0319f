"""Text is split into sentences where a reader would split it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.adapters.social.sentences import sentence_spans, split_sentences


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("en", ["The U.S. Army said so.", "It left."]),
        ("en", ["He lives in the U.S.", "The army left."]),
        ("en", ["Dr. Jane B. Smith paid $3.50 to J. K. Low.", "No. 5 won."]),
        ("en", ["It rose 3.5 percent, vs. 2.1 in Jan. 2024.", "Then it fell."]),
        ("en", ["The ship sailed at 5 p.m. on Monday.", "At six the bridge opened."]),
        ("en", ["Acme Inc. rose.", "Bell Corp. of Ohio fell."]),
        ("en", ["“We won. We did,” said Maria.", "Then rain."]),
        ("en", ["“Why?” Maria asked.", "Nobody knew."]),
        ("en", ['She said, "It works. Really."', "Tom agreed."]),
        ("en", ["‘It was. It is,’ he said.", "The ’90s were good."]),
        ("en", ["“Stop!” he cried.", "“Go on,” said Ann."]),
        ("en", ["(He left. She stayed.)", "It rained."]),
        ("en", ["Wait... what?", "Yes… and no.", "Well…", "No."]),
        ("en", ["1. From lab to plate.", "2. Next stop."]),
        ("en", ["Really?!", "Yes!!", "Fine."]),
        ("en", ["See gazette.example.org for more.", "Or call."]),
        ("en", ["Yahoo! announced it.", "The U.N. Security Council met."]),
        ("es", ["¿Qué pasó?", "¡Nada!", "El Sr. Gómez de EE.UU. llegó."]),
        ("de", ["Am 3. Oktober kam der 19. Band.", "Im Jahr 2023.", "Die Firma z.B. wuchs."]),
        ("de", ["„Wir warten. Wir hoffen“, sagte sie.", "Dann fuhr er."]),
        ("fr", ["Il pleut !", "« C’est fini. On part », dit M. Dupont.", "Rideau."]),
        ("ja", ["「勝った。嬉しい。」と彼は言った。", "雨が降った！", "本当？"]),
        ("zh-Hant", ["他說：「我們贏了。很好。」", "天下雨了。"]),
        ("ar", ["قال د. أحمد ذلك.", "هل تريد؟", "نعم."]),
        ("ur", ["یہ سچ ہے۔", "وہ گیا۔"]),
        ("hi", ["यह सच है।", "वह गया।"]),
        ("el", ["Τι είναι;", "Δεν ξέρω."]),
        ("ru", ["В 2024 г. порт вырос.", "По словам г-на Иванова, это много."]),
        ("xx", ["A word.", "Another word."]),
    ],
)
def test_text_is_split_into_sentences(language: str, parts: list[str]) -> None:
    joiner = "" if language in ("ja", "zh-Hant") else " "
    assert split_sentences(joiner.join(parts), language) == parts


@given(
    st.text(st.sampled_from("aB.!?…。؟ \n\"'“”„«»(1U.S「」é"), max_size=80),
    st.sampled_from(["en", "de", "ja", "el"]),
)
def test_no_character_but_white_space_is_lost(text: str, language: str) -> None:
    found = sentence_spans(text, language)
    assert all(start < end for start, end in found)
    assert all(a[1] <= b[0] for a, b in pairwise(found))
    between = "".join(
        text[a:b]
        for a, b in zip(
            [0, *(e for _, e in found)], [*(s for s, _ in found), len(text)], strict=True
        )
    )
    assert not between.strip()


def test_a_missing_quotation_mark_does_not_join_all_that_follows() -> None:
    text = "“It began. " + "The rest goes on. " * 200
    assert len(split_sentences(text)) > 100
