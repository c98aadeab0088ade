"""`border-kit case queue …`: what large manifests gave, until somebody has dealt with it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from border_kit.casework.extract import harmless
from border_kit.casework.queued import STATES, Item, Run, Wanted
from border_kit.casework.search import LANES
from border_kit.cli.asking import answering
from border_kit.cli.common import FILE, common, common_options
from border_kit.cli.diagnostics import Exit, say
from border_kit.cli.output import Progress, print_json, reply, write
from border_kit.desk import papers, render, render_queue
from border_kit.desk.desk import Desk
from border_kit.errors import UsageError
from border_kit.findings import Json
from border_kit.shipment.readers import ReadOptions

_REMARKS = 10
_EXPORTED = 1_000
"""Items that are read at a time when the queue is exported."""


@click.group(
    epilog="""\b
Examples:
  border-kit check manifest.csv --queue
  border-kit case queue list --lane red --state open
  border-kit case queue run
""",
)
@common_options
def queue() -> None:
    """The triage queue: shipments of large manifests, red first, until they are done."""


def filters(command: Any) -> Any:
    """The options that keep to some items of the queue."""
    for option in reversed(
        (
            click.argument("words", nargs=-1),
            click.option("--run", type=int, metavar="NO", help="Only what this file brought."),
            click.option("--lane", type=click.Choice(LANES), help="Only this lane."),
            click.option(
                "--state", type=click.Choice(STATES), help="waiting: not assessed yet; open: nobody dealt with it yet."
            ),
            click.option("--decided-by", metavar="CODE", help="Only what this finding decided."),
            click.option("--assigned", metavar="BADGE", help="Only what is assigned to this operator."),
        )
    ):
        command = option(command)
    return command


@queue.command(
    name="list",
    epilog="""\b
Examples:
  border-kit case queue list
  border-kit case queue list --lane red --decided-by listed_party --state open
  border-kit case queue list thermal --run 3 --limit 200 --json
""",
)
@filters
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many at most.")
@click.option("--offset", type=click.IntRange(0, 10**9), default=0, help="How many of the first to leave out.")
@common_options
@click.pass_context
def list_items(context: click.Context, /, words: tuple[str, ...], limit: int, offset: int, **kept: Any) -> int:
    """List the queue: red first, then by what decides. WORDS filter by any part of a number, name or description."""
    desk = common(context).desk()
    wanted, waiting = Wanted(text=" ".join(words), **kept), desk.bulk.queue
    rows, total = [item.to_json() for item in waiting.items(wanted, limit=limit, offset=offset)], waiting.count(wanted)
    counts = waiting.counts(wanted.run)
    reply(
        {"now": desk.moment, "total": total, "counts": dict(counts), "items": list(rows)},
        lambda: render_queue.items(rows, counts, total=total, offset=offset),
    )
    return Exit.OK


@queue.command(epilog="\b\nExample:\n  border-kit case queue show 17\n")
@click.argument("item", type=int)
@common_options
@click.pass_context
def show(context: click.Context, item: int) -> int:
    """Show one item with its whole answer, as it was computed."""
    options = common(context)
    desk = options.desk()
    found, (declared, answer) = desk.bulk.queue.item(item), desk.bulk.queue.paper(item)
    if options.json:
        print_json({"now": desk.moment, **found.to_json(), "shipment_as_declared": declared, "assessment": answer})
    else:
        write(render_queue.item(found.to_json()))
        write(render.assessment(answer) if answer else "It is not assessed yet: border-kit case queue run goes on.")
    return Exit.OK


@queue.command(name="open", epilog="\b\nExample:\n  border-kit case queue open 17 18\n")
@click.argument("items", type=int, nargs=-1, required=True)
@common_options
@click.pass_context
def open_items(context: click.Context, items: tuple[int, ...]) -> int:
    """Turn items into cases, assessed by what is known now. An item that is a case already stays that case."""
    desk = common(context).desk()
    rows = [desk.bulk.case_of(number).row for number in items]
    reply(
        {"now": desk.moment, "cases": [row.to_json() for row in rows]},
        lambda: render.cases(row.to_json() for row in rows),
    )
    return Exit.OK


@queue.command(
    epilog="""\b
Examples:
  border-kit case queue mark 17 18 19 --done
  border-kit case queue mark 20 --assign B-12
""",
)
@click.argument("items", type=int, nargs=-1, required=True)
@click.option("--done/--open", "done", default=None, help="Dealt with, or to be dealt with again.")
@click.option("--assign", metavar="BADGE", help='Who is to deal with it; "" takes that back.')
@common_options
@click.pass_context
def mark(context: click.Context, items: tuple[int, ...], done: bool | None, assign: str | None) -> int:
    """Mark items: done, open again, assigned to somebody. All of them or none."""
    if done is None and assign is None:
        raise click.UsageError("Give --done, --open or --assign BADGE.", context)
    desk = common(context).desk()
    _writes(desk)
    rows = [item.to_json() for item in desk.bulk.mark(items, done=done, assigned=assign)]
    reply({"now": desk.moment, "items": list(rows)}, lambda: "\n".join(render_queue.row(row) for row in rows))
    return Exit.OK


@queue.command(
    epilog="""\b
Examples:
  border-kit case queue run
  border-kit case queue run 3 --again
""",
)
@click.argument("run", type=int, required=False)
@click.option("--again", is_flag=True, help="Assess everything of that file again that is not done, by today's lists.")
@click.option("--processes", type=click.IntRange(1, 64), help="Processes to use (default: every core).")
@common_options
@click.pass_context
def run(context: click.Context, run: int | None, again: bool, processes: int | None) -> int:
    """Go on assessing where it stopped: one file, or every file that is not finished."""
    if again and run is None:
        raise click.UsageError("Say which file is to be assessed again: its RUN.", context)
    desk = common(context).desk()
    _writes(desk)
    if again and run is not None:
        desk.bulk.again(run)
    left = [desk.bulk.queue.run(run)] if run is not None else desk.bulk.unfinished()
    rows = [work(desk, one, processes) for one in left]
    reply(
        {"now": desk.moment, "runs": list(rows)},
        lambda: "\n".join(render_queue.run(row) for row in rows) or "Nothing waits.",
    )
    return code(desk, rows)


@queue.command(epilog="\b\nExample:\n  border-kit case queue runs --json\n")
@common_options
@click.pass_context
def runs(context: click.Context) -> int:
    """List the files in the queue, the newest first, and how far each has come."""
    desk = common(context).desk()
    rows = [run_json(desk, one) for one in desk.bulk.queue.runs()]
    reply(
        {"now": desk.moment, "runs": list(rows)},
        lambda: "\n".join(render_queue.run(row) for row in rows) or "No file is in the queue.",
    )
    return Exit.OK


@queue.command(epilog="\b\nExample:\n  border-kit case queue refused 3\n")
@click.argument("run", type=int)
@click.option("--limit", type=click.IntRange(1, 100_000), default=1_000, show_default=True, help="How many at most.")
@click.option("--offset", type=click.IntRange(0, 10**9), default=0, help="How many of the first to leave out.")
@common_options
@click.pass_context
def refused(context: click.Context, run: int, limit: int, offset: int) -> int:
    """List the rows of a file that could not be used, with the reason."""
    desk = common(context).desk()
    one = desk.bulk.queue.run(run)
    rows = [row.to_json() for row in desk.bulk.queue.refused(one.id, limit=limit, offset=offset)]
    reply({"now": desk.moment, "rejected": list(rows)}, lambda: render_queue.refused(rows))
    return Exit.ATTENTION if rows else Exit.OK


@queue.command(epilog="\b\nExample:\n  border-kit case queue drop 3\n")
@click.argument("run", type=int)
@common_options
@click.pass_context
def drop(context: click.Context, run: int) -> int:
    """Take a file and all it brought out of the queue. Cases that were opened from it stay."""
    desk = common(context).desk()
    _writes(desk)
    row = run_json(desk, desk.bulk.queue.run(run))
    desk.bulk.drop(run)
    reply({"now": desk.moment, "dropped": row}, lambda: f"Taken out of the queue: {render_queue.run(row)}")
    return Exit.OK


@queue.command(
    epilog="""\b
Examples:
  border-kit case queue export --run 3 --out queue.csv
  border-kit case queue export --lane red --out red.jsonl
""",
)
@filters
@click.option(
    "--out", type=FILE, required=True, help="Where to: a name ending in .csv or .jsonl (with the whole answers)."
)
@common_options
@click.pass_context
def export(context: click.Context, /, words: tuple[str, ...], out: Path, **kept: Any) -> int:
    """Write items to a file: a table, or one object a line with shipment and answer."""
    desk = common(context).desk()
    wanted = Wanted(text=" ".join(words), **kept)
    match out.suffix.lower():
        case ".csv":
            count = papers.save_lines(out, _csv(desk, wanted))
        case ".jsonl":
            count = papers.save_lines(out, _whole(desk, wanted))
        case _:
            raise UsageError(
                "form_unknown", "The queue is written as CSV or JSON lines.", "End the name in .csv or .jsonl."
            )
    written = count - (out.suffix.lower() == ".csv")
    reply({"now": desk.moment, "file": str(out), "items": written}, lambda: f"{written} items written to {out}.")
    return Exit.OK


def _every(desk: Desk, wanted: Wanted) -> Iterator[Item]:
    offset = 0
    while found := desk.bulk.queue.items(wanted, limit=_EXPORTED, offset=offset):
        yield from found
        offset += len(found)


def _csv(desk: Desk, wanted: Wanted) -> Iterator[str]:
    names: list[str] | None = None
    for item in _every(desk, wanted):
        row = item.to_json()
        if names is None:
            names = list(row)
            yield _cells(names)
        yield _cells([row[name] for name in names])


def _cells(cells: list[Any]) -> str:
    """A row of CSV in which no cell is a formula."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="").writerow(harmless("" if cell is None else str(cell)) for cell in cells)
    return stream.getvalue()


def _whole(desk: Desk, wanted: Wanted) -> Iterator[str]:
    for item in _every(desk, wanted):
        declared, answer = desk.bulk.queue.paper(item.no)
        yield json.dumps({**item.to_json(), "shipment_as_declared": declared, "assessment": answer}, ensure_ascii=True)


# Work, for `check --queue` and `case queue run`


def check_in(desk: Desk, file: Path, read: ReadOptions) -> int:
    """Put a file into the queue, and assess what waits of it."""
    _writes(desk)
    progress = Progress("goods lines read")
    try:
        one = answering(read, lambda read: desk.bulk.take_in(file, read, progress.at))
    except KeyboardInterrupt:
        progress.done()
        say("Stopped while the file was read: nothing of it is in the queue.", "The same command begins anew.")
        raise
    progress.done()
    for remark in one.remarks[:_REMARKS]:
        say(remark)
    row = work(desk, one, None)
    reply({"now": desk.moment, "run": row}, lambda: render_queue.run(row))
    return code(desk, [row])


def work(desk: Desk, one: Run, processes: int | None) -> dict[str, Any]:
    """Assess what waits of a run, and tell what it came to; Ctrl-C says how it goes on."""
    from border_kit.processes import cores  # 20 ms that only work on all cores needs

    bar: Progress | None = None
    try:
        for state in desk.bulk.work(one.id, processes or cores()):
            bar = bar or Progress("goods lines", state.lines, state.assessed)
            bar.at(state.assessed)
    except KeyboardInterrupt:
        if bar is not None:
            bar.done()
        counts = desk.bulk.queue.counts(one.id)
        say(
            f"Stopped: {counts['lines_assessed']:,} of {counts['lines']:,} goods lines are assessed and in the queue.",
            f"The same command or border-kit case queue run {one.id} goes on from there.",
        )
        raise
    if bar is not None:
        bar.done()
    return run_json(desk, desk.bulk.queue.run(one.id))


def run_json(desk: Desk, one: Run) -> dict[str, Any]:
    """One element of `runs`."""
    found: dict[str, Json] = {
        "run": one.id,
        "file": one.name,
        "begun_at": one.begun_at,
        "as_of": one.moment,
        "finished_at": one.finished_at,
        "catalog": one.catalog,
        "shipments": one.shipments,
        "remarks": list(one.remarks),
    }
    return {**found, **desk.bulk.queue.counts(one.id)}


def code(desk: Desk, rows: Iterable[Mapping[str, Any]]) -> int:
    """The exit code of the contract for what is in some runs."""
    every = list(rows)
    found = {verdict for row in every for verdict in desk.bulk.queue.verdicts(row["run"])}
    if any(row["refused"] for row in every) or found & {"check", "stop"}:
        return Exit.ATTENTION
    return Exit.CANNOT_TELL if "cannot_tell" in found else Exit.OK


def _writes(desk: Desk) -> None:
    if desk.settings.now is not None:
        raise UsageError(
            "clock_set", "With --now no queue is written.", "Leave --now out; it is for tests and training."
        )
