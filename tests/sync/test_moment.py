"""The clock rule: what was signed has passed; a stated date is never before it, and ends when the clock is set right."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from border_kit.clock import FixedClock, stamp
from border_kit.errors import UsageError
from border_kit.sync.moment import OfficeClock, Stated, office_clock, state

SIGNED = datetime(2026, 10, 5, 6, tzinfo=UTC)
TODAY = datetime(2026, 10, 20, 9, tzinfo=UTC)
LOST = datetime(2000, 1, 1, 0, 5, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "marks.json").write_text(json.dumps({"roles": {}, "signed": stamp(SIGNED)}))
    return tmp_path


def test_a_clock_that_is_right_is_taken_as_it_is(folder: Path) -> None:
    clock = office_clock(folder, FixedClock(TODAY))
    assert (clock.now(), clock.is_wrong, clock.is_stated, clock.warning) == (TODAY, False, False, "")


@pytest.mark.parametrize(("behind", "wrong"), [(timedelta(hours=23), False), (timedelta(hours=25), True)])
def test_a_day_of_difference_is_borne(folder: Path, behind: timedelta, wrong: bool) -> None:
    assert office_clock(folder, FixedClock(SIGNED - behind)).is_wrong == wrong


def test_a_lost_clock_is_wrong_and_both_dates_are_shown(folder: Path) -> None:
    clock = office_clock(folder, FixedClock(LOST))
    assert clock.is_wrong
    assert "2000-01-01" in clock.warning
    assert "2026-10-05" in clock.warning
    assert "sync date" in clock.warning


def test_a_stated_date_goes_on_with_the_machine(folder: Path) -> None:
    clock = state(folder, TODAY.date(), FixedClock(LOST))
    assert (clock.is_stated, clock.is_wrong, clock.now().date()) == (True, False, TODAY.date())
    later = office_clock(folder, FixedClock(LOST + timedelta(days=3)))
    assert later.now().date() == (TODAY + timedelta(days=3)).date()
    assert "stated" in later.warning


def test_a_stated_date_ends_when_the_clock_is_set_right_or_lost_again(folder: Path) -> None:
    state(folder, TODAY.date(), FixedClock(LOST))
    assert not office_clock(folder, FixedClock(TODAY)).is_stated
    assert office_clock(folder, FixedClock(LOST - timedelta(minutes=1))).is_wrong


def test_a_stated_date_does_not_outlive_newer_signatures(folder: Path) -> None:
    state(folder, TODAY.date(), FixedClock(LOST))
    (folder / "marks.json").write_text(json.dumps({"roles": {}, "signed": stamp(TODAY + timedelta(days=9))}))
    clock = office_clock(folder, FixedClock(LOST))
    assert (clock.is_stated, clock.is_wrong) == (False, True)


def test_a_clock_that_runs_years_ahead_can_be_stated_back(folder: Path) -> None:
    ahead = TODAY + timedelta(days=3650)
    clock = state(folder, TODAY.date(), FixedClock(ahead))
    assert clock.now().date() == TODAY.date()
    assert not office_clock(folder, FixedClock(TODAY)).is_stated


def test_a_date_before_what_was_signed_is_refused(folder: Path) -> None:
    with pytest.raises(UsageError) as caught:
        state(folder, (SIGNED - timedelta(days=1)).date(), FixedClock(LOST))
    assert caught.value.code == "date_before_signed"
    assert "2026-10-05" in caught.value.message


def test_a_date_that_the_clock_shows_already_is_not_stated(folder: Path) -> None:
    state(folder, TODAY.date(), FixedClock(LOST))
    with pytest.raises(UsageError) as caught:
        state(folder, TODAY.date(), FixedClock(TODAY))
    assert caught.value.code == "date_agrees"
    assert not (folder / "date.json").exists()


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"signed": 5}', b'{"signed": "x"}', b"\xff", b'{"signed": "0001-01-01"}']
)
def test_a_damaged_file_never_keeps_the_kit_from_opening(folder: Path, content: bytes) -> None:
    (folder / "marks.json").write_bytes(content)
    (folder / "date.json").write_bytes(content)
    clock = office_clock(folder, FixedClock(TODAY))
    assert (clock.now(), clock.is_stated, clock.warning) == (TODAY, False, "")


def test_a_damaged_date_does_not_take_the_signed_time_along(folder: Path) -> None:
    (folder / "date.json").write_text('{"day": "2026-99-99"}')
    assert office_clock(folder, FixedClock(LOST)).is_wrong


@pytest.mark.parametrize("day", ["2062-10-20", "9999-12-31"])
def test_a_date_that_is_a_slip_of_a_digit_is_refused(folder: Path, day: str) -> None:
    with pytest.raises(UsageError) as caught:
        state(folder, date.fromisoformat(day), FixedClock(LOST))
    assert caught.value.code == "date_too_late"


def test_the_last_day_of_the_calendar_stops_nothing(tmp_path: Path) -> None:
    said = {"day": "9999-12-31", "machine": stamp(LOST), "behind": False}
    (tmp_path / "date.json").write_text(json.dumps(said))
    clock = office_clock(tmp_path, FixedClock(LOST + timedelta(days=400)))
    assert (clock.now().year, clock.is_stated) == (3001, True)


@given(st.integers(0, 4_000_000_000))
def test_what_counts_as_now_is_wrong_or_not_before_the_signed_day(seconds: int) -> None:
    machine = datetime.fromtimestamp(seconds, UTC)
    clock = OfficeClock(SIGNED, Stated(TODAY.date(), LOST, behind=True), FixedClock(machine))
    assert clock.is_wrong or clock.now() >= SIGNED - timedelta(days=1)
