"""What earlier editions held and has been put right since is told in the next one, once."""

from __future__ import annotations

import re

import pypdfium2

from syndicate.engine.withdrawal import WithdrawalOrder, withdraw
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.stop import Stop
from tests.engine.conftest import Desk

FERRY = "# The night ferry returns\n\nIt sails on Friday at nine.\n"
PUT_RIGHT = "\n:::: correction 2026-10-06\nThe fare is eight euros.\n::::\n"


def test_a_correction_is_in_the_next_edition_and_in_no_later_one(desk: Desk) -> None:
    desk.channel("email", 'body = "summary"\n')
    desk.publish("email")
    desk.write("ferry.md", FERRY + PUT_RIGHT, age=0)
    assert not desk.plan("email").steps
    desk.write("locks.md", "# The locks\n\nNew gates are coming.\n", age=0)
    desk.publish("email")
    second = desk.files()["out/email/0002.txt"].decode()
    assert "Corrections" in second and "The fare is eight euros." in second
    assert "It sails on Friday" not in second
    assert not desk.plan("email").steps
    desk.write("gauge.md", "# The gauge\n\nIt is stuck.\n", age=0)
    desk.publish("email")
    assert "eight euros" not in desk.files()["out/email/0003.txt"].decode()


def test_a_frozen_edition_keeps_its_corrections(desk: Desk) -> None:
    desk.channel("email", 'body = "summary"\n')
    desk.publish("email")
    desk.write("ferry.md", FERRY + PUT_RIGHT, age=0)
    desk.write("locks.md", "# The locks\n\nNew gates are coming.\n", age=0)
    desk.publish("email")
    before = desk.files()
    desk.write("ferry.md", FERRY + PUT_RIGHT.replace("eight", "ten"), age=0)
    for name in ("0002.txt", "0002.html"):
        (desk.root / "out" / "email" / name).unlink()
    desk.publish("email")
    assert desk.files() == before


def test_print_names_the_issue_and_the_page(desk: Desk) -> None:
    desk.channel("pdf", 'scope = "edition"\nprofile = "screen"\n')
    desk.publish("pdf")
    desk.write("ferry.md", FERRY + PUT_RIGHT, age=0)
    desk.write("locks.md", "# The locks\n\nNew gates are coming.\n", age=0)
    desk.publish("pdf")
    with pypdfium2.PdfDocument(desk.files()["out/pdf/pdf-0002.pdf"]) as document:
        text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    assert "The night ferry returns" in text and "The fare is eight euros." in text
    assert re.search(r"No\. 1 · Page \d", " ".join(text.split()))


def test_an_article_that_was_withdrawn_is_named_in_the_next_edition_once(desk: Desk) -> None:
    desk.channel("email", 'body = "summary"\n')
    desk.publish("email")
    order = WithdrawalOrder("ferry", "the figures were wrong", "Ines")
    withdraw(load_newsroom(desk.root, {}), order, lambda _: None, Stop())
    for number, name in ((2, "locks"), (3, "gauge")):
        desk.write(f"{name}.md", f"# The {name}\n\nSomething about the {name}.\n", age=0)
        desk.publish("email")
        text = desk.files()[f"out/email/000{number}.txt"].decode()
        assert ("This article has been withdrawn." in text) == (number == 2)
