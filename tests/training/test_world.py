from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from border_kit import disk
from border_kit.catalog.sources import SourceError
from border_kit.desk.desk import Desk
from border_kit.desk.settings import Settings
from border_kit.training import signing, solver
from border_kit.training.lint import inspect, lint
from border_kit.training.model import Scenario
from border_kit.training.overlay import open_world
from border_kit.training.scenario import load
from border_kit.training.session import available, begin, loaded, perform

PAPERS = Path(__file__).with_name("papers") / "two-seals.yaml"
Changed = Callable[[str, str], Path]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load(PAPERS)


@pytest.fixture
def changed(tmp_path: Path) -> Changed:
    def change(old: str, new: str) -> Path:
        text = PAPERS.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{text.count(old)} places of {old!r}"
        path = tmp_path / PAPERS.name
        path.write_text(text.replace(old, new), encoding="utf-8")
        return path

    return change


def test_every_kind_of_paper_gets_from_the_real_verifier_what_its_author_expects(installed: Path) -> None:
    assert lint([PAPERS], Desk(Settings(catalog=installed))) == []


def test_an_expectation_about_a_paper_that_does_not_hold_is_told_at_its_line(changed: Changed, installed: Path) -> None:
    path = changed(
        "{certificate: forged, verdict: fail, stage: signature, reasons: [signature_invalid]}",
        "{certificate: forged, verdict: fail, stage: key, reasons: [key_unknown]}",
    )
    problems = [(item.path, item.message) for item in lint([path], Desk(Settings(catalog=installed)))]
    assert problems == [
        ("expected_certificates[2].reasons[0]", "the verifier gives no reason key_unknown (it gives: signature_invalid)"),
        ("expected_certificates[2].stage", "the verifier stops at signature, not at key"),
    ]  # fmt: skip


def test_the_same_world_has_the_same_papers_and_another_variant_others(scenario: Scenario) -> None:
    assert signing.issue_all(scenario.overlay) == signing.issue_all(load(PAPERS).overlay)
    texts = signing.issue_all(scenario.overlay).texts
    assert len(set(texts.values())) == len(texts) == 16
    assert all(text.startswith("CL1:") for text in texts.values())


def test_a_training_certificate_is_nobodys_on_a_desk_outside_training(scenario: Scenario, shipped: Path) -> None:
    live = Desk(Settings(catalog=shipped, now=scenario.clock))
    text = signing.issue_all(scenario.overlay).texts["good"]
    found = live.certificates.verify(text).verification
    assert (found.verdict, found.reasons) == ("fail", ("key_unknown",))
    live.close()


def test_a_newer_list_changes_what_it_states_and_keeps_the_rest(scenario: Scenario) -> None:
    after = scenario.overlay.after({"stick"})
    assert [party.name for party in after.parties] == ["Ormskirk Vantage Trading"]
    assert after.edition.isoformat() == "2026-03-09"
    assert after.trust is not None
    assert after.trust.status_list.isoformat() == "2026-03-09"
    assert {item.id for item in after.certificates if item.status == "revoked"} == {"good", "withdrawn"}
    assert [row["status"] for row in after.registries[0]["licences"]] == ["revoked"]
    assert scenario.overlay.after(()) == scenario.overlay


def test_what_is_done_in_training_stays_in_the_world_of_the_scenario(scenario: Scenario, installed: Path) -> None:
    with open_world(scenario.overlay, installed, scenario.clock) as world:
        desk, folder = world.desk, world.desk.settings.casebook_path().parent
        assert desk.drawings.training
        assert desk.ledger.training
        for path in (desk.settings.catalog_root(), desk.settings.ledger_path(), desk.settings.seen_path()):
            assert path.is_relative_to(folder)
        assert desk.casebook.rows() == []
        assert desk.settings.casebook_path().is_file()
        (shown,) = world.prove("twice").seen
        assert (shown.shipment, shown.office, shown.at[:10]) == ("EX-70", "XA-BOR-09", "2026-02-20")
    assert not folder.exists()


def test_a_licence_knows_the_certificate_that_was_issued_for_it(scenario: Scenario, installed: Path) -> None:
    with open_world(scenario.overlay, installed, scenario.clock) as world:
        known = world.desk.registry.find("EL-1")
        assert known is not None
        assert known.cti == world.papers.claims["good"].cti
        assert world.prove("good").verification.outcomes["registry"].state == "ok"


def test_messages_press_at_their_minute_and_newer_lists_come_by_action(scenario: Scenario) -> None:
    start = begin(scenario)
    assert [item.id for item in start.messages] == ["favour"]
    assert "load_stick" not in {action.id for action in available(scenario, start.progress)}
    waited = perform(scenario, start.progress, scenario.action("wait"))
    assert [item.id for item in waited.messages] == ["stick_comes"]
    assert loaded(scenario, waited.progress) == frozenset()
    in_hand = perform(scenario, waited.progress, scenario.action("load_stick"))
    assert in_hand.messages == ()
    assert loaded(scenario, in_hand.progress) == {"stick"}


def test_a_message_can_bring_a_newer_list_with_it(changed: Changed) -> None:
    scenario = load(changed("text: Here is a stick from the office.}", "text: The lists are in., loads: stick}"))
    waited = perform(scenario, begin(scenario).progress, scenario.action("wait"))
    assert loaded(scenario, waited.progress) == {"stick"}


def test_a_scenario_may_say_what_its_licences_bear_in_place_of_the_profile(changed: Changed, installed: Path) -> None:
    edition = "  edition: 2025-11-01\n"
    bears = 'tolerance: {from: 2020-01-01, quantity_percent: "50", measure_percent: "0", value_percent: "0", cite: fictional}'
    verdicts = {}
    for path in (PAPERS, changed(edition, f"{edition}  {bears}\n")):
        scenario = load(path)
        with open_world(scenario.overlay, installed, scenario.clock) as world:
            shipment = world.shipment("declared")
            for asked in (2, 3, 4):
                line = replace(shipment.lines[0], quantity=Decimal(asked))
                answer = world.desk.assess(replace(shipment, lines=(line,))).licences[0]
                verdicts[path == PAPERS, asked] = (answer.verdict, answer.reasons)
    short = ("fail", ("quantity_exceeded",))
    assert [verdicts[True, asked] for asked in (2, 3, 4)] == [("pass", ()), short, short]
    assert [verdicts[False, asked] for asked in (2, 3, 4)] == [("pass", ()), ("pass", ()), short]


def test_nothing_presses_in_after_the_decision(scenario: Scenario) -> None:
    late = perform(scenario, begin(scenario).progress, scenario.action("release"))
    assert late.messages == ()


def test_the_solver_waits_where_waiting_is_asked(scenario: Scenario) -> None:
    line = solver.solve(scenario).line
    assert line is not None
    assert {"wait", "load_stick", "ask_signature", "hand_case"} <= set(line)


@pytest.mark.parametrize(
    ("old", "new", "path", "said"),
    [
        ("{id: foreign, issuer: XB/LA-01,", "{id: foreign, issuer: XZ/LA-01,", "overlay.certificates[6].issuer", "no authority 'XZ/LA-01'"),
        (", phone: +00 555 0177, home: true}", "}", "overlay.trust.authorities", "no authority is `home: true`"),
        ("country: XB, phone", "country: XC, phone", "overlay.trust.authorities[1].country", "another country"),
        ("      edition: 2026-03-09\n", "", "overlay.updates[0]", "add `edition`"),
        ("      status_list: 2026-03-09\n", "", "overlay.updates[0]", "add `status_list`"),
        ("removed: [T-1]", "removed: [T-7]", "overlay.updates[0].removed[0]", "no listed party 'T-7'"),
        ("when: received stick_comes", "when: received sticks", "actions[18].when", "no message 'sticks'"),
        ("kind: load, of: stick", "kind: load, of: sticks", "actions[18].of", "no update 'sticks'"),
        ("      certificates: [good]", "      certificates: [goods]", "overlay.declarations[0].certificates[0]", "no certificate 'goods'"),
        ("to: 2026-03-31\n", "to: 2026-03-32\n", "overlay.exemptions[0].to", "no date of the calendar"),
        ("{certificate: foreign, verdict", "{certificate: alien, verdict", "expected_certificates[7].certificate", "no certificate 'alien'"),
    ],
)  # fmt: skip
def test_a_wrong_world_is_refused_with_path_and_reason(
    changed: Changed, old: str, new: str, path: str, said: str
) -> None:
    with pytest.raises(SourceError) as caught:
        load(changed(old, new))
    assert [(item.path, said in item.message) for item in caught.value.problems] == [(path, True)]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "  - {certificate: paused, verdict: fail, stage: status, reasons: [suspended]}\n", "",
            "say in `expected_certificates` what the verifier answers to 'paused'",
        ),
        (
            "title: Paper of ended, text: A licence with a QR code., certificate: ended}",
            "title: Paper of ended, text: A licence with a QR code.}",
            "no document or declaration bears the certificate 'ended'",
        ),
        ("when: received stick_comes", "when: received stick_comes and minutes < 0", "nothing that can happen loads the update"),
    ],
)  # fmt: skip
def test_lint_tells_of_papers_and_lists_that_nobody_meets(changed: Changed, old: str, new: str, said: str) -> None:
    path = changed(old, new)
    assert any(said in problem.message for problem in inspect(load(path), path))


def test_the_world_of_a_process_that_was_killed_is_swept_away_a_day_later(
    scenario: Scenario, installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    old, new = tmp_path / "border-kit-training-old", tmp_path / "border-kit-training-new"
    for folder in (old, new):
        folder.mkdir()
    os.utime(old, (0, 0))
    with open_world(scenario.overlay, installed, scenario.clock):
        assert not old.exists()
        assert new.exists()


def test_a_world_never_waits_for_the_disk_and_what_stays_still_does(
    scenario: Scenario, installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forced: list[int] = []
    monkeypatch.setattr(os, "fsync", forced.append)
    with open_world(scenario.overlay, installed, scenario.clock):
        assert forced == []
        disk.replace_file(tmp_path / "kept", b"a file of the office, written while a world is open")
        assert forced != []
