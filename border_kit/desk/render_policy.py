"""What the policy saw, as plain text: rules, criteria, autonomy, tiers, trial profiles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from border_kit.text import clean_line

Document = Mapping[str, Any]


def why(document: Document) -> str:
    """What every rule saw, then the risk in the profile's terms, how far to go, and what trial profiles would do."""
    shown = ["WHAT EVERY RULE SAW"]
    for view in document["why"]:
        mark = "→" if view["fires"] else " "
        shown.append(f"{mark} {view['lane']:7} {view['title']} [{view['rule']}]: {', '.join(view['saw']) or 'nothing'}")
    if document.get("risk"):
        shown += ["", *_risk(document["risk"])]
    if document.get("response"):
        shown += ["", *response(document["response"])]
    for trial in document.get("shadow", ()):
        shown += ["", f"ON TRIAL, decides nothing: {clean_line(trial['profile'])}"]
        shown.append(f"  lane {trial['lane']}, {trial['advice']} [{trial['decided_by']}]")
    return "\n".join([*shown, "", f"Profile: {clean_line(document['profile'])}"])


def response(found: Document) -> Iterable[str]:
    """How far to go: the step that applies, why, where it stands, and the ladder from its lightest step."""
    yield f"RESPONSE, guidance of the profile: {clean_line(found['title'])} [{found['step']}]"
    yield f"  {clean_line(found['text'])}"
    yield f"  for: {', '.join(found['because'])}  ({clean_line(found['citation'])})"
    yield from (
        f"  {'→' if row['here'] else ' '} {no}. {clean_line(row['title'])}" for no, row in enumerate(found["ladder"], 1)
    )
    yield f"  {found['limit']}"


def _risk(risk: Document) -> Iterable[str]:
    yield "RISK, by the profile's criteria"
    for row in risk["criteria"]:
        yield f"  {row['title']}: {row['band']}"
        yield from (f"    + {reason}" for reason in row["reasons"])
        yield from (f"    - {reason}" for reason in row["mitigating"])
        yield from (f"    ? {question}" for question in row["missing"])
    yield from levels(risk)
    yield from statement(risk["statement"]) if risk.get("statement") else ()
    yield from capabilities(risk["capabilities"]) if risk.get("capabilities") else ()


def levels(risk: Document) -> Iterable[str]:
    """The level of autonomy under each definition, and the tier with its demands; nothing for goods that are not asked about it."""
    yield from autonomy(risk["autonomy"])
    if risk["tier"]:
        tier = risk["tier"]
        raised = ", raised by what is not known" if tier["raised_by_unknown"] else ""
        yield f"TIER {tier['tier']} ({tier['title']}): {tier['level']}, destination {tier['destination_band']}{raised}"
        yield from (f"  demand: {item}" for item in tier["assurances"])


def to_tick(found: Document, *, everything: bool) -> list[tuple[str, str, bool]]:
    """What a checklist still asks, or all of it: (question, its text, whether a value in words may answer it)."""
    if "elements" in found:
        rows = [(row["id"], row["ask"], False, row["id"] in found["missing"]) for row in found["elements"]]
    else:
        rows = [(row["id"], row["ask"], False, row["id"] in found["open"]) for row in found["questions"]]
        rows += [
            (item["id"], item["ask"], True, item["id"] in found["open"])
            for row in found["questions"]
            for item in row["controls"]
        ]
    return [(key, text, values) for key, text, values, still in rows if still or everything]


_TICKS = {"yes": "[x]", "no": "[-]", "not_known": "[ ]"}


def statement(found: Document) -> Iterable[str]:
    """The elements of the statement that a tier demands, ticked, lacking or still missing."""
    yield f"END-USER STATEMENT ({', '.join(found['assurances'])}): {statement_state(found)}"
    yield from (f"  {_TICKS.get(row['answer'], '[ ]')} {row['ask']} [{row['id']}]" for row in found["elements"])


def statement_state(found: Document) -> str:
    """How far a statement's elements are ticked."""
    total, missing, absent = len(found["elements"]), len(found["missing"]), len(found["absent"])
    if found["complete"]:
        return f"all {total} elements are there"
    return f"{total - missing - absent} of {total} elements there, {absent} lacking, {missing} still missing"


def capabilities(found: Document) -> Iterable[str]:
    """What the goods can do as far as it was said, and the control questions that this opens."""
    yield f"CAPABILITIES, {len(found['open'])} still to ask. {found['limit']}"
    for row in found["questions"]:
        yield f"  {row['area'].replace('_', ' ')}: {row['ask']} {row['answer'].replace('_', ' ')} [{row['id']}]"
        for item in row["controls"]:
            said = clean_line(item["answer"].replace("_", " "))
            yield f"    → {item['ask']} {said} [{item['id']}; {', '.join(item['entries'])}]"


def autonomy(rows: Iterable[Document]) -> Iterable[str]:
    """The level under each definition; definitions disagree, and all are shown."""
    for row in rows:
        level = row["level"] if row["level"] != "unknown" else f"not known: {' or '.join(row['possible'])}"
        yield f"AUTONOMY, {row['title']}: {level}"
        yield from (f"    {means}" for means in row["means"] if row["level"] != "unknown")


def problems(profiles: Iterable[Document]) -> str:
    """The answer of `policy lint`."""
    shown = []
    for row in profiles:
        shown.append(f"{row['id']} {row['version']} ({row['status']}): {len(row['problems'])} problem(s)")
        shown += [f"  {clean_line(problem)}" for problem in row["problems"]]
    return "\n".join(shown) or "No profile."


def comparison(profiles: Iterable[Document]) -> str:
    """The answer of `policy compare`."""
    shown = []
    for row in profiles:
        shown.append(
            f"{clean_line(row['profile'])}: {row['assessed']} assessed, {len(row['changed'])} would change lane"
        )
        shown += [
            f"  {clean_line(item['id'], 24):24} {item['live']:7} → {item['trial']:7} [{item['decided_by']}]"
            for item in row["changed"]
        ]
    return "\n".join(shown) or "No profile is on trial: name one with --with FILE."


def joint(shipments: Iterable[Document]) -> str:
    """The answer of `policy merge`: the band that counts, and every view beside it."""
    shown = []
    for row in shipments:
        shown.append(clean_line(str(row["id"])))
        for item in row["criteria"]:
            said = "all agree" if not item["dissent"] else f"DISSENT: {', '.join(item['dissent'])}"
            shown.append(clean_line(f"  {item['title']}: {item['band']}  ({said})"))
            for view in item["views"]:
                reasons = "; ".join(view["reasons"]) or "nothing speaks for it"
                shown.append("    " + clean_line(f"{view['profile']}: {view['band']} ({view['sum']}) {reasons}"))
            shown += [f"    {clean_line(name)}: does not ask this" for name in item["silent"]]
    return "\n".join(shown) or "No shipment."


def rates(document: Document) -> str:
    """The answer of `policy rates`."""
    shown = [
        f"{row['rule']:28} {row['cases']:>5} cases  confirmed {row['confirmed']:>4}  other {row['other_irregularity']:>4}"
        f"  nothing {row['nothing_found']:>4}  rate {row['rate']:.0%}"
        for row in document["rates"]
    ]
    left = f"{document['without_outcome']} of {document['cases']} cases have no outcome yet"
    gone = f", {document['forgotten']} were deleted and do not count" if document["forgotten"] else ""
    return "\n".join([*(clean_line(row) for row in shown), f"{left}{gone}."])


def reviews(due: Iterable[Document], known: Iterable[Document]) -> str:
    """The answer of `policy review`."""
    shown = [
        f"REVIEW {row['trigger']}: {row['subject']}, {len(row['evidence'])} cases: {' '.join(row['evidence'])}"
        for row in due
    ]
    shown += [f"raised {row['at'][:10]} #{row['no']} {row['trigger']}: {row['subject']}" for row in known]
    return "\n".join(clean_line(row) for row in shown) or "Nothing asks for a review."
