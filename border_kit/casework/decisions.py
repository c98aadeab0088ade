"""Decisions: taken, signed a second time where the profile demands it, refused a second signature."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from border_kit.casework import log
from border_kit.casework.acts import state
from border_kit.casework.operators import SignedIn
from border_kit.errors import UsageError
from border_kit.findings import Advice, Json
from border_kit.text import clean

if TYPE_CHECKING:
    from border_kit.casework.case import Casebook

DECISIONS: Collection[str] = tuple(advice.value for advice in Advice)


@dataclass(frozen=True, slots=True)
class Demands:
    """What the profile demands of a decision: `second` cites the rule of a second signature, `due` is until when (ISO, cited)."""

    second: str | None = None
    due: str | None = None
    due_cite: str | None = None


def decide(
    book: Casebook, number: str, decision: str, reason: str, demands: Demands | None = None, *, at: datetime
) -> log.Event:
    """Record a decision. Following the advice needs no words; going another way needs a reason.

    A later decision is a new event and stands beside the earlier one. Where a second signature is demanded and operators are
    enrolled, it stands only once a supervisor has signed too. Raises UsageError, InputError, StoreError.
    """
    if decision not in DECISIONS:
        raise UsageError(
            "decision_unknown", f"{decision!r} is no decision.", "Decide one of: " + ", ".join(DECISIONS) + "."
        )
    row = book.row(number)
    words = clean(reason)
    if not words:
        if decision != row.advice:
            raise UsageError(
                "reason_missing",
                f"The advice was {row.advice}; deciding {decision} needs a reason.",
                "Say why with --reason.",
            )
        words = f"as advised ({row.decided_by})"
    data: dict[str, Json] = {"decision": decision, "reason": words, "advice": row.advice}
    if demands and demands.second and isinstance(book.author, SignedIn):
        data["second_signature"] = demands.second
    if demands and demands.due:
        data |= {"due": demands.due, "due_citation": demands.due_cite or ""}
    return book.append(row.case_id, "decided", data, at=at)


def countersign(book: Casebook, number: str, *, at: datetime) -> log.Event:
    """Sign a decision a second time: by a supervisor who did not make it. Raises UsageError, InputError, StoreError."""
    with book.step():
        row, pending = _pending(book, number)
        return book.append(row, "countersigned", {"event": pending.seq, "hash": pending.hash}, at=at)


def refuse(book: Casebook, number: str, reason: str, *, at: datetime) -> log.Event:
    """Refuse the second signature: the decision does not stand. Raises UsageError, InputError, StoreError."""
    words = clean(reason)
    if not words:
        raise UsageError("reason_missing", "Refusing a second signature needs a reason.", "Say why with --reason.")
    with book.step():
        row, pending = _pending(book, number)
        return book.append(row, "second_refused", {"event": pending.seq, "hash": pending.hash, "reason": words}, at=at)


def _pending(book: Casebook, number: str) -> tuple[str, log.Event]:
    case = book.show(number)
    pending = state(case.events).pending
    if pending is None:
        raise UsageError("nothing_pending", "No decision of this case waits for a second signature.", "See case show.")
    if pending.operator == book.author.badge:
        raise UsageError(
            "same_person", "Who made a decision does not sign it a second time.", "Ask a supervisor; Ctrl+O hands over."
        )
    if book.by_one_hand(pending.operator):
        raise UsageError(
            "one_word",
            f"That you and {pending.operator} are two persons rests on one supervisor's word alone.",
            "Ask another supervisor to sign, or to confirm the enrolment: border-kit operator confirm BADGE.",
        )
    return case.row.case_id, pending
