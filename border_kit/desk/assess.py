"""The way of one shipment: classify each line, screen each party, check each licence, compose, decide.

An `Assessor` belongs to one thread and one catalog. It keeps the answers to repeated names and goods lines, so that a manifest
asks each only once; a kept answer is the same answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar

from border_kit.catalog.drawing import fold_number
from border_kit.catalog.volumes import Catalog
from border_kit.classification.engine import Classifier
from border_kit.classification.model import Classification
from border_kit.desk import compose, rating, systems
from border_kit.desk.answers import Assessment, CertificateAnswer, LineAnswer, OpenParameter, PartyAnswer, Question
from border_kit.desk.systems import System
from border_kit.findings import Finding, Severity, Subject
from border_kit.licensing.certified import licence_of
from border_kit.licensing.check import check_all, check_stated
from border_kit.licensing.model import Licence, LicenceAnswer, Usage
from border_kit.licensing.registry import Registry
from border_kit.licensing.rules import condition_answers
from border_kit.licensing.terms import Terms, nothing_drawn
from border_kit.licensing.tolerance import NONE as NO_TOLERANCE
from border_kit.licensing.wording import telling_words
from border_kit.policy import checklists, lane, redflags, responses, risk
from border_kit.policy.profile import Profile
from border_kit.policy.redflags import RedFlag
from border_kit.screening.engine import Screener
from border_kit.screening.findings import findings_for
from border_kit.screening.model import Query, Screening
from border_kit.screening.score import compare
from border_kit.shipment.conveyance import conveyances
from border_kit.shipment.model import Line, Party, Shipment, to_json
from border_kit.text import whole_number

if TYPE_CHECKING:
    from border_kit.certificates.claims import Claims
    from border_kit.desk.certificates import Checked

_Goods = tuple[str, str | None, tuple[tuple[str, str], ...]]

REMEMBERED = 2_000
"""Distinct names, and as many goods lines, whose answers are kept (some 10 kB each); then the memory starts afresh."""

LONGEST_KEPT = 500
"""Characters of a name or goods line whose answer is kept: a longer one hardly comes again, and would weigh."""

MAX_QUESTIONS = 5
"""Questions an officer is shown at once; the rest stay in the findings."""


_ON_PAPER_ALONE = frozenset({"unknown_licence", "registry_missing"})
"""Reasons that a proven certificate answers: the licence of an authority whose registry is not here."""


class DrawnElsewhere(Protocol):
    """Drawings on a licence that its registry does not report yet, but for those under one declaration."""

    def __call__(self, licence: Licence, without: str | None = None) -> Sequence[Usage]:
        """Look into the ledger."""
        ...


@dataclass(slots=True)
class Assessor:
    """The engines and the profile that one thread assesses with; an engine is None where the catalog lacks its volume."""

    catalog: Catalog
    today: date
    classifier: Classifier | None
    screener: Screener | None
    registry: Registry
    profile: Profile | None
    red_flags: Mapping[str, RedFlag]
    code_types: Mapping[str, tuple[str, ...]]
    systems: tuple[System, ...] = ()
    drawn_here: DrawnElsewhere | None = None
    trials: tuple[Profile, ...] = ()
    prove: Callable[[str, Shipment], Checked] | None = None
    draw_secret: bytes | None = None
    """The office's secret for draws by chance; None where no operator is signed in."""
    mark_cleared: Callable[[Query, Screening], Screening] = lambda _, found: found
    """Marks the hits that an officer cleared before."""
    observed: Callable[[Sequence[LineAnswer], Sequence[PartyAnswer]], Iterable[Finding]] = lambda _, __: ()
    """What accepted observations from outside say of a shipment's parties and goods."""
    _classified: dict[_Goods, Classification] = field(default_factory=dict)
    _screened: dict[Query, Screening] = field(default_factory=dict)

    def assess(
        self, shipment: Shipment, answers: Mapping[str, str], ruled: Mapping[str, str] | None = None
    ) -> Assessment:
        """Lane, advice and verdict of a shipment, with the officer's `answers` (question id → yes, no, not_known).

        `ruled` is what a supervisor said to exemptions (id → approved, refused).
        """
        lines = tuple(self.line(line, rating.answers_of(line.no, answers)) for line in shipment.lines)
        parties = tuple(self.party(party) for party in (*shipment.parties, *conveyances(shipment)))
        licences = self.licences(shipment, lines, answers)
        certificates = self.certificates(shipment)
        found = list(self._findings(shipment, lines, parties, licences, answers, ruled or {}))
        found += compose.certificate_findings(certificates)
        found += self.observed(lines, parties)
        flags: tuple[RedFlag, ...] = ()
        if self.profile:
            found += redflags.computed(shipment, self.red_flags, found, self.profile)
            found += redflags.answered(self.red_flags, answers, shipment.id)
            flags = tuple(flag for flag in self.red_flags.values() if flag.kind == "asked")
        looked = self._risk(shipment, found, lines, answers)
        lacking = checklists.finding(looked.statement, shipment.id) if looked and looked.statement else None
        found += [lacking] if lacking else []
        passed = {item.number for item in licences if item.verdict == "pass"}
        questions = _questions(found, lines, passed, flags, answers)
        open_parameters = tuple(rating.open_parameters(lines, passed, answers))
        if looked and self.profile and self.profile.autonomy and looked.autonomy:
            asked = self.profile.autonomy.questions
            questions = (*questions, *(Question(key, text) for key, text in asked.items() if key not in answers))
        return replace(
            self._decided(
                shipment, tuple(found), lines, parties, licences, (questions[:MAX_QUESTIONS], open_parameters)
            ),
            certificates=certificates,
            risk=looked,
            shadow=risk.shadow(self.trials, found),
        )

    def _risk(
        self,
        shipment: Shipment,
        found: Sequence[Finding],
        lines: Iterable[LineAnswer],
        answers: Mapping[str, str],
    ) -> risk.Risk | None:
        """What the profile's criteria, definitions and tiers say of goods that are likely or possibly listed."""
        if self.profile is None:
            return None
        codes = {
            item.code
            for answer in lines
            if answer.classification
            for item in answer.classification.candidates
            if item.band != "weak"
        }
        return risk.look(self.profile, found, answers, codes, shipment.destination)

    def _drawn(self, shipment: Shipment, decision: lane.Decision) -> tuple[lane.Decision, str]:
        """The decision, raised where chance selects a green shipment, and what is said about chance."""
        if self.draw_secret is None or self.profile is None:
            return decision, "No draw by chance took part: no operator of an enrolled office is signed in."
        rate = self.profile.random_per_mille
        text = json.dumps(to_json(shipment), sort_keys=True, ensure_ascii=True).encode()
        if not lane.drawn(self.draw_secret, text, rate):
            return decision, f"Not drawn by chance ({rate} in 1,000)."
        return lane.raised(decision, self.profile.random_lane), f"Drawn by chance ({rate} in 1,000)."

    def of_findings(self, shipment: Shipment, found: tuple[Finding, ...]) -> Assessment:
        """Lane and advice on findings that did not come from looking at a shipment (an overdraw)."""
        return self._decided(shipment, found, (), (), (), (_questions(found, (), (), (), {}), ()))

    def line(self, line: Line, answers: Mapping[str, str] | None = None) -> LineAnswer:
        """What a goods line is, with what the officer answered about it (parameter → answer)."""
        if self.classifier is None:
            return LineAnswer(line, None)
        key = (line.description, line.hs, tuple(sorted((answers or {}).items())))
        known = self._classified.get(key)
        if known is None:
            known = self.classifier.classify(line.description, line.hs, ref=str(line.no), answers=answers)
            if len(line.description) <= LONGEST_KEPT:
                _keep(self._classified, key, known)
        subject = Subject("line", str(line.no))
        return LineAnswer(
            line, replace(known, findings=tuple(replace(item, subject=subject) for item in known.findings))
        )

    def party(self, party: Party) -> PartyAnswer:
        """Whom a party resembles."""
        if self.screener is None or not party.name.strip():
            return PartyAnswer(party, None)
        query = Query(
            party.name,
            kind="vessel" if party.role == "vessel" else None,
            country=party.country,
            born=party.born,
            identifiers=party.identifiers,
        )
        known = self._screened.get(query)
        if known is None:
            known = self.mark_cleared(query, self.screener.screen(query))
            if len(party.name) <= LONGEST_KEPT:
                _keep(self._screened, query, known)
        return PartyAnswer(party, known)

    def licences(
        self, shipment: Shipment, lines: Iterable[LineAnswer], answers: Mapping[str, str]
    ) -> tuple[LicenceAnswer, ...]:
        """The licences that a shipment declares, held against it; `answers` may say that a condition is met or not."""
        if not shipment.licence_numbers:
            return ()
        found = check_all(shipment, self.registry, self._terms(shipment, lines, answers))
        if not any(_ON_PAPER_ALONE.intersection(answer.reasons) for answer in found):
            return found
        papers = self._papers(shipment)
        return tuple(
            papers.get(fold_number(answer.number), answer) if _ON_PAPER_ALONE.intersection(answer.reasons) else answer
            for answer in found
        )

    def _papers(self, shipment: Shipment) -> dict[str, LicenceAnswer]:
        """Licences that no registry here has but a certificate of the shipment proves, held against it, by folded number."""
        found: dict[str, LicenceAnswer] = {}
        for paper in self.certificates(shipment):
            verification = paper.checked.verification
            answer = self.certified(shipment, verification.claims, None) if verification.claims else None
            if verification.proven and verification.verdict != "fail" and answer is not None:
                found[fold_number(answer.number)] = replace(answer, demo=verification.demo)
        return found

    def certified(self, shipment: Shipment, claims: Claims, known: Licence | None) -> LicenceAnswer | None:
        """A shipment held against the licence that a proven certificate states; None where the document is no licence."""
        licence = licence_of(claims, known=known)
        if licence is None:
            return None
        terms = self._terms(shipment, [self.line(line) for line in shipment.lines], {})
        return check_stated(shipment, licence, self.registry, terms)

    def certificates(self, shipment: Shipment) -> tuple[CertificateAnswer, ...]:
        """The certificates of a shipment, each proven and held against it."""
        if self.prove is None:
            return ()
        return tuple(
            CertificateAnswer(str(place), self.prove(text, shipment))
            for place, text in enumerate(dict.fromkeys(shipment.certificates), 1)
        )

    def _terms(self, shipment: Shipment, lines: Iterable[LineAnswer], answers: Mapping[str, str]) -> Terms:
        """The circumstances of a licence check."""
        day = (shipment.date or self.today).isoformat()
        tolerance = self.profile.tolerance(day) if self.profile else NO_TOLERANCE
        return Terms(
            today=self.today,
            classified={answer.line.no: answer.classification for answer in lines if answer.classification},
            code_types=self.code_types,
            tolerance=tolerance,
            max_age_days=self.profile.ages.limits.get("licences") if self.profile else None,
            same_name=compare,
            drawn_here=partial(self.drawn_here, without=shipment.id) if self.drawn_here else nothing_drawn,
            classify=self.classifier.classify if self.classifier else None,
            understood=self.understood,
            answers=condition_answers(answers),
        )

    def understood(self, text: str) -> bool:
        """Whether most words of a text are known here: what they do not say, the text does not say."""
        words = telling_words(text)
        return self.classifier is not None and 2 * len(self.classifier.knows(words)) > len(words)

    def _findings(
        self,
        shipment: Shipment,
        lines: tuple[LineAnswer, ...],
        parties: tuple[PartyAnswer, ...],
        licences: tuple[LicenceAnswer, ...],
        said: Mapping[str, str],
        ruled: Mapping[str, str],
    ) -> Iterator[Finding]:
        day = (shipment.date or self.today).isoformat()
        passed = {item.number for item in licences if item.verdict == "pass"}
        yield from compose.shape_findings(shipment)
        for line in lines:
            yield from compose.goods_findings(line, passed)
        for party in parties:
            yield from findings_for(party.party, party.screening)
        for licence in licences:
            yield from licence.findings
        yield from compose.control_findings(
            lines,
            {item.number: item for item in licences},
            self.code_types,
            lambda answer: compose.exemption_claim(answer, self.profile, shipment.destination, day, said, ruled),
        )
        yield from systems.findings(self.systems, lines, shipment.id)
        yield from compose.data_findings(self.catalog, self.profile, shipment)

    def _decided(
        self,
        shipment: Shipment,
        found: tuple[Finding, ...],
        lines: tuple[LineAnswer, ...],
        parties: tuple[PartyAnswer, ...],
        licences: tuple[LicenceAnswer, ...],
        asked: tuple[tuple[Question, ...], tuple[OpenParameter, ...]],
    ) -> Assessment:
        decision = lane.decide(found, self.profile.rules if self.profile else lane.WITHOUT_PROFILE)
        if decision.decided_by == lane.NOTHING_FOUND:
            found = (*found, lane.nothing_found(shipment.id))
        decision, selection = self._drawn(shipment, decision)
        if decision.decided_by == lane.RANDOM and self.profile:
            found = (*found, lane.selected(shipment.id, self.profile.random_per_mille))
        return Assessment(
            id=shipment.id,
            lane=decision.lane,
            advice=decision.advice,
            verdict=decision.verdict,
            decided_by=decision.decided_by,
            findings=_in_order(found, decision.decided_by),
            lines=lines,
            parties=parties,
            licences=licences,
            certificates=(),
            questions=asked[0],
            open_parameters=asked[1],
            why=decision.why,
            selection=selection,
            profile=f"{self.profile.id} {self.profile.version}: {self.profile.title}" if self.profile else "none",
            response=responses.applying(self.profile.responses, decision.advice, decision.decided_by, found)
            if self.profile and self.profile.responses
            else None,
        )


K = TypeVar("K")
V = TypeVar("V")


def _keep(memory: dict[K, V], key: K, value: V) -> None:
    if len(memory) >= REMEMBERED:
        memory.clear()
    memory[key] = value


def _in_order(findings: Iterable[Finding], deciding: str) -> tuple[Finding, ...]:
    """The deciding finding first, then by weight; the order in which engines answered never shows."""
    return tuple(
        sorted(
            dict.fromkeys(findings),
            key=lambda item: (
                item.code != deciding,
                -item.severity.rank,
                -item.weight,
                item.subject.kind,
                _number(item.subject.ref),
                item.code,
                item.message,
            ),
        )
    )


def _number(ref: str) -> tuple[int, str]:
    number = whole_number(ref, 9)
    return (0, ref) if number is None else (number, "")


def _questions(
    findings: Iterable[Finding],
    lines: Iterable[LineAnswer],
    passed: Collection[str],
    flags: Iterable[RedFlag],
    answers: Mapping[str, str],
) -> tuple[Question, ...]:
    """What to ask, the weightiest first: what findings ask, what lines leave open, then what only the officer can see.

    What was answered is not asked again; "not known" is no answer to that: it stays a question.
    """
    asked: dict[str, Question] = {}
    for finding in sorted(findings, key=lambda item: (-item.severity.rank, item.code, item.subject.ref)):
        if finding.ask and finding.severity is not Severity.INFO and finding.code != "parameter_missing":
            asked.setdefault(finding.ask, Question(f"{finding.code}:{finding.subject.ref}", finding.ask))
    for answer in lines:
        for question in compose.open_parameters(answer, passed):
            asked.setdefault(
                question.ask, Question(rating.question_id(answer.line.no, question.parameter), question.ask)
            )
    if asked:
        for flag in sorted(flags, key=lambda item: (-item.weight, item.id)):
            asked.setdefault(flag.question, Question(flag.id, flag.question))
    left = {
        question.id: question for question in asked.values() if answers.get(question.id, "not_known") == "not_known"
    }
    return tuple(left.values())[:MAX_QUESTIONS]
