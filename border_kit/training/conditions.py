"""Conditions of a scenario: a small closed grammar, parsed into values and held against what a learner has done.

    condition = all { "or" all }
    all       = one { "and" one }
    one       = "not" one | "(" condition ")" | fact
    fact      = "did" ACTION [ "before" ACTION ]
              | "knows" OBSERVATION
              | "received" MESSAGE
              | "decided" DECISION
              | "minutes" ( "<" | "<=" | ">" | ">=" ) NUMBER

Nothing of a scenario is ever evaluated as code. `before` holds only where both were done, in that order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, cast

from border_kit.findings import Advice

MAX_LENGTH = 1_000
MAX_NESTING = 20

Relation = Literal["<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Progress:
    """What a learner has done so far: actions in order, observations known, messages received, minutes used, the decision."""

    done: tuple[str, ...] = ()
    known: frozenset[str] = frozenset()
    minutes: int = 0
    decision: Advice | None = None
    received: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Did:
    """An action was done."""

    action: str


@dataclass(frozen=True, slots=True)
class Before:
    """Both actions were done, `first` before `then`."""

    first: str
    then: str


@dataclass(frozen=True, slots=True)
class Knows:
    """An observation was made."""

    observation: str


@dataclass(frozen=True, slots=True)
class Received:
    """A message has come."""

    message: str


@dataclass(frozen=True, slots=True)
class Decided:
    """The decision taken."""

    decision: Advice


@dataclass(frozen=True, slots=True)
class Minutes:
    """The minutes used stand in a relation to a number."""

    relation: Relation
    number: int


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Condition


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Condition, ...]


Fact = Did | Before | Knows | Received | Decided | Minutes
Condition = Fact | Not | AllOf | AnyOf

ALWAYS = AllOf(())
"""What stands where a scenario states no condition."""


class ConditionError(ValueError):
    """A condition that means nothing; the message says what was expected, and at which character."""


def holds(condition: Condition, progress: Progress) -> bool:
    """Whether a condition holds for what was done so far."""
    return true(condition, lambda fact: _happened(fact, progress))


def true(condition: Condition, is_fact: Callable[[Fact], bool]) -> bool:
    """Whether a condition is true where `is_fact` says which facts are."""
    match condition:
        case Not(part):
            return not true(part, is_fact)
        case AllOf(parts):
            return all(true(part, is_fact) for part in parts)
        case AnyOf(parts):
            return any(true(part, is_fact) for part in parts)
        case _:
            return is_fact(condition)


def _happened(fact: Fact, progress: Progress) -> bool:
    match fact:
        case Did(action):
            return action in progress.done
        case Before(first, then):
            return {first, then} <= set(progress.done) and progress.done.index(first) < progress.done.index(then)
        case Knows(observation):
            return observation in progress.known
        case Received(message):
            return message in progress.received
        case Decided(decision):
            return progress.decision is decision
        case Minutes(relation, number):
            return compare(progress.minutes, relation, number)


def compare(left: int, relation: Relation, right: int) -> bool:
    """Whether two numbers stand in a relation."""
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[relation]


def facts(condition: Condition) -> Iterator[Fact]:
    """Every fact that a condition names, in order."""
    match condition:
        case Not(part):
            yield from facts(part)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from facts(part)
        case _:
            yield condition


def parse(text: str) -> Condition:
    """Read a condition. Raises ConditionError."""
    if len(text) > MAX_LENGTH:
        raise ConditionError(f"it is longer than {MAX_LENGTH} characters")
    return _Parser(text).whole()


_TOKEN = re.compile(r"\s*(?:(?P<word>[a-z][a-z0-9_]*)|(?P<number>[0-9]{1,6})|(?P<sign><=|>=|<|>|\(|\)))")
_RESERVED = frozenset({"and", "or", "not", "did", "before", "knows", "received", "decided", "minutes"})


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at = 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise ConditionError(f"{text[at:].strip()[:20]!r} at character {at + 1} is no part of a condition")
        found.append(_Token(match.lastgroup, match.group(match.lastgroup), match.start(match.lastgroup) + 1))
        at = match.end()
    return found


class _Parser:
    """Recursive descent over the tokens, bounded in depth."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._at = 0
        self._depth = 0

    def whole(self) -> Condition:
        found = self._any()
        if self._peek() is not None:
            raise self._expected("'and', 'or' or the end")
        return found

    def _any(self) -> Condition:
        parts = [self._all()]
        while self._take("or"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _all(self) -> Condition:
        parts = [self._one()]
        while self._take("and"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _one(self) -> Condition:
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise ConditionError(f"it is nested deeper than {MAX_NESTING} levels")
        try:
            if self._take("not"):
                return Not(self._one())
            if self._take("("):
                inner = self._any()
                if not self._take(")"):
                    raise self._expected("')'")
                return inner
            return self._fact()
        finally:
            self._depth -= 1

    def _fact(self) -> Condition:
        if self._take("did"):
            first = self._name("the id of an action")
            return Before(first, self._name("the id of an action")) if self._take("before") else Did(first)
        if self._take("knows"):
            return Knows(self._name("the id of an observation"))
        if self._take("received"):
            return Received(self._name("the id of a message"))
        if self._take("decided"):
            return Decided(self._decision())
        if self._take("minutes"):
            return self._minutes()
        raise self._expected("'did', 'knows', 'received', 'decided', 'minutes', 'not' or '('")

    def _decision(self) -> Advice:
        token = self._peek()
        if token is None or token.text not in {advice.value for advice in Advice}:
            raise self._expected("one of " + ", ".join(advice.value for advice in Advice))
        self._at += 1
        return Advice(token.text)

    def _minutes(self) -> Condition:
        relation, number = self._peek(), self._peek(1)
        if relation is None or relation.text not in {"<", "<=", ">", ">="}:
            raise self._expected("'<', '<=', '>' or '>='")
        self._at += 1
        if number is None or number.kind != "number":
            raise self._expected("a number of minutes")
        self._at += 1
        return Minutes(cast("Relation", relation.text), int(number.text))

    def _name(self, what: str) -> str:
        token = self._peek()
        if token is None or token.kind != "word" or token.text in _RESERVED:
            raise self._expected(what)
        self._at += 1
        return token.text

    def _peek(self, ahead: int = 0) -> _Token | None:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else None

    def _take(self, text: str) -> bool:
        token = self._peek()
        if token is None or token.text != text:
            return False
        self._at += 1
        return True

    def _expected(self, what: str) -> ConditionError:
        token = self._peek()
        place = f"at character {token.at}, where {token.text!r} stands" if token else "at its end"
        return ConditionError(f"{what} is expected {place}")
