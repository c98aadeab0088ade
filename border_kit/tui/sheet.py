"""The sixty-second sheet: one assessment as lines for any width, from the contract's JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.cells import cell_len
from textual.content import Content

from border_kit.desk import render_names
from border_kit.desk.render import ADVICE_WORDS, VERDICT_WORDS, is_demo
from border_kit.text import clean_line
from border_kit.tui.plain import fit, line

Document = Mapping[str, Any]

LABEL = 10
"""Cells of the first column."""

SHOWN = 3
"""Parameters of a goods line that the sheet names."""

_SEVERITY_STYLE = {"stop": "red", "attention": "amber", "ask": "", "info": "dim"}


def sheet(document: Document, width: int, shipment: Document | None = None) -> list[Content]:
    """The lines of an assessment, none wider than `width`. `shipment` adds what was declared beside what was found."""
    declared = {row["no"]: row for row in (shipment or {}).get("lines", ())}
    rows = [_verdict(document), *_because(document, width)]
    for row in document["lines"]:
        rows += _goods(row, declared.get(row["no"], {}), width)
    for row in document["licences"]:
        rows += _licence(row, document["findings"], width)
    rows += _parties(document["parties"], width)
    rows += _others(document, width)
    for number, row in enumerate(document["questions"], 1):
        rows += wrapped("ASK" if number == 1 else "", f"{number} {row['text']}", width)
    return rows


def _verdict(document: Document) -> Content:
    findings = document["findings"]
    acts = sum(row["severity"] in ("attention", "stop") for row in findings)
    asks = sum(row["severity"] == "ask" for row in findings)
    return line(
        (f" {VERDICT_WORDS[document['verdict']]} ", document["verdict"]),
        (f" {document['lane']} lane: {ADVICE_WORDS[document['advice']]}", "strong"),
        (f"   {acts} to act on · {asks} open", "dim"),
        ("  DEMO DATA" if is_demo(document) else "", "amber"),
    )


def _because(document: Document, width: int) -> Iterator[Content]:
    deciding = next((row for row in document["findings"] if row["code"] == document["decided_by"]), None)
    if deciding:
        yield from wrapped("BECAUSE", deciding["message"], width, "strong")


def _goods(row: Document, declared: Document, width: int) -> Iterator[Content]:
    found = row["classification"]
    papers = " ".join(
        part
        for part in (
            f"HS {declared['hs']}" if declared.get("hs") else "",
            f"decl. {','.join(declared['documents'])}" if declared.get("documents") else "",
            f"{declared['quantity']} {declared.get('unit') or ''}".strip() if declared.get("quantity") else "",
        )
        if part
    )
    answer, style = _classified(found)
    said = fit(row["description"], max(16, width - LABEL - cell_len(papers) - cell_len(answer) - 6))
    one_line = LABEL + cell_len(said) + cell_len(papers) + cell_len(answer) + 6 <= width
    yield line(
        (f"GOODS {row['no']}".ljust(LABEL), "dim"),
        f"“{said}” ",
        (papers, "dim"),
        *((("  "), (answer, style)) if one_line else ()),
    )
    if not one_line:
        yield from wrapped("", answer, width, style)
    if found and found["candidates"] and found["candidates"][0]["missing"]:
        yield from wrapped("", f"not stated: {_first(found['candidates'][0]['missing'], SHOWN)}", width)


def _first(names: Sequence[str], most: int) -> str:
    """The first few of a list, and how many more there are (all of them stand under Why)."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _classified(found: Document | None) -> tuple[str, str]:
    if found is None:
        return "no controls in this catalog", "amber"
    if found["verdict"] == "none":
        return "nothing found", "dim"
    shown = " · ".join(f"{item['code']} {item['band']}" for item in found["candidates"][:2])
    return shown, "red" if found["verdict"] == "likely" else "amber"


def _licence(row: Document, findings: list[Document], width: int) -> Iterator[Content]:
    style = {"pass": "green", "fail": "red", "cannot_tell": "amber"}[row["verdict"]]
    left = "; ".join(
        f"line {item['no']}: {item['left']} of {item['licensed']} {item['unit'] or ''} left (known here)".replace(
            "  ", " "
        )
        for item in row["lines"]
        if item["left"] is not None
    )
    number, word = fit(row["number"], 24), VERDICT_WORDS[row["verdict"]]
    room = width - LABEL - cell_len(number) - cell_len(word) - 4
    yield line(("LICENCE".ljust(LABEL), "dim"), number, "  ", (word, style), "  ", fit(left, room))
    for item in findings:
        about_it = item["subject"]["kind"] == "licence" and item["subject"]["ref"] == row["number"]
        if about_it and item["severity"] != "info":
            yield from wrapped("", item["message"], width, _SEVERITY_STYLE[item["severity"]])


def _parties(parties: Sequence[Document], width: int) -> Iterator[Content]:
    """Who was found or could not be asked about, a row each; those without a hit together in one."""
    quiet = [row for row in parties if row["screening"] is not None and not row["screening"]["hits"]]
    for row in parties:
        if row not in quiet:
            yield _party(row, width)
    if quiet:
        names = ", ".join(f"{row['role'].replace('_', ' ')} {fit(row['name'], 40)}" for row in quiet)
        demo = " in a demo list" if any(row["screening"]["demo"] for row in quiet) else ""
        yield from wrapped("PARTIES", f"nothing found{demo}: {names}", width, "dim")


def _party(row: Document, width: int) -> Content:
    found = row["screening"]
    head = f"{row['role'].replace('_', ' ')}  {fit(row['name'], 30)}"
    label = ("PARTY".ljust(LABEL), "dim")
    if found is None:
        return line(label, head, ("  not screened", "amber"))
    best = next((hit for hit in found["hits"] if not render_names.is_cleared(hit)), found["hits"][0])
    word = render_names.word_for(best)
    lists = f" on {len(best['refs'])} lists" if len(best["refs"]) > 1 else ""
    more = f" +{len(found['hits']) - 1}" if len(found["hits"]) > 1 else ""
    said = "cleared " if word == "CLEARED" else ""
    tail = f"{said}{best['score'] * 100:.0f}  {best['list']}/{best['source_ref']}{lists} “{best['name']}”{more}"
    room = max(10, width - LABEL - cell_len(head) - 2)
    return line(label, head, "  ", (fit(tail, room), {"ALERT": "red", "CLEARED": "green"}.get(word, "amber")))


_SHOWN_ELSEWHERE = {"nothing_found", "listed_party", "possible_listed_party"}


def _others(document: Document, width: int) -> Iterator[Content]:
    """Findings that no other row of the sheet shows, the heaviest first."""
    first = True
    for row in document["findings"]:
        elsewhere = row["code"] in _SHOWN_ELSEWHERE or row["subject"]["kind"] == "licence"
        if elsewhere or row["code"] == document["decided_by"] or row["code"] == "parameter_missing":
            continue
        yield from wrapped("ALSO" if first else "", row["message"], width, _SEVERITY_STYLE[row["severity"]])
        first = False


def wrapped(label: str, text: str, width: int, style: str = "") -> Iterator[Content]:
    """A labelled text over as many lines as it needs."""
    for number, part in enumerate(cut(clean_line(text), width - LABEL)):
        yield line(((label if number == 0 else "").ljust(LABEL), "dim"), (part, style))


def cut(text: str, width: int) -> list[str]:
    """Cut a text into lines of at most `width` terminal cells, between words where it can be."""
    rows: list[str] = []
    row = ""
    for word in text.split(" "):
        candidate = f"{row} {word}" if row else word
        if cell_len(candidate) <= width:
            row = candidate
            continue
        if row:
            rows.append(row)
        row = word
        while cell_len(row) > width:
            head = _head(row, width)
            rows.append(head)
            row = row[len(head) :]
    return [*rows, row] if row or not rows else rows


def _head(text: str, width: int) -> str:
    """As many characters as fit, at least one."""
    end = 1
    while end < len(text) and cell_len(text[: end + 1]) <= width:
        end += 1
    return text[:end]
