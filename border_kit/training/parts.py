"""From a document that fits the schema to the parts of a scenario: ids that exist, conditions that parse."""

from __future__ import annotations

from typing import Any

from border_kit.catalog.sources import Key
from border_kit.findings import Advice, Lane, SubjectKind, Verdict
from border_kit.training import model
from border_kit.training.reading import Reading
from border_kit.training.world_parts import WorldBuilder

_ABOUT = {
    "open": "document",
    "scan": "document",
    "check": "declaration",
    "ask": "role",
    "phone": "role",
    "sign": "role",
    "hand_over": "role",
    "seal": "document",
    "load": "update",
}
"""What an action of a kind is about."""


class Builder:
    """Builds one scenario; what is wrong with it is in the `problems` of its reading."""

    def __init__(self, reading: Reading) -> None:
        """Read from a document that fits the schema."""
        self._r = reading

    def scenario(self) -> model.Scenario:
        """The scenario; worth nothing while there are `problems`."""
        data = self._r.data
        return model.Scenario(
            id=data["id"],
            title=data["title"],
            kind=data["class"],
            difficulty=data["difficulty"],
            objectives=tuple(data["objectives"]),
            lookalikes=tuple(data.get("lookalikes", ())),
            giveaways=tuple(data.get("giveaways", ())),
            clock=self._r.moment(data["clock"], ("clock",)),
            time_limit=data["time_limit"],
            learner=data["roles"]["learner"],
            briefing=data["roles"]["briefing"],
            roles=self._r.each(
                ("roles", "others"), lambda row, path: model.Role(row["id"], row["name"], row["about"], path)
            ),
            overlay=WorldBuilder(self._r).overlay(),
            documents=self._r.each(("documents",), self._document),
            observations=self._r.each(("observations",), self._observation),
            actions=self._r.each(("actions",), self._action),
            injects=self._r.each(("injects",), self._inject),
            answer=self._answer(),
            rubric=self._r.each(("rubric",), self._criterion),
            expected=self._r.each(("expected",), self._expectation),
            proofs=self._r.each(("expected_certificates",), self._proof),
            debrief=self._debrief(),
            cards=self._r.each(("cards",), self._card),
            citations=tuple(model.Citation(key, text, ("citations", key)) for key, text in data["citations"].items()),
            source=self._r.source,
        )

    def _maybe(self, kind: str, row: dict[str, Any], name: str, path: Key) -> str | None:
        """The id of something, where it is named."""
        return self._r.refer(kind, row[name], (*path, name)) if name in row else None

    def _document(self, row: dict[str, Any], path: Key) -> model.Document:
        certificate = self._maybe("certificate", row, "certificate", path)
        at_hand = row.get("at_hand", True)
        return model.Document(row["id"], row["kind"], row["title"], row["text"], at_hand, certificate, path)

    def _observation(self, row: dict[str, Any], path: Key) -> model.Observation:
        return model.Observation(
            id=row["id"],
            action=self._r.refer("action", row["action"], (*path, "action")),
            minutes=row["minutes"],
            text=row["text"],
            when=self._r.when(row, path),
            deciding=row.get("deciding", False),
            path=path,
        )

    def _action(self, row: dict[str, Any], path: Key) -> model.Action:
        kind, about = row["kind"], row.get("of")
        if about is not None:
            if kind in _ABOUT:
                self._r.refer(_ABOUT[kind], about, (*path, "of"))
            else:
                self._r.wrong((*path, "of"), f"an action of the kind {kind!r} is about nothing: remove `of`")
        return model.Action(
            id=row["id"],
            kind=kind,
            label=row["label"],
            of=about,
            when=self._r.when(row, path),
            brings=self._r.refer_all("document", row.get("brings", ()), (*path, "brings")),
            against=self._maybe("declaration", row, "against", path),
            decision=Advice(row["decision"]) if "decision" in row else None,
            outcomes=tuple(
                self._outcome(outcome, (*path, "outcomes", position))
                for position, outcome in enumerate(row.get("outcomes", ()))
            ),
            path=path,
        )

    def _outcome(self, row: dict[str, Any], path: Key) -> model.Outcome:
        return model.Outcome(row["text"], self._r.when(row, path, ended=True), row.get("consequence"), path)

    def _inject(self, row: dict[str, Any], path: Key) -> model.Inject:
        sender = self._r.refer("role", row["from"], (*path, "from"))
        loads = self._maybe("update", row, "loads", path)
        return model.Inject(row["id"], row["at"], sender, row["text"], self._r.when(row, path), loads, path)

    def _criterion(self, row: dict[str, Any], path: Key) -> model.Criterion:
        when = self._r.when(row, path, ended=True)
        return model.Criterion(row["id"], row["points"], when, row["text"], self._r.cite(row, path), path)

    def _answer(self) -> model.Answer:
        row = self._r.data["answer"]
        because = self._r.refer_all("observation", row["because"], ("answer", "because"))
        return model.Answer(tuple(Advice(name) for name in row["decisions"]), because, ("answer",))

    def _expectation(self, row: dict[str, Any], path: Key) -> model.Expectation:
        return model.Expectation(
            declaration=self._r.refer("declaration", row["declaration"], (*path, "declaration")),
            after=self._r.refer_all("update", row.get("after", ()), (*path, "after")),
            begin=row.get("from", 0),
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

    def _proof(self, row: dict[str, Any], path: Key) -> model.Proof:
        return model.Proof(
            certificate=self._r.refer("certificate", row["certificate"], (*path, "certificate")),
            against=self._maybe("declaration", row, "against", path),
            after=self._r.refer_all("update", row.get("after", ()), (*path, "after")),
            begin=row.get("from", 0),
            verdict=row["verdict"],
            stage=row.get("stage"),
            reasons=tuple(row.get("reasons", ())),
            path=path,
        )

    def _debrief(self) -> model.Debrief:
        row = self._r.data["debrief"]
        return model.Debrief(
            summary=row["summary"],
            expert=self._r.refer_all("action", row["expert"], ("debrief", "expert")),
            questions=self._r.each(("debrief", "questions"), self._question),
            path=("debrief",),
        )

    def _question(self, row: dict[str, Any], path: Key) -> model.Question:
        return model.Question(row["ask"], row["answer"], self._r.cite(row, path), path)

    def _card(self, row: dict[str, Any], path: Key) -> model.Card:
        return model.Card(row["id"], row["front"], row["back"], self._r.cite(row, path), path)


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
