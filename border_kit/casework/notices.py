"""The papers of a case: detention notice, referral dossier, release note, inspection sheet.

Each has the case's number, what it rests on, and codes that lead back to the case and to the log's head. The number to call is
the authority's as the registry has it, never one from the papers shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from border_kit.casework.acts import state
from border_kit.casework.case import Case
from border_kit.casework.checkpoint import Checkpoint
from border_kit.errors import UsageError
from border_kit.paper import Code, Paper, Section

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call: an authority of a registry, with its number there."""

    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What papers need beside the case: the log's head, whom to call, until when a hold stands, who signs."""

    at: datetime
    checkpoint: Checkpoint
    contacts: tuple[Contact, ...]
    office: str
    demo: bool
    missing_files: tuple[str, ...] = ()


def paper(kind: str, case: Case, facts: Facts) -> Paper:
    """One paper of a case. Raises UsageError for a kind that does not exist, or that the case gives no ground for."""
    if kind not in KINDS:
        raise UsageError("paper_unknown", f"{kind!r} is no paper.", "Papers: " + ", ".join(KINDS) + ".")
    title, make, signatures = KINDS[kind]
    number = f"Case {case.row.case_id}" + (f", office {facts.office}" if facts.office else "")
    return Paper(
        kind=kind,
        title=title,
        number=number,
        at=facts.at,
        sections=tuple(make(case, facts)),
        codes=(
            Code(case.row.case_id, f"Case {case.row.case_id}"),
            Code(str(facts.checkpoint), f"Log at event {facts.checkpoint.seq}, {facts.checkpoint.at}"),
        ),
        footer="The kit advises and never rates: a rating comes from the licensing authority.",
        demo=facts.demo,
        signatures=signatures,
    )


def _detention(case: Case, facts: Facts) -> Iterable[Section]:
    decided = state(case.events).decided
    if decided is None or decided.data["decision"] != "detain_and_refer":
        raise UsageError(
            "not_held", "The case was not decided as detain and refer.", "Decide it first: F5, or case decide."
        )
    until = decided.data.get("due")
    yield _shipment(case)
    yield Section(
        "What is held, and why",
        (
            ("Held since", decided.at),
            (
                "Until",
                f"{until} ({decided.data.get('due_citation', '')}), unless decided before" if until else "not set",
            ),
            ("Decided by", decided.operator or "not named"),
            ("Reason", str(decided.data["reason"])),
        ),
        words="\n".join(_findings(case, ("stop", "attention"))),
    )
    yield _lines(case)
    yield Section("What is needed to end the hold", words="\n".join(_asked(case)) or "The authority's answer.")
    yield from _response(case)
    yield _contacts(facts)
    yield _custody(case)


def _release(case: Case, facts: Facts) -> Iterable[Section]:
    decided = state(case.events).decided
    if decided is None or decided.data["decision"] != "release":
        raise UsageError("not_released", "The case was not decided as release.", "Decide it first: F2, or case decide.")
    yield _shipment(case)
    yield Section(
        "Decision",
        (
            ("Released", decided.at),
            ("Decided by", decided.operator or "not named"),
            ("Second signature", _second(case)),
            ("Reason", str(decided.data["reason"])),
        ),
        words="Nothing found is not the same as not controlled: catch-all still applies.",
    )
    yield _lines(case)
    yield _contacts(facts)


def _referral(case: Case, facts: Facts) -> Iterable[Section]:
    yield _shipment(case)
    asked = [event for event in case.events if event.kind == "referred"]
    yield Section(
        "Question",
        tuple((f"To {event.data['to']}", str(event.data["question"])) for event in asked),
        words="" if asked else "No question was put yet: case refer.",
    )
    yield _lines(case)
    for line in case.assessment["lines"]:
        if line.get("classification") and line["classification"]["verdict"] != "none":
            yield _evidence(line)
    yield Section("Findings", words="\n".join(_findings(case, ("stop", "attention", "ask"))))
    yield from _response(case)
    answers = tuple(case.answers.items())
    yield Section("Answers", answers, words="" if answers else "Nothing was answered.")
    files = tuple(
        (
            str(event.data["name"]),
            str(event.data["sha256"]),
            "missing" if event.data["name"] in facts.missing_files else "kept",
        )
        for event in case.events
        if event.kind == "attached"
    )
    yield Section(
        "Files, by SHA-256",
        columns=("Name", "SHA-256", "State"),
        rows=files,
        widths=(3, 8, 1),
        words="" if files else "No file is kept with the case.",
    )
    yield _custody(case)
    yield _contacts(facts)
    rows = tuple((str(event.seq), event.at, event.operator or "", event.kind, event.hash[:16]) for event in case.events)
    yield Section("Events", columns=("No", "At", "Operator", "What", "Hash"), rows=rows, widths=(1, 3, 2, 2, 3))


def _inspection(case: Case, _facts: Facts) -> Iterable[Section]:
    done = [event for event in case.events if event.kind == "inspected"]
    yield _shipment(case)
    yield _lines(case, boxes=True)
    if not done:
        yield Section(
            "Serial numbers",
            columns=("Seen on the goods", "Item", "Seal", "Remark"),
            rows=(("", "", "", ""),) * 12,
            boxes=True,
            widths=(4, 2, 2, 3),
        )
        return
    found = done[-1].data["result"]
    rows = [
        *((number, number, "agrees") for number in found["matched"]),
        *((row["licensed"], row["seen"], "differs: mistyped?") for row in found["mistyped"]),
        *((number, "", "missing") for number in found["missing"]),
        *(("", number, "not licensed") for number in found["extra"]),
        *(("", row["seen"], f"seen {row['times']} times") for row in found["seen_twice"]),
    ]
    yield Section(
        f"Serial numbers, {done[-1].at}",
        columns=("Licensed", "Seen", "Result"),
        rows=tuple(rows),
        boxes=True,
        widths=(4, 4, 3),
    )


KINDS: dict[str, tuple[str, Callable[[Case, Facts], Iterable[Section]], tuple[str, ...]]] = {
    "detention": ("Detention notice", _detention, ("Officer", "Received by")),
    "referral": ("Referral dossier", _referral, ("Officer",)),
    "release": ("Release note", _release, ("Officer",)),
    "inspection": ("Inspection sheet", _inspection, ("Officer", "Witness")),
}


def _shipment(case: Case) -> Section:
    declared = case.shipment
    route = " → ".join(str(country) for country in declared.get("route") or ())
    parties = tuple(
        (str(party["role"]).replace("_", " "), " · ".join(filter(None, (party["name"], party.get("country")))))
        for party in declared.get("parties", ())
    )
    transport = declared.get("transport") or {}
    values = (
        ("Shipment", str(declared.get("id") or "")),
        ("Destination", str(declared.get("destination") or "not stated")),
        ("Route", route or "not stated"),
        *parties,
        (
            "Containers, seals",
            ", ".join([*transport.get("containers", ()), *transport.get("seals", ())]) or "not stated",
        ),
    )
    return Section("Shipment", values)


def _lines(case: Case, *, boxes: bool = False) -> Section:
    found = {row["no"]: row for row in case.assessment["lines"]}
    rows = tuple(
        (
            str(line["no"]),
            str(line["description"]),
            str(line.get("hs") or ""),
            " ".join(filter(None, (line.get("quantity"), line.get("unit")))),
            _points_at(found.get(line["no"])),
            ", ".join(str(ref["number"]) for ref in line.get("licences", ())),
        )
        for line in case.shipment.get("lines", ())
    )
    columns = ("No", "Goods", "HS", "Quantity", "Points at", "Licences")
    return Section("Goods", columns=columns, rows=rows, boxes=boxes, widths=(1, 7, 2, 2, 4, 3))


def _points_at(row: Document | None) -> str:
    classified = row["classification"] if row else None
    if not classified or classified["verdict"] == "none":
        return "nothing found"
    best = classified["candidates"][0]
    return f"{best['code']} {best['band']}"


def _evidence(line: Document) -> Section:
    best = line["classification"]["candidates"][0]
    words = "\n".join(str(item["why"]) for item in best["evidence"])
    values = tuple(
        (str(item["name"]), f"{item['stated'] or 'not stated'}: {item['verdict']}") for item in best["parameters"]
    )
    return Section(f"Line {line['no']} and {best['code']}", values, words=words)


def _findings(case: Case, severities: tuple[str, ...]) -> Iterable[str]:
    for finding in case.assessment["findings"]:
        if finding["severity"] in severities:
            cite = f" ({finding['citation']})" if finding["citation"] else ""
            yield f"- {finding['message']}{cite}"


def _response(case: Case) -> Iterable[Section]:
    """How far the profile's guidance goes for what was found; nothing where it has none. It never names a penalty."""
    found = case.assessment.get("response")
    if found:
        values = (
            ("Step", str(found["title"])),
            ("What it means", str(found["text"])),
            ("Where it stands", str(found["citation"])),
        )
        yield Section("Proportionate response (guidance)", values, words=str(found["limit"]))


def _asked(case: Case) -> Iterable[str]:
    return (f"- {row['text']}" for row in case.assessment.get("questions", ()))


def _contacts(facts: Facts) -> Section:
    values = tuple((contact.name, contact.phone) for contact in facts.contacts)
    words = "The number of the registry. Never call one from the papers that were shown."
    return Section("Whom to call", values, words=words if values else "No registry with a number is installed.")


def _custody(case: Case) -> Section:
    named = ("item", "move", "from", "to", "place", "seal", "reason")
    rows = tuple(
        (*(str(event.data.get(name, "")) for name in named), event.at)
        for event in case.events
        if event.kind == "custody"
    )
    columns = ("Item", "What", "From", "To", "Place", "Seal", "Reason", "At")
    return Section("Custody", columns=columns, rows=rows, words="" if rows else "Nothing is in custody.")


def _second(case: Case) -> str:
    signed = [event for event in case.events if event.kind == "countersigned"]
    return f"{signed[-1].operator}, {signed[-1].at}" if signed else "none was demanded"
