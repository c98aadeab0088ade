"""Answers as plain text: what the command prints, what the application saves, what a screen reader reads.

Everything is rendered from the contract's JSON, so that a case kept for years reads as it did on the day. Colour and markup are
never used; a verdict is a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from border_kit.casework.search import COUNTED
from border_kit.desk import render_office
from border_kit.desk.render_names import cleared_line, hit_line, refs_line
from border_kit.text import clean_line

Document = Mapping[str, Any]

VERDICT_WORDS = {
    "nothing_found": "NOTHING FOUND",
    "check": "CHECK",
    "stop": "STOP",
    "cannot_tell": "CANNOT TELL",
    "pass": "PASS",
    "fail": "FAIL",
}
"""The word before the colour."""

ADVICE_WORDS = {
    "release": "release",
    "document_check": "check the documents",
    "examine": "examine the goods",
    "detain_and_refer": "detain and refer",
}
"""What each advice tells the officer to do."""

_MARKS = {"stop": "!!", "attention": "! ", "ask": "? ", "info": "  "}


def shipment_heading(assessment: Document) -> str:
    """The first line of an answer: the word, the lane, the advice."""
    word = VERDICT_WORDS[assessment["verdict"]]
    demo = "  (DEMO DATA)" if is_demo(assessment) else ""
    return f"{word}  lane {assessment['lane']}: {ADVICE_WORDS[assessment['advice']]}{demo}"


def is_demo(assessment: Document) -> bool:
    """Whether fictional data took part, so that nothing found says nothing about the world."""
    return any(row["code"] == "demo_data" for row in assessment["findings"])


def assessment(document: Document) -> str:
    """One assessment: verdict, the deciding reason first, then goods, licences, parties and what to ask."""
    shown = [f"SHIPMENT {clean_line(document['id'])}", shipment_heading(document)]
    deciding = next((row for row in document["findings"] if row["code"] == document["decided_by"]), None)
    if deciding:
        shown.append(f"  because: {deciding['message']} [{deciding['code']}]")
    shown += section("GOODS", (goods_line(row) for row in document["lines"]))
    shown += section("LICENCES", (text for row in document["licences"] for text in licence_lines(row)))
    shown += section("PARTIES", (text for row in document["parties"] for text in party_lines(row)))
    shown += section("FINDINGS", (finding(row) for row in document["findings"]))
    shown += section("ASK", (f"{n}. {row['text']}" for n, row in enumerate(document["questions"], 1)))
    shown.append(str(document["selection"]))
    return "\n".join(shown)


def section(title: str, rows: Iterable[str]) -> list[str]:
    """A titled block, or nothing where there are no rows."""
    lines = [f"  {row}" for row in rows]
    return [title, *lines] if lines else []


def finding(row: Document) -> str:
    """One finding with what to do next and where the rule stands."""
    text = (
        f"{_MARKS[row['severity']]}{row['message']} [{row['code']}, {row['subject']['kind']} {row['subject']['ref']}]"
    )
    if row["ask"]:
        text += f"\n       → {row['ask']}"
    if row["citation"]:
        text += f"\n       ({row['citation']})"
    return clean_lines(text)


def clean_lines(text: str) -> str:
    """Foreign text made safe, line by line."""
    return "\n".join(line[: len(line) - len(line.lstrip())] + clean_line(line) for line in text.split("\n"))


def goods_line(row: Document) -> str:
    """A goods line in one row: what it says, and what it points at."""
    found = row["classification"]
    said = f"{row['no']}  {clean_line(row['description'], 60)!r}"
    if found is None:
        return f"{said}: no controls in this catalog"
    if found["verdict"] == "none":
        return f"{said}: nothing found; catch-all still applies"
    shown = ", ".join(f"{item['code']} {item['band']}" for item in found["candidates"][:3])
    missing = found["candidates"][0]["missing"]
    return f"{said}: {shown}" + (f"; not stated: {', '.join(missing)}" if missing else "")


def party_lines(row: Document) -> list[str]:
    """A party, and the listed parties it resembles."""
    found = row["screening"]
    head = f"{row['role']}  {clean_line(row['name'], 70)}"
    if found is None:
        return [f"{head}: not screened"]
    demo = " (demo list)" if found["demo"] else ""
    if not found["hits"]:
        return [f"{head}: nothing found{demo}"]
    shown = [f"{head}:{demo}"]
    for hit in found["hits"][:3]:
        shown += [f"    {row}" for row in (hit_line(hit), refs_line(hit), cleared_line(hit)) if row]
    return shown


def licence_lines(row: Document) -> list[str]:
    """A licence's verdict, its reasons, and what is left."""
    shown = [f"{row['number']}  {VERDICT_WORDS[row['verdict']]}" + _reasons(row["reasons"])]
    for line in row["lines"]:
        left = "no limit" if line["left"] is None else f"{line['left']} of {line['licensed']} {line['unit'] or ''} left"
        shown.append(f"    line {line['no']}: {left}, asked {line['asked'] or 'not stated'}")
    return shown


def _reasons(reasons: Sequence[str]) -> str:
    return f" ({', '.join(reasons)})" if reasons else ""


def ages(block: Document) -> str:
    """How old the data are, in one line."""
    parts = [
        f"{name} {row['age_days']} d{' (DEMO)' if row['demo'] else ''}, edition {row['edition']}"
        for name, row in block.items()
    ]
    return "Data: " + ("; ".join(parts) or "none")


def check(document: Document) -> str:
    """The whole answer of `check`."""
    shown = [ages(document["catalog"])]
    for row in document["assessments"]:
        shown += ["", assessment(row)]
    shown += [f"RULED BEFORE  {render_office.precedent(row)}" for row in document["precedents"]]
    if not document["assessments"]:
        shown += ["", "No shipment could be assessed."]
    if document["rejected"]:
        shown += ["", "REJECTED ROWS"]
        shown += [
            f"  row {row['row']}, {row['field'] or 'whole row'}: {clean_line(row['reason'])}"
            for row in document["rejected"]
        ]
    return "\n".join(shown)


def triage(document: Document) -> str:
    """Many shipments: a row each, the weightiest lane first."""
    order = {"red": 0, "yellow": 1, "blue": 2, "green": 3}
    rows = sorted(document["assessments"], key=lambda row: order[row["lane"]])
    shown = [ages(document["catalog"]), "", f"{'LANE':7} {'VERDICT':14} {'SHIPMENT':20} DECIDED BY"]
    shown += [
        f"{row['lane']:7} {VERDICT_WORDS[row['verdict']]:14} {clean_line(row['id'], 20):20} {row['decided_by']}"
        for row in rows
    ]
    counts = ", ".join(f"{sum(row['lane'] == lane for row in rows)} {lane}" for lane in order)
    shown += ["", f"{len(rows)} shipments: {counts}; {len(document['rejected'])} rows rejected."]
    shown += [
        f"  row {row['row']}, {row['field'] or 'whole row'}: {clean_line(row['reason'])}"
        for row in document["rejected"]
    ]
    return "\n".join(shown)


def classification(text: str, found: Document) -> str:
    """The answer of `classify`."""
    words = {"likely": "LIKELY", "possible": "POSSIBLE", "none": "NOTHING FOUND; catch-all still applies"}
    shown = [f"{words[found['verdict']]}  {clean_line(text, 100)!r}"]
    for item in found["candidates"]:
        equivalents = f"  = {', '.join(item['equivalents'][:4])}" if item["equivalents"] else ""
        shown.append(f"  {item['band']:8} {item['score']:.2f}  {item['code']} ({item['list']}){equivalents}")
        shown += [
            f"           {row['name']}: {row['stated']} — {row['verdict'].replace('_', ' ')}"
            for row in item["parameters"]
            if row["stated"]
        ]
        if item["missing"]:
            shown.append(f"           not stated: {', '.join(item['missing'])}")
        shown += [f"           {_evidence(text, row)}" for row in item["evidence"][:4]]
    shown += section("FINDINGS", (finding(row) for row in found["findings"]))
    if found["demo"]:
        shown.append("These controls are a demo.")
    return "\n".join(shown)


def answers(found: Document) -> str:
    """How the open parameters of a classified line are answered by command, the most deciding first; nothing where none is open."""
    asked: dict[str, str] = {}
    for row in (row for item in found["candidates"] if item["band"] != "weak" for row in item["questions"]):
        unit = f"… {row['unit'] or ''}".rstrip()
        value = {"yesno": "yes|no", "choice": "|".join(row["choices"])}.get(row["dimension"], unit)
        asked.setdefault(row["parameter"], f'--answer {row["parameter"]}="{value}"')
    return "\n".join(section("ANSWER WITH", list(asked.values())[:_MOST_ANSWERS]))


_MOST_ANSWERS = 6


def _evidence(text: str, row: Document) -> str:
    span = row["span"]
    quoted = f"{clean_line(text[span[0] : span[1]], 40)!r}: " if span else ""
    return f"{quoted}{clean_line(row['why'])}"


def fields(document: Document, indent: int = 0) -> str:
    """Any answer as indented `name: value` lines, for pages that have no layout of their own."""
    shown: list[str] = []
    pad = "  " * indent
    for key, value in document.items():
        if isinstance(value, Mapping):
            shown += [f"{pad}{key}:", fields(value, indent + 1)] if value else []
        elif isinstance(value, list | tuple):
            shown += _list(key, value, indent)
        elif value not in (None, ""):
            shown.append(f"{pad}{key}: {clean_line(str(value), 2_000)}")
    return "\n".join(line for line in shown if line)


def _list(key: str, items: Sequence[Any], indent: int) -> list[str]:
    pad = "  " * indent
    if not items:
        return []
    if not any(isinstance(item, Mapping | list | tuple) for item in items):
        return [f"{pad}{key}: {', '.join(clean_line(str(item), 500) for item in items)}"]
    shown = [f"{pad}{key}:"]
    for item in items:
        if isinstance(item, Mapping):
            block = fields(item, indent + 2)
            shown.append(f"{pad}  - {block.lstrip()}")
        else:
            shown.append(f"{pad}  - {clean_line(str(item), 500)}")
    return shown


def cases(rows: Iterable[Document], *, total: int | None = None, offset: int = 0) -> str:
    """A list of cases; with `total`, how many there are beside those shown."""
    shown = [
        f"{row['case']:10} {row['opened_at'][:16]}  {row['lane']:7} {VERDICT_WORDS[row['verdict']]:14} "
        f"{row['decision'] or 'undecided':17} {clean_line(row['shipment'], 24)}{case_mark(row)}"
        for row in rows
    ]
    if shown and total is not None and (offset or total > len(shown)):
        shown.append(f"{offset + 1} to {offset + len(shown)} of {counted(total)}.")
    return "\n".join(shown) or "No cases."


def case_mark(row: Document) -> str:
    """What a case waits for, and until when its decision stands."""
    waits = f"  waits for a {row['waits'].replace('_', ' ')}" if row["waits"] else ""
    return waits + (f"  due {row['due']}" if row["due"] else "")


def counted(total: int) -> str:
    """How many matches there are; a count that was cut short says so."""
    return f"more than {COUNTED:,}" if total > COUNTED else f"{total:,}"


def case(document: Document) -> str:
    """A whole case: the answer as it was given, then what was done."""
    shown = [f"CASE {document['case']}  opened {document['opened_at']}", assessment(document["assessment"]), "EVENTS"]
    for event in document["events"]:
        signed = "signed" if event["signed"] else "unsigned"
        shown.append(f"  {event['seq']}  {event['at']}  {event['operator'] or 'no operator'}, {signed}: {told(event)}")
    return "\n".join(shown)


def told(event: Document) -> str:
    """What an event says, in a sentence."""
    data = event["data"]
    if event.get("forgotten"):
        return clean_line(f"{event['kind'].replace('_', ' ')} (contents deleted)")
    if event["kind"] == "answered":
        return clean_line(f"answered {data['question']}: {data['answer'].replace('_', ' ')}")
    if event["kind"] == "decided":
        waits = " — waits for a second signature" if data.get("second_signature") else ""
        due = f", due {data['due']}" if data.get("due") else ""
        return clean_line(f"decided {data['decision']}: {data['reason']} (advice: {data['advice']}){due}{waits}")
    if event["kind"] == "software_checked":
        found = data["result"]
        return clean_line(
            f"software checked: {found['verdict'].replace('_', ' ')}, {found['product']}. {found['limit']}"
        )
    if event["kind"] == "assessed":
        return f"assessed again: {shipment_heading(data['assessment'])}"
    said = ", ".join(
        f"{name} {value}" for name, value in data.items() if isinstance(value, str | int) and name != "hash"
    )
    return clean_line(f"{event['kind'].replace('_', ' ')}: {said}" if said else event["kind"].replace("_", " "))


def catalog_info(document: Document) -> str:
    """What is installed."""
    shown = []
    for volume in document["volumes"]:
        demo = "  DEMO, fictional" if volume["demo"] else ""
        shown.append(f"{volume['name']}: edition {volume['edition']}, as of {volume['as_of']}{demo}")
        shown.append("  " + ", ".join(f"{table} {count}" for table, count in volume["rows"].items() if count))
        shown += [f"  {_listed(row)}" for row in volume.get("lists", ()) if row["kind"] != "authored"]
    languages = ", ".join(f"{lang} {count}" for lang, count in document["terms_by_language"].items())
    return "\n".join([*shown, *([f"terms: {languages}"] if languages else [])]) or "This catalog holds no volume."


def _listed(row: Document) -> str:
    """One imported list: its edition, and the file that it came from."""
    assumed = " (assumed)" if row["assumed"] else ""
    return clean_line(f"{row['list']}: edition {row['edition']}{assumed}, {row['kind']} {row['source'] or ''}")


def built(into: Path, manifest: Document) -> str:
    """The answer of `catalog build`."""
    names = ", ".join(
        f"{name} ({'demo, ' if row['demo'] else ''}edition {row['edition']})"
        for name, row in manifest["volumes"].items()
    )
    return f"Built {names} into {into}."


def imported(report: Document) -> str:
    """The answer of `catalog import`: a line a list, then the rows that were left out."""
    shown = [_imported(row) for row in report.get("lists", ())]
    total = "Together" if shown else str(report["list"])
    count = report["skipped_count"]
    shown.append(_imported({**report, "list": total}).removesuffix(".") + f", {count} skipped.")
    shown += [f"  row {row['row']}: {clean_line(row['reason'])}" for row in report["skipped"][:20]]
    if count > 20:  # a screenful; the JSON has them all
        shown.append(f"  … and {count - 20} more (see --json)")
    shown += [clean_line(text) for text in report.get("remarks", ())]
    if report.get("joined"):
        shown.append(f"Parties on more than one list: {report['joined']}.")
    return "\n".join(shown)


def _imported(row: Document) -> str:
    assumed = " (assumed: the file states no date)" if row.get("assumed") else ""
    counts = ", ".join(f"{row[name]} {name}" for name in ("added", "changed", "ended"))
    return f"{row['list']} edition {row['edition']}{assumed}: {row['taken']} rows taken, {counts}."


def search_results(rows: Iterable[Document]) -> str:
    """The answer of `catalog search`."""
    return (
        "\n".join(f"{row['code']:16} {row['list']:8} {clean_line(row['title'], 100)}" for row in rows)
        or "Nothing found."
    )
