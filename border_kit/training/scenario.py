"""Reading scenario files: safe YAML against the published schema, then everything that a schema cannot say.

A scenario with an error is refused whole, with file, line and reason of each.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from border_kit.catalog import sources
from border_kit.catalog.sources import Problem, Source, SourceError
from border_kit.errors import InputError
from border_kit.text import clean_line
from border_kit.training import variants
from border_kit.training.model import Scenario
from border_kit.training.parts import Builder
from border_kit.training.reading import Reading

HINT = "Correct the file at that line; border-kit train lint lists every problem."

_PACKAGE = Path(__file__).resolve().parent.parent


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema of a scenario file, as it is published in docs/schemas."""
    path = Path(__file__).with_name("schemas") / "scenario.schema.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def default_modules() -> Path:
    """The folder of scenarios: `training_modules/` of the checkout, or what the wheel carries. Raises InputError."""
    for folder in (_PACKAGE.parent / "training_modules", _PACKAGE / "_data" / "training_modules"):
        if folder.is_dir():
            return folder
    raise InputError("modules_missing", "No training modules are installed.", "Name their folder with --modules.")


def read_source(path: Path) -> Source:
    """Read a scenario file against its schema. Raises SourceError listing every problem."""
    try:
        return sources.load(path, schema())
    except SourceError as error:
        error.hint = HINT
        raise


def parse(text: str, name: str) -> Source:
    """Read the text of a scenario file against its schema. Raises SourceError listing every problem."""
    source = sources.parse(text, name)
    problems = list(sources.check(source, schema()))
    if problems:
        raise SourceError(problems)
    return source


def build(source: Source, values: variants.Values) -> Scenario:
    """A scenario from a file that fits the schema, with the values of a draw. Raises SourceError listing every problem."""
    data = variants.fill(source.data, values)
    reading = Reading(source, data)
    scenario = Builder(reading).scenario()
    problems = [*reading.problems, *_unfilled(source, data)]
    if problems:
        error = SourceError(problems)
        error.hint = HINT
        raise error
    return scenario


def load(path: Path, *, seed: int | None = None) -> Scenario:
    """Read a scenario.

    Args:
        path: the YAML file.
        seed: draws the variant; None is the scenario as its author wrote it.

    Raises:
        SourceError: the file cannot be read or is wrong; every problem with its line.
    """
    source = read_source(path)
    return build(source, variants.draw(fields(source), seed))


def fields(source: Source) -> variants.Fields:
    """The variant fields of a scenario file."""
    found: variants.Fields = source.data.get("variants", {})
    return found


def _unfilled(source: Source, data: Mapping[str, Any]) -> Iterator[Problem]:
    for path, name in variants.unfilled(data):
        yield source.problem(path, f"{{{name}}} stands for no field of `variants`")


@dataclass(frozen=True, slots=True)
class Library:
    """The scenarios of a folder, sorted by file name; a file that is wrong is in `broken` instead."""

    scenarios: tuple[Scenario, ...]
    broken: tuple[tuple[Path, SourceError], ...]


def scenario_files(folder: Path) -> list[Path]:
    """The scenario files of a folder, sorted. Raises InputError when it cannot be read."""
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".yaml" and path.is_file())
    except OSError as error:
        raise InputError(
            "modules_unreadable",
            f"The folder {folder.name[:100]!r} cannot be read ({error.strerror}).",
            "Check the path.",
        ) from error


def scenarios(folder: Path) -> Library:
    """Read every scenario of a folder. Raises InputError when the folder cannot be read."""
    good: list[Scenario] = []
    broken: list[tuple[Path, SourceError]] = []
    for path in scenario_files(folder):
        try:
            good.append(load(path))
        except SourceError as error:
            broken.append((path, error))
    return Library(tuple(good), tuple(broken))


def find(folder: Path, name: str) -> Path:
    """The file of a scenario, by its id in a folder or by its own path. Raises InputError."""
    path = next((path for path in scenario_files(folder) if path.stem == name), None)
    if path is None and name.endswith(".yaml"):
        path = Path(name)
    if path is None:
        raise InputError(
            "scenario_unknown",
            f"There is no scenario {clean_line(name, 80)!r} in {folder.name}.",
            "border-kit train list shows those that are there; a file is named by its path.",
        )
    return path
