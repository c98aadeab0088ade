"""What outsiders say: signed, queued as unverified, heard once a supervisor accepted it, and never longer than it stands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from border_kit import signing
from border_kit.casework import observations
from border_kit.casework.case import Casebook
from border_kit.casework.operators import Enrolment
from border_kit.errors import InputError
from tests.cli.test_operators import secret
from tests.command import call, follows, unsafe
from tests.conftest import NOW

WATCH = signing.Key(b"w" * 32)
SAID = "Three crates were relabelled at the warehouse before export."


def document(about: Mapping[str, Any], key: signing.Key = WATCH, **more: Any) -> dict[str, Any]:
    """A signed observation of an invented sender."""
    bare: dict[str, Any] = {
        "format": observations.FORMAT, "reference": "EW-17", "made_at": "2026-11-20", "valid_to": "2030-01-31",
        "sender": {"name": "Examplia Watch", "kind": "civil_society", "key": signing.text(key.public)},
        "basis": "seen", "says": SAID, "about": dict(about), **more,
    }  # fmt: skip
    return {**bare, "signature": signing.text(key.sign(observations.signed_text(bare)))}


class Office:
    """A casebook, and what is asked of it by command."""

    def __init__(self, folder: Path, catalog: Path) -> None:
        self.folder = folder
        self.options: list[str | Path] = ["--casebook", folder / "casebook.sqlite", "--catalog", catalog, "--json"]

    def file(self, content: object, name: str = "o.json") -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return path

    def run(self, *words: str | Path) -> Any:
        return call("case", "observation", *words, *self.options)

    def add(self, content: object) -> int:
        done = self.run("add", self.file(content))
        assert done.code == 0, done.err
        return int(done.json["observations"][0]["no"])

    def findings(self, shipment: Mapping[str, Any]) -> list[dict[str, Any]]:
        answer = call("check", self.file(shipment, "s.json"), *self.options).json["assessments"][0]
        return [row for row in answer["findings"] if row["code"] == "observation_matches"]

    def lane(self, shipment: Mapping[str, Any]) -> str:
        return str(call("check", self.file(shipment, "s.json"), *self.options).json["assessments"][0]["lane"])


@pytest.fixture
def office(tmp_path: Path, shipped: Path) -> Office:
    return Office(tmp_path, shipped)


def shipment(**more: Any) -> dict[str, Any]:
    return {
        "id": "EX-5", "direction": "export", "destination": "YY",
        "parties": [
            {"role": "exporter", "name": "Aldermoor Textiles", "country": "XA"},
            {"role": "consignee", "name": "Quillborne Werft", "country": "XB", "identifiers": [{"type": "tax", "value": "77 12-9"}]},
        ],
        "lines": [{"no": 1, "description": "cotton t-shirts", "hs": "610910", "quantity": "20", "unit": "pcs"}], **more,
    }  # fmt: skip


PARTY = {"parties": [{"name": "QUILLBORNE WERFT"}]}


def test_what_waits_touches_nothing_and_what_is_accepted_is_told_with_who_said_and_who_accepted(office: Office) -> None:
    before = call("check", office.file(shipment(), "s.json"), *office.options).json["assessments"]
    number = office.add(document(PARTY))
    assert call("check", office.file(shipment(), "s.json"), *office.options).json["assessments"] == before
    (row,) = office.run("list", "--state", "waiting").json["observations"]
    assert (row["no"], row["state"], row["key_known"]) == (number, "waiting", None)
    assert office.run("accept", str(number)).code == 2
    done = office.run("accept", str(number), "--as", "attention", "--reason", "seen at two posts", "--operator", "B-01")
    assert follows("observation_show", done.json)
    (finding,) = office.findings(shipment())
    assert finding["severity"] == "attention"
    assert finding["subject"] == {"kind": "party", "ref": "consignee: Quillborne Werft"}
    for word in ("Examplia Watch", "key NOT known here", SAID, "Accepted by B-01", "seen at two posts"):
        assert word in finding["message"]
    assert "EW-17" in finding["citation"]
    assert office.lane(shipment()) == "yellow"
    office.run("decline", str(number), "--reason", "withdrawn by the sender")
    assert office.findings(shipment()) == []
    assert call("check", office.file(shipment(), "s.json"), *office.options).json["assessments"] == before
    assert call("case", "verify-log", *office.options).code == 0


@pytest.mark.parametrize(
    ("about", "told"),
    [
        ({"parties": [{"name": "Quilborne Werft"}]}, "party"),
        ({"parties": [{"name": "Quillborne Werft", "country": "XB"}]}, "party"),
        ({"parties": [{"name": "Quillborne Werft", "country": "YY"}]}, None),
        ({"parties": [{"name": "Somebody Else Entirely"}]}, None),
        ({"identifiers": [{"type": "tax", "value": "77129"}]}, "party"),
        ({"identifiers": [{"type": "imo", "value": "77129"}]}, None),
        ({"goods": ["6109.10"]}, "line"),
        ({"goods": ["6109"]}, "line"),
        ({"goods": ["6110"]}, None),
        ({"goods": ["6A003"]}, None),
        ({"parties": [{"name": "Somebody Else Entirely"}], "goods": ["6109"]}, None),
        ({"parties": [{"name": "Quillborne Werft"}], "goods": ["9999"]}, "party"),
    ],
)
def test_it_matches_by_name_number_or_goods_code(office: Office, about: dict[str, Any], told: str | None) -> None:
    office.run("accept", str(office.add(document(about))), "--reason", "plausible")
    rows = office.findings(shipment())
    assert [row["subject"]["kind"] for row in rows] == ([told] if told else [])
    assert {row["severity"] for row in rows} <= {"info"}
    assert office.lane(shipment()) == "green"


def test_a_control_entry_matches_the_entry_and_what_lies_below(office: Office) -> None:
    camera = shipment(lines=[{"no": 1, "description": "thermal camera core 640x512 60 Hz", "hs": "852589"}])
    for code in ("6A003", "EU-DU/6A003", "8A001"):
        office.run("accept", str(office.add(document({"goods": [code]}, reference=code))), "--reason", "plausible")
    told = {row["evidence"][0]["left"] for row in office.findings(camera)}
    assert told == {"6A003"} | ({"EU-DU/6A003"} & told)
    assert office.findings(shipment()) == []


def test_it_ends_on_its_own_last_day_and_on_the_profiles(office: Office) -> None:
    book = Casebook.at(office.folder / "casebook.sqlite")
    today = NOW.date()
    short, long = (
        observations.receive(
            book, document(PARTY, reference=str(days), valid_to=(today + timedelta(days)).isoformat()), at=NOW
        )
        for days in (3, 900)
    )
    accepted = [
        observations.accept(book, one.no, "info", "plausible", longest_days=180, most_standing=2, at=NOW)
        for one in (short, long)
    ]
    assert [one.until for one in accepted] == [(today + timedelta(days)).isoformat() for days in (3, 180)]
    book.close()
    asked = ("check", office.file(shipment(), "s.json"), *office.options)
    for days, heard in ((3, 2), (4, 1), (180, 1), (181, 0)):
        moment = (NOW + timedelta(days)).isoformat().replace("+00:00", "Z")
        rows = call(*asked, "--now", moment).json["assessments"][0]["findings"]
        assert sum(row["code"] == "observation_matches" for row in rows) == heard, days
    third = office.add(document(PARTY, reference="third", valid_to="2026-11-22"))
    late = office.run("accept", str(third), "--reason", "plausible")
    assert (late.code, late.json["error"]["code"]) == (2, "observation_settled")


def test_the_same_one_again_is_no_new_one_and_a_declined_one_stays_declined(office: Office) -> None:
    number = office.add(document(PARTY))
    assert office.add(document(PARTY)) == number
    office.run("decline", str(number), "--reason", "a competitor")
    assert office.add(document(PARTY)) == number
    assert office.run("accept", str(number), "--reason", "after all").json["error"]["code"] == "observation_settled"
    (row,) = office.run("list").json["observations"]
    assert (row["state"], row["reason"]) == ("declined", "a competitor")
    assert office.run("show", "999").code == 4


def test_a_key_is_known_once_it_was_admitted_and_no_longer_once_dismissed(office: Office) -> None:
    number = str(office.add(document(PARTY)))
    key = signing.text(WATCH.public)
    admitted = office.run("admit", key, "--name", "Examplia Watch (office)", "--reason", "compared by telephone")
    assert admitted.code == 0
    senders = office.run("senders")
    assert follows("observation_senders", senders.json)
    assert [row["id"] for row in senders.json["senders"]] == [WATCH.id]
    assert office.run("show", number).json["observation"]["key_known"] == "Examplia Watch (office)"
    office.run("accept", number, "--reason", "plausible")
    assert "key known here as Examplia Watch (office)" in office.findings(shipment())[0]["message"]
    office.run("dismiss", WATCH.id, "--reason", "key lost")
    assert "key NOT known here" in office.findings(shipment())[0]["message"]
    assert office.run("dismiss", WATCH.id, "--reason", "again").code == 4
    for bad in ("AAAA", "no key", signing.text(bytes(32)), signing.text(b"\x01" + bytes(31))):
        assert office.run("admit", bad, "--name", "X", "--reason", "y").code == 2, bad


def test_an_officer_brings_in_and_a_supervisor_rules(office: Office) -> None:
    book = Casebook.at(office.folder / "casebook.sqlite")
    book.enrol(Enrolment("B-01", "A. Ruhe", "supervisor", "428913"), office="XA-BOR-01", at=NOW)
    book.enrol(Enrolment("B-12", "K. Adeyo", "officer", "771204"), at=NOW)
    book.enrol(Enrolment("B-20", "T. Rainer", "trainer", "551204"), at=NOW)
    book.close()

    def as_who(badge: str, pin: str, *words: str | Path) -> Any:
        with secret(pin) as given:
            return office.run(*words, "--operator", badge, "--pin-fd", given)

    file = office.file(document(PARTY))
    assert office.run("add", file).json["error"]["code"] == "sign_in"
    assert as_who("B-20", "551204", "add", file).json["error"]["code"] == "role"
    number = str(as_who("B-12", "771204", "add", file).json["observations"][0]["no"])
    for words in (("accept", number, "--reason", "x"), ("decline", number, "--reason", "x")):
        assert as_who("B-12", "771204", *words).json["error"]["code"] == "role"
    assert as_who("B-01", "428913", "accept", number, "--reason", "plausible").code == 0
    assert "Accepted by B-01" in office.findings(shipment())[0]["message"]
    assert call("case", "verify-log", *office.options).code == 0


BASE = document(PARTY)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\xff\xfe", b"[]", b"null", b"{", b"[" * 100_000, b'{"format":"border_kit observation 1"}', b"x" * 70_000,
        json.dumps(BASE).encode().replace(b'"basis"', b'"basis": "told", "basis"'),
        json.dumps({**BASE, "more": 1}).encode(),
        json.dumps({**BASE, "says": ""}).encode(),
        json.dumps({**BASE, "says": "x" * 2_001}).encode(),
        json.dumps({**BASE, "says": SAID + "!"}).encode(),
        json.dumps({**BASE, "valid_to": "2026-11-19"}).encode(),
        json.dumps({**BASE, "about": {}}).encode(),
        json.dumps({**BASE, "about": {"parties": [{"name": "A"}] * 21}}).encode(),
        json.dumps({**BASE, "signature": signing.text(bytes(64))}).encode(),
        json.dumps({**BASE, "says": "\ud800"}).encode(),
        json.dumps({**BASE, "sender": {**BASE["sender"], "key": signing.text(b"\x01" + bytes(31))}}).encode(),
        json.dumps({**BASE, "sender": {**BASE["sender"], "key": signing.text(signing.Key(b"x" * 32).public)}}).encode(),
        json.dumps(document(PARTY, made_at="2026-02-30")).encode(),
        json.dumps(document(PARTY, made_at="2029-01-01")).encode(),
    ],
)  # fmt: skip
def test_what_is_no_observation_is_refused_and_nothing_is_kept(office: Office, content: bytes) -> None:
    done = office.run("add", office.file(content))
    assert (done.code, done.json["error"]["code"]) == (4, "observation_unusable")
    assert unsafe(done.out) == []
    assert office.run("list").json["observations"] == []


def test_hostile_words_are_shown_without_what_would_move_a_terminal(office: Office) -> None:
    words = "\x1b[2J\u202egnihton\u0007 [bold]=HYPERLINK()[/bold] <b>"
    sent = document(PARTY, says=words, reference=f"R{words}")
    office.run("accept", str(office.add(sent)), "--as", "attention", "--reason", words)
    plain = [option for option in office.options if option != "--json"]
    for command in (
        ("case", "observation", "list"),
        ("case", "observation", "show", "1"),
        ("check", office.file(shipment(), "s.json")),
    ):
        done = call(*command, *plain)
        assert unsafe(done.out) == []
        assert done.err == ""
    assert unsafe(office.findings(shipment())[0]["message"]) == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_signature_covers_every_letter(data: st.DataObject) -> None:
    text = json.dumps(BASE, ensure_ascii=False)
    at = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.characters(codec="utf-8"))
    changed = text[:at] + letter + text[at + 1 :]
    try:
        found = observations.parse(changed.encode())
    except InputError:
        return
    assert found == BASE


def test_a_sender_signs_with_a_key_of_the_kit(office: Office, tmp_path: Path) -> None:
    with secret("four small wooden boats") as given:
        call("sync", "key", "new", "Examplia Watch", "--into", tmp_path / "keys", "--passphrase-fd", given)
    (key,) = (tmp_path / "keys").glob("*.key.json")
    draft = {name: value for name, value in BASE.items() if name not in ("signature", "format")}
    out = tmp_path / "signed.json"
    with secret("four small wooden boats") as given:
        done = office.run("sign", office.file(draft), "--key", key, "--passphrase-fd", given, "--out", out)
    assert done.code == 0, done.err
    added = office.run("add", out)
    assert added.json["observations"][0]["document"]["says"] == SAID
    assert added.json["observations"][0]["document"]["sender"]["key"] != BASE["sender"]["key"]
    with secret("four small wooden boats") as given:
        again = office.run("sign", office.file(draft), "--key", key, "--passphrase-fd", given, "--out", out)
    assert again.code == 2
    with secret("four small wooden boats") as given:
        bad = office.run(
            "sign", office.file({"sender": 5}), "--key", key, "--passphrase-fd", given, "--out", tmp_path / "x"
        )
    assert bad.code == 4
