"""What the desk does to cases: the profile's demands on a decision, precedents, papers and files of a case."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from border_kit.casework import acts, attachments, decisions, notices, serials, software
from border_kit.casework.log import Event
from border_kit.desk import papers
from border_kit.errors import UsageError
from border_kit.findings import Json
from border_kit.paper import Paper

if TYPE_CHECKING:
    from border_kit.casework.case import Case
    from border_kit.desk.desk import Desk


def decide(desk: Desk, number: str, decision: str, reason: str) -> Event:
    """Decide a case as the profile demands: with a second signature, with a deadline. Raises UsageError, InputError, StoreError."""
    book, moment, profile = desk.casebook, desk.clock.now(), desk.assessor.profile
    with book.step():
        demands = decisions.Demands()
        if profile is not None:
            deadline = profile.deadlines.get(decision)
            demands = decisions.Demands(
                second=profile.second_signature(decision, book.row(number).advice),
                due=deadline.due(moment.date(), profile.weekend).isoformat() if deadline else None,
                due_cite=deadline.cite if deadline else None,
            )
        return decisions.decide(book, number, decision, reason, demands, at=moment)


def yes_or_no(desk: Desk) -> set[str]:
    """The questions of rules, which understand yes and no alone."""
    assessor = desk.assessor
    return {*assessor.red_flags, *(assessor.profile.yes_or_no if assessor.profile else ())}


def answer(desk: Desk, number: str, question: str, said: str) -> Case:
    """Record an answer, and the assessment made again with it where it changed. Raises InputError, StoreError."""
    from border_kit.desk import rating

    classifier = desk.classifier if desk.catalog.has("controls") else None
    with desk.casebook.step():
        case = desk.casebook.show(number)
        lines = [line["no"] for line in case.shipment.get("lines", ())]
        given = rating.checked_answer(classifier, question, said, lines, yes_or_no(desk))
        desk.casebook.answer(number, question, given, at=desk.clock.now())
        return assess_again(desk, number)


def assess_again(desk: Desk, number: str) -> Case:
    """Record a case's assessment as it stands now, where it changed. Raises InputError, StoreError."""
    from border_kit.shipment.readers import shipment_from_json

    case = desk.casebook.show(number)
    shipment = shipment_from_json(case.shipment, position=1)
    again = desk.kept(desk.assess(shipment, case.answers, case.exemptions_ruled))
    if again != case.assessment:
        desk.casebook.reassess(number, again, at=desk.clock.now())
        case = desk.casebook.show(number)
    return case


def record(desk: Desk, number: str, name: str, values: Mapping[str, str]) -> Event:
    """Do an act of the table to a case. Raises UsageError, InputError, StoreError."""
    if name == "exempt":
        return exempt(desk, number, values)
    return acts.record(desk.casebook, number, name, values, at=desk.clock.now())


def exempt(desk: Desk, number: str, values: Mapping[str, str]) -> Event:
    """Approve or refuse an exemption that the case claims, and assess it again. Raises UsageError, InputError, StoreError."""
    with desk.casebook.step():
        waiting = _to_rule(desk.casebook.show(number).assessment)
        if values.get("exemption") not in waiting:
            raise UsageError(
                "exemption_unknown",
                f"No exemption {str(values.get('exemption'))[:80]!r} of this case is the office's to approve.",
                f"Those that are: {', '.join(waiting) or 'none'}.",
            )
        event = acts.record(desk.casebook, number, "exempt", values, at=desk.clock.now())
        assess_again(desk, number)
    return event


def _to_rule(assessment: Mapping[str, Any]) -> list[str]:
    """The exemptions that wait for the office, or were refused by it."""
    codes = ("exemption_approval_open", "exemption_approval_refused")
    rows = (
        proof["row"] for item in assessment.get("findings", ()) if item["code"] in codes for proof in item["evidence"]
    )
    return list(dict.fromkeys(row.removeprefix("exemption:") for row in rows if row))


def countersign(desk: Desk, number: str) -> Event:
    """Sign a decision a second time."""
    return decisions.countersign(desk.casebook, number, at=desk.clock.now())


def refuse(desk: Desk, number: str, reason: str) -> Event:
    """Refuse a decision the second signature."""
    return decisions.refuse(desk.casebook, number, reason, at=desk.clock.now())


def attach(desk: Desk, number: str, file: Path) -> Event:
    """Keep a file with a case."""
    return attachments.attach(desk.casebook, folder(desk), number, file, at=desk.clock.now())


def act(desk: Desk, number: str, name: str, values: Mapping[str, str]) -> Event:
    """Any act by its name: those of the table, and those that need more than a form."""
    said = {name: values.get(name, "") for name in ("reason", "file", "licensed", "seen", "list", "folder", "key")}
    more: dict[str, Callable[[], Event]] = {
        "countersign": lambda: countersign(desk, number),
        "refuse": lambda: refuse(desk, number, said["reason"]),
        "attach": lambda: attach(desk, number, Path(said["file"])),
        "inspect": lambda: inspect(desk, number, said["licensed"].split(), said["seen"].split()),
        "software": lambda: check_software(desk, number, Path(said["list"]), Path(said["folder"]), said["key"]),
        "paper": lambda: _printed(desk, number, values),
    }
    return more[name]() if name in more else record(desk, number, name, values)


def _printed(desk: Desk, number: str, values: Mapping[str, str]) -> Event:
    path, event = hand_out(desk, number, values.get("kind", ""))
    if values.get("print") == "yes":
        papers.print_out(path)
    return event


def inspect(desk: Desk, number: str, licensed: Iterable[str], seen: Iterable[str]) -> Event:
    """Record an inspection: serial numbers licensed against seen. Raises UsageError where none was licensed and none seen."""
    found = serials.inspect(licensed, seen)
    if found == serials.inspect((), ()):
        raise UsageError("serials_missing", "No serial numbers were given.", "Give --licensed and --seen.")
    return desk.casebook.append(
        desk.casebook.row(number).case_id, "inspected", {"result": found.to_json()}, at=desk.clock.now()
    )


def check_software(desk: Desk, number: str, listed: Path, folder: Path, key: str) -> Event:
    """Hold supplied software against its maker's signed list, and record it. Raises InputError, UsageError, StoreError."""
    case_id = desk.casebook.row(number).case_id
    found = software.check(listed, folder, key)
    return desk.casebook.append(case_id, "software_checked", {"result": found.to_json()}, at=desk.clock.now())


def paper(desk: Desk, number: str, kind: str) -> Paper:
    """One paper of a case, with the log's head as it stands. Raises UsageError, InputError."""
    book, case = desk.cases, desk.cases.show(number)
    office, catalog = book.office, case.assessment.get("catalog") or {}
    facts = notices.Facts(
        at=desk.clock.now(),
        checkpoint=book.checkpoint(at=desk.clock.now()),
        contacts=tuple(notices.Contact(item.name, item.phone) for item in desk.registry.authorities if item.phone),
        office=office.id if office else "",
        demo=any(row.get("demo") for row in catalog.values()),
        missing_files=tuple(attachments.missing(book, folder(desk), number)),
    )
    return notices.paper(kind, case, facts)


def hand_out(desk: Desk, number: str, kind: str) -> tuple[Path, Event]:
    """Save a paper as PDF, and record that it was made, with its hash. Raises UsageError, InputError, StoreError."""
    made = paper(desk, number, kind)
    content = made.to_pdf()
    path = papers.save(f"{number} {kind}", content, "pdf")
    data: dict[str, Json] = {"paper": kind, "sha256": hashlib.sha256(content).hexdigest(), "file": path.name}
    return path, desk.casebook.append(desk.casebook.row(number).case_id, "paper_made", data, at=desk.clock.now())


def folder(desk: Desk) -> Path:
    """Where attachments lie: beside the casebook."""
    path = desk.settings.casebook_path()
    return path.with_name(f"{path.stem}-files")


def precedents(desk: Desk, shipments: Iterable[tuple[str, Iterable[Mapping[str, Any]]]]) -> list[dict[str, Json]]:
    """Rulings of past cases on lines like these (shipments by number, with their lines). Raises StoreError."""
    known = desk.cases.rulings()
    return [
        {"shipment": shipment, "for_line": line.get("no"), **found.to_json()}
        for shipment, lines in shipments
        for line in lines
        for found in known.like(str(line.get("description") or ""), line.get("hs"))
    ]


def possible(desk: Desk, number: str | None) -> list[tuple[str, str]]:
    """The acts that mean something for a case now, as (name, title); without a number, for one that is not opened yet."""
    case = desk.casebook.show(number) if number else None
    now = acts.state(case.events if case else ())
    unfit = set() if now.disputes else {"respond", "resolve"}
    if case is None or not _to_rule(case.assessment):
        unfit.add("exempt")
    found = [(name, item.title) for name, item in acts.ACTS.items() if name not in unfit]
    found += [
        ("attach", "Keep a photo or paper with the case"),
        ("inspect", "Serial numbers: licensed against seen"),
        ("software", "Software: files supplied against the maker's list"),
        ("paper", "Make a paper: notice, dossier, note, sheet"),
    ]
    if now.pending is not None:
        found = [("countersign", "Sign the decision a second time"), ("refuse", "Refuse the second signature"), *found]
    return found
