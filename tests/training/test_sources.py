"""The register of sources: every citation of the shipped modules stands in it, checked or not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from border_kit.training.drill.cards import deck_files
from border_kit.training.scenario import default_modules, scenario_files

REGISTER = Path(__file__).resolve().parents[2] / "docs" / "training-sources.md"
FILES = [*scenario_files(default_modules()), *deck_files(default_modules())]


def registered() -> set[str]:
    rows = re.findall(r"^\| ([^|]+?) \|", REGISTER.read_text(encoding="utf-8"), re.MULTILINE)
    return {row for row in rows if row != "source" and not set(row) <= set("-| ")}


def citations() -> Iterator[tuple[str, str]]:
    for path in FILES:
        loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
        data = yaml.load(path.read_text(encoding="utf-8"), loader)  # noqa: S506 - both are safe loaders
        yield from ((path.stem, str(text)) for text in data["citations"].values())


def test_every_citation_stands_in_the_register() -> None:
    known = tuple(registered())
    assert [(name, text) for name, text in citations() if not text.startswith(known)] == []


def test_every_row_of_the_register_stands_for_a_citation() -> None:
    texts = [text for _, text in citations()]
    assert [row for row in registered() if not any(text.startswith(row) for text in texts)] == []


def test_no_module_names_the_notice_on_payroll_taxes() -> None:
    """FIN-2023-NTC1 is about something else: the joint notice of November 2023 is NTC2."""
    assert not [path.name for path in FILES if "FIN-2023-NTC1" in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("path", FILES[::9], ids=lambda path: path.stem)
def test_modules_can_be_read_without_the_c_library_too(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert list(yaml.parse(text, Loader=yaml.SafeLoader))
