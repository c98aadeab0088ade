"""`border-kit catalog …`."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import click

from border_kit.cli.common import FILE, FOLDER, Day, common, common_options
from border_kit.cli.diagnostics import Exit
from border_kit.cli.output import Steps, print_json, reply, write
from border_kit.desk import places, render, render_catalog
from border_kit.desk.install import install
from border_kit.errors import UsageError
from border_kit.findings import Json
from border_kit.sync.generations import FOLDER as GENERATIONS


@click.group(
    epilog="""\b
Examples:
  border-kit catalog info
  border-kit catalog show 6A003.b.4.b
  border-kit catalog import un-xml consolidated.xml --into ./catalog
""",
)
@common_options
def catalog() -> None:
    """The reference data: what is installed and how old, look-ups, building and importing."""


@catalog.command(
    epilog="""\b
Examples:
  border-kit catalog info
  border-kit catalog info --catalog ./catalog --json
""",
)
@common_options
@click.pass_context
def info(context: click.Context) -> int:
    """What is installed, its dates, and what is a demo."""
    from border_kit.catalog.info import info as describe

    desk = common(context).desk()
    document = {"now": desk.moment, **describe(desk.catalog)}
    reply(document, lambda: render.catalog_info(document))
    return Exit.OK


@catalog.command(
    epilog="""\b
Example:
  border-kit catalog build --into ./catalog
""",
)
@click.option("--into", type=FOLDER, required=True, metavar="DIR", help="Where the volumes go.")
@click.option("--sources", type=FOLDER, metavar="DIR", help="Build from this folder instead of the shipped sources.")
@common_options
def build(into: Path, sources: Path | None) -> int:
    """Compile the sources into volumes and their search indexes."""
    from border_kit.catalog import builder

    _keep_out(into)
    manifest = builder.build(sources or builder.default_sources(), into, install=install, progress=Steps())
    reply(manifest, lambda: render.built(into, manifest))
    return Exit.OK


def _keep_out(into: Path) -> None:
    """An installed generation is what its authority signed, and stays so. Raises UsageError."""
    generations, place = (
        Path(os.path.realpath(path)) for path in (places.home(), into)
    )  # links that go round raise nothing
    if generations / GENERATIONS in (place, *place.parents):
        raise UsageError(
            "catalog_installed",
            f"{into} is an installed generation: it holds what its authority signed, and the next pull would replace it.",
            "Import into a folder of its own and use it with --catalog, or publish it.",
        )


def _kinds(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """The import kinds that begin so, for the shell's completion."""
    from border_kit.catalog.importers import KINDS

    return [kind for kind in KINDS if kind.startswith(begun)]


@catalog.command(
    name="import",
    epilog="""\b
Examples:
  border-kit catalog import un-xml consolidated.xml --into ./catalog
  border-kit catalog import ofac-csv sdn-folder --into ./catalog --edition 2026-11-01
  border-kit catalog import ecfr-xml title-15.xml --into ./catalog
  border-kit catalog import nomenclature cn_en.csv --into ./catalog --edition 2026-01-01
  border-kit catalog import licences-json registry.json --into ./catalog

\b
Kinds:
  parties   un-xml ofac-csv ofac-xml eu-xml eu-csv uk-csv csl-csv dpl-tsv ftm-jsonl senzing-jsonl parties-csv
  controls  ccl-csv ecfr-xml eu-annex-text eur-lex-html eu-correlation military-list nomenclature chemicals
  licences  licences-csv licences-json uk-licence-data
  trust     trust-yaml status-list
""",
)
@click.argument("kind", shell_complete=_kinds)
@click.argument("path", type=FILE)
@click.option("--into", type=FOLDER, required=True, metavar="DIR", help="The catalog to import into; begun if new.")
@click.option("--list", "list_id", metavar="ID", help="The list that the rows belong to, where the file does not say.")
@click.option("--edition", type=Day(), metavar="DATE", help="The edition's date, where the file states none.")
@common_options
@click.pass_context
def import_(
    context: click.Context, kind: str, path: Path, into: Path, list_id: str | None, edition: date | None
) -> int:
    """Import one edition of one list; importing again replaces that list alone, atomically."""
    from border_kit.catalog.importers import import_into

    options = common(context)
    _keep_out(into)
    today = options.settings.clock().now().date()
    report = import_into(
        kind, path, into, list_id=list_id, edition=edition, today=today, install=install, progress=Steps()
    )
    reply(report.to_json(), lambda: render.imported(report.to_json()))
    return Exit.OK


@catalog.command(
    epilog="""\b
Examples:
  border-kit catalog index                 the catalog in use, after an update of the program
  border-kit catalog index ./catalog
""",
)
@click.argument("directory", type=FOLDER, required=False)
@common_options
@click.pass_context
def index(context: click.Context, directory: Path | None) -> int:
    """Rebuild the search indexes beside a catalog's volumes (the one in use, where none is named)."""
    from border_kit.catalog.volumes import read_manifest

    directory = directory or common(context).settings.catalog_root()
    names = sorted(read_manifest(directory))
    install(directory, names, Steps(), anew=True)
    reply({"indexed": list(names)}, lambda: "Indexes rebuilt.")
    return Exit.OK


@catalog.command(
    epilog="""\b
Examples:
  border-kit catalog show 6A003.b.4.b
  border-kit catalog show 6A003.b.4.b --as-of 2025-01-01
  border-kit catalog show 852589
""",
)
@click.argument("what")
@common_options
@click.pass_context
def show(context: click.Context, what: str) -> int:
    """Show a control entry (6A003.b.4.b, US-CCL/9A120), an HS code, a party or a licence by its id."""
    from border_kit.catalog import browse

    desk = common(context).desk()
    page = browse.show(desk.catalog, what)
    reply({"now": desk.moment, **page}, lambda: render_catalog.page(page))
    return Exit.OK


@catalog.command(
    epilog="""\b
Examples:
  border-kit catalog tree
  border-kit catalog tree EU-DU/6A --depth 2
  border-kit catalog tree CN-EN/8525 --json
""",
)
@click.argument("node", default="")
@click.option("--depth", type=click.IntRange(1, 6), default=1, show_default=True, help="How many levels below.")
@common_options
@click.pass_context
def tree(context: click.Context, node: str, depth: int) -> int:
    """List what stands below a node: lists, categories, entries, paragraphs; the goods of a nomenclature."""
    from border_kit.catalog import tree as trees

    desk = common(context).desk()
    document: dict[str, Json] = {"now": desk.moment, "node": node, "below": [*trees.below(desk.catalog, node, depth)]}
    reply(document, lambda: render_catalog.tree(document))
    return Exit.OK


@catalog.command(
    epilog="""\b
Example:
  border-kit catalog search thermal camera
""",
)
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many at most.")
@common_options
@click.pass_context
def search(context: click.Context, words: tuple[str, ...], limit: int) -> int:
    """Search entries by code, words of their titles and the terms that lead to them."""
    from border_kit.catalog import browse

    desk = common(context).desk()
    found = browse.search(desk.catalog, " ".join(words), limit)
    reply({"now": desk.moment, "found": [*found]}, lambda: render.search_results(found))
    return Exit.OK


@catalog.command(
    epilog="""\b
Examples:
  border-kit catalog diff ./catalog-october ./catalog --json
  border-kit catalog diff --list US-CCL
  border-kit catalog diff --list US-CCL --from 2025-01-01 --to 2026-02-01
""",
)
@click.argument("old", type=FOLDER, required=False)
@click.argument("new", type=FOLDER, required=False)
@click.option("--list", "list_id", metavar="ID", help="Compare two editions of this imported list in one catalog.")
@click.option("--from", "old_day", type=Day(), metavar="DATE", help="The day before (the edition before the newest).")
@click.option("--to", "new_day", type=Day(), metavar="DATE", help="The day after (the newest edition).")
@common_options
@click.pass_context
def diff(
    context: click.Context,
    old: Path | None,
    new: Path | None,
    list_id: str | None,
    old_day: date | None,
    new_day: date | None,
) -> int:
    """Compare two catalogs, a table at a time; or two editions of an imported list, a paragraph at a time."""
    if list_id is not None and old is None:
        from border_kit.catalog import editions

        document = editions.changes(common(context).desk().catalog, list_id, old_day, new_day)
        shown = render_catalog.changes(document)
    elif old is not None and new is not None and list_id is None:
        from border_kit.catalog import diff as differ

        document = differ.diff(old, new, old_day=old_day, new_day=new_day)
        shown = render.fields(document) or "No difference."
    else:
        raise click.UsageError("Name two catalogs, or a list of one with --list.")
    reply(document, lambda: shown)
    return Exit.ATTENTION if document["differs"] else Exit.OK


@catalog.command(
    epilog="""\b
Example:
  border-kit catalog verify ./catalog
""",
)
@click.argument("directory", type=FOLDER, required=False)
@common_options
@click.pass_context
def verify(context: click.Context, directory: Path | None) -> int:
    """Check every volume against the manifest: readable, expected schema, digest, row counts."""
    from border_kit.catalog.verify import verify as prove

    options = common(context)
    root = directory or options.settings.catalog_root()
    problems = prove(root)
    reply(
        {"catalog": str(root), "intact": not problems, "problems": list(problems)},
        lambda: "\n".join(problems) or "The catalog is intact.",
    )
    return Exit.CATALOG if problems else Exit.OK


@catalog.command(
    epilog="""\b
Example:
  border-kit catalog lint catalogs
""",
)
@click.argument("sources", type=FOLDER, required=False)
@common_options
@click.pass_context
def lint(context: click.Context, sources: Path | None) -> int:
    """Look for mistakes in catalog sources, each with its file and line; warnings alone leave them clean."""
    from border_kit.catalog import builder

    problems = builder.lint(sources or builder.default_sources())
    if common(context).json:
        clean = all(problem.severity != "error" for problem in problems)
        print_json({"clean": clean, "problems": [str(problem) for problem in problems]})
    else:
        write("\n".join(str(problem) for problem in problems) or "The sources are clean.")
    return Exit.ATTENTION if any(problem.severity == "error" for problem in problems) else Exit.OK
