"""What a scanner or a hurried hand put into the scan field."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from border_kit.certificates import base45
from border_kit.certificates.burst import diagnose
from border_kit.certificates.refusal import RefusedError
from border_kit.certificates.scan import is_whole
from border_kit.desk.desk import Desk
from border_kit.text import clean_line

Kind = Literal["picture", "certificate", "licence", "hs", "case", "file", "garbled", "words", "empty"]

_CASE = re.compile(r"\d{4}-\d{4,}\Z")
_HS = re.compile(r"\d{4}(\.?\d{2}){0,3}\Z")
PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp", ".gif", ".pdf"})
"""What a photo, scan or PDF page is called."""
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
        return Scan("picture" if Path(tidy).suffix.lower() in PICTURES else "file", tidy)
    return Scan("words", tidy)


def _certificate(text: str) -> Scan | None:
    """A certificate's burst, or the reason why one cannot be read; what else is wrong with one, proving it says."""
    if text.startswith("CL1:"):
        fault = _fault(text)
        return Scan("garbled", "", fault.message) if fault else Scan("certificate", text)
    fault = diagnose(text, "CL1:")
    if fault.code in _GARBLED and (len(text) > _LONGEST_WORD or fault.code == "prefix_case"):
        return Scan("garbled", "", fault.message)
    return None


def _fault(text: str) -> RefusedError | None:
    """What is wrong with the characters of a text whose prefix is right; what is wrong with its content, proving it says."""
    if "CL1:" in text[4:] and not is_whole(text):
        return RefusedError("two_codes", "Two codes came in one burst: clear the field and scan one at a time.")
    try:
        base45.decode(text[4:])
    except RefusedError as error:
        return diagnose(text, "CL1:", error) if error.code == "base45_character" else None
    return None


_GARBLED = frozenset({"prefix_case", "prefix_blank", "prefix_bom", "prefix_late", "keyboard_layout"})
_LONGEST_WORD = 20
"""Characters: what begins like a garbled code and is no longer may be a word."""


def _is_file(text: str) -> bool:
    try:
        return len(text) < 4_096 and ("/" in text or "\\" in text or "." in text) and Path(text).is_file()  # PATH_MAX
    except (OSError, ValueError):
        return False
