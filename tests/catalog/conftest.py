"""Small catalog sources of our own, and the files of lists with invented parties."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

CONTROLS = """\
lists:
  - {id: EU-DU, name: primary list, law_as_of: 2022-10-24, cite: Regulation Example}
  - {id: US-CCL, name: other list, law_as_of: 2024-01-01, cite: Regulation Other}
parameters:
  frame_rate: {name: frame rate, dimension: frequency, unit: Hz, ask: How many?, cues: {en: [fps]}, plausible: ["1", "2000"]}
  cooled: {name: cooled, dimension: yesno, ask: Is it?, yes: {en: [cooled]}, no: {en: [uncooled]}}
atoms:
  thermal: {en: [thermal, infrared], ru: [тепловизор]}
  camera: {en: [camera]}
entries:
  - code: 6A003
    title: Cameras
    cite: 6A003
  - code: 6A003.b.4.b
    title: Thermal cameras
    regimes: [WA]
    criteria: {all: [{parameter: frame_rate, op: ">", value: "9", cite: Note 4}, {not: {parameter: cooled, op: is, value: "yes"}}]}
    releases:
      - {when: {parameter: frame_rate, op: "<=", value: "9", unit: Hz}, to: US-CCL/6A993.a, note: slow cameras, cite: Note 4.a}
    hs: ["852589", {code: "901380", ex: true, strength: weak}]
    equivalents: [US-CCL/6A003.b.4.b, {code: US-CCL/6A993.a, approximate: true}]
    from: 2021-09-09
    cite: 6A003.b.4.b
concepts:
  - id: thermal-camera
    name: thermal camera
    usually: below
    terms: {en: [thermal imager], de: [wärmebildkamera]}
    weak: {en: [night camera]}
    patterns: ["{thermal} {camera}"]
    entries: [6A003.b.4.b]
    hs: ["8525"]
"""


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A folder of sound sources without demo volumes."""
    root = tmp_path / "catalogs"
    (root / "controls").mkdir(parents=True)
    (root / "catalog.yaml").write_text("name: test\nedition: 2026-11-01\nas_of: 2026-10-30\n", encoding="utf-8")
    (root / "controls" / "sensors.yaml").write_text(CONTROLS, encoding="utf-8")
    return root


@pytest.fixture(autouse=True)
def _own_sources(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new catalog begins with these sources, whatever is built in the checkout."""
    monkeypatch.setattr("border_kit.catalog.importers.run.default_sources", lambda: sources)
    monkeypatch.setattr("border_kit.catalog.importers.run.shipped_catalog", lambda: None)


@pytest.fixture
def shared() -> Path:
    """The official lists to measure against; they are no part of this repository."""
    found = Path(os.environ.get("BORDER_KIT_SHARED", Path(__file__).resolve().parents[2] / "../shared/data"))
    if not found.is_dir():
        pytest.skip("the official lists are not here (set BORDER_KIT_SHARED)")
    return found
