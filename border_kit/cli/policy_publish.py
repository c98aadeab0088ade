"""`border-kit policy publish|releases`: statistics for the public, and the ledger of what went out."""

from __future__ import annotations

from pathlib import Path

import click

from border_kit.casework import releases as ledger
from border_kit.cli.common import FOLDER, common, common_options
from border_kit.cli.diagnostics import Exit
from border_kit.cli.output import Progress, reply
from border_kit.desk import publishing, render_published
from border_kit.errors import UsageError
from border_kit.findings import Json

_BY = ", ".join(publishing.DIMENSIONS)


@click.command(
    epilog="""\b
Examples:
  border-kit policy publish --period 2026-Q3 --by lane,destination
  border-kit --operator B-01 policy publish --period 2026-Q3 --by month,lane,destination --by decision --out q3
  border-kit policy publish --period 2026 --by list,month --only direction=export
""",
)
@click.option("--period", required=True, metavar="PERIOD", help="A year (2026), quarter (2026-Q3) or month (2026-09).")
@click.option(
    "--by",
    "tables",
    multiple=True,
    required=True,
    metavar="DIMENSION,…",
    help=f"A table: the last dimension makes the columns, those before it nest into rows. Of {_BY}. Repeat it for another table.",
)
@click.option("--only", multiple=True, metavar="DIMENSION=VALUE", help="Only cases of this value; repeat it.")
@click.option(
    "--out", type=FOLDER, help="Release it: a new folder for the files. Without it, look first; nothing is recorded."
)
@click.option(
    "--unfinished", is_flag=True, help="Release a period that is not over: what comes later is never counted."
)
@click.option(
    "--bounds", is_flag=True, help="For the office alone: hidden counts, and between what a reader can place them."
)
@common_options
@click.pass_context
def publish(
    context: click.Context,
    period: str,
    tables: tuple[str, ...],
    only: tuple[str, ...],
    out: Path | None,
    *,
    unfinished: bool,
    bounds: bool,
) -> int:
    """Tables of cases for the public, in which no small count can be told; each case is published once."""
    desk = common(context).desk()
    wanted = publishing.request(period, tables, only)
    progress = Progress("cases")
    if out is None:
        number, made, files = None, publishing.prepare(desk, wanted, progress.step), list[Path]()
    else:
        event, made, files = publishing.publish(desk, wanted, out, progress.step, unfinished=unfinished)
        number = event.seq
    progress.done()
    kept_back = made.kept_back() if bounds else None
    document: dict[str, Json] = {
        "now": desk.moment,
        "release": number,
        "statistics": made.document,
        "office_only": kept_back,
        "files": [str(path) for path in files],
    }

    def told() -> str:
        kept = [row for row in kept_back or () if isinstance(row, dict)]
        shown = render_published.statistics(made.document, kept, released=number is not None)
        return "\n".join(
            [shown, *(f"Written: {path}" for path in files), *([] if files else ["Release it with --out FOLDER."])]
        )

    reply(document, told)
    return Exit.OK


@click.command(
    epilog="""\b
Examples:
  border-kit policy releases
  border-kit policy releases --again 214 --out q3-again
""",
)
@click.option("--again", type=int, metavar="NO", help="Give this release out again, byte for byte.")
@click.option("--out", type=FOLDER, help="A new folder for its files.")
@common_options
@click.pass_context
def releases(context: click.Context, again: int | None, out: Path | None) -> int:
    """The ledger of what was published, the oldest first."""
    desk = common(context).desk()
    if (again is None) != (out is None):
        raise UsageError(
            "again_where", "A release is given out again into a folder.", "Give --again NO and --out FOLDER."
        )
    files = publishing.again(desk, again, out) if again is not None and out is not None else []
    rows: list[Json] = [dict(one.to_json()) for one in ledger.releases(desk.cases)]
    listed = [row for row in rows if isinstance(row, dict)]
    reply(
        {"now": desk.moment, "releases": rows, "files": [str(path) for path in files]},
        lambda: "\n".join([render_published.ledger(listed), *(f"Written: {path}" for path in files)]),
    )
    return Exit.OK
