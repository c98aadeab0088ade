"""Names of an official list, where its file is at hand: verbatim, by alias, in the original script, with a slip of the hand."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.screening import lists, ordinary, search
from border_kit.catalog.volumes import Catalog
from border_kit.screening.engine import Screener
from border_kit.screening.model import Query

FOLDER = lists.shared_data()
pytestmark = pytest.mark.skipif(FOLDER is None, reason="the shared lists are not here (set BORDER_KIT_SHARED)")


@pytest.fixture(scope="module")
def entities() -> list[lists.Entity]:
    assert FOLDER is not None
    return list(lists.un(FOLDER))


@pytest.fixture(scope="module")
def catalog(entities: list[lists.Entity], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    root: Path = tmp_path_factory.mktemp("un")
    made = search.fill(root, entities)
    yield made
    made.close()


def share_found(catalog: Catalog, cases: list[tuple[str, str]]) -> float:
    """The share of names whose party is among the first five hits."""
    screener = Screener(catalog)
    return sum(any(hit.party == party for hit in screener.screen(Query(name)).hits[:5]) for name, party in cases) / len(
        cases
    )


@pytest.mark.parametrize(("quality", "least"), [("primary", 1.0), ("alias", 0.99), ("original", 1.0)])
def test_names_as_listed_find_their_listing(
    catalog: Catalog, entities: list[lists.Entity], quality: str, least: float
) -> None:
    cases = [(name, f"UN:{entity.id}") for entity in entities for name, kind in entity.names if kind == quality]
    chosen = random.Random(2).sample(cases, min(150, len(cases)))
    assert share_found(catalog, chosen) >= least


def test_names_with_a_slip_find_their_listing(catalog: Catalog, entities: list[lists.Entity]) -> None:
    draw = random.Random(3)
    cases = [(search.typo(entity.names[0][0], draw), f"UN:{entity.id}") for entity in entities]
    assert share_found(catalog, draw.sample(cases, 200)) >= 0.95


def test_ordinary_names_are_mostly_quiet(catalog: Catalog) -> None:
    screener = Screener(catalog)
    names = [*ordinary.persons(150, 31), *ordinary.firms(150, 32)]
    assert sum(screener.screen(Query(name)).alert for name in names) <= 0.04 * len(names)
