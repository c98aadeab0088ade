"""`border-kit licence runs …`: what was drawn, exchanged between offices."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from border_kit.cli.common import FILE, common, common_options
from border_kit.cli.diagnostics import Exit
from border_kit.cli.output import print_json, reply, write
from border_kit.desk import render_licence


@click.group(
    epilog="""\b
Examples:
  border-kit licence runs export --to E:\\out
  border-kit licence runs import E:\\in\\usage-xa-bor-02-3fa9c1d2-000007.jsonl
  border-kit licence runs list
""",
)
@common_options
def runs() -> None:
    """Usage runs: what this office drew, out to others, and what others drew, in."""


@runs.command(
    name="export",
    epilog="""\b
Examples:
  border-kit licence runs export --to E:\\out
  border-kit licence runs export --to E:\\out --again 7
""",
)
@click.option(
    "--to", "folder", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder to write to."
)
@click.option("--again", metavar="RUN", help="Write a run again: its number, or OFFICE:RUN for one that came here.")
@common_options
@click.pass_context
def export_run(context: click.Context, folder: Path, again: str | None) -> int:
    """Write what was drawn here since the last run, as the next run, signed where this office has a key."""
    from border_kit.desk import usage_runs

    options = common(context)
    desk = options.desk()
    made = usage_runs.export(desk, folder, again=again)
    if options.json:
        print_json(
            {"now": desk.moment, "file": str(made[0]) if made else None, "run": made[1].to_json() if made else None}
        )
    elif made:
        run = made[1]
        write(f"Run {run.number} of {run.office}: {run.last - run.first + 1} entries, written to {made[0]}.")
    else:
        write("Nothing was drawn here since the last run.")
    return Exit.OK


@runs.command(
    name="import",
    epilog="""\b
Example:
  border-kit licence runs import E:\\in\\usage-xa-bor-02-3fa9c1d2-000007.jsonl --json
  border-kit licence runs import E:\\in\\usage-xa-bor-02-3fa9c1d2-000007.jsonl --know 3fa9c1d25e0b7a64
Exit codes: 0 taken, 1 taken and something needs attention, 4 a file was refused and nothing taken.
""",
)
@click.argument("files", type=FILE, nargs=-1, required=True)
@click.option(
    "--know", multiple=True, metavar="KEY", help="An office's key that you compared; from now on it is known."
)
@click.option("--unsigned", is_flag=True, help="Also take files that no office signed, on your word.")
@common_options
@click.pass_context
def import_runs(context: click.Context, files: tuple[Path, ...], know: tuple[str, ...], *, unsigned: bool) -> int:
    """Bring other offices' runs in. An overdraw that comes to light becomes a case."""
    from border_kit.desk import usage_runs

    desk = common(context).desk()
    found = usage_runs.bring_in(desk, files, know, unsigned=unsigned)
    reply({"now": desk.moment, **found.to_json()}, lambda: render_licence.reconciled(found.to_json()))
    return Exit.OK if found.clean else Exit.ATTENTION


@runs.command(
    name="list",
    epilog="""\b
Example:
  border-kit licence runs list --json
Exit codes: 0 nothing is missing, 1 something needs attention.
""",
)
@common_options
@click.pass_context
def list_runs(context: click.Context) -> int:
    """List the runs that were made here or came here, and those that are missing."""
    desk = common(context).desk()
    known = desk.drawings
    remarks = [*known.gaps(), *known.forks()]
    document: dict[str, Any] = {
        "office": known.office,
        "runs": [run.to_json() for run in known.runs()],
        "remarks": list(remarks),
    }
    reply({"now": desk.moment, **document}, lambda: render_licence.runs(document))
    return Exit.ATTENTION if remarks else Exit.OK


@runs.command(
    epilog="""\b
Example:
  border-kit licence runs office XA-BOR-01
""",
)
@click.argument("name")
@common_options
@click.pass_context
def office(context: click.Context, name: str) -> int:
    """Give this office its name in the ledger, before its first entry."""
    desk = common(context).desk()
    named = desk.ledger.name_office(name)
    reply({"now": desk.moment, "office": named}, lambda: f"Entries of this office are marked {named}.")
    return Exit.OK
