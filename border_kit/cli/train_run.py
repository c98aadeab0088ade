"""`border-kit train run` and `train debrief`: a scenario played on the command line, and what is talked through afterwards."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from border_kit.cli.common import FILE, FOLDER, Common, common, common_options
from border_kit.cli.diagnostics import Exit, say
from border_kit.cli.output import print_json, write
from border_kit.errors import BorderKitError, InputError, UsageError
from border_kit.text import clean_line, whole_number

if TYPE_CHECKING:
    from border_kit.findings import Json
    from border_kit.training.debrief import Debriefing
    from border_kit.training.play import Play, Told
    from border_kit.training.result import Mode
    from border_kit.training.run import Run

MAX_ANSWERS = 100_000
_ANSWER = re.compile(r"(?P<action>\S{1,80})(?:\s+(?P<sure>[0-9]{1,3}))?")

Choice = tuple[str, int | None]
"""An action by id (or its number in the list), and for a decision how sure one is, in per cent."""


@click.command(
    epilog="""\b
Examples:
  border-kit train run surveyors-camera                 on the screens of the application
  border-kit train run surveyors-camera --plain         as plain text
  border-kit train run surveyors-camera --seed 7 --answers line.txt --json
A file of answers holds an action a line; after a decision stands how sure you are, in per cent:
  check_declaration
  decide_release 80
Exit codes: 0 decided and right (in an exam: decided), 1 not right or not decided, 4 an action that cannot be done.
""",
)
@click.argument("name", metavar="ID")
@click.option("--plain", is_flag=True, help="As plain text, also at a terminal.")
@click.option("--answers", type=FILE, metavar="FILE", help="Do what stands in this file (- is stdin), and end.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), metavar="N", help="Draw this variant (default: as written).")
@click.option("--learner", metavar="NAME", help="Who learns (default: the operator).")
@click.option("--exam", is_flag=True, help="Tell neither outcome nor marks, and hold no debrief.")
@click.option(
    "--resume/--anew", default=None, help="Go on with a run that was left, or not (default: at a terminal, yes)."
)
@click.option("--modules", type=FOLDER, metavar="DIR", help="Scenarios of this folder instead of the shipped ones.")
@common_options
@click.pass_context
def run(
    context: click.Context,
    name: str,
    plain: bool,
    answers: Path | None,
    seed: int | None,
    learner: str | None,
    exam: bool,
    resume: bool | None,
    modules: Path | None,
) -> int:
    """Play a scenario: check, open, scan, ask, phone, decide; then the debrief."""
    options = common(context)
    at_terminal = sys.stdin.isatty() and sys.stdout.isatty() and answers is None
    going_on = at_terminal if resume is None else resume
    who = clean_line(learner or options.settings.operator or "learner", 80)
    begun = _begin(options, name, modules, seed, who, exam=exam, going_on=going_on)
    if at_terminal and not plain and not options.json:
        options.application(options.settings, None, color=options.color, run=begun)
        return Exit.OK
    from border_kit.training.play import Play

    play = Play(begun, options.settings.catalog_root())
    try:
        return _played(play, options, answers, at_terminal=at_terminal)
    finally:
        play.close()


def _begin(
    options: Common, name: str, modules: Path | None, seed: int | None, learner: str, *, exam: bool, going_on: bool
) -> Run:
    """A new run, or the one that was left. Raises InputError, StoreError."""
    from border_kit.training import runs
    from border_kit.training.run import Run
    from border_kit.training.scenario import default_modules, find, load

    path = find(modules or default_modules(), name)
    scenario = load(path, seed=seed)
    mode: Mode = "exam" if exam else "practice"
    left = runs.unfinished(scenario.id, scenario.digest, learner, mode=mode) if going_on else None
    if left is not None and seed in (None, left[1].seed):
        say("Going on with the run that was left; --anew begins anew.")
        return Run.resumed(load(path, seed=left[1].seed), left[0], options.settings.clock())
    return runs.begin(scenario, learner, options.settings.clock(), seed=seed, mode=mode)


def _played(play: Play, options: Common, answers: Path | None, *, at_terminal: bool) -> int:
    choices = asked(play) if at_terminal else scripted(answers)
    through(play, choices, talking=not options.json, at_terminal=at_terminal)
    if play.run.ended and not at_terminal and _more(choices):
        say("The answers after the decision were not used: a decision ends the scenario.")
    return _ended(play, options, at_terminal=at_terminal)


def _more(choices: Iterator[Choice]) -> bool:
    """Whether answers are left, sound or not."""
    try:
        return next(choices, None) is not None
    except InputError:
        return True


def through(play: Play, choices: Iterator[Choice], *, talking: bool, at_terminal: bool) -> None:
    """Do what is chosen until it is decided or nothing more is chosen; what cannot be done ends a script, not a talk."""
    from border_kit.training import telling

    if talking:
        write("\n".join(telling.opening(play)))
        write("\n".join(telling.messages(play.run.scenario, play.run.step.messages)) or "")
    number = 0
    while not play.run.ended and (choice := next(choices, None)) is not None:
        number += 1
        try:
            found = play.do(_named(play, choice[0]), choice[1])
        except BorderKitError as error:
            if not at_terminal:
                error.message = f"Answer {number}: {error.message}"
                raise
            say(error.message, error.hint)
        else:
            if talking:
                write("\n".join(_lines(play, found)))


def _named(play: Play, choice: str) -> str:
    """An action by the number under which it is listed, or by its id."""
    listed = play.run.available()
    number = whole_number(choice, 3)
    return choice if number is None or not 1 <= number <= len(listed) else listed[number - 1].id


def _lines(play: Play, found: Told) -> Iterator[str]:
    """What an action told, with the engines' answer as the kit's own commands print it."""
    from border_kit.desk import render, render_certificates, render_policy
    from border_kit.training import telling

    yield from telling.told(play, found)
    if found.assessment is not None:
        answer: dict[str, Any] = found.assessment.to_json()
        yield from telling.wrapped(render.assessment(answer))
        yield from render_policy.levels(answer["risk"]) if answer["risk"] else ()
    if found.checked is not None:
        yield from telling.wrapped(render_certificates.verification(found.checked.to_json()))


def asked(play: Play) -> Iterator[Choice]:
    """What the learner chooses, one after the other, until it is decided or they leave."""
    from border_kit.training import telling

    while not play.run.ended:
        write("\n".join(["", *telling.menu(play.run.available())]))
        words = click.prompt("What now (number, or quit)", err=True).split()
        if words[:1] in (["quit"], ["q"]):
            return
        chosen = _named(play, words[0])
        deciding = {item.id for item in play.run.available() if item.decision is not None}
        sure = (
            click.prompt("How sure are you, in per cent", type=click.IntRange(0, 100), err=True)
            if chosen in deciding
            else None
        )
        yield chosen, sure


def scripted(answers: Path | None) -> Iterator[Choice]:
    """The lines of a file or of stdin. Raises InputError."""
    for line in _read(answers).splitlines():
        words = line.partition("#")[0].strip()
        match = _ANSWER.fullmatch(words)
        if match is not None:
            yield match["action"], int(match["sure"]) if match["sure"] else None
        elif words:
            raise InputError(
                "answer_unreadable",
                f"{clean_line(line, 80)!r} is no answer.",
                "Write an action, and after a decision how sure you are: decide_release 80",
            )


def _read(answers: Path | None) -> str:
    try:
        if answers is None or str(answers) == "-":
            return sys.stdin.read(MAX_ANSWERS) if not sys.stdin.isatty() else ""
        with answers.open(encoding="utf-8-sig") as stream:
            return stream.read(MAX_ANSWERS)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("answers_unreadable", f"The answers cannot be read ({error}).", "Check the path.") from error


def _ended(play: Play, options: Common, *, at_terminal: bool) -> int:
    """Marks and debrief, as far as they are told."""
    from border_kit.training.debrief import debrief

    run_, found = play.run, None
    if run_.ended and run_.tells:
        found = debrief(run_)
    if options.json:
        document: dict[str, Json] = {"result": run_.result().to_json(), "log": str(run_.path)}
        print_json(document | ({"debrief": found.to_json()} if found else {}))
    elif found is not None:
        tell(found, at_terminal=at_terminal)
    if not run_.ended:
        say(f"Not decided yet. Go on with: border-kit train run {run_.scenario.id} --resume")
        return Exit.ATTENTION
    return Exit.OK if found is None or found.judged.marks.correct else Exit.ATTENTION


def tell(found: Debriefing, *, at_terminal: bool) -> None:
    """The debrief; at a terminal each answer waits until the learner has thought about the question."""
    from border_kit.training import telling

    write("\n".join(["", *telling.debriefing(found), ""]))
    for number, item in enumerate(found.questions):
        write("\n".join(telling.paragraphs(f"Question {number + 1}: {item.ask}")))
        if at_terminal:
            click.prompt("Think, then Enter", default="", show_default=False, err=True)
        write("\n".join([*telling.answer(found, number), ""]))


@click.command(
    epilog="""\b
Examples:
  border-kit train debrief                               the newest run that has ended, as text
  border-kit train debrief --to debrief.pdf
  border-kit train debrief RUN.jsonl --to debrief.md
""",
)
@click.argument("log", type=FILE, required=False)
@click.option("--to", type=FILE, metavar="FILE", help="Save it as .pdf or .md.")
@click.option("--modules", type=FOLDER, metavar="DIR", help="Scenarios of this folder instead of the shipped ones.")
@common_options
@click.pass_context
def debrief(context: click.Context, log: Path | None, to: Path | None, modules: Path | None) -> int:
    """The debrief of a run: lines side by side, points, questions with answers, sources."""
    from border_kit.desk import papers
    from border_kit.training.debrief import debrief as look

    options = common(context)
    found = look(_kept(options, log, modules))
    if to is not None and to.suffix not in {".pdf", ".md"}:
        raise UsageError(
            "form_unknown", f"{to.suffix or 'No ending'} is no form of a debrief.", "End the name in .pdf or .md."
        )
    if to is not None:
        at = options.settings.clock().now()
        papers.save_as(to, found.paper(at).to_pdf() if to.suffix == ".pdf" else found.to_markdown())
    if options.json:
        print_json({"debrief": found.to_json(), "saved": str(to) if to else None})
    elif to is not None:
        write(f"Saved in {to}.")
    else:
        tell(found, at_terminal=False)
    return Exit.OK


def _kept(options: Common, log: Path | None, modules: Path | None) -> Run:
    """The run of a log, or the newest that has ended. Raises InputError."""
    from border_kit.training import runs
    from border_kit.training.run import Run, read_log, start_of
    from border_kit.training.scenario import default_modules, find, load

    path = log or next((path for path, _, decided in runs.logs() if decided), None)
    if path is None:
        raise InputError("run_missing", "No run has ended here yet.", "Play one with: border-kit train run ID")
    rows = read_log(path)[0]
    start = start_of(rows, path)
    if not any("decision" in row for row in rows):
        raise UsageError("run_open", "The run has not ended.", f"border-kit train run {start.scenario} --resume")
    scenario = load(find(modules or default_modules(), start.scenario), seed=start.seed)
    return Run.resumed(scenario, path, options.settings.clock())
