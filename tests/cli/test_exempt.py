"""An exemption that the office must approve counts for nothing until another supervisor approved it, by keys or by command."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from border_kit.casework.acts import record
from border_kit.casework.case import Casebook
from border_kit.casework.operators import Enrolment
from border_kit.desk.desk import Desk
from border_kit.desk.settings import Settings
from border_kit.errors import UsageError
from border_kit.shipment.readers import shipment_from_json
from tests.command import call, follows
from tests.conftest import NOW
from tests.tui.screens import opened, press, type_text
from tests.tui.test_acts_by_keys import PINS, _pressed, _signed, _told

SHIPMENT: dict[str, Any] = {
    "id": "EX-7", "direction": "export", "date": "2026-11-25", "destination": "YY",
    "parties": [{"role": "exporter", "name": "Vessenfeld Optik GmbH", "country": "XA"}],
    "lines": [{"no": 1, "hs": "852589", "documents": ["TMP-DEMO-2"],
               "description": "Thermal imaging camera core 640x512 60 Hz, uncooled microbolometer, 5 pcs"}],
}  # fmt: skip
WORDS = ("--exemption", "TMP-DEMO-2", "--decision", "approved", "--reason", "letter seen")


def _office(path: Path, shipped: Path, file: Path) -> str:
    call("case", "new", file, "--casebook", path, "--catalog", shipped, "--operator", "B-12")
    book = Casebook.at(path)
    book.enrol(Enrolment("B-01", "A. Ruhe", "supervisor", PINS["B-01"]), office="XA-BOR-01", at=NOW)
    book.enrol(Enrolment("B-12", "K. Adeyo", "officer", PINS["B-12"]), at=NOW)
    number = book.rows()[0].case_id
    book.close()
    return number


def _codes(path: Path, number: str) -> set[str]:
    return {row["code"] for row in Casebook.at(path).show(number).assessment["findings"]}


async def test_keys_and_command_approve_alike_and_nobody_else_may(shipped: Path, tmp_path: Path) -> None:
    keyed, typed, file = tmp_path / "keyed.sqlite", tmp_path / "typed.sqlite", tmp_path / "shipment.json"
    file.write_text(json.dumps(SHIPMENT), encoding="utf-8")
    number = _office(keyed, shipped, file)
    shutil.copy(keyed, typed)  # one office: its secret draws the same by chance
    before = _codes(typed, number)
    assert "exemption_approval_open" in before
    without = {**SHIPMENT, "lines": [{**SHIPMENT["lines"][0], "documents": []}]}
    file.write_text(json.dumps(without), encoding="utf-8")
    plain = call("check", file, "--catalog", shipped, "--now", "2026-11-25T09:30:00Z", "--json").json["assessments"][0]
    assert before - {"exemption_approval_open"} == {row["code"] for row in plain["findings"]}
    assert call("case", "exempt", number, *WORDS, "--casebook", typed, "--catalog", shipped).code == 2
    assert _signed(typed, shipped, "B-12", "exempt", number, *WORDS) == 2
    assert _signed(typed, shipped, "B-01", "exempt", number, "--exemption", "HUM-DEMO-1", *WORDS[2:]) == 2
    assert _codes(typed, number) == before
    assert _signed(typed, shipped, "B-01", "exempt", number, *WORDS) == 0
    settings = Settings(catalog=shipped, casebook=keyed, operator="B-01", pin=PINS.__getitem__)
    async with opened(settings) as pilot:
        await type_text(pilot, number)
        await press(pilot, "enter")
        await _pressed(pilot, ("f9", "=exempt", '"TMP-DEMO-2', "=approved", '"letter seen'))
    after = _codes(typed, number)
    assert "exemption_applies" in after
    assert "controlled_without_licence" not in after
    assert _told(keyed)[1][:2] == _told(typed)[1][:2] == ("exemption_ruled", "B-01")
    assert Casebook.at(keyed).show(number).assessment == Casebook.at(typed).show(number).assessment
    assert Casebook.at(typed).verify().intact
    shown = call("case", "show", number, "--casebook", typed, "--json").json
    assert all(follows("event", event) for event in shown["events"])


def test_a_refused_exemption_does_not_count_and_one_of_another_issuer_never_does(shipped: Path) -> None:

    desk = Desk(Settings(catalog=shipped, now=NOW))
    shipment = shipment_from_json(SHIPMENT, position=1)
    approved, refused = {"TMP-DEMO-2": "approved"}, {"TMP-DEMO-2": "refused"}
    codes = {row.code for row in desk.assess(shipment, {}, refused).findings}
    assert "exemption_approval_refused" in codes
    assert "exemption_applies" in {row.code for row in desk.assess(shipment, {}, approved).findings}
    profile = desk.assessor.profile
    assert profile is not None
    object.__setattr__(profile, "exemption_issuers", frozenset({"Somebody Else"}))
    found = {row.code for row in desk.assess(shipment, {}, approved).findings}
    assert "exemption_issuer_not_allowed" in found
    assert "exemption_applies" not in found
    desk.close()


def test_who_opened_the_case_does_not_approve_its_exemption(tmp_path: Path) -> None:
    book = Casebook.at(tmp_path / "casebook.sqlite")
    book.enrol(Enrolment("B-01", "A. Ruhe", "supervisor", PINS["B-01"]), office="XA-BOR-01", at=NOW)
    opened_with: dict[str, Any] = {
        "lane": "red", "advice": "detain_and_refer", "verdict": "stop", "decided_by": "controlled_without_licence",
    }  # fmt: skip
    number = book.open_case(SHIPMENT, opened_with, at=NOW).case_id
    values = {"exemption": "TMP-DEMO-2", "decision": "approved", "reason": "x"}
    with pytest.raises(UsageError, match="opened the case"):
        record(book, number, "exempt", values, at=NOW)
    assert book.show(number).exemptions_ruled == {}
    book.close()
