"""A report in plain text, 78 columns, with pictures made of block characters, or of ASCII alone."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from border_kit.desk.render_names import pad
from border_kit.text import clean_line
from border_kit.training.classes.report import PARTS, Report, right_share
from border_kit.training.grading import LEAST, Calibration, Counts, Series, detection

_WIDTH = 78
_NAME = 18
"""Cells of a learner's name."""
_LEAST = 12
"""Lines of the checklist that are shown: the least often done ones."""


@dataclass(frozen=True, slots=True)
class Glyphs:
    """What pictures are drawn with: a full cell, the eighths of one, an empty one; a point, the diagonal, what was cut off."""

    full: str
    eighths: str
    empty: str
    point: str
    diagonal: str
    ellipsis: str


UNICODE = Glyphs("█", " ▏▎▍▌▋▊▉", "·", "●", "·", "…")
ASCII = Glyphs("#", " ", ".", "o", ".", "~")


def bar(share: float, width: int, glyphs: Glyphs) -> str:
    """A share of 0 to 1 as a bar."""
    eighths = round(max(0.0, min(1.0, share)) * width * 8)
    whole, rest = divmod(eighths, 8)
    part = glyphs.eighths[rest] if rest and len(glyphs.eighths) > rest else ""
    return (glyphs.full * whole + part).ljust(width, glyphs.empty)


def told(report: Report, glyphs: Glyphs = UNICODE) -> Iterator[str]:
    """The whole report."""
    for line in _told(report, glyphs):
        yield line if glyphs.ellipsis == "…" else line.replace("…", glyphs.ellipsis)


def _told(report: Report, glyphs: Glyphs) -> Iterator[str]:
    whole = report.whole
    seed = "" if report.seed is None else f", seed {report.seed}"
    yield f"{clean_line(report.title, 50).upper()}: {_count(len(report.learners), 'learner')}, {_count(len(whole.decided), 'decision')}{seed}"
    for note in report.notes:
        yield from textwrap.wrap(note, _WIDTH)
    parts = report.parts
    for part, series in parts.items():
        yield ""
        yield PARTS[part].upper()
        yield from matrix(series.counts, glyphs)
        yield from rates(series)
    if len(parts) > 1:
        yield from ("", "TOGETHER", *rates(whole))
    yield from _learners(report, glyphs)
    yield from calibration(whole.calibration, glyphs)
    yield from _scenarios(report, glyphs)
    yield from _checklist(report, glyphs)
    yield from _order(report)


def _order(report: Report) -> Iterator[str]:
    """The shipments as they came, with the seed that shows the variant which was played."""
    if report.items:
        yield from ("", "IN ORDER (to see one: train preview ID --seed N --trainer)")
    for number, item in enumerate(report.items, 1):
        yield f"  {number:3}  {PARTS[item.mode]:8}  {clean_line(item.scenario, 40):40} --seed {item.seed}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def matrix(counts: Counts, glyphs: Glyphs) -> Iterator[str]:
    """The confusion matrix: what it was against what was decided, each row as shares of itself."""
    yield f"  {'':10}{'held or checked':32}released"
    rows = (
        ("signal", ("hits", counts.hits), ("misses", counts.misses)),
        ("clean", ("false alarms", counts.false_alarms), ("right", counts.correct_rejections)),
    )
    for kind, *cells in rows:
        total = sum(count for _, count in cells) or 1
        shown = (f"{bar(count / total, 10, glyphs)} {count:4} {name}" for name, count in cells)
        yield f"  {kind:10}" + "".join(f"{cell:32}" for cell in shown).rstrip()


def rates(series: Series) -> Iterator[str]:
    """Rates, sensitivity, criterion and score in one line; in another, how far d' can be relied on."""
    found = detection(series.counts)
    if found is None:
        yield "  (no rates: the series holds only one kind of shipment)"
        return
    score = "" if series.score is None else f"   score {series.score:.0f}"
    yield (
        f"  hit rate {found.hit_rate:.2f}   false alarms {found.false_alarm_rate:.2f}   d' {found.d_prime:+.2f}"
        f"   c {found.criterion:+.2f}   A' {found.a_prime:.2f}{score}"
    )
    if series.enough:
        yield f"  (d' within {found.spread:.1f} either way, 95 times in a hundred)"
    else:
        counts = series.counts
        yield f"  TOO FEW: {_count(counts.signals, 'signal')} and {counts.noise} clean decided; d' needs {LEAST} of each"


ROUGH = 1.0
"""A d' that is not known better than this tells no learner from another."""


def rough(series: Series) -> bool:
    """Whether a series has too few shipments for its d' to be compared."""
    found = detection(series.counts)
    return found is not None and (not series.enough or found.spread > ROUGH)


_COLUMNS = (
    ("right", 6), ("hit", 5), ("f.a.", 5), ("d'", 6), ("c", 6), ("Brier", 5), ("too sure", 8), ("min", 4), ("score", 5),
)  # fmt: skip


ROUGHLY = (
    "? too few shipments for a d' of one learner: it is known to no better than 1 either way. "
    "The class's says more, and so does a longer exam."
)


def _learners(report: Report, glyphs: Glyphs) -> Iterator[str]:
    yield from ("", " ".join(["LEARNERS".ljust(_NAME), *(title.rjust(width) for title, width in _COLUMNS)]))
    for name, series in report.learners.items():
        cells = [bar(right_share(series), 6, glyphs), *_figures(series)]
        shown = (cell.rjust(width) for cell, (_, width) in zip(cells, _COLUMNS, strict=True))
        yield f"{pad(name, _NAME)} " + " ".join(shown)
    if any(rough(series) for series in report.learners.values()):
        yield from textwrap.wrap(ROUGHLY, _WIDTH - 6, initial_indent="  ", subsequent_indent="  ")


def _figures(series: Series) -> list[str]:
    """Rates, sensitivity, criterion, calibration, time and score of one learner; a dash for what the series cannot show."""
    found, fits = detection(series.counts), series.calibration
    rated = (found.hit_rate, found.false_alarm_rate, found.d_prime, found.criterion) if found else None
    shown = [f"{value:.2f}" for value in rated] if rated else ["-"] * 4
    if rough(series):
        shown[2] += "?"
    return [
        *shown,
        f"{fits.brier:.2f}" if fits else "-",
        f"{fits.overconfidence * 100:+.0f} %" if fits else "-",
        f"{minutes(series):.0f}",
        "-" if series.score is None else f"{series.score:.0f}",
    ]


def minutes(series: Series) -> float:
    """Minutes of the scenarios used, the median."""
    times = sorted(item.minutes for item in series.decided)
    return float(times[len(times) // 2]) if times else 0.0


def calibration(found: Calibration | None, glyphs: Glyphs, *, rows: int = 10, columns: int = 50) -> Iterator[str]:
    """How often decisions were right (upwards) against how sure they were said to be (to the right); the diagonal fits."""
    if found is None:
        return
    yield from (
        "",
        f"CALIBRATION: Brier {found.brier:.3f}, {'too sure' if found.overconfidence > 0 else 'too unsure'} by {abs(found.overconfidence) * 100:.0f} %",
    )
    grid = [[" "] * (columns + 1) for _ in range(rows + 1)]
    for column in range(columns + 1):
        if column % 5 == 0:
            grid[rows - round(column * rows / columns)][column] = glyphs.diagonal
    for item in found.bins:
        grid[rows - round(item.right * rows)][round(item.stated * columns)] = glyphs.point
    for number, line in enumerate(grid):
        label = f"{100 - number * 100 // rows:4} %" if number % (rows // 2) == 0 else " " * 6
        yield f"  {label} |{''.join(line)}".rstrip()
    yield f"         +{'-' * columns}"
    yield f"  right   0 %{'said to be sure':^{columns - 8}}100 %"


def _scenarios(report: Report, glyphs: Glyphs) -> Iterator[str]:
    yield from ("", "SHIPMENTS, the least often right first")
    for name, series in report.scenarios.items():
        share = right_share(series)
        yield f"  {clean_line(name, 30):30} {series.judged[0].kind:7} {bar(share, 20, glyphs)} {share * 100:3.0f} % {minutes(series):5.0f} min"


def _checklist(report: Report, glyphs: Glyphs) -> Iterator[str]:
    found = report.checklist
    more = f" ({_LEAST} of {len(found)}; all in --json and PDF)" if len(found) > _LEAST else ""
    yield from ("", f"CHECKLIST, the least often done first{more}")
    for item in found[:_LEAST]:
        text = clean_line(f"{item.text} ({item.scenario})", 300)
        yield f"  {bar(item.share, 10, glyphs)} {item.done:4}/{item.runs:<4} {pad(text, 54).rstrip()}"
