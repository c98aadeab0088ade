"""The rules that look at the licence as a whole: status, dates, parties, destination, document codes, conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from border_kit.licensing.model import BAD_STATUSES, GOOD_STATUSES, TYPES, Licence, Outcome, Rule
from border_kit.licensing.terms import GUIDANCE, Terms
from border_kit.shipment.model import Line, Party, Role, Shipment

_HOLDER_ROLES: dict[str, tuple[Role, ...]] = {
    "transit": ("exporter", "declarant", "forwarder", "carrier"),
    "import": ("exporter", "consignee"),
}
"""Who may hold the licence where it is not the exporter alone: a transit licence, any licence at import."""


def unclear(name: str, message: str, left: str | None, right: str | None, ask: str) -> Rule:
    """A rule that cannot tell because something is not stated."""
    return Rule(name, "cannot_tell", message, "not_stated", left, right, ask, cite=GUIDANCE)


def failed(name: str, reason: str, message: str, left: str | None, right: str | None, ask: str | None = None) -> Rule:
    """A rule that does not hold."""
    return Rule(name, "fails", message, reason, left, right, ask, cite=GUIDANCE)


def holds(name: str, message: str, left: str | None = None, right: str | None = None) -> Rule:
    """A rule that holds."""
    return Rule(name, "holds", message, None, left, right, cite=GUIDANCE)


def status(licence: Licence, terms: Terms) -> Rule:
    """The licence must be issued or reinstated, today: a declaration's older date does not bring it back."""
    word = licence.status_on(terms.today)
    if word in GOOD_STATUSES:
        return holds("status", f"The licence is {word}.", right=word)
    if word in BAD_STATUSES:
        return failed("status", word, f"The licence is {word}.", None, word, _call(licence))
    return unclear(
        "status", f"The registry gives the status {word!r}, which is not understood.", None, word, _call(licence)
    )


def kind(licence: Licence) -> Rule | None:
    """A type of licence that the decision table does not know cannot be judged by it."""
    if licence.type in TYPES:
        return None
    return unclear(
        "type",
        f"The registry gives the type {licence.type!r}, which is not understood.",
        None,
        licence.type,
        _call(licence),
    )


def _call(licence: Licence) -> str:
    return f"Call {licence.authority.name}{f' ({licence.authority.phone})' if licence.authority.phone else ''}."


def validity(shipment: Shipment, licence: Licence, terms: Terms) -> Rule:
    """The day of the declaration (else today) must lie within the licence; its last day is good."""
    day = shipment.date or terms.today
    shown = day.isoformat()
    if licence.valid_from and day < licence.valid_from:
        begins = licence.valid_from.isoformat()
        return failed("validity", "not_yet_valid", f"The licence begins on {begins}.", shown, begins)
    if licence.valid_to and day > licence.valid_to:
        ends = licence.valid_to.isoformat()
        return failed("validity", "expired", f"The licence ended on {ends}.", shown, ends)
    ends = licence.valid_to.isoformat() if licence.valid_to else "no end"
    return holds("validity", f"The licence is good on {shown}.", shown, ends)


def parties(shipment: Shipment, licence: Licence, terms: Terms) -> Iterator[Rule]:
    """Exporter, consignee and end user must be those of the licence; what it leaves open is open."""
    yield _holder(shipment, licence, terms)
    if licence.consignee:
        yield _party(shipment, "consignee", licence.consignee, terms)
    if licence.end_user:
        yield _end_user(shipment, licence.end_user, terms)


def _holder(shipment: Shipment, licence: Licence, terms: Terms) -> Rule:
    roles = _HOLDER_ROLES.get("transit" if licence.type == "transit" else shipment.direction or "", ("exporter",))
    declared = [party for role in roles for party in shipment.parties if party.role == role and party.name]
    if not licence.holder:
        named = ", ".join(party.name for party in declared) or None
        if licence.type == "open_general":
            return _registration(licence, named, terms)
        return unclear("exporter", "The registry does not say who holds the licence.", named, None, _call(licence))
    if not declared:
        return unclear("exporter", "The shipment names no exporter.", None, licence.holder, "Who is the exporter?")
    if len(roles) == 1:
        return _worst("exporter", declared, licence.holder, terms)
    best = max(declared, key=lambda party: _score(party.name, licence.holder or "", terms)[0])
    return _worst("exporter", [best], licence.holder, terms)


def _registration(licence: Licence, named: str | None, terms: Terms) -> Rule:
    """An open general licence is good for exporters who registered; a registry need not list them."""
    answer = terms.answers.get((licence.number, 0))
    if answer is None:
        ask = "Is the exporter registered to use this general licence?"
        message = "The registry names no registered exporter."
        return Rule("exporter", "ask", message, None, named, None, ask, cite=GUIDANCE, question="registration")
    if answer:
        return holds("exporter", "The exporter is registered for this general licence.", named, "registered")
    message = "The exporter is not registered for this general licence."
    return failed("exporter", "exporter_differs", message, named, "registered exporters")


def _party(shipment: Shipment, role: Role, licensed: str, terms: Terms) -> Rule:
    declared = [party for party in shipment.parties if party.role == role and party.name]
    if not declared:
        words = role.replace("_", " ")
        return unclear(role, f"The shipment names no {words}.", None, licensed, f"Who is the {words}?")
    return _worst(role, declared, licensed, terms)


def _end_user(shipment: Shipment, licensed: str, terms: Terms) -> Rule:
    """Where no end user is declared, a consignee who is the licensed end user is one."""
    if any(party.role == "end_user" and party.name for party in shipment.parties):
        return _party(shipment, "end_user", licensed, terms)
    consignees = [party for party in shipment.parties if party.role == "consignee" and party.name]
    if consignees and all(_score(party.name, licensed, terms)[0] >= terms.same_from for party in consignees):
        return holds(
            "end_user", "The consignee is the licensed end user; no other is declared.", consignees[0].name, licensed
        )
    return unclear("end_user", "The shipment names no end user.", None, licensed, "Who is the end user?")


def _worst(name: str, declared: list[Party], licensed: str, terms: Terms) -> Rule:
    """Every declared party of the role must be one that the licence names."""
    scored = sorted((_score(party.name, licensed, terms), party.name) for party in declared)
    (score, alternative), shown = scored[0]
    words = name.replace("_", " ")
    if score < terms.same_from:
        return failed(
            name,
            f"{name}_differs",
            f"The {words} is not the one of the licence (alike {score:.2f}).",
            shown,
            alternative,
        )
    if score < 1:
        message = f"The {words} is written differently and is taken for the same (alike {score:.2f})."
        return Rule(name, "note", message, None, shown, alternative, cite=GUIDANCE)
    return holds(name, f"The {words} is the one of the licence.", shown, alternative)


def _score(declared: str, licensed: str, terms: Terms) -> tuple[float, str]:
    """The best of the names that a licence's cell holds (`;` between them)."""
    names = [name.strip() for name in licensed.split(";") if name.strip()] or [licensed]
    return max((terms.same_name(declared, name).score, name) for name in names)


def destination(shipment: Shipment, licence: Licence) -> Iterator[Rule]:
    """The country of destination must be licensed, and neither the route nor the end user may lead elsewhere."""
    licensed = ", ".join(licence.destinations) or None
    if not shipment.destination:
        yield unclear(
            "destination",
            "The shipment does not state its destination.",
            None,
            licensed,
            "What is the final destination?",
        )
        return
    if not licence.destinations:
        yield unclear(
            "destination",
            "The registry does not say for which destinations.",
            shipment.destination,
            None,
            _call(licence),
        )
        return
    if shipment.destination.upper() not in licence.destinations:
        message = f"The licence is not for {shipment.destination}."
        yield failed("destination", "destination_differs", message, shipment.destination, licensed)
        return
    yield holds("destination", f"The licence is for {shipment.destination}.", shipment.destination, licensed)
    yield from _elsewhere(shipment, licence, licensed)


def _elsewhere(shipment: Shipment, licence: Licence, licensed: str | None) -> Iterator[Rule]:
    if shipment.route and shipment.route[-1].upper() not in (*licence.destinations, shipment.destination):
        message = f"The route ends in {shipment.route[-1]}, for which the licence is not."
        yield failed(
            "route",
            "destination_differs",
            message,
            " → ".join(shipment.route),
            licensed,
            "Where do the goods go in the end?",
        )
    for party in shipment.parties:
        if party.role == "end_user" and party.country and party.country.upper() not in licence.destinations:
            message = f"The end user is in {party.country}, for which the licence is not."
            yield failed("destination", "destination_differs", message, f"{party.name}, {party.country}", licensed)


def document_codes(lines: list[Line], licence: Licence, terms: Terms) -> Iterator[Rule]:
    """A document code that claims a licence must claim one of this type (Reg. (EU) 2021/821; TARIC document codes)."""
    for line in lines:
        claims = {
            code: terms.code_types[code]
            for code in (text.upper() for text in line.documents)
            if terms.code_types.get(code)
        }
        if not claims:
            continue
        shown = ", ".join(f"{code} ({', '.join(types)})" for code, types in claims.items())
        if any(licence.type in types for types in claims.values()):
            outcome: Outcome = "holds"
            yield Rule(
                "document_code", outcome, "The document code fits the licence.", None, shown, licence.type, line=line.no
            )
            continue
        message = f"Line {line.no} declares {', '.join(claims)}, which is not for a licence of this type."
        yield Rule(
            "document_code",
            "fails",
            message,
            "document_code_mismatch",
            shown,
            licence.type,
            line=line.no,
            cite=GUIDANCE,
        )


def conditions(licence: Licence, terms: Terms) -> Iterator[Rule]:
    """Every condition is asked; only the answer *not met* fails, and not known is never no."""
    for position, text in enumerate(licence.conditions, start=1):
        answer = terms.answers.get((licence.number, position))
        if answer is True:
            yield holds("condition", "The condition is met.", "met", text)
        elif answer is False:
            yield failed("condition", "condition_unmet", f"Condition {position} is not met.", "not met", text)
        else:
            message, ask = f"The licence has a condition: {text}", f"Is this condition met? {text}"
            yield Rule(
                "condition", "ask", message, None, None, text, ask, cite=GUIDANCE, question=f"condition_{position}"
            )


_ANSWER = re.compile(r"licence_(?:condition_(?P<position>[1-9][0-9]{0,5})|registration):(?P<number>.+)", re.DOTALL)
_WORDS = {"yes": True, "no": False}


def condition_answers(answers: Mapping[str, str]) -> dict[tuple[str, int], bool | None]:
    """What an officer answered (question id → yes, no, not_known) as `Terms.answers`; other questions are left out.

    An id is the finding's code and subject, `licence_condition_2:IND-22-0071`; position 0 is the registration.
    """
    found: dict[tuple[str, int], bool | None] = {}
    for question, answer in answers.items():
        match = _ANSWER.fullmatch(question)
        if match:
            found[match["number"], int(match["position"] or 0)] = _WORDS.get(answer)
    return found
