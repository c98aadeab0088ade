"""A clock that is wrong, or a date that was stated, clears no paper: CANNOT TELL at best, whatever the paper says."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from border_kit.clock import stamp
from border_kit.desk.desk import Desk
from border_kit.desk.settings import Settings
from border_kit.sync.moment import state

PAPER = (Path(__file__).resolve().parents[1] / "tui" / "demo-certificate.txt").read_text(encoding="utf-8").strip()
NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def later(office: Path) -> datetime:
    """A moment at which data were signed that are installed here: far after what the machine's clock shows."""
    signed = NOW + timedelta(days=40)
    (office / "sync").mkdir(parents=True)
    (office / "sync" / "marks.json").write_text(json.dumps({"roles": {}, "signed": stamp(signed)}), encoding="utf-8")
    return signed


def proven(shipped: Path) -> tuple[str, tuple[str, ...]]:
    desk = Desk(Settings(catalog=shipped))
    found = desk.certificates.verify(PAPER).verification
    desk.close()
    return found.verdict, found.reasons


@pytest.mark.usefixtures("later")
def test_a_clock_before_the_signed_time_clears_no_paper(shipped: Path) -> None:
    verdict, reasons = proven(shipped)
    assert verdict == "cannot_tell"
    assert "clock_behind" in reasons


def test_a_stated_date_clears_no_paper(shipped: Path, office: Path, later: datetime) -> None:
    state(office / "sync", later.date())
    verdict, reasons = proven(shipped)
    assert verdict == "cannot_tell"
    assert "clock_stated" in reasons


def age(shipped: Path) -> int:
    catalog = Desk(Settings(catalog=shipped)).catalog
    return catalog.info("parties").age_days(catalog.today)


def test_ages_are_judged_by_the_stated_date(shipped: Path, office: Path, later: datetime) -> None:
    before = age(shipped)
    state(office / "sync", later.date())
    assert age(shipped) - before == (later.date() - NOW.date()).days
    assert [alarm.word for alarm in Settings(catalog=shipped).alarms()] == ["DATE STATED"]
