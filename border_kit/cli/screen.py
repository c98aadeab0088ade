"""`border-kit screen` and `border-kit compare`."""

from __future__ import annotations

import re
import time

import click

from border_kit.cli.common import common, common_options
from border_kit.cli.diagnostics import Exit
from border_kit.cli.output import Ask, Job, Row, reply
from border_kit.desk import render_names
from border_kit.desk.desk import Desk
from border_kit.errors import UsageError
from border_kit.findings import Json
from border_kit.screening.model import ALERT, Query
from border_kit.shipment.model import Identifier

KINDS = ("person", "organisation", "vessel", "aircraft", "unknown")
_BORN = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?\Z")
_COUNTRY = re.compile(r"[A-Za-z]{2}\Z")


@click.command(
    epilog="""\b
Examples:
  border-kit screen "Acme Trading FZE" --country XA
  border-kit screen --kind vessel "MV Sample Star" --json
  border-kit screen "Sample Name" --list UN-SC --list EU
  border-kit screen --batch names.jsonl      (rows: {"id","name","kind"?,"country"?,"born"?,"identifiers"?})
  border-kit screen "Sample Name" --born 1990 --clear DEMO-A:A001 --because "born 1990, the listed one 1955"
  border-kit screen --cleared
""",
)
@click.argument("name", required=False)
@click.option("--kind", type=click.Choice(KINDS), help="What the name names.")
@click.option("--country", metavar="CC", help="ISO 3166-1 alpha-2 country.")
@click.option("--born", metavar="YYYY[-MM[-DD]]", help="Date of birth.")
@click.option("--list", "lists", metavar="ID", multiple=True, help="Ask this list alone; may be given several times.")
@click.option("--batch", "rows", metavar="FILE", help="Answer every row of a JSON-lines file (- is stdin).")
@click.option("--clear", metavar="LIST:ID", help="Record that NAME is not this party, and why (--because).")
@click.option("--cleared", is_flag=True, help="List what is cleared.")
@click.option("--withdraw", type=int, metavar="NO", help="Let a cleared hit alert again (--because).")
@click.option("--because", default="", metavar="TEXT", help="The reason, for --clear and --withdraw.")
@common_options
@click.pass_context
def screen(
    context: click.Context,
    name: str | None,
    kind: str | None,
    country: str | None,
    born: str | None,
    lists: tuple[str, ...],
    rows: str | None,
    clear: str | None,
    cleared: bool,
    withdraw: int | None,
    because: str,
) -> int:
    """Does a name, in any script, resemble a listed party? Clear a hit that is not the party, with the reason."""
    if sum(given is not None for given in (name, rows, withdraw)) + cleared != 1 or (
        clear is not None and name is None
    ):
        raise click.UsageError("Give a NAME (with --clear, the one to clear), or --batch FILE.", context)
    if country is not None and not _COUNTRY.match(country):
        raise click.BadParameter("write the two letters of ISO 3166-1.", context, param_hint="--country")
    if born is not None and not _BORN.match(born):
        raise click.BadParameter("write YYYY, YYYY-MM or YYYY-MM-DD.", context, param_hint="--born")
    options = common(context)
    desk = options.desk()
    if withdraw is not None:
        desk.withdraw_clearing(withdraw, because)
    if cleared or withdraw is not None:
        return _list_cleared(desk)
    if rows is not None:
        from border_kit.cli import parallel  # 20 ms that a single name does not need
        from border_kit.processes import cores

        _ = desk.screener
        return parallel.Batch(options.settings, desk, cores(), NAMES).run(rows)
    _known_lists(desk, lists)
    query = Query(name or "", kind=kind, country=country.upper() if country else None, born=born, lists=lists)
    if clear is not None:
        desk.clear(query, clear, because)
    answer = _screen(desk, query)
    reply(
        {"id": None, "now": desk.moment, **answer, "catalog": desk.catalog.ages()},
        lambda: render_names.screening(name or "", answer),
    )
    hits = answer["hits"]
    open_alert = isinstance(hits, list) and any(isinstance(hit, dict) and _decides(hit) for hit in hits)
    return Exit.ATTENTION if open_alert else Exit.OK


def _known_lists(desk: Desk, lists: tuple[str, ...]) -> None:
    """Refuse a list that this catalog has not: nothing found on it would say nothing. Raises UsageError."""
    unknown = [name for name in lists if name not in desk.party_lists()]
    if unknown:
        raise UsageError(
            "list_unknown", f"This catalog has no list {unknown[0]!r}.", f"Lists: {', '.join(desk.party_lists())}."
        )


def _decides(hit: dict[str, Json]) -> bool:
    """Whether a hit is an alert that no officer has cleared."""
    return bool(hit["alert"]) and not render_names.is_cleared(hit)


def _list_cleared(desk: Desk) -> int:
    found = [one.to_json() for one in desk.cleared()]
    reply({"now": desk.moment, "cleared": [*found]}, lambda: render_names.clearings(found))
    return Exit.OK


def _screen(desk: Desk, query: Query) -> dict[str, Json]:
    started = time.perf_counter()
    found = desk.screen(query)
    elapsed = (time.perf_counter() - started) * 1000
    return {**found.to_json(), "elapsed_ms": round(elapsed, 3)}


def _name(row: Row) -> Ask:
    kind, country, born = row.optional("kind"), row.optional("country"), row.optional("born")
    if kind is not None and kind not in KINDS:
        row.fail("field_value", "the field 'kind' is none of " + ", ".join(KINDS))
    country = country.upper() if country and _COUNTRY.match(country) else None
    return (row.text("name"), kind, country, born if born and _BORN.match(born) else None, _identifiers(row))


def _screened(desk: Desk, ask: Ask) -> dict[str, Json]:
    name, kind, country, born, identifiers = ask
    return _screen(desk, Query(name, kind=kind, country=country, born=born, identifiers=identifiers))


def _identifiers(row: Row) -> tuple[Identifier, ...]:
    items = row.fields.get("identifiers")
    if items is None:
        return ()
    if not isinstance(items, list):
        row.fail("field_type", "the field 'identifiers' is not a list")
    found = []
    for item in items:
        pair = (item.get("type"), item.get("value")) if isinstance(item, dict) else (None, None)
        if not isinstance(pair[0], str) or not isinstance(pair[1], str):
            row.fail("field_type", "an identifier is not an object of the strings 'type' and 'value'")
        found.append(Identifier(str(pair[0]), str(pair[1])))
    return tuple(found)


@click.command(
    epilog="""\b
Examples:
  border-kit compare "Acme Trading FZE" "ACME Trading Free Zone Est."
  border-kit compare --batch pairs.jsonl      (rows: {"id","left","right","kind"?})
""",
)
@click.argument("left", required=False)
@click.argument("right", required=False)
@click.option("--kind", type=click.Choice(KINDS), help="What the names name.")
@click.option("--batch", "rows", metavar="FILE", help="Answer every row of a JSON-lines file (- is stdin).")
@common_options
@click.pass_context
def compare(context: click.Context, left: str | None, right: str | None, kind: str | None, rows: str | None) -> int:
    """How alike are two names? LEFT is the name in hand, RIGHT the listed one. Needs no catalog."""
    from border_kit.screening.score import compare as score

    if (rows is None) == (left is None) or (left is None) != (right is None):
        raise click.UsageError("Give the names LEFT and RIGHT, or --batch FILE.", context)
    if rows is not None:
        from border_kit.cli import parallel  # 20 ms that a single pair does not need
        from border_kit.processes import cores

        options = common(context)
        return parallel.Batch(options.settings, options.desk(), cores(), PAIRS).run(rows)
    found = score(left or "", right or "", kind)
    reply({"id": None, **found.to_json()}, lambda: render_names.comparison(left or "", right or "", found.to_json()))
    return Exit.ATTENTION if found.score >= ALERT else Exit.OK


def _pair(row: Row) -> Ask:
    kind = row.optional("kind")
    if kind is not None and kind not in KINDS:
        row.fail("field_value", "the field 'kind' is none of " + ", ".join(KINDS))
    return (row.text("left"), row.text("right"), kind)


def _compared(_desk: Desk, ask: Ask) -> dict[str, Json]:
    from border_kit.screening.score import compare as score

    return score(*ask).to_json()


NAMES = Job(_name, _screened, worth_it=400)
PAIRS = Job(_pair, _compared, worth_it=10_000)
