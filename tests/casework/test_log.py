"""The log: whatever is done to it afterwards is found, with the number of the event; by a checker that shares nothing with the writer."""

from __future__ import annotations

import ast
import hashlib
import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from border_kit.casework import audit
from border_kit.casework.case import Casebook
from border_kit.casework.checkpoint import Checkpoint
from border_kit.casework.operators import Enrolment
from border_kit.errors import StoreError

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
SHIPMENT: dict[str, Any] = {"id": "EX-1", "parties": [], "lines": []}
ASSESSMENT: dict[str, Any] = {
    "lane": "yellow", "advice": "document_check", "verdict": "check", "decided_by": "possible_control",
}  # fmt: skip
EVENTS = 8
FREE = "".join(
    f"DROP TRIGGER {name};" for name in ("event_is_final", "event_stays", "content_is_final", "content_stays")
)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A casebook of eight signed events: 1-3 of the office, 4 a case opened, 5-8 answers."""
    path = tmp_path_factory.mktemp("log") / "casebook.sqlite"
    book = Casebook.at(path)
    book.enrol(Enrolment("B-01", "A. Ruhe", "supervisor", "428913"), office="XA-BOR-01", at=NOW)
    book.enrol(Enrolment("B-12", "K. Adeyo", "officer", "771204"), at=NOW)
    book.sign_in("B-12", "771204")
    number = book.open_case(SHIPMENT, ASSESSMENT, at=NOW).case_id
    for step in range(EVENTS - 4):
        book.answer(number, f"question-{step}", "yes", at=NOW)
    book.settle()
    book.close()
    return path


@pytest.fixture
def path(written: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "casebook.sqlite"
    copy.write_bytes(written.read_bytes())
    return copy


def changed(path: Path, script: str, free: str = FREE) -> None:
    raw = sqlite3.connect(path)
    raw.executescript(free + script)
    raw.close()


def mended(path: Path) -> None:
    """Make every hash and link fit again, as who holds the disk but no key could."""
    raw = sqlite3.connect(path)
    previous = "0" * 64
    for seq, body in raw.execute("SELECT seq, body FROM event ORDER BY seq").fetchall():
        text = rfc8785.dumps(json.loads(body) | {"prev": previous, "seq": seq})
        previous = hashlib.sha256(text).hexdigest()
        raw.execute("UPDATE event SET body = ?, hash = ? WHERE seq = ?", (text.decode(), previous, seq))
    raw.commit()
    raw.close()


def first_bad(path: Path, *checkpoints: Checkpoint) -> tuple[int | None, str]:
    book = Casebook.at(path, reading=True)
    found = book.verify(checkpoints)
    book.close()
    assert found.intact == (found.first_bad is None)
    return found.first_bad, str(found.fault)


def test_the_log_as_it_was_written_is_intact(path: Path) -> None:
    assert first_bad(path)[0] is None


@pytest.mark.parametrize("seq", range(1, EVENTS + 1))
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE event SET body = replace(body, '2026-03-02', '2026-03-03') WHERE seq = {n}",
        "UPDATE event SET kind = 'noted' WHERE seq = {n}",
        "UPDATE event SET case_id = '2026-0009' WHERE seq = {n}",
        "UPDATE event SET signatures = NULL WHERE seq = {n}",
        "UPDATE event SET hash = upper(hash) WHERE seq = {n}",
        "UPDATE content SET data = replace(data, '\"', '\" ') WHERE seq = {n}",
        "UPDATE content SET salt = 'ab' || salt WHERE seq = {n}",
        "DELETE FROM content WHERE seq = {n}",
    ],
)
def test_a_changed_event_is_found_with_its_number(path: Path, change: str, seq: int) -> None:
    changed(path, change.format(n=seq))
    assert first_bad(path)[0] == seq


@pytest.mark.parametrize("seq", range(1, EVENTS))
def test_a_dropped_event_is_found_with_its_number(path: Path, seq: int) -> None:
    changed(path, f"DELETE FROM event WHERE seq = {seq}; DELETE FROM content WHERE seq = {seq}")
    assert first_bad(path)[0] == seq
    changed_numbers = "UPDATE event SET seq = seq - 1 WHERE seq > {n}; UPDATE content SET seq = seq - 1 WHERE seq > {n}"
    raw = sqlite3.connect(path)
    raw.executescript(changed_numbers.format(n=seq))
    raw.close()
    assert first_bad(path)[0] == seq
    mended(path)
    assert first_bad(path)[0] == seq


@pytest.mark.parametrize("seq", range(1, EVENTS))
def test_two_events_in_the_other_order_are_found_with_the_first_one_s_number(path: Path, seq: int) -> None:
    swap = "UPDATE {t} SET seq = -1 WHERE seq = {n}; UPDATE {t} SET seq = {n} WHERE seq = {m}; UPDATE {t} SET seq = {m} WHERE seq = -1;"
    changed(path, swap.format(t="event", n=seq, m=seq + 1) + swap.format(t="content", n=seq, m=seq + 1))
    assert first_bad(path)[0] == seq
    mended(path)
    assert first_bad(path)[0] == seq


@pytest.mark.parametrize("seq", range(2, EVENTS + 2))
def test_an_inserted_event_is_found_with_its_number(path: Path, seq: int) -> None:
    room = "".join(
        f"UPDATE {table} SET seq = seq + 1000 WHERE seq >= {seq}; UPDATE {table} SET seq = seq - 999 WHERE seq > 1000;"
        f"INSERT INTO {table} SELECT {seq}, {rest} FROM {table} WHERE seq = {seq - 1};"
        for table, rest in (("event", "case_id, kind, body, hash, signatures"), ("content", "salt, data"))
    )
    changed(path, room)
    assert first_bad(path)[0] == seq
    mended(path)
    assert first_bad(path)[0] == seq


@pytest.mark.parametrize("left", range(1, EVENTS))
def test_a_log_cut_short_is_found_by_the_last_checkpoint_outside(path: Path, left: int) -> None:
    book = Casebook.at(path)
    book.sign_in("B-12", "771204")
    outside = book.checkpoint(at=NOW)
    book.close()
    changed(path, f"DELETE FROM event WHERE seq > {left}; DELETE FROM content WHERE seq > {left}")
    assert first_bad(path)[0] is None
    bad, fault = first_bad(path, outside)
    assert (bad, f"ends at event {left}" in fault, f"saw event {EVENTS}" in fault) == (left + 1, True, True)


def test_contents_without_their_event_are_found(path: Path) -> None:
    changed(path, f"DELETE FROM event WHERE seq = {EVENTS}")
    assert first_bad(path) == (EVENTS, "its contents are here, and the event is not")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_one_sign_of_any_stored_text_is_found_where_it_stands(written: Path, data: st.DataObject) -> None:
    raw = sqlite3.connect(written)
    raw.row_factory = sqlite3.Row
    rows = [dict(row) for row in raw.execute("SELECT * FROM event LEFT JOIN content USING (seq) ORDER BY seq")]
    raw.close()
    row = data.draw(st.sampled_from(rows))
    column = data.draw(st.sampled_from(["body", "hash", "salt", "data", "kind", "case_id"]))
    place = data.draw(st.integers(0, len(row[column]) - 1))
    other = data.draw(st.sampled_from('abcxyz019 "{}').filter(lambda sign: sign != row[column][place]))
    row[column] = row[column][:place] + other + row[column][place + 1 :]
    found = audit.verify_rows(rows)
    assert found.first_bad == row["seq"]


def _names(module: str) -> set[str]:
    tree = ast.parse((Path(audit.__file__).parent / f"{module}.py").read_text(encoding="utf-8"))
    found = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return found | {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}


def test_the_checker_shares_no_code_with_the_writer() -> None:
    """Neither the writer nor who reads operators, and not the library that makes canonical JSON."""
    own = _names("audit")
    assert not own & {"border_kit.casework.log", "border_kit.casework.operators", "border_kit.casework.case", "rfc8785"}
    assert "border_kit.casework.audit" not in _names("log") | _names("operators")


@pytest.mark.parametrize("ruin", [lambda _: None, lambda text: text[:-1], lambda text: "[" * 100_000 + text])
def test_what_is_stored_but_makes_no_sense_is_a_fault_and_no_crash(
    written: Path, ruin: Callable[[str], str | None]
) -> None:
    raw = sqlite3.connect(written)
    raw.row_factory = sqlite3.Row
    rows = [dict(row) for row in raw.execute("SELECT * FROM event LEFT JOIN content USING (seq) ORDER BY seq")]
    raw.close()
    rows[4]["data"] = ruin(rows[4]["data"])
    rows[5]["signatures"] = "[" * 100_000
    assert audit.verify_rows(rows).first_bad == (6 if rows[4]["data"] is None else 5)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE event SET body = CAST(x'ff7b7d' AS TEXT) WHERE seq = 5",
        "UPDATE event SET body = x'7b7d' WHERE seq = 5",
        "UPDATE event SET hash = CAST(x'ff' AS TEXT) WHERE seq = 5",
        "UPDATE event SET signatures = CAST(x'ff' AS TEXT) WHERE seq = 5",
        "UPDATE event SET signatures = x'7b7d' WHERE seq = 5",
        "UPDATE event SET signatures = json_set(signatures, '$.witness', 'AAAA') WHERE seq = 5",
        "UPDATE content SET data = CAST(x'ff' AS TEXT) WHERE seq = 5",
        "UPDATE content SET salt = CAST(x'ff' AS TEXT) WHERE seq = 5",
    ],
)
def test_bytes_that_are_no_text_and_signatures_too_many_are_found(path: Path, change: str) -> None:
    changed(path, change)
    assert first_bad(path)[0] == 5


def test_a_page_of_nothing_is_told_with_the_event_it_hides(path: Path) -> None:
    raw = sqlite3.connect(path)
    (root,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'content'").fetchone()
    (size,) = raw.execute("PRAGMA page_size").fetchone()
    raw.close()
    content = bytearray(path.read_bytes())
    content[(root - 1) * size : root * size] = bytes(size)
    path.write_bytes(content)
    bad, fault = first_bad(path)
    assert (bad, "cannot be read" in fault) == (1, True)
    with pytest.raises(StoreError, match="verify-log"):
        Casebook.at(path).show("2026-0001")


def test_a_list_that_does_not_follow_from_the_log_is_told(path: Path) -> None:
    assert Casebook.at(path).damage() is None
    changed(path, "UPDATE case_row SET lane = 'green' WHERE case_id = '2026-0001'")
    assert "2026-0001 does not follow" in str(Casebook.at(path).damage())
    changed(path, "UPDATE case_row SET case_id = '2026-0002'", free="")
    assert "2026-0001 does not follow" in str(Casebook.at(path).damage())
    changed(path, "DELETE FROM case_row", free="")
    assert "the log 1" in str(Casebook.at(path).damage())


def test_a_damaged_index_is_told_though_the_log_holds(path: Path) -> None:
    raw = sqlite3.connect(path)
    (root,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'event_case'").fetchone()
    (size,) = raw.execute("PRAGMA page_size").fetchone()
    raw.close()
    content = bytearray(path.read_bytes())
    content[root * size - 64 : root * size] = bytes(64)
    path.write_bytes(content)
    book = Casebook.at(path)
    assert book.verify().intact
    assert book.damage() is not None


def test_a_clock_that_went_back_is_told_and_is_no_fault(path: Path) -> None:
    book = Casebook.at(path)
    assert book.verify().clock_back is None
    book.sign_in("B-12", "771204")
    book.answer("2026-0001", "question", "yes", at=NOW + timedelta(days=3))
    book.answer("2026-0001", "question", "no", at=NOW + timedelta(days=2))
    book.answer("2026-0001", "question", "yes", at=NOW + timedelta(days=1))
    found = book.verify()
    assert (found.intact, found.clock_back) == (True, EVENTS + 2)
