"""A paper that is printed: a title, sections, codes. The same content as JSON, as plain text, and as a PDF page.

Content is made elsewhere (casework/notices.py, certificates); here it only takes its form. Fonts cover Latin, Greek, Cyrillic,
Hebrew, Arabic, Armenian, Georgian, Han, kana, Hangul and the scripts of `SCRIPTS`; a sign that they lack is printed as a box, so that
nobody overlooks it, and the plain text has it.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from border_kit.findings import Json
from border_kit.text import clean, clean_line

if TYPE_CHECKING:
    from datetime import datetime

    from fpdf import FPDF

FONTS = Path(__file__).with_name("data") / "fonts"
_WIDTH = 78
_LABEL = 22
_LABEL_MM = 46
_LONGEST = 4_000
"""Characters of one value on a paper; the case has the whole."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with labelled values, then a table, then words; each part may be empty.

    `boxes` puts a box to tick before each row, `widths` are those of the columns against each other.
    """

    heading: str
    values: tuple[tuple[str, str], ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    words: str = ""
    boxes: bool = False
    widths: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """All fields; rows by their columns."""
        return {
            "heading": self.heading,
            "values": dict(self.values),
            "rows": [dict(zip(self.columns, row, strict=True)) for row in self.rows],
            "words": self.words,
        }


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code and the words under it."""

    text: str
    caption: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper; `footer` stands on every page. `demo` marks what rests on fictional data, on every page."""

    kind: str
    title: str
    number: str
    at: datetime
    sections: tuple[Section, ...]
    codes: tuple[Code, ...] = ()
    footer: str = ""
    demo: bool = False
    signatures: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """The whole content."""
        from border_kit.clock import stamp  # noqa: PLC0415 - beside its only use

        return {
            "kind": self.kind,
            "title": self.title,
            "number": self.number,
            "at": stamp(self.at),
            "demo": self.demo,
            "sections": [section.to_json() for section in self.sections],
            "codes": [{"text": code.text, "caption": code.caption} for code in self.codes],
            "signatures": list(self.signatures),
            "footer": self.footer,
        }

    def to_text(self) -> str:
        """As plain text, 78 columns."""
        shown = [clean_line(self.title).upper(), clean_line(self.number)]
        if self.demo:
            shown.append(DEMO)
        for section in self.sections:
            shown += ["", clean_line(section.heading).upper(), *_told(section)]
        for code in self.codes:
            shown += ["", clean_line(code.caption), f"  {clean_line(code.text, _LONGEST)}"]
        shown += [line for who in self.signatures for line in ("", "", f"{'_' * 40}", clean_line(who))]
        return "\n".join([*shown, "", clean_line(self.footer, 500)])

    def to_pdf(self) -> bytes:
        """As a PDF, A4. The same content gives the same file."""
        return _Printer(self).pdf()


DEMO = "DEMO: rests on fictional data. Not for use."


def _told(section: Section) -> list[str]:
    shown = []
    for label, value in section.values:
        rows = textwrap.wrap(clean_line(value, _LONGEST), _WIDTH - _LABEL) or [""]
        shown.append(f"{clean_line(label, _LABEL - 2):{_LABEL}}{rows[0]}")
        shown += [" " * _LABEL + row for row in rows[1:]]
    if section.rows:
        shown.append("  " + " | ".join(section.columns))
        box = "[ ] " if section.boxes else ""
        shown += [f"  {box}" + " | ".join(clean_line(cell, 500) for cell in row) for row in section.rows]
    for line in clean(section.words)[:_LONGEST].splitlines():
        shown += textwrap.wrap(line, _WIDTH) or [""]
    return shown


class _Printer:
    """Lays a paper out on pages, from top to bottom."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.page = blank(paper.title, paper.at, json.dumps(paper.to_json(), ensure_ascii=False))
        self._signs: frozenset[int] | None = None
        self.page.set_margins(18, 16, 18)
        self.page.set_auto_page_break(auto=True, margin=22)

    def pdf(self) -> bytes:
        """The file."""
        paper, page = self.paper, self.page
        page.add_page()
        self._words(clean_line(paper.title, 300), size=16, bold=True)
        self._words(clean_line(paper.number, 300), size=11)
        if paper.demo:
            self._words(DEMO, size=11, bold=True)
        for section in paper.sections:
            self._section(section)
        self._codes(paper.codes)
        self._sign(paper.signatures)
        self._footers()
        return bytes(page.output())

    def _section(self, section: Section) -> None:
        self.page.ln(3)
        self._words(clean_line(section.heading, 300), size=11, bold=True)
        self.page.set_draw_color(120)
        self.page.line(self.page.l_margin, self.page.y, self.page.w - self.page.r_margin, self.page.y)
        self.page.ln(1)
        for label, value in section.values:
            self._value(label, value)
        if section.rows:
            self._table(section)
        if section.words:
            self._words(clean(section.words)[:_LONGEST], size=9)

    def _value(self, label: str, value: str) -> None:
        """A label, and the value alone in its cell: a right-to-left value runs from the right edge, and onto further pages."""
        page, name = self.page, self._shown(clean_line(label, 300))
        self._font(9, bold=True)
        height = cast("float", page.multi_cell(_LABEL_MM, 5, name, align="L", dry_run=True, output="HEIGHT"))
        if page.will_page_break(height):
            page.add_page()
        top, first = page.y, page.page
        page.multi_cell(_LABEL_MM, 5, name, new_x="RIGHT", new_y="TOP", align="L")
        self._font(9)
        words = self._shown(clean_line(value, _LONGEST)) or "—"
        page.multi_cell(0, 5, words, new_x="LMARGIN", new_y="NEXT", align=side(value))
        if page.page == first:
            page.y = max(page.y, top + height)

    def _shown(self, text: str) -> str:
        """A text with a box for every sign that no font here has."""
        if self._signs is None:
            from fpdf.fonts import TTFFont  # noqa: PLC0415 - loads when something is printed

            fonts = (font for font in self.page.fonts.values() if isinstance(font, TTFFont))
            self._signs = frozenset().union(*(font.cmap for font in fonts))
        signs = self._signs
        return "".join(char if char.isspace() or ord(char) in signs else _LACKING for char in text)

    def _table(self, section: Section) -> None:
        self._font(8)
        boxes = ("",) if section.boxes else ()
        widths = section.widths or (1,) * len(section.columns)
        box = (max(1, sum(widths) // 24),) if section.boxes else ()
        with self.page.table(text_align="LEFT", line_height=4.5, padding=0.8, col_widths=(*box, *widths)) as table:
            for number, cells in enumerate([section.columns, *section.rows]):
                row = table.row()
                for cell in (*(("☐",) if boxes and number else boxes), *cells):
                    row.cell(self._shown(clean_line(cell, 500)), align=side(cell))

    def _codes(self, codes: Sequence[Code]) -> None:
        if not codes:
            return
        side, page = 34, self.page
        if page.will_page_break(side + 12):
            page.add_page()
        page.ln(5)
        top = page.y
        for number, code in enumerate(codes):
            x = page.l_margin + number * (side + 24)
            page.image(_qr(code.text), x=x, y=top, w=side, h=side)
            page.set_xy(x, top + side)
            self._font(7)
            page.multi_cell(side + 20, 3.5, clean_line(code.caption), align="L")
        page.set_xy(page.l_margin, top + side + 9)

    def _sign(self, signatures: Sequence[str]) -> None:
        page = self.page
        if not signatures:
            return
        if page.will_page_break(22):
            page.add_page()
        page.ln(14)
        width = (page.w - page.l_margin - page.r_margin) / len(signatures)
        top = page.y
        for number, who in enumerate(signatures):
            x = page.l_margin + number * width
            page.line(x, top, x + width - 8, top)
            page.set_xy(x, top + 1)
            self._font(8)
            page.multi_cell(width - 8, 4, clean_line(who), align="L")

    def _footers(self) -> None:
        page = self.page
        page.set_auto_page_break(auto=False)
        for number in range(1, page.pages_count + 1):
            page.page = number
            page.set_xy(page.l_margin, page.h - 14)
            mark = f"{DEMO}  " if self.paper.demo else ""
            text = f"{mark}{clean_line(self.paper.number, 300)} · {number}/{page.pages_count} · {clean_line(self.paper.footer, 300)}"
            self._font(7)
            page.multi_cell(0, 3.5, text, align="L")

    def _words(self, text: str, *, size: float, bold: bool = False) -> None:
        self._font(size, bold=bold)
        self.page.multi_cell(0, size * 0.55, self._shown(text), new_x="LMARGIN", new_y="NEXT", align=side(text))

    def _font(self, size: float, *, bold: bool = False) -> None:
        self.page.set_font(FONT, "B" if bold else "", size)


def blank(title: str, at: datetime, text: str) -> FPDF:
    """An empty A4 document with the fonts that a text needs; letters that join are joined. The same day gives the same file.

    The fonts of further scripts take a while to read, and are there only for a text that has them.
    """
    from fpdf import FPDF  # noqa: PLC0415 - loads when something is printed

    page = FPDF(format="A4")
    page.set_creation_date(at)
    page.set_title(clean_line(title, 300))
    page.add_font(FONT, "", FONTS / "DejaVuSans.ttf")
    page.add_font(FONT, "B", FONTS / "DejaVuSans-Bold.ttf")
    signs = {ord(char) for char in text}
    needed = [name for name, (first, last) in SCRIPTS.items() if any(first <= sign <= last for sign in signs)]
    for name in needed:
        page.add_font(name, "", FONTS / f"{name}.ttf")
    if needed:
        page.set_fallback_fonts(needed, exact_match=False)
    page.set_text_shaping(True)
    return page


FONT = "Sans"
"""The family that `blank` adds, regular and bold."""

SCRIPTS = {
    "NotoSansThaana-Regular": (0x0780, 0x07BF),
    "NotoSansDevanagari-Regular": (0x0900, 0x097F),
    "NotoSansBengali-Regular": (0x0980, 0x09FF),
    "NotoSansGurmukhi-Regular": (0x0A00, 0x0A7F),
    "NotoSansGujarati-Regular": (0x0A80, 0x0AFF),
    "NotoSansOriya-Regular": (0x0B00, 0x0B7F),
    "NotoSansTamil-Regular": (0x0B80, 0x0BFF),
    "NotoSansTelugu-Regular": (0x0C00, 0x0C7F),
    "NotoSansKannada-Regular": (0x0C80, 0x0CFF),
    "NotoSansMalayalam-Regular": (0x0D00, 0x0D7F),
    "NotoSansSinhala-Regular": (0x0D80, 0x0DFF),
    "NotoSansThai-Regular": (0x0E00, 0x0E7F),
    "NotoSansLao-Regular": (0x0E80, 0x0EFF),
    "NotoSansMyanmar-Regular": (0x1000, 0x109F),
    "NotoSansEthiopic-Regular": (0x1200, 0x139F),
    "NotoSansKhmer-Regular": (0x1780, 0x17FF),
    "DroidSansFallback": (0x2E80, 0x10FFFF),
}
"""Fonts beside DejaVu, with the first and last code point of their scripts' blocks (The Unicode Standard, Blocks.txt); Han, kana and
Hangul from CJK Radicals Supplement on."""

_LACKING = "▯"

_RIGHT_TO_LEFT = (0x0590, 0x08FF)
"""Hebrew to Arabic Extended-A."""


def side(text: str) -> str:
    """The side that a text begins at: that of its first letter's direction."""
    letter = next((ord(char) for char in text if char.isalpha()), 0)
    return "R" if _RIGHT_TO_LEFT[0] <= letter <= _RIGHT_TO_LEFT[1] else "L"


def _qr(text: str) -> Any:
    """A QR code as a picture."""
    import qrcode  # noqa: PLC0415 - loads when something is printed

    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=2)
    code.add_data(text)
    code.make()
    return code.make_image().get_image()
