"""The independent check of the log: every hash, every signature, every role, from the stored text alone.

It shares no code with the writer (casework/log.py, operators.py) but the cryptographic primitive, and names the first bad
event. What no outside checkpoint has seen can still be rewritten by who holds the disk and every key.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from border_kit import signing
from border_kit.casework.checkpoint import Checkpoint
from border_kit.findings import Json

_NOTHING = "0" * 64
_EVENT = b"border_kit event 1\n"
_OFFICE_CASE = "office"
_RETENTION = "retention"
_IN_PART = frozenset({"observations", "queue"})
"""Events of no case, which are deleted one by one: their retention event names each."""
_SUPERVISORS_ONLY = frozenset(
    {
        "operator_enrolled",
        "operator_confirmed",
        "operator_retired",
        "office_rotated",
        "countersigned",
        "second_refused",
        "dispute_resolved",
        "exemption_ruled",
        "retention",
        "restored",
        "statistics_released",
        "observation_accepted",
        "observation_declined",
        "sender_admitted",
        "sender_dismissed",
    }
)
_NOT_OFFICERS = frozenset({"exported"})
_AUDITORS_TOO = frozenset({"exported", "pin_changed", "signed_in"})
_TRAINERS_TOO = frozenset({"pin_changed", "signed_in"})


@dataclass(frozen=True, slots=True)
class LogCheck:
    """Whether the chain holds: how many events, how many of them signed, the head, and the first bad event with its fault.

    `office` is the office's key id at the head; compare it with the one the office was enrolled with, or its successor.
    """

    events: int
    head: str
    signed: int = 0
    office: str | None = None
    first_bad: int | None = None
    fault: str | None = None
    checkpoints: int = 0
    forgotten: int = 0
    """Events whose contents were deleted under a retention rule."""
    clock_back: int | None = None
    """The first event whose time lies before that of the event before it: no fault of the log, and a question to the office."""
    damage: str | None = None
    """What is wrong with the casebook beside its log: a page, or the list of cases, which follows from the log."""

    @property
    def intact(self) -> bool:
        """True when no event was found bad."""
        return self.first_bad is None

    def to_json(self) -> dict[str, Json]:
        """As `case verify-log` prints it; `signed` says that every event since enrolment is."""
        return {
            "intact": self.intact,
            "events": self.events,
            "head": self.head,
            "first_bad": self.first_bad,
            "fault": self.fault,
            "signed": self.signed > 0,
            "signed_events": self.signed,
            "office_key": self.office,
            "checkpoints": self.checkpoints,
            "forgotten": self.forgotten,
            "clock_back": self.clock_back,
            "damage": self.damage,
        }


class _FaultError(Exception):
    """What is wrong with the event at hand."""


Row = Mapping[str, Any]
"""An event as it is stored: seq, case_id, kind, body, hash, signatures; salt and data of its contents, None where they are not here."""

_ROWS = """SELECT seq, case_id, kind, body, hash, signatures, salt, data FROM event LEFT JOIN content USING (seq) ORDER BY seq"""


@dataclass(slots=True)
class _State:
    """What the events so far established; `without` are events whose contents are gone, by case."""

    office_id: str = ""
    office: bytes = b""
    office_keys: dict[str, bytes] = field(default_factory=dict)
    operators: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    """Who is enrolled on whose word alone; casebooks of before say nothing of it."""
    says_words: bool = False
    without: dict[str, list[int]] = field(default_factory=dict)
    openers: dict[str, str | None] = field(default_factory=dict)
    deciders: dict[int, tuple[str, str | None]] = field(default_factory=dict)
    at: str = ""
    clock_back: int | None = None
    forgotten: int = 0
    signed: int = 0


def verify(connection: sqlite3.Connection, checkpoints: Iterable[Checkpoint] = ()) -> LogCheck:
    """Recompute the whole chain, and hold outside checkpoints against it. What was deleted must be told by a retention event."""
    read = 0

    def stored() -> Iterator[Row]:
        nonlocal read
        for row in connection.execute(_ROWS):
            read += 1
            yield dict(row)

    usual, connection.text_factory = connection.text_factory, _as_stored
    try:
        found = verify_rows(stored(), checkpoints)
        stray = connection.execute(
            "SELECT min(seq) AS seq FROM content WHERE seq NOT IN (SELECT seq FROM event)"
        ).fetchone()
    except sqlite3.Error as error:
        return LogCheck(read, "", first_bad=read + 1, fault=f"the file cannot be read from here on ({error})")
    finally:
        connection.text_factory = usual
    if found.intact and stray["seq"] is not None:
        return replace(found, first_bad=stray["seq"], fault="its contents are here, and the event is not")
    return found


def _as_stored(raw: bytes) -> str:
    """Stored text, with bytes that are no UTF-8 kept apart: they fit no hash."""
    return raw.decode("utf-8", "surrogateescape")


def verify_rows(
    rows: Iterable[Row], checkpoints: Iterable[Checkpoint] = (), *, whole: bool = True, contents: bool = True
) -> LogCheck:
    """Check stored events. `whole`: they are all of the log, in order; `contents`: none may lack its contents untold."""
    state, previous, count, last = _State(), _NOTHING, 0, 0
    wanted = sorted(checkpoints, key=lambda item: item.seq)
    due = {item.seq: item for item in wanted}
    for row in rows:
        count += 1
        at = count if whole else int(row["seq"])
        try:
            _check(row, (at, previous) if whole else None, last, state)
            if at in due:
                _seen(due[at], row["hash"])
        except _FaultError as wrong:
            return _result(count, previous, state, len(wanted), bad=at, fault=str(wrong))
        previous, last = row["hash"], at
    untold = sorted(seq for seqs in state.without.values() for seq in seqs)
    if contents and untold:
        fault = "its contents are gone, and no retention event says why"
        return _result(count, previous, state, len(wanted), bad=untold[0], fault=fault)
    for item in wanted:
        if whole and item.seq > count:
            fault = f"the log ends at event {count}, but a checkpoint of {item.at} saw event {item.seq}"
            return _result(count, previous, state, len(wanted), bad=count + 1, fault=fault)
        if item.signature and not _checkpoint_good(item, state):
            fault = f"the checkpoint of {item.at} is not signed by this office"
            return _result(count, previous, state, len(wanted), bad=max(1, item.seq), fault=fault)
    return _result(count, previous, state, len(wanted))


def signed_by(checkpoint: Checkpoint, rows: Iterable[Row]) -> bool:
    """Whether a checkpoint is signed by a key that the office's own events among these name; they have been checked before."""
    state = _State()
    for row in rows:
        if row["case_id"] == _OFFICE_CASE:
            record = _record(row["body"])
            _establish({**record, "data": _contents(row, record, state)}, state)
    return _checkpoint_good(checkpoint, state)


def _result(
    count: int, previous: str, state: _State, checkpoints: int, *, bad: int | None = None, fault: str | None = None
) -> LogCheck:
    office = signing.key_id(state.office) if state.office else None
    return LogCheck(
        count, previous, state.signed, office, bad, fault, checkpoints, state.forgotten, clock_back=state.clock_back
    )


def _seen(checkpoint: Checkpoint, found: str) -> None:
    if checkpoint.hash != found:
        raise _FaultError(f"a checkpoint of {checkpoint.at} saw another event here")


def _checkpoint_good(item: Checkpoint, state: _State) -> bool:
    public = state.office_keys.get(item.key)
    return public is not None and signing.good(public, item.signed_text, signing.raw(item.signature))


def _check(row: Row, place: tuple[int, str] | None, last: int, state: _State) -> None:
    if place is not None and row["seq"] != place[0]:
        raise _FaultError(f"event {place[0]} is missing (the next is {row['seq']})")
    if row["seq"] <= last:
        raise _FaultError("it stands out of order")
    if not isinstance(row["body"], str) or not isinstance(row["signatures"], str | None):
        raise _FaultError("its text is no text")
    if hashlib.sha256(row["body"].encode("utf-8", "surrogatepass")).hexdigest() != row["hash"]:
        raise _FaultError("the text does not fit its hash")
    record = _record(row["body"])
    if place is not None and record.get("prev") != place[1]:
        raise _FaultError("it does not follow the event before it")
    if (record.get("seq"), record.get("case"), record.get("kind")) != (row["seq"], row["case_id"], row["kind"]):
        raise _FaultError("its columns do not fit its text")
    try:
        record["data"] = _contents(row, record, state)
        _signatures(row, record, state)
        _by_another(record, state)
        _clock(record, state)
        if row["case_id"] == _OFFICE_CASE:
            _establish(record, state)
        elif row["kind"] == _RETENTION:
            _told_gone(record, state)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise _FaultError(f"its fields or signatures make no sense ({type(error).__name__})") from error


def _told_gone(record: dict[str, Any], state: _State) -> None:
    """A retention event answers for what is missing of its case so far; of no case, for the events that it names."""
    case, missing = record["case"], state.without.pop(record["case"], [])
    named = frozenset(record["data"].get("events", ())) if case in _IN_PART else frozenset(missing)
    state.forgotten += len(named.intersection(missing))
    state.without[case] = [number for number in missing if number not in named]


def _contents(row: Row, record: dict[str, Any], state: _State) -> dict[str, Any]:
    """What an event says, held against its salted hash in the signed text; where it is gone, that is noted."""
    if "data" in record:  # layouts before 4 signed the contents themselves
        if row["data"] is not None or "content" in record:
            raise _FaultError("it has contents twice")
        return dict(record["data"])
    if row["data"] is None or row["salt"] is None:
        if row["case_id"] == _OFFICE_CASE:
            raise _FaultError("the contents of an event of the office are gone")
        state.without.setdefault(row["case_id"], []).append(row["seq"])
        return {}
    text = f"{row['salt']}\n{row['data']}".encode("utf-8", "surrogatepass")
    if hashlib.sha256(text).hexdigest() != record["content"]:
        raise _FaultError("its contents do not fit its text")
    return _record(row["data"])


def _record(body: str) -> dict[str, Any]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise _FaultError("a field stands in it twice")
        return found

    try:
        record = json.loads(body, object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        raise _FaultError("the text is no JSON") from error
    if not isinstance(record, dict):
        raise _FaultError("the text is no event")
    return record


def _signatures(row: Row, record: dict[str, Any], state: _State) -> None:
    """The office signs everything since its enrolment; so does the operator who acts, in a role that may."""
    founding = row["case_id"] == _OFFICE_CASE and record["kind"] == "office_enrolled" and not state.office
    office = signing.raw(record["data"]["key"]) if founding else state.office
    if not office:
        if record.get("signed") is not False:
            raise _FaultError("it claims to be signed, but no office is enrolled")
        return
    if record.get("signed") is not True or not row["signatures"]:
        raise _FaultError("it is not signed, though the office is enrolled")
    message = _EVENT + row["body"].encode("utf-8", "surrogatepass")
    signatures = json.loads(row["signatures"])
    if set(signatures) != ({"office"} if founding else {"office", "operator"}):
        raise _FaultError("it is signed by others than operator and office")
    if not signing.good(office, message, signing.raw(signatures["office"])):
        raise _FaultError("the office's signature does not fit")
    if not founding:
        role, public = _acting(record, state)
        if not signing.good(public, message, signing.raw(signatures["operator"])):
            raise _FaultError("the operator's signature does not fit")
        if not _may(role, record["kind"]):
            raise _FaultError(f"a role of {role} may not do this ({record['kind']})")
    state.signed += 1


def _clock(record: dict[str, Any], state: _State) -> None:
    if str(record["at"]) < state.at and state.clock_back is None:
        state.clock_back = record["seq"]
    state.at = str(record["at"])


def _by_another(record: dict[str, Any], state: _State) -> None:
    """A second signature is another's than the decision's, and an exemption is approved by another than opened the case."""
    case, operator, data = record["case"], record["operator"], record["data"]
    match record["kind"]:
        case "opened":
            state.openers[case] = operator
        case "decided":
            state.deciders[record["seq"]] = (case, operator)
        case "countersigned" | "second_refused" if data:
            of, decided_by = state.deciders.get(data["event"], (None, None))
            if of != case:
                raise _FaultError(f"it signs event {data['event']}, which is no decision of this case")
            if decided_by == operator:
                raise _FaultError("who made the decision signed it a second time")
            if _hand(decided_by, state) == _hand(operator, state):
                raise _FaultError("it is signed by two who may be one person: nobody else confirmed the enrolment")
        case "exemption_ruled" if record["signed"] and _hand(state.openers.get(case), state) == _hand(operator, state):
            raise _FaultError("who opened the case approved its exemption")


def _hand(badge: str | None, state: _State) -> str | None:
    return state.words.get(badge or "", badge)


def _alone(record: dict[str, Any], state: _State) -> None:
    """An enrolment says truly whether another supervisor was there who did not answer for it."""
    badge, data, by = record["data"]["badge"], record["data"], _hand(record["operator"], state)
    if "alone" not in data:
        if state.says_words:
            raise _FaultError("it does not say whether another supervisor could have confirmed it")
        return
    state.says_words = True
    others = [who for who, (role, _) in state.operators.items() if role == "supervisor" and _hand(who, state) != by]
    if data["alone"] is not bool(others):
        raise _FaultError("what it says of other supervisors is not so")
    state.words.pop(badge, None)
    if others:
        state.words[badge] = str(by)


def _acting(record: dict[str, Any], state: _State) -> tuple[str, bytes]:
    """Role and key of who acts; the very first operator enrols themselves, as a supervisor."""
    badge, data = record["operator"], record["data"]
    if badge in state.operators:
        return state.operators[badge]
    if record["kind"] == "operator_enrolled" and not state.operators and data["badge"] == badge:
        return data["role"], signing.raw(data["key"])
    raise _FaultError(f"{badge!r} is not enrolled")


def _may(role: str, kind: str) -> bool:
    if role == "supervisor":
        return True
    if kind in _SUPERVISORS_ONLY:
        return False
    if role == "auditor":
        return kind in _AUDITORS_TOO
    return (role == "officer" and kind not in _NOT_OFFICERS) or kind in _TRAINERS_TOO


def _establish(record: dict[str, Any], state: _State) -> None:
    """What an event of the office changes for those after it."""
    data = record["data"]
    match record["kind"]:
        case "office_enrolled":
            if state.office:
                raise _FaultError("the office is enrolled a second time")
            state.office_id, state.office = data["office"], signing.raw(data["key"])
        case "office_rotated":
            new = signing.raw(data["key"])
            proof = b"border_kit rotation 1\n" + state.office_id.encode() + b"\n" + state.office + new
            if not signing.good(new, proof, signing.raw(data["proof"])):
                raise _FaultError("the office's new key does not prove itself")
            state.office = new
        case _:
            _operators(record, state)
    state.office_keys[signing.key_id(state.office)] = state.office


def _operators(record: dict[str, Any], state: _State) -> None:
    """What an event changes of who may act."""
    data = record["data"]
    match record["kind"]:
        case "operator_enrolled":
            public = signing.raw(data["key"])
            proof = b"border_kit enrolment 1\n" + data["badge"].encode() + b"\n" + public
            if not signing.good(public, proof, signing.raw(data["proof"])):
                raise _FaultError("the operator's key does not prove itself")
            _alone(record, state)
            state.operators[data["badge"]] = (data["role"], public)
        case "operator_confirmed":
            if state.operators[data["badge"]][1] != signing.raw(data["key"]):
                raise _FaultError("it confirms another key than the one enrolled")
            if state.words.pop(data["badge"]) == _hand(record["operator"], state):
                raise _FaultError("an enrolment is confirmed by the supervisor on whose word it rests")
        case "operator_retired":
            del state.operators[data["badge"]]
