from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from border_kit import disk, store
from border_kit.catalog import writer
from border_kit.catalog.authored import checks, knowledge
from border_kit.catalog.authored.volume import build_controls
from border_kit.catalog.volumes import Catalog, index_file, index_key, open_catalog
from border_kit.classification.engine import Classifier
from border_kit.classification.index import build

TODAY = date(2026, 11, 23)
SOURCES = Path(__file__).with_name("sources")


@pytest.fixture(scope="session")
def catalog_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("catalog")
    known, problems = knowledge.read(SOURCES)
    wrong = [problem for problem in (*problems, *checks.check(known)) if problem.severity == "error"]
    assert wrong == []
    info = build_controls(known, root)
    disk.replace_file(root / "manifest.json", writer.manifest_bytes({"controls": info}))
    volume, target = store.open_volume(root / info.file), root / index_file("controls")
    index = store.create_volume(target)
    build(volume, index, index_key(info.digest))
    store.seal(index, target)
    volume.close()
    return root


@pytest.fixture
def catalog(catalog_root: Path) -> Iterator[Catalog]:
    opened = open_catalog(catalog_root, TODAY)
    yield opened
    opened.close()


@pytest.fixture
def classifier(catalog: Catalog) -> Classifier:
    return Classifier(catalog)
