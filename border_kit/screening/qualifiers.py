"""What is known beside the name: birth, country, kind and numbers that decide or refute."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from border_kit.catalog import identifiers
from border_kit.catalog.identifiers import LASTING, fold_identifier, type_of
from border_kit.screening.features import gender
from border_kit.screening.model import ALERT, Explanation, Query
from border_kit.screening.parse import parse
from border_kit.shipment.model import Identifier

UNIQUE = frozenset({"imo", "mmsi", "lei"})
"""Numbers of which a ship or firm has one: another one is another party (IMO Res. A.1117(30), ITU-R M.585, ISO 17442)."""
DECIDES = 0.97
"""The score of a party found by its number."""
REFUTED = 0.6
"""What is left of a score when a unique number differs: still shown, never an alert."""
ONE_A_COUNTRY = frozenset({"tax", "national_id", "registration"})
"""Numbers of which a country gives a party one."""
OTHER_NUMBER, OTHER_GENDER = 0.9, 0.8
"""What is left of a score when such a number differs, and when the name is a man's and the party a woman (or the other way)."""
OF_CRAFT = frozenset({"tail_number", "aircraft_serial", "call_sign"})
"""Numbers of ships and aircraft alone: never the passport or tax number that happens to read the same."""
_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True, slots=True)
class Known:
    """What the list says of a party: births (YYYY[-MM[-DD]] or YYYY/YYYY), countries, identifiers (type, folded), genders."""

    born: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    genders: tuple[str, ...] = ()


def folded_forms(item: Identifier) -> tuple[str, ...]:
    """An identifier as lists may have folded it: with and without its own type written before the number."""
    value = fold_identifier(item.value)
    kind = fold_identifier(type_of(item.type))
    bare = value.removeprefix(kind) if kind else value
    return tuple(dict.fromkeys(form for form in (bare, kind + bare, value) if form))


def with_numbers(query: Query) -> Query:
    """The query with the numbers that stand in its name as identifiers: `Star IMO 9074729`, or one with check digits alone."""
    text = query.name.strip()[:2000]
    if not any(char.isdecimal() for char in text):
        return query
    alone = next((Identifier(kind, text) for kind in LASTING if plausible(Identifier(kind, text))), None)
    said = tuple(Identifier(match.group(1).casefold(), match.group(2)) for match in _SAID.finditer(text))
    if alone is not None and not said:
        return replace(query, identifiers=(*query.identifiers, alone))
    return (
        replace(query, name=_SAID.sub(" ", text).strip(" ()[],;:-") or text, identifiers=(*query.identifiers, *said))
        if said
        else query
    )


_SAID = re.compile(r"\b(imo|mmsi|lei)\b[\s:.#]*(?:no|number)?[\s:.#]*([0-9a-z]{7,20})\b", re.IGNORECASE)


def plausible(item: Identifier) -> bool:
    """Whether a number can be one of its type by its check digit, where the type has one."""
    forms = folded_forms(item)
    return identifiers.plausible(type_of(item.type), forms[0]) if forms else False


def apply(score: float, query: Query, kind: str, known: Known) -> tuple[float, tuple[Explanation, ...]]:
    """The score with what is known beside the name, and what it rests on."""
    notes: list[Explanation] = []
    score = _kind(score, query, kind, notes)
    score = _born(score, query, known, notes)
    score = _country(score, query, known, notes)
    score = _gender(score, query, known, notes)
    score = _identifiers(score, query, known, notes)
    return round(min(1.0, score), 4), tuple(notes)


def _kind(score: float, query: Query, kind: str, notes: list[Explanation]) -> float:
    if query.kind in {None, "unknown", kind} or kind == "unknown":
        return score
    notes.append(Explanation("kind", query.kind, kind, "conflict"))
    return score * 0.8


def _born(score: float, query: Query, known: Known, notes: list[Explanation]) -> float:
    if not query.born or not known.born:
        return score
    listed = min(known.born, key=lambda born: _years_apart(query.born or "", born))
    years = _years_apart(query.born, listed)
    if years == 0 and _fits(query.born, listed):
        notes.append(Explanation("born", query.born, listed, "agree", score=1.0))
        return score + (1.0 - score) * 0.25 if score >= 0.5 else score  # no birth makes a name fit
    how = "near" if years <= 1 else "conflict"
    notes.append(Explanation("born", query.born, listed, how, score=0.5 if how == "near" else 0.0))
    # Lists give births as approximate; a year beside it says little, a generation refutes.
    return score * (0.97 if years <= 1 else 0.85 if years <= 3 else 0.68)


def _years_apart(left: str, right: str) -> int:
    ours = _YEAR.match(left)
    theirs = [int(year) for year in _YEAR.findall(right)[:1] + _YEAR.findall(right.partition("/")[2])[:1]]
    if ours is None or not theirs:
        return 99
    year = int(ours.group())
    return 0 if min(theirs) <= year <= max(theirs) else min(abs(year - other) for other in theirs)


def _fits(left: str, right: str) -> bool:
    """Whether two dates agree as far as both are stated; a January first stands for a year."""
    if "/" in right:
        return True
    size = min(len(left), len(right))
    return left[:size] == right[:size] or left.endswith("-01-01") or right.endswith("-01-01")


def _country(score: float, query: Query, known: Known, notes: list[Explanation]) -> float:
    if not query.country or not known.countries:
        return score
    agree = query.country.upper() in known.countries
    notes.append(
        Explanation(
            "country",
            query.country,
            ", ".join(known.countries[:6]),
            "agree" if agree else "conflict",
            score=float(agree),
        )
    )
    if agree:
        return score + (1.0 - score) * 0.1 if score >= 0.5 else score  # a country makes no name fit
    return score * 0.97


def _gender(score: float, query: Query, known: Known, notes: list[Explanation]) -> float:
    """What a patronymic or a title of the query says, against what the list says."""
    told = {"m": "male", "f": "female"}.get(gender(parse(query.name[:2000], query.kind).folded), "")
    if not told or not known.genders or told in known.genders:
        return score
    notes.append(Explanation("gender", told, known.genders[0], "conflict"))
    return score * OTHER_GENDER


def _identifiers(score: float, query: Query, known: Known, notes: list[Explanation]) -> float:
    for item in query.identifiers:
        kind = type_of(item.type)
        asked = f"{kind} {item.value}"
        if not plausible(item):
            notes.extend([Explanation("identifier", asked, None, "no such number")] if kind in LASTING else [])
            continue
        forms = folded_forms(item)
        if any(form == value and _may_be(kind, other) for form in forms for other, value in known.identifiers):
            notes.append(Explanation("identifier", asked, asked, "agree", 1.0, 1.0))
            score = max(score, DECIDES)
            continue
        others = [value for other, value in known.identifiers if other == kind]
        if kind in UNIQUE and others:
            notes.append(Explanation("identifier", asked, f"{kind} {others[0]}", "conflict"))
            score = min(score * REFUTED, ALERT - 0.01)
        elif kind in ONE_A_COUNTRY and any(len(other) == len(forms[0]) for other in others):
            # Of the same scheme by their length; a party may have papers of two countries, so that this alone does not refute.
            notes.append(Explanation("identifier", asked, f"{kind} {others[0]}", "differs"))
            score *= OTHER_NUMBER
    return score


def _may_be(asked: str, listed: str) -> bool:
    """Whether a number of one type may be listed under another; one that is a party's own for life is never another's."""
    if asked in OF_CRAFT:
        return listed in OF_CRAFT | {"registration", "other"}
    return asked == listed or not ({asked, listed} & UNIQUE) or "other" in {asked, listed}
