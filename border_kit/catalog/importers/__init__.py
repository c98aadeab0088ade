"""Importers: an authority's file becomes one edition of one list in a catalog.

`registry.py` names the kinds; `run.py` does an import from end to end; the readers (`un_xml.py`, `ofac_csv.py` …) know one
layout each; `parties_volume.py`, `controls_volume.py` and `licences_volume.py` know how an edition replaces the one before.
"""

from __future__ import annotations

from border_kit.catalog.importers.base import ImportReport
from border_kit.catalog.importers.registry import KINDS
from border_kit.catalog.importers.run import import_into

__all__ = ["KINDS", "ImportReport", "import_into"]
