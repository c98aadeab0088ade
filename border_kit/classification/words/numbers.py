"""How numbers are written on papers, and what each spelling can mean.

`1,500` may be fifteen hundred or one and a half: where the notation leaves it open there are two readings.
"""

from __future__ import annotations

import re
from decimal import Decimal

NUMBER = re.compile(
    r"(?<![0-9])(?<![0-9][.,])(?:"
    r"(?<![xX*×хХ])(?<![xX*×хХ] )\d{1,3}(?:[ '\u00a0\u2009\u202f]\d{3})+(?:[.,]\d{1,4})?(?!\d)"  # 1 500 000,5
    r"|\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:\.\d{3})+,\d+"  # 1,500.5  1.500,5
    r"|\d+(?:[.,]\d+)*|[.,]\d+)"
    r"(?:\s?[eE][+-]?\d{1,2}(?![A-Za-z0-9])|\s?[x*]\s?10\s?(?:\^|\*\*)\s?[+-]?\d{1,2})?",
    re.ASCII,
)
_EXPONENT = re.compile(r"\s?(?:[eE]|[x*]\s?10\s?(?:\^|\*\*)\s?)([+-]?\d{1,2})$")
_THOUSAND = 3

ONE_TO_ONE = str.maketrans(
    {
        "μ": "µ", "×": "x", "✕": "x", "╳": "x", "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "、": ",", "，": ",",
        "٫": ".", "٬": ",", "％": "%", "～": "~", "∼": "~", "≧": "≥", "≦": "≤", "˚": "°", "º": "°", "℃": "c", "‘": "'",
        "’": "'", "＞": ">", "＜": "<", "：": ":", "．": ".", "／": "/", "＋": "+", "－": "-", "（": "(", "）": ")",
        "\u00a0": " ", "\u2009": " ", "\u202f": " ",
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
        **{chr(0x0660 + digit): str(digit) for digit in range(10)},
        **{chr(0x06F0 + digit): str(digit) for digit in range(10)},
        **{chr(0xFF21 + letter): chr(65 + letter) for letter in range(26)},
        **{chr(0xFF41 + letter): chr(97 + letter) for letter in range(26)},
    }
)  # fmt: skip
"""Spellings of one sign in one other sign, so that places stay: full width, Arabic digits, dashes, the two micro signs."""


def readings(text: str) -> tuple[Decimal, ...]:
    """What a written number can mean, the usual reading first."""
    exponent = _EXPONENT.search(text)
    factor = Decimal(10) ** int(exponent[1]) if exponent else Decimal(1)
    digits = (text[: exponent.start()] if exponent else text).strip()
    for gap in (" ", "'", "\u00a0", "\u2009", "\u202f"):
        digits = digits.replace(gap, "")
    return tuple(Decimal(reading) * factor for reading in _written(digits))


def _written(digits: str) -> tuple[str, ...]:
    commas, dots = digits.count(","), digits.count(".")
    if commas and dots:
        decimal = max(",", ".", key=digits.rfind)
        other = "." if decimal == "," else ","
        whole = digits.replace(other, "")
        return (whole.replace(",", "."),) if whole.count(decimal) == 1 else (digits.replace(",", "").replace(".", ""),)
    mark = "," if commas else "."
    if commas + dots > 1:
        return (digits.replace(mark, ""),)
    if commas + dots == 0:
        return (digits,)
    before, _, after = digits.partition(mark)
    as_decimal = f"{before or '0'}.{after}"
    if len(after) == _THOUSAND and before.strip("0") and len(before) <= _THOUSAND and before[0] != "0":
        whole = before + after
        return (whole, as_decimal) if mark == "," else (as_decimal, whole)
    return (as_decimal,)
