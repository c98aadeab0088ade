"""Whether declared goods are the goods of a licence line: by commodity code, by control entry, by what the texts name, by wording.

The control entry and the classes of goods speak every language, so foreign wording of the same goods agrees through them; other
goods under the same commodity code do not. Wording alone decides only where nothing better can, and a text in words that nobody
here knows is a question, not a failure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from border_kit.certificates.claims import LicenceLine
from border_kit.classification.model import Classification
from border_kit.licensing.codes import same_root, sisters, within
from border_kit.licensing.wording import Wording, accented, compare_wording
from border_kit.shipment.model import Line

_HS_DIGITS = 6
"""The digits that are the same in every country (HS Convention, art. 3)."""


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


@dataclass(frozen=True, slots=True)
class Reading:
    """What classification can say of the two texts.

    `declared` is what the declared text was classified as (None: nobody looked), `licensed` the same of the licence line's text,
    asked for only where it is needed; `code_known` whether the licence line's control code is one that classification could have
    found; `understood` whether a text is in words that are known here.
    """

    declared: Classification | None
    licensed: Callable[[], Classification | None]
    code_known: bool
    understood: Callable[[str], bool]


def compare_goods(line: Line, licensed: LicenceLine, reading: Reading) -> GoodsMatch:
    """Hold a declared line against a licence line."""
    if compare_hs(line.hs, licensed.hs) is Agreement.DIFFER:
        return GoodsMatch(Agreement.DIFFER, "commodity code", line.hs, licensed.hs)
    share, words = compare_wording(line.description, licensed.description)
    found = _by_code(line, licensed, reading)
    if found is Agreement.DIFFER and (words in (Wording.OTHER, Wording.UNKNOWN) or _sure(reading.declared)):
        return GoodsMatch(found, "control code", _codes_shown(reading.declared), licensed.control_code, share)
    if found is Agreement.AGREE and not (words is Wording.OTHER and _names_other_goods(line, reading)):
        return GoodsMatch(found, "control code", _codes_shown(reading.declared), licensed.control_code, share)
    if licensed.description is None:
        return _without_text(line, licensed, reading)
    agreed = _by_words(line, licensed, (share, words), reading)
    return GoodsMatch(agreed, "wording", line.description, licensed.description, share)


def _without_text(line: Line, licensed: LicenceLine, reading: Reading) -> GoodsMatch:
    """A licence line that states no words: what is left is its control code, else its commodity code."""
    if licensed.control_code is None:
        return GoodsMatch(compare_hs(line.hs, licensed.hs), "commodity code", line.hs, licensed.hs)
    nothing = reading.declared is not None and reading.code_known and not _hinted(licensed, reading.declared)
    agreed = Agreement.DIFFER if nothing and reading.understood(line.description) else Agreement.UNKNOWN
    return GoodsMatch(agreed, "control code", _codes_shown(reading.declared) or line.description, licensed.control_code)


def _by_words(line: Line, licensed: LicenceLine, found: tuple[float, Wording], reading: Reading) -> Agreement:
    """Whether two texts mean the same goods, where no control code tells."""
    share, words = found
    if words is Wording.SAME:
        return Agreement.AGREE
    declared, text = _named(reading.declared), _named(reading.licensed())
    if _classes(declared) & _classes(text):
        return Agreement.AGREE
    hinted = reading.declared is None or _hinted(licensed, reading.declared)
    if words is Wording.PARTLY:
        # The licence's text names a class of goods, and the declaration has its words without naming it: vacuum sealer, vacuum pump.
        other = not hinted and _classes(text) and reading.understood(line.description)
        return Agreement.DIFFER if other else Agreement.AGREE
    # No word in common, and yet something named by both, or letters that the licence's language has not: another language.
    foreign = (share == 0 and declared & text) or accented(line.description) > accented(licensed.description or "")
    if words is Wording.UNKNOWN or hinted or foreign or not reading.understood(line.description):
        return Agreement.UNKNOWN
    return Agreement.DIFFER


def _names_other_goods(line: Line, reading: Reading) -> bool:
    """Whether both texts name classes of goods, and nothing that one names is named by the other, whatever the control code says."""
    declared, text = _named(reading.declared), _named(reading.licensed())
    return bool(_classes(declared) and _classes(text)) and not declared & text and reading.understood(line.description)


def _named(classified: Classification | None) -> frozenset[str]:
    """What a text names, in no language: classes of goods and what they are told by (`atom:=` stands for a word as such)."""
    return frozenset(name for name in classified.named if not name.startswith("atom:=")) if classified else frozenset()


def _classes(named: frozenset[str]) -> frozenset[str]:
    return frozenset(name for name in named if name.startswith("concept:"))


def compare_hs(declared: str | None, licensed: str | None) -> Agreement:
    """Two commodity codes by the digits that both state, at most six."""
    left, right = _digits(declared), _digits(licensed)
    if not left or not right:
        return Agreement.UNKNOWN
    shared = min(len(left), len(right), _HS_DIGITS)
    return Agreement.AGREE if left[:shared] == right[:shared] else Agreement.DIFFER


@lru_cache(maxsize=4_096)
def _digits(code: str | None) -> str:
    return "".join(char for char in code or "" if char.isdigit())


def _by_code(line: Line, licensed: LicenceLine, reading: Reading) -> Agreement:
    codes = candidate_codes(reading.declared)
    if not licensed.control_code or not codes:
        return Agreement.UNKNOWN
    if any(within(code, licensed.control_code) for code in codes):
        return Agreement.AGREE
    if any(same_root(code, licensed.control_code) for code in codes):
        # The same entry, another paragraph: what the line leaves open may decide that; the commodity code says it is of that kind.
        return Agreement.AGREE if compare_hs(line.hs, licensed.hs) is Agreement.AGREE else Agreement.UNKNOWN
    alike = any(sisters(code, licensed.control_code) for code in codes)
    return Agreement.DIFFER if reading.code_known and not alike else Agreement.UNKNOWN


def candidate_codes(classified: Classification | None) -> tuple[str, ...]:
    """The codes that a line was classified under, with their equivalents; weak ones say nothing."""
    if classified is None:
        return ()
    strong = [candidate for candidate in classified.candidates if candidate.band != "weak"]
    return tuple(dict.fromkeys(code for candidate in strong for code in (candidate.code, *candidate.equivalents)))


def _hinted(licensed: LicenceLine, classified: Classification) -> bool:
    """Whether any candidate, weak ones too, points at the licence line's entry: too little to agree, too much to differ."""
    code = licensed.control_code
    found = (one for candidate in classified.candidates for one in (candidate.code, *candidate.equivalents))
    return code is not None and any(same_root(one, code) or sisters(one, code) for one in found)


def _sure(classified: Classification | None) -> bool:
    return classified is not None and any(candidate.band == "likely" for candidate in classified.candidates)


def _codes_shown(classified: Classification | None) -> str | None:
    strong = [candidate.code for candidate in classified.candidates if candidate.band != "weak"] if classified else []
    return ", ".join(strong[:3]) or None
