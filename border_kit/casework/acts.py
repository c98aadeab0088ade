"""What may be done to a case beside checking, answering and deciding it: one table, from which both faces make their forms.

Every act is one event; none is undone but by another. What a case waits for follows from its events (`State`), and is kept in its
summary for the list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from border_kit.casework import log
from border_kit.errors import UsageError
from border_kit.findings import Json
from border_kit.text import clean, whole_number

if TYPE_CHECKING:
    from border_kit.casework.case import Casebook


@dataclass(frozen=True, slots=True)
class Entry:
    """One field of an act's form; `choices` where only some words will do, `needed` where it may not be empty."""

    name: str
    ask: str
    choices: tuple[str, ...] = ()
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Act:
    """One act: the event it makes, what it is called on screen, its form."""

    event: str
    title: str
    form: tuple[Entry, ...]


OUTCOMES = ("licence_required", "no_licence_required", "prohibited", "cannot_say")
RESULTS = ("confirmed", "other_irregularity", "nothing_found")
"""What came of a case: what was suspected, something else, or nothing."""
MOVES = ("taken", "sealed", "moved", "handed_over", "returned")

ACTS: dict[str, Act] = {
    "note": Act("noted", "Write a note", (Entry("text", "What is to be noted?"),)),
    "refer": Act(
        "referred",
        "Refer to the licensing authority",
        (Entry("to", "To whom is it referred?"), Entry("question", "What is asked?")),
    ),
    "rule": Act(
        "ruled",
        "Record a ruling",
        (
            Entry("authority", "Who ruled?"),
            Entry("reference", "Under which reference?"),
            Entry("outcome", "How did they rule?", OUTCOMES),
            Entry("lines", "On which lines (1 2 …; none: all)?", needed=False),
            Entry("entry", "Under which control entry?", needed=False),
            Entry("text", "What does the ruling say?", needed=False),
        ),
    ),
    "dispute": Act(
        "disputed",
        "Record a dispute",
        (
            Entry("about", "What is disputed?", ("match", "ruling", "hold")),
            Entry("by", "Who disputes it?"),
            Entry("grounds", "On which grounds?"),
        ),
    ),
    "respond": Act(
        "dispute_answered",
        "Answer a dispute",
        (Entry("dispute", "Which dispute (its event's number)?"), Entry("text", "What is answered?")),
    ),
    "resolve": Act(
        "dispute_resolved",
        "Resolve a dispute (supervisor)",
        (
            Entry("dispute", "Which dispute (its event's number)?"),
            Entry("outcome", "What became of it?", ("upheld", "changed", "withdrawn")),
            Entry("reason", "Why?"),
        ),
    ),
    "exempt": Act(
        "exemption_ruled",
        "Approve or refuse an exemption (supervisor)",
        (
            Entry("exemption", "Which exemption (its id)?"),
            Entry("decision", "Does it count?", ("approved", "refused")),
            Entry("reason", "Why?"),
        ),
    ),
    "custody": Act(
        "custody",
        "Custody of goods or papers",
        (
            Entry("item", "Which item?"),
            Entry("move", "What was done with it?", MOVES),
            Entry("place", "Where is it now?"),
            Entry("to", "Who holds it now?"),
            Entry("seal", "Under which seal number?", needed=False),
            Entry("reason", "Why?"),
        ),
    ),
    "outcome": Act(
        "outcome",
        "Record what came of it",
        (
            Entry("result", "What was found in the end?", RESULTS),
            Entry("text", "What was it?", needed=False),
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class State:
    """What a case's events come to.

    `pending` is the decision that waits for a second signature, with who made it; `disputes` are open ones by their event's
    number, with whether they were answered; `holders` who holds each item; `referred` whether a ruling is awaited.
    """

    pending: log.Event | None = None
    decided: log.Event | None = None
    referred: bool = False
    disputes: Mapping[int, bool] = field(default_factory=dict)
    holders: Mapping[str, str] = field(default_factory=dict)
    returned: frozenset[str] = frozenset()

    @property
    def in_custody(self) -> list[str]:
        """Items that were taken and not returned."""
        return [item for item in self.holders if item not in self.returned]

    @property
    def waits(self) -> str | None:
        """What the case waits for, the weightiest first."""
        if self.pending:
            return "second_signature"
        if self.disputes:
            return "dispute"
        return "ruling" if self.referred else None


def state(events: Iterable[log.Event]) -> State:
    """Fold a case's events."""
    found = State()
    for event in events:
        change = _CHANGES.get(event.kind)
        if change is not None and not event.forgotten:
            found = change(found, event)
    return found


def _decided(found: State, event: log.Event) -> State:
    if event.data.get("second_signature"):
        return replace(found, pending=event)
    return replace(found, pending=None, decided=event)


def _resolved(found: State, event: log.Event) -> State:
    return replace(
        found, disputes={no: told for no, told in found.disputes.items() if no != int(event.data["dispute"])}
    )


def _moved(found: State, event: log.Event) -> State:
    item = event.data["item"]
    back = found.returned | {item} if event.data["move"] == "returned" else found.returned - {item}
    return replace(found, holders={**found.holders, item: event.data["to"]}, returned=back)


_CHANGES: dict[str, Callable[[State, log.Event], State]] = {
    "decided": _decided,
    "countersigned": lambda found, _: replace(found, pending=None, decided=found.pending),
    "second_refused": lambda found, _: replace(found, pending=None),
    "referred": lambda found, _: replace(found, referred=True),
    "ruled": lambda found, _: replace(found, referred=False),
    "disputed": lambda found, event: replace(found, disputes={**found.disputes, event.seq: False}),
    "dispute_answered": lambda found, event: replace(
        found, disputes={**found.disputes, int(event.data["dispute"]): True}
    ),
    "dispute_resolved": _resolved,
    "custody": _moved,
}


def record(book: Casebook, number: str, name: str, values: Mapping[str, str], *, at: datetime) -> log.Event:
    """Do one act. Raises UsageError for a form that is not filled or an act that means nothing now, InputError, StoreError."""
    act = ACTS.get(name)
    if act is None:
        raise UsageError(
            "act_unknown", f"{name!r} is nothing that can be done to a case.", "One of: " + ", ".join(ACTS)
        )
    data = _filled(act, values)
    with book.step():
        return _recorded(book, number, name, data, at=at)


def _recorded(book: Casebook, number: str, name: str, data: dict[str, Json], *, at: datetime) -> log.Event:
    case = book.show(number)
    now = state(case.events)
    if name in ("respond", "resolve"):
        _about_open_dispute(now, data, book, case.events)
    if name == "custody":
        _from_holder(now, data)
    if name == "rule":
        _on_lines(data, case.shipment)
    if name == "exempt":
        _by_the_office(book, case.events)
    return book.append(case.row.case_id, ACTS[name].event, data, at=at)


def _filled(act: Act, values: Mapping[str, str]) -> dict[str, Json]:
    data: dict[str, Json] = {}
    for entry in act.form:
        words = clean(values.get(entry.name) or "")[:5_000]
        if entry.needed and not words:
            raise UsageError("form_incomplete", f"{entry.ask} Nothing was said.", f"Give {entry.name}.")
        if entry.choices and words and words not in entry.choices:
            raise UsageError(
                "form_choice", f"{words[:80]!r} is no {entry.name}.", "One of: " + ", ".join(entry.choices) + "."
            )
        if words:
            data[entry.name] = words
    return data


def _about_open_dispute(now: State, data: Mapping[str, Json], book: Casebook, events: Iterable[log.Event]) -> None:
    """A dispute is answered and resolved while it is open, and not resolved by who made what is disputed."""
    text = str(data["dispute"])
    number = whole_number(text, 9)
    if number is None or number not in now.disputes:
        opened = ", ".join(f"#{item}" for item in now.disputes) or "none"
        raise UsageError("dispute_unknown", f"There is no open dispute {text[:20]!r}.", f"Open: {opened}.")
    made = [event.operator for event in events if event.kind in ("decided", "ruled") and event.seq < number]
    if "outcome" in data and book.author.badge is not None and made and book.by_one_hand(made[-1]):
        raise UsageError(
            "own_decision", "Who made the disputed decision does not resolve the dispute.", "Ask another supervisor."
        )


def _by_the_office(book: Casebook, events: Sequence[log.Event]) -> None:
    """An exemption is approved under the office's key, by somebody else than who opened the case."""
    if "office" not in book.author.keys:
        raise UsageError(
            "office_signature", "An exemption is approved with the office's signature.", "Sign in as a supervisor."
        )
    if book.by_one_hand(events[0].operator):
        raise UsageError(
            "same_person", "Who opened the case does not approve its exemption.", "Ask another supervisor."
        )


def _on_lines(data: Mapping[str, Json], shipment: Mapping[str, Json]) -> None:
    """A ruling that names lines names those of the case: another one would never come up again."""
    lines = shipment.get("lines") or ()
    known = [str(line["no"]) for line in lines if isinstance(line, dict)] if isinstance(lines, list) else []
    wrong = [word for word in str(data.get("lines", "")).replace(",", " ").split() if word not in known]
    if wrong:
        raise UsageError(
            "line_unknown",
            f"The case has no line {wrong[0][:20]!r}.",
            f"Its lines: {', '.join(known)[:200] or 'none'}.",
        )


def _from_holder(now: State, data: dict[str, Json]) -> None:
    """An item is taken once, and every later move names who gave it away."""
    item = str(data["item"])
    holder = now.holders.get(item)
    if data["move"] != "taken" and holder is None:
        known = ", ".join(now.holders) or "none"
        raise UsageError("item_unknown", f"{item[:80]!r} was not taken into custody.", f"In custody: {known}.")
    if data["move"] == "taken" and holder is not None:
        raise UsageError(
            "item_taken", f"{item[:80]!r} is in custody already (with {holder}).", "Record a move instead."
        )
    if holder is not None:
        data["from"] = holder
