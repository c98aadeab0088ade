"""The ledger is a set: two offices that drew apart come to the same one, whatever order their runs arrive in."""

from __future__ import annotations

import itertools
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from border_kit import store
from border_kit.certificates.claims import LicenceLine
from border_kit.errors import InputError, StoreError, UsageError
from border_kit.licensing import runs
from border_kit.licensing.entry import Entry, amount
from border_kit.licensing.ledger import Ledger
from border_kit.licensing.model import Authority, Licence, plain
from border_kit.licensing.runs import RunFile
from border_kit.licensing.usage import balances

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
NAMES = itertools.count()


def office(name: str | None = None) -> Ledger:
    """A ledger in memory with a name of its own."""
    return Ledger(store.memory(), lambda: f"office~{name or format(next(NAMES), '08x')}")


def drawing(quantity: str = "2", *, declaration: str = "EX-1", licence: str = "L-1", **more: Any) -> Entry:
    return Entry(licence, 1, "2026-03-02", quantity=quantity, unit="pcs", declaration=declaration, **more)


def record(ledger: Ledger, *drafts: Entry) -> list[Entry]:
    return ledger.record(drafts, at=NOW, operator="B-7")


def state(ledger: Ledger) -> set[str]:
    return {entry.id for entry in ledger.entries(limit=10**6)}


def left(ledger: Ledger, licensed: str = "100") -> str | None:
    line = LicenceLine(1, quantity=Decimal(licensed), unit="pcs")
    held = Licence("L-1", "individual", "issued", Authority("XA", "XA"), lines=(line,))
    return plain(balances(held, ledger.usage("L-1"))[1].left)


# Laws

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("draw"), st.integers(1, 9), st.integers(0, 5)),
        st.tuples(st.just("reverse"), st.integers(0, 9), st.just(0)),
        st.tuples(st.just("run"), st.just(0), st.just(0)),
    ),
    min_size=1,
    max_size=12,
)


def lived(steps: Sequence[tuple[str, int, int]], offices: Sequence[Ledger]) -> list[RunFile]:
    """Let offices draw, reverse and make runs in turn; every run that was made."""
    made: list[RunFile] = []
    for position, (what, number, declaration) in enumerate(steps):
        ledger = offices[position % len(offices)]
        with suppress(UsageError):  # drawn already, reversed already
            if what == "draw":
                record(ledger, drawing(str(number), declaration=f"EX-{declaration}"))
            elif what == "reverse":
                standing = ledger.standing("L-1")
                if standing:
                    record(ledger, ledger.contra_of(standing[number % len(standing)].ref, "wrong"))
            else:
                made += filter(None, [ledger.make_run(at=NOW)])
    return made + [run for ledger in offices for run in [ledger.make_run(at=NOW)] if run]


@settings(max_examples=60)
@given(STEPS, st.randoms(use_true_random=False), st.integers(1, 3))
def test_runs_come_to_the_same_ledger_in_any_order_and_however_often(
    steps: list[tuple[str, int, int]], random: Any, copies: int
) -> None:
    offices = [office(), office()]
    made = lived(steps, offices)
    shuffled = made * copies
    random.shuffle(shuffled)
    one, other = office(), office()
    for file in made:
        one.take_run(file, at=NOW)
    for file in shuffled:
        other.take_run(file, at=NOW)
    assert state(one) == state(other) == state(offices[0]) | state(offices[1])
    assert left(one) == left(other)
    assert [run.hash for run in one.runs()] == [run.hash for run in other.runs()]


@settings(max_examples=40)
@given(STEPS)
def test_two_offices_that_exchange_their_runs_are_alike(steps: list[tuple[str, int, int]]) -> None:
    here, there = office(), office()
    made = lived(steps, [here, there])
    for file in made:
        here.take_run(file, at=NOW)
        there.take_run(file, at=NOW)
    assert state(here) == state(there)
    assert left(here) == left(there)
    assert here.gaps() == there.gaps() == []
    assert here.forks() == []


@settings(max_examples=40)
@given(STEPS, STEPS)
def test_bringing_together_may_be_grouped_as_one_likes(first: list[Any], second: list[Any]) -> None:
    made = lived(first, [office()]) + lived(second, [office()])
    half = len(made) // 2
    regional, post = office(), office()
    for file in made[half:]:
        regional.take_run(file, at=NOW)
    for run in regional.runs():
        post.take_run(regional.run_file(run.office, run.number), at=NOW)
    for file in made[:half]:
        post.take_run(file, at=NOW)
    straight = office()
    for file in made:
        straight.take_run(file, at=NOW)
    assert state(post) == state(straight)


@given(st.lists(st.decimals(min_value=0, max_value=10**9, places=3), min_size=1, max_size=8))
def test_a_run_file_comes_back_as_it_was(amounts: list[Decimal]) -> None:
    ledger = office()
    record(ledger, *(drawing(amount(one), declaration=f"EX-{at}") for at, one in enumerate(amounts)))
    made = ledger.make_run(at=NOW)
    assert made is not None
    again = runs.read(made.content(), made.name)
    assert replace(again.run, here=made.run.here) == made.run
    assert again.entries == made.entries
    assert ledger.run_file(ledger.office, 1).content() == made.content()


# Drawing and reversing


def test_a_contra_entry_gives_back_and_leaves_both_to_be_seen() -> None:
    ledger = office()
    (first,) = record(ledger, drawing("5"))
    record(ledger, drawing("3", declaration="EX-2"))
    assert left(ledger) == "92"
    (contra,) = record(ledger, ledger.contra_of(first.ref, "typed twice"))
    assert (contra.type, contra.reverses, contra.note) == ("C", first.id, "typed twice")
    assert left(ledger) == "97"
    assert ledger.count() == 3
    with pytest.raises(UsageError, match="reversed already"):
        record(ledger, ledger.contra_of("1", "again"))
    with pytest.raises(UsageError, match="is no drawing"):
        ledger.contra_of(contra.ref, "back again")


def test_a_reversal_by_two_offices_gives_back_once() -> None:
    here = office()
    (first,) = record(here, drawing("5"))
    there = office()
    made = here.make_run(at=NOW)
    assert made is not None
    there.take_run(made, at=NOW)
    record(here, here.contra_of(first.ref, "wrong"))
    record(there, there.contra_of(first.ref, "wrong, says the other"))
    theirs = there.make_run(at=NOW)
    assert theirs is not None
    here.take_run(theirs, at=NOW)
    assert here.count() == 3
    assert left(here) == "100"


def test_a_reversal_whose_drawing_has_not_come_gives_nothing_back() -> None:
    here = office()
    (first,) = record(here, drawing("5"))
    early = here.make_run(at=NOW)
    record(here, here.contra_of(first.ref, "wrong"))
    late = here.make_run(at=NOW)
    assert early is not None
    assert late is not None
    there = office()
    record(there, drawing("1", declaration="EX-9"))
    there.take_run(late, at=NOW)
    assert left(there) == "99"
    assert there.gaps() == [f"Run 1 of {here.office} never came here: what it drew is not counted."]
    there.take_run(early, at=NOW)
    assert (left(there), there.gaps()) == ("99", [])


def test_one_declaration_draws_once_on_a_line_unless_it_says_additional() -> None:
    ledger = office()
    record(ledger, drawing("5"))
    with pytest.raises(UsageError, match="has drawn on line 1 of L-1 already"):
        record(ledger, drawing("5", declaration=" ex-1 "))
    assert ledger.count() == 1
    record(ledger, drawing("2", type="M"), drawing("1", part="2"), drawing("-1", type="A"))
    assert left(ledger) == "93"


def test_a_release_is_drawn_whole_or_not_at_all() -> None:
    ledger = office()
    record(ledger, drawing("5", declaration="EX-1"))
    with pytest.raises(UsageError):
        record(ledger, drawing("1", declaration="EX-2"), drawing("5", declaration="EX-1"))
    assert ledger.count() == 1


def test_the_same_declaration_drawn_at_two_offices_is_told() -> None:
    here, there = office(), office()
    (ours,), (theirs,) = record(here, drawing("5")), record(there, drawing("5"))
    made = there.make_run(at=NOW)
    assert made is not None
    here.take_run(made, at=NOW)
    refs = sorted([ours.ref, theirs.ref])
    assert here.drawn_twice("L-1") == [f"Declaration EX-1 drew twice on line 1 of L-1: {refs[0]} and {refs[1]}."]
    record(here, here.contra_of(theirs.ref, "the same truck"))
    assert here.drawn_twice("L-1") == []


def test_entries_can_be_neither_changed_nor_taken_away() -> None:
    ledger = office()
    record(ledger, drawing())
    for sql in ("UPDATE entry SET quantity = '1'", "DELETE FROM entry"):
        with pytest.raises(Exception, match=r"entries (are final|stay)"):
            ledger._connection.execute(sql)


def test_a_copied_ledger_that_goes_its_own_way_is_told_and_nothing_is_lost() -> None:
    one, copy = office("same"), office("same")
    record(one, drawing("5", declaration="EX-1"))
    record(copy, drawing("7", declaration="EX-2"))
    middle = office()
    for ledger in (one, copy):
        made = ledger.make_run(at=NOW)
        assert made is not None
        middle.take_run(made, at=NOW)
    assert left(middle) == "88"
    assert "wrote entry 1 twice, differently" in middle.forks()[0]


def test_an_office_is_named_once_before_its_first_entry() -> None:
    ledger = office("3fa9c1d2")
    assert ledger.name_office("XA-BOR-01") == "XA-BOR-01~3fa9c1d2"
    (entry,) = record(ledger, drawing())
    assert entry.ref == "XA-BOR-01~3fa9c1d2/1"
    with pytest.raises(UsageError, match="has entries as"):
        ledger.name_office("XA-BOR-02")
    assert ledger.find(entry.ref) == ledger.find("1") == entry
    for unknown in ("2", "x/1", "", "9" * 40, "'"):
        with pytest.raises(InputError, match="has no entry"):
            ledger.find(unknown)


# Run files


@pytest.fixture
def content() -> bytes:
    ledger = office("3fa9c1d2")
    record(ledger, drawing("5"), drawing("0.125", declaration="EX-2"))
    made = ledger.make_run(at=NOW)
    assert made is not None
    assert made.name == "usage-office-3fa9c1d2-000001.jsonl"
    return made.content()


def _line(number: int, change: Callable[[dict[str, Any]], None]) -> Callable[[bytes], bytes]:
    def damage(content: bytes) -> bytes:
        lines = content.decode().splitlines()
        said = json.loads(lines[number])
        change(said)
        lines[number] = json.dumps(said, ensure_ascii=False, sort_keys=number in (1, 2), separators=(",", ":"))
        return ("\n".join(lines) + "\n").encode()

    return damage


DAMAGE = [
    (lambda text: text[:-40], 4, "is no JSON"),
    (lambda text: b"\n".join(text.splitlines()[:-1]), 3, "has not the fields entries"),
    (lambda text: b"\n".join([*text.splitlines()[:1], *text.splitlines()[2:]]), 2, "was expected"),
    (lambda text: text.replace(b'"quantity":"5"', b'"quantity":"4"'), 4, "sum of the quantities"),
    (lambda text: text.replace(b"EX-2", b"EX-3"), 4, "the hash total is another"),
    (lambda text: text.replace(b"usage run 1", b"usage run 9"), 1, "it is no border-kit usage run 1"),
    (lambda text: text.replace(b'"seq":2', b'"seq":3'), 3, "was expected"),
    (lambda text: text.replace(b"0.125", b"0.1250"), 3, "no amount in plain decimals"),
    (lambda text: text.replace(b"0.125", b"NaN"), 3, "no amount in plain decimals"),
    (lambda text: text.replace(b'"type":"O"', b'"type":"Z"', 1), 2, "is not known"),
    (lambda text: text.replace(b"2026-03-02", b"2026-02-30", 1), 1, "the moment none"),
    (lambda text: text.replace(b'"date":"2026-03-02"', b'"date":"2026-02-30"', 1), 2, "day"),
    (_line(1, lambda said: said.update(more="x")), 2, "'more' is not known"),
    (_line(1, lambda said: said.pop("licence")), 2, "'licence' is missing"),
    (_line(1, lambda said: said.update(licence="a\u202eb")), 2, "licence is no plain text"),
    (_line(1, lambda said: said.update(kind="contra")), 2, "names the entry that it reverses"),
    (_line(0, lambda said: said.update(run="1")), 1, "has not the fields"),
    (_line(0, lambda said: said.update(last=9)), 1, "does not say which entries"),
    (_line(3, lambda said: said.update(entries=3)), 4, "counts 3 entries, and there are 2"),
    (lambda _text: b"", 1, "cut off, or is no run file"),
    (lambda _text: b"[" * 90_000 + b"\n\n\n", 1, "no JSON"),
    (lambda _text: b"\xff\xfe\n\x00\n{}\n", 1, "no JSON"),
]


@pytest.mark.parametrize(("damage", "line", "reason"), DAMAGE)
def test_a_damaged_run_is_refused_with_line_and_reason(
    content: bytes, damage: Callable[[bytes], bytes], line: int, reason: str
) -> None:
    with pytest.raises(InputError) as refused:
        runs.read(damage(content), "run.jsonl")
    assert (refused.value.row, reason in refused.value.message) == (line, True), refused.value.message


def test_a_run_has_a_header_a_control_total_and_a_hash(content: bytes) -> None:
    head, *_, tail = map(json.loads, content.splitlines())
    assert (head["office"], head["run"], head["first"], head["last"]) == ("office~3fa9c1d2", 1, 1, 2)
    assert (tail["entries"], tail["quantity_total"], len(tail["hash"])) == (2, "5.125", 64)


def test_a_run_with_an_absurd_number_is_told_as_a_gap_at_once(content: bytes) -> None:
    ledger = office()
    ledger.take_run(runs.read(content.replace(b'"run": 1', b'"run": 9007199254740991'), "run.jsonl"), at=NOW)
    assert ledger.gaps() == [
        "Runs 1 to 9007199254740990 of office~3fa9c1d2 never came here: what it drew is not counted."
    ]


# Power cuts

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from border_kit.licensing.entry import Entry
from border_kit.licensing.ledger import Ledger
ledger = Ledger.at(Path(sys.argv[1]), lambda: "office~3fa9c1d2")
now = datetime(2026, 3, 2, tzinfo=UTC)
at = 0
while True:
    at += 1
    pair = [Entry("L-1", line, "2026-03-02", quantity="1", unit="pcs", declaration=f"EX-{at}") for line in (1, 2)]
    written = ledger.record(pair, at=now, operator=None)
    sys.stdout.write(f"{written[-1].seq}\\n"); sys.stdout.flush()
    if at % 7 == 0:
        ledger.make_run(at=now)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")
@pytest.mark.parametrize("moment", [0.0, 0.023, 0.071, 0.153])
def test_a_kill_at_any_moment_loses_nothing_confirmed_and_leaves_no_half_release(tmp_path: Path, moment: float) -> None:
    path = tmp_path / "ledger.sqlite"
    with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        confirmed = int(writer.stdout.readline())
        time.sleep(moment)
        writer.send_signal(signal.SIGKILL)
        lines = writer.stdout.read().splitlines(keepends=True)
        confirmed = max([confirmed, *(int(line) for line in lines if line.endswith("\n"))])
    ledger = Ledger.at(path, lambda: "never")
    entries = sorted(ledger.entries(limit=10**6), key=lambda entry: entry.seq)
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert len(entries) >= confirmed
    assert len(entries) % 2 == 0
    assert ledger.office == "office~3fa9c1d2"
    for run in ledger.runs():
        ledger.run_file(run.office, run.number)
    ledger.close()


def test_a_file_that_is_no_ledger_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"no database at all, but long enough to be read as one" * 100)
    with pytest.raises(StoreError):
        Ledger.at(path, str)
    other = store.open_office(tmp_path / "newer.sqlite")
    other.execute("PRAGMA user_version = 99")
    other.close()
    with pytest.raises(StoreError, match="layout 99"):
        Ledger.at(tmp_path / "newer.sqlite", str)


def test_reading_where_there_is_no_ledger_makes_none(tmp_path: Path) -> None:
    ledger = Ledger.reading(tmp_path / "ledger.sqlite")
    assert ledger.entries() == []
    assert list(tmp_path.iterdir()) == []
