"""How numbers are written on papers, and what each spelling can mean.

`1,500` may be fifteen hundred or one and a half: where the notation leaves it open there are two readings.
"""

from __future__ import annotations

import re
from decimal import Decimal

_POWER = r"\s?(?:\^|\*\*)\s?[+-]?\d{1,2}|[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}"
_EXPONENTS = (
    r"\s?[eE]\d{1,2}(?![A-Za-z0-9])|\s?[eE][+-]\d{1,2}(?!\d)|(?<=\.\d)[eE]\d{1,2}(?!\d)"  # 5e3  2.4E+9Hz  2.4e9Hz
    rf"|\s?[x*·]\s?10(?:{_POWER}|-\d{{1,2}}(?!\d))"  # 5x10^3  5·10⁵  1.5x10-3
)
NUMBER = re.compile(
    r"(?<![0-9])(?<![0-9][.,])(?:"
    rf"10(?:{_POWER})(?!\d)"  # 10^5  10⁻⁶
    r"|\d{1,2}[ -]\d{1,2}/(?:2|4|8|16|32|64)(?![\d/.,])"  # 1 1/2
    r"|(?:\d{1,3}[ -]?)?[½¼¾⅓⅔⅛⅜⅝⅞]"  # 1½
    r"|(?<![xX*×хХ])(?<![xX*×хХ] )\d{1,3}(?:[ '\u00a0\u2009\u202f]\d{3})+(?:[.,]\d{1,4})?(?!\d)"  # 1 500 000,5
    r"|\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:\.\d{3})+,\d+"  # 1,500.5  1.500,5
    r"|\d+(?:[.,]\d+)*|(?<![.,])[.,]\d+)"
    rf"(?:{_EXPONENTS})?",
    re.ASCII,
)
_POWERED = re.compile(
    r"(?P<digits>.*?)\s?(?:[eE]|(?:[x*·]\s?)?10(?:\s?(?:\^|\*\*)\s?|(?=[-⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹])))(?P<power>[+-]?\d{1,2}|[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)",
    re.ASCII,
)
_FRACTIONS = {
    sign: Decimal(up) / Decimal(down) for sign, up, down in zip("½¼¾⅓⅔⅛⅜⅝⅞", "113121357", "244338888", strict=True)
}
_RAISED = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")
_THOUSAND = 3
_GROUPED = re.compile(r"\d{1,3}(?:,\d{2,3})*,\d{3}")
"""`1,234,567`, and `12,34,567` as India writes it; `5,6,7` is a list."""

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
    """What a written number can mean, the usual reading first; nothing where it is no number (`5,6,7`)."""
    if not text[-1].isascii() and text[-1] in _FRACTIONS:
        whole = text[:-1].strip(" -")
        return (Decimal(whole or 0) + _FRACTIONS[text[-1]],)
    if "/" in text:
        whole, up, down = re.split(r"[ /-]", text)
        return (Decimal(whole) + Decimal(up) / Decimal(down),)
    power = _POWERED.fullmatch(text)
    factor = Decimal(10) ** int(power["power"].translate(_RAISED)) if power else Decimal(1)
    digits = (power["digits"] if power else text).strip() or "1"
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
        return (digits.replace(mark, ""),) if _GROUPED.fullmatch(digits.replace(mark, ",")) else ()
    if commas + dots == 0:
        return (digits,)
    before, _, after = digits.partition(mark)
    as_decimal = f"{before or '0'}.{after}"
    if len(after) == _THOUSAND and before.strip("0") and len(before) <= _THOUSAND and before[0] != "0":
        whole = before + after
        return (whole, as_decimal) if mark == "," else (as_decimal, whole)
    return (as_decimal,)
