"""Which value of a line answers which parameter. A value is bound to its meaning, not to its unit.

A word beside the value (a cue) binds it; so does a unit that means one parameter only; else the dimension alone, if of the
parameters that the entry asks it can be this one only, no other parameter's cue claims it and nothing beside it forbids.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from border_kit.classification.match import Hit
from border_kit.classification.quantities import Interval, Quantity, find_quantities
from border_kit.classification.rules.criteria import Stated
from border_kit.classification.rules.knowledge import Entry, Knowledge, Model, Parameter
from border_kit.classification.words.line import Line
from border_kit.units import find_unit

_CUE_BEFORE = 4.0
_CUE_AFTER = 2.5
_BORDER = 2.0
"""A comma between a cue and its value counts as this many words."""
_BESIDE = 2.0
_NEVER_BARE = frozenset({"count", "set", "mass", "percent", "ratio", "current", "capacitance"})
"""Dimensions in which papers state packing, supply or price: without a cue or a plausible range they say nothing."""
_FAR = 99.0
_INSIDE = 0.5
"""A cue that is the value's own unit ("5-axis") binds it less than a word beside it, and keeps no other parameter off."""
_NEAR = 16
"""Words (each part of a token counted) on either side of a value among which its cue is sought."""


class _Claim(NamedTuple):
    """A parameter whose word stands beside a value: how far away, and which words those are."""

    distance: float
    parameter: str
    cover: frozenset[int]


@dataclass(slots=True)
class Bound:
    """The values of one line: its quantities by place, and the parameter words found in it."""

    line: Line
    quantities: list[Quantity]
    hits: list[Hit]
    knowledge: Knowledge
    answers: Mapping[str, tuple[Stated, ...]] = field(default_factory=dict)
    """What the officer answered, by parameter: it stands above the line and the model."""
    _cues: dict[int, list[_Claim]] = field(default_factory=dict)
    _places: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._places = [words_at(self.line, quantity.span) for quantity in self.quantities]
        cues = sorted((hit for hit in self.hits if hit.kind == "cue"), key=lambda hit: hit.first)
        starts = [hit.first for hit in cues]
        for number, quantity in enumerate(self.quantities):
            first, last = self._places[number]
            near = cues[bisect_left(starts, first - _NEAR) : bisect_right(starts, last + _NEAR)]
            self._cues[number] = self._claims(quantity, (first, last), near)

    def stated(self, entry: Entry, model: Model | None, cover: frozenset[int]) -> dict[str, tuple[Stated, ...]]:
        """What was answered, or else the line, or else the known model states for each parameter of an entry."""
        parameters = [found for name in entry.parameters if (found := self.knowledge.parameter(name)) is not None]
        answers: dict[str, tuple[Stated, ...]] = {}
        for parameter in parameters:
            values = self.answers.get(parameter.id) or (
                self._words(parameter)
                if parameter.dimension in ("yesno", "choice")
                else self._values(parameter, parameters, cover)
            )
            if not values and model is not None and parameter.id in model.facts:
                values = _fact(parameter, model)
            if values:
                answers[parameter.id] = values
        return answers

    def _claims(self, quantity: Quantity, at: tuple[int, int], cues: Iterable[Hit]) -> list[_Claim]:
        """The parameters whose cue stands nearest a quantity, of those in whose unit it can be; nearest first."""
        claims: list[_Claim] = []
        for cue in cues:
            distance = self._distance(cue, at)
            if distance < _FAR and any(find_unit(symbol, cue.rank) for symbol in (quantity.unit, *quantity.alike)):
                parameter = self.knowledge.parameter(cue.id)
                if parameter is not None and _fits(quantity, parameter):
                    claims.append(_Claim(distance, parameter.id, cue.cover))
        nearest = min((claim.distance for claim in claims), default=_FAR)
        return [claim for claim in claims if claim.distance == nearest]

    def _distance(self, cue: Hit, at: tuple[int, int]) -> float:
        line = self.line
        first, last = at
        if first >= len(line.words) or line.clause[cue.first] != line.clause[min(first, len(line.words) - 1)]:
            return _FAR
        if cue.last <= first:
            away = line.place[first] - line.place[cue.last - 1] - 1.0
            reach, bias = _CUE_BEFORE, 0.0
            borders = line.segment[first] - line.segment[cue.last - 1]
        elif cue.first >= last:
            away = line.place[cue.first] - line.place[max(first, last - 1)] - 1.0
            reach, bias = _CUE_AFTER, 0.1
            borders = line.segment[cue.first] - line.segment[max(first, last - 1)]
        else:
            return _INSIDE
        away = max(0.0, away)
        return away + bias + borders * _BORDER - 0.01 * len(cue.cover) if away + borders * _BORDER <= reach else _FAR

    def _values(self, parameter: Parameter, asked: list[Parameter], cover: frozenset[int]) -> tuple[Stated, ...]:
        claimed = [
            quantity
            for number, quantity in enumerate(self.quantities)
            if any(claim.parameter == parameter.id for claim in self._cues[number])
        ]
        if not claimed:
            claimed = [quantity for quantity in self.quantities if quantity.unit in parameter.units]
        if not claimed and not parameter.label_only:
            claimed = self._bare(parameter, asked, cover)
        return tuple(value for quantity in claimed if (value := _stated(quantity, parameter)) is not None)

    def _bare(self, parameter: Parameter, asked: list[Parameter], cover: frozenset[int]) -> list[Quantity]:
        """Values that only their dimension binds; a parameter that has a value of its own by name claims no other."""
        if parameter.dimension in _NEVER_BARE and parameter.plausible is None:
            return []
        named = {claim.parameter for claims in self._cues.values() for claim in claims}
        rivals = [other for other in asked if other.id not in named | {parameter.id} and not other.label_only]
        clauses = {self.line.clause[place] for place in cover} if cover else set()
        found = []
        for number, quantity in enumerate(self.quantities):
            first, last = self._places[number]
            if (
                first >= len(self.line.words)
                or self._is_claimed(number, cover)
                or not _fits(quantity, parameter)
                or quantity.per_piece
            ):
                continue
            if any(_fits(quantity, rival) for rival in rivals):
                continue
            if clauses and self.line.clause[first] not in clauses:
                continue
            if self.line.role[first] in ("for", "without") or self._forbidden(parameter, first, last):
                continue
            found.append(quantity)
        return found

    def _is_claimed(self, number: int, cover: frozenset[int]) -> bool:
        """Whether another parameter's word stands beside a value; a word of the class's own name is none ("storage tank")."""
        return any(claim.distance != _INSIDE and not claim.cover <= cover for claim in self._cues[number])

    def _forbidden(self, parameter: Parameter, first: int, last: int) -> bool:
        for hit in self.hits:
            if (
                hit.kind == "beside"
                and hit.id == parameter.id
                and self.line.clause[hit.first] == self.line.clause[first]
            ):
                before = self.line.place[first] - self.line.place[hit.last - 1]
                after = self.line.place[hit.first] - self.line.place[max(first, last - 1)]
                if (
                    (hit.last <= first and before <= _BESIDE)
                    or (hit.first >= last and after <= _BESIDE)
                    or first <= hit.first < last
                ):
                    return True
        return False

    def _words(self, parameter: Parameter) -> tuple[Stated, ...]:
        """Answers that stand in words; a negation before a yes makes it a no, and a longer phrase silences one inside it."""
        hits = [hit for hit in self.hits if hit.id == parameter.id and hit.kind in ("yes", "no", "value")]
        hits = [hit for hit in hits if not any(hit.cover < other.cover for other in hits)]
        values = []
        for hit in hits:
            answer = {"yes": "yes", "no": "no"}.get(hit.kind, hit.rank)
            if self.line.role[hit.first] == "without":
                if hit.kind != "yes":
                    continue
                answer = "no"
            span = self.line.span(hit.first, hit.last)
            values.append(Stated(self.line.original[slice(*span)], words=frozenset({answer}), span=span))
        return tuple(values)


def words_at(line: Line, span: tuple[int, int]) -> tuple[int, int]:
    """The places of the words that a span touches; behind the end where it touches none."""
    first = bisect_right(line.words, span[0], key=lambda word: word.end)
    last = bisect_left(line.words, span[1], key=lambda word: word.start)
    return (first, last) if first < last else (len(line.words), len(line.words))


def _units(quantity: Quantity, parameter: Parameter) -> str | None:
    """The unit of a quantity in a parameter's dimension (`g` may be grams or gravities), or None."""
    for symbol in (quantity.unit, *quantity.alike):
        unit = find_unit(symbol, parameter.dimension)
        if unit is not None:
            return unit.symbol
    return None


def _fits(quantity: Quantity, parameter: Parameter) -> bool:
    return _stated(quantity, parameter) is not None


def as_answer(quantity: Quantity, parameter: Parameter) -> Stated | None:
    """A quantity as the officer's answer to a parameter, however unlikely it is; None where the dimension differs."""
    unit = _units(quantity, parameter)
    return None if unit is None else Stated(quantity.text, unit, quantity.readings, span=quantity.span)


def _stated(quantity: Quantity, parameter: Parameter) -> Stated | None:
    """A quantity as an answer to a parameter; None where the dimension differs or no reading is plausible."""
    unit = _units(quantity, parameter)
    if unit is None:
        return None
    readings = tuple(
        ended
        for reading in quantity.readings
        if _plausible(ended := _end(reading, quantity.kind, parameter), unit, parameter)
    )
    return Stated(quantity.text, unit, readings, span=quantity.span) if readings else None


def _end(reading: Interval, kind: str, parameter: Parameter) -> Interval:
    """The end of a range that a parameter asks for: the highest frequency of `0-1000 Hz` is 1000 Hz."""
    if kind != "range" or not parameter.end:
        return reading
    value = reading.high if parameter.end == "high" else reading.low
    return Interval(value, value)


def _plausible(reading: Interval, unit: str, parameter: Parameter) -> bool:
    if parameter.plausible is None or parameter.unit is None:
        return True
    moved = reading.converted(unit, parameter.unit)
    if moved is None:
        return False
    low, high = parameter.plausible
    ends = [end for end in (moved.low, moved.high) if end is not None and (end != 0 or moved.low == moved.high)]
    return any(low <= end <= high for end in ends)


def _fact(parameter: Parameter, model: Model) -> tuple[Stated, ...]:
    """A fact of a known model as an answer."""
    text = model.facts[parameter.id]
    row = f"model:{model.id}"
    if parameter.dimension in ("yesno", "choice"):
        return (Stated(text, words=frozenset({text}), row=row),)
    for quantity in find_quantities(text):
        value = _stated(quantity, parameter)
        if value is not None:
            return (Stated(text, value.unit, value.readings, row=row),)
    try:
        number = Decimal(text)
    except InvalidOperation:
        return ()
    return (Stated(text, parameter.unit or "", (Interval(number, number),), row=row),)
