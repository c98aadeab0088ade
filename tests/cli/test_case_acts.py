"""Every act of a case by one command, with the event as JSON."""

from __future__ import annotations

from pathlib import Path

from tests.command import call, follows
from tests.conftest import EXAMPLES


def test_a_case_is_referred_ruled_disputed_kept_and_attached_to(tmp_path: Path, shipped: Path) -> None:
    book = ("--casebook", tmp_path / "casebook.sqlite", "--catalog", shipped, "--json")
    assert call("case", "new", EXAMPLES / "red-detain-no-licence.json", *book).code == 1
    number = call("case", "list", *book).json["cases"][0]["case"]
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"x")
    acts = (
        ("decide", number, "detain_and_refer"),
        ("note", number, "--text", "driver says the crate was repacked"),
        ("refer", number, "--to", "Licensing Authority", "--question", "Is line 1 licensable?"),
        ("rule", number, "--authority", "XA/LA-01", "--reference", "R-77", "--outcome", "prohibited"),
        ("dispute", number, "--about", "hold", "--by", "Exporter", "--grounds", "it rots"),
        (
            "custody",
            number,
            "--item",
            "crate",
            "--move",
            "taken",
            "--place",
            "store",
            "--to",
            "B-1",
            "--reason",
            "held",
        ),
        ("attach", number, photo),
    )
    for words in acts:
        answer = call("case", *words, *book)
        assert answer.code == 0, answer.err
        assert follows("event", answer.json["event"])
    listed = call("case", "list", *book).json["cases"][0]
    assert (listed["decision"], listed["waits"]) == ("detain_and_refer", "dispute")
    assert listed["due"] > listed["decided_at"][:10]
    dispute = next(
        row["seq"] for row in call("case", "show", number, *book).json["events"] if row["kind"] == "disputed"
    )
    assert call("case", "respond", number, "--dispute", str(dispute), "--text", "noted", *book).code == 0
    resolved = ("case", "resolve", number, "--dispute", str(dispute), "--outcome", "upheld", "--reason", "it does not")
    assert call(*resolved, *book).code == 0
    assert call(*resolved, *book).code == 2
    assert call("case", "countersign", number, *book).code == 2
    assert call("case", "refuse", number, "--reason", "x", *book).code == 2
    assert call("case", "rule", number, "--outcome", "perhaps", *book).code == 2
    assert call("case", "verify-log", *book).code == 0
    assert "custody: item crate" in call("case", "show", number, *book[:-1]).out


def test_papers_come_as_pdf_text_and_json_and_inspections_are_recorded(tmp_path: Path, shipped: Path) -> None:
    book = ("--casebook", tmp_path / "casebook.sqlite", "--catalog", shipped, "--json")
    call("case", "new", EXAMPLES / "red-detain-no-licence.json", *book)
    number = call("case", "list", *book).json["cases"][0]["case"]
    seen = tmp_path / "seen.txt"
    seen.write_text("SN-1001\nSN-1O02\n", encoding="utf-8")
    found = call("case", "inspect", number, "--licensed", "SN-1001", "--licensed", "SN-1002", "--seen", seen, *book)
    assert (found.code, found.json["event"]["data"]["result"]["mistyped"]) == (
        1,
        [{"licensed": "SN-1002", "seen": "SN-1O02"}],
    )
    assert call("case", "inspect", number, *book).code == 2
    assert call("case", "notice", number, *book, "--out", tmp_path / "x.pdf").code == 2
    call("case", "decide", number, "detain_and_refer", *book)
    for ending, begins in ((".pdf", b"%PDF"), (".txt", b"DETENTION NOTICE"), (".json", b"{")):
        out = tmp_path / f"notice{ending}"
        answer = call("case", "notice", number, "--out", out, *book)
        assert (answer.code, answer.json["paper"]["demo"]) == (0, True)
        assert out.read_bytes().startswith(begins)
    assert call("case", "notice", number, "--out", tmp_path / "notice.doc", *book).code == 2
