"""Cases: what was checked, answered and decided, kept as events; and drafts, which are the officer's until checked.

The log is the truth. `summary.py` keeps a row a case for lists and search, written in the same transaction.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from border_kit import store
from border_kit.casework import audit, log, operators, retention, rulings, schema, search, summary
from border_kit.casework.checkpoint import Checkpoint, take
from border_kit.casework.summary import CaseRow
from border_kit.clock import stamp
from border_kit.errors import InputError, StoreError, UsageError
from border_kit.findings import Json
from border_kit.text import clean, clean_line

_EVERY = search.Wanted()
_SOURCE = "case_of"
"""Under what is remembered of which source a case was opened."""


@dataclass(frozen=True, slots=True)
class Case:
    """A whole case: its summary, the shipment, the newest assessment as computed, and every event."""

    row: CaseRow
    shipment: dict[str, Any]
    assessment: dict[str, Any]
    events: tuple[log.Event, ...]

    @property
    def answers(self) -> dict[str, str]:
        """The newest answer to each question."""
        said = (event for event in self.events if event.kind == "answered" and not event.forgotten)
        return {event.data["question"]: event.data["answer"] for event in said}

    @property
    def exemptions_ruled(self) -> dict[str, str]:
        """What a supervisor said last to each exemption: approved or refused."""
        ruled = (event for event in self.events if event.kind == "exemption_ruled" and not event.forgotten)
        return {event.data["exemption"]: event.data["decision"] for event in ruled}

    def to_json(self) -> dict[str, Json]:
        """As `case show` prints it."""
        return {
            **self.row.to_json(),
            "shipment_as_declared": self.shipment,
            "assessment": self.assessment,
            "answers": dict(self.answers),
            "events": [event.to_json() for event in self.events],
        }


class Casebook:
    """The office's cases in one file. Everything a method confirms is on disk when it returns."""

    def __init__(self, connection: sqlite3.Connection, *, training: bool = False) -> None:
        """Use an open office database; `training` marks a casebook whose clock may be set."""
        self._connection = connection
        self.training = training
        self.author: log.Author = log.Unsigned()
        schema.prepare(connection)

    @classmethod
    def at(cls, path: Path, *, reading: bool = False) -> Casebook:
        """Open or create the casebook at a path; `reading` never changes what is there. Raises StoreError."""
        if reading and not path.exists():
            return cls(store.memory())
        found = schema.LAYOUT.open(path, cls)
        if reading:
            found._connection.execute("PRAGMA query_only=ON")  # noqa: SLF001 - its own
        return found

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @contextmanager
    def step(self) -> Iterator[None]:
        """What is looked at and written within is one step: no other terminal comes between, and a death leaves all of it or nothing."""
        with store.writing(self._connection):
            yield

    def open_case(
        self, shipment: dict[str, Json], assessment: dict[str, Json], *, at: datetime, source: str = ""
    ) -> CaseRow:
        """Open a case on an assessment, as computed, with the editions it rests on.

        Of one `source` (an item of the queue) there is one case: whoever comes a second time, since another terminal was first or a
        kill came before anything else was noted, is given that one.
        """
        with store.writing(self._connection) as connection:
            known = self.remembered(_SOURCE, source) if source else None
            if known is not None:
                return self.row(known)
            case_id = self._next_id(at)
            self._append(connection, case_id, "opened", {"shipment": shipment, "assessment": assessment}, at=at)
            summary.refresh(connection, case_id)
            if source:
                self.remember(_SOURCE, source, case_id)
        return self.row(case_id)

    def answer(self, case_id: str, question: str, answer: str, *, at: datetime) -> log.Event:
        """Record the officer's answer to a question of the case: yes, no, not_known, or a value in words."""
        asked, words = clean_line(question, 300), clean_line(answer, 2_000)
        if not asked or not words:
            raise UsageError(
                "answer_empty", "A question and an answer are needed.", "Answer yes, no, not_known or a value."
            )
        self.row(case_id)
        return self.append(case_id, "answered", {"question": asked, "answer": words}, at=at)

    def reassess(self, case_id: str, assessment: dict[str, Json], *, at: datetime) -> log.Event:
        """Record the assessment as it stands after new answers; the earlier ones stay in the log."""
        self.row(case_id)
        self._still_there(case_id)
        with store.writing(self._connection) as connection:
            event = self._append(connection, case_id, "assessed", {"assessment": assessment}, at=at)
            summary.refresh(connection, case_id)
        return event

    def append(self, case_id: str, kind: str, data: dict[str, Json], *, at: datetime) -> log.Event:
        """Append an event by who acts, and bring the case's summary up to date with it, in one transaction.

        An event of no case (`office`, `names`) has no summary. Raises UsageError where nobody who may is signed in, StoreError.
        """
        self._still_there(case_id)
        with store.writing(self._connection) as connection:
            event = self._append(connection, case_id, kind, data, at=at)
            summary.refresh(connection, case_id)
            if kind == "ruled":
                rulings.index(connection, event, self.show(case_id).shipment)
        return event

    def rulings(self) -> rulings.Rulings:
        """Rulings of past cases, to look for like lines in."""
        return rulings.Rulings(self._connection)

    def rows(self, wanted: search.Wanted = _EVERY, *, limit: int = 50, offset: int = 0) -> list[CaseRow]:
        """The wanted cases, a page at a time."""
        sql, values = search.statement(wanted, summary.COLUMNS)
        return [CaseRow(*row) for row in self._connection.execute(f"{sql} LIMIT ? OFFSET ?", (*values, limit, offset))]

    def count(self, wanted: search.Wanted = _EVERY) -> int:
        """How many cases are wanted, up to one more than `search.COUNTED`."""
        return search.count(self._connection, wanted)

    def show(self, case_id: str) -> Case:
        """One case with every event. Raises InputError when there is none of that number."""
        row = self.row(case_id)
        events = tuple(log.events(self._connection, row.case_id))
        if row.forgotten:
            return Case(row, {}, retention.remains(row), events)
        if any(event.forgotten for event in events):
            raise StoreError(
                "contents_missing",
                f"What some events of case {row.case_id} say is missing, though nobody deleted it.",
                "border-kit case verify-log names the event; restore a backup.",
            )
        assessed = [event.data["assessment"] for event in events if event.kind in ("opened", "assessed")]
        return Case(row, events[0].data["shipment"], assessed[-1], events)

    def forget(self, case_id: str, rule: str, *, at: datetime) -> log.Event:
        """Delete a case's contents; the event that says so stays, with every header. Raises UsageError, InputError, StoreError."""
        row = self.row(case_id)
        self._still_there(case_id)
        with store.writing(self._connection) as connection:
            retention.refuse_older(connection, case_id)
            event = self._append(connection, case_id, log.RETENTION, retention.told(row, rule), at=at)
            retention.delete(connection, event)
            summary.refresh(connection, case_id)
        return event

    def forget_events(self, case_id: str, numbers: Sequence[int], rule: str, *, at: datetime) -> log.Event:
        """Delete what some events of no case say; the event that names them stays, with every header. Raises UsageError, StoreError."""
        with store.writing(self._connection) as connection:
            event = self._append(connection, case_id, log.RETENTION, {"rule": rule, "events": list(numbers)}, at=at)
            retention.delete_some(connection, case_id, numbers)
        return event

    def due(self, periods: Sequence[retention.Period], day: date) -> list[retention.Due]:
        """The cases whose retention has ended by a day, oldest first."""
        return list(retention.due(self._connection, periods, day))

    def attached(self) -> frozenset[str]:
        """The hashes of all attachments that events name."""
        return retention.attached(self._connection)

    def forgotten(self) -> frozenset[str]:
        """The numbers of the cases whose contents were deleted."""
        rows = self._connection.execute("SELECT case_id FROM case_row WHERE forgotten IS NOT NULL")
        return frozenset(row["case_id"] for row in rows)

    def stored(self, numbers: Collection[str] | None) -> list[dict[str, Any]]:
        """Events as they are stored, with their contents: of these case ids, or of the whole log."""
        sql = "SELECT seq, case_id, kind, body, hash, signatures, salt, data FROM event LEFT JOIN content USING (seq) ORDER BY seq"
        return [dict(row) for row in self._connection.execute(sql) if numbers is None or row["case_id"] in numbers]

    def settle(self) -> None:
        """Bring what was written into the file itself, so that nothing deleted is left beside it. Raises StoreError."""
        with store.writing(self._connection) as connection:
            connection.execute("INSERT INTO case_text (case_text) VALUES ('optimize')")
        store.settle(self._connection)

    def copy_to(self, path: Path) -> None:
        """A consistent copy of the whole casebook, while it is in use. Raises StoreError."""
        store.copy(self._connection, path)

    def _still_there(self, case_id: str) -> None:
        gone = self._connection.execute("SELECT forgotten FROM case_row WHERE case_id = ?", (case_id,)).fetchone()
        if gone is not None and gone["forgotten"]:
            raise UsageError(
                "case_forgotten",
                f"The contents of case {case_id} were deleted on {gone['forgotten'][:10]}: nothing more can be done to it.",
                "Open a new case.",
            )

    def events(self, case_id: str | None) -> Iterator[log.Event]:
        """The events under a case id, or all of the log, oldest first."""
        return log.events(self._connection, case_id)

    def verify(self, checkpoints: Iterable[Checkpoint] = ()) -> audit.LogCheck:
        """Check the whole log, against checkpoints that were carried out of the office where there are some."""
        return audit.verify(self._connection, checkpoints)

    def damage(self) -> str | None:
        """What is wrong with the file beside its log: a damaged page, or a row of the list that does not follow from the events."""
        return store.damage(self._connection) or summary.stray(self._connection)

    def checkpoint(self, *, at: datetime) -> Checkpoint:
        """The head of the log, signed where an operator is signed in: for paper, stick and sync."""
        office = self.office
        return take(self._connection, office.id if office else "", self.author, at=at)

    # Who acts

    @property
    def office(self) -> operators.Office | None:
        """The office and its operators, as the log has them; None before it is enrolled."""
        return operators.read(self._connection)

    def sign_in(self, badge: str, pin: str) -> operators.SignedIn:
        """From now on an operator acts. Raises UsageError for an unknown badge or a wrong PIN."""
        self.author = who = operators.sign_in(self._connection, badge, pin)
        return who

    def enrol(self, new: operators.Enrolment, *, office: str = "", at: datetime) -> operators.Operator:
        """Enrol an operator; the first one enrols the office too, and is signed in by it."""
        with store.writing(self._connection) as connection:
            if operators.read(connection) is None:
                self.author = first = operators.found_office(connection, office, new, at=at)
                return first.operator
            return operators.enrol(connection, new, self._signed_in("operator_enrolled"), at=at)

    def confirm(self, badge: str, *, at: datetime) -> None:
        """Say, as another supervisor than enrolled them, that an operator is who they are said to be. Raises UsageError, StoreError."""
        with store.writing(self._connection) as connection:
            operators.confirm(connection, badge, self._signed_in("operator_confirmed"), at=at)

    def by_one_hand(self, badge: str | None) -> bool:
        """Whether who acts may be the very person of a badge: the same one, or enrolled on one supervisor's word alone."""
        office = self.office
        return badge == self.author.badge or (
            office is not None and office.hand(badge) == office.hand(self.author.badge)
        )

    def retire(self, badge: str, *, at: datetime) -> None:
        """Retire an operator; the office's key is replaced with it."""
        with store.writing(self._connection) as connection:
            self.author = operators.retire(connection, badge, self._signed_in("operator_retired"), at=at)

    def rotate(self, *, at: datetime) -> None:
        """Replace the office's key."""
        with store.writing(self._connection) as connection:
            self.author = operators.rotate(connection, self._signed_in("office_rotated"), at=at)

    def change_pin(self, pin: str, *, at: datetime) -> None:
        """Another PIN for who is signed in."""
        with store.writing(self._connection) as connection:
            operators.change_pin(connection, self._signed_in("pin_changed"), pin, at=at)

    @property
    def draw_secret(self) -> bytes | None:
        """What draws by chance are made with; None where nobody is signed in."""
        return self.author.draw_secret if isinstance(self.author, operators.SignedIn) else None

    def acting(self, kind: str) -> str | None:
        """The badge of who acts; before an office is enrolled, who they say they are.

        Raises UsageError where the office has operators and none is signed in who may cause such an event.
        """
        if isinstance(self.author, operators.SignedIn) or self.office is not None:
            return self._signed_in(kind).badge
        return self.author.badge

    def _signed_in(self, kind: str) -> operators.SignedIn:
        """Who is signed in and may cause such an event. Raises UsageError."""
        if not isinstance(self.author, operators.SignedIn):
            raise UsageError(
                "sign_in", "This office has operators: say who acts.", "Sign in, or use --operator BADGE with the PIN."
            )
        if not operators.holds(operators.read(self._connection), self.author):
            self.author = log.Unsigned()
            raise UsageError(
                "sign_in",
                "Keys or roles of this office were changed since you signed in: nothing was recorded.",
                "Sign in again.",
            )
        role = self.author.operator.role
        if not operators.may(role, kind):
            raise UsageError(
                "role",
                f"Your role ({role}) may not do this ({kind}).",
                "Ask a colleague who may; operator list shows who.",
            )
        return self.author

    def _append(
        self, connection: sqlite3.Connection, case_id: str, kind: str, data: dict[str, Json], *, at: datetime
    ) -> log.Event:
        """Append an event by who acts. Raises UsageError where the office has operators and none who may is signed in."""
        self.acting(kind)
        event = log.append(connection, case_id, kind, data, at=at, author=self.author)
        if event.operator:
            connection.execute("INSERT OR IGNORE INTO acted VALUES (?, ?)", (event.operator, case_id))
        return event

    def save_draft(self, draft_id: str, body: Mapping[str, Json], *, at: datetime) -> None:
        """Keep a half-typed check; the newest text of a draft replaces the older."""
        with store.writing(self._connection) as connection:
            connection.execute(
                "INSERT INTO draft VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET changed_at = excluded.changed_at, "
                "body = excluded.body",
                (draft_id, stamp(at), json.dumps(body)),
            )

    def drafts(self) -> list[tuple[str, str, dict[str, Any]]]:
        """Drafts as (id, changed at, body), newest first."""
        found = self._connection.execute("SELECT id, changed_at, body FROM draft ORDER BY changed_at DESC, id")
        return [(row["id"], row["changed_at"], json.loads(row["body"])) for row in found]

    def drop_draft(self, draft_id: str) -> None:
        """Forget a draft (it became a case, or was thrown away)."""
        with store.writing(self._connection) as connection:
            connection.execute("DELETE FROM draft WHERE id = ?", (draft_id,))

    def remember(self, kind: str, key: str, value: Json) -> None:
        """Keep an answer that a file left open (a column mapping, an office's date order)."""
        with store.writing(self._connection) as connection:
            connection.execute(
                "INSERT INTO remembered VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value",
                (kind, key, json.dumps(value)),
            )

    def remembered(self, kind: str, key: str) -> Any:
        """What was remembered under a kind and key, or None."""
        row = self._connection.execute(
            "SELECT value FROM remembered WHERE kind = ? AND key = ?", (kind, key)
        ).fetchone()
        return json.loads(row["value"]) if row else None

    def all_remembered(self, kind: str) -> dict[str, Any]:
        """Everything remembered under a kind, by key."""
        rows = self._connection.execute("SELECT key, value FROM remembered WHERE kind = ?", (kind,))
        return {row["key"]: json.loads(row["value"]) for row in rows}

    def row(self, case_id: str) -> CaseRow:
        """One case's summary. Raises InputError when there is none of that number."""
        wanted = clean(case_id)
        found = self._connection.execute(
            f"SELECT {summary.COLUMNS} FROM case_row WHERE case_id = ?", (wanted,)
        ).fetchone()
        if found is None:
            raise InputError("case_unknown", f"There is no case {wanted!r}.", "border-kit case list shows the cases.")
        return CaseRow(*found)

    def _next_id(self, at: datetime) -> str:
        prefix = f"{at.year:04d}-"
        newest = self._connection.execute(
            "SELECT case_id FROM case_row WHERE substr(case_id, 1, 5) = ? ORDER BY no DESC LIMIT 1", (prefix,)
        ).fetchone()
        return f"{prefix}{(int(newest['case_id'][5:]) if newest else 0) + 1:04d}"
