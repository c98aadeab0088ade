"""From a document that fits the schema to the parts of a scenario: ids that exist, conditions that parse, shipments that read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from border_kit.catalog.sources import Key, Problem, Source
from border_kit.clock import parse_moment
from border_kit.errors import InputError
from border_kit.findings import Advice, Lane, SubjectKind, Verdict
from border_kit.shipment.model import Shipment
from border_kit.shipment.readers import read_shipment
from border_kit.training import model
from border_kit.training.conditions import ALWAYS, Before, Condition, ConditionError, Decided, Did, Knows, facts, parse

T = TypeVar("T")

_NOBODY = Shipment("")
_EPOCH = datetime.fromtimestamp(0, UTC)
_ABOUT = {"open": "document", "scan": "document", "check": "declaration", "ask": "role", "phone": "role"}
"""What an action of a kind is about."""


class Builder:
    """Builds one scenario and collects in `problems` everything that is wrong with it."""

    def __init__(self, source: Source, data: dict[str, Any]) -> None:
        """`data` is the document of `source` with its placeholders filled."""
        self.problems: list[Problem] = []
        self._source = source
        self._data = data
        self._ids = {
            name: self._known(path)
            for name, path in {
                "role": ("roles", "others"),
                "declaration": ("overlay", "declarations"),
                "document": ("documents",),
                "observation": ("observations",),
                "action": ("actions",),
            }.items()
        }
        self._ids["citation"] = set(data["citations"])
        for path in (("injects",), ("rubric",), ("cards",), ("overlay", "parties")):
            self._known(path)

    def scenario(self) -> model.Scenario:
        """The scenario; worth nothing while there are `problems`."""
        data = self._data
        return model.Scenario(
            id=data["id"],
            title=data["title"],
            kind=data["class"],
            difficulty=data["difficulty"],
            objectives=tuple(data["objectives"]),
            lookalikes=tuple(data.get("lookalikes", ())),
            giveaways=tuple(data.get("giveaways", ())),
            clock=self._moment(data["clock"], ("clock",)),
            time_limit=data["time_limit"],
            learner=data["roles"]["learner"],
            briefing=data["roles"]["briefing"],
            roles=self._each(
                ("roles", "others"), lambda row, path: model.Role(row["id"], row["name"], row["about"], path)
            ),
            overlay=self._overlay(),
            documents=self._each(("documents",), _document),
            observations=self._each(("observations",), self._observation),
            actions=self._each(("actions",), self._action),
            injects=self._each(("injects",), self._inject),
            answer=self._answer(),
            rubric=self._each(("rubric",), self._criterion),
            expected=self._each(("expected",), self._expectation),
            debrief=self._debrief(),
            cards=self._each(("cards",), self._card),
            citations=tuple(model.Citation(key, text, ("citations", key)) for key, text in data["citations"].items()),
            source=self._source,
        )

    # Looking things up

    def _at(self, path: Key) -> Any:
        found: Any = self._data
        for part in path:
            found = found.get(part, ()) if isinstance(found, dict) else found[part]
        return found

    def _each(self, path: Key, make: Callable[[Any, Key], T]) -> tuple[T, ...]:
        return tuple(make(row, (*path, position)) for position, row in enumerate(self._at(path)))

    def _known(self, path: Key) -> set[str]:
        seen: set[str] = set()
        for position, row in enumerate(self._at(path)):
            if row["id"] in seen:
                self._wrong((*path, position, "id"), f"the id {row['id']!r} stands twice")
            seen.add(row["id"])
        return seen

    def _wrong(self, path: Key, message: str) -> None:
        self.problems.append(self._source.problem(path, message))

    def _refer(self, kind: str, name: str, path: Key) -> str:
        if name not in self._ids[kind]:
            known = ", ".join(sorted(self._ids[kind])[:20]) or "none"
            self._wrong(path, f"there is no {kind} {name!r} (there are: {known})")
        return name

    def _refer_all(self, kind: str, names: Iterable[str], path: Key) -> tuple[str, ...]:
        return tuple(self._refer(kind, name, (*path, position)) for position, name in enumerate(names))

    def _cite(self, row: dict[str, Any], path: Key) -> tuple[str, ...]:
        return self._refer_all("citation", row.get("cite", ()), (*path, "cite"))

    def _when(self, row: dict[str, Any], path: Key, *, ended: bool = False) -> Condition:
        """The condition of a part; `ended` says whether a decision may have been taken when it is judged."""
        text = row.get("when")
        if text is None:
            return ALWAYS
        place = (*path, "when")
        try:
            condition = parse(text)
        except ConditionError as error:
            self._wrong(place, f"the condition cannot be read: {error}")
            return ALWAYS
        for fact in facts(condition):
            match fact:
                case Did(action):
                    self._refer("action", action, place)
                case Before(first, then):
                    self._refer("action", first, place)
                    self._refer("action", then, place)
                case Knows(observation):
                    self._refer("observation", observation, place)
                case Decided() if not ended:
                    self._wrong(place, "`decided` can never hold here: a decision ends the scenario")
                case _:
                    pass
        return condition

    def _moment(self, text: str, path: Key) -> datetime:
        try:
            return parse_moment(text)
        except ValueError:
            self._wrong(path, f"{text!r} is no moment of the calendar")
            return _EPOCH

    def _date(self, text: str, path: Key) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError:
            self._wrong(path, f"{text!r} is no date of the calendar")
            return _EPOCH.date()

    # The parts

    def _overlay(self) -> model.Overlay:
        data = self._data["overlay"]
        for position, row in enumerate(data.get("licences", ())):
            self._date(row["as_of"], ("overlay", "licences", position, "as_of"))
        return model.Overlay(
            list=data["list"],
            edition=self._date(data["edition"], ("overlay", "edition")),
            parties=self._each(("overlay", "parties"), _listed_party),
            registries=tuple(data.get("licences", ())),
            declarations=self._each(("overlay", "declarations"), self._declaration),
        )

    def _declaration(self, row: dict[str, Any], path: Key) -> model.Declaration:
        return model.Declaration(row["id"], row["what"], self._shipment(row["shipment"], (*path, "shipment")), path)

    def _shipment(self, data: Any, path: Key) -> Shipment:
        try:
            shipment, remarks = read_shipment(data, position=1)
        except InputError as error:
            self._wrong(path, error.message)
            return _NOBODY
        for remark in remarks:
            self._wrong(path, remark)
        return shipment

    def _observation(self, row: dict[str, Any], path: Key) -> model.Observation:
        return model.Observation(
            id=row["id"],
            action=self._refer("action", row["action"], (*path, "action")),
            minutes=row["minutes"],
            text=row["text"],
            when=self._when(row, path),
            deciding=row.get("deciding", False),
            path=path,
        )

    def _action(self, row: dict[str, Any], path: Key) -> model.Action:
        kind, about = row["kind"], row.get("of")
        if about is not None:
            if kind in _ABOUT:
                self._refer(_ABOUT[kind], about, (*path, "of"))
            else:
                self._wrong((*path, "of"), f"an action of the kind {kind!r} is about nothing: remove `of`")
        return model.Action(
            id=row["id"],
            kind=kind,
            label=row["label"],
            of=about,
            when=self._when(row, path),
            brings=self._refer_all("document", row.get("brings", ()), (*path, "brings")),
            decision=Advice(row["decision"]) if "decision" in row else None,
            outcomes=tuple(
                self._outcome(outcome, (*path, "outcomes", position))
                for position, outcome in enumerate(row.get("outcomes", ()))
            ),
            path=path,
        )

    def _outcome(self, row: dict[str, Any], path: Key) -> model.Outcome:
        return model.Outcome(row["text"], self._when(row, path, ended=True), row.get("consequence"), path)

    def _inject(self, row: dict[str, Any], path: Key) -> model.Inject:
        sender = self._refer("role", row["from"], (*path, "from"))
        return model.Inject(row["id"], row["at"], sender, row["text"], self._when(row, path), path)

    def _criterion(self, row: dict[str, Any], path: Key) -> model.Criterion:
        when = self._when(row, path, ended=True)
        return model.Criterion(row["id"], row["points"], when, row["text"], self._cite(row, path), path)

    def _answer(self) -> model.Answer:
        row = self._data["answer"]
        because = self._refer_all("observation", row["because"], ("answer", "because"))
        return model.Answer(tuple(Advice(name) for name in row["decisions"]), because, ("answer",))

    def _expectation(self, row: dict[str, Any], path: Key) -> model.Expectation:
        return model.Expectation(
            declaration=self._refer("declaration", row["declaration"], (*path, "declaration")),
            lane=Lane(row["lane"]),
            advice=Advice(row["advice"]),
            verdict=Verdict(row["verdict"]),
            decided_by=row["decided_by"],
            findings=tuple(
                model.ExpectedFinding(item["code"], _subject(item.get("subject")), (*path, "findings", position))
                for position, item in enumerate(row.get("findings", ()))
            ),
            absent=tuple(row.get("absent", ())),
            lines=tuple(
                model.ExpectedLine(item["no"], item["verdict"], item.get("code"), (*path, "lines", position))
                for position, item in enumerate(row.get("lines", ()))
            ),
            path=path,
        )

    def _debrief(self) -> model.Debrief:
        row = self._data["debrief"]
        return model.Debrief(
            summary=row["summary"],
            expert=self._refer_all("action", row["expert"], ("debrief", "expert")),
            questions=self._each(("debrief", "questions"), self._question),
            path=("debrief",),
        )

    def _question(self, row: dict[str, Any], path: Key) -> model.Question:
        return model.Question(row["ask"], row["answer"], self._cite(row, path), path)

    def _card(self, row: dict[str, Any], path: Key) -> model.Card:
        return model.Card(row["id"], row["front"], row["back"], self._cite(row, path), path)


def _document(row: dict[str, Any], path: Key) -> model.Document:
    return model.Document(row["id"], row["kind"], row["title"], row["text"], row.get("at_hand", True), path)


def _listed_party(row: dict[str, Any], path: Key) -> model.ListedParty:
    return model.ListedParty(
        id=row["id"],
        kind=row["kind"],
        name=row["name"],
        aliases=tuple(row.get("aliases", ())),
        countries=tuple(row.get("countries", ())),
        born=row.get("born"),
        identifiers=tuple((item["type"], item["value"]) for item in row.get("identifiers", ())),
        path=path,
    )


def _subject(text: str | None) -> tuple[SubjectKind, str] | None:
    if text is None:
        return None
    kind, _, ref = text.partition(" ")
    kinds: dict[str, SubjectKind] = {
        "shipment": "shipment",
        "line": "line",
        "party": "party",
        "licence": "licence",
        "certificate": "certificate",
    }
    return kinds[kind], ref
