"""`border-kit case …`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from border_kit.casework import search
from border_kit.casework.checkpoint import read_checkpoints
from border_kit.cli import case_keeping
from border_kit.cli.case_acts import commands, told
from border_kit.cli.case_observation import observation
from border_kit.cli.case_queue import queue
from border_kit.cli.check import READ_OPTIONS, exit_code, read_file
from border_kit.cli.common import FILE, Day, common, common_options
from border_kit.cli.diagnostics import Exit
from border_kit.cli.output import reply
from border_kit.desk import cases, keeping, papers, render, render_office
from border_kit.findings import Advice

DECISIONS = [advice.value for advice in Advice]


@click.group(
    epilog="""\b
Examples:
  border-kit check shipment.json --save
  border-kit case list --lane red
  border-kit case show 2026-0001
""",
)
@common_options
def case() -> None:
    """Cases: what was checked, answered and decided. Everything confirmed survives a power cut."""


@case.command(
    epilog="""\b
Example:
  border-kit case new examples/green-release-shirts.json
""",
)
@click.argument("file", type=FILE)
@READ_OPTIONS[0]
@READ_OPTIONS[1]
@common_options
@click.pass_context
def new(context: click.Context, file: Path, columns: str | None, date_order: str | None) -> int:
    """Check a file and open a case for every shipment in it."""
    desk = common(context).desk()
    _ = desk.casebook
    manifest = read_file(desk, file, columns, date_order)
    assessments = [desk.assess(shipment) for shipment in manifest.shipments]
    rows = [desk.save_case(*pair) for pair in zip(manifest.shipments, assessments, strict=True)]
    reply(
        {
            "now": desk.moment,
            "cases": [row.to_json() for row in rows],
            "rejected": [row.to_json() for row in manifest.rejected],
        },
        lambda: render.cases(row.to_json() for row in rows),
    )
    return exit_code(assessments, rejected=bool(manifest.rejected))


@case.command(
    name="list",
    epilog="""\b
Examples:
  border-kit case list
  border-kit case list thermal camera --lane red --json
  border-kit case list --state due --order due
  border-kit case list --waits second_signature --opened-from 2026-03-01
  border-kit case list --decision detain_and_refer --acted B-12
""",
)
@click.argument("words", nargs=-1)
@click.option("--lane", type=click.Choice(search.LANES), help="Only cases of this lane.")
@click.option("--state", type=click.Choice(list(search.STATES)), help="How they stand: open is any but closed.")
@click.option("--waits", type=click.Choice(search.WAITS), help="What they wait for.")
@click.option("--decision", type=click.Choice(["undecided", *DECISIONS]), help="The decision that stands.")
@click.option("--acted", metavar="BADGE", help="Only cases in which this operator acted.")
@click.option("--opened-from", type=Day(), metavar="DATE", help="Opened on this day or later.")
@click.option("--opened-to", type=Day(), metavar="DATE", help="Opened on this day or earlier.")
@click.option("--due-by", type=Day(), metavar="DATE", help="Whose deadline is this day or earlier.")
@click.option("--order", type=click.Choice(search.ORDERS), default="newest", show_default=True)
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many at most.")
@click.option("--offset", type=click.IntRange(0, 10**9), default=0, help="How many of the first to leave out.")
@common_options
@click.pass_context
def list_cases(
    context: click.Context, /, words: tuple[str, ...], limit: int, offset: int, acted: str | None, **kept: Any
) -> int:
    """List cases; WORDS filter by any part of a number, name, seal or description, in any script."""
    desk = common(context).desk()
    wanted = search.Wanted(text=" ".join(words), badge=acted, **kept)
    rows, total = desk.cases.rows(wanted, limit=limit, offset=offset), desk.cases.count(wanted)
    reply(
        {"now": desk.moment, "total": total, "cases": [row.to_json() for row in rows]},
        lambda: render.cases((row.to_json() for row in rows), total=total, offset=offset),
    )
    return Exit.OK


@case.command(
    epilog="""\b
Example:
  border-kit case show 2026-0001
""",
)
@click.argument("number")
@common_options
@click.pass_context
def show(context: click.Context, number: str) -> int:
    """Show one case with every event."""
    desk = common(context).desk()
    found = desk.cases.show(number)
    reply({"now": desk.moment, **found.to_json()}, lambda: render.case(found.to_json()))
    return Exit.OK


@case.command(
    epilog="""\b
Example:
  border-kit case answer 2026-0001 serials-removed yes
  border-kit case answer 2026-0001 line_1:frame_rate "60 Hz"
""",
)
@click.argument("number")
@click.argument("question")
@click.argument("answer")
@common_options
@click.pass_context
def answer(context: click.Context, number: str, question: str, answer: str) -> int:
    """Record an answer (yes, no, not_known, or a value) to a question of the case. "Not known" is never no."""
    desk = common(context).desk()
    found = cases.answer(desk, number, question, answer)
    reply(
        {"now": desk.moment, **found.to_json()},
        lambda: f"Case {found.row.case_id}: {question} answered {answer}. {render.shipment_heading(found.assessment)}",
    )
    return Exit.OK


@case.command(
    epilog="""\b
Examples:
  border-kit case decide 2026-0001 release
  border-kit case decide 2026-0001 release --reason "data sheet shows 9 Hz"
""",
)
@click.argument("number")
@click.argument("decision", type=click.Choice(DECISIONS))
@click.option("--reason", default="", help="Why; needed where the decision departs from the advice.")
@common_options
@click.pass_context
def decide(context: click.Context, number: str, decision: str, reason: str) -> int:
    """Decide a case. Each decision is a new event; none is ever changed."""
    desk = common(context).desk()
    return told(desk, cases.decide(desk, number, decision, reason))


@case.command(
    epilog="""\b
Examples:
  border-kit case checkpoint --operator B-12
  border-kit case checkpoint --out head.txt
""",
)
@click.option("--out", type=FILE, help="Write the line of text here, to be carried out of the office.")
@common_options
@click.pass_context
def checkpoint(context: click.Context, out: Path | None) -> int:
    """Take the log's head as one line, signed by the office where an operator is signed in."""
    desk = common(context).desk()
    found = desk.casebook.checkpoint(at=desk.clock.now())
    if out is not None:
        papers.save_as(out, str(found))
    reply({"now": desk.moment, "checkpoint": found.to_json()}, lambda: str(found))
    return Exit.OK


@case.command(
    name="verify-log",
    epilog="""\b
Examples:
  border-kit case verify-log --casebook casebook.sqlite --json
  border-kit case verify-log --checkpoint head.txt
""",
)
@click.option(
    "--checkpoint",
    "checkpoints",
    multiple=True,
    metavar="FILE|TEXT",
    help="A checkpoint from outside the office, as a file or as its line of text. May be given several times.",
)
@common_options
@click.pass_context
def verify_log(context: click.Context, checkpoints: tuple[str, ...]) -> int:
    """Check every hash, signature and role of the log, and name the first event that does not fit."""
    desk = common(context).desk()
    found = keeping.verify(desk, [item for text in checkpoints for item in read_checkpoints(text)])
    reply({"now": desk.moment, **found.to_json()}, lambda: render_office.log_check(found.to_json()))
    return Exit.OK if found.intact and found.damage is None else Exit.ATTENTION


for command in (*commands(), *case_keeping.commands(), queue, observation):
    case.add_command(command)
