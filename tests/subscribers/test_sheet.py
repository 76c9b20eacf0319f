"""Import and export of subscribers as CSV."""

from __future__ import annotations

import io
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from syndicate.errors import SourceError, SyndicateError
from syndicate.subscribers import Entry, sheet


def read(tmp_path: Path, text: str | bytes) -> tuple[list[Entry], list[SyndicateError]]:
    file = tmp_path / "people.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    errors: list[SyndicateError] = []
    return list(sheet.read_subscribers(file, "email", errors)), errors


def test_every_other_column_is_a_field(tmp_path: Path) -> None:
    text = 'E-Mail,First name,Stadt,tags\nAnn@EXAMPLE.net,Ann,"Köln, Mitte",ferry; tides\n'
    assert read(tmp_path, text)[0] == [
        Entry(
            "email",
            "Ann@example.net",
            {"first_name": "Ann", "stadt": "Köln, Mitte"},
            ("ferry", "tides"),
        )
    ]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("email\nann@example.net\n", "ann@example.net"),
        ("\ufeffemail\r\nann@example.net\r\n", "ann@example.net"),
        ("name;email\nAnn;ann@example.net\n", "ann@example.net"),
        ("name\taddress\nAnn\tann@example.net\n", "ann@example.net"),
        ("email\n\nann@bücher.example\n", "ann@xn--bcher-kva.example"),
    ],
)
def test_files_of_common_programs_are_read(tmp_path: Path, text: str, address: str) -> None:
    (one,), errors = read(tmp_path, text)
    assert one.address == address
    assert errors == []


def test_bad_lines_are_reported_and_the_others_imported(tmp_path: Path) -> None:
    text = 'email,name\nann@example.net,Ann\nnobody,N\n"x\r\nBcc: y@z.org",E\n,Z\nb@example.net\n'
    entries, errors = read(tmp_path, text)
    assert [one.address for one in entries] == ["ann@example.net", "b@example.net"]
    assert [error.where.line for error in errors if error.where] == [3, 5, 6]


@pytest.mark.parametrize("text", ["name\nAnn\n", "", b"email\n\xff\xfe\n"])
def test_a_file_without_the_column_or_not_in_utf_8_is_refused(
    tmp_path: Path, text: str | bytes
) -> None:
    with pytest.raises(SourceError):
        read(tmp_path, text)


def test_an_export_can_be_imported_and_has_no_formulas(tmp_path: Path) -> None:
    entries = [
        Entry("email", "ann@example.net", {"name": '=HYPERLINK("x")', "town": "Köln"}, ("a", "b")),
        Entry("email", "ben@example.net", {"name": "+49 1", "note": "two\nlines"}),
    ]
    out = io.StringIO()
    sheet.write_subscribers(entries, ["name", "note", "town"], out)
    assert "'=HYPERLINK" in out.getvalue()
    assert read(tmp_path, out.getvalue())[0] == entries


def test_an_export_holds_one_subscriber_at_a_time() -> None:
    seen: list[weakref.ref[Entry]] = []
    most = 0

    def entries() -> Iterator[Entry]:
        nonlocal most
        for number in range(100):
            yield (one := Entry("email", f"reader-{number}@example.net", tags=(str(number),)))
            seen.append(weakref.ref(one))
            del one
            most = max(most, sum(ref() is not None for ref in seen))

    sheet.write_subscribers(entries(), [], io.StringIO())
    assert most <= 1


_DOMAINS = (
    "example.net", "Example.NET", "bücher.example", "xn--bcher-kva.example", "example", "localhost",
    "foo.test", "a.onion", "[192.0.2.1]", "-a.example", "a..example", "a.example.", "a b.example",
    "_dmarc.example", "192.0.2.1", f"{'d' * 64}.example", "ex@mple.net", "",
)  # fmt: skip


@given(
    st.text("abzAZ09_+-.!é@ \t", max_size=12) | st.sampled_from(["info", "INFO", "a" * 70]),
    st.sampled_from(["@", ""]),
    st.sampled_from(_DOMAINS),
)
def test_an_address_is_what_the_library_makes_of_it(local: str, at: str, domain: str) -> None:
    """However fast plain addresses are taken."""
    address = f"{local}{at}{domain}"
    try:
        found = validate_email(address.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        with pytest.raises(SourceError) as caught:
            sheet.stored_address(address)
        assert str(error) in caught.value.message
    else:
        assert sheet.stored_address(address) == (found.ascii_email or found.normalized)
