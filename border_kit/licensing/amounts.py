"""Which licence line each declared line draws on, and whether what is left covers them all together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from border_kit.certificates.claims import LicenceLine
from border_kit.licensing.goods import Agreement, GoodsMatch, Reading, compare_goods
from border_kit.licensing.model import Amount, Licence, LineBalance, Rule, plain
from border_kit.licensing.rules import unclear
from border_kit.licensing.terms import GUIDANCE, Terms
from border_kit.licensing.tolerance import bears, percent_of
from border_kit.licensing.usage import Balance, balances
from border_kit.shipment.model import Line
from border_kit.units import ratio


@dataclass(slots=True)
class Demand:
    """What the shipment asks of one licence line: `lines` draw on it together."""

    balance: Balance
    lines: list[Line] = field(default_factory=list)


def assign(
    drawn: Iterable[tuple[Line, int | None]], licence: Licence, terms: Terms
) -> tuple[list[Rule], dict[int, Demand]]:
    """Give every declared line its licence line: the one it names, else the one whose goods it is; with what the goods rule saw.

    Goods that differ draw on nothing; goods that cannot be told draw on the line that is meant.
    """
    known = balances(licence, terms.drawn_here(licence))
    rules: list[Rule] = []
    demands: dict[int, Demand] = {}
    for line, number in dict.fromkeys(drawn):
        target, rule = _goods(line, number, licence, terms)
        rules.append(rule)
        if target is not None:
            demands.setdefault(target.no, Demand(known[target.no])).lines.append(line)
    return rules, dict(sorted(demands.items()))


def _goods(line: Line, number: int | None, licence: Licence, terms: Terms) -> tuple[LicenceLine | None, Rule]:
    if number is not None and licence.line(number) is None:
        there = ", ".join(str(one.no) for one in licence.lines) or "none"
        message = f"Line {line.no} draws on licence line {number}, which the licence has not."
        return None, Rule("goods", "fails", message, "goods_differ", str(number), there, line=line.no, cite=GUIDANCE)
    if not licence.lines:
        message = "The registry does not say for which goods."
        return None, Rule(
            "goods", "cannot_tell", message, "not_stated", line.description[:200], None, line=line.no, cite=GUIDANCE
        )
    named = licence.line(number) if number is not None else None
    matches = [(one, _match(line, one, terms)) for one in ((named,) if named else licence.lines)]
    target, match = max(matches, key=lambda pair: (_ORDER[pair[1].agreement], pair[1].wording, -pair[0].no))
    if match.agreement is Agreement.AGREE:
        message = f"Line {line.no} is the goods of licence line {target.no} by {match.why}."
        return target, Rule("goods", "holds", message, None, match.left, match.right, line=line.no, cite=GUIDANCE)
    if match.agreement is Agreement.UNKNOWN:
        ask = f"Are the goods of line {line.no} those of licence line {target.no}: {target.description or target.control_code or target.hs}?"
        message = f"Whether line {line.no} is the goods of the licence cannot be told."
        return target, Rule(
            "goods", "cannot_tell", message, "not_stated", match.left, match.right, ask, line.no, GUIDANCE
        )
    message = f"Line {line.no} is not the goods of {'licence line ' + str(target.no) if named or len(matches) == 1 else 'any licence line'}: the {match.why} differs."
    return None, Rule("goods", "fails", message, "goods_differ", match.left, match.right, line=line.no, cite=GUIDANCE)


_ORDER = {Agreement.AGREE: 2, Agreement.UNKNOWN: 1, Agreement.DIFFER: 0}


def _match(line: Line, licensed: LicenceLine, terms: Terms) -> GoodsMatch:
    text, classify = licensed.description, terms.classify
    reading = Reading(
        declared=terms.classified.get(line.no),
        licensed=lambda: classify(text, licensed.hs) if classify and text else None,
        code_known=licensed.control_code is not None and licensed.control_code in terms.known_codes,
        understood=terms.understood,
    )
    return compare_goods(line, licensed, reading)


def amounts(demands: dict[int, Demand], terms: Terms) -> tuple[list[Rule], list[LineBalance]]:
    """Quantity and value of every licence line drawn on, against what is left of it."""
    rules: list[Rule] = []
    lines: list[LineBalance] = []
    for number, demand in demands.items():
        licensed, balance = demand.balance.line, demand.balance
        asked, problems = _quantity(demand)
        worth, money_problems = _value(demand)
        percent = percent_of(terms.tolerance, licensed.unit)
        rules += _judged(number, "quantity", balance.left, asked, problems, percent, licensed.unit, terms)
        rules += _judged(
            number,
            "value",
            balance.value_left,
            worth,
            money_problems,
            terms.tolerance.value_percent,
            licensed.currency,
            terms,
        )
        lines.append(
            LineBalance(
                number,
                licensed.quantity,
                balance.drawn,
                balance.left,
                asked,
                licensed.unit,
                licensed.value,
                balance.value_drawn,
                balance.value_left,
                worth,
                licensed.currency,
                tuple(line.no for line in demand.lines),
            )
        )
    return rules, lines


def _judged(
    number: int,
    name: str,
    left: Amount | None,
    asked: Amount | None,
    problems: list[Rule],
    percent: Decimal,
    unit: str | None,
    terms: Terms,
) -> Iterator[Rule]:
    """One amount of one licence line: exceeded where what is known already exceeds it, else what stays unknown."""
    if left is None:
        return
    shown = f"{plain(left)} {unit or ''} left".strip()
    wanted = f"{plain(asked)} {unit or ''} asked".strip()
    if asked is not None and not bears(left, asked, percent):
        message = f"Licence line {number}: {wanted}, {shown}."
        yield Rule(
            name,
            "fails",
            message,
            f"{name}_exceeded",
            wanted,
            shown,
            cite=terms.tolerance.cite if percent else GUIDANCE,
        )
    elif problems:
        yield from problems
    else:
        yield Rule(name, "holds", f"Licence line {number}: {wanted}, {shown}.", None, wanted, shown, cite=GUIDANCE)


def _quantity(demand: Demand) -> tuple[Fraction | None, list[Rule]]:
    """The quantity asked in the licence line's unit, as far as it can be told, and what cannot be."""
    licensed = demand.balance.line
    total: Fraction | None = None
    problems: list[Rule] = []
    for line in demand.lines:
        if line.quantity is None or (line.unit is None and licensed.unit is not None):
            missing = "quantity" if line.quantity is None else "unit"
            ask = f"What is the {missing} of line {line.no}?"
            problems.append(unclear("quantity", f"Line {line.no} states no {missing}.", None, licensed.unit, ask))
            continue
        factor = Fraction(1) if line.unit is None else ratio(line.unit, licensed.unit or "")
        if factor is None:
            problems.append(_incomparable(line, licensed))
        else:
            total = Fraction(line.quantity) * factor + (total or 0)
    if demand.balance.other_unit and licensed.quantity is not None:
        message = f"Licence line {licensed.no} was also drawn on in {demand.balance.other_unit}."
        problems.append(
            Rule(
                "quantity",
                "cannot_tell",
                message,
                "unit_incomparable",
                demand.balance.other_unit,
                licensed.unit,
                cite=GUIDANCE,
            )
        )
    return total, problems


def _incomparable(line: Line, licensed: LicenceLine) -> Rule:
    unit = licensed.unit or "no stated unit"
    message = f"Line {line.no} counts in {line.unit}, licence line {licensed.no} in {unit}."
    ask = f"How much is line {line.no} in {licensed.unit or 'the unit of the licence'}?"
    return Rule(
        "quantity", "cannot_tell", message, "unit_incomparable", line.unit, licensed.unit, ask, line.no, GUIDANCE
    )


def _value(demand: Demand) -> tuple[Decimal | None, list[Rule]]:
    """The value asked in the licence line's currency, and what cannot be told of it."""
    licensed = demand.balance.line
    total: Decimal | None = None
    problems: list[Rule] = []
    for line in demand.lines:
        if line.value is None or (line.currency is None and licensed.currency is not None):
            missing = "value" if line.value is None else "currency"
            problems.append(
                unclear(
                    "value",
                    f"Line {line.no} states no {missing}.",
                    None,
                    licensed.currency,
                    f"What is the {missing} of line {line.no}?",
                )
            )
        elif (line.currency or "").upper() != (licensed.currency or "").upper():
            message = f"Line {line.no} is in {line.currency}, licence line {licensed.no} in {licensed.currency or 'no stated currency'}."
            problems.append(
                Rule(
                    "value",
                    "cannot_tell",
                    message,
                    "currency_incomparable",
                    line.currency,
                    licensed.currency,
                    line=line.no,
                    cite=GUIDANCE,
                )
            )
        else:
            total = line.value if total is None else total + line.value
    if demand.balance.other_currency and licensed.value is not None:
        message = f"Licence line {licensed.no} was also drawn on in {demand.balance.other_currency}."
        problems.append(
            Rule(
                "value",
                "cannot_tell",
                message,
                "currency_incomparable",
                demand.balance.other_currency,
                licensed.currency,
                cite=GUIDANCE,
            )
        )
    return total, problems
