"""Foreign text through every command: it is text, and nothing that a terminal, SQL or a search engine would obey."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.command import Answer, call, lines, part_of, unsafe

TEXTS = {
    "markup": "[bold red]x[/bold red] [/] [@click=app.quit]y[/] <script>alert(1)</script>",
    "escapes": "\x1b[31mred\x1b[0m\x07\x9b2J\x1b]0;title\x07\r\x00",
    "directions": "abc\u202edcba\u2066\u200f\u061c",
    "separators": "one\u2028two\u2029three\x85four\x0b\x0c",
    "tags": "x\U000e0041\U000e007f\ufeff\u200b",
    "surrogate": "\ud800 lone \udfff",
    "fts": '" OR 1=1 -- NEAR( * ^ "a" AND NOT {col}: (x',
    "sql": "'; DROP TABLE case_row; -- \\' \" % _ ? :day",
    "formula": "=cmd|' /C calc'!A0",
    "shell": "$(rm -rf /); `x` && %s {0} \\N{DASH} ${HOME}",
    "path": "../../../../etc/passwd",
    "marks": "e" + "\u0301" * 5_000,
    "scripts": "مرحبا 无人机 🚁\ufe0f\u200d тепловизор",
    "long": "x " * 50_000,
    "dashes": "--",
    "blank": " \t\n",
    "digits": "9" * 5_000,
}


def safe(answer: Answer) -> Answer:
    """A promised exit code, words, and nothing that a terminal would obey."""
    assert answer.code in {0, 1, 2, 3, 4, 5}, answer.err
    assert unsafe(answer.out) == unsafe(answer.err) == []
    assert answer.out.strip() or answer.err.startswith("Error: ")
    return answer


def shipment(text: str) -> dict[str, Any]:
    return {
        "id": text,
        "direction": "export",
        "office": text,
        "end_use": text,
        "parties": [
            {"role": "consignee", "name": text, "address": text, "identifiers": [{"type": text, "value": text}]},
            {"role": "forwarder", "name": text},
        ],
        "route": [text],
        "destination": text,
        "transport": {"vessel": text, "containers": [text], "seals": [text]},
        "lines": [
            {"no": 1, "description": text, "documents": [text], "licences": [{"number": text}], "unit": text},
            {"no": 2, "description": f"thermal camera {text}", "licences": [{"number": f"IND {text}"}]},
        ],
        "certificates": [text],
    }


ARGUMENTS: dict[str, tuple[str, ...]] = {
    "classify": ("classify", "--", "TEXT"),
    "classify --hs": ("classify", "camera", "--hs", "TEXT"),
    "screen": ("screen", "--", "TEXT"),
    "screen --country": ("screen", "x", "--country", "TEXT"),
    "screen --born": ("screen", "x", "--born", "TEXT"),
    "compare": ("compare", "--", "TEXT", "TEXT"),
    "licence show": ("licence", "show", "--", "TEXT"),
    "case list": ("case", "list", "--", "TEXT"),
    "case show": ("case", "show", "--", "TEXT"),
    "case answer": ("case", "answer", "--", "2026-0001", "TEXT", "yes"),
    "case decide": ("case", "decide", "2026-0001", "release", "--reason", "TEXT"),
    "catalog show": ("catalog", "show", "--", "TEXT"),
    "catalog search": ("catalog", "search", "--", "TEXT"),
    "catalog import": ("catalog", "import", "--into", "nowhere", "--", "TEXT", "TEXT"),
    "train lint": ("train", "lint", "--", "TEXT"),
    "completion": ("completion", "--", "TEXT"),
    "a command": ("--", "TEXT"),
    "--columns": ("check", "nowhere.csv", "--columns", "TEXT"),
    "--now": ("catalog", "info", "--now", "TEXT"),
    "--as-of": ("catalog", "info", "--as-of", "TEXT"),
    "--operator": ("catalog", "info", "--operator", "TEXT"),
    "--catalog": ("catalog", "info", "--catalog", "TEXT"),
}


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("command", ARGUMENTS)
def test_a_hostile_argument_is_only_an_argument(shipped: Path, command: str, name: str) -> None:
    words = [TEXTS[name] if word == "TEXT" else word for word in ARGUMENTS[command]]
    safe(call("--catalog", shipped, *words))
    told = safe(call("--catalog", shipped, "--json", *words))
    assert isinstance(told.json, dict)


@pytest.mark.parametrize("name", TEXTS)
def test_a_hostile_shipment_goes_the_whole_way_as_text(shipped: Path, tmp_path: Path, name: str) -> None:
    file, book = tmp_path / "shipment.json", tmp_path / "book.sqlite"
    file.write_text(json.dumps(shipment(TEXTS[name][:20_000])), encoding="utf-8")
    options = ("--catalog", str(shipped), "--casebook", str(book), "--operator", TEXTS[name])
    saved = safe(call("check", file, "--save", *options))
    safe(call("licence", "check", file, *options))
    safe(call("open", file, *options))
    if saved.code == 4:
        return  # the reader refused it with a reason, and no case was opened
    (case,) = safe(call("case", "list", *options, "--json")).json["cases"]
    safe(call("case", "answer", *options, "--", case["case"], TEXTS[name], "yes"))
    safe(call("case", "answer", *options, "--", case["case"], "a question", TEXTS[name]))
    safe(call("case", "decide", case["case"], "examine", "--reason", f"because {TEXTS[name]}", *options))
    for words in (("case", "show", case["case"]), ("case", "list"), ("case", "verify-log")):
        safe(call(*words, *options))
        assert isinstance(safe(call(*words, *options, "--json")).json, dict)


@pytest.mark.parametrize("name", TEXTS)
def test_a_hostile_cell_of_a_manifest_is_only_a_cell(shipped: Path, tmp_path: Path, name: str) -> None:
    file = tmp_path / "manifest.csv"
    cell = '"' + TEXTS[name].replace('"', '""').replace("\x00", "") + '"'
    header = "consignment,consignee,description,quantity,unit,licence"
    content = f"{header}\n{cell},{cell},{cell},1,{cell},{cell}\nB,{cell},camera,{cell},pcs,\n"
    file.write_bytes(content.encode("utf-8", "surrogatepass"))
    safe(call("check", file, "--catalog", shipped))
    safe(call("check", file, "--catalog", shipped, "--json"))


@pytest.mark.parametrize("name", TEXTS)
def test_a_hostile_name_in_an_imported_list_is_only_a_name(shipped: Path, tmp_path: Path, name: str) -> None:
    text = TEXTS[name].replace("\x00", "").encode("utf-8", "replace").decode()
    file = tmp_path / "parties.csv"
    cell = '"' + text.replace('"', '""') + '"'
    file.write_text(
        f"id,kind,name,aliases,countries,born,identifiers,list\n{cell},person,{cell},{cell},XA,,{cell},T\nP,person,Quillon Adresk,,,,,T\n",
        encoding="utf-8",
        newline="",
    )
    into = part_of(
        shipped, tmp_path / "catalog", "trust"
    )  # a new catalog would build controls, which names do not need
    report = safe(call("catalog", "import", "parties-csv", file, "--into", into, "--edition", "2026-11-01"))
    if report.code == 0:
        assert safe(call("screen", "Quillon Adresk", "--catalog", into)).code == 1
        safe(call("screen", "--catalog", into, "--json", "--", text))
        safe(call("catalog", "show", "P", "--catalog", into))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200))
def test_any_text_whatever_gets_an_ordinary_answer(shipped: Path, text: str) -> None:
    for command, fields in (("classify", ("text",)), ("screen", ("name",)), ("compare", ("left", "right"))):
        row = {"id": text, **dict.fromkeys(fields, text)}
        answer = safe(call(command, "--batch", "-", "--catalog", shipped, stdin=lines([row])))
        assert (answer.code, "error" in answer.rows[0]) == (0, False)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(row=st.binary(max_size=300).map(lambda content: content.replace(b"\n", b" ")))
def test_any_bytes_whatever_are_one_row_of_a_batch(shipped: Path, row: bytes) -> None:
    answer = call("compare", "--batch", "-", "--catalog", shipped, stdin=row + b"\n")
    assert answer.code == 0
    assert len(answer.rows) == 1
    assert unsafe(answer.out) == []
