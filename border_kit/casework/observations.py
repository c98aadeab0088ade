"""Observations from outside: what civil society or industry says of a party, a number or goods, signed by who says it.

An officer brings one in as a file; it waits, and means nothing, until a supervisor accepts or declines it with a reason. An accepted one is
told with the shipments that it matches, for a time, with who said it and who accepted it (desk/observations.py). All of that are events of
the casebook under the case id `observations`; nothing is changed, an accepted one is declined by another event.

A signature says that the holder of a key wrote it, not who that is: a key is known once a supervisor compared it and admitted it.
"""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from border_kit import disk, signing
from border_kit.casework.case import Casebook
from border_kit.casework.log import Event
from border_kit.clock import parse_date
from border_kit.errors import InputError, UsageError
from border_kit.findings import Json
from border_kit.text import clean, clean_line

CASE = "observations"
RECEIVED, ACCEPTED, DECLINED = "observation_received", "observation_accepted", "observation_declined"
ADMITTED, DISMISSED = "sender_admitted", "sender_dismissed"

FORMAT = "border_kit observation 1"
SIGNED_AS = b"border_kit observation 1\n"
LARGEST = 64_000
"""Bytes of a file."""

SEVERITIES = ("info", "attention")
STATES = ("waiting", "accepted", "declined", "expired")


@dataclass(frozen=True, slots=True)
class Observation:
    """One observation as it stands on a day. `no` is its event's number; `known` the name under which the sender's key was admitted."""

    no: int
    at: str
    brought_by: str | None
    document: Mapping[str, Any]
    digest: str
    known: str | None = None
    state: str = "waiting"
    severity: str | None = None
    until: str | None = None
    ruled_by: str | None = None
    ruled_at: str | None = None
    reason: str | None = None

    @property
    def sender(self) -> str:
        """Who says it, by their own word, and whether their key is known here."""
        who = self.document["sender"]
        key = f"key known here as {self.known}" if self.known else "key NOT known here"
        return clean_line(f"{who['name']} ({who['kind'].replace('_', ' ')}, {key})", 400)

    @property
    def about(self) -> Mapping[str, Any]:
        """Parties, identifiers and goods that it names."""
        found: Mapping[str, Any] = self.document["about"]
        return found

    def to_json(self) -> dict[str, Json]:
        """As `case observation list` prints it."""
        return {
            "no": self.no,
            "at": self.at,
            "brought_by": self.brought_by,
            "state": self.state,
            "severity": self.severity,
            "until": self.until,
            "ruled_by": self.ruled_by,
            "ruled_at": self.ruled_at,
            "reason": self.reason,
            "key": signing.key_id(signing.raw(self.document["sender"]["key"])),
            "key_known": self.known,
            "sha256": self.digest,
            "document": dict(self.document),
        }


def read(file: Path) -> dict[str, Any]:
    """An observation from a file: of the closed schema, in time order, under a signature that fits. Raises InputError."""
    try:
        content = disk.read_small(file, LARGEST)
    except (OSError, ValueError) as error:
        raise _unusable(f"the file cannot be read ({error})") from error
    return parse(content)


def parse(content: bytes) -> dict[str, Any]:
    """The same from its bytes. Raises InputError."""
    document = _unsigned(content, "observation")
    try:
        public = _key(document["sender"]["key"])
    except ValueError as error:
        raise _unusable(f"its key is none: {error}") from error
    if not signing.good(public, signed_text(document), signing.raw(document["signature"])):
        raise _unusable("its signature does not fit: it was changed, or another key signed it")
    return document


def draft(content: bytes, public: bytes) -> dict[str, Any]:
    """An observation that is to be signed with a key: what its author wrote, with the key in it. Raises InputError."""
    document = _json(content)
    if not isinstance(document, dict) or not isinstance(document.get("sender"), dict):
        raise _unusable("it has no sender")
    document["sender"]["key"] = signing.text(public)
    whole = {**document, "format": FORMAT, "signature": signing.text(bytes(64))}
    return _unsigned(json.dumps(whole).encode(), "draft")


def signed_text(document: Mapping[str, Any]) -> bytes:
    """What is signed: everything but the signature."""
    import rfc8785  # noqa: PLC0415 - only where one comes in

    return SIGNED_AS + rfc8785.dumps({key: value for key, value in document.items() if key != "signature"})


def _unsigned(content: bytes, what: str) -> dict[str, Any]:
    """A document that fits the schema and whose days make sense; its signature was not looked at."""
    import jsonschema_rs  # noqa: PLC0415 - a compiled library that only intake needs

    from border_kit.catalog import sources  # noqa: PLC0415 - the same

    document = _json(content)
    validator = jsonschema_rs.validator_for(sources.schema_named("observation"))
    fault = next(iter(validator.iter_errors(document)), None)
    if fault is not None:
        where = "/".join(str(part) for part in fault.instance_path) or f"the {what}"
        raise _unusable(f"{where}: {fault.message[:300]}")
    found: dict[str, Any] = document
    try:
        made, ends = parse_date(found["made_at"]), parse_date(found["valid_to"])
        signed_text(found)
    except ValueError as error:
        raise _unusable(f"a day or a text in it cannot be read ({error})") from error
    if ends < made:
        raise _unusable("it ends before it was made")
    return found


def _json(content: bytes) -> Any:
    try:
        document = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number)
        json.dumps(document, ensure_ascii=False).encode()  # a lone surrogate is no text
    except (ValueError, RecursionError) as error:
        raise _unusable(f"it is no JSON ({error})") from error
    return document


def _key(coded: str) -> bytes:
    """A raw Ed25519 key from base64, under which a signature says something. Raises ValueError."""
    from border_kit.certificates import keys  # noqa: PLC0415 - loads the cryptography
    from border_kit.certificates.refusal import RefusedError  # noqa: PLC0415 - the same

    public = signing.raw(coded)
    try:
        keys.from_jwk({"kty": "OKP", "crv": "Ed25519", "x": urlsafe_b64encode(public).decode().rstrip("=")})
    except RefusedError as error:
        raise ValueError(str(error)) from error
    return public


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field stands in it twice")
    return found


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _unusable(why: str) -> InputError:
    return InputError(
        "observation_unusable",
        f"The observation cannot be used: {clean_line(why, 400)}.",
        "Its form: docs/interfaces.md. Ask the sender for it again.",
    )


# In the log


def receive(book: Casebook, document: Mapping[str, Any], *, at: datetime) -> Observation:
    """Bring an observation in: it waits. One that came before stays what it is. Raises UsageError, StoreError, InputError."""
    digest = hashlib.sha256(signed_text(document)).hexdigest()
    day = at.date()
    if parse_date(document["made_at"]) > day + timedelta(1):
        raise _unusable("it was made on a day that has not come yet")
    with book.step():
        known = next((one for one in listed(book, day) if one.digest == digest), None)
        if known is not None:
            return known
        event = book.append(CASE, RECEIVED, {"document": dict(document), "sha256": digest}, at=at)
    return one(book, event.seq, day)


def accept(
    book: Casebook, number: int, severity: str, reason: str, *, longest_days: int, most_standing: int, at: datetime
) -> Observation:
    """Let an observation be told as a finding until its last day. Raises InputError, UsageError, StoreError."""
    words, day = _reason(reason), at.date()
    if severity not in SEVERITIES:
        raise UsageError(
            "severity_unknown", f"{severity[:40]!r} is no weight.", "One of: " + ", ".join(SEVERITIES) + "."
        )
    with book.step():
        found = one(book, number, day)
        if found.state != "waiting":
            raise _settled(found)
        if sum(other.state == "accepted" for other in listed(book, day)) >= most_standing:
            raise UsageError(
                "observations_many",
                f"{most_standing} observations are heard already.",
                "Decline what no longer matters first.",
            )
        until = min(parse_date(found.document["valid_to"]), day + timedelta(longest_days))
        data: dict[str, Json] = {
            "observation": number,
            "severity": severity,
            "reason": words,
            "until": until.isoformat(),
            "key_known": found.known,
        }
        book.append(CASE, ACCEPTED, data, at=at)
    return one(book, number, day)


def decline(book: Casebook, number: int, reason: str, *, at: datetime) -> Observation:
    """Let an observation not be heard, or no longer. Raises InputError, UsageError, StoreError."""
    words, day = _reason(reason), at.date()
    with book.step():
        found = one(book, number, day)
        if found.state == "declined":
            raise _settled(found)
        book.append(CASE, DECLINED, {"observation": number, "reason": words}, at=at)
    return one(book, number, day)


def _settled(found: Observation) -> UsageError:
    return UsageError(
        "observation_settled",
        f"Observation {found.no} does not wait: it is {found.state}.",
        "See case observation list.",
    )


def admit(book: Casebook, key: str, name: str, reason: str, *, at: datetime) -> Event:
    """Know a sender's key (base64) from now on, under a name. Raises UsageError, StoreError."""
    try:
        public = _key(key.strip())
    except ValueError as error:
        raise UsageError(
            "key_unreadable", "This is no public key.", "It is 32 bytes in base64, from the sender."
        ) from error
    who = clean_line(name, 200)
    if not who:
        raise UsageError("name_missing", "A sender has a name.", "Give the name that you know them by.")
    data: dict[str, Json] = {"key": signing.text(public), "name": who, "reason": _reason(reason)}
    return book.append(CASE, ADMITTED, data, at=at)


def dismiss(book: Casebook, key_id: str, reason: str, *, at: datetime) -> Event:
    """Know a key no longer; what was accepted stays what it is. `key_id` is its short name. Raises InputError, UsageError, StoreError."""
    known = senders(book)
    found = next((key for key in known if signing.key_id(signing.raw(key)) == key_id.strip()), None)
    if found is None:
        raise InputError(
            "sender_unknown", f"No key {key_id[:40]!r} is known here.", "case observation senders lists them."
        )
    return book.append(CASE, DISMISSED, {"key": found, "reason": _reason(reason)}, at=at)


def _reason(text: str) -> str:
    words = clean(text, 2_000)
    if not words:
        raise UsageError("reason_missing", "This needs a reason.", 'Say why with --reason "…".')
    return words


def senders(book: Casebook) -> dict[str, str]:
    """The keys (base64) that are known, with their names."""
    return _known(book.events(CASE))


def _known(events: Iterable[Event]) -> dict[str, str]:
    found: dict[str, str] = {}
    for event in events:
        if event.kind == ADMITTED:
            found[event.data["key"]] = event.data["name"]
        elif event.kind == DISMISSED:
            found.pop(event.data["key"], None)
    return found


def listed(book: Casebook, day: date) -> list[Observation]:
    """Every observation as it stands on a day, the oldest first. Raises StoreError."""
    events = list(book.events(CASE))
    known = _known(events)
    found: dict[int, Observation] = {}
    for event in events:
        if event.forgotten:
            continue
        if event.kind == RECEIVED:
            document = event.data["document"]
            name = known.get(document["sender"]["key"])
            found[event.seq] = Observation(event.seq, event.at, event.operator, document, event.data["sha256"], name)
        elif event.kind in (ACCEPTED, DECLINED):
            found[event.data["observation"]] = _ruled(found[event.data["observation"]], event)
    return [_on(one, day) for one in found.values()]


def ended(book: Casebook, day: date) -> Iterator[tuple[date, tuple[int, ...]]]:
    """Observations that are over on a day: since when, and the numbers of all their events. Raises StoreError."""
    ruled: dict[int, list[int]] = {}
    for event in book.events(CASE):
        if event.kind in (ACCEPTED, DECLINED) and not event.forgotten:
            ruled.setdefault(event.data["observation"], []).append(event.seq)
    for found in listed(book, day):
        if found.state == "declined" and found.ruled_at is not None:
            yield date.fromisoformat(found.ruled_at[:10]), (found.no, *ruled.get(found.no, ()))
        elif found.state == "expired":
            yield parse_date(found.until or found.document["valid_to"]), (found.no, *ruled.get(found.no, ()))


def _ruled(found: Observation, event: Event) -> Observation:
    state = "accepted" if event.kind == ACCEPTED else "declined"
    ruled = replace(found, state=state, ruled_by=event.operator, ruled_at=event.at, reason=event.data["reason"])
    return replace(ruled, severity=event.data.get("severity"), until=event.data.get("until"))


def _on(found: Observation, day: date) -> Observation:
    """An observation on a day: what is over is expired, whether it was accepted or still waits."""
    ends = found.until or found.document["valid_to"]
    over = found.state in ("waiting", "accepted") and ends < day.isoformat()
    return replace(found, state="expired") if over else found


def one(book: Casebook, number: int, day: date) -> Observation:
    """One observation. Raises InputError when there is none of that number."""
    found = next((item for item in listed(book, day) if item.no == number), None)
    if found is None:
        raise InputError(
            "observation_unknown", f"There is no observation {number}.", "border-kit case observation list shows them."
        )
    return found
