"""The world's clock is the scenario's: it moves by what is done, and what ends meanwhile has ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from border_kit.clock import FixedClock, parse_moment
from border_kit.errors import InputError
from border_kit.training import runs, telling
from border_kit.training.model import Scenario
from border_kit.training.oracle import compare, windows
from border_kit.training.play import Play
from border_kit.training.run import Run
from border_kit.training.scenario import load
from tests.conftest import NOW

PAPERS = Path(__file__).with_name("papers") / "two-seals.yaml"
LATE = "2026-03-09T23:50:00Z"
"""Ten minutes before the last day of the paper `ended` is over, and of the licence as it is written here."""


@pytest.fixture
def late(tmp_path: Path) -> Path:
    """The scenario of the papers, ten minutes before midnight; its licence ends then too, and no declaration was lodged before."""
    text = PAPERS.read_text(encoding="utf-8").replace('clock: "2026-03-10T09:00:00Z"', f'clock: "{LATE}"')
    start = "{number: EL-1, type: individual, holder: Marlowe Lamp Company, end_user: Lower Vale Works, destinations: [YY], valid_from: 2026-01-01, valid_to: "
    assert text.count(start) == 2
    text = text.replace(f"{start}2026-12-31", f"{start}2026-03-09", 1)
    path = tmp_path / "two-seals.yaml"
    path.write_text(text.replace("date: 2026-03-10, ", ""), encoding="utf-8")
    return path


@pytest.fixture
def play(late: Path, installed: Path, tmp_path: Path) -> Iterator[Play]:
    found = Play(runs.begin(load(late), "ana", FixedClock(NOW), seed=None, into=tmp_path / "runs"), installed)
    yield found
    found.close()


def codes(play: Play) -> set[str]:
    """What the engines find on the declaration now."""
    return {finding.code for finding in play.world.assess("declared").findings}


def verdict(play: Play, action: str) -> tuple[str, tuple[str, ...]]:
    checked = play.do(action).checked
    assert checked is not None
    return checked.verification.verdict, tuple(checked.verification.reasons)


def test_the_world_s_clock_stands_where_the_actions_have_brought_it(play: Play) -> None:
    assert play.world.desk.clock.now() == parse_moment(LATE)
    play.do("scan_good")
    play.do("compare_seal")
    assert play.run.step.progress.minutes == 3
    assert play.world.desk.clock.now() == parse_moment("2026-03-09T23:53:00Z")
    assert play.world.desk.settings.now == parse_moment("2026-03-09T23:53:00Z")


def test_a_paper_that_ends_at_midnight_is_good_before_and_expired_after(play: Play) -> None:
    assert verdict(play, "scan_ended") == ("pass", ())
    play.do("wait")
    assert play.world.prove("ended").verification.verdict == "fail"
    assert "expired" in play.world.prove("ended").verification.reasons


def test_a_licence_that_ends_at_midnight_covers_before_and_not_after(play: Play) -> None:
    assert "licence_covers" in codes(play)
    play.do("wait")
    assert {"licence_covers", "licence_expired"} & codes(play) == {"licence_expired"}
    assert play.world.desk.catalog.today == parse_moment("2026-03-10").date()


def test_an_answer_is_that_of_the_moment_at_which_its_action_is_done_with(
    late: Path, installed: Path, tmp_path: Path
) -> None:
    text = late.read_text(encoding="utf-8").replace(
        "{id: saw_ended, action: scan_ended, minutes: 1,", "{id: saw_ended, action: scan_ended, minutes: 15,"
    )
    late.write_text(text, encoding="utf-8")
    play = Play(runs.begin(load(late), "ana", FixedClock(NOW), seed=None, into=tmp_path / "runs"), installed)
    try:
        assert verdict(play, "scan_ended") == ("fail", ("expired",))
    finally:
        play.close()


def test_what_is_written_while_one_plays_bears_the_scenario_s_time(play: Play) -> None:
    play.do("wait")
    desk = play.world.desk
    row = desk.save_case(play.world.shipment("declared"), play.world.assess("declared"))
    assert {event.at for event in desk.cases.events(row.case_id)} == {"2026-03-10T00:02:00Z"}


def test_going_on_stands_at_the_same_moment_with_the_same_answers(play: Play, late: Path, installed: Path) -> None:
    play.do("scan_good")
    play.do("wait")
    found = codes(play)
    play.close()
    again = Play(Run.resumed(load(late), play.run.path, FixedClock(NOW)), installed)
    try:
        assert again.world.desk.clock.now() == parse_moment("2026-03-10T00:03:00Z")
        assert codes(again) == found
    finally:
        again.close()


# What an author promises


def messages(scenario: Scenario, installed: Path) -> list[str]:
    return [problem.message for problem in compare(scenario, installed)]


def test_an_answer_that_changes_within_the_time_must_be_promised_from_a_minute_on(late: Path, installed: Path) -> None:
    scenario = load(late)
    ended = next(item for item in scenario.proofs if item.certificate == "ended")
    others = tuple(item for item in scenario.proofs if item is not ended)
    early = replace(ended, verdict="pass", stage=None, reasons=())
    assert any(
        "after 60 minutes the verifier gives fail" in text
        for text in messages(replace(scenario, proofs=(early,)), installed)
    )
    both = (early, replace(ended, begin=10))
    assert not [text for text in messages(replace(scenario, proofs=both), installed) if "verifier" in text]
    wrong = (early, replace(ended, begin=11))
    assert any(
        "after 10 minutes the verifier gives fail" in text
        for text in messages(replace(scenario, proofs=wrong), installed)
    )
    assert len(others) == len(scenario.proofs) - 1


def test_a_promise_gives_way_to_a_later_one_of_the_same(late: Path) -> None:
    scenario = load(late)
    first = scenario.expected[0]
    later = replace(first, begin=25)
    spans = {(begin, end) for begin, end, item in windows(replace(scenario, expected=(first, later), proofs=()))}
    assert spans == {(0, 24), (25, 60)}


def test_a_promise_for_after_the_end_is_a_mistake(late: Path, installed: Path) -> None:
    scenario = load(late)
    beyond = replace(scenario, expected=(replace(scenario.expected[0], begin=61),), proofs=())
    assert messages(beyond, installed) == ["the scenario ends after 60 minutes: nothing is expected from 61 on"]


def test_the_time_of_day_shown_is_that_of_the_place(late: Path) -> None:
    late.write_text(late.read_text(encoding="utf-8").replace(LATE, "2026-03-09T23:50:00+05:30"), encoding="utf-8")
    scenario = load(late)
    assert telling.clock(scenario, 15).startswith("00:05")
    assert scenario.at(15) == parse_moment("2026-03-09T18:35:00Z")


def test_a_clock_at_the_end_of_the_calendar_is_refused(late: Path) -> None:
    late.write_text(late.read_text(encoding="utf-8").replace(LATE, "9999-12-31T23:59:00Z"), encoding="utf-8")
    with pytest.raises(InputError, match="no moment of the calendar"):
        load(late)
