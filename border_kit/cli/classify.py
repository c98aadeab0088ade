"""`border-kit classify`."""

from __future__ import annotations

import click

from border_kit.classification.model import Classification
from border_kit.cli.common import common, common_options
from border_kit.cli.diagnostics import Exit
from border_kit.cli.output import Ask, Job, Row, print_json, write
from border_kit.desk import render
from border_kit.desk.desk import Desk
from border_kit.findings import Json
from border_kit.text import clean_line


@click.command(
    epilog="""\b
Examples:
  border-kit classify "UAV autopilot board with GPS" --hs 852691
  border-kit classify "thermal camera core 640x512" --answer frame_rate="9 Hz"
  border-kit classify --batch lines.jsonl > answers.jsonl      (rows: {"id","text","hs"?,"answers"?})
""",
)
@click.argument("text", required=False)
@click.option("--hs", metavar="CODE", help="The HS code that was declared.")
@click.option(
    "--answer",
    "answers",
    metavar="PARAM=VALUE",
    multiple=True,
    help="What is known of a parameter that the line leaves open: yes, no, not_known, or a value with its unit. Repeatable.",
)
@click.option("--batch", "rows", metavar="FILE", help="Answer every row of a JSON-lines file (- is stdin).")
@common_options
@click.pass_context
def classify(
    context: click.Context, text: str | None, hs: str | None, answers: tuple[str, ...], rows: str | None
) -> int:
    """Which control entries does a goods line point at, and what is still to ask?"""
    if (text is None) == (rows is None):
        raise click.UsageError("Give a TEXT, or --batch FILE.", context)
    if rows is not None and answers:
        raise click.UsageError("Answers of a batch stand in its rows (answers).", context)
    options = common(context)
    desk = options.desk()
    if rows is not None:
        from border_kit.cli import parallel  # 20 ms that a single line does not need
        from border_kit.processes import cores

        _ = desk.classifier
        return parallel.Batch(options.settings, desk, cores(), JOB).run(rows)
    found = desk.classify(text or "", hs, _read(answers))
    if options.json:
        print_json({"id": None, "now": desk.moment, **found.to_json(), "catalog": desk.catalog.ages()})
    else:
        document = found.to_json()
        shown = (render.classification(text or "", document), render.answers(document))
        write("\n".join(part for part in shown if part))
    return _exit(found)


def _read(answers: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for answer in answers:
        name, equals, value = answer.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise click.BadParameter(f'{clean_line(answer, 60)!r} is not PARAM=VALUE, such as frame_rate="60 Hz".')
        found[name.strip()] = value.strip()
    return found


def _exit(found: Classification) -> int:
    return Exit.ATTENTION if found.verdict != "none" or found.findings else Exit.OK


def _row(row: Row) -> Ask:
    return (row.text("text"), row.optional("hs"), _answers(row))


def _answers(row: Row) -> tuple[tuple[str, str], ...]:
    given = row.fields.get("answers")
    if given is None:
        return ()
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        row.fail("field_type", "the field 'answers' is no object of strings")
    return tuple(sorted(given.items()))


def _classified(desk: Desk, ask: Ask) -> dict[str, Json]:
    text, hs, answers = ask
    return desk.classify(text, hs, dict(answers)).to_json()


JOB = Job(_row, _classified, worth_it=2_000)
