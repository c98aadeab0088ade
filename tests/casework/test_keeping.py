"""The casebook as a whole: backups that were checked, contents that are forgotten, exports that prove themselves."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from border_kit import signing, store
from border_kit.casework import attachments, backup, extract, retention, summary
from border_kit.casework.acts import record
from border_kit.casework.case import Casebook
from border_kit.casework.decisions import decide
from border_kit.casework.operators import Enrolment
from border_kit.errors import InputError, StoreError, UsageError
from border_kit.policy.profile import Retention

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
LATER = date(2036, 3, 2)
SHIPMENT: dict[str, Any] = {
    "id": "EX-77",
    "parties": [{"role": "consignee", "name": "Quorvant Maritime Supplies"}],
    "lines": [{"no": 1, "description": "Gyroscope assembly zeta", "hs": "901420"}],
}
ASSESSMENT: dict[str, Any] = {
    "id": "EX-77", "lane": "green", "advice": "release", "verdict": "nothing_found", "decided_by": "nothing_found",
    "findings": [], "lines": [], "parties": [], "licences": [],
}  # fmt: skip
PERIODS = (
    Retention("every_case", 3, "x"),
    Retention("held", 5, "x", decisions=frozenset({"detain_and_refer"})),
    Retention("ruled", 10, "x", events=frozenset({"ruled"})),
)


class Office:
    """A casebook with its folders."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.path, self.files, self.papers = home / "casebook.sqlite", home / "casebook-files", home / "papers"
        self.book = Casebook.at(self.path)
        self.book.enrol(Enrolment("B-01", "A. Ruhe", "supervisor", "428913"), office="XA-BOR-01", at=NOW)

    def case(self, decision: str = "release", *, photo: bytes = b"") -> str:
        number = self.book.open_case(SHIPMENT, ASSESSMENT, at=NOW).case_id
        if photo:
            file = self.home / "photo.jpg"
            file.write_bytes(photo)
            attachments.attach(self.book, self.files, number, file, at=NOW)
        decide(self.book, number, decision, "a reason in words", at=NOW)
        return number

    def disk(self) -> bytes:
        """Every byte that lies on the disk for the casebook."""
        return b"".join(read_elsewhere(path) for path in self.home.glob("casebook.sqlite*"))


def read_elsewhere(path: Path) -> bytes:
    """What is in a file that is in use here, read by another process."""
    reads = "import sys; sys.stdout.buffer.write(open(sys.argv[1], 'rb').read())"
    return subprocess.run([sys.executable, "-S", "-c", reads, str(path)], capture_output=True, check=True).stdout


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "own")


# Retention


def test_a_case_is_due_when_the_longest_period_that_applies_has_ended(office: Office) -> None:
    plain, held, ruled = office.case(), office.case("detain_and_refer"), office.case()
    record(office.book, ruled, "rule", {"authority": "A", "reference": "R-1", "outcome": "prohibited"}, at=NOW)
    for day, expected in (
        (date(2029, 3, 1), []),
        (date(2029, 3, 2), [(plain, "every_case")]),
        (date(2031, 3, 2), [(plain, "every_case"), (held, "held")]),
        (date(2036, 3, 2), [(plain, "every_case"), (held, "held"), (ruled, "ruled")]),
    ):
        assert [(row.case_id, row.rule) for row in office.book.due(PERIODS, day)] == expected
    assert office.book.due((), LATER) == []
    assert office.book.due((PERIODS[1],), LATER)[0].case_id == held


def test_what_is_open_waits_or_holds_goods_is_never_due(office: Office) -> None:
    office.book.open_case(SHIPMENT, ASSESSMENT, at=NOW)
    waiting, kept = office.case(), office.case()
    record(office.book, waiting, "dispute", {"about": "hold", "by": "x", "grounds": "y"}, at=NOW)
    taken = {"item": "crate", "place": "store", "to": "B-01", "reason": "held"}
    record(office.book, kept, "custody", {**taken, "move": "taken"}, at=NOW)
    assert office.book.due(PERIODS, LATER) == []
    record(office.book, kept, "custody", {**taken, "move": "returned", "to": "owner"}, at=NOW)
    assert [row.case_id for row in office.book.due(PERIODS, LATER)] == [kept]


def test_contents_are_gone_from_the_disk_and_the_log_still_proves_itself(office: Office) -> None:
    number, other = office.case(photo=b"a photo"), office.case()
    assert b"Quorvant" in office.disk()
    before = [(event.hash, event.kind) for event in office.book.show(number).events]
    checkpoint = office.book.checkpoint(at=NOW)
    for each in (number, other):
        office.book.forget(each, "every_case", at=NOW)
    office.book.settle()
    for words in (b"Quorvant", b"quorvant", b"Gyroscope", b"gyrosc", b"EX-77", b"a reason in words"):
        assert words not in office.disk()
    found = office.book.verify([checkpoint])
    assert (found.intact, found.forgotten) == (True, 5)
    case = office.book.show(number)
    assert [(event.hash, event.kind) for event in case.events[:-1]] == before
    assert all(event.forgotten and event.data == {} for event in case.events[:-1])
    assert (case.row.decision, case.row.shipment, case.row.forgotten) == ("release", "", "2026-03-02T10:00:00Z")
    assert case.assessment["findings"][0]["code"] == "contents_deleted"
    assert office.book.rows(limit=1)[0].case_id == other
    assert case.to_json()["lane"] == "green"


def test_nothing_more_can_be_done_to_a_forgotten_case(office: Office) -> None:
    number = office.case()
    office.book.forget(number, "every_case", at=NOW)
    acts: tuple[Callable[[], object], ...] = (
        lambda: decide(office.book, number, "release", "x", at=NOW),
        lambda: office.book.answer(number, "q", "yes", at=NOW),
        lambda: office.book.forget(number, "every_case", at=NOW),
        lambda: record(office.book, number, "note", {"text": "x"}, at=NOW),
        lambda: office.book.reassess(number, ASSESSMENT, at=NOW),
    )
    for act in acts:
        with pytest.raises(UsageError, match="were deleted"):
            act()
    assert office.book.due(PERIODS, LATER) == []
    assert office.book.verify().intact


def test_only_a_supervisor_ends_retention(office: Office) -> None:
    number = office.case()
    office.book.enrol(Enrolment("B-12", "K. Adeyo", "officer", "771204"), at=NOW)
    office.book.sign_in("B-12", "771204")
    with pytest.raises(UsageError, match="may not"):
        office.book.forget(number, "every_case", at=NOW)
    assert office.book.show(number).shipment == SHIPMENT


def test_contents_cannot_be_deleted_without_the_event_that_says_so(office: Office) -> None:
    office.case()
    for statement in ("DELETE FROM content", "UPDATE content SET data = '{}'"):
        with pytest.raises(Exception, match=r"stay|final"):
            office.book._connection.execute(statement)


def test_files_of_forgotten_cases_go_too_and_those_of_others_stay(office: Office) -> None:
    gone, kept = office.case(photo=b"one"), office.case(photo=b"two")
    shared = office.case(photo=b"two")
    office.papers.mkdir()
    for name in (f"{gone}-detention-001.pdf", f"{kept}-detention-001.pdf", "names-001.txt"):
        (office.papers / name).write_bytes(b"x")
    office.book.forget(gone, "every_case", at=NOW)
    office.book.forget(shared, "every_case", at=NOW)
    fresh = office.files / "00" / ("0" * 64)
    fresh.parent.mkdir()
    fresh.write_bytes(b"being attached now")
    stamp = NOW.timestamp()
    for file in office.files.glob("*/*"):
        os.utime(file, (stamp, stamp if file == fresh else stamp - 7_200))
    assert retention.sweep(office.book, office.files, office.papers, at=NOW) == 2
    assert {path.read_bytes() for path in office.files.glob("*/*")} == {b"two", b"being attached now"}
    assert {path.name for path in office.papers.iterdir()} == {f"{kept}-detention-001.pdf", "names-001.txt"}


# Backup and restore


def test_a_backup_is_taken_in_use_checked_and_readable_by_its_owner_alone(office: Office, tmp_path: Path) -> None:
    number = office.case(photo=b"a photo")
    made = backup.make(office.book, tmp_path / "stick" / "b", office.files, {}, at=NOW)
    office.case()
    assert (made.events, made.missing, made.checkpoint.signature != "") == (5, (), True)
    copy = Casebook.at(made.folder / "casebook.sqlite", reading=True)
    assert [row.case_id for row in copy.rows()] == [number]
    copy.close()
    assert {stat.S_IMODE(path.stat().st_mode) for path in made.folder.rglob("*") if path.is_file()} <= {0o600, 0o644}
    assert stat.S_IMODE((made.folder / "casebook.sqlite").stat().st_mode) == 0o600
    with pytest.raises(UsageError, match="there already"):
        backup.make(office.book, made.folder, office.files, {}, at=NOW)


def test_an_attachment_that_is_gone_is_named(office: Office, tmp_path: Path) -> None:
    office.case(photo=b"a photo")
    next(office.files.glob("*/*")).write_bytes(b"another")
    made = backup.make(office.book, tmp_path / "b", office.files, {}, at=NOW)
    assert len(made.missing) == 1
    assert backup.check(made.folder).missing == made.missing


@pytest.mark.parametrize("name", ["casebook.sqlite", "files/*/*", "backup.json"])
@pytest.mark.parametrize("ruin", ["change", "cut", "delete"])
def test_a_damaged_backup_is_refused(office: Office, tmp_path: Path, name: str, ruin: str) -> None:
    office.case(photo=b"a photo of some length")
    made = backup.make(office.book, tmp_path / "b", office.files, {}, at=NOW)
    target = next(made.folder.glob(name))
    content = target.read_bytes()
    if ruin == "delete":
        target.unlink()
    elif ruin == "cut":
        target.write_bytes(content[: len(content) // 2])
    else:
        middle = len(content) // 2
        target.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
    with pytest.raises((InputError, StoreError)):
        backup.check(made.folder)


def test_a_backup_that_names_other_places_is_refused(office: Office, tmp_path: Path) -> None:
    made = backup.make(office.book, tmp_path / "b", office.files, {}, at=NOW)
    manifest = json.loads((made.folder / "backup.json").read_text(encoding="utf-8"))
    for path in ("../own/casebook.sqlite", "/etc/passwd", "files/../x", "casebook.sqlite"):
        manifest["files"].append({"path": path, "sha256": "0" * 64})
        (made.folder / "backup.json").write_text(json.dumps(manifest), encoding="utf-8")
        with pytest.raises(InputError):
            backup.check(made.folder)
        manifest["files"].pop()


def test_a_backup_whose_casebook_was_exchanged_whole_is_found_by_an_outside_checkpoint(
    office: Office, tmp_path: Path
) -> None:
    office.case()
    outside = office.book.checkpoint(at=NOW)
    other = Office(tmp_path / "other")
    made = backup.make(other.book, tmp_path / "b", other.files, {}, at=NOW)
    assert backup.check(made.folder).events == 2
    with pytest.raises(InputError, match="log is broken"):
        backup.check(made.folder, [outside])


def test_restoring_moves_aside_what_is_there_and_says_what_is_lost(office: Office, tmp_path: Path) -> None:
    number = office.case(photo=b"a photo")
    made = backup.make(office.book, tmp_path / "b", office.files, {}, at=NOW)
    newer = office.case()
    office.book.close()
    places = (office.path, office.files, dict[str, Path]())
    with pytest.raises(UsageError, match="there already"):
        backup.restore(made, *places, replace=False, at=NOW)
    next(office.files.glob("*/*")).unlink()
    done = backup.restore(made, *places, replace=True, at=NOW)
    assert done.lost == 2
    book = Casebook.at(office.path)
    assert [row.case_id for row in book.rows()] == [number]
    assert attachments.missing(book, office.files, number) == []
    book.sign_in("B-01", "428913")
    assert book.open_case(SHIPMENT, ASSESSMENT, at=NOW).case_id == newer
    assert book.verify([made.checkpoint]).intact
    assert done.aside is not None
    assert len(Casebook.at(done.aside / "casebook.sqlite", reading=True).rows()) == 2


def test_a_damaged_casebook_is_moved_aside_as_it_is(office: Office, tmp_path: Path) -> None:
    office.case()
    made = backup.make(office.book, tmp_path / "b", office.files, {}, at=NOW)
    office.book.close()
    office.path.write_bytes(b"garbage" * 5_000)
    done = backup.restore(made, office.path, office.files, {}, replace=True, at=NOW)
    assert done.aside is not None
    assert (done.aside / "casebook.sqlite").read_bytes().startswith(b"garbage")
    assert Casebook.at(office.path).verify().intact


def test_a_journal_whose_casebook_was_deleted_never_meets_the_restored_one(office: Office, tmp_path: Path) -> None:
    number = office.case()
    made = backup.make(office.book, tmp_path / "b", office.files, {}, at=NOW)
    office.case()
    stale = {end: read_elsewhere(office.path.with_name(office.path.name + end)) for end in ("-wal", "-shm")}
    office.book.close()
    office.path.unlink()
    for end, content in stale.items():
        office.path.with_name(office.path.name + end).write_bytes(content)
    done = backup.restore(made, office.path, office.files, {}, replace=False, at=NOW)
    book = Casebook.at(office.path)
    assert ([row.case_id for row in book.rows()], book.verify([made.checkpoint]).intact) == ([number], True)
    assert done.aside is not None
    assert (done.aside / "casebook.sqlite-wal").read_bytes() == stale["-wal"]


def test_the_keys_come_back_with_the_casebook_as_they_were(office: Office, tmp_path: Path) -> None:
    office.book.enrol(Enrolment("B-12", "K. Adeyo", "officer", "771204"), at=NOW)
    made = backup.make(office.book, tmp_path / "b", office.files, {}, at=NOW)
    office.book.retire("B-12", at=NOW)
    office.book.close()
    backup.restore(made, office.path, office.files, {}, replace=True, at=NOW)
    book = Casebook.at(office.path)
    assert book.sign_in("B-12", "771204").operator.role == "officer"
    number = book.open_case(SHIPMENT, ASSESSMENT, at=NOW).case_id
    assert book.show(number).events[0].signed
    assert book.verify().intact


# Exports


def _receiver(tmp_path: Path) -> tuple[str, signing.Key]:
    book = Office(tmp_path / "receiver").book
    who = book.sign_in("B-01", "428913")
    assert book.office is not None
    return str(book.office.operators["B-01"].to_json()["address"]), who.key


def _written(document: dict[str, Any]) -> bytes:
    return json.dumps(document).encode()


def test_a_dossier_is_encrypted_for_its_receiver_alone_and_proves_itself(office: Office, tmp_path: Path) -> None:
    number = office.case(photo=b"a photo")
    office.case()
    document, _ = extract.dossier(office.book, [number], office.files, at=NOW)
    address, key = _receiver(tmp_path)
    sealed = signing.enclose(_written(document), [signing.box_of(address)])
    assert b"Quorvant" not in sealed
    found = extract.read(signing.disclose(sealed, [key]))
    assert [case.to_json() for case in found.cases] == [office.book.show(number).to_json()]
    assert list(found.files.values()) == [("photo.jpg", b"a photo")]
    assert (found.office, found.complete, found.check.signed) == ("XA-BOR-01", False, 5)
    with pytest.raises(UsageError, match="somebody else"):
        signing.disclose(sealed, [signing.Key.new()])
    for place in (30, len(sealed) - 40, len(sealed) - 1):
        with pytest.raises((UsageError, ValueError)):
            signing.disclose(sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :], [key])
    for cut in (b"", b"border_kit sealed 1", sealed[:100], sealed[:-1]):
        with pytest.raises((UsageError, ValueError)):
            signing.disclose(cut, [key])


@pytest.mark.parametrize("address", ["", "BKTO1;AAAA;00000000", "BKTO1;a;b;c", "x" * 10_000])
def test_a_slip_in_an_address_is_found(address: str) -> None:
    with pytest.raises(UsageError, match="address"):
        signing.box_of(address)


def test_an_address_holds_check_digits() -> None:
    written = signing.address(signing.Key.new().box)
    swapped = written[:8] + ("A" if written[8] != "A" else "B") + written[9:]
    with pytest.raises(UsageError):
        signing.box_of(swapped)


def _tampered(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    events, cases = document["events"], document["cases"]
    last = events[-1]
    return [
        ("contents", {**document, "events": [*events[:-1], {**last, "data": last["data"].replace("release", "examine")}]}),
        ("case shown", {**document, "cases": [{**cases[0], "lane": "red"}, *cases[1:]]}),
        ("event left out", {**document, "events": [*events[:-2], last]}),
        ("contents left out", {**document, "events": [*events[:-1], {**last, "data": None, "salt": None}]}),
        ("signature", {**document, "events": [*events[:-1], {**last, "signatures": "{}"}]}),
        ("order", {**document, "events": [*events[:-2], last, events[-2]]}),
        ("office", {**document, "events": events[1:]}),
        ("checkpoint", {**document, "checkpoint": document["checkpoint"][:-8] + "AAAAAA=="}),
        ("file", {**document, "files": [{"sha256": "0" * 64, "name": "x", "content": ""}]}),
        ("format", {**document, "format": "border_kit export 9"}),
        ("types", {**document, "events": [{**last, "seq": "1"}]}),
        ("no events", {**document, "events": []}),
    ]  # fmt: skip


@pytest.mark.parametrize("complete", [False, True])
def test_a_tampered_export_is_refused(office: Office, *, complete: bool) -> None:
    number = office.case()
    document, _ = (
        extract.audit_pack(office.book, "court 7", 5, at=NOW)
        if complete
        else extract.dossier(office.book, [number], None, at=NOW)
    )
    assert len(extract.read(_written(document)).cases) == 1
    for name, bad in _tampered(document):
        with pytest.raises(InputError, match=r"does not prove itself|no checkpoint"):
            pytest.fail(f"{name}: {extract.read(_written(bad)).to_json()}")


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"[" * 100_000, b"\xff", b'{"format": "border_kit export 1"}'])
def test_what_is_no_export_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match="does not prove itself"):
        extract.read(content)


def test_an_auditor_s_seed_draws_the_sample_and_the_office_cannot_choose(office: Office) -> None:
    numbers = [office.case() for _ in range(12)]
    document, _ = extract.audit_pack(office.book, "court 7", 4, at=NOW)
    found = extract.read(_written(document), seed="court 7")
    assert found.sampled == extract.sample(numbers, "court 7", 4)
    assert found.check.events == 2 + 24
    assert extract.sample(numbers, "court 8", 4) != found.sampled
    events: Any = document["events"]
    hidden = {row["case_id"] for row in events if row["data"] is None}
    assert hidden == set(numbers) - set(found.sampled)
    assert b"Quorvant" in _written(document)
    with pytest.raises(InputError, match="another seed"):
        extract.read(_written(document), seed="court 8")
    others = sorted(set(numbers) - set(found.sampled))[:4]
    chosen, _ = extract.dossier(office.book, others, None, at=NOW)
    swapped = {**document, "sampled": others, "cases": chosen["cases"]}
    with pytest.raises(InputError, match="not the one that the seed draws"):
        extract.read(_written(swapped), seed="court 7")


def test_an_auditor_s_pack_is_held_against_a_checkpoint_from_outside(office: Office, tmp_path: Path) -> None:
    office.case()
    outside = office.book.checkpoint(at=NOW)
    document, _ = extract.audit_pack(office.book, "s", 1, at=NOW)
    assert extract.read(_written(document), [outside]).check.checkpoints == 2
    other = Office(tmp_path / "other")
    for _ in range(3):
        other.case()
    foreign, _ = extract.audit_pack(other.book, "s", 1, at=NOW)
    with pytest.raises(InputError, match="another event"):
        extract.read(_written(foreign), [outside])


def test_a_forgotten_case_in_a_pack_is_shown_as_what_is_left_of_it(office: Office) -> None:
    number = office.case()
    office.book.forget(number, "every_case", at=NOW)
    document, _ = extract.audit_pack(office.book, "s", 1, at=NOW)
    found = extract.read(_written(document))
    assert (found.cases[0].row.forgotten is not None, found.check.forgotten) == (True, 2)


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"), ("+44", "'+44"), ("-2", "'-2"), ("@SUM(A1)", "'@SUM(A1)"), ("＝1", "'＝1"), ("plain", "plain"),
        ("\t=1", "'=1"), ("a=b", "a=b"), ("", ""), ('=HYPERLINK("x")', "'=HYPERLINK(\"x\")"),
    ],
)  # fmt: skip
def test_no_cell_of_a_table_is_a_formula(cell: str, shown: str) -> None:
    assert extract.harmless(cell) == shown


def test_a_table_keeps_commas_quotes_and_other_scripts_in_their_cells() -> None:
    content = extract.table([{"a": 'x, "y"', "b": None}, {"a": "شركة", "b": 3}], ("a", "b"))
    assert content.decode("utf-8-sig").splitlines() == ["a,b", '"x, ""y""",', "شركة,3"]


def test_the_summary_of_a_forgotten_case_follows_from_its_events(office: Office) -> None:

    office.case()
    office.book.forget(office.case(), "every_case", at=NOW)
    before = office.book.rows()
    with store.writing(office.book._connection) as connection:
        connection.execute("DELETE FROM case_row")
        summary.rebuild(connection)
    assert office.book.rows() == before
    assert replace(before[0], forgotten=None) != before[0]
