"""What can be done to a case, as sub-commands made from the one table of acts (casework/acts.py)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from border_kit.casework.acts import ACTS, Act, Entry
from border_kit.casework.log import Event
from border_kit.cli.common import FILE, Common, common, common_options
from border_kit.cli.diagnostics import Exit
from border_kit.cli.output import print_json, write
from border_kit.desk import cases, render
from border_kit.desk.desk import Desk

_EXAMPLES = {
    "note": 'case note 2026-0001 --text "driver says the crate was repacked"',
    "refer": 'case refer 2026-0001 --to "Licensing Authority" --question "Is line 1 licensable?"',
    "rule": "case rule 2026-0001 --authority XA/LA-01 --reference R-77 --outcome no_licence_required --lines 1",
    "dispute": 'case dispute 2026-0001 --about match --by Exporter --grounds "another birth date"',
    "respond": 'case respond 2026-0001 --dispute 7 --text "passport asked for"',
    "resolve": 'case resolve 2026-0001 --dispute 7 --outcome changed --reason "another man"',
    "custody": "case custody 2026-0001 --item crate --move taken --place store --to B-12 --reason held",
}


def commands() -> Iterator[click.Command]:
    """One command an act, and those that need more than a form."""
    for name, act in ACTS.items():
        yield _command(name, act)
    yield countersign
    yield refuse
    yield attach


def _command(name: str, act: Act) -> click.Command:
    @click.command(name=name, help=f"{act.title}, as an event of the case.", epilog=_example(_EXAMPLES[name]))
    @click.argument("number")
    @common_options
    @click.pass_context
    def run(context: click.Context, /, number: str, **values: str) -> int:
        options = common(context)
        desk = options.desk()
        return told(options, desk, cases.record(desk, number, name, values))

    run.params += [_option(entry) for entry in act.form]
    return run


def _example(call: str) -> str:
    return f"\b\nExample:\n  border-kit {call}\n"


def _option(entry: Entry) -> click.Option:
    kind = click.Choice(entry.choices) if entry.choices else click.STRING
    return click.Option([f"--{entry.name}"], type=kind, required=entry.needed, default=None, help=entry.ask)


def told(options: Common, desk: Desk, event: Event) -> int:
    """Print an event as it was recorded."""
    if options.json:
        print_json({"now": desk.moment, "event": event.to_json()})
    else:
        write(f"Case {event.case_id}, event {event.seq}: {render.told(event.to_json())}.")
    return Exit.OK


@click.command(epilog=_example("--operator B-01 case countersign 2026-0001"))
@click.argument("number")
@common_options
@click.pass_context
def countersign(context: click.Context, number: str) -> int:
    """Sign a decision a second time: a supervisor who did not make it."""
    options = common(context)
    desk = options.desk()
    return told(options, desk, cases.countersign(desk, number))


@click.command(epilog=_example('--operator B-01 case refuse 2026-0001 --reason "the data sheet is missing"'))
@click.argument("number")
@click.option("--reason", required=True, help="Why the decision shall not stand.")
@common_options
@click.pass_context
def refuse(context: click.Context, number: str, reason: str) -> int:
    """Refuse the second signature: the decision does not stand."""
    options = common(context)
    desk = options.desk()
    return told(options, desk, cases.refuse(desk, number, reason))


@click.command(epilog=_example("case attach 2026-0001 photo.jpg"))
@click.argument("number")
@click.argument("file", type=FILE)
@common_options
@click.pass_context
def attach(context: click.Context, number: str, file: Path) -> int:
    """Keep a photo or paper with a case, under the hash of its content."""
    options = common(context)
    desk = options.desk()
    return told(options, desk, cases.attach(desk, number, file))
