"""What a scanner or a hurried hand put into the scan field."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from border_kit.desk.desk import Desk
from border_kit.text import clean_line

Kind = Literal["certificate", "licence", "hs", "case", "file", "garbled", "words", "empty"]

_CASE = re.compile(r"\d{4}-\d{4,}\Z")
_HS = re.compile(r"\d{4}(\.?\d{2}){0,3}\Z")
_CERTIFICATE = re.compile(r"CL1:[0-9A-Z $%*+\-./:]+\Z")
_QR_MAX = 4_296
"""Characters that the largest QR code holds (ISO/IEC 18004, alphanumeric, version 40-L)."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What a burst is, its value made tidy, and what to tell the officer."""

    kind: Kind
    value: str
    note: str = ""


def recognise(desk: Desk, burst: str) -> Scan:  # noqa: PLR0911 - one return a kind
    """Say what a burst is: a certificate, a case, a licence of the registry, an HS code, a file; or why it is garbled."""
    text = burst.strip("\r\n\t")
    tidy = clean_line(text, _QR_MAX + 1)
    if not tidy:
        return Scan("empty", "")
    certificate = _certificate(text)
    if certificate:
        return certificate
    if _CASE.match(tidy):
        return Scan("case", tidy)
    if desk.registry.find(tidy) is not None:
        return Scan("licence", tidy)
    if _HS.match(tidy):
        return Scan("hs", tidy.replace(".", ""))
    if _is_file(tidy):
        return Scan("file", tidy)
    return Scan("words", tidy)


def _certificate(text: str) -> Scan | None:  # noqa: PLR0911 - one return a fault
    """A certificate's burst, or the reason why one cannot be read."""
    if text.count("CL1:") > 1:
        return Scan("garbled", "", "Two codes came in one burst: clear the field and scan one at a time.")
    if text.startswith("CL1:"):
        if len(text) > _QR_MAX:
            return Scan("garbled", "", "More characters than a QR code holds: clear the field and scan again.")
        if _CERTIFICATE.match(text):
            return Scan("certificate", text)
        return Scan(
            "garbled", "", "The code holds characters that no certificate has: check the scanner's keyboard layout."
        )
    if text[:4].casefold() == "cl1:":
        return Scan("garbled", "", "The letters came in the wrong case: switch caps lock off and scan again.")
    if re.match(r"[cC][lL][1!&][;:öÖçñмж.>]", text) and len(text) > 20:  # noqa: PLR2004 - too long for a word
        return Scan(
            "garbled", "", "The scanner types for another keyboard layout: set it to the layout of this computer."
        )
    return None


def _is_file(text: str) -> bool:
    try:
        return len(text) < 4_096 and ("/" in text or "\\" in text or "." in text) and Path(text).is_file()  # noqa: PLR2004 - PATH_MAX
    except (OSError, ValueError):
        return False
