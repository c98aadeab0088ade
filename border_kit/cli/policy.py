"""`border-kit policy …`: what a profile decides and why, what is wrong with it, what another one would decide."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from border_kit.cli.check import READ_OPTIONS, read_file
from border_kit.cli.common import FILE, common, common_options
from border_kit.cli.diagnostics import Exit
from border_kit.cli.output import Progress, print_json, reply, write
from border_kit.cli.policy_publish import publish, releases
from border_kit.desk import feedback, render, render_policy, trial
from border_kit.errors import UsageError
from border_kit.findings import Json


@click.group(
    epilog="""\b
Examples:
  border-kit policy explain examples/red-examine-flags.json
  border-kit policy lint profile.yaml
  border-kit policy compare manifest.csv --with profile.yaml
  border-kit policy autonomy --answer autonomy_selects=yes --answer autonomy_engages=not_known
""",
)
@common_options
def policy() -> None:
    """Policy profiles: an authority's rules as data. The one that ships is an example, not law."""


@policy.command(
    epilog="""\b
Example:
  border-kit policy explain examples/red-examine-flags.json --json
""",
)
@click.argument("file", type=FILE)
@READ_OPTIONS[0]
@READ_OPTIONS[1]
@common_options
@click.pass_context
def explain(context: click.Context, file: Path, columns: str | None, date_order: str | None) -> int:
    """Say what every rule, criterion and definition saw of a shipment."""
    options = common(context)
    desk = options.desk()
    manifest = read_file(desk, file, columns, date_order)
    found = [desk.assess(shipment).to_json() for shipment in manifest.shipments]
    if options.json:
        kept = (
            "id",
            "lane",
            "advice",
            "verdict",
            "decided_by",
            "why",
            "risk",
            "response",
            "shadow",
            "selection",
            "profile",
        )
        rows: list[Json] = [{key: row[key] for key in kept} for row in found]
        print_json({"now": desk.moment, "assessments": rows})
    else:
        write("\n\n".join(f"{render.shipment_heading(row)}\n{render_policy.why(row)}" for row in found))
    return Exit.OK


@policy.command(
    epilog="""\b
Examples:
  border-kit policy lint
  border-kit policy lint profile.yaml --json
""",
)
@click.argument("file", type=FILE, required=False)
@common_options
@click.pass_context
def lint(context: click.Context, file: Path | None) -> int:
    """Look for gaps, overlaps, rules that can never decide and missing citations, in a file or in the catalog's profiles."""
    desk = common(context).desk()
    rows = trial.problems([trial.read(file)] if file else trial.profiles(desk.catalog))
    reply({"now": desk.moment, "profiles": rows}, lambda: render_policy.problems(_documents(rows)))
    return Exit.ATTENTION if any(row["problems"] for row in _documents(rows)) else Exit.OK


@policy.command(
    epilog="""\b
Example:
  border-kit policy compare manifest.csv --with profile.yaml
""",
)
@click.argument("file", type=FILE)
@click.option(
    "--with", "other", type=FILE, metavar="FILE", help="A profile to try; without it, those on trial in the catalog."
)
@READ_OPTIONS[0]
@READ_OPTIONS[1]
@common_options
@click.pass_context
def compare(context: click.Context, file: Path, other: Path | None, columns: str | None, date_order: str | None) -> int:
    """Assess a file under the live profile, and show which lanes another one would change. Nothing is recorded."""
    desk = common(context).desk()
    chosen = (trial.read(other),) if other else desk.assessor.trials
    manifest = read_file(desk, file, columns, date_order)
    progress = Progress("shipments", len(manifest.shipments))
    rows = trial.compare(desk.assessor, chosen, manifest.shipments, progress.step)
    progress.done()
    reply({"now": desk.moment, "profiles": rows}, lambda: render_policy.comparison(_documents(rows)))
    return Exit.ATTENTION if any(row["changed"] for row in _documents(rows)) else Exit.OK


@policy.command(
    epilog="""\b
Example:
  border-kit policy autonomy --answer autonomy_selects=yes --answer autonomy_engages=no
""",
)
@click.option("--answer", "answers", multiple=True, metavar="QUESTION=ANSWER", help="yes, no or not_known; repeat it.")
@common_options
@click.pass_context
def autonomy(context: click.Context, answers: tuple[str, ...]) -> int:
    """Classify goods under every stored definition; without answers, list the questions."""
    options = common(context)
    desk = options.desk()
    found, questions = trial.autonomy(desk.assessor.profile, _answers(answers))
    asked: list[Json] = [{"id": key, "text": text} for key, text in questions.items()]
    if options.json:
        print_json({"now": desk.moment, "autonomy": found, "questions": asked})
    else:
        told = [f"? {key}: {text}" for key, text in questions.items()]
        write("\n".join([*render_policy.autonomy(_documents(found)), *told]))
    return Exit.OK


@policy.command(
    name="merge",
    epilog="""\b
Examples:
  border-kit policy merge shipment.json --with defence.yaml --with humanitarian.yaml
  border-kit policy merge --case 2026-0001 --with defence.yaml
""",
)
@click.argument("file", type=FILE, required=False)
@click.option("--case", "number", metavar="CASE", help="A case instead of a file, with what was answered in it.")
@click.option("--with", "others", type=FILE, metavar="FILE", multiple=True, required=True, help="A profile; repeat it.")
@READ_OPTIONS[0]
@READ_OPTIONS[1]
@common_options
@click.pass_context
def merge_profiles(
    context: click.Context,
    file: Path | None,
    number: str | None,
    others: tuple[Path, ...],
    columns: str | None,
    date_order: str | None,
) -> int:
    """Weigh a file by several authorities' criteria: the highest band counts, and who comes to another is shown."""
    desk = common(context).desk()
    found = [trial.read(other) for other in others]
    if file is not None and number is None:
        rows = trial.merged(desk.assessor, found, read_file(desk, file, columns, date_order).shipments)
    elif number is not None and file is None:
        rows = trial.merged_case(desk, number, found)
    else:
        raise UsageError("merge_what", "Say what is to be weighed: a file, or a case.", "Name FILE or --case CASE.")
    reply({"now": desk.moment, "shipments": rows}, lambda: render_policy.joint(_documents(rows)))
    return Exit.OK


@policy.command(
    epilog="""\b
Example:
  border-kit policy rates --json
""",
)
@common_options
@click.pass_context
def rates(context: click.Context) -> int:
    """How often what a rule suspected was found, recomputed from the log; record outcomes with: case outcome."""
    desk = common(context).desk()
    found = feedback.rates(desk)
    reply({"now": desk.moment, **found}, lambda: render_policy.rates(found))
    return Exit.OK


@policy.command(
    epilog="""\b
Examples:
  border-kit policy review
  border-kit --operator B-01 policy review --record
""",
)
@click.option("--record", is_flag=True, help="Put what is to be reviewed into the log, once each.")
@common_options
@click.pass_context
def review(context: click.Context, record: bool) -> int:
    """What the profile's triggers ask to be looked at again, with the cases that it rests on."""
    desk = common(context).desk()
    due: list[Json] = [dict(item.to_json()) for item in feedback.due_reviews(desk)]
    known = feedback.raise_reviews(desk) if record else feedback.raised(desk)
    reply(
        {"now": desk.moment, "due": due, "raised": known},
        lambda: render_policy.reviews(_documents(due), _documents(known)),
    )
    return Exit.ATTENTION if due else Exit.OK


def _answers(rows: Iterable[str]) -> dict[str, str]:
    """Answers as given. Raises UsageError for what is none."""
    found: dict[str, str] = {}
    for row in rows:
        question, _, answer = row.partition("=")
        if answer not in ("yes", "no", "not_known"):
            raise UsageError("answer_unknown", f"{row[:80]!r} is no answer.", "Write QUESTION=yes, =no or =not_known.")
        found[question] = answer
    return found


def _documents(rows: Json) -> list[dict[str, Any]]:
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


for command in (publish, releases):
    policy.add_command(command)
