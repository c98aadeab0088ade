"""Licences as plain text: a page with what is left, answers, drawings, what falls due, runs."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from border_kit.desk.render import Document, finding, licence_lines, section
from border_kit.text import clean_line


def licences(rows: Iterable[Document]) -> str:
    """The answer of `licence check`."""
    shown: list[str] = []
    for row in rows:
        shown += licence_lines(row)
        shown += [f"    {finding(item)}" for item in row.get("findings", ())]
    return "\n".join(shown) or "No licence is declared."


BAR = 20
"""Characters of the bar that shows what is left."""


def licence_page(document: Document) -> str:
    """A licence of the registry: whose it is, its lines with what is left, its conditions and what was drawn."""
    shown = [*heading(document), ""]
    for row in document["lines"]:
        shown += licence_line(row)
    shown += section("CONDITIONS", (f"[ ] {clean_line(text)}" for text in document["conditions"]))
    shown += section("OBLIGATIONS", (obligation(row) for row in document["obligations"]))
    shown += section("DRAWN HERE", (entry_line(row) for row in document["ledger"]))
    shown += section("DRAWN, AS THE REGISTRY REPORTS", (_drawn(row) for row in document["usage"]))
    shown += section("STATUS", (f"{row['from']}  {row['status']}" for row in document["history"]))
    authority = document["authority"]
    phone = f", phone {authority['phone']}" if authority["phone"] else ""
    shown += ["", f"{clean_line(authority['name'])} ({authority['id']}){phone}"]
    shown += [f"{document['known'][0].upper()}{document['known'][1:]}."]
    return "\n".join(shown)


def heading(document: Document) -> list[str]:
    """Whose licence it is, how it stands, and where it is good for."""
    demo = "  DEMO, fictional" if document["demo"] else ""
    shown = [
        f"{clean_line(document['number'])}  {document['status'].upper()}  {document['type'].replace('_', ' ')}{demo}",
        f"good from {document['valid_from'] or 'not stated'} to {document['valid_to'] or 'not stated'}, the last day included",
    ]
    for name, key in (("holder", "holder"), ("consignee", "consignee"), ("end user", "end_user")):
        shown.append(f"{name:10} {clean_line(document[key] or 'not stated')}")
    shown.append(f"{'to':10} {', '.join(document['destinations']) or 'not stated'}")
    for name, key in (
        ("not to", "prohibited_destinations"),
        ("from", "origins"),
        ("not from", "prohibited_origins"),
        ("by", "route"),
        ("not by", "prohibited_route"),
    ):
        if document[key]:
            shown.append(f"{name:10} {', '.join(document[key])}")
    return shown


def bar(left: str, licensed: str, width: int = BAR) -> str:
    """What is left of what was licensed, as a bar."""
    whole = Decimal(licensed)
    share = max(Decimal(0), min(Decimal(1), Decimal(left) / whole)) if whole else Decimal(0)
    full = int(share * width)
    return f"[{'#' * full}{'-' * (width - full)}]"


def licence_line(row: Document) -> list[str]:
    """A line of a licence with what is left of it."""
    goods = " ".join(
        part for part in (row["control_code"], row["hs"] and f"HS {row['hs']}", row["description"]) if part
    )
    shown = [f"line {row['no']}  {clean_line(goods)}"]
    for licensed, left, unit in (
        (row["quantity"], row["left"], row["unit"]),
        (row["value"], row["value_left"], row["currency"]),
    ):
        if licensed is not None:
            over = "  OVERDRAWN" if Decimal(left) < 0 else ""
            shown.append(f"  {bar(left, licensed)}  {left} of {licensed} {clean_line(unit or '')} left{over}")
    if row["quantity"] is None and row["value"] is None:
        shown.append(f"  no limit; drawn {row['drawn']} {clean_line(row['unit'] or '')}".rstrip())
    return shown


def _amounts(row: Document) -> str:
    quantity = f"{row['quantity']} {row.get('unit') or ''}".strip() if row["quantity"] else ""
    value = f"({row['value']} {row['currency'] or ''})".replace(" )", ")") if row["value"] else ""
    return f"{quantity} {value}".strip()


def _drawn(row: Document) -> str:
    what = f"{row['date'] or 'no date'}  line {row['line']}  {_amounts(row)}  {row['declaration'] or row['part'] or ''}"
    return clean_line(f"{what}  type {row['type']}")


def entry_line(row: Document) -> str:
    """An entry of the ledger in one row."""
    if row["kind"] == "discharge":
        return clean_line(
            f"{row['date']}  {row['ref']}  {row['licence']}: {row['part']} {row['declaration']}: {row['note']}"
        )
    kind = f"reverses {row['reverses'][:8]}" if row["kind"] == "contra" else f"type {row['type']}"
    undone = "  REVERSED" if row.get("reversed") else ""
    note = f"  {row['note']}" if row["note"] else ""
    return clean_line(
        f"{row['date']}  {row['ref']}  {row['licence']} line {row['line']}  {_amounts(row)}  {row['declaration'] or ''}  {kind}{undone}{note}"
    )


def ledger(rows: Iterable[Document]) -> str:
    """The answer of `licence ledger`."""
    return "\n".join(entry_line(row) for row in rows) or "The ledger has no such entry."


def drawn(document: Document) -> str:
    """The answer of `licence draw` and `licence reverse`."""
    if document["held"]:
        return f"NOTHING DRAWN: a licence does not pass.\n{licences(document['held'])}"
    shown = [entry_line(row) for row in document["entries"]]
    for page in document["licences"]:
        shown += ["", clean_line(page["number"])]
        for row in page["lines"]:
            shown += licence_line(row)
        shown.append(clean_line(page["known"]))
    return "\n".join(shown)


def obligation(row: Document) -> str:
    """An obligation and how it stands."""
    settled = f"  ({row['settled_by']}: {row['note']})" if row["settled_by"] else ""
    condition = f": {row['condition']}" if row["condition"] else ""
    return clean_line(
        f"{row['state'].upper():8} {row['due'] or 'no date':10}  {row['kind'].replace('_', ' ')}{condition}{settled}"
    )


def due(by: str, rows: Iterable[Document]) -> str:
    """The answer of `licence due`."""
    shown = [f"{clean_line(row['licence'], 40)}  {obligation(row)}" for row in rows]
    return "\n".join(shown) or f"Nothing is due by {by}."


def runs(document: Document) -> str:
    """The answer of `licence runs list`."""
    shown = [f"This office: {document['office']}"]
    for row in document["runs"]:
        here = "made here" if row["here"] == "made" else f"came {row['here']}"
        shown.append(
            f"  run {row['run']:5} {row['office']}  entries {row['first']} to {row['last']}, made {row['made']}, {here}"
        )
    return "\n".join([*shown, *section("ATTENTION", document["remarks"])])


def reconciled(document: Document) -> str:
    """The answer of `licence runs import`."""
    shown = [
        f"Run {row['run']} of {row['office']}: {row['new']} new entries, {row['known']} known already."
        for row in document["taken"]
    ]
    shown += section(
        "OVERDRAWN", (f"{finding(row['finding'])}\n       case {row['case']}" for row in document["overdrawn"])
    )
    return "\n".join([*shown, *section("ATTENTION", (clean_line(text) for text in document["remarks"]))])
