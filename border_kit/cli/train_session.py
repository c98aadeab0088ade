"""`border-kit train session start|run|collect|list`: a class by stick."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from border_kit.cli.common import FILE, FOLDER, Common, common, common_options
from border_kit.cli.diagnostics import Exit, say
from border_kit.cli.output import print_json, write
from border_kit.cli.train_key import signing_key
from border_kit.text import clean_line

if TYPE_CHECKING:
    from border_kit.cli.train_run import Choice
    from border_kit.findings import Json
    from border_kit.training.classes.taking import Taking


@click.group(
    epilog="""\b
Examples:
  border-kit train session start spring --learners ana,ben,cem --warm-up 6 --exam 20 --seed 7 --into /media/stick
  border-kit train session run /media/stick/spring-ana.pack.json
  border-kit train session collect spring /media/stick
  border-kit train report spring
""",
)
@common_options
def session() -> None:
    """A class by stick: signed packs out, signed results back."""


@session.command(
    epilog="""\b
Examples:
  border-kit train session start spring --learners ana,ben,cem --seed 7 --into /media/stick
  border-kit train session start spring --learners names.txt --warm-up 8 --exam 40 --exam-share 10 --into packs
  border-kit --pin-fd 3 train session start spring --learners ana,ben --into packs 3<pin
The same seed draws the same class, on every machine with the same scenarios.
The key that signs packs is made with the first class; its PIN is asked for,
or read with --pin-fd (see: train key).
""",
)
@click.argument("name")
@click.option("--learners", required=True, metavar="NAMES", help="Names by commas, or a file with one a line.")
@click.option("--into", type=FOLDER, required=True, metavar="DIR", help="Where the packs are written: the stick.")
@click.option(
    "--warm-up",
    type=click.IntRange(0, 200),
    default=6,
    show_default=True,
    help="Shipments with feedback.",
)
@click.option(
    "--exam",
    type=click.IntRange(0, 200),
    default=20,
    show_default=True,
    help="Shipments without feedback.",
)
@click.option(
    "--warm-up-share",
    type=click.IntRange(1, 99),
    metavar="PERCENT",
    help="Signals in a hundred shipments of the warm-up (default: 50).",
)
@click.option(
    "--exam-share",
    type=click.IntRange(1, 99),
    metavar="PERCENT",
    help="The same in the exam (default: 5, but two at least).",
)
@click.option(
    "--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True, help="Draws shipments and their order."
)
@click.option("--modules", type=FOLDER, metavar="DIR", help="Scenarios of this folder instead of the shipped ones.")
@click.option(
    "--scenario", "chosen", multiple=True, metavar="ID", help="Draw from these scenarios only; may be given again."
)
@common_options
@click.pass_context
def start(
    context: click.Context,
    name: str,
    learners: str,
    into: Path,
    warm_up: int,
    exam: int,
    warm_up_share: int | None,
    exam_share: int | None,
    seed: int,
    modules: Path | None,
    chosen: tuple[str, ...],
) -> int:
    """Draw a class and write a signed pack for each learner."""
    from border_kit.training.classes import holding, pack
    from border_kit.training.scenario import default_modules, find, scenario_files

    options = common(context)
    folder = modules or default_modules()
    files = [find(folder, one) for one in chosen] if chosen else scenario_files(folder)
    people = pack.people(learners)
    plan = holding.Plan(warm_up, exam, seed, warm_up_share, exam_share)
    held = plan.signals()
    key = signing_key(options)
    found, packs = holding.start(name, people, files, into, options.settings.clock(), plan, key)
    if options.json:
        print_json(
            {
                "class": found.session.name,
                "session": found.session.id,
                "seed": seed,
                "trainer": key.id,
                "signals": {str(part): count for part, count in held.items()},
                "items": [{**item.to_json()} for item in found.session.items],
                "packs": [str(path) for path in packs],
            }
        )
    else:
        parts = [f"{count} {_PARTS[part]} ({held[part]} signals)" for part, count, _ in plan.parts if count]
        write(f"Class {found.session.name}: {len(packs)} packs in {into}; {', '.join(parts)}.")
        write("\n".join(f"  {path.name}   {name}" for name, path in zip(people, packs, strict=True)))
        write(f"Trainer's key {key.id}: learners see it when they begin.")
    return Exit.OK


_PARTS = {"warm_up": "to warm up", "exam": "as exam"}


@session.command(
    epilog="""\b
Examples:
  border-kit train session run /media/stick/spring-ana.pack.json
  border-kit train session run spring-ana.pack.json --answers lines.txt --json
The results are written beside the pack (or --into DIR) after every
shipment; who stops goes on with the same command.
A file of answers holds an action a line, as for train run; a decision
ends its shipment, and the next line belongs to the next.
""",
)
@click.argument("file", type=FILE, metavar="PACK")
@click.option("--answers", type=FILE, metavar="FILE", help="Do what stands in this file (- is stdin), and end.")
@click.option("--into", type=FOLDER, metavar="DIR", help="Where the results are written (default: beside the pack).")
@click.option("--trainer", metavar="KEY", help="Refuse a pack that another key signed.")
@common_options
@click.pass_context
def run(context: click.Context, file: Path, answers: Path | None, into: Path | None, trainer: str | None) -> int:
    """Take a pack: one shipment after the other, warm-up with feedback, exam without."""
    from border_kit.cli.train_run import scripted
    from border_kit.signing import key_id
    from border_kit.training.classes.pack import Pack
    from border_kit.training.classes.taking import Taking

    options = common(context)
    pack = Pack.load(file, trainer)
    signer = key_id(pack.trainer)
    taking = Taking(pack, options.settings.clock())
    if not options.json:
        write(f"Class {pack.session.name}, {pack.learner}, signed by {signer}: {len(taking.items)} shipments.")
    at_terminal = sys.stdin.isatty() and sys.stdout.isatty() and answers is None
    _take(taking, options, into or file.parent, None if at_terminal else scripted(answers))
    path = taking.write(into or file.parent)
    decided = sum(taking.ended(number) for number in range(len(taking.items)))
    if options.json:
        told: dict[str, Json] = {"class": pack.session.name, "learner": pack.learner, "trainer": signer}
        print_json({**told, "items": len(taking.items), "decided": decided, "results": str(path)})
    else:
        write(f"{decided} of {len(taking.items)} shipments decided. Results: {path}")
    return Exit.OK if decided == len(taking.items) else Exit.ATTENTION


def _take(taking: Taking, options: Common, into: Path, script: Iterator[Choice] | None) -> None:
    """Play what is not decided yet; the results are written after each shipment."""
    from border_kit.cli.train_run import asked, tell, through
    from border_kit.training.debrief import debrief
    from border_kit.training.play import Play

    while (number := taking.next()) is not None:
        play = Play(taking.open(number), options.settings.catalog_root())
        choices = asked(play) if script is None else script
        try:
            if not options.json:
                write(f"\nShipment {number + 1} of {len(taking.items)}")
            through(play, choices, talking=not options.json, at_terminal=script is None)
            if not play.run.ended:
                say("Not decided yet. The same command goes on here.")
                return
            if play.run.tells and not options.json:
                tell(debrief(play.run), at_terminal=script is None)
        finally:
            play.close()
        taking.write(into)


@session.command(
    epilog="""\b
Examples:
  border-kit train session collect spring /media/stick
  border-kit train session collect spring ana.result.json --json
Exit codes: 0 everything was taken in, 1 a file was refused (each with its reason).
""",
)
@click.argument("name")
@click.argument("source", type=FILE)
@common_options
@click.pass_context
def collect(context: click.Context, name: str, source: Path) -> int:
    """Take results in: each is proven and replayed; a changed one is refused with the reason."""
    from border_kit.training.classes.holding import Class

    options = common(context)
    found = Class.load(name)
    taken, refused = found.collect(source)
    missing = found.missing
    if options.json:
        print_json(
            {
                "class": found.session.name,
                "collected": [
                    {"learner": one.learner, "items": len(one.results), "decided": one.decided} for one in taken
                ],
                "refused": [one.to_json() for one in refused],
                "missing": [*missing],
            }
        )
    else:
        rows = [f"{clean_line(one.learner):24} {one.decided} of {len(one.results)} decided" for one in taken]
        rows += [f"REFUSED {clean_line(one.file, 100)}: {clean_line(one.reason, 300)}" for one in refused]
        rows += [f"Nothing yet of {', '.join(missing)}."] if missing else []
        write("\n".join(rows) or "Nothing was taken in.")
    return Exit.ATTENTION if refused else Exit.OK


@session.command(
    name="list",
    epilog="""\b
Example:
  border-kit train session list --json
""",
)
@common_options
@click.pass_context
def list_(context: click.Context) -> int:
    """List the classes that were started here."""
    from border_kit.training.classes.holding import classes

    found = list(classes())
    if common(context).json:
        print_json(
            {
                "classes": [
                    {
                        "class": one.session.name,
                        "session": one.session.id,
                        "made": one.session.made,
                        "learners": [*one.learners],
                        "missing": [*one.missing],
                        "items": len(one.session.items),
                    }
                    for one in found
                ]
            }
        )
    else:
        rows = [
            f"{one.session.name:24} {one.session.made}  {len(one.learners)} learners, {len(one.missing)} not back"
            for one in found
        ]
        write("\n".join(rows) or "No class was started here yet.")
    return Exit.OK
