"""The release ledger: whatever is asked in whatever order, no two releases can be held against each other."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from border_kit.casework import releases
from border_kit.casework.case import Casebook
from border_kit.casework.releases import Period, period, record
from border_kit.errors import UsageError
from border_kit.store import memory
from tests.conftest import NOW

LABELS = ("2026", "2026-Q1", "2026-Q2", "2026-01", "2026-03", "2026-04", "2025-12")
FAMILIES = ("assessment", "decision", "destination", "time")
ASKED = st.tuples(
    st.sampled_from(LABELS),
    st.dictionaries(st.just("direction"), st.sampled_from(["export", "import"]), max_size=1),
    st.frozensets(st.sampled_from(FAMILIES), min_size=1, max_size=2),
)


def days(label: str) -> set[int]:
    found = period(label)
    return {found.first.toordinal() + step for step in range((found.last - found.first).days + 1)}


@settings(max_examples=40)
@given(st.lists(ASKED, max_size=12))
def test_two_releases_share_no_case_or_count_the_very_same_ones_by_something_else(
    asked: list[tuple[str, dict[str, str], frozenset[str]]],
) -> None:
    book = Casebook(memory())
    for label, only, about in asked:
        document = {"period": {"label": label}, "only": only, "cases": 40, "tables": []}
        try:
            record(book, document, about, "0" * 64, at=NOW)
        except UsageError as error:
            assert error.code in ("release_overlaps", "release_repeats")  # noqa: PT017 - either is right
    out = releases.releases(book)
    for at, one in enumerate(out):
        for other in out[:at]:
            same = (one.period, one.only) == (other.period, other.only) and not one.about & other.about
            assert same or not days(one.period.label) & days(other.period.label)
    first = {label for label, _, _ in asked[:1]}
    assert first <= {one.period.label for one in out}
    book.close()


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-q4", "2026-10-01", "2026-12-31"),
        ("2028-02", "2028-02-01", "2028-02-29"),
        (" 2027-02 ", "2027-02-01", "2027-02-28"),
    ],
)
def test_a_period_has_its_days(text: str, first: str, last: str) -> None:
    found = period(text)
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)
    assert found.overlaps(Period("x", found.last, found.last + timedelta(9)))
    assert not found.overlaps(Period("x", found.last + timedelta(1), found.last + timedelta(9)))


@pytest.mark.parametrize(
    "text", ["", "26", "1999", "2026-13", "2026-Q0", "2026-Q11", "2026-1", "2026/01", "٢٠٢٦", "2026-Q1;"]
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no period"):
        period(text)
