"""The desk: one object that composes catalog, engines, profile, casebook and clock. Both faces talk to it, and only to it.

Rooms are imported when first asked for: a question about a name never loads the classification.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from border_kit import disk
from border_kit.catalog.volumes import Catalog, open_catalog
from border_kit.clock import stamp
from border_kit.desk.settings import Settings
from border_kit.errors import StoreError, UsageError
from border_kit.findings import Json

if TYPE_CHECKING:
    from border_kit.casework.case import Casebook
    from border_kit.casework.clearings import Clearing
    from border_kit.casework.summary import CaseRow
    from border_kit.catalog.dossier import Dossier
    from border_kit.classification.engine import Classifier
    from border_kit.classification.model import Classification
    from border_kit.desk.answers import Assessment
    from border_kit.desk.assess import Assessor
    from border_kit.desk.bulk import Bulk
    from border_kit.desk.certificates import CertificateDesk
    from border_kit.desk.clearings import Clearings
    from border_kit.desk.licences import LicenceDesk
    from border_kit.desk.observations import Observed
    from border_kit.desk.seen import SeenBook
    from border_kit.licensing.ledger import Ledger
    from border_kit.licensing.model import LicenceAnswer
    from border_kit.licensing.registry import Registry
    from border_kit.screening.engine import Screener
    from border_kit.screening.model import Query, Screening
    from border_kit.shipment.model import Shipment


Known = TypeVar("Known")


class Desk:
    """Everything one thread needs to answer. A worker thread takes `again()`."""

    def __init__(self, settings: Settings) -> None:
        """Open nothing yet: a question opens what it needs."""
        self.settings = settings
        self.clock = settings.clock()

    def again(self) -> Desk:
        """A desk with the same settings and connections of its own."""
        return Desk(self.settings)

    def set_clock(self, moment: datetime) -> None:
        """Go on at another moment (training: its clock moves with what is done). What was opened for another day is opened anew."""
        day = self.clock.now().date()
        self.settings = replace(self.settings, now=moment)
        self.clock = self.settings.clock()
        if moment.date() != day:
            self.close()

    def close(self) -> None:
        """Close what was opened."""
        for name in ("bulk", "catalog", "casebook", "cases", "seen", "ledger", "_read_ledger", "_held"):
            opened = self.__dict__.pop(name, None)
            if opened is not None:
                opened.close()
        for name in (
            "screener",
            "classifier",
            "registry",
            "assessor",
            "licences",
            "certificates",
            "clearings",
            "observations",
        ):
            self.__dict__.pop(name, None)

    # What the desk is made of

    @cached_property
    def catalog(self) -> Catalog:
        """The open catalog. Raises CatalogError."""
        root = self.settings.catalog_root()
        self._held = disk.Held(root)  # a pull elsewhere tidies away no generation that somebody works with
        return open_catalog(root, self.clock.now().date(), self.settings.as_of)

    @cached_property
    def casebook(self) -> Casebook:
        """The open casebook. Raises StoreError, and UsageError when the clock was set by hand."""
        from border_kit.casework.case import Casebook
        from border_kit.casework.log import Unsigned

        if not self.settings.keeps:
            raise UsageError(
                "clock_set",
                "With --now no casebook is written.",
                "Leave --now out; it is for tests and training.",
            )
        book = Casebook.at(self.settings.casebook_path())
        if self.settings.operator is not None:
            book.author = Unsigned(self.settings.operator)
            if self.settings.pin is not None and book.office is not None:
                book.sign_in(self.settings.operator, self.settings.pin(self.settings.operator))
        return book

    @cached_property
    def cases(self) -> Casebook:
        """The casebook for reading, also under a set clock. Raises StoreError."""
        from border_kit.casework.case import Casebook

        return self.casebook if self.settings.keeps else Casebook.at(self.settings.casebook_path(), reading=True)

    @cached_property
    def ledger(self) -> Ledger:
        """The office's usage ledger. Raises StoreError, and UsageError when the clock was set by hand and training did not make it."""
        import secrets

        from border_kit.licensing.ledger import Ledger

        path = self.settings.ledger_path()
        if self.settings.now is not None:
            self._refuse_set_clock(path)
        opened = self.__dict__.pop("_read_ledger", None)
        if opened is not None:
            opened.close()
        office = self.cases.office if self.settings.casebook_path().is_file() else None
        return Ledger.at(path, lambda: f"{office.id if office else 'office'}~{secrets.token_hex(4)}")

    def _refuse_set_clock(self, path: Path) -> None:
        if not (path.is_file() and self.drawings.training):
            raise UsageError(
                "clock_set", "With --now no ledger is written.", "Leave --now out; it is for tests and training."
            )

    @property
    def drawings(self) -> Ledger:
        """The usage ledger for reading, also under a set clock; an empty one where the office has none yet. Raises StoreError."""
        opened: Ledger | None = self.__dict__.get("ledger")
        return opened if opened is not None else self._read_ledger

    @cached_property
    def _read_ledger(self) -> Ledger:
        from border_kit.licensing.ledger import Ledger

        return Ledger.reading(self.settings.ledger_path())

    @cached_property
    def licences(self) -> LicenceDesk:
        """Licence pages, drawing and what falls due."""
        from border_kit.desk.licences import LicenceDesk

        return LicenceDesk(self)

    @cached_property
    def screener(self) -> Screener:
        """The screening engine on this catalog. Raises CatalogError when it has no parties."""
        from border_kit.screening.engine import Screener

        self.catalog.info("parties")
        return Screener(self.catalog)

    @cached_property
    def clearings(self) -> Clearings:
        """The office's cleared decisions on this catalog; none where there is no casebook, or none that can be read.

        An unreadable casebook must not keep a post from screening: without it every alert stands.
        """
        from border_kit.casework.clearings import standing
        from border_kit.desk.clearings import Clearings

        return Clearings(self.catalog, self._as_known(standing))

    @cached_property
    def observations(self) -> Observed:
        """The observations from outside that are heard today; none where there is no casebook, or none that can be read."""
        from border_kit.casework.observations import listed
        from border_kit.desk.observations import heard, today

        return heard(self._as_known(lambda book: listed(book, today(self))))

    def _as_known(self, read: Callable[[Casebook], list[Known]]) -> list[Known]:
        """What the office's log knows, read without a word to it; nothing where there is no casebook, or none that can be read."""
        path = self.settings.casebook_path()
        if not path.is_file():
            return []
        from border_kit.casework.case import Casebook

        try:
            book = Casebook.at(path, reading=True)
        except StoreError:
            return []
        try:
            return read(book)
        except StoreError:
            return []
        finally:
            book.close()

    @cached_property
    def classifier(self) -> Classifier:
        """The classification engine on this catalog. Raises CatalogError when it has no controls."""
        from border_kit.classification.engine import Classifier

        self.catalog.info("controls")
        return Classifier(self.catalog)

    @cached_property
    def registry(self) -> Registry:
        """The licence registries of this catalog."""
        from border_kit.licensing.registry import Registry

        return Registry(self.catalog)

    @cached_property
    def assessor(self) -> Assessor:
        """What assesses whole shipments: every engine that this catalog has data for. Raises CatalogError."""
        from border_kit.desk import compose, systems
        from border_kit.desk.assess import Assessor
        from border_kit.policy import profile, redflags

        controls = self.catalog.has("controls")
        policy = profile.load(self.catalog) if controls else None
        if policy is not None and self.settings.exemptions:
            issuers = policy.exemption_issuers
            if issuers is not None:
                issuers |= {item.issuer for item in self.settings.exemptions}
            known = (*self.settings.exemptions, *policy.exemptions)
            policy = replace(policy, exemptions=known, exemption_issuers=issuers)
        if policy is not None and self.settings.tolerance:
            policy = replace(policy, tolerances=(self.settings.tolerance,))
        return Assessor(
            catalog=self.catalog,
            today=self.settings.as_of or self.clock.now().date(),
            drawn_here=self.licences.drawn_here,
            classifier=self.classifier if controls else None,
            screener=self.screener if self.catalog.has("parties") else None,
            registry=self.registry,
            profile=policy,
            red_flags=redflags.load(self.catalog) if controls else {},
            code_types=compose.document_codes(self.catalog) if controls else {},
            systems=systems.load(self.catalog) if controls else (),
            trials=profile.shadows(self.catalog) if controls else (),
            mark_cleared=self.clearings.marked,
            observed=self.observations.findings,
            prove=lambda text, shipment: self.certificates.verify(text, shipment=shipment),
        )

    def sign_in(self, badge: str, pin: str) -> tuple[str, str | None]:
        """Who acts from now on; no badge signs off. Says so, and gives the badge. Raises UsageError, StoreError."""
        from border_kit.casework.log import Unsigned

        book = self.casebook
        if not badge:
            book.author = Unsigned()
            return "Nobody is signed in.", None
        if book.office is None:
            book.author = Unsigned(badge)
            return f"{badge} acts. No operators are enrolled: events are unsigned.", badge
        who = book.sign_in(badge, pin).operator
        return f"{who.name} ({who.role}) is signed in.", badge

    def acting(self) -> str | None:
        """Who writes the ledger and the queue: whoever is signed in; before operators are enrolled, who they say they are.

        Raises UsageError where the office has operators and none is signed in whose work this is.
        """
        if not self.settings.keeps or not self.settings.casebook_path().is_file():
            return self.settings.operator
        return self.casebook.acting("recorded")

    @cached_property
    def certificates(self) -> CertificateDesk:
        """What proves certificates."""
        from border_kit.desk.certificates import CertificateDesk

        return CertificateDesk(self)

    @cached_property
    def bulk(self) -> Bulk:
        """The triage queue, and what works on it. Raises StoreError."""
        from border_kit.desk.bulk import Bulk

        return Bulk(self)

    @cached_property
    def seen(self) -> SeenBook:
        """The office's record of certificates that were shown; only to look into under a set clock. Raises StoreError."""
        from border_kit.desk.seen import SeenBook

        path = self.settings.seen_path()
        return SeenBook.at(path) if self.settings.keeps else SeenBook.reading(path)

    # What the desk answers

    @property
    def moment(self) -> str:
        """Now, as every output echoes it."""
        return stamp(self.clock.now())

    def classify(self, text: str, hs: str | None = None, answers: Mapping[str, str] | None = None) -> Classification:
        """What goods a description names, with `answers` (parameter → answer). Raises CatalogError, UsageError."""
        return self.classifier.classify(text, hs, answers=answers)

    def screen(self, query: Query) -> Screening:
        """Whom a name resembles. Raises CatalogError when the catalog has no parties."""
        return self.clearings.marked(query, self.screener.screen(query))

    def dossier(self, party: str) -> Dossier:
        """What the lists say of a party. Raises CatalogError."""
        from border_kit.catalog.dossier import dossiers

        return dossiers(self.catalog, [party])[party]

    def party_lists(self) -> tuple[str, ...]:
        """The ids of the party lists of this catalog. Raises CatalogError."""
        rows = self.catalog.rows("parties", "SELECT DISTINCT list FROM edition WHERE current = 1 ORDER BY list")
        return tuple(row["list"] for row in rows)

    def clear(self, query: Query, party: str, because: str) -> Screening:
        """Record that a name does not mean a party it resembles; the answer as it is afterwards.

        `party` is the hit's id or any of its listings as `LIST:ID`. Raises InputError, UsageError, StoreError.
        """
        from border_kit.casework import clearings

        data = self.clearings.record_of(query, self.screener.screen(query), party)
        clearings.record(self.casebook, data, because, at=self.clock.now())
        self.forget("clearings")
        return self.screen(query)

    def withdraw_clearing(self, number: int, because: str) -> None:
        """Let a cleared hit alert again. Raises InputError, UsageError, StoreError."""
        from border_kit.casework import clearings

        clearings.withdraw(self.casebook, number, because, at=self.clock.now())
        self.forget("clearings")

    def cleared(self) -> list[Clearing]:
        """The clearings that stand, oldest first. Raises StoreError."""
        return list(self.clearings.found)

    def forget(self, name: str) -> None:
        """Read what the log knows (`clearings`, `observations`) anew when it is next asked for."""
        for known in (name, "assessor"):
            self.__dict__.pop(known, None)

    def check_licences(self, shipment: Shipment, answers: Mapping[str, str] | None = None) -> tuple[LicenceAnswer, ...]:
        """The licences that a shipment declares, held against it, with the officer's `answers` to their conditions."""
        assessor = self.assessor
        return assessor.licences(shipment, [assessor.line(line) for line in shipment.lines], answers or {})

    def case_answers(self, number: str | None) -> Mapping[str, str]:
        """What was answered in a case; nothing where there is none."""
        return self.cases.show(number).answers if number else {}

    def assess(
        self,
        shipment: Shipment,
        answers: Mapping[str, str] | None = None,
        ruled: Mapping[str, str] | None = None,
    ) -> Assessment:
        """Lane, advice and verdict of a shipment, with the officer's `answers` (question id → yes, no, not_known).

        `ruled` is what a supervisor said to exemptions (id → approved, refused).
        """
        self.assessor.draw_secret = self.draw_secret()
        return self.assessor.assess(shipment, answers or {}, ruled)

    def draw_secret(self) -> bytes | None:
        """The office's secret for draws by chance, where an operator is signed in; nobody is asked to for a look."""
        book: Casebook | None = self.__dict__.get("casebook")
        return book.draw_secret if book is not None else None

    def save_case(self, shipment: Shipment, assessment: Assessment, source: str = "") -> CaseRow:
        """Open a case on an assessment, with the editions of the data it rests on; one alone of a `source`. Raises StoreError."""
        from border_kit.shipment.model import to_json

        row = self.casebook.open_case(to_json(shipment), self.kept(assessment), at=self.clock.now(), source=source)
        self.certificates.record((answer.checked for answer in assessment.certificates), shipment)
        return row

    def kept(self, assessment: Assessment) -> dict[str, Json]:
        """An assessment as a case keeps it: with the editions of the data it rests on."""
        return {**assessment.to_json(), "catalog": self.catalog.ages()}
