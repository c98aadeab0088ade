"""`border-kit train new|preview|solve|randomise`: an author's tools."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from border_kit.cli.common import FOLDER, common, common_options
from border_kit.cli.diagnostics import Exit
from border_kit.cli.output import print_json, reply, write

if TYPE_CHECKING:
    from border_kit.training.model import Scenario

MODULES = click.option(
    "--modules", type=FOLDER, metavar="DIR", help="Scenarios of this folder instead of the shipped ones."
)
SEED = click.option(
    "--seed", type=click.IntRange(0, 2**31 - 1), metavar="N", help="Draw this variant (default: as written)."
)


@click.command(
    epilog="""\b
Examples:
  border-kit train new two-crates-more --title "Two crates more" --into my-scenarios
  border-kit train new two-crates-fewer --title "Two crates fewer" --class noise --into my-scenarios
The file works as it stands; lint names every TODO in it. See docs/authoring.md.
""",
)
@click.argument("name", metavar="ID")
@click.option("--title", required=True, help="What learners see before they start: it gives nothing away.")
@click.option(
    "--class",
    "kind",
    type=click.Choice(["signal", "noise"]),
    default="signal",
    show_default=True,
    help="Something is wrong, or it only looks so.",
)
@click.option(
    "--into", type=FOLDER, default=Path(), metavar="DIR", help="The folder that it is written to (default: this one)."
)
@common_options
def new(name: str, title: str, kind: str, into: Path) -> int:
    """Write a scenario to start from."""
    from border_kit.training import author

    path = author.write(name, title, "noise" if kind == "noise" else "signal", into)
    reply(
        {"written": str(path), "class": kind},
        lambda: f"Written: {path}. Fill every TODO, then: border-kit train lint {path}",
    )
    return Exit.OK


@click.command(
    epilog="""\b
Examples:
  border-kit train preview surveyors-camera              as a learner sees it
  border-kit train preview surveyors-camera --trainer    the whole of it: what to find, points, debrief
""",
)
@click.argument("name", metavar="ID")
@click.option("--trainer", is_flag=True, help="Everything, with the answer.")
@SEED
@MODULES
@common_options
@click.pass_context
def preview(context: click.Context, name: str, trainer: bool, seed: int | None, modules: Path | None) -> int:
    """Show a scenario as a learner will see it, or the whole of it."""
    from border_kit.training import author

    scenario = _loaded(name, modules, seed)
    if common(context).json:
        whole: dict[str, Any] = {"source": scenario.source.data} if trainer else {}
        print_json({"scenario": scenario.id, "seed": seed, "preview": author.learner_json(scenario), **whole})
    else:
        write("\n".join(author.trainer_view(scenario) if trainer else author.learner_view(scenario)))
    return Exit.OK


@click.command(
    epilog="""\b
Example:
  border-kit train solve surveyors-camera
Exit codes: 0 a line with full marks, 1 there is none, 3 the search gave up.
""",
)
@click.argument("name", metavar="ID")
@SEED
@MODULES
@common_options
def solve(name: str, seed: int | None, modules: Path | None) -> int:
    """Look for the shortest line of actions that earns full marks in time, beside the expert's."""
    from border_kit.training import author

    found: dict[str, Any] = author.solution(_loaded(name, modules, seed))
    reply(found, lambda: "\n".join(author.solution_view(found)))
    if found["line"] is not None:
        return Exit.OK
    return Exit.CANNOT_TELL if found["gave_up"] else Exit.ATTENTION


@click.command(
    epilog="""\b
Examples:
  border-kit train randomise surveyors-camera --seed 7
  border-kit train randomise surveyors-camera --seed 1 --count 10 --json
The same seed draws the same names and figures everywhere: train run ID --seed 7 plays what is shown here.
""",
)
@click.argument("name", metavar="ID")
@click.option(
    "--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True, metavar="N", help="The first seed."
)
@click.option(
    "--count", type=click.IntRange(1, 1_000), default=1, show_default=True, help="So many seeds, one after the other."
)
@MODULES
@common_options
def randomise(name: str, seed: int, count: int, modules: Path | None) -> int:
    """Show what seeds draw for the fields of a scenario."""
    from border_kit.training import author

    path = _path(name, modules)
    seeds = range(seed, seed + count)
    reply(
        {"scenario": path.stem, "variants": author.variety(path), "draws": [*author.draws(path, seeds)]},
        lambda: "\n".join(author.draws_view(path, seeds)),
    )
    return Exit.OK


def _path(name: str, modules: Path | None) -> Path:
    from border_kit.training.scenario import default_modules, find

    return find(modules or default_modules(), name)


def _loaded(name: str, modules: Path | None, seed: int | None) -> Scenario:
    from border_kit.training.scenario import load

    return load(_path(name, modules), seed=seed)
