from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from border_kit.catalog.importers import import_into
from border_kit.desk.desk import Desk
from border_kit.desk.install import install
from border_kit.desk.settings import Settings
from border_kit.errors import CatalogError
from border_kit.training import oracle
from border_kit.training.lint import inspect, lint
from border_kit.training.names import names_in
from border_kit.training.overlay import open_world
from border_kit.training.scenario import load

MODULE = Path(__file__).with_name("modules") / "two-lamps.yaml"
Edit = Callable[..., Path]


@pytest.fixture
def desk(installed: Path) -> Desk:
    return Desk(Settings(catalog=installed))


def test_a_sound_scenario_is_clean_in_every_variant(desk: Desk) -> None:
    assert lint([MODULE], desk) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("title: Two crates of lamps", "title: Two crates of Cameras and camera lamps", "gives the answer away ('camera')"),
        ("title: Two crates of lamps", "title: Detain and refer two lamps", "gives the answer away ('detain and refer')"),
        ("title: Two crates of lamps", "title: Controlled without licence", "('controlled without licence')"),
        ("id: two-lamps\n", "id: three-lamps\n", "name them alike"),
        (", back: The frame rate., cite: [rule]}", ", back: The frame rate.}", "a card names its source"),
        ("answer: The frame rate., cite: [rule]}", "answer: The frame rate.}", "an answer of the debrief names its source"),
        ('citations: {rule: "test', 'citations: {other: Unused., rule: "test', "nothing names the source 'other'"),
        ("when: did open_invoice,", "when: did ask_sheet,", "the action 'ask_sheet' can never be done"),
        ("when: did open_invoice,", "when: minutes > 500,", "the action 'ask_sheet' can never be done"),
        ("when: did open_invoice,", "when: did open_invoice and not did open_invoice,", "the action 'ask_sheet' can never be done"),
        ("when: did open_invoice,", "when: minutes > 5 and minutes < 6,", "the action 'ask_sheet' can never be done"),
        ("when: did open_invoice,", "when: did wait before check and not did wait,", "the action 'ask_sheet' can never be done"),
        (", brings: [sheet]", "", "no action that can be done brings the document 'sheet'"),
        ("of: invoice, label: Open the invoice", "of: sheet, label: Open the invoice", "can never be done"),
        ("minutes: 6, text: It comes.", "minutes: 6, text: It comes., when: minutes > 100", "'comes' can never be made"),
        ("{when: knows rate, text: With a reason.}", "{text: With a reason.}", "is always told instead"),
        ("- {text: Without a reason., consequence: A complaint.}", "- {when: did wait, text: Late.}", "stands without `when`"),
        ("{id: hurry, at: 10", "{id: hurry, at: 31", "the message 'hurry' can never come"),
        ("time_limit: 30", "time_limit: 10", "the expert's line takes 11 minutes of 10"),
        ("time_limit: 30", "time_limit: 10", "there is no correct line"),
        ("expert: [check, open_invoice,", "expert: [check,", "'ask_sheet' cannot be done when it comes"),
        ("open_sheet, detain]\n", "open_sheet]\n", "ends without a decision"),
        ("open_sheet, detain]\n", "open_sheet, release]\n", "which `answer` does not hold right"),
        ("ask_sheet, open_sheet, detain]\n", "ask_sheet, detain]\n", "the expert earns 0 of 5 points (see: invoice_first, right)"),
        ("points: 4, when: decided detain_and_refer and knows rate", "points: 4, when: decided detain_and_refer", "guessing pays"),
        ("text: 60 Hz., deciding: true", "text: 60 Hz.", "names exactly the observations marked `deciding`"),
    ],
)  # fmt: skip
def test_a_mistake_is_told(edited: Edit, old: str, new: str, said: str) -> None:
    path = edited(old, new)
    problems = list(inspect(load(path), path))
    assert any(said in problem.message for problem in problems), [str(problem) for problem in problems]
    assert all(problem.line > 1 for problem in problems)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    lane: red\n", "    lane: blue\n", "the engines give lane red, not blue"),
        ("decided_by: controlled_without_licence", "decided_by: listed_party", "the engines give decided_by controlled_without_licence"),
        ("[{code: licence_covers, subject: line 1}]", "[{code: licence_covers, subject: line 2}]", "on line 1, not on line 2"),
        ("{code: false_negative_declaration}]", "{code: watch_hs}]", "the engines give no finding watch_hs"),
        ("absent: [listed_party]", "absent: [likely_control_undecided]", "which must not come"),
        ("verdict: likely, code: 6A003.b.4.b", "verdict: possible, code: 6A003.b.4.b", "is classified likely (6A003.b.4.b), not possible"),
        ("verdict: likely, code: 6A003.b.4.b", "verdict: likely, code: 9A012.a", "points at 6A003.b.4.b first, not at 9A012.a"),
        ("{no: 1, verdict: likely", "{no: 7, verdict: likely", "has no goods line 7"),
        ("status: issued, lines", "status: revoked, lines", "the engines give lane red, not green"),
        ("name: Ulmar Sedgeworthy, aliases", "name: Lower Vale Works, aliases", "the engines give the finding listed_party"),
    ],
)  # fmt: skip
def test_what_the_engines_do_not_give_is_told(edited: Edit, installed: Path, old: str, new: str, said: str) -> None:
    problems = oracle.compare(load(edited(old, new)), installed)
    assert any(said in problem.message for problem in problems), [str(problem) for problem in problems]
    assert all(problem.line > 1 for problem in problems)


def test_a_row_of_the_overlay_that_cannot_be_taken_is_told(edited: Edit, desk: Desk) -> None:
    problems = lint([edited("valid_to: 2026-12-31", "valid_to: 2026-99-99")], desk)
    assert [problem.path for problem in problems] == ["overlay.licences[0].licences[0].valid_to"]
    assert "is no day of the calendar" in problems[0].message


def test_a_variant_that_changes_the_answer_is_told(edited: Edit, desk: Desk) -> None:
    path = edited("{name: Quillfeather Lighting, country: XB}", "{name: Ulmar Sedgeworthy, country: XB}")
    assert any("listed_party" in problem.message for problem in lint([path], desk))


def test_a_signal_scenario_of_a_collection_needs_a_look_alike(edited: Edit, desk: Desk) -> None:
    alone = lint([MODULE], desk, whole=True)
    assert [problem.message[:25] for problem in alone] == ["a signal scenario has at ", "too little noise: 0 clean"]
    named = edited("giveaways: [camera]", "giveaways: [camera]\nlookalikes: [nobody, two-lamps]")
    messages = [problem.message for problem in lint([named], desk, whole=True)]
    assert messages[-2:] == ["there is no scenario 'nobody'", "two-lamps is of the same class: it is no look-alike"]


def test_look_alikes_share_their_difficulty_and_time_limit_since_learners_see_them(edited: Edit, desk: Desk) -> None:
    signal = edited("giveaways: [camera]", "giveaways: [camera]\nlookalikes: [clean-lamps]")
    text = (
        signal.read_text(encoding="utf-8")
        .replace("id: two-lamps\n", "id: clean-lamps\n")
        .replace("Two crates", "Crates")
    )
    clean = signal.with_name("clean-lamps.yaml")
    for level, limit, said in (("2", "30", False), ("3", "30", True), ("2", "31", True)):
        changed = (
            text.replace("class: signal", "class: noise")
            .replace("difficulty: 2", f"difficulty: {level}")
            .replace("time_limit: 30", f"time_limit: {limit}")
        )
        clean.write_text(changed.replace("lookalikes: [clean-lamps]", "lookalikes: [two-lamps]"), encoding="utf-8")
        messages = [problem.message for problem in lint([signal, clean], desk, whole=True)]
        assert any("another difficulty or time limit, which learners see" in message for message in messages) is said, (
            messages
        )


def test_two_scenarios_do_not_share_a_title(edited: Edit, desk: Desk) -> None:
    twin = edited("id: two-lamps\n", "id: other-lamps\n", name="other-lamps")
    assert "two-lamps has the same title" in [problem.message for problem in lint([MODULE, twin], desk)]


def test_a_broken_file_is_a_problem_beside_those_of_the_others(edited: Edit, desk: Desk) -> None:
    broken = edited("format: 1", "format: 2", name="broken")
    other = edited("id: two-lamps\n", "id: three-lamps\n")
    assert {problem.file for problem in lint([broken, other], desk)} == {"broken.yaml", "two-lamps.yaml"}


@pytest.fixture(scope="module")
def with_real_list(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog with a list that is no demo, on which one exporter of the scenario stands."""
    folder = tmp_path_factory.mktemp("live")
    rows = "id,kind,name,aliases,countries,born,identifiers,list\nR1,organisation,Marlowe Lamp Company,,XA,,,REAL\n"
    (folder / "parties.csv").write_text(rows, encoding="utf-8")
    root = folder / "catalog"
    root.mkdir()
    for path in installed.iterdir():
        (root / path.name).write_bytes(path.read_bytes())
    import_into(
        "parties-csv", folder / "parties.csv", root, edition="2026-01-01", today=date(2026, 1, 1), install=install
    )
    return root


def test_a_name_of_a_really_listed_party_is_told(with_real_list: Path) -> None:
    problems = lint([MODULE], Desk(Settings(catalog=with_real_list)))
    assert [problem.message for problem in problems] == [
        "the name 'Marlowe Lamp Company' resembles a listed party (REAL R1): invent another"
    ]
    (line,) = [
        at for at, text in enumerate(MODULE.read_text(encoding="utf-8").splitlines(), 1) if "Marlowe Lamp" in text
    ]
    assert problems[0].line == line


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: Two crates of lamps", "title: Crates for Marlowe Lamp Company"),
        ("A broker hands you the papers of", "For Marlowe Lamp Company a broker hands you the papers of"),
        ("minutes: 6, text: It comes.", "minutes: 6, text: Sent by Marlowe Lamp Company."),
        ("text: Without a reason., consequence: A complaint.", "text: Marlowe Lamp Company complains., consequence: A complaint."),
        ("answer: The frame rate., cite", "answer: Ask the Marlowe Lamp Company., cite"),
        (", back: The frame rate., cite", ", back: MARLOWE LAMP COMPANY knows., cite"),
    ],
)  # fmt: skip
def test_a_listed_party_is_told_wherever_its_name_stands(
    edited: Edit, with_real_list: Path, old: str, new: str
) -> None:
    text = MODULE.read_text(encoding="utf-8").replace("Marlowe Lamp Company", "Quill Feather Lighting")
    path = edited(old, new)
    path.write_text(text.replace(old, new), encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    told = [(problem.line, problem.message) for problem in lint([path], Desk(Settings(catalog=with_real_list)))]
    assert any(at == line and "resembles a listed party (REAL R1)" in message for at, message in told), told


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The Marlowe Lamp Company sells.", ["The Marlowe Lamp Company", "Marlowe Lamp Company"]),
        ("It names Bank of Orlin and Sea.", ["Bank of Orlin and Sea"]),
        ("ORLIN, Marta is here", ["ORLIN Marta"]),
        ("sold to Иван Дудкин, here", ["Иван Дудкин"]),
        ("In the UK nobody. A UK rule. He asks Li Wen", ["Li Wen"]),
        ("one Word alone", []),
    ],
)
def test_what_may_be_a_name_is_found_in_running_text(text: str, found: list[str]) -> None:
    assert list(names_in(text)) == found


def test_live_parties_and_licences_are_not_there_on_the_overlay_desk(with_real_list: Path) -> None:
    scenario = load(MODULE)
    assert oracle.compare(scenario, with_real_list) == []
    with open_world(scenario.overlay, with_real_list, scenario.clock) as world:
        listed = world.desk.catalog.rows("parties", "SELECT caption FROM party")
        assert [row["caption"] for row in listed] == ["Ulmar Sedgeworthy"]
        assert sorted(world.desk.catalog.volumes) == ["controls", "licences-xa-la-77", "parties"]
        assert world.desk.clock.now() == scenario.clock
        root = world.desk.settings.catalog_root()
        assert root.is_dir()
    assert not root.exists()


def test_the_installed_catalog_is_left_as_it_was(installed: Path) -> None:
    before = {path.name: path.read_bytes() for path in installed.iterdir()}
    assert oracle.compare(load(MODULE), installed) == []
    assert {path.name: path.read_bytes() for path in installed.iterdir()} == before


def test_without_controls_nothing_is_said_to_be_clean(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"format": 1, "volumes": {}}', encoding="utf-8")
    with pytest.raises(CatalogError):
        lint([MODULE], Desk(Settings(catalog=tmp_path)))
