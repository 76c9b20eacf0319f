"""Editions and their parts."""

import pytest

import syndicate.adapters


def test_a_plugin_may_still_use_the_old_name_of_an_edition_part() -> None:
    with pytest.warns(DeprecationWarning, match="EditionPart"):
        old = syndicate.adapters.Part
    assert old is syndicate.adapters.EditionPart
