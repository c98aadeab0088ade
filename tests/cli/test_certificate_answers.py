"""The answers of the certificate commands, held to the contract's schemas."""

from __future__ import annotations

import json
from pathlib import Path

from tests.command import MOMENT, call, follows

BAD = {"id": 1, "text": "CL1:GGW"}
"""RFC 9285, section 6: three characters that stand for no two bytes."""


def test_a_demo_certificate_is_issued_read_and_verified(tmp_path: Path, shipped: Path) -> None:
    png = tmp_path / "demo.png"
    options = ("--catalog", shipped, "--now", MOMENT)
    assert call("certificate", "issue", "--demo", "--png", png, *options).code == 0
    read = call("certificate", "read", png, tmp_path / "none.png", "--json", *options).rows
    assert all(follows("certificate_read", row) for row in read)
    assert [len(row["symbols"]) for row in read] == [1, 0]
    text = read[0]["symbols"][0]["text"]
    shown = call("certificate", "verify", "--text", text, "--json", *options)
    assert follows("certificate_verify", shown.json)
    assert (shown.code, shown.json["verdict"], shown.json["demo"]) == (0, "pass", True)
    flipped = text[:-1] + ("0" if text[-1] != "0" else "1")
    rows = [{"id": "good", "text": text}, {"id": "flipped", "text": flipped}, BAD]
    file = tmp_path / "rows.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    answers = call("certificate", "verify", "--batch", str(file), *options).rows
    assert all(follows("certificate_verify", row) for row in answers)
    assert [row["verdict"] for row in answers] == ["pass", "fail", "fail"]
    assert answers[2]["stages"]["base45"] == "failed"


def test_cose_rows_answer_valid_or_why_not(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    key = {"kty": "EC2", "crv": "P-256", "x": "AA", "y": "AA"}
    rows = [
        {"id": "a", "cose": "d2", "key": key},
        {"id": "b", "cose": "d28443a10126a04101" + "5840" + "00" * 64, "key": key},
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    answers = call("certificate", "cose", "--batch", str(file)).rows
    assert all(follows("certificate_cose", row) for row in answers)
    assert [row["valid"] for row in answers] == [False, False]
    assert all(row["reason"] for row in answers)
