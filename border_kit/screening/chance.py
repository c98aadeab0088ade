"""What agrees in a search by chance: common words alone, where something is amiss.

Among thousands of listed names some share the common words of any name. How much words tell is counted in weights (a rare word 1, see
`weights`): two common names say hardly more than that such names exist. Where all words agree the officer decides; where a word is left over, or is
only nearly the same, a namesake by chance is likelier than the party, and the hit is a weak one (docs/decisions/0018).
"""

from __future__ import annotations

from collections.abc import Sequence

from border_kit.screening.align import Match
from border_kit.screening.features import Features, tells
from border_kit.screening.parse import Name
from border_kit.screening.parts import Part

NEARLY = 0.09
"""Words that differ by more are nearly the same; those that differ by less sound the same, or are spellings of one name."""
_LEFT_OVER, _NEARLY = 1.35, 1.15
"""Weight that the words of a person's name must agree in where one is left over, and where one is only nearly the same."""
_COMMON = 0.65
"""The most for a common word of a firm's or ship's name."""
_SHORT = 7
"""A firm's only telling word of fewer letters meets its like by chance."""
_SAYS = 0.12
"""Weight of business words that agree beside it from which it does not stand alone."""
_OPEN = 0.2
"""Weight of a word from which it matters that it is left over."""
_CONTENT = frozenset({"name", "family", "generic", "place"})


def by_chance(left: Name, right: Name, matches: Sequence[Match], found: Features) -> str:
    """The words of the query (`left`) that agree where that may be chance, else nothing."""
    telling = [match for match in matches if tells(left, right, match)]
    if not telling:
        return ""
    nearly = found.worst > NEARLY
    ours, theirs = (
        _left_over(left, [match.left for match in matches]),
        _left_over(right, [match.right for match in matches]),
    )
    other = any(part.is_name for part in theirs)
    if left.is_person and right.is_person:
        least = _LEFT_OVER if other or any(part.is_name for part in ours) else _NEARLY if nearly else 0.0
        return _text(left, telling) if found.telling < least else ""
    if (
        len(telling) == 1
        and found.said < _SAYS
        and _is_short(left, right, telling[0])
        and _is_inexact(left, right, telling[0])
    ):
        return _text(left, telling)
    common = all(_weight(left, match.left) < _COMMON > _weight(right, match.right) for match in telling)
    return _text(left, telling) if common and (nearly or ours or other) else ""


def _text(name: Name, telling: Sequence[Match]) -> str:
    return " ".join([name.parts[index].text for match in telling for index in match.left])


def _left_over(name: Name, taken: Sequence[tuple[int, ...]]) -> list[Part]:
    """The words that set a party apart and that found nothing."""
    used = {index for indices in taken for index in indices}
    return [
        part
        for index, part in enumerate(name.parts)
        if index not in used and part.role in _CONTENT and part.weight >= _OPEN
    ]


def _weight(name: Name, indices: tuple[int, ...]) -> float:
    return max([name.parts[index].weight for index in indices])


def _is_short(left: Name, right: Name, match: Match) -> bool:
    sizes = (
        sum([len(name.parts[index].keys.latin) for index in indices])
        for name, indices in ((left, match.left), (right, match.right))
    )
    return min(sizes) < _SHORT


def _is_inexact(left: Name, right: Name, match: Match) -> bool:
    """Whether a word is another spelling, or is written without its vowels on one side."""
    bare = any(
        name.parts[index].keys.bare for name, some in ((left, match.left), (right, match.right)) for index in some
    )
    return match.how not in {"exact", "transliteration", "acronym"} or bare
