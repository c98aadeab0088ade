"""The printed page: the licence as people read it, beside the code that proves it. A4, PDF, any script the fonts have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from border_kit.certificates import qr
from border_kit.certificates.claims import DOCUMENT_WORDS, Claims, plain
from border_kit.paper import FONT, blank, side
from border_kit.text import clean_line

if TYPE_CHECKING:
    from fpdf import FPDF

CODE_MM = 78
"""Side of the code with its quiet zone: 0.7 mm a module at version 20, twice what a phone needs at arm's length."""
MARGIN_MM, TEXT_MM = 18, 96
MOST_LINES = 40
"""Lines of goods on the page; more are in the code or the registry."""


def pdf(claims: Claims, text: str, issuer_name: str = "") -> bytes:
    """The page of one certificate."""
    page = blank(f"{claims.number} {claims.issuer}", claims.issued_at, f"{claims} {issuer_name}")
    page.set_margin(MARGIN_MM)
    page.add_page()
    _head(page, claims, issuer_name)
    top = page.get_y()
    page.image(qr.image(text, 4), x=page.w - MARGIN_MM - CODE_MM, y=top, w=CODE_MM, h=CODE_MM)
    _facts(page, claims)
    page.set_y(max(page.get_y(), top + CODE_MM) + 4)
    _goods(page, claims)
    _foot(page)
    return bytes(page.output())


def _head(page: FPDF, claims: Claims, issuer_name: str) -> None:
    page.set_font(FONT, size=16)
    kind = DOCUMENT_WORDS[claims.document].partition(" ")[2].upper()
    page.cell(0, 9, kind, new_x="LMARGIN", new_y="NEXT")
    page.set_font(FONT, size=12)
    page.cell(0, 7, clean_line(claims.number), new_x="LMARGIN", new_y="NEXT")
    page.set_font(FONT, size=9)
    page.cell(0, 6, clean_line(f"{issuer_name} ({claims.issuer})".strip()), new_x="LMARGIN", new_y="NEXT")
    page.ln(3)


def _facts(page: FPDF, claims: Claims) -> None:
    """What the licence says, left of the code."""
    rows = (
        ("Exporter", claims.exporter),
        ("End user", claims.end_user),
        ("End use in", claims.end_use_state),
        ("Destination", claims.destination),
        ("End use", claims.end_use),
        ("Port", claims.port),
        ("Refers to", claims.refers_to),
        ("Good from", f"{claims.not_before:%Y-%m-%d %H:%M} UTC"),
        ("Good until before", f"{claims.expires:%Y-%m-%d %H:%M} UTC"),
        ("Issued", f"{claims.issued_at:%Y-%m-%d %H:%M} UTC"),
        ("Certificate", claims.cti),
    )
    for name, value in rows:
        if value:
            page.set_font(FONT, size=7)
            page.cell(TEXT_MM, 3.6, name, new_x="LMARGIN", new_y="NEXT")
            page.set_font(FONT, size=9)
            page.multi_cell(TEXT_MM - 4, 4.4, clean_line(value, 400), new_x="LMARGIN", new_y="NEXT", align=side(value))


def _goods(page: FPDF, claims: Claims) -> None:
    page.set_font(FONT, size=9)
    for line in claims.lines[:MOST_LINES]:
        amount = (
            f"{plain(line.quantity)} {line.unit or ''}".strip() if line.quantity is not None else "no limit of quantity"
        )
        value = f"{plain(line.value)} {line.currency or ''}".strip() if line.value is not None else ""
        parts = (line.control_code, line.hs and f"HS {line.hs}", line.description, amount, value)
        words = " · ".join(part for part in parts if part)
        page.multi_cell(0, 4.8, clean_line(f"{line.no}  {words}", 600), new_x="LMARGIN", new_y="NEXT", align="L")
    if claims.goods_hash:
        words = f"The list of goods is in the registry. Its SHA-256: {claims.goods_hash}"
        page.multi_cell(0, 4.8, words, new_x="LMARGIN", new_y="NEXT", align="L")
    for condition in claims.conditions:
        page.multi_cell(0, 4.8, clean_line(f"Condition: {condition}", 600), new_x="LMARGIN", new_y="NEXT", align="L")


def _foot(page: FPDF) -> None:
    page.ln(3)
    page.set_font(FONT, size=7)
    words = "What counts is the code: the text beside it is a copy for people. Whoever checks calls the authority by the number of its trust list."
    page.multi_cell(0, 3.6, words, new_x="LMARGIN", new_y="NEXT", align="L")
