"""What can be done to a case, as sub-commands made from the one table of acts (casework/acts.py)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from border_kit.casework.acts import ACTS, Act, Entry
from border_kit.casework.log import Event
from border_kit.casework.notices import KINDS
from border_kit.cli.common import FILE, FOLDER, common, common_options
from border_kit.cli.diagnostics import Exit
from border_kit.cli.output import reply
from border_kit.desk import cases, papers, render, render_office
from border_kit.desk.desk import Desk
from border_kit.errors import InputError, UsageError
from border_kit.paper import Paper

_LARGEST = 1_000_000
"""Bytes of a file of serial numbers."""

_EXAMPLES = {
    "note": 'case note 2026-0001 --text "driver says the crate was repacked"',
    "refer": 'case refer 2026-0001 --to "Licensing Authority" --question "Is line 1 licensable?"',
    "rule": "case rule 2026-0001 --authority XA/LA-01 --reference R-77 --outcome no_licence_required --lines 1",
    "dispute": 'case dispute 2026-0001 --about match --by Exporter --grounds "another birth date"',
    "respond": 'case respond 2026-0001 --dispute 7 --text "passport asked for"',
    "resolve": 'case resolve 2026-0001 --dispute 7 --outcome changed --reason "another man"',
    "exempt": 'case exempt 2026-0001 --exemption TMP-DEMO-2 --decision approved --reason "letter seen"',
    "outcome": 'case outcome 2026-0001 --result nothing_found --text "data sheet shows 9 Hz"',
    "custody": "case custody 2026-0001 --item crate --move taken --place store --to B-12 --reason held",
}


def commands() -> Iterator[click.Command]:
    """One command an act, and those that need more than a form."""
    for name, act in ACTS.items():
        yield _command(name, act)
    yield countersign
    yield refuse
    yield attach
    yield inspect
    yield software
    yield notice


def _command(name: str, act: Act) -> click.Command:
    @click.command(name=name, help=f"{act.title}, as an event of the case.", epilog=example(_EXAMPLES[name]))
    @click.argument("number")
    @common_options
    @click.pass_context
    def run(context: click.Context, /, number: str, **values: str) -> int:
        desk = common(context).desk()
        return told(desk, cases.record(desk, number, name, values))

    run.params += [_option(entry) for entry in act.form]
    return run


def example(*calls: str) -> str:
    """The foot of a command's help."""
    title = "Example" if len(calls) == 1 else "Examples"
    return "\n".join(["\b", f"{title}:", *(f"  border-kit {call}" for call in calls), ""])


def _option(entry: Entry) -> click.Option:
    kind = click.Choice(entry.choices) if entry.choices else click.STRING
    return click.Option([f"--{entry.name}"], type=kind, required=entry.needed, default=None, help=entry.ask)


def told(desk: Desk, event: Event) -> int:
    """Print an event as it was recorded."""
    reply(
        {"now": desk.moment, "event": event.to_json()},
        lambda: f"Case {event.case_id}, event {event.seq}: {render.told(event.to_json())}.",
    )
    return Exit.OK


@click.command(epilog=example("--operator B-01 case countersign 2026-0001"))
@click.argument("number")
@common_options
@click.pass_context
def countersign(context: click.Context, number: str) -> int:
    """Sign a decision a second time: a supervisor who did not make it."""
    desk = common(context).desk()
    return told(desk, cases.countersign(desk, number))


@click.command(epilog=example('--operator B-01 case refuse 2026-0001 --reason "the data sheet is missing"'))
@click.argument("number")
@click.option("--reason", required=True, help="Why the decision shall not stand.")
@common_options
@click.pass_context
def refuse(context: click.Context, number: str, reason: str) -> int:
    """Refuse the second signature: the decision does not stand."""
    desk = common(context).desk()
    return told(desk, cases.refuse(desk, number, reason))


@click.command(epilog=example("case attach 2026-0001 photo.jpg"))
@click.argument("number")
@click.argument("file", type=FILE)
@common_options
@click.pass_context
def attach(context: click.Context, number: str, file: Path) -> int:
    """Keep a photo or paper with a case, under the hash of its content."""
    desk = common(context).desk()
    return told(desk, cases.attach(desk, number, file))


@click.command(epilog=example("case inspect 2026-0001 --licensed annex.txt --seen SN-1001 --seen SN-1O02"))
@click.argument("number")
@click.option(
    "--licensed", multiple=True, metavar="SERIAL|FILE", help="A licensed serial number, or a file with one a line."
)
@click.option("--seen", multiple=True, metavar="SERIAL|FILE", help="A serial number seen, or a file with one a line.")
@common_options
@click.pass_context
def inspect(context: click.Context, number: str, licensed: tuple[str, ...], seen: tuple[str, ...]) -> int:
    """Hold serial numbers seen against those licensed: missing, extra, seen twice, mistyped."""
    desk = common(context).desk()
    event = cases.inspect(desk, number, _serials(licensed), _serials(seen))
    reply({"now": desk.moment, "event": event.to_json()}, lambda: render_office.inspection(event.data["result"]))
    found = event.data["result"]
    return Exit.ATTENTION if any(found[name] for name in found if name != "matched") else Exit.OK


@click.command(epilog=example("case software 2026-0001 --list firmware.json --folder /media/stick --key 'b64…'"))
@click.argument("number")
@click.option("--list", "listed", type=FILE, required=True, help="The maker's signed list.")
@click.option("--folder", type=FOLDER, required=True, help="The folder with the files that were supplied.")
@click.option("--key", default="", help="The maker's public key (base64), from the maker by another way.")
@common_options
@click.pass_context
def software(context: click.Context, number: str, listed: Path, folder: Path, key: str) -> int:
    """Hold supplied software against its maker's signed list. The device itself is not looked at."""
    desk = common(context).desk()
    event = cases.check_software(desk, number, listed, folder, key)
    reply({"now": desk.moment, "event": event.to_json()}, lambda: render_office.software(event.data["result"]))
    return {"pass": Exit.OK, "fail": Exit.ATTENTION}.get(event.data["result"]["verdict"], Exit.CANNOT_TELL)


def _serials(given: tuple[str, ...]) -> Iterator[str]:
    """Serial numbers as given, or from the files named. Raises InputError for a file that cannot be read."""
    for text in given:
        path = Path(text)
        if not path.is_file():
            yield text
            continue
        try:
            if path.stat().st_size > _LARGEST:
                raise InputError("serials_large", f"{path.name} is no list of serial numbers.", "One number a line.")
            yield from path.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(
                "serials_unreadable", f"{path.name} cannot be read ({error}).", "One number a line, UTF-8."
            ) from error


@click.command(epilog=example("case notice 2026-0001 --kind detention --out notice.pdf"))
@click.argument("number")
@click.option("--kind", type=click.Choice(list(KINDS)), default="detention", show_default=True)
@click.option(
    "--out", type=FILE, help="Where to: a name ending in .pdf, .txt or .json. Without it, a PDF in the office's papers."
)
@click.option("--print", "send", is_flag=True, help="Hand it to the system's printer, too.")
@common_options
@click.pass_context
def notice(context: click.Context, number: str, kind: str, out: Path | None, send: bool) -> int:
    """Make a paper of a case: detention notice, referral dossier, release note, inspection sheet."""
    desk = common(context).desk()
    made = cases.paper(desk, number, kind)
    path, event = (out, None) if out else cases.hand_out(desk, number, kind)
    if out is not None:
        papers.save_as(out, _as(made, out))
    if send:
        papers.print_out(path)
    reply(
        {
            "now": desk.moment,
            "paper": made.to_json(),
            "file": str(path),
            "event": event.to_json() if event else None,
        },
        lambda: f"{made.title}: {path}",
    )
    return Exit.OK


def _as(made: Paper, path: Path) -> str | bytes:
    """A paper in the form that the file's ending names. Raises UsageError."""
    match path.suffix.lower():
        case ".pdf":
            return made.to_pdf()
        case ".txt":
            return made.to_text()
        case ".json":
            return json.dumps(made.to_json(), ensure_ascii=False, indent=2)
    raise UsageError(
        "form_unknown", f"{path.suffix or 'No ending'} is no form of a paper.", "End the name in .pdf, .txt or .json."
    )
