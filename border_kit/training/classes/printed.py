"""A report as PDF: A4, pictures drawn, tables beside them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from border_kit.clock import stamp
from border_kit.paper import FONT, blank, side
from border_kit.text import clean_line
from border_kit.training.classes.pictures import ROUGHLY, minutes, rates, rough
from border_kit.training.classes.report import PARTS, Report, right_share
from border_kit.training.grading import Calibration, Counts, Series, detection

if TYPE_CHECKING:
    from fpdf import FPDF

_FOOTER = "Training: every person, firm and paper in it is fictional."
_GOOD, _BAD, _INK, _PALE = (60, 130, 90), (190, 70, 60), (40, 70, 120), (225, 230, 238)


def to_pdf(report: Report, at: datetime) -> bytes:
    """The report as a file; the same report gives the same file."""
    page = blank(report.title, at, " ".join([report.title, *report.learners, *report.missing, *report.texts.values()]))
    page.set_margins(16, 14, 16)
    page.set_auto_page_break(auto=True, margin=16)
    page.add_page()
    _head(page, report, at)
    for part, series in report.parts.items():
        _heading(page, f"{PARTS[part]}: what it was against what was decided")
        _matrix(page, series)
    _heading(page, "Learners")
    _learners(page, report)
    found = report.whole.calibration
    if found is not None:
        _room(page, _SIZE + 30)
        sure = "too sure" if found.overconfidence > 0 else "too unsure"
        _heading(
            page,
            f"Calibration: Brier {found.brier:.3f}, {sure} by {abs(found.overconfidence) * 100:.0f} %; hits and false alarms",
        )
        _calibration(page, found)
        _detection(page, report)
        page.set_y(page.y + _SIZE + 12)
    _heading(page, "Shipments, the least often right first")
    _bars(
        page,
        [
            (f"{name} ({series.judged[0].kind}, {minutes(series):.0f} min)", right_share(series), "")
            for name, series in report.scenarios.items()
        ],
    )
    _heading(page, "Checklist, the least often done first")
    _bars(
        page,
        [(f"{item.text} ({item.scenario})", item.share, f"{item.done} of {item.runs}") for item in report.checklist],
    )
    return bytes(page.output())


def _head(page: FPDF, report: Report, at: datetime) -> None:
    _font(page, 16, bold=True)
    page.multi_cell(0, 8, clean_line(report.title, 120), new_x="LMARGIN", new_y="NEXT", align=side(report.title))
    _font(page, 9)
    seed = "" if report.seed is None else f", seed {report.seed}"
    told = f"{len(report.learners)} learners, {len(report.whole.decided)} decisions{seed}; {stamp(at)}. {_FOOTER}"
    page.multi_cell(0, 4.5, told, new_x="LMARGIN", new_y="NEXT", align="L")
    for note in report.notes:
        page.multi_cell(0, 4.5, note, new_x="LMARGIN", new_y="NEXT", align="L")


def _heading(page: FPDF, text: str) -> None:
    _room(page, 24)
    page.ln(4)
    _font(page, 11, bold=True)
    page.multi_cell(0, 6, text, new_x="LMARGIN", new_y="NEXT")
    page.set_draw_color(120)
    page.line(page.l_margin, page.y, page.w - page.r_margin, page.y)
    page.ln(2)


def _matrix(page: FPDF, series: Series) -> None:
    """Four squares, each as dark as its share of its row."""
    _room(page, 46)
    left, top, width, height = page.l_margin + 26, page.y + 5, 52.0, 13.0
    counts = series.counts
    _font(page, 8)
    for column, label in enumerate(("held or checked", "released")):
        _at(page, left + column * width, top - 5, width, label)
    for row, (kind, cells) in enumerate(_cells(counts)):
        _at(page, page.l_margin, top + row * height + 4, 26, kind, align="L")
        total = sum(count for _, count, _ in cells) or 1
        for column, (name, count, colour) in enumerate(cells):
            page.set_fill_color(*_shade(colour, count / total))
            page.rect(left + column * width, top + row * height, width, height, style="DF")
            page.set_text_color(*((255, 255, 255) if count / total > 0.55 else (0, 0, 0)))  # dark enough for white
            _font(page, 10, bold=True)
            _at(page, left + column * width, top + row * height + 4, width, f"{count} {name}")
            page.set_text_color(0, 0, 0)
            _font(page, 8)
    page.set_xy(page.l_margin, top + 2 * height + 2)
    for line in rates(series):
        page.multi_cell(0, 5, line.strip(), new_x="LMARGIN", new_y="NEXT")


Cell = tuple[str, int, tuple[int, int, int]]


def _cells(counts: Counts) -> Sequence[tuple[str, tuple[Cell, Cell]]]:
    return (
        ("signal", (("hits", counts.hits, _GOOD), ("misses", counts.misses, _BAD))),
        ("clean", (("false alarms", counts.false_alarms, _BAD), ("right", counts.correct_rejections, _GOOD))),
    )


def _shade(colour: tuple[int, int, int], share: float) -> tuple[int, int, int]:
    red, green, blue = (round(255 - (255 - part) * share) for part in colour)
    return red, green, blue


def _learners(page: FPDF, report: Report) -> None:
    _font(page, 8)
    page.set_fill_color(255, 255, 255)
    columns = (
        "",
        "Learner",
        "done",
        "right",
        "hit rate",
        "false alarms",
        "d′",
        "c",
        "Brier",
        "too sure",
        "min",
        "score",
    )
    with page.table(
        text_align="LEFT", line_height=4.5, padding=0.6, col_widths=(7, 34, 12, 12, 12, 15, 11, 11, 11, 13, 10, 11)
    ) as table:
        table.row(columns)
        for number, (name, series) in enumerate(report.learners.items(), 1):
            row = table.row()
            row.cell(f"{number}")
            row.cell(clean_line(name, 60), align=side(name))
            for text in _learner(series, len(report.items) or len(series.judged)):
                row.cell(text)
    if any(rough(series) for series in report.learners.values()):
        page.multi_cell(0, 5, ROUGHLY, new_x="LMARGIN", new_y="NEXT", align="L")


def _learner(series: Series, items: int) -> list[str]:
    found, fits = detection(series.counts), series.calibration
    shown = (
        [
            f"{found.hit_rate:.2f}",
            f"{found.false_alarm_rate:.2f}",
            f"{found.d_prime:+.2f}{'?' if rough(series) else ''}",
            f"{found.criterion:+.2f}",
        ]
        if found
        else ["–"] * 4
    )
    sure = [f"{fits.brier:.2f}", f"{fits.overconfidence * 100:+.0f} %"] if fits else ["–"] * 2
    score = "–" if series.score is None else f"{series.score:.0f}"
    return [
        f"{len(series.decided)}/{items}",
        f"{right_share(series) * 100:.0f} %",
        *shown,
        *sure,
        f"{minutes(series):.0f}",
        score,
    ]


Point = tuple[float, float, float, str]
"""Across and upwards (0 to 1), radius in mm, a label."""


def _calibration(page: FPDF, found: Calibration) -> None:
    """How often right against how sure, in bins of ten per cent; points as large as their count."""
    most = max(item.count for item in found.bins)
    points = [(item.stated, item.right, 0.8 + 1.4 * item.count / most, "") for item in found.bins]
    _square(page, page.l_margin + 14, points, ("said to be sure", "right"), joined=True)


def _detection(page: FPDF, report: Report) -> None:
    """Each learner's hit rate against false-alarm rate; above the dashed line signals are told from clean goods."""
    points = []
    for number, series in enumerate(report.learners.values(), 1):
        found = detection(series.counts)
        if found is not None:
            points.append((found.false_alarm_rate, found.hit_rate, 1.0, str(number)))
    _square(page, page.l_margin + 106, points, ("false alarms (number: row of the table)", "hits"), joined=False)


def _square(page: FPDF, left: float, points: Sequence[Point], labels: tuple[str, str], *, joined: bool) -> None:
    """A square from 0 to 100 % both ways, its diagonal dashed, with points, and a line through them where they are `joined`."""
    size, bottom = _SIZE, page.y + _SIZE + 2
    page.set_draw_color(160)
    page.rect(left, bottom - size, size, size)
    page.set_dash_pattern(dash=1, gap=1)
    page.line(left, bottom, left + size, bottom - size)
    page.set_dash_pattern()
    page.set_draw_color(*_INK)
    page.set_fill_color(*_INK)
    places = [(left + x * size, bottom - y * size, radius, label) for x, y, radius, label in points]
    for (x, y, *_), (to_x, to_y, *_) in itertools.pairwise(places) if joined else ():
        page.line(x, y, to_x, to_y)
    _font(page, 7)
    top = page.y
    for x, y, radius, label in places:
        page.ellipse(x - radius, y - radius, 2 * radius, 2 * radius, style="F")
        _at(page, x + 0.5, y - 4, 6, label, align="L")
    for share in (0.0, 0.5, 1.0):
        _at(page, left + share * size - 8, bottom + 1, 16, f"{share * 100:.0f} %")
        _at(page, left - 13, bottom - share * size - 1.5, 12, f"{share * 100:.0f} %", align="R")
    _at(page, left, bottom + 4.5, size, labels[0])
    _at(page, left - 13, bottom - size * 0.75 - 1.5, 12, labels[1], align="R")
    page.set_xy(page.l_margin, top)


_SIZE = 56.0
"""mm of a square picture."""


def _bars(page: FPDF, rows: Sequence[tuple[str, float, str]]) -> None:
    """A row each: what it is, a bar, its share."""
    _font(page, 8)
    width = 44.0
    for text, share, count in rows:
        _room(page, 6)
        top = page.y
        page.set_fill_color(*_PALE)
        page.rect(page.l_margin, top + 0.8, width, 3.2, style="F")
        page.set_fill_color(*_INK)
        if share > 0:
            page.rect(page.l_margin, top + 0.8, width * share, 3.2, style="F")
        _at(page, page.l_margin + width + 1, top + 0.6, 11, f"{share * 100:.0f} %", align="R")
        page.set_xy(page.l_margin + width + 14, top + 0.3)
        page.multi_cell(
            0, 4, clean_line(f"{text}{count and ', '}{count}", 300), new_x="LMARGIN", new_y="NEXT", align="L"
        )
        page.y = max(page.y, top + 5)


def _at(page: FPDF, x: float, y: float, width: float, text: str, *, align: str = "C") -> None:
    page.set_xy(x, y)
    page.multi_cell(width, 4, text, align=align, new_x="RIGHT", new_y="TOP")


def _room(page: FPDF, height: float) -> None:
    if page.will_page_break(height):
        page.add_page()


def _font(page: FPDF, size: float, *, bold: bool = False) -> None:
    page.set_font(FONT, "B" if bold else "", size)
