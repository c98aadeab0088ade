"""`border-kit train report|export`: what a class shows, with pictures, as PDF, JSON and CSV."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from border_kit.cli.common import FILE, FOLDER, Common, common, common_options
from border_kit.cli.diagnostics import Exit
from border_kit.cli.output import print_json, put, reply
from border_kit.errors import UsageError
from border_kit.text import clean_line

if TYPE_CHECKING:
    from border_kit.training.classes.report import Report

RUNS = click.option("--runs", is_flag=True, help="The runs that were played at this machine, instead of a class.")
LEARNER = click.option("--learner", metavar="NAME", help="Only this learner.")
MODULES = click.option("--modules", type=FOLDER, metavar="DIR", help="With --runs: scenarios of this folder.")


@click.command(
    epilog="""\b
Examples:
  border-kit train report spring
  border-kit train report spring --learner ana --ascii
  border-kit train report spring --to spring.pdf
  border-kit train report --runs                   what was played at this machine
Without a name: the class that was started last.
""",
)
@click.argument("name", required=False)
@RUNS
@LEARNER
@click.option("--to", type=FILE, metavar="FILE", help="Save it as .pdf or .txt.")
@click.option("--ascii", "plain", is_flag=True, help="Pictures of ASCII characters alone.")
@MODULES
@common_options
@click.pass_context
def report(
    context: click.Context,
    name: str | None,
    runs: bool,
    learner: str | None,
    to: Path | None,
    plain: bool,
    modules: Path | None,
) -> int:
    """Show a class: confusion matrix, each learner's rates, calibration, time, checklist."""
    from border_kit.desk import papers
    from border_kit.training.classes import pictures, printed

    options = common(context)
    if to is not None and to.suffix not in {".pdf", ".txt"}:
        raise UsageError(
            "form_unknown", f"{to.suffix or 'No ending'} is no form of a report.", "End the name in .pdf or .txt."
        )
    found = _found(options, name, learner, modules, runs=runs)
    text = "\n".join(pictures.told(found, pictures.ASCII if plain else pictures.UNICODE))
    if to is not None:
        papers.save_as(to, printed.to_pdf(found, options.settings.clock().now()) if to.suffix == ".pdf" else text)
    reply({**found.to_json(), **({"saved": str(to)} if to else {})}, lambda: f"Saved in {to}." if to else text)
    return Exit.OK


@click.command(
    epilog="""\b
Examples:
  border-kit train export spring > spring.csv
  border-kit train export spring --to spring.csv
A row a shipment of a learner. A text that a spreadsheet would take for a formula begins with an apostrophe.
""",
)
@click.argument("name", required=False)
@RUNS
@LEARNER
@click.option("--to", type=FILE, metavar="FILE", help="Write it to this file instead of stdout.")
@MODULES
@common_options
@click.pass_context
def export(
    context: click.Context, name: str | None, runs: bool, learner: str | None, to: Path | None, modules: Path | None
) -> int:
    """Export a class as CSV."""
    from border_kit.desk import papers

    options = common(context)
    text = _found(options, name, learner, modules, runs=runs).to_csv()
    if to is None and options.json:
        print_json({"csv": text})
    elif to is None:
        put(text.rstrip("\r\n"))
    else:
        papers.save_as(to, text.encode())
        reply({"saved": str(to), "rows": text.count("\r\n") - 1}, lambda: f"Saved in {clean_line(str(to), 300)}.")
    return Exit.OK


def _found(options: Common, name: str | None, learner: str | None, modules: Path | None, *, runs: bool) -> Report:
    from border_kit.training.classes import report as reports
    from border_kit.training.classes.holding import Class
    from border_kit.training.scenario import default_modules

    if runs and name is not None:
        raise UsageError("class_and_runs", "A class and --runs are two reports.", "Leave one of them out.")
    whole = (
        reports.of_runs(modules or default_modules(), options.settings.clock())
        if runs
        else reports.of_class(Class.load(name))
    )
    return whole.only(learner) if learner else whole
