"""`border-kit classify`."""

from __future__ import annotations

import click

from border_kit.classification.model import Classification
from border_kit.cli.common import common, common_options
from border_kit.cli.diagnostics import Exit
from border_kit.cli.output import Row, batch, print_json, write
from border_kit.desk import render
from border_kit.desk.desk import Desk
from border_kit.findings import Json


@click.command(
    epilog="""\b
Examples:
  border-kit classify "UAV autopilot board with GPS" --hs 852691
  border-kit classify --batch lines.jsonl > answers.jsonl      (rows: {"id","text","hs"?})
""",
)
@click.argument("text", required=False)
@click.option("--hs", metavar="CODE", help="The HS code that was declared.")
@click.option("--batch", "rows", metavar="FILE", help="Answer every row of a JSON-lines file (- is stdin).")
@common_options
@click.pass_context
def classify(context: click.Context, text: str | None, hs: str | None, rows: str | None) -> int:
    """Which control entries does a goods line point at, and what is still to ask?"""
    if (text is None) == (rows is None):
        raise click.UsageError("Give a TEXT, or --batch FILE.", context)
    options = common(context)
    desk = options.desk()
    if rows is not None:
        _ = desk.classifier
        return batch(rows, lambda row: _answer(desk, row))
    found = desk.classify(text or "", hs)
    if options.json:
        print_json({"id": None, "now": desk.moment, **found.to_json(), "catalog": desk.catalog.ages()})
    else:
        write(render.classification(text or "", found.to_json()))
    return _exit(found)


def _answer(desk: Desk, row: Row) -> dict[str, Json]:
    return {"id": row.id, **desk.classify(row.text("text"), row.optional("hs")).to_json()}


def _exit(found: Classification) -> int:
    return Exit.ATTENTION if found.verdict != "none" or found.findings else Exit.OK
