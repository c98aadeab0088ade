"""Whether declared goods are the goods of a licence line: by commodity code, by control entry, by wording.

The control entry speaks every language, so foreign wording of the same goods agrees through it; other goods under the same
commodity code do not. Wording alone decides only where no entry can.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from border_kit.classification.model import Classification
from border_kit.licensing.codes import same_root, within
from border_kit.licensing.model import LicenceLine
from border_kit.shipment.model import Line
from border_kit.text import tokens

_HS_DIGITS = 6
"""The digits that are the same in every country (HS Convention, art. 3)."""
_MOST = 0.5
_STEM = 4
_ENDING = 3
_SHORTEST = 3
"""Letters of a word that says something: not of, in, de."""
_FUNCTION_WORDS = frozenset(
    [
        "and",
        "the",
        "for",
        "with",
        "from",
        "und",
        "für",
        "mit",
        "von",
        "aus",
        "les",
        "des",
        "pour",
        "avec",
        "con",
        "para",
        "por",
        "del",
        "los",
        "las",
        "для",
        "ile",
        "ve",
        "من",
        "مع",
    ]
)


class Agreement(Enum):
    """How two things stand to each other."""

    AGREE = "agree"
    DIFFER = "differ"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class GoodsMatch:
    """How a declared line stands to a licence line: `left` and `right` are the two values that decided, `wording` 0 to 1."""

    agreement: Agreement
    why: str
    left: str | None
    right: str | None
    wording: float = 0.0


def compare_goods(
    line: Line, licensed: LicenceLine, classified: Classification | None, *, code_known: bool
) -> GoodsMatch:
    """Hold a declared line against a licence line.

    `classified` is what the line's text was classified as (None: nobody looked); `code_known` whether the licence line's
    control code is one that classification could have found.
    """
    wording, words = compare_wording(line.description, licensed.description)
    if compare_hs(line.hs, licensed.hs) is Agreement.DIFFER:
        return GoodsMatch(Agreement.DIFFER, "commodity code", line.hs, licensed.hs, wording)
    found = _by_code(licensed, classified, code_known=code_known)
    if found is Agreement.AGREE or (found is Agreement.DIFFER and words is not Agreement.AGREE):
        return GoodsMatch(found, "control code", _codes_shown(classified), licensed.control_code, wording)
    if found is Agreement.DIFFER and _sure(classified):
        return GoodsMatch(found, "control code", _codes_shown(classified), licensed.control_code, wording)
    if words is Agreement.UNKNOWN and licensed.description is None and licensed.control_code is None:
        agrees = compare_hs(line.hs, licensed.hs)
        return GoodsMatch(agrees, "commodity code", line.hs, licensed.hs, wording)
    if words is Agreement.DIFFER and (classified is None or _hinted(licensed, classified)):
        words = Agreement.UNKNOWN  # nobody looked, or there is a hint: it may be the same in other words
    return GoodsMatch(words, "wording", line.description, licensed.description or licensed.control_code, wording)


def compare_hs(declared: str | None, licensed: str | None) -> Agreement:
    """Two commodity codes by the digits that both state, at most six."""
    left, right = _digits(declared), _digits(licensed)
    if not left or not right:
        return Agreement.UNKNOWN
    shared = min(len(left), len(right), _HS_DIGITS)
    return Agreement.AGREE if left[:shared] == right[:shared] else Agreement.DIFFER


def _digits(code: str | None) -> str:
    return "".join(char for char in code or "" if char.isdigit())


def _by_code(licensed: LicenceLine, classified: Classification | None, *, code_known: bool) -> Agreement:
    codes = candidate_codes(classified)
    if not licensed.control_code or not codes:
        return Agreement.UNKNOWN
    if any(within(code, licensed.control_code) for code in codes):
        return Agreement.AGREE
    if not code_known or any(same_root(code, licensed.control_code) for code in codes):
        return Agreement.UNKNOWN
    return Agreement.DIFFER


def candidate_codes(classified: Classification | None) -> tuple[str, ...]:
    """The codes that a line was classified under, with their equivalents; weak ones say nothing."""
    if classified is None:
        return ()
    strong = [candidate for candidate in classified.candidates if candidate.band != "weak"]
    return tuple(dict.fromkeys(code for candidate in strong for code in (candidate.code, *candidate.equivalents)))


def _hinted(licensed: LicenceLine, classified: Classification) -> bool:
    """Whether a weak candidate points at the licence line's entry: too little to agree, too much to differ."""
    code = licensed.control_code
    return code is not None and any(within(candidate.code, code) for candidate in classified.candidates)


def _sure(classified: Classification | None) -> bool:
    return classified is not None and any(candidate.band == "likely" for candidate in classified.candidates)


def _codes_shown(classified: Classification | None) -> str | None:
    strong = [candidate.code for candidate in classified.candidates if candidate.band != "weak"] if classified else []
    return ", ".join(strong[:3]) or None


def compare_wording(declared: str, licensed: str | None) -> tuple[float, Agreement]:
    """The share of the licence's words that the declaration has, and what that says.

    More than half of either side's words agree. Words of different scripts cannot be compared.
    """
    left, right = _words(declared), _words(licensed or "")
    if not left or not right:
        return 0.0, Agreement.UNKNOWN
    covered = _covered(right, left)
    if covered > _MOST or (len(left) > 1 and _covered(left, right) > _MOST):
        return covered, Agreement.AGREE
    if covered == 0 and _script(left) != _script(right):
        return 0.0, Agreement.UNKNOWN
    return covered, Agreement.DIFFER


def _words(text: str) -> list[str]:
    found = dict.fromkeys(token.text for token in tokens(text[:5_000]))
    return [
        word
        for word in found
        if word not in _FUNCTION_WORDS and not word[0].isdigit() and (len(word) >= _SHORTEST or not word.isascii())
    ]


def _covered(wanted: Sequence[str], there: Sequence[str]) -> float:
    return sum(1 for word in wanted if any(_same_word(word, other) for other in there)) / len(wanted)


def _same_word(one: str, other: str) -> bool:
    """The same word, or the same stem with another ending."""
    if one == other:
        return True
    shared = next(
        (at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right),
        min(len(one), len(other)),
    )
    return shared >= _STEM and len(one) - shared <= _ENDING and len(other) - shared <= _ENDING


def _script(words: Sequence[str]) -> str:
    letter = words[0][0]
    return "latin" if letter.isascii() or ord(letter) < 0x250 else f"{ord(letter) // 0x100}"  # noqa: PLR2004 - the last Latin block in use ends there
