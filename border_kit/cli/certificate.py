"""`border-kit certificate …`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from border_kit.cli.certificate_issue import issue, key, revoke, seen
from border_kit.cli.common import FILE, common, common_options
from border_kit.cli.diagnostics import Exit
from border_kit.cli.output import Row, RowError, batch, print_json, reply, write
from border_kit.clock import parse_moment
from border_kit.desk import render_certificates as render
from border_kit.desk.desk import Desk
from border_kit.errors import CatalogError, InputError
from border_kit.findings import Json

if TYPE_CHECKING:
    from border_kit.certificates.trust import TrustList

PROFILE = click.Choice(("licence", "hcert"))
VERDICT_EXIT = {"pass": Exit.OK, "fail": Exit.ATTENTION, "cannot_tell": Exit.CANNOT_TELL}


@click.group(
    epilog="""\b
Examples:
  border-kit certificate verify photo.jpg
  border-kit certificate verify --text "CL1:…" --json
  border-kit certificate read scan.pdf --json
  border-kit certificate trust list
  border-kit certificate issue --demo --png demo.png
""",
)
@common_options
def certificate() -> None:
    """Certificates: is this paper real? Verify, read, inspect, issue, trust."""


@certificate.command(
    epilog="""\b
Examples:
  border-kit certificate verify photo.jpg
  border-kit certificate verify page.pdf --shipment shipment.json
  border-kit certificate verify --text "CL1:…" --json
  border-kit certificate verify --batch rows.jsonl     (rows: {"id","text","profile"?,"trust"?,"now"?,"shipment"?})
""",
)
@click.argument("file", type=FILE, required=False)
@click.option("--text", metavar="TEXT", help="The text of the code, as a scanner types it.")
@click.option("--profile", type=PROFILE, default="licence", show_default=True, help="What kind of certificate it is.")
@click.option("--shipment", "shipment_file", type=FILE, metavar="FILE", help="The shipment that it was shown with.")
@click.option("--batch", "rows", metavar="FILE", help="Answer every row of a JSON-lines file (- is stdin).")
@common_options
@click.pass_context
def verify(
    context: click.Context,
    file: Path | None,
    text: str | None,
    profile: str,
    shipment_file: Path | None,
    rows: str | None,
) -> int:
    """Is a certificate genuine, in force, not revoked, and does it cover the shipment? FILE is a photo, scan, PDF or text."""
    if sum(given is not None for given in (file, text, rows)) != 1:
        raise click.UsageError("Give a FILE, --text TEXT, or --batch FILE.", context)
    desk = common(context).desk()
    if rows is not None:
        return batch(rows, lambda row: _verify_row(desk, row))
    shipment = _one_shipment(desk, shipment_file) if shipment_file else None
    chosen = text if text is not None else _text_of(file, profile)
    found = desk.certificates.verify(chosen, profile, shipment=shipment).to_json()
    reply(
        {"id": None, "now": desk.moment, **found, "text": chosen, "catalog": desk.catalog.ages()},
        lambda: render.verification(found),
    )
    return VERDICT_EXIT[str(found["verdict"])]


def _text_of(file: Path | None, profile: str) -> str:
    """The one certificate of a file. Raises InputError."""
    from border_kit.desk import codes

    return codes.one_of(codes.codes_of(file or Path()), profile)


def _one_shipment(desk: Desk, file: Path) -> Any:
    from border_kit.desk.intake import read_shipments  # only with a shipment
    from border_kit.shipment.readers import ReadOptions

    manifest = read_shipments(desk, file=file, options=ReadOptions())
    if len(manifest.shipments) != 1:
        raise InputError(
            "one_shipment", f"{file.name} holds {len(manifest.shipments)} shipments.", "Name a file with the one."
        )
    return manifest.shipments[0]


def _verify_row(desk: Desk, row: Row) -> dict[str, Json]:
    from border_kit.shipment.readers import shipment_from_json

    text, profile = row.text("text"), row.optional("profile") or "licence"
    if profile not in ("licence", "hcert"):
        row.fail("field_value", "the field 'profile' is neither licence nor hcert")
    certificates = row.fields.get("trust")
    if certificates is not None and not (
        isinstance(certificates, list) and all(isinstance(one, str) for one in certificates)
    ):
        row.fail("field_type", "the field 'trust' is not a list of strings")
    moment = row.optional("now")
    try:
        now = parse_moment(moment) if moment is not None else None
    except ValueError:
        raise RowError("field_value", "the field 'now' is no ISO 8601 moment", row.id) from None
    declared = row.fields.get("shipment")
    if declared is not None and not isinstance(declared, dict):
        row.fail("field_type", "the field 'shipment' is not an object")
    try:
        shipment = shipment_from_json(declared, position=row.line) if declared is not None else None
    except InputError as error:
        raise RowError(error.code, error.message, row.id) from error
    found = desk.certificates.verify(text, profile, certificates=certificates, now=now, shipment=shipment)
    return {"id": row.id, **found.to_json()}


@certificate.command(
    epilog="""\b
Example:
  border-kit certificate cose --batch messages.jsonl
    (rows: {"id","cose":hex,"key":{"kty","crv","x","y"},"external_aad"?:hex})
""",
)
@click.option(
    "--batch", "rows", metavar="FILE", required=True, help="Answer every row of a JSON-lines file (- is stdin)."
)
@common_options
def cose(rows: str) -> int:
    """Prove COSE_Sign1 messages against given keys, as strictly as certificates are read. Needs no catalog."""
    return batch(rows, _cose_row)


def _cose_row(row: Row) -> dict[str, Json]:
    from border_kit.certificates.message import check

    key = row.fields.get("key")
    if "key" not in row.fields:
        row.fail("field_missing", "the field 'key' is missing")
    if not isinstance(key, dict):
        row.fail("field_type", "the field 'key' is not an object")
    reason = check(row.text("cose"), key, row.optional("external_aad") or "")
    return {"id": row.id, "valid": reason is None, "reason": reason}


@certificate.command(
    epilog="""\b
Examples:
  border-kit certificate read photo.jpg page.pdf
  border-kit certificate read *.png --json      (one document a line a file)
""",
)
@click.argument("files", type=FILE, nargs=-1, required=True)
@common_options
@click.pass_context
def read(context: click.Context, files: tuple[Path, ...]) -> int:
    """Read every QR code on photos, scans and PDF pages. Needs no catalog."""
    from border_kit.certificates import scan

    options = common(context)
    failed = False
    for file in files:
        document: dict[str, Json] = {"file": str(file), "symbols": []}
        try:
            symbols = scan.read(file)
        except InputError as error:
            failed = True
            document["error"] = {"code": error.code, "message": error.message, "hint": error.hint}
        else:
            document["symbols"] = [symbol.to_json() for symbol in symbols]
            if not symbols:
                document["hint"] = scan.NOTHING.hint
        if options.json:
            print_json(document, indent=None)
        else:
            write(render.reading(document))
    return Exit.INPUT if failed and len(files) == 1 else Exit.ATTENTION if failed else Exit.OK


@certificate.command(
    epilog="""\b
Examples:
  border-kit certificate inspect --text "CL1:…"
  border-kit certificate inspect photo.jpg --json
""",
)
@click.argument("file", type=FILE, required=False)
@click.option("--text", metavar="TEXT", help="The text of the code.")
@click.option("--profile", type=PROFILE, default="licence", show_default=True, help="What kind of certificate it is.")
@common_options
@click.pass_context
def inspect(context: click.Context, file: Path | None, text: str | None, profile: str) -> int:
    """Show what a certificate claims, without believing it: nothing of it is proven."""
    if (file is None) == (text is None):
        raise click.UsageError("Give a FILE or --text TEXT.", context)
    from border_kit.desk import codes

    found = codes.inspect(text if text is not None else _text_of(file, profile), profile)
    reply(found, lambda: render.inspection(found))
    return Exit.OK if found["readable"] else Exit.ATTENTION


@certificate.group(
    epilog="""\b
Examples:
  border-kit certificate trust list
  border-kit certificate trust explain XB/EC-02
""",
)
@common_options
def trust() -> None:
    """The trust list: whose certificates are believed here, and why."""


def _trust_list(desk: Desk) -> TrustList:
    found = desk.certificates.trust_list
    if found is None:
        raise CatalogError(
            "volume_missing",
            "This catalog has no trust list.",
            "Import one with: border-kit catalog import trust-yaml FILE --into DIR",
        )
    return found


@trust.command(
    name="list",
    epilog="""\b
Example:
  border-kit certificate trust list --json
""",
)
@common_options
@click.pass_context
def list_(context: click.Context) -> int:
    """Authorities, keys, recognitions and status lists."""
    desk = common(context).desk()
    found = _trust_list(desk).to_json()
    reply({"now": desk.moment, **found}, lambda: render.trust_list(found))
    return Exit.OK


@trust.command(
    epilog="""\b
Example:
  border-kit certificate trust explain YY/DT-01 --json
""",
)
@click.argument("authority")
@common_options
@click.pass_context
def explain(context: click.Context, authority: str) -> int:
    """Why an authority's certificates are believed here or not, by kind of document, today."""
    from border_kit.certificates.trust import explain as explained

    desk = common(context).desk()
    found = explained(_trust_list(desk), authority, desk.clock.now().date())
    reply({"now": desk.moment, **found}, lambda: render.trust_explained(found))
    return Exit.OK


for _command in (key, issue, revoke, seen):
    certificate.add_command(_command)
