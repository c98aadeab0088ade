"""`border-kit certificate key|issue|revoke|seen`: what an authority does, and the office's record of what was shown."""

from __future__ import annotations

import base64
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from border_kit.cli.common import FILE, FOLDER, Day, common, common_options, read_secret
from border_kit.cli.diagnostics import Exit
from border_kit.cli.output import Progress, print_json, reply, write
from border_kit.desk import render_certificates as render
from border_kit.errors import CatalogError, InputError, StoreError, UsageError
from border_kit.findings import Json

if TYPE_CHECKING:
    from border_kit.certificates.issue import Signer
    from border_kit.desk.desk import Desk
    from border_kit.licensing.model import Licence

PASSPHRASE = click.option(
    "--passphrase-fd", type=click.IntRange(0, 1023), metavar="N", help="Read the passphrase from this file descriptor."
)


def _passphrase(descriptor: int | None, *, confirm: bool = False) -> str:
    """From a descriptor, else asked for at a terminal. Raises UsageError where neither can be."""
    if descriptor is not None:
        return read_secret(descriptor)
    if not sys.stdin.isatty():
        raise UsageError(
            "passphrase_missing", "The key's passphrase is needed.", "Hand it over with --passphrase-fd N."
        )
    return str(click.prompt("Passphrase of the key", hide_input=True, err=True, confirmation_prompt=confirm))


def _signer(key: Path, issuer: str, descriptor: int | None) -> Signer:
    from border_kit.certificates import issue as issuing

    try:
        content = key.read_bytes() if key.is_file() and key.stat().st_size < 100_000 else b""  # a key is 500 bytes
    except OSError as error:
        raise InputError("key_unreadable", f"{key} cannot be read ({error.strerror}).", "Check the path.") from error
    if not content:
        raise InputError("key_unreadable", f"{key} is no key file.", "Make one with: border-kit certificate key new")
    return issuing.signer_of(issuing.from_pem(content, _passphrase(descriptor)), issuer)


@click.group(
    epilog="""\b
Examples:
  border-kit certificate key new --authority XA/LA-01 --out la-01.pem
""",
)
@common_options
def key() -> None:
    """Keys of an authority; each is kept encrypted in a file of its own."""


@key.command(
    epilog="""\b
Examples:
  border-kit certificate key new --authority XA/LA-01 --out la-01.pem
  border-kit certificate key new --authority XA/LA-01 --out la-01.pem --algorithm EdDSA --passphrase-fd 3 3<secret
""",
)
@click.option("--authority", metavar="ID", required=True, help="The authority, as COUNTRY/OFFICE.")
@click.option(
    "--out", type=FILE, metavar="FILE", required=True, help="Where the encrypted key goes; never overwritten."
)
@click.option(
    "--algorithm", type=click.Choice(("ES256", "EdDSA")), default="ES256", show_default=True, help="Its kind."
)
@PASSPHRASE
@common_options
@click.pass_context
def new(context: click.Context, authority: str, out: Path, algorithm: str, passphrase_fd: int | None) -> int:
    """Make a key, keep it encrypted, and print what goes into the trust list."""
    import os

    from border_kit.certificates import issue as issuing
    from border_kit.certificates.cwt import AUTHORITY

    if not AUTHORITY.match(authority):
        raise UsageError("authority", f"{authority[:40]!r} is no authority.", "Write COUNTRY/OFFICE, as in XA/LA-01.")
    private = issuing.new_key(algorithm)
    pem = issuing.to_pem(private, _passphrase(passphrase_fd, confirm=True))
    try:
        handle = os.open(out, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(pem)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise StoreError("key_not_written", f"{out} was not written ({error.strerror}).", "Name a new file.") from error
    public = issuing.signer_of(private, authority).public
    entry = {"kid": public.kid.hex(), "algorithm": algorithm, "public": base64.b64encode(public.der).decode()}
    if common(context).json:
        print_json({"authority": authority, "file": str(out), "key": dict(entry)})
    else:
        rows = [
            f"      - {name}: {value!r}" if name == "kid" else f"        {name}: {value}"
            for name, value in entry.items()
        ]
        write(
            "\n".join(
                [
                    f"Key of {authority} written to {out}, encrypted. For the trust list:",
                    *rows,
                    "        document_types: [EL, STATUS]",
                    "        status: active",
                ]
            )
        )
    return Exit.OK


@click.command(
    epilog="""\b
Examples:
  border-kit certificate issue IND-22-0071 --key la-01.pem --status-uri https://… --into issued --pdf
  border-kit certificate issue --all --authority XA/LA-01 --key la-01.pem --status-uri https://… --into issued
  border-kit certificate issue --demo --png demo.png
""",
)
@click.argument("numbers", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every licence of the registry that is in force.")
@click.option("--authority", metavar="ID", help="With --all: whose licences.")
@click.option("--key", "key_file", type=FILE, metavar="FILE", help="The authority's encrypted key.")
@PASSPHRASE
@click.option("--status-uri", metavar="URI", help="The address of the status list that will say what was revoked.")
@click.option(
    "--into", type=FOLDER, metavar="DIR", help="Where certificates and issued.jsonl go; goes on where it stopped."
)
@click.option("--pdf", is_flag=True, help="Also a page to print.")
@click.option("--expires", type=Day(), metavar="DATE", help="Last day, for licences that have none.")
@click.option("--demo", is_flag=True, help="A demonstration certificate, signed by the key that everybody has.")
@click.option("--png", type=FILE, metavar="FILE", help="With --demo: where the QR code goes.")
@common_options
@click.pass_context
def issue(
    context: click.Context, numbers: tuple[str, ...], authority: str | None, key_file: Path | None,
    passphrase_fd: int | None, status_uri: str | None, into: Path | None, expires: date | None, png: Path | None,
    *, everything: bool, pdf: bool, demo: bool,
) -> int:  # fmt: skip
    """Issue certificates of the registry's licences as QR codes and pages to print."""
    if demo:
        return _demo(context, png)
    if key_file is None or status_uri is None or into is None or everything == bool(numbers):
        raise click.UsageError("Give licence NUMBERS or --all, and --key, --status-uri and --into.", context)
    from border_kit.desk import issuing

    desk = common(context).desk()
    licences = list(_licences(desk, numbers, authority) if not everything else _all(desk, authority))
    issuers = {licence.authority.id for licence in licences}
    if len(issuers) != 1:
        raise UsageError(
            "one_authority", f"The licences are of {len(issuers)} authorities.", "Issue for one at a time."
        )
    signer = _signer(key_file, issuers.pop(), passphrase_fd)
    order = issuing.Order(into, status_uri, ("png", "pdf") if pdf else ("png",), expires)
    progress = Progress("certificates", len(licences))
    rows = list(issuing.issue_all(licences, signer, order, desk.clock.now(), progress.step))
    progress.done()
    failed = sum(row["state"] == "error" for row in rows)
    reply({"now": desk.moment, "into": str(into), "certificates": [*rows]}, lambda: render.issued(rows, str(into)))
    return Exit.ATTENTION if failed else Exit.OK


def _demo(context: click.Context, png: Path | None) -> int:
    if png is None:
        raise click.UsageError("Give --demo and --png FILE.", context)
    from border_kit.certificates import issue as issuing
    from border_kit.certificates import qr
    from border_kit.disk import replace_file

    made = issuing.certificate(issuing.demo_claims(), issuing.demo_signer())
    replace_file(png, qr.png(made.text))
    reply(
        {"png": str(png), "text": made.text, "demo": True},
        lambda: f"Demonstration certificate written to {png}. Nobody but a demo trusts it.",
    )
    return Exit.OK


def _licences(desk: Desk, numbers: tuple[str, ...], authority: str | None) -> Iterator[Licence]:
    for number in numbers:
        found = desk.licences.find(number)
        if authority is not None and found.authority.id != authority:
            raise UsageError("one_authority", f"{number} is of {found.authority.id}.", "Leave --authority out.")
        yield found


def _all(desk: Desk, authority: str | None) -> Iterator[Licence]:
    """The licences in force of one authority."""
    from border_kit.licensing.model import GOOD_STATUSES

    known = {one.id for one in desk.registry.authorities}
    chosen = authority or (next(iter(known)) if len(known) == 1 else None)
    if chosen not in known:
        raise CatalogError(
            "registry_missing", f"Registries here: {', '.join(sorted(known)) or 'none'}.", "Name one with --authority."
        )
    for volume in desk.registry.volumes:
        for row in desk.catalog.rows(
            volume, "SELECT number FROM licence WHERE authority = :who ORDER BY number", who=chosen
        ):
            found = desk.registry.find(row["number"])
            if found is not None and found.status_on(desk.clock.now().date()) in GOOD_STATUSES:
                yield found


@click.command(
    epilog="""\b
Examples:
  border-kit certificate revoke IND-22-0071 --issued issued --authority XA/LA-01
    --key la-01.pem --status-uri https://… --previous old.json --out list.json
  border-kit certificate revoke --index 7 --suspend --bits 2 --authority XA/LA-01
    --key la-01.pem --status-uri https://… --out list.json
""",
)
@click.argument("numbers", nargs=-1)
@click.option(
    "--index", "indexes", type=click.IntRange(0, 64_000_000), multiple=True, help="A place in the status list."
)
@click.option("--issued", type=FOLDER, metavar="DIR", help="The folder of issue, for the places of licences.")
@click.option("--authority", metavar="ID", required=True, help="Whose status list it is.")
@click.option("--status-uri", metavar="URI", required=True, help="The status list's address.")
@click.option("--key", "key_file", type=FILE, metavar="FILE", required=True, help="The authority's encrypted key.")
@PASSPHRASE
@click.option("--previous", type=FILE, metavar="FILE", help="The newest status list: what it revoked stays revoked.")
@click.option(
    "--bits", type=click.Choice(("1", "2")), default="1", show_default=True, help="For a new list; 2 can suspend."
)
@click.option("--suspend", is_flag=True, help="Suspend instead of revoking.")
@click.option("--reinstate", is_flag=True, help="Make valid again.")
@click.option("--size", type=click.IntRange(1, 64_000_000), default=1024, show_default=True, help="Places at least.")
@click.option("--out", type=FILE, metavar="FILE", required=True, help="Where the new signed list goes.")
@common_options
@click.pass_context
def revoke(
    context: click.Context, numbers: tuple[str, ...], indexes: tuple[int, ...], issued: Path | None, authority: str,
    status_uri: str, key_file: Path, passphrase_fd: int | None, previous: Path | None, bits: str, size: int, out: Path,
    *, suspend: bool, reinstate: bool,
) -> int:  # fmt: skip
    """Sign a new status list in which certificates are revoked; without any, a fresh list that revokes nothing new."""
    from border_kit.certificates import status
    from border_kit.desk import issuing
    from border_kit.disk import replace_file

    if numbers and issued is None:
        raise click.UsageError("Licence NUMBERS need --issued DIR.", context)
    if suspend and reinstate:
        raise click.UsageError("Either --suspend or --reinstate.", context)
    options = common(context)
    value = status.SUSPENDED if suspend else status.VALID if reinstate else status.INVALID
    found = issuing.places(issuing.Register.at(issued), numbers) if issued is not None else []
    changes = dict.fromkeys([*found, *indexes], value)
    order = issuing.Revocation(authority, status_uri, changes, int(bits), size)
    now = options.settings.clock().now()
    content = issuing.status_file(order, previous, _signer(key_file, authority, passphrase_fd), now)
    replace_file(out, content)
    reply(
        {
            "file": str(out),
            "authority": authority,
            "uri": status_uri,
            "changed": [*sorted(changes)],
            "as_of": now.date().isoformat(),
        },
        lambda: (
            f"Status list of {authority} written to {out}: {len(changes)} changed. Offices take it with: catalog import status-list {out} --into DIR"
        ),
    )
    return Exit.OK


@click.command(
    epilog="""\b
Examples:
  border-kit certificate seen
  border-kit certificate seen --export stick/XA-BOR-01.jsonl
  border-kit certificate seen --merge stick/XA-BOR-02.jsonl
""",
)
@click.option("--export", "export_to", type=FILE, metavar="FILE", help="Write the record for other offices.")
@click.option("--merge", type=FILE, metavar="FILE", help="Take in another office's record.")
@common_options
@click.pass_context
def seen(context: click.Context, export_to: Path | None, merge: Path | None) -> int:
    """Which certificates were shown here and at the offices whose records came here."""
    from border_kit.desk import seen as records

    options = common(context)
    desk = options.desk()
    if merge is not None:
        if options.settings.now is not None:
            raise UsageError(
                "clock_set", "With --now no record is written.", "Leave --now out; it is for tests and training."
            )
        new = desk.seen.add(records.read(merge, desk.clock.now()))
        document: dict[str, Json] = {"merged": str(merge), "new": new}
    elif export_to is not None:
        document = {"exported": str(export_to), "rows": records.export(desk.seen, export_to)}
    else:
        rows = [row.to_json() for row in desk.seen.rows()]
        print_json({"shown": [*rows]}) if options.json else write(render.shown(rows))
        return Exit.OK
    reply({**document}, lambda: ", ".join(f"{name} {value}" for name, value in document.items()))
    return Exit.OK
