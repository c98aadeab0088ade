"""Workbooks written by hand, so that hostile ones can be written too."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

Value = str | int | float | date | None
MakeXlsx = Callable[..., Path]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _cell(row: int, column: int, value: Value) -> str:
    place = f"{_letters(column)}{row}"
    if value is None:
        return ""
    if isinstance(value, date):
        return f'<c r="{place}" s="1"><v>{(value - date(1899, 12, 30)).days}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value!r}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def sheet_xml(rows: Sequence[Sequence[Value]], merged: Sequence[str] = ()) -> str:
    body = "".join(
        f'<row r="{at}">{"".join(_cell(at, column, value) for column, value in enumerate(row, 1))}</row>'
        for at, row in enumerate(rows, 1)
    )
    merges = f'<mergeCells count="{len(merged)}">{"".join(f"<mergeCell ref={chr(34)}{one}{chr(34)}/>" for one in merged)}</mergeCells>'
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData>{merges if merged else ""}</worksheet>'


def parts(sheets: dict[str, str], hidden: Sequence[str] = ()) -> dict[str, str]:
    """The parts of a workbook by name."""
    entries = "".join(
        f'<sheet name="{escape(name)}" sheetId="{at}" r:id="rId{at}"{" state=" + chr(34) + "hidden" + chr(34) if name in hidden else ""}/>'
        for at, name in enumerate(sheets, 1)
    )
    relations = "".join(
        f'<Relationship Id="rId{at}" Type="{_REL}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, len(sheets) + 1)
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    styles = (
        '<numFmts count="0"/><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs>'
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>{entries}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">{relations}<Relationship Id="rId99" Type="{_REL}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">{styles}</styleSheet>',
        **{f"xl/worksheets/sheet{at}.xml": xml for at, xml in enumerate(sheets.values(), 1)},
    }


@pytest.fixture
def xlsx(tmp_path: Path) -> MakeXlsx:
    """Write a workbook: `xlsx(rows)`, or `xlsx(sheets={name: rows})`; `extra` parts are added or replace others."""

    def build(
        rows: Sequence[Sequence[Value]] = (), *, sheets: dict[str, Sequence[Sequence[Value]]] | None = None, merged: Sequence[str] = (),
        hidden: Sequence[str] = (), extra: dict[str, str] | None = None,
    ) -> Path:  # fmt: skip
        named = {name: sheet_xml(table, merged) for name, table in (sheets or {"Manifest": rows}).items()}
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in (parts(named, hidden) | (extra or {})).items():
                archive.writestr(name, text)
        path = tmp_path / "manifest.xlsx"
        path.write_bytes(buffer.getvalue())
        return path

    return build


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _shared_texts(texts: Sequence[str]) -> bytes:
    """The table of shared texts, running on in continuation records as long texts do."""
    body = struct.pack("<II", len(texts), len(texts)) + b"".join(
        struct.pack("<HB", len(text), 1) + text.encode("utf-16-le") for text in texts
    )
    found, rest = _record(0x00FC, body[:8_000]), body[8_000:]
    while rest:
        found += _record(0x003C, b"\x01" + rest[:8_000])
        rest = rest[8_000:]
    return found


def _begin(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def _bound_sheet(at: int) -> bytes:
    return _record(0x0085, struct.pack("<IBBBB", at, 0, 0, 1, 0) + b"A")


def biff(cells: bytes, texts: Sequence[str] = ()) -> bytes:
    """A BIFF8 workbook stream with one sheet."""
    shared = _shared_texts(texts) if texts else b""
    end = _record(0x000A, b"")
    head = _begin(5) + _bound_sheet(0) + shared + end
    return _begin(5) + _bound_sheet(len(head)) + shared + end + _begin(0x10) + cells + end


def xls_label(row: int, column: int, text: str) -> bytes:
    return _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))


def xls_number(row: int, column: int, value: float) -> bytes:
    return _record(0x0203, struct.pack("<HHHd", row, column, 0, value))


def xls_shared(row: int, column: int, index: int) -> bytes:
    return _record(0x00FD, struct.pack("<HHHI", row, column, 0, index))


def compound(stream: bytes) -> bytes:
    """A compound file (MS-CFB, version 3) that holds one workbook stream."""
    stream += b"\0" * (max(4_096, -(-len(stream) // 512) * 512) - len(stream))
    sectors = len(stream) // 512
    tables = -(-(sectors + 2) // 127)
    chain = list(range(1, sectors)) + [0xFFFFFFFE] + [0xFFFFFFFE] + [0xFFFFFFFD] * tables
    chain += [0xFFFFFFFF] * (tables * 128 - len(chain))
    difat = [sectors + 1 + at for at in range(tables)] + [0xFFFFFFFF] * (109 - tables)
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 16
        + struct.pack(
            "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, tables, sectors, 0, 4_096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0
        )
    )
    names = (
        ("Root Entry", 5, 1, 0xFFFFFFFE, 0),
        ("Workbook", 2, 0xFFFFFFFF, 0, len(stream)),
        ("", 0, 0xFFFFFFFF, 0, 0),
        ("", 0, 0xFFFFFFFF, 0, 0),
    )
    entries = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0")
        + struct.pack(
            "<HBBIII36xIII", (len(name) + 1) * 2 if name else 0, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child, start, size, 0
        )
        for name, kind, child, start, size in names
    )
    return head + struct.pack("<109I", *difat) + stream + entries + struct.pack(f"<{tables * 128}I", *chain)
