"""`border-kit sync conformance …`: the command line that The Update Framework's conformance suite calls.

TUF's client rules alone: no generations, no marks, no clock rule, and none of our bounds on metadata. Exit 0 or 1.
"""

from __future__ import annotations

import logging
from pathlib import Path

import click
from tuf.api.exceptions import DownloadError, RepositoryError
from tuf.ngclient import Updater

from border_kit import disk
from border_kit.cli.common import FILE, FOLDER, common_options
from border_kit.cli.diagnostics import Exit, say
from border_kit.cli.output import write
from border_kit.text import clean_line


@click.group(
    epilog="""\b
Examples:
  border-kit sync conformance --metadata-dir D init root.json
  border-kit sync conformance --metadata-dir D --metadata-url URL refresh
  border-kit sync conformance --metadata-dir D --metadata-url URL --target-name N \\
      --target-base-url URL --target-dir T download
""",
)
@click.option("--metadata-dir", type=FOLDER, metavar="D", help="Where trusted metadata are kept.")
@click.option("--metadata-url", metavar="URL", help="Where the repository's metadata lie.")
@click.option("--target-name", metavar="NAME", help="The path of the target to download.")
@click.option("--target-base-url", metavar="URL", help="Where the repository's targets lie.")
@click.option("--target-dir", type=FOLDER, metavar="T", help="Where downloaded targets are kept.")
@common_options
@click.pass_context
def conformance(
    context: click.Context,
    metadata_dir: Path | None,
    metadata_url: str | None,
    target_name: str | None,
    target_base_url: str | None,
    target_dir: Path | None,
) -> None:
    """Behave as the TUF conformance suite's client under test."""
    context.meta["metadata_dir"] = metadata_dir
    context.meta["metadata_url"] = metadata_url
    context.meta["target_name"] = target_name
    context.meta["target_base_url"] = target_base_url
    context.meta["target_dir"] = target_dir


@conformance.command(
    epilog="""\b
Example:
  border-kit sync conformance --metadata-dir D init root.json
"""
)
@click.argument("root", type=FILE)
@common_options
@click.pass_context
def init(context: click.Context, root: Path) -> int:
    """Trust a root from now on. Nothing is fetched."""
    folder = Path(_needed(context, "metadata_dir"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        disk.replace_file(folder / "root.json", root.read_bytes())  # never through a link that a refresh has left there
    except OSError as error:
        return _failed(error)
    write(f"Trusting {root.name}.")
    return Exit.OK


@conformance.command(
    epilog="""\b
Example:
  border-kit sync conformance --metadata-dir D --metadata-url URL refresh
"""
)
@common_options
@click.pass_context
def refresh(context: click.Context) -> int:
    """Bring the top-level metadata up to date."""
    return _followed(context, None)


@conformance.command(
    epilog="""\b
Example:
  border-kit sync conformance --metadata-dir D --metadata-url URL --target-name N \\
      --target-base-url URL --target-dir T download
"""
)
@common_options
@click.pass_context
def download(context: click.Context) -> int:
    """Bring the metadata up to date, and download a target unless it is here already."""
    return _followed(context, _needed(context, "target_name"))


def _followed(context: click.Context, target: str | None) -> int:

    logging.getLogger("tuf").addHandler(logging.NullHandler())
    url = _needed(context, "metadata_url")
    places = (_needed(context, "target_dir"), _needed(context, "target_base_url")) if target else (None, None)
    try:
        updater = Updater(_needed(context, "metadata_dir"), url, *places, bootstrap=None)
        updater.refresh()
        if target is not None:
            found = updater.get_targetinfo(target)
            if found is None:
                raise RepositoryError(f"no target {target}")  # noqa: TRY301 - told like every other refusal
            if updater.find_cached_target(found) is None:
                updater.download_target(found)
    except (RepositoryError, DownloadError, OSError, ValueError) as error:
        return _failed(error)
    write("Up to date." if target is None else f"Downloaded {clean_line(target)}.")
    return Exit.OK


def _needed(context: click.Context, name: str) -> str:
    value = context.meta.get(name)
    if value is None:
        raise click.UsageError(f"--{name.replace('_', '-')} is needed here.", context)
    return str(value)


def _failed(error: Exception) -> int:
    say(f"Refused: {clean_line(str(error), 300)}")
    write("Failed.")
    return Exit.ATTENTION
