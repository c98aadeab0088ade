"""Codes that stand on a goods line: HS, CAS, UN numbers, control codes, and tokens that look like a part number.

Each has its own shape and, where there is one, its check digit. Spans are offsets into the text as it was given.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Code(NamedTuple):
    """A code in canonical spelling (`value`), where it stands, and whether a label ("ECCN", "HS") introduces it."""

    value: str
    span: tuple[int, int]
    labelled: bool = False


class Codes(NamedTuple):
    """Everything of the kind that a line states."""

    hs: tuple[Code, ...] = ()
    cas: tuple[Code, ...] = ()
    un: tuple[Code, ...] = ()
    control: tuple[Code, ...] = ()


_HS_LABEL = r"(?:HS|HTS|HSN|NCM|TARIC|CN|tariff|customs|commodity|Zolltarif\w*|ТН ?ВЭД|GTIP|海关编码|税号)"
_HS = re.compile(
    rf"(?P<label>{_HS_LABEL}[ .:#-]*(?:code|no|nr|number|code:)?[ .:#-]*)(?P<code>\d{{4}}(?:[ .]?\d{{2}}){{0,3}})(?![\d.]*\d)"
    r"|(?<![\w.])(?P<bare>\d{4}\.\d{2}(?:\.\d{2,4}|\.\d{2}\.\d{2})?)(?![\w.])",
    re.IGNORECASE,
)
_CAS = re.compile(r"(?<![\d-])(\d{2,7})-(\d{2})-(\d)(?![\d-])", re.ASCII)
_UN = re.compile(r"(?<![A-Za-z])UN[ -]?(?:no\.? ?)?(\d{4})(?!\d)", re.IGNORECASE | re.ASCII)
_CONTROL = re.compile(
    r"(?<![A-Za-z0-9.])(?:"
    r"(?P<dual>[0-9][A-Ea-e][0-9]{3}(?:\.?[a-z](?:\.?(?:[0-9]{1,2}|[ivx]{1,4})(?:\.?[a-z])?(?:\.?[0-9]{1,2})?)?)?)"
    r"|(?P<munitions>ML ?[0-9]{1,2}(?:\.?[a-z](?:\.?[0-9]{1,2}(?:\.?[a-z])?)?)?)"
    r"|(?P<usml>(?:X{0,2}(?:IX|IV|V?I{0,3}))(?:\([a-z]\))(?:\([0-9]{1,2}\))?(?:\([ivx]{1,4}\))?)"
    r")(?![A-Za-z0-9])",
    re.ASCII | re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:ECCN|ECN|USML|CCL|Cat(?:egory)?|control code|classifi\w+|Annex I|dual[- ]use|munitions|military list|AL[- ]?(?:Nr|No|Pos)|"
    r"Ausfuhrliste|rating|export control|listed|entry|Güterliste|liste militaire|bien à double usage|контрол\w+|管制编码)"
    r"[^A-Za-z0-9]{0,4}(?:(?:no|nr|under|in|code|as|list|cat(?:egory)?)\b[^A-Za-z0-9]{0,3}){0,3}$",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"(?:\bnot|\bnon|\bnicht|\bpas|\bне|ohne|except|outside|below|n'est pas|不属于)\W+(?:\w+\W+){0,4}$", re.IGNORECASE
)
_CONTEXT = 48
_MOST = 20


def extract(text: str) -> Codes:
    """The codes of a text, at most twenty of each kind, in the order of the text."""
    return Codes(
        tuple(_hs(text))[:_MOST], tuple(_cas(text))[:_MOST], tuple(_un(text))[:_MOST], tuple(_control(text))[:_MOST]
    )


def normal_hs(code: str | None) -> str | None:
    """The digits of an HS code as declared (2 to 10 of them), or None where it is none."""
    if code is None:
        return None
    digits = re.sub(r"[\s.\-]", "", code[:40])
    return digits if digits.isascii() and digits.isdigit() and 2 <= len(digits) <= 12 else None  # chapter to TARIC


def cas_is_valid(code: str) -> bool:
    """Whether the check digit of a CAS number holds (CAS Registry: weighted sum of the digits, modulo 10)."""
    digits = code.replace("-", "")
    if not (digits.isascii() and digits.isdigit()):
        return False
    weighted = sum(place * int(digit) for place, digit in enumerate(reversed(digits[:-1]), start=1))
    return weighted % 10 == int(digits[-1])


def _hs(text: str) -> list[Code]:
    found = []
    for match in _HS.finditer(text):
        name = "code" if match["code"] else "bare"
        digits = re.sub(r"\D", "", match[name])
        if "01" <= digits[:2] <= "97":
            found.append(Code(digits, match.span(name), labelled=name == "code"))
    return found


def _cas(text: str) -> list[Code]:
    found = []
    for match in _CAS.finditer(text):
        code = f"{int(match[1])}-{match[2]}-{match[3]}"
        if cas_is_valid(code):
            found.append(Code(code, match.span()))
    return found


def _un(text: str) -> list[Code]:
    return [Code(match[1], match.span()) for match in _UN.finditer(text)]


def _control(text: str) -> list[Code]:
    found = []
    for match in _CONTROL.finditer(text):
        before = text[max(0, match.start() - _CONTEXT) : match.start()]
        if _NEGATED.search(before):
            continue
        value = _canonical(match)
        if value:
            found.append(Code(value, match.span(), labelled=_LABEL.search(before) is not None))
    return found


def _canonical(match: re.Match[str]) -> str | None:
    """The code as lists write it: `6A003.b.4.b`, `ML10.c`, `VIII(a)(5)`; small letters of a bare word are none (`2a100`)."""
    text = match.group()
    if match["usml"]:
        head, bracket, rest = text.partition("(")
        return head.upper() + bracket + rest.lower() if head and head.isupper() else None
    if match["munitions"]:
        return _dotted("ML" + re.sub(r"^ML ?", "", text, flags=re.IGNORECASE), 2)
    return _dotted(text[:2].upper() + text[2:], 5)


def _dotted(text: str, root: int) -> str:
    """Put the full stops between letters and digits behind the root."""
    digits = re.match(r"ML\d+", text)
    cut = len(digits.group()) if digits else root
    steps = re.findall(r"[ivx]{2,4}|[a-z]|\d+", text[cut:].lower())
    return ".".join([text[:cut], *steps])
