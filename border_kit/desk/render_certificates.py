"""Certificates as plain text, from the contract's JSON: what the command prints, what the screen saves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from border_kit.desk.render import VERDICT_WORDS
from border_kit.text import clean_line

Document = Mapping[str, Any]

STATE_WORDS = {"ok": "ok", "failed": "FAILED", "cannot_tell": "CANNOT TELL", "skipped": "-"}

HEADLINES = {
    "pass": "genuine, and not revoked as far as is known here",
    "fail": "do not accept this paper",
    "cannot_tell": "neither proven nor refuted",
}


def headline(document: Document) -> str:
    """The verdict in words."""
    demo = "  (DEMO: fictional authorities)" if document["demo"] else ""
    return f"{VERDICT_WORDS[document['verdict']]}  {HEADLINES[document['verdict']]}{demo}"


def what_next(document: Document) -> str:
    """What the officer does now; the number to call is the trust list's, never the paper's."""
    authority = document["authority"]
    call = _call(authority)
    if document["verdict"] == "pass":
        known = document["lists"].get("status_list") or document["lists"].get("trust")
        day = f" as of {known['as_of']}" if known else ""
        return f"Compare the goods with the paper. A check offline proves no more than: genuine, not revoked{day}."
    reasons = set(document["reasons"])
    if reasons & {
        "keyboard_layout",
        "prefix_case",
        "text_case",
        "two_codes",
        "base45_length",
        "text_line_end",
        "too_long",
    }:
        return "Clear the field and scan again; if it stays so, photograph the code and open the file."
    if document["verdict"] == "fail":
        return f"Detain and refer. {call}"
    return f"Do not release on this paper alone. {call}"


def _call(authority: Document | None) -> str:
    if authority is None or not authority["phone"]:
        return "Call the regional office; never a number that stands on the paper."
    name = clean_line(authority["name"])
    return f"Call {name}, {clean_line(authority['phone'])} (from the trust list, never the number on the paper)."


def verification(document: Document) -> str:
    """The answer of `certificate verify`: every stage in a sentence, what was compared, what to do next."""
    shown = [headline(document), ""]
    for row in document["explanation"]:
        if row["state"] == "skipped" and not row["message"].startswith(("No ", "Registries")):
            continue
        shown.append(f"  {STATE_WORDS[row['state']]:12} {row['stage']:10} {clean_line(row['message'])}")
        shown += [f"                          {compared(pair)}" for pair in row["compared"]]
    shown += claims(document)
    if document["reasons"]:
        shown += ["", f"reasons: {', '.join(document['reasons'])}"]
    shown += ["", *(lists(document["lists"])), what_next(document)]
    return "\n".join(shown)


def compared(pair: Document) -> str:
    """Two values side by side."""
    mark = "=" if pair["same"] else "≠"
    return clean_line(f"{pair['what']}: paper {pair['paper'] or '-'} {mark} {pair['other'] or '-'}")


def lists(ages: Document) -> list[str]:
    """How old the lists were."""
    names = {"trust": "trust list", "status_list": "status list"}
    parts = [f"{names[name]} of {row['as_of']} ({row['age_days']} d)" for name, row in ages.items()]
    return [f"Rests on: {', '.join(parts)}."] if parts else []


def claims(document: Document) -> list[str]:
    """What the paper says; a heading says whether that is proven."""
    row = document["claims"]
    if not row:
        return []
    title = "THE PAPER SAYS (signature proven)" if document["proven"] else "THE PAPER CLAIMS (not proven)"
    shown = ["", title]
    facts = (
        ("number", row["number"]), ("issuer", row["issuer"]), ("kind", row["document"]), ("exporter", row["exporter"]),
        ("end user", row["end_user"]), ("end use in", row["end_use_state"]), ("destination", row["destination"]),
        ("end use", row["end_use"]), ("port", row["port"]), ("refers to", row["refers_to"]),
        ("good", f"{row['not_before'][:10]} {row['not_before'][11:16]} to {row['expires'][:10]} {row['expires'][11:16]} UTC, that moment excluded"),
    )  # fmt: skip
    shown += [f"  {name:12} {clean_line(value)}" for name, value in facts if value]
    shown += [f"  line {line['no']:<7} {goods(line)}" for line in row["lines"]]
    if row["goods_hash"]:
        shown.append(f"  goods        listed in the registry (SHA-256 {row['goods_hash'][:16]}…)")
    return [*shown, *(f"  condition    {clean_line(text)}" for text in row["conditions"])]


def goods(line: Document) -> str:
    """A line of goods."""
    parts = (
        line["control_code"],
        line["hs"] and f"HS {line['hs']}",
        line["description"],
        line["quantity"] and f"{line['quantity']} {line['unit'] or ''}".strip(),
        line["value"] and f"{line['value']} {line['currency'] or ''}".strip(),
    )
    return clean_line(", ".join(part for part in parts if part))


def reading(document: Document) -> str:
    """One file of `certificate read`."""
    name = clean_line(document["file"], 200)
    if "error" in document:
        return f"{name}: {clean_line(document['error']['message'])} {clean_line(document['error']['hint'])}"
    if not document["symbols"]:
        return f"{name}: no code could be read. {document['hint']}"
    rows = [
        f"  page {row['page']}{' (joined from ' + ', '.join(map(str, row['joined'])) + ')' if 'joined' in row else ''}: "
        f"{clean_line(row['text'], 5_000)}"
        for row in document["symbols"]
    ]
    return "\n".join([f"{name}: {len(rows)} code{'s' if len(rows) > 1 else ''}", *rows])


def inspection(document: Document) -> str:
    """The answer of `certificate inspect`."""
    from border_kit.desk.render import fields

    shown = ["NOT PROVEN: this is only what the paper says of itself."]
    if document["error"]:
        shown.append(f"It cannot be read: {document['error']['message']} [{document['error']['code']}]")
    shown += claims({"claims": document.get("claims"), "proven": False})
    if "headers" in document:
        shown += ["", "HEADERS", fields(document["headers"], 1)]
    if "payload" in document and not document.get("claims"):
        shown += ["", "PAYLOAD", fields({"payload": document["payload"]}, 1)]
    return "\n".join(shown)


def trust_list(document: Document) -> str:
    """The answer of `certificate trust list`."""
    shown = [f"Trust list of {document['as_of']}{'  DEMO, fictional' if document['demo'] else ''}"]
    for row in document["authorities"]:
        home = "  (ours)" if row["home"] else ""
        shown += [
            "",
            f"{row['id']}  {clean_line(row['name'])}{home}",
            f"  phone {clean_line(row['phone'] or 'not stated')}",
        ]
        keys = [key for key in document["keys"] if key["authority"] == row["id"]]
        shown += [
            f"  key {key['kid']}  {key['algorithm']}  {key['status']}  {_window(key)}  {', '.join(key['document_types'])}"
            for key in keys
        ]
        shown += [
            f"  status list {clean_line(one['uri'])} of {one['as_of']}"
            for one in document["status_lists"]
            if one["authority"] == row["id"]
        ]
        if not keys:
            shown.append("  no key: nothing that it signs can be proven")
    shown += ["", "RECOGNISED"]
    shown += [
        f"  {row['recogniser']} believes {row['document_type']} of {row['issuer']}  {_window(row)}"
        for row in document["recognitions"]
    ]
    return "\n".join(shown)


def _window(row: Document) -> str:
    return (
        f"from {row['valid_from'] or 'ever'} {'until before ' + row['valid_to'] if row['valid_to'] else 'with no end'}"
    )


def trust_explained(document: Document) -> str:
    """The answer of `certificate trust explain`."""
    shown = [f"{document['authority']}  on {document['day']}"]
    return "\n".join(
        [
            *shown,
            *(
                f"  {row['document_type']:4} {'believed' if row['believed'] else 'NOT believed'}: {row['why']}"
                for row in document["documents"]
            ),
        ]
    )


def issued(rows: Sequence[Document], into: str) -> str:
    """The answer of `certificate issue`."""
    shown = []
    for row in rows:
        notes = [
            note
            for note, there in (
                ("long: hard to read from a worn print", row.get("long")),
                ("goods left to the registry", row.get("goods_in_registry")),
            )
            if there
        ]
        if row["state"] != "issued" or notes or len(rows) <= MANY:
            words = row["error"] or ", ".join([row["state"], *notes, *row["files"]])
            shown.append(f"{clean_line(row['number'], 60)}: {clean_line(words)}")
    counts = ", ".join(
        f"{sum(row['state'] == state for row in rows)} {state}" for state in ("issued", "already", "error")
    )
    return "\n".join([*shown, f"{len(rows)} licences: {counts}. In {into}."])


MANY = 20
"""Certificates that are each named when they were issued."""


def shown(rows: Sequence[Document]) -> str:
    """The answer of `certificate seen`."""
    return (
        "\n".join(
            clean_line(f"{row['at']}  {row['number']}  {row['issuer']}  with {row['shipment']} at {row['office']}")
            for row in rows
        )
        or "No certificate was recorded here yet."
    )
