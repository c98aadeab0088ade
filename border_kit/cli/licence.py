"""`border-kit licence …`: what licences say, checking a shipment against them, drawing, and what they ask for later."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click

from border_kit.cli.check import READ_OPTIONS, read_file
from border_kit.cli.common import FILE, Day, common, common_options
from border_kit.cli.diagnostics import Exit
from border_kit.cli.licence_runs import runs
from border_kit.cli.output import print_json, reply, write
from border_kit.desk import render_licence
from border_kit.desk.desk import Desk
from border_kit.desk.licences import Drawn, Order
from border_kit.errors import InputError
from border_kit.findings import Json
from border_kit.text import clean_line


@click.group(
    epilog="""\b
Examples:
  border-kit licence show IND-22-0071
  border-kit licence check examples/blue-release-licensed-camera.json --json
  border-kit licence draw IND-22-0071 --line 1 --quantity 12 --declaration EX-26-00018
  border-kit licence due --by 2026-12-31
""",
)
@common_options
def licence() -> None:
    """Licences: show one with what is left, check a shipment's, draw and reverse, see what falls due, exchange runs."""


class Amount(click.ParamType[Any]):
    """An exact decimal number."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read it, or say how it is written."""
        try:
            number = value if isinstance(value, Decimal) else Decimal(str(value))
        except InvalidOperation:
            number = Decimal("NaN")
        digits = number.as_tuple()
        if (
            not number.is_finite() or len(digits.digits) > 30 or not -12 <= int(digits.exponent) <= 18
        ):  # as registries write amounts
            self.fail(f"{clean_line(str(value), 40)!r} is no amount; write 12 or 0.125.", param, ctx)
        return number


@licence.command(
    epilog="""\b
Examples:
  border-kit licence check shipment.json --json
  border-kit licence check shipment.json --answer licence_condition_1:IND-22-0071=yes
""",
)
@click.argument("file", type=FILE)
@READ_OPTIONS[0]
@READ_OPTIONS[1]
@click.option(
    "--answer",
    "answers",
    multiple=True,
    metavar="QUESTION=ANSWER",
    help="What a condition's question was answered: yes, no, not_known.",
)
@common_options
@click.pass_context
def check(
    context: click.Context, file: Path, columns: str | None, date_order: str | None, answers: tuple[str, ...]
) -> int:
    """Hold a shipment against the licences it declares."""
    desk = common(context).desk()
    said = _answers(answers, context)
    manifest = read_file(desk, file, columns, date_order)
    found = [answer for shipment in manifest.shipments for answer in desk.check_licences(shipment, said)]
    reply(
        {
            "now": desk.moment,
            "catalog": desk.catalog.ages(),
            "licences": [answer.to_json() for answer in found],
            "rejected": [row.to_json() for row in manifest.rejected],
        },
        lambda: render_licence.licences(answer.to_json() for answer in found),
    )
    verdicts = {answer.verdict for answer in found}
    if "fail" in verdicts or manifest.rejected:
        return Exit.ATTENTION
    return Exit.CANNOT_TELL if "cannot_tell" in verdicts else Exit.OK


def _answers(given: tuple[str, ...], context: click.Context) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in given:
        question, _, answer = text.rpartition("=")
        if not question or answer not in ("yes", "no", "not_known"):
            raise click.UsageError(
                f"{clean_line(text, 80)!r} is no answer; write QUESTION=yes, =no or =not_known.", context
            )
        found[question] = answer
    return found


@licence.command(
    epilog="""\b
Examples:
  border-kit licence show IND-22-0071 --json
  border-kit licence show IND-22-0071 --as-of 2026-03-01
""",
)
@click.argument("number")
@common_options
@click.pass_context
def show(context: click.Context, number: str) -> int:
    """Show a licence of the registry: status, dates, lines, what is left as known here, obligations, drawings."""
    desk = common(context).desk()
    page = desk.licences.page(number)
    reply(
        {"now": desk.moment, "catalog": desk.catalog.ages(), "licence": page}, lambda: render_licence.licence_page(page)
    )
    return Exit.OK


@licence.command(
    epilog="""\b
Examples:
  border-kit licence draw IND-22-0071 --line 1 --quantity 12 --value 30000 --declaration EX-26-00018
  border-kit licence draw --file shipment.json
  border-kit licence draw --case 2026-0001
Exit codes: 0 drawn, 1 nothing drawn since a licence does not pass, 2 the licence does not bear it.
""",
)
@click.argument("number", required=False)
@click.option("--file", "file", type=FILE, help="Draw what this shipment asks of its licences, all or nothing.")
@click.option(
    "--case",
    "case",
    metavar="NUMBER",
    help="Draw what this case's shipment asks; with a licence's NUMBER, the case it belongs to.",
)
@click.option("--line", type=click.IntRange(0), help="The licence's line.")
@click.option("--quantity", type=Amount(), help="How much, in --unit, else in the line's unit.")
@click.option("--unit", metavar="UNIT", help="The unit of the quantity.")
@click.option("--value", type=Amount(), help="What it is worth, in the line's currency.")
@click.option("--currency", metavar="CODE", help="The currency of the value.")
@click.option("--declaration", metavar="REF", help="The declaration under which the goods go.")
@click.option("--part", metavar="PART", help="The part of the declaration.")
@click.option("--date", "day", type=Day(), help="The day of control; today if not given.")
@click.option(
    "--type",
    "kind",
    type=click.Choice(["O", "A", "L", "M"]),
    default="O",
    show_default=True,
    help="Original, adjusted, late, additional.",
)
@click.option("--note", default="", help="A remark.")
@click.option("--anyway", metavar="REASON", help="Draw though the licence speaks against it, and say why.")
@common_options
@click.pass_context
def draw(context: click.Context, /, number: str | None, file: Path | None, case: str | None, **given: Any) -> int:
    """Draw on a licence: NUMBER and its line, or what a shipment or a case asks. Nothing is ever changed; see `reverse`."""
    desk = common(context).desk()
    if number is None:
        if (file is None) == (case is None):
            raise click.UsageError("Give a licence's NUMBER, or --file, or --case.", context)
        _ = desk.ledger  # refuses before anything is assessed
        return _told(desk.moment, _for_shipment(desk, file, case, given["anyway"]))
    if given["line"] is None or given["declaration"] is None or file is not None:
        raise click.UsageError("A drawing by hand needs --line and --declaration, and no --file.", context)
    order = Order(number, case=case, type=given.pop("kind"), **given)
    return _told(desk.moment, desk.licences.draw(order))


def _for_shipment(desk: Desk, file: Path | None, case: str | None, anyway: str | None) -> Drawn:
    from border_kit.shipment.readers import shipment_from_json

    if case is not None:
        shipment = shipment_from_json(desk.cases.show(case).shipment, position=1)
        return desk.licences.draw_for(shipment, case=case, anyway=anyway)
    manifest = read_file(desk, file or Path(), None, None)
    if len(manifest.shipments) != 1 or manifest.rejected:
        raise InputError("one_shipment", "A drawing is made for one shipment, whole.", "Give a file of one shipment.")
    return desk.licences.draw_for(manifest.shipments[0], anyway=anyway)


def _told(moment: str, drawn: Drawn) -> int:
    reply({"now": moment, **drawn.to_json()}, lambda: render_licence.drawn(drawn.to_json()))
    return Exit.ATTENTION if drawn.held else Exit.OK


@licence.command(
    epilog="""\b
Example:
  border-kit licence reverse XA-BOR-01~3fa9c1d2/17 --reason "typed twice"
""",
)
@click.argument("entry")
@click.option("--reason", required=True, help="Why; it stands in the ledger.")
@common_options
@click.pass_context
def reverse(context: click.Context, entry: str, reason: str) -> int:
    """Take a drawing back by a contra entry. ENTRY is its name, as `licence ledger` shows it."""
    desk = common(context).desk()
    return _told(desk.moment, desk.licences.reverse(entry, reason))


@licence.command(
    epilog="""\b
Examples:
  border-kit licence ledger
  border-kit licence ledger IND-22-0071 --limit 200 --json
""",
)
@click.argument("number", required=False)
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="How many at most.")
@click.option("--offset", type=click.IntRange(0), default=0, help="How many of the newest to leave out.")
@common_options
@click.pass_context
def ledger(context: click.Context, number: str | None, limit: int, offset: int) -> int:
    """List the entries of the usage ledger, newest first."""
    options = common(context)
    desk = options.desk()
    found = desk.drawings.entries(number, limit=limit, offset=offset)
    if options.json:
        entries: list[Json] = [entry.to_json() for entry in found]
        print_json({"now": desk.moment, "office": desk.drawings.office, "entries": entries})
    else:
        write(render_licence.ledger(entry.to_json() for entry in found))
    return Exit.OK


@licence.command(
    epilog="""\b
Examples:
  border-kit licence due --by 2026-12-31
  border-kit licence due --by 2026-12-31 --all --json
Exit codes: 0 nothing is due, 1 something is.
""",
)
@click.option("--by", type=Day(), metavar="DATE", help="The last day; today if not given.")
@click.option("--all", "settled", is_flag=True, help="Also what is done.")
@common_options
@click.pass_context
def due(context: click.Context, by: date | None, settled: bool) -> int:
    """List what licences ask for by a day: delivery verifications, re-export consents, visits."""
    options = common(context)
    desk = options.desk()
    day = by or options.settings.as_of or desk.clock.now().date()
    found = desk.licences.due(day, settled=settled)
    if options.json:
        rows: list[Json] = [row.to_json() for row in found]
        print_json({"now": desk.moment, "by": day.isoformat(), "catalog": desk.catalog.ages(), "obligations": rows})
    else:
        write(render_licence.due(day.isoformat(), (row.to_json() for row in found)))
    return Exit.OK if all(row.settled for row in found) else Exit.ATTENTION


@licence.command(
    epilog="""\b
Example:
  border-kit licence discharge IND-22-0071 delivery_verification --note "certificate of arrival 44/26"
""",
)
@click.argument("number")
@click.argument("obligation")
@click.option("--waived", is_flag=True, help="The authority let it go; else it was met.")
@click.option("--note", required=True, help="On what that rests: the paper's number, the call.")
@common_options
@click.pass_context
def discharge(context: click.Context, number: str, obligation: str, waived: bool, note: str) -> int:
    """Record that an obligation (its kind, or its id) was met or waived."""
    desk = common(context).desk()
    found = desk.licences.discharge(number, obligation, "waived" if waived else "done", note)
    reply({"now": desk.moment, "obligation": found.to_json()}, lambda: render_licence.due("", [found.to_json()]))
    return Exit.OK


licence.add_command(runs)
