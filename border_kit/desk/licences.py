"""The desk's licences: a page, drawing and reversing, what falls due. Both faces do it through here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from border_kit.certificates.claims import LicenceLine
from border_kit.clock import parse_date
from border_kit.errors import InputError, UsageError
from border_kit.findings import Json
from border_kit.licensing import obligations
from border_kit.licensing.entry import Entry, amount
from border_kit.licensing.model import GOOD_STATUSES, Licence, LicenceAnswer, Usage, plain
from border_kit.licensing.page import page
from border_kit.licensing.tolerance import NONE, bears, percent_of
from border_kit.licensing.usage import Balance, balances, fold_declaration, unreported
from border_kit.text import clean_line
from border_kit.units import ratio

if TYPE_CHECKING:
    from border_kit.desk.desk import Desk
    from border_kit.shipment.model import Line, Shipment

SHOWN = 50
"""Drawings of the registry, and entries of the ledger, that a page shows."""


@dataclass(frozen=True, slots=True)
class Order:
    """One drawing to be made. `anyway` is the reason for drawing though the licence speaks against it."""

    number: str
    line: int
    declaration: str
    quantity: Decimal | None = None
    unit: str | None = None
    value: Decimal | None = None
    currency: str | None = None
    type: str = "O"
    part: str | None = None
    day: date | None = None
    note: str | None = None
    case: str | None = None
    anyway: str | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn, and the pages of the licences afterwards. `held` are answers that speak against it: then nothing was drawn."""

    entries: tuple[Entry, ...] = ()
    pages: tuple[dict[str, Json], ...] = ()
    held: tuple[LicenceAnswer, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """As `licence draw` prints it."""
        return {
            "entries": [entry.to_json() for entry in self.entries],
            "licences": [{key: row[key] for key in ("number", "lines", "known")} for row in self.pages],
            "held": [answer.to_json() for answer in self.held],
        }


class LicenceDesk:
    """Licences at one desk: its catalog's registries and its office's ledger."""

    def __init__(self, desk: Desk) -> None:
        """Work for a desk; nothing is opened yet."""
        self._desk = desk

    def find(self, number: str) -> Licence:
        """A licence of the registries. Raises InputError where none has it."""
        found = self._desk.registry.find(number)
        if found is None:
            raise InputError(
                "licence_unknown",
                f"No registry of this catalog has a licence {clean_line(number, 100)!r}.",
                "Check the number as printed, or phone the licensing authority.",
            )
        return found

    def drawn_here(self, licence: Licence, without: str | None = None) -> tuple[Usage, ...]:
        """What the ledger has on a licence and its registry does not report yet.

        `without` leaves out what was drawn under one declaration: a shipment that has drawn is not held against its own drawing.
        """
        as_of = self._desk.settings.as_of
        here = self._desk.drawings.usage(licence.number, until=as_of.isoformat() if as_of else None)
        own = fold_declaration(without)
        here = [row for row in here if own is None or fold_declaration(row.declaration) != own]
        if not here:
            return ()
        declarations = {fold_declaration(row.declaration) for row in here} - {None}
        reported = self._desk.registry.reported(licence.number, sorted(str(one) for one in declarations))
        return unreported(licence, here, reported)

    def page(self, number: str) -> dict[str, Json]:
        """A licence's page. Raises InputError where no registry has it."""
        licence = self.find(number)
        ledger = self._desk.drawings
        found = ((licence.number, obligation) for obligation in licence.obligations)
        return page(
            licence,
            here=self.drawn_here(licence),
            reported=self._desk.registry.usage(licence.number, limit=SHOWN),
            entries=ledger.entries(licence.number, limit=SHOWN),
            obligations=obligations.standing(found, ledger.discharges(licence.number), self._today),
        )

    @property
    def _today(self) -> date:
        return self._desk.settings.as_of or self._desk.clock.now().date()

    # Drawing

    def draw(self, order: Order) -> Drawn:
        """Make one drawing. Raises InputError, StoreError, and UsageError where the licence does not bear it."""
        ledger = self._desk.ledger
        licence = self.find(order.number)
        line = licence.line(order.line)
        if line is None:
            there = ", ".join(str(one.no) for one in licence.lines) or "none"
            raise UsageError("line_unknown", f"{licence.number} has no line {order.line}.", f"Its lines: {there}.")
        draft = _draft(order, licence, line, self._today)
        against = self._against(licence, line, draft)
        if against and not order.anyway:
            raise UsageError(
                "licence_bears_not",
                f"Nothing was drawn: {against}",
                "If the goods went all the same, say why with --anyway.",
            )
        return self._record(ledger.record([draft], at=self._desk.clock.now(), operator=self._desk.acting()))

    def _against(self, licence: Licence, line: LicenceLine, draft: Entry) -> str | None:
        """What speaks against a drawing, in words."""
        if licence.status_on(self._today) not in GOOD_STATUSES:
            return f"{licence.number} is {licence.status_on(self._today)}."
        if licence.valid_from and draft.date < licence.valid_from.isoformat():
            return f"{licence.number} begins on {licence.valid_from}."
        if licence.valid_to and draft.date > licence.valid_to.isoformat():
            return f"{licence.number} ended on {licence.valid_to}."
        balance = balances(licence, self.drawn_here(licence))[line.no]
        profile = self._desk.assessor.profile
        tolerance = profile.tolerance(draft.date) if profile else NONE
        return _short(balance, draft, percent_of(tolerance, line.unit), tolerance.value_percent)

    def draw_for(self, shipment: Shipment, *, case: str | None = None, anyway: str | None = None) -> Drawn:
        """Draw what a shipment asks of the licences that it declares, all of it or nothing.

        Where a licence does not pass, nothing is drawn and the answers come back as `held`, unless `anyway` says why. Raises
        UsageError where it declares none or has drawn already, StoreError.
        """
        ledger = self._desk.ledger
        answers = self._desk.check_licences(shipment, self._desk.case_answers(case))
        held = tuple(answer for answer in answers if answer.verdict != "pass")
        if held and not anyway:
            return Drawn(held=held)
        by_number = {line.no: line for line in shipment.lines}
        day = (shipment.date or self._today).isoformat()
        drafts = [
            _entry_of(by_number[no], self.find(answer.number), balance.no, shipment.id, day, case, anyway)
            for answer in answers
            for balance in answer.lines
            for no in balance.shipment_lines
        ]
        if not drafts:
            raise UsageError(
                "nothing_to_draw", "The shipment declares no licence to draw on.", "licence draw NUMBER draws by hand."
            )
        return self._record(ledger.record(drafts, at=self._desk.clock.now(), operator=self._desk.acting()))

    def reverse(self, ref: str, reason: str) -> Drawn:
        """Reverse a drawing by a contra entry. Raises InputError, UsageError, StoreError."""
        ledger = self._desk.ledger
        if not clean_line(reason):
            raise UsageError("reason_missing", "A reversal needs a reason.", "Say why with --reason.")
        contra = ledger.contra_of(ref, reason)
        return self._record(ledger.record([contra], at=self._desk.clock.now(), operator=self._desk.acting()))

    def _record(self, entries: list[Entry]) -> Drawn:
        numbers = dict.fromkeys(entry.licence for entry in entries)
        known = [number for number in numbers if self._desk.registry.find(number)]
        return Drawn(tuple(entries), tuple(self.page(number) for number in known))

    # Obligations

    def due(self, by: date, *, settled: bool = False) -> list[obligations.Due]:
        """Obligations that fall due by a day; with `settled` also those that are done."""
        found = self._desk.registry.due(by)
        standing = obligations.standing(found, self._desk.drawings.discharges(), self._today)
        return [row for row in standing if settled or not row.settled]

    def discharge(self, number: str, obligation: str, outcome: str, note: str) -> obligations.Due:
        """Record that an obligation was met, or that the authority let it go. Raises InputError, UsageError, StoreError."""
        ledger = self._desk.ledger
        licence = self.find(number)
        wanted = next((one for one in licence.obligations if obligation in (one.id, one.kind)), None)
        if wanted is None:
            there = ", ".join(one.kind for one in licence.obligations) or "none"
            raise InputError(
                "obligation_unknown",
                f"{licence.number} has no obligation {clean_line(obligation, 80)!r}.",
                f"It has: {there}.",
            )
        if outcome not in obligations.OUTCOMES or not clean_line(note):
            raise UsageError(
                "note_missing", "Say done or waived, and on what that rests.", "Name the paper with --note."
            )
        if any(entry.part == wanted.id for entry in ledger.discharges(licence.number)):
            raise UsageError(
                "discharged", f"{wanted.kind} of {licence.number} is settled already.", "Nothing is left to do."
            )
        draft = Entry(
            licence.number,
            0,
            self._today.isoformat(),
            kind="discharge",
            part=wanted.id,
            declaration=outcome,
            note=clean_line(note, 2_000),
        )
        (entry,) = ledger.record([draft], at=self._desk.clock.now(), operator=self._desk.acting())
        return next(obligations.standing([(licence.number, wanted)], [entry], self._today))


def _draft(order: Order, licence: Licence, line: LicenceLine, today: date) -> Entry:
    """An order as an entry, its amounts in units and currency that the line can count. Raises UsageError."""
    if order.quantity is None and order.value is None:
        raise UsageError("amount_missing", "A drawing has a quantity or a value.", "Give --quantity or --value.")
    if order.type == "C":
        raise UsageError("contra", "A contra entry is written by licence reverse.", "Name the drawing that was wrong.")
    if order.type != "A" and any(number is not None and number < 0 for number in (order.quantity, order.value)):
        raise UsageError(
            "negative", "Only an adjustment (type A) may be less than nothing.", "To take one back use licence reverse."
        )
    if not clean_line(order.declaration):
        raise UsageError("declaration_missing", "A drawing names its declaration.", "Give --declaration.")
    unit = clean_line(order.unit or line.unit or "", 40) or None
    if order.quantity is not None and unit != line.unit and ratio(unit or "", line.unit or "") is None:
        raise UsageError(
            "unit_incomparable",
            f"Line {line.no} counts in {line.unit or 'no stated unit'}, not in {unit}.",
            "Give the quantity in that unit.",
        )
    currency = clean_line(order.currency or line.currency or "", 40).upper() or None
    if order.value is not None and line.currency and currency != line.currency.upper():
        raise UsageError(
            "currency_incomparable",
            f"Line {line.no} is in {line.currency}, not in {currency}; nothing is converted.",
            "Give the value in that currency.",
        )
    return Entry(
        licence=licence.number,
        line=line.no,
        date=(order.day or today).isoformat(),
        quantity=amount(order.quantity) if order.quantity is not None else None,
        unit=unit if order.quantity is not None else None,
        value=amount(order.value) if order.value is not None else None,
        currency=currency if order.value is not None else None,
        declaration=clean_line(order.declaration, 200),
        part=clean_line(order.part or "", 200) or None,
        type=order.type,
        note=clean_line(order.anyway or order.note or "", 2_000) or None,
        case=clean_line(order.case or "", 40) or None,
    )


def _entry_of(
    line: Line, licence: Licence, no: int, declaration: str, day: str, case: str | None, anyway: str | None
) -> Entry:
    """What one line of a shipment draws."""
    licensed = licence.line(no)
    return Entry(
        licence=licence.number,
        line=no,
        date=day,
        quantity=amount(line.quantity) if line.quantity is not None else None,
        unit=line.unit or (licensed.unit if licensed else None) if line.quantity is not None else None,
        value=amount(line.value) if line.value is not None else None,
        currency=line.currency if line.value is not None else None,
        declaration=clean_line(declaration, 200),
        part=str(line.no),
        case=case,
        note=clean_line(anyway or "", 2_000) or None,
    )


def _short(balance: Balance, draft: Entry, percent: Decimal, value_percent: Decimal) -> str | None:
    """Where what is left does not cover a drawing, in words."""
    line = balance.line
    if draft.quantity and balance.left is not None:
        asked = Fraction(draft.quantity) * (ratio(draft.unit or "", line.unit or "") or 1)
        if asked > 0 and not bears(balance.left, asked, percent):
            return f"line {line.no} has {plain(balance.left)} {line.unit or ''} left, and {draft.quantity} {draft.unit or ''} are asked."
    if draft.value and balance.value_left is not None:
        worth = Decimal(draft.value)
        if worth > 0 and not bears(balance.value_left, worth, value_percent):
            return f"line {line.no} has {plain(balance.value_left)} {line.currency or ''} left, and {draft.value} {draft.currency or ''} are asked."
    return None


def parse_day(text: str | None) -> date | None:
    """A day as typed, or None. Raises UsageError."""
    try:
        return parse_date(text) if text else None
    except ValueError as error:
        raise UsageError(
            "bad_date", f"{clean_line(text or '', 40)!r} is no date.", "Write it as 2026-03-02."
        ) from error
