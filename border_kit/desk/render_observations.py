"""Observations from outside as plain text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from border_kit.text import clean, clean_line

Document = Mapping[str, Any]


def observations(rows: Iterable[Document]) -> str:
    """A list of them, a row each."""
    return "\n".join(row(item) for item in rows) or "No observation."


def row(found: Document) -> str:
    """One in a line: how it stands, who says it, about whom or what."""
    document = found["document"]
    as_what = f" as {found['severity']}" if found["state"] == "accepted" else ""
    key = "known key" if found["key_known"] else "UNKNOWN KEY"
    return clean_line(
        f"#{found['no']} {found['state']}{as_what}, until {found['until'] or document['valid_to']}: "
        f"{clean_line(document['sender']['name'], 60)} ({key}) about {clean_line(_about(document), 120)}",
        400,
    )


def _about(document: Document) -> str:
    about = document["about"]
    names = [party["name"] for party in about.get("parties", ())]
    numbers = [f"{item['type']} {item['value']}" for item in about.get("identifiers", ())]
    return "; ".join((*names, *numbers, *(f"goods {code}" for code in about.get("goods", ()))))


def observation(found: Document) -> str:
    """One, whole: what is said, by whom, and what became of it."""
    document, sender = found["document"], found["document"]["sender"]
    known = (
        f"known here as {found['key_known']}" if found["key_known"] else "NOT known here: anybody may have signed it"
    )
    about, who = document["about"], found["brought_by"] or "nobody named"
    rows = [
        ("from", f"{sender['name']} ({sender['kind'].replace('_', ' ')})"),
        ("key", f"{found['key']}, {known}"),
        ("reference", f"{document['reference']}, made {document['made_at']}, stands until {document['valid_to']}"),
        ("basis", document["basis"]),
        *(("party", f"{row['name']} {row.get('country', '')}") for row in about.get("parties", ())),
        *(("number", f"{row['type']} {row['value']}") for row in about.get("identifiers", ())),
        *(("goods", code) for code in about.get("goods", ())),
        ("brought", f"{found['at']} by {who}"),
    ]
    if found["ruled_at"]:
        as_what = f" as {found['severity']}, until {found['until']}" if found["severity"] else ""
        rows.append(
            ("ruled", f"{found['ruled_at']} by {found['ruled_by'] or 'nobody named'}{as_what}: {found['reason']}")
        )
    told = [f"{label:11}{clean_line(value, 2_500)}" for label, value in rows]
    limit = "" if found["state"] == "accepted" else "\nIt is unverified and touches no shipment."
    head = f"OBSERVATION {found['no']}  {found['state'].upper()}"
    return "\n".join([head, *told, "", clean(document["says"], 2_000)]) + limit


def senders(known: Mapping[str, str], ids: Mapping[str, str]) -> str:
    """The keys that are known."""
    return (
        "\n".join(clean_line(f"{ids[key]}  {name}", 300) for key, name in known.items()) or "No sender's key is known."
    )
