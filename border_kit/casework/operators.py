"""Who may act in this office, and with which keys: enrolled, retired and rotated as events of the log.

The log says who is enrolled in which role with which public key; the table `sealed_key` holds the private halves, each
operator's under their PIN, and the office's wrapped for each of them. Whoever changes the table gains no role by it, and
whoever changes the log is found (casework/audit.py).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from border_kit import signing
from border_kit.casework import log
from border_kit.errors import InputError, StoreError, UsageError
from border_kit.findings import Json
from border_kit.text import clean_line

OFFICE = "office"
"""The case id of the office's own events."""

ROLES = ("officer", "supervisor", "trainer", "auditor")

SCHEMA = "CREATE TABLE IF NOT EXISTS sealed_key (badge TEXT PRIMARY KEY, seed TEXT NOT NULL, office TEXT NOT NULL);"

_OFFICERS = frozenset({"officer", "supervisor"})
_SUPERVISORS = frozenset({"supervisor"})
_RIGHTS: dict[str, frozenset[str]] = {
    "operator_enrolled": _SUPERVISORS,
    "operator_confirmed": _SUPERVISORS,
    "operator_retired": _SUPERVISORS,
    "office_rotated": _SUPERVISORS,
    "countersigned": _SUPERVISORS,
    "second_refused": _SUPERVISORS,
    "dispute_resolved": _SUPERVISORS,
    "exemption_ruled": _SUPERVISORS,
    "retention": _SUPERVISORS,
    "restored": _SUPERVISORS,
    "statistics_released": _SUPERVISORS,
    "observation_accepted": _SUPERVISORS,
    "observation_declined": _SUPERVISORS,
    "sender_admitted": _SUPERVISORS,
    "sender_dismissed": _SUPERVISORS,
    "pin_changed": frozenset(ROLES),
    "signed_in": frozenset(ROLES),
    "exported": frozenset({"supervisor", "auditor"}),
}
"""Who may cause which event; every other event belongs to the officer's work."""


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody enrolled. `public` signs, `box` is what secrets are wrapped for; retired operators keep their past.

    `on_word_of` is the badge of the supervisor on whose word alone it rests that they are somebody else; None once another supervisor
    confirmed it, and where there was none (docs/decisions/0093).
    """

    badge: str
    name: str
    role: str
    public: bytes
    box: bytes
    active: bool = True
    on_word_of: str | None = field(default=None, compare=False)

    @property
    def hand(self) -> str:
        """The badge whose hand this one may be: two of one hand are not two persons where two are demanded."""
        return self.on_word_of or self.badge

    def to_json(self) -> dict[str, Json]:
        """As `operator list` prints it."""
        return {
            "badge": self.badge,
            "name": self.name,
            "role": self.role,
            "key": signing.key_id(self.public),
            "address": signing.address(self.box),
            "active": self.active,
            "on_word_of": self.on_word_of,
        }


@dataclass(frozen=True, slots=True)
class Office:
    """The office as its log has it: its id, its public key, and everybody ever enrolled by badge."""

    id: str
    public: bytes
    operators: dict[str, Operator] = field(default_factory=dict)

    def hand(self, badge: str | None) -> str | None:
        """The hand of a badge, its own where nobody of it is enrolled here."""
        found = self.operators.get(badge or "")
        return found.hand if found else badge

    def another_than(self, by: str) -> bool:
        """Whether a supervisor is here who is not of the same hand."""
        supervisors = (item for item in self.operators.values() if item.active and item.role == "supervisor")
        return any(item.hand != self.hand(by) for item in supervisors)

    def to_json(self) -> dict[str, Json]:
        """As `operator list` prints it."""
        return {
            "office": self.id,
            "key": signing.key_id(self.public),
            "operators": [item.to_json() for item in self.operators.values()],
        }


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An operator at work: signs with their key and the office's."""

    operator: Operator
    key: signing.Key
    office: signing.Key

    @property
    def badge(self) -> str:
        """The operator's badge."""
        return self.operator.badge

    @property
    def keys(self) -> dict[str, str]:
        """Both keys."""
        return {"operator": self.key.id, "office": self.office.id}

    @property
    def draw_secret(self) -> bytes:
        """The secret of draws by chance, of the office's key."""
        return self.office.derived(b"border_kit draw")

    def sign(self, message: bytes) -> dict[str, str]:
        """Both signatures."""
        return {"operator": signing.text(self.key.sign(message)), "office": signing.text(self.office.sign(message))}


@dataclass(frozen=True, slots=True)
class _OfficeAlone:
    """The office itself, when nobody is enrolled yet: signs its own enrolment."""

    office: signing.Key
    badge: None = None

    @property
    def keys(self) -> dict[str, str]:
        return {"office": self.office.id}

    def sign(self, message: bytes) -> dict[str, str]:
        return {"office": signing.text(self.office.sign(message))}


def read(connection: sqlite3.Connection) -> Office | None:
    """The office as the log's own events say; None before it is enrolled. Raises StoreError when they make no sense."""
    office: Office | None = None
    try:
        for event in log.events(connection, OFFICE):
            office = _after(office, event)
    except (KeyError, TypeError, ValueError) as error:
        raise StoreError(
            "operators_unreadable",
            f"The log's events about operators cannot be read ({error}).",
            "Run: border-kit case verify-log. Restore the casebook from a backup.",
        ) from error
    return office


def _after(office: Office | None, event: log.Event) -> Office | None:
    data = event.data
    match event.kind:
        case "office_enrolled":
            return Office(str(data["office"]), signing.raw(data["key"]))
        case "office_rotated" if office:
            return replace(office, public=signing.raw(data["key"]))
        case "operator_enrolled" if office:
            found = Operator(
                str(data["badge"]),
                str(data["name"]),
                str(data["role"]),
                signing.raw(data["key"]),
                signing.raw(data["box"]),
                on_word_of=office.hand(event.operator) if data.get("alone") else None,
            )
            return replace(office, operators={**office.operators, found.badge: found})
        case "operator_confirmed" if office:
            known = replace(office.operators[data["badge"]], on_word_of=None)
            return replace(office, operators={**office.operators, known.badge: known})
        case "operator_retired" if office:
            gone = replace(office.operators[data["badge"]], active=False)
            return replace(office, operators={**office.operators, gone.badge: gone})
    return office


def may(role: str, kind: str) -> bool:
    """Whether a role may cause an event."""
    return role in _RIGHTS.get(kind, _OFFICERS)


def sign_in(connection: sqlite3.Connection, badge: str, pin: str) -> SignedIn:
    """Unlock an operator's key and the office's. Raises UsageError for an unknown badge, a retired one or a wrong PIN."""
    office = read(connection)
    operator = office.operators.get(badge) if office else None
    if office is None or operator is None or not operator.active:
        raise UsageError(
            "badge_unknown",
            f"Nobody with the badge {badge!r} is enrolled here.",
            "border-kit operator list shows who is; a supervisor enrols.",
        )
    row = connection.execute("SELECT seed, office FROM sealed_key WHERE badge = ?", (badge,)).fetchone()
    if row is None:
        raise _lost(badge)
    try:
        key = signing.Key(signing.unseal(json.loads(row["seed"]), pin))
        shared = signing.Key(key.unwrap(signing.raw(row["office"])))
    except ValueError as error:
        raise _lost(badge) from error
    if key.public != operator.public or shared.public != office.public:
        raise _lost(badge)
    return SignedIn(operator, key, shared)


def holds(office: Office | None, who: SignedIn) -> bool:
    """Whether somebody who signed in before may still sign so: another terminal may have retired or enrolled them anew, or rotated."""
    return office is not None and office.public == who.office.public and office.operators.get(who.badge) == who.operator


def _lost(badge: str) -> StoreError:
    return StoreError(
        "key_lost",
        f"The key of {badge} cannot be used.",
        "Restore the casebook from a backup, or enrol the badge anew.",
    )


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Who is to be enrolled. Raises InputError for a badge or name of nothing, UsageError for a role that does not exist."""

    badge: str
    name: str
    role: str
    pin: str

    def __post_init__(self) -> None:
        if not clean_line(self.badge, 40) or self.badge != clean_line(self.badge, 40):
            raise InputError("badge_unusable", "A badge is up to 40 letters or digits.", field="badge")
        if not clean_line(self.name, 100):
            raise InputError("name_missing", "An operator has a name.", field="name")
        if self.role not in ROLES:
            raise UsageError("role_unknown", f"{self.role!r} is no role.", "Roles: " + ", ".join(ROLES) + ".")


def found_office(connection: sqlite3.Connection, office_id: str, first: Enrolment, *, at: Any) -> SignedIn:
    """Enrol the office and its first operator, a supervisor, inside the caller's transaction."""
    if read(connection) is not None:
        raise UsageError(
            "office_enrolled", "This office is enrolled already.", "A supervisor enrols further operators."
        )
    if first.role != "supervisor":
        raise UsageError("supervisor_first", "The first operator is a supervisor.", "Enrol with --role supervisor.")
    name = clean_line(office_id, 40)
    if not name:
        raise InputError("office_missing", "An office has a number, such as XA-BOR-01.", field="office")
    office, key = signing.Key.new(), signing.Key.new()
    log.append(
        connection,
        OFFICE,
        "office_enrolled",
        {"office": name, "key": signing.text(office.public)},
        at=at,
        author=_OfficeAlone(office),
    )
    who = SignedIn(_operator(first, key), key, office)
    _record(connection, first, key, who, at=at)
    return who


def enrol(connection: sqlite3.Connection, new: Enrolment, by: SignedIn, *, at: Any) -> Operator:
    """Enrol somebody, or give an enrolled badge a new key and role, inside the caller's transaction."""
    key = signing.Key.new()
    _record(connection, new, key, by, at=at)
    return _office(connection).operators[new.badge]


def _operator(new: Enrolment, key: signing.Key) -> Operator:
    return Operator(new.badge, clean_line(new.name, 100), new.role, key.public, key.box)


def _record(connection: sqlite3.Connection, new: Enrolment, key: signing.Key, by: SignedIn, *, at: Any) -> None:
    """The event, with the new key's own signature as proof that its holder has it, and the sealed halves."""
    operator, office = _operator(new, key), _office(connection)
    proof = signing.text(key.sign(enrolment_proof(operator.badge, operator.public)))
    data: dict[str, Json] = {
        "badge": operator.badge,
        "name": operator.name,
        "role": operator.role,
        "key": signing.text(operator.public),
        "box": signing.text(operator.box),
        "proof": proof,
        "alone": office.another_than(by.badge),
    }
    log.append(connection, OFFICE, "operator_enrolled", data, at=at, author=by)
    sealed = json.dumps(signing.seal(key.seed, new.pin))
    wrapped = signing.text(signing.wrap(by.office.seed, operator.box))
    connection.execute("INSERT OR REPLACE INTO sealed_key VALUES (?, ?, ?)", (operator.badge, sealed, wrapped))


def confirm(connection: sqlite3.Connection, badge: str, by: SignedIn, *, at: Any) -> None:
    """Say that an operator whom another supervisor enrolled is who they are said to be; inside the caller's transaction."""
    office = _office(connection)
    known = office.operators.get(badge)
    if known is None or not known.active:
        raise UsageError("badge_unknown", f"Nobody with the badge {badge!r} is enrolled here.", "See operator list.")
    if known.on_word_of is None:
        raise UsageError("confirmed", f"{badge} needs no confirmation.", "operator list shows who does.")
    if office.hand(by.badge) == known.on_word_of:
        raise UsageError(
            "same_person", f"{badge} was enrolled on the word of {known.on_word_of} already.", "Ask another supervisor."
        )
    log.append(
        connection, OFFICE, "operator_confirmed", {"badge": badge, "key": signing.text(known.public)}, at=at, author=by
    )


def enrolment_proof(badge: str, public: bytes) -> bytes:
    """What a new key signs to show that its holder has it."""
    return b"border_kit enrolment 1\n" + badge.encode() + b"\n" + public


def change_pin(connection: sqlite3.Connection, who: SignedIn, pin: str, *, at: Any) -> None:
    """Seal an operator's key under another PIN, inside the caller's transaction."""
    log.append(connection, OFFICE, "pin_changed", {"badge": who.badge}, at=at, author=who)
    connection.execute(
        "UPDATE sealed_key SET seed = ? WHERE badge = ?", (json.dumps(signing.seal(who.key.seed, pin)), who.badge)
    )


def retire(connection: sqlite3.Connection, badge: str, by: SignedIn, *, at: Any) -> SignedIn:
    """Retire an operator and, since they knew it, replace the office's key; inside the caller's transaction."""
    office = _office(connection)
    gone = office.operators.get(badge)
    if gone is None or not gone.active:
        raise UsageError("badge_unknown", f"Nobody with the badge {badge!r} is enrolled here.", "See operator list.")
    left = [item for item in office.operators.values() if item.active and item.badge != badge]
    if not any(item.role == "supervisor" for item in left) or badge == by.badge:
        raise UsageError(
            "supervisor_needed",
            "An office keeps a supervisor, and nobody retires themselves.",
            "Enrol another one first.",
        )
    log.append(connection, OFFICE, "operator_retired", {"badge": badge}, at=at, author=by)
    connection.execute("DELETE FROM sealed_key WHERE badge = ?", (badge,))
    return rotate(connection, by, at=at)


def rotate(connection: sqlite3.Connection, by: SignedIn, *, at: Any) -> SignedIn:
    """Replace the office's key: the old one signs the event, the new one proves itself in it; inside the caller's transaction."""
    office, new = _office(connection), signing.Key.new()
    proof = signing.text(new.sign(rotation_proof(office.id, office.public, new.public)))
    data: dict[str, Json] = {"key": signing.text(new.public), "proof": proof}
    log.append(connection, OFFICE, "office_rotated", data, at=at, author=by)
    _hand_on(connection, (item for item in office.operators.values() if item.active), new)
    return replace(by, office=new)


def _hand_on(connection: sqlite3.Connection, operators: Iterable[Operator], office: signing.Key) -> None:
    for operator in operators:
        wrapped = signing.text(signing.wrap(office.seed, operator.box))
        connection.execute("UPDATE sealed_key SET office = ? WHERE badge = ?", (wrapped, operator.badge))


def rotation_proof(office: str, old: bytes, new: bytes) -> bytes:
    """What the office's new key signs to show that it follows the old one."""
    return b"border_kit rotation 1\n" + office.encode() + b"\n" + old + new


def _office(connection: sqlite3.Connection) -> Office:
    found = read(connection)
    if found is None:
        raise UsageError("office_missing", "No office is enrolled here.", "Enrol one: border-kit operator enrol --help")
    return found
