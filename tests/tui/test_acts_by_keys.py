"""Each action on a case by keys and by one command: the same events, to the letter, and the same case afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from border_kit.casework import software
from border_kit.casework.acts import ACTS
from border_kit.casework.case import Casebook
from border_kit.casework.operators import Enrolment
from border_kit.cli import case_acts
from border_kit.desk.settings import Settings
from border_kit.signing import Key
from border_kit.tui.dialogs.ask import ChoiceDialog
from border_kit.tui.screens.result import FORMS, ResultScreen
from tests.command import call
from tests.conftest import EXAMPLES, NOW
from tests.tui.screens import opened, press, type_text

CASE = "2026-0001"
SECONDS = {"countersign", "refuse", "exempt"}
PINS = {"B-01": "428913", "B-12": "771204"}


@dataclass(frozen=True)
class Done:
    """One action: its keys after the case is open (a choice as `=id`, words as `"words`), and its command after `case`."""

    name: str
    keys: tuple[str, ...]
    command: tuple[str, ...]


def acted(name: str, values: Mapping[str, str], command: tuple[str, ...] | None = None) -> Done:
    """An act under F9: its form by keys, and the options of its command."""
    keys = tuple(
        f"={values[entry.name]}" if entry.choices else f'"{values.get(entry.name, "")}' for entry in FORMS[name]
    )
    options = tuple(part for key, value in values.items() if value for part in (f"--{key}", value))
    return Done(name, ("f9", f"={name}", *keys), command or (name, CASE, *options))


def actions(photo: Path) -> Iterator[Done]:
    """Every action on a case, in an order in which each means something."""
    yield Done("answer", ("f8", "=evasive-end-use", "=yes"), ("answer", CASE, "evasive-end-use", "yes"))
    yield Done(
        "answer with a value",
        ("f8", "=controlled_without_licence:1", "=value", '"asked two weeks ago'),
        ("answer", CASE, "controlled_without_licence:1", "asked two weeks ago"),
    )
    for key, decision in (("f2", "release"), ("f3", "document_check"), ("f4", "examine"), ("f5", "detain_and_refer")):
        reason = () if decision == "detain_and_refer" else ('"a reason',)
        words = ("--reason", "a reason") if reason else ()
        yield Done(f"decide {decision}", (key, *reason), ("decide", CASE, decision, *words))
    yield acted("note", {"text": "driver says repacked"})
    yield acted("refer", {"to": "Licensing Authority", "question": "Is line 1 licensable?"})
    yield acted(
        "rule",
        {
            "authority": "XA/LA-01",
            "reference": "R-77",
            "outcome": "no_licence_required",
            "lines": "1",
            "entry": "",
            "text": "",
        },
    )
    yield acted("dispute", {"about": "match", "by": "Exporter", "grounds": "another birth date"})
    yield acted("respond", {"dispute": "DISPUTE", "text": "passport asked for"})
    yield acted("resolve", {"dispute": "DISPUTE", "outcome": "changed", "reason": "another man"})
    held = {"item": "crate", "move": "taken", "place": "store", "to": "B-12", "seal": "", "reason": "held"}
    yield acted("custody", held)
    yield acted("custody", {**held, "move": "handed_over", "to": "B-07", "seal": "S-5"})
    yield acted("attach", {"file": str(photo)}, ("attach", CASE, str(photo)))
    yield acted(
        "inspect",
        {"licensed": "SN-1001 SN-1002", "seen": "SN-1001 SN-1O02"},
        ("inspect", CASE, "--licensed", "SN-1001", "--licensed", "SN-1002", "--seen", "SN-1001", "--seen", "SN-1O02"),
    )
    yield acted("outcome", {"result": "nothing_found", "text": ""})
    listed = {"list": str(photo.with_name("list.json")), "folder": str(photo.with_name("supplied")), "key": ""}
    yield acted("software", listed)
    for kind in ("detention", "referral", "inspection"):
        yield acted("paper", {"kind": kind, "print": "no"}, ("notice", CASE, "--kind", kind))


async def _pressed(pilot: Pilot[None], keys: tuple[str, ...]) -> None:
    for key in keys:
        if key.startswith("="):
            await _choose(pilot, key[1:])
        elif key.startswith('"'):
            await type_text(pilot, key[1:])
            await press(pilot, "enter")
        else:
            await press(pilot, key)


async def _choose(pilot: Pilot[None], wanted: str) -> None:
    dialog = pilot.app.screen
    assert isinstance(dialog, ChoiceDialog), f"no choice is asked where {wanted} was to be chosen"
    names = [name for name, _ in dialog._rows]
    assert wanted in names, f"{wanted} is not among {names}"
    await press(pilot, *["down"] * names.index(wanted), "enter")


def _open_case(path: Path, shipped: Path) -> None:
    made = call(
        "case",
        "new",
        EXAMPLES / "red-detain-no-licence.json",
        "--casebook",
        path,
        "--catalog",
        shipped,
        "--operator",
        "B-12",
    )
    assert made.code == 1, made.err
    book = Casebook.at(path)
    assert book.rows()[0].case_id.endswith("-0001")
    book.close()


def _told(path: Path) -> list[tuple[Any, ...]]:
    """Every event of the case but its number, moment and hash; a paper's own hash holds its moment."""
    book = Casebook.at(path)
    number = book.rows()[0].case_id
    found = [
        (
            event.kind,
            event.operator,
            event.signed,
            {key: value for key, value in event.data.items() if event.kind != "paper_made" or key == "paper"},
        )
        for event in book.show(number).events
    ]
    book.close()
    return found


def _row(path: Path, shipped: Path) -> dict[str, Any]:
    row: dict[str, Any] = call("case", "list", "--casebook", path, "--catalog", shipped, "--json").json["cases"][0]
    return {key: value for key, value in row.items() if key not in ("opened_at", "decided_at")}


async def test_each_action_by_keys_leaves_the_same_events_as_its_command(shipped: Path, tmp_path: Path) -> None:
    keyed, typed, photo = tmp_path / "keyed.sqlite", tmp_path / "typed.sqlite", tmp_path / "photo.jpg"
    photo.write_bytes(b"a photo")
    (tmp_path / "supplied").mkdir()
    signed = software.sign("Fictional Drones", "autopilot 7", tmp_path / "supplied", Key.new())
    (tmp_path / "list.json").write_text(json.dumps(signed), encoding="utf-8")
    for path in (keyed, typed):
        _open_case(path, shipped)
    table = list(actions(photo))
    assert {done.name for done in table} >= set(FORMS) - SECONDS, "an act has no row here"
    assert {*FORMS} == {*ACTS, *SECONDS, "attach", "inspect", "software", "paper"}
    case = Casebook.at(typed).rows()[0].case_id
    async with opened(Settings(catalog=shipped, casebook=keyed)) as pilot:
        await type_text(pilot, case)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, ResultScreen)
        for done in table:
            before = len(_told(keyed))
            dispute = next((str(e.seq) for e in Casebook.at(keyed).show(case).events if e.kind == "disputed"), "")
            await _pressed(pilot, tuple(key.replace("DISPUTE", dispute) for key in done.keys))
            assert len(_told(keyed)) > before, f"{done.name}: the keys recorded nothing"
            words = tuple(word.replace("DISPUTE", dispute).replace(CASE, case) for word in done.command)
            answer = call("case", *words, "--casebook", typed, "--catalog", shipped, "--json")
            assert answer.code in (0, 1, 3), f"{done.name}: {answer.err}"
            assert _told(keyed)[before:] == _told(typed)[before:], done.name
    assert _row(keyed, shipped) == _row(typed, shipped)


@pytest.mark.parametrize(("name", "reason"), [("countersign", ()), ("refuse", ("no data sheet",))])
async def test_a_second_signature_by_keys_equals_its_command(
    shipped: Path, tmp_path: Path, name: str, reason: tuple[str, ...]
) -> None:
    keyed, typed = tmp_path / "keyed.sqlite", tmp_path / "typed.sqlite"
    for path in (keyed, typed):
        _open_case(path, shipped)
        book = Casebook.at(path)
        book.enrol(Enrolment("B-01", "A. Ruhe", "supervisor", PINS["B-01"]), office="XA-BOR-01", at=NOW)
        book.enrol(Enrolment("B-12", "K. Adeyo", "officer", PINS["B-12"]), at=NOW)
        book.close()
    case = Casebook.at(typed).rows()[0].case_id
    first = ("decide", case, "release", "--reason", "a reason")
    second = (name, case, *(part for words in reason for part in ("--reason", words)))
    for path in (keyed, typed):
        assert _signed(path, shipped, "B-12", *first) == 0
    assert _signed(typed, shipped, "B-01", *second) == 0
    settings = Settings(catalog=shipped, casebook=keyed, operator="B-01", pin=PINS.__getitem__)
    async with opened(settings) as pilot:
        await type_text(pilot, case)
        await press(pilot, "enter")
        await _pressed(pilot, ("f9", f"={name}", *(f'"{words}' for words in reason)))
    told = _told(keyed), _told(typed)
    for events in told:
        events[-1][3].pop("hash")  # of the decision that it is about
    assert told[0] == told[1]
    assert told[0][-1][:3] == ({"countersign": "countersigned", "refuse": "second_refused"}[name], "B-01", True)
    assert _row(keyed, shipped) == _row(typed, shipped)


def _signed(path: Path, shipped: Path, badge: str, *words: str) -> int:
    pin = path.with_name("pin")
    pin.write_text(PINS[badge] + "\n", encoding="utf-8")
    with pin.open() as given:
        return call(
            "case",
            *words,
            "--casebook",
            path,
            "--catalog",
            shipped,
            "--operator",
            badge,
            "--pin-fd",
            str(given.fileno()),
        ).code


def test_every_act_has_a_command_of_its_name() -> None:
    names = {command.name for command in case_acts.commands()}
    assert names >= {*FORMS} - {"paper"} | {"notice"}


async def test_a_question_of_a_rule_offers_no_words_which_no_rule_would_understand(
    shipped: Path, tmp_path: Path
) -> None:
    path = tmp_path / "casebook.sqlite"
    _open_case(path, shipped)
    async with opened(Settings(catalog=shipped, casebook=path)) as pilot:
        await type_text(pilot, Casebook.at(path).rows()[0].case_id)
        await press(pilot, "enter", "f8")
        await _choose(pilot, "evasive-end-use")
        dialog = pilot.app.screen
        assert isinstance(dialog, ChoiceDialog)
        assert [name for name, _ in dialog._rows] == ["yes", "no", "not_known"]
