"""The screens, one module each. `named()` loads one when it is first opened: the first paint waits for none of them."""

from __future__ import annotations

import importlib
from typing import Any

_SCREENS = {
    "new": "NewScreen",
    "files": "FilesScreen",
    "cases": "CasesScreen",
    "look": "LookScreen",
    "names": "NamesScreen",
    "licence": "LicenceScreen",
    "certificate": "CertificateScreen",
    "data": "DataScreen",
    "office": "OfficeScreen",
    "observations": "ObservationsScreen",
    "result": "ResultScreen",
    "triage": "TriageScreen",
    "drill": "DrillScreen",
    "classes": "ClassesScreen",
    "sync": "SyncScreen",
    "scenarios": "ScenariosScreen",
}
_ALSO = {"file": "files", "catalog": "look"}


def named(name: str) -> Any:
    """The class of a screen by its name."""
    module = _ALSO.get(name, name)
    return getattr(importlib.import_module(f"border_kit.tui.screens.{module}"), _SCREENS[module])
