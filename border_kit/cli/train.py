"""`border-kit train …`."""

from __future__ import annotations

from pathlib import Path

import click

from border_kit.cli.common import FOLDER, common, common_options
from border_kit.cli.diagnostics import Exit, say
from border_kit.cli.output import print_json, write
from border_kit.cli.train_author import new, preview, randomise, solve
from border_kit.cli.train_drill import drill
from border_kit.cli.train_key import key
from border_kit.cli.train_report import export, report
from border_kit.cli.train_run import debrief, run
from border_kit.cli.train_session import session
from border_kit.text import clean_line

MODULES = click.option(
    "--modules", type=FOLDER, metavar="DIR", help="Scenarios of this folder instead of the shipped ones."
)


@click.group(
    epilog="""\b
Examples:
  border-kit train list
  border-kit train run surveyors-camera
  border-kit train debrief --to debrief.pdf
  border-kit train lint
  border-kit train drill
""",
)
@common_options
def train() -> None:
    """Training: scenarios on the officer's own screens and engines, all fictional."""


@train.command(
    name="list",
    epilog="""\b
Example:
  border-kit train list --json
""",
)
@MODULES
@common_options
@click.pass_context
def list_(context: click.Context, modules: Path | None) -> int:
    """List the scenarios: class, difficulty, objectives (for trainers: it tells the class)."""
    from border_kit.training.scenario import default_modules, scenarios

    library = scenarios(modules or default_modules())
    rows = [scenario.to_json() for scenario in library.scenarios]
    if common(context).json:
        print_json({"scenarios": [*rows]})
    else:
        shown = [
            f"{item.id:32} {item.kind:7} {item.difficulty}  {clean_line(item.title, 80)}" for item in library.scenarios
        ]
        write("\n".join(shown) or "No scenarios.")
    for _, error in library.broken:
        say(f"Left out: {error}")
    return Exit.ATTENTION if library.broken else Exit.OK


@train.command(
    epilog="""\b
Examples:
  border-kit train lint
  border-kit train lint surveyors-camera cards/papers
  border-kit train lint --modules my-scenarios --json
""",
)
@click.argument("names", nargs=-1)
@MODULES
@common_options
@click.pass_context
def lint(context: click.Context, names: tuple[str, ...], modules: Path | None) -> int:
    """Look for mistakes in scenarios and decks, and hold what scenarios expect against the real engines; without names, all."""
    from border_kit.training.drill.cards import FOLDER
    from border_kit.training.lint import lint as look
    from border_kit.training.scenario import default_modules

    options = common(context)
    files = _files(modules or default_modules(), names)
    decks = [path for path in files if path.parent.name == FOLDER]
    scenarios = [path for path in files if path not in decks]
    problems = look(scenarios, options.desk(), decks=decks, whole=not names)
    if options.json:
        print_json(
            {
                "clean": not problems,
                "scenarios": [path.stem for path in scenarios],
                "decks": [path.stem for path in decks],
                "problems": [{**problem.to_json()} for problem in problems],
            }
        )
    else:
        counts = [_count(part, what) for part, what in ((scenarios, "scenario"), (decks, "deck")) if part]
        write(
            "\n".join(clean_line(str(problem)) for problem in problems) or f"{', '.join(counts) or 'nothing'}: clean."
        )
    return Exit.ATTENTION if problems else Exit.OK


def _count(files: list[Path], what: str) -> str:
    return f"{len(files)} {what}{'' if len(files) == 1 else 's'}"


def _files(modules: Path, names: tuple[str, ...]) -> list[Path]:
    """The files of the named scenarios and decks, all without a name; a name may also be a path. Raises InputError."""
    from border_kit.training.drill.cards import FOLDER, deck_files
    from border_kit.training.scenario import find, scenario_files

    decks = {f"{FOLDER}/{path.stem}": path for path in deck_files(modules)}
    if not names:
        return [*scenario_files(modules), *decks.values()]
    return [decks.get(name) or find(modules, name) for name in dict.fromkeys(names)]


for command in (run, debrief, drill, new, preview, solve, randomise, session, key, report, export):
    train.add_command(command)
