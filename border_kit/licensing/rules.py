"""The rules that look at the licence as a whole: status, dates, parties, destination, document codes, conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from border_kit.licensing.model import BAD_STATUSES, GOOD_STATUSES, TYPES, Licence, Outcome, Rule
from border_kit.licensing.names import Likeness, compare_parties
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
        return failed("status", word, f"The licence is {word}.", None, word, call(licence))
    return unclear(
        "status", f"The registry gives the status {word!r}, which is not understood.", None, word, call(licence)
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
        call(licence),
    )


def call(licence: Licence) -> str:
    """Whom to call: the number of the registry, never the one on the paper."""
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
        return unclear("exporter", "The registry does not say who holds the licence.", named, None, call(licence))
    if not declared:
        return unclear("exporter", "The shipment names no exporter.", None, licence.holder, "Who is the exporter?")
    if len(roles) == 1:
        return _worst("exporter", declared, licence.holder, terms)
    alike = [(_likeness(party, licence.holder, terms), party) for party in declared]
    best = max(alike, key=lambda pair: (pair[0].same, pair[0].score))[1]
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
    if consignees and all(_likeness(party, licensed, terms).same for party in consignees):
        return holds(
            "end_user", "The consignee is the licensed end user; no other is declared.", consignees[0].name, licensed
        )
    return unclear("end_user", "The shipment names no end user.", None, licensed, "Who is the end user?")


def _worst(name: str, declared: list[Party], licensed: str, terms: Terms) -> Rule:
    """Every declared party of the role must be one that the licence names."""
    party, found = min(
        ((party, _likeness(party, licensed, terms)) for party in declared),
        key=lambda pair: (pair[1].same, pair[1].score),
    )
    words = name.replace("_", " ")
    if not found.same:
        why = f" (alike {found.score:.2f}; {found.why})" if found.why else f" (alike {found.score:.2f})"
        message = f"The {words} is not the one of the licence{why}."
        return failed(name, f"{name}_differs", message, party.name, found.licensed)
    if found.score < 1:
        message = f"The {words} is written differently and is taken for the same (alike {found.score:.2f})."
        return Rule(name, "note", message, None, party.name, found.licensed, cite=GUIDANCE)
    return holds(name, f"The {words} is the one of the licence.", party.name, found.licensed)


def _likeness(party: Party, licensed: str, terms: Terms) -> Likeness:
    """The best of the names that a licence's cell holds (`;` between them)."""
    names = [name.strip() for name in licensed.split(";") if name.strip()] or [licensed]
    found = (compare_parties(party.name, name, terms.same_name, country=party.country) for name in names)
    return max(found, key=lambda one: (one.same, one.score))


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
