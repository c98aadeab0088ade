"""What the policy saw, as plain text: rules, criteria, autonomy, tiers, trial profiles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from border_kit.text import clean_line

Document = Mapping[str, Any]


def why(document: Document) -> str:
    """What every rule saw, then the risk in the profile's terms, then what trial profiles would do."""
    shown = ["WHAT EVERY RULE SAW"]
    for view in document["why"]:
        mark = "→" if view["fires"] else " "
        shown.append(f"{mark} {view['lane']:7} {view['title']} [{view['rule']}]: {', '.join(view['saw']) or 'nothing'}")
    if document.get("risk"):
        shown += ["", *_risk(document["risk"])]
    for trial in document.get("shadow", ()):
        shown += ["", f"ON TRIAL, decides nothing: {clean_line(trial['profile'])}"]
        shown.append(f"  lane {trial['lane']}, {trial['advice']} [{trial['decided_by']}]")
    return "\n".join([*shown, "", f"Profile: {clean_line(document['profile'])}"])


def _risk(risk: Document) -> Iterable[str]:
    yield "RISK, by the profile's criteria"
    for row in risk["criteria"]:
        yield f"  {row['title']}: {row['band']}"
        yield from (f"    + {reason}" for reason in row["reasons"])
        yield from (f"    - {reason}" for reason in row["mitigating"])
        yield from (f"    ? {question}" for question in row["missing"])
    yield from levels(risk)


def levels(risk: Document) -> Iterable[str]:
    """The level of autonomy under each definition, and the tier with its demands; nothing for goods that are not asked about it."""
    yield from autonomy(risk["autonomy"])
    if risk["tier"]:
        tier = risk["tier"]
        raised = ", raised by what is not known" if tier["raised_by_unknown"] else ""
        yield f"TIER {tier['tier']} ({tier['title']}): {tier['level']}, destination {tier['destination_band']}{raised}"
        yield from (f"  demand: {item}" for item in tier["assurances"])


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
