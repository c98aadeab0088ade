"""The casebook as a whole, as sub-commands of `border-kit case`: backup, restore, retention, export, read, audit-pack."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import click

from border_kit.casework.checkpoint import read_checkpoints
from border_kit.cli.case_acts import example, told
from border_kit.cli.common import FILE, FOLDER, Day, common, common_options
from border_kit.cli.diagnostics import Exit
from border_kit.cli.output import reply
from border_kit.desk import keeping, render_office
from border_kit.errors import UsageError

_CHECKPOINT = click.option(
    "--checkpoint",
    "checkpoints",
    multiple=True,
    metavar="FILE|TEXT",
    help="A checkpoint from outside that office; may be given several times.",
)
_FOR = click.option(
    "--for",
    "addresses",
    multiple=True,
    metavar="ADDRESS",
    help="Encrypt for this address (a receiver's operator list shows it); may be given several times.",
)


def commands() -> Iterator[click.Command]:
    """The sub-commands."""
    yield from (backup, restore, retention, export, read, audit_pack)


@click.command(epilog=example("case backup /media/stick/2026-11-27"))
@click.argument("folder", type=FOLDER)
@common_options
@click.pass_context
def backup(context: click.Context, folder: Path) -> int:
    """Copy casebook, ledger, records and attachments into a new folder while they are in use, and check the copy."""
    desk = common(context).desk()
    made = keeping.back_up(desk, folder)
    reply({"now": desk.moment, "backup": made.to_json()}, lambda: render_office.backup(made.to_json()))
    return Exit.ATTENTION if made.missing else Exit.OK


@click.command(
    epilog=example(
        "case restore /media/stick/2026-11-27 --check", "--operator B-01 case restore /media/stick/2026-11-27"
    )
)
@click.argument("folder", type=FOLDER)
@click.option("--replace", is_flag=True, help="Where a casebook is there already: move it aside. Nothing is deleted.")
@click.option("--check", is_flag=True, help="Only check the backup.")
@_CHECKPOINT
@common_options
@click.pass_context
def restore(
    context: click.Context,
    folder: Path,
    replace: bool,
    check: bool,
    checkpoints: tuple[str, ...],
) -> int:
    """Check a backup - every file, every page, the whole log - and put it in its place. Nothing is written over."""
    from border_kit.casework.backup import check as check_backup

    options = common(context)
    desk = options.desk()
    held = [item for text in checkpoints for item in read_checkpoints(text)]
    if check:
        good = check_backup(folder, held)
        document: dict[str, Any] = {**good.to_json(), "aside": None, "events_lost": 0}
    else:
        badge = desk.settings.operator
        done = keeping.restore(
            desk, folder, held, replace=replace, badge=badge, pin=lambda: options.ask_pin(badge or "")
        )
        document = done.to_json()
    reply(
        {"now": desk.moment, "restored": not check, "backup": document},
        lambda: render_office.restored(document, check=check),
    )
    return Exit.OK


@click.command(epilog=example("case retention", "--operator B-01 case retention --apply"))
@click.option("--by", type=Day(), help="What is due by that day (default: today).")
@click.option(
    "--apply", "apply_it", is_flag=True, help="Delete the contents of what is due today. It cannot be undone."
)
@common_options
@click.pass_context
def retention(context: click.Context, by: date | None, apply_it: bool) -> int:
    """Show which cases' retention has ended, or delete their contents; hashes and signatures stay, so the log still proves itself."""
    desk = common(context).desk()
    if apply_it and by is not None:
        raise UsageError(
            "by_with_apply", "What is due today is deleted, and nothing of another day.", "Leave --by out."
        )
    rows = keeping.due(desk, by)
    deleted, files = keeping.forget(desk) if apply_it else ([], 0)
    reply(
        {
            "now": desk.moment,
            "due": [row.to_json() for row in rows],
            "deleted": [row.case_id for row in deleted],
            "files_deleted": files,
        },
        lambda: (
            render_office.forgotten([row.to_json() for row in deleted], files)
            if deleted
            else render_office.retention([row.to_json() for row in rows])
        ),
    )
    return Exit.OK


@click.command(
    epilog=example(
        "case export 2026-0001 --out case.json",
        'case export 2026-0001 2026-0002 --files --out cases.bke --for "BKTO1;…"',
        "case export --csv --out cases.csv",
    )
)
@click.argument("numbers", nargs=-1)
@click.option("--out", type=FILE, required=True, help="A new file to write to.")
@_FOR
@click.option("--files", is_flag=True, help="Take the attachments along.")
@click.option("--csv", "as_table", is_flag=True, help="The list of all cases as CSV instead; no cell is a formula.")
@common_options
@click.pass_context
def export(
    context: click.Context,
    numbers: tuple[str, ...],
    out: Path,
    addresses: tuple[str, ...],
    files: bool,
    as_table: bool,
) -> int:
    """Write cases to a file with the proof of the log: plain JSON, or encrypted so that only the receiver can read it."""
    options = common(context)
    desk = options.desk()
    if as_table:
        if numbers or addresses or files:
            raise UsageError("csv_alone", "--csv writes the list of all cases, plain.", "Leave the other options out.")
        return told(desk, keeping.export_table(desk, out))
    return told(desk, keeping.export(desk, numbers, out, addresses, files=files))


@click.command(
    epilog=example("case read cases.bke --operator B-01", "case read pack.json --seed 'court 7' --out cases")
)
@click.argument("file", type=FILE)
@click.option("--out", type=FOLDER, help="Write its cases and files into this new folder.")
@click.option("--seed", help="The seed that you, the auditor, gave: a pack drawn with another is refused.")
@_CHECKPOINT
@common_options
@click.pass_context
def read(context: click.Context, file: Path, out: Path | None, seed: str | None, checkpoints: tuple[str, ...]) -> int:
    """Read an export or an auditor's pack: check every hash and signature in it, and show its cases. Nothing is recorded."""
    desk = common(context).desk()
    held = [item for text in checkpoints for item in read_checkpoints(text)]
    found = keeping.read_export(desk, file, held, seed)
    made = keeping.unpack(found, out) if out else []
    reply(
        {"now": desk.moment, **found.to_json(), "written": [str(path) for path in made]},
        lambda: render_office.received(found.to_json()),
    )
    return Exit.OK


@click.command(
    name="audit-pack", epilog=example("--operator B-09 case audit-pack --seed 'court 7' --sample 20 --out pack.json")
)
@click.option("--seed", required=True, help="Words of the auditor's choice: they draw the sample.")
@click.option("--sample", type=click.IntRange(0, 10_000), default=20, show_default=True, help="How many cases.")
@click.option("--out", type=FILE, required=True, help="A new file to write to.")
@_FOR
@common_options
@click.pass_context
def audit_pack(context: click.Context, seed: str, sample: int, out: Path, addresses: tuple[str, ...]) -> int:
    """Write the whole chain of the log with the contents of a sample that the auditor's seed draws."""
    desk = common(context).desk()
    return told(desk, keeping.audit_pack(desk, seed, sample, out, addresses))
