"""Certificates at the desk: the paper is proven, then held against the registry and the shipment it was shown with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from border_kit.catalog.volumes import Catalog
from border_kit.certificates import trust
from border_kit.certificates.claims import Claims, LicenceLine
from border_kit.certificates.issue import goods_digest
from border_kit.certificates.profiles import PROFILES
from border_kit.certificates.verdict import Compared, Outcome, State, Verification
from border_kit.certificates.verify import Circumstances, Verifier
from border_kit.desk.seen import Shown
from border_kit.findings import Json
from border_kit.licensing.model import BAD_STATUSES, Authority, Licence, LicenceAnswer, plain
from border_kit.screening.model import ALERT
from border_kit.shipment.model import Shipment
from border_kit.sync.moment import OfficeClock
from border_kit.text import clean_line, fold

if TYPE_CHECKING:
    from border_kit.desk.desk import Desk


@dataclass(frozen=True, slots=True)
class Checked:
    """A certificate as proven, and where else it was shown, the oldest first."""

    verification: Verification
    seen: tuple[Shown, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """The verification, and `seen`."""
        return {**self.verification.to_json(), "seen": [row.to_json() for row in self.seen]}


class CertificateDesk:
    """Verifies certificates at one desk: its trust list, its registries, its office's record of what was shown."""

    def __init__(self, desk: Desk) -> None:
        """Work for a desk; nothing is opened yet."""
        self._desk = desk
        self._verifier: Verifier | None = None
        self._limits: dict[str, int] | None = None

    @property
    def trust_list(self) -> trust.TrustList | None:
        """The trust list of the catalog. Raises CatalogError on a damaged volume."""
        return self._own().trust

    def verify(
        self,
        text: str,
        profile: str = "licence",
        *,
        certificates: Iterable[str] | None = None,
        now: datetime | None = None,
        shipment: Shipment | None = None,
    ) -> Checked:
        """Take a certificate's text through every stage.

        Args:
            text: as it was scanned.
            profile: `licence` or `hcert`.
            certificates: base64 DER certificates that replace the trust list for this question.
            now: the moment of the check, where it is not the desk's.
            shipment: what it was shown with.
        """
        moment = now or self._desk.clock.now()
        verifier = self._own() if certificates is None else Verifier(trust.handed_in(certificates))
        stated = isinstance(self._desk.clock, OfficeClock) and self._desk.clock.is_stated and now is None
        given = Circumstances(now=moment, vouched=self._vouched, doubted=stated)
        if certificates is None:
            live = now is None and self._desk.settings.now is None
            given = replace(given, max_age_days=self._limit("trust"), seen=self._newest() if live else None)
        found = verifier.verify(text, PROFILES[profile], given)
        claims = found.claims
        if claims is None or not found.proven:
            return Checked(found)
        if found.verdict != "fail":
            found = self._held_against(found, claims, verifier, moment, shipment)
        return Checked(found, self._seen(claims, shipment))

    def record(self, checked: Iterable[Checked], shipment: Shipment) -> None:
        """Keep that proven certificates were shown with a shipment. Raises StoreError."""
        office = shipment.office or "not stated"
        rows = [
            Shown(
                claims.issuer,
                claims.cti,
                claims.number,
                clean_line(shipment.id, 200),
                clean_line(office, 200),
                self._desk.moment,
            )
            for claims in (one.verification.claims for one in checked if one.verification.proven)
            if claims is not None
        ]
        known = {
            (row.issuer, row.cti, row.shipment, row.office)
            for one in rows
            for row in self._desk.seen.of(one.issuer, one.cti)
        }
        new = [row for row in rows if (row.issuer, row.cti, row.shipment, row.office) not in known]
        if new:
            self._desk.seen.add(new)

    def keep(self, proof: Mapping[str, Json], case: str) -> str:
        """Save a verification, as it was shown, into a case. Gives the case. Raises InputError, StoreError, UsageError."""
        self._desk.casebook.row(case)
        claims = proof.get("claims")
        number = claims["number"] if isinstance(claims, dict) else None
        kept: dict[str, Json] = {
            "number": number,
            "verdict": proof["verdict"],
            "proof": dict(proof),
            "catalog": self._desk.catalog.ages(),
        }
        self._desk.casebook.append(case, "certificate", kept, at=self._desk.clock.now())
        return case

    def _seen(self, claims: Claims, shipment: Shipment | None) -> tuple[Shown, ...]:
        """Where a certificate was shown, but for this very shipment."""
        rows = self._desk.seen.of(claims.issuer, claims.cti)
        own = clean_line(shipment.id, 200) if shipment else None
        return tuple(
            row for row in rows if row.shipment != own or (shipment and row.office != (shipment.office or "not stated"))
        )

    def _held_against(
        self, found: Verification, claims: Claims, verifier: Verifier, now: datetime, shipment: Shipment | None
    ) -> Verification:
        known = self._known(claims)
        home = verifier.trust is not None and claims.issuer in verifier.trust.home
        found = found.followed(registry=self._registry(claims, known, now, home=home))
        if shipment is None or found.verdict == "fail":
            return found
        return found.followed(shipment=self._shipment(shipment, claims, known))

    def _newest(self) -> datetime | None:
        """The newest moment that this office knows to have passed: a paper that was shown, or data that were signed."""
        signed = self._desk.clock.signed if isinstance(self._desk.clock, OfficeClock) else None
        return max((moment for moment in (self._desk.seen.newest, signed) if moment is not None), default=None)

    def _limit(self, kind: str) -> int | None:
        """Days from which a kind of volume cannot clear anything. Raises CatalogError."""
        if self._limits is None:
            from border_kit.policy.profile import load

            known = self._desk.catalog.has("controls")
            self._limits = dict(load(self._desk.catalog).ages.limits) if known else {}
        return self._limits.get(kind)

    def _own(self) -> Verifier:
        if self._verifier is None:
            self._verifier = Verifier(trust.load(self._desk.catalog))
        return self._verifier

    def _known(self, claims: Claims) -> Licence | None:
        """The registry's row of a certificate: the licence itself, of the same authority."""
        found = self._desk.registry.find(claims.number)
        return found if found is not None and found.authority.id == claims.issuer else None

    def _vouched(self, claims: Claims) -> bool:
        """Whether the issuer's registry holds this very certificate, by its number and its own random number."""
        known = self._known(claims)
        return known is not None and (known.cti or "").casefold() == claims.cti

    def _registry(self, claims: Claims, known: Licence | None, now: datetime, *, home: bool) -> Outcome:
        authority = next((one for one in self._desk.registry.authorities if one.id == claims.issuer), None)
        if authority is None:
            words = f"No registry of {claims.issuer} is here: nothing could be compared."
            return Outcome("cannot_tell", words, ("registry_missing",)) if home else Outcome("skipped", words)
        if known is None:
            return _not_registered(claims, authority)
        compared = tuple(compare_registry(claims, known, self._same))
        codes = tuple(registry_codes(claims, known, compared, now))
        if codes:
            words = "The registry says otherwise: " + "; ".join(_CODE_WORDS.get(code, code) for code in codes) + "."
            return Outcome("failed", words, codes, compared)
        return self._registered(authority.as_of, compared, now)

    def _registered(self, as_of: date | None, compared: tuple[Compared, ...], now: datetime) -> Outcome:
        """The registry agrees, if it is new enough to say so."""
        limit, day = self._limit("licences"), as_of.isoformat() if as_of else "no stated date"
        if limit is not None and as_of is not None and (now.date() - as_of).days > limit:
            words = f"The registry agrees, but it is of {day}: too old to clear anything."
            return Outcome("cannot_tell", words, ("registry_too_old",), compared)
        return Outcome("ok", f"The registry of {day} has the same licence.", (), compared)

    @staticmethod
    def _same(left: str, right: str) -> bool:
        from border_kit.screening.score import compare

        return fold(left) == fold(right) or compare(left, right).score >= ALERT

    def _shipment(self, shipment: Shipment, claims: Claims, known: Licence | None) -> Outcome:
        if known is not None and claims.goods_hash is not None:
            known = replace(known, goods_hash=claims.goods_hash)  # the stage before has compared them
        answer = self._desk.assessor.certified(shipment, claims, known)
        compared = tuple(compare_shipment(shipment, claims, self._same)) if answer is None else _rules_compared(answer)
        if answer is not None:
            if answer.verdict == "pass":
                return Outcome("ok", "The shipment is what the certificate covers.", (), compared)
            state: State = "failed" if answer.verdict == "fail" else "cannot_tell"
            words = "; ".join(rule.message for rule in answer.rules if rule.reason) or "The shipment does not agree."
            return Outcome(state, words, answer.reasons, compared)
        differ = [row for row in compared if not row.same]
        if differ:
            codes = tuple(_DIFFERS[row.what] for row in differ)
            return Outcome(
                "failed", "The shipment differs: " + ", ".join(row.what for row in differ) + ".", codes, compared
            )
        return Outcome("ok", "Destination and end user of the shipment are those of the certificate.", (), compared)


def list_ages(catalog: Catalog) -> list[int]:
    """How many days old the newest status list of each address is; nothing where there is no trust list. Raises CatalogError."""
    if not catalog.has("trust"):
        return []
    rows = catalog.rows("trust", "SELECT max(as_of) AS newest FROM status_list GROUP BY authority, uri")
    return [max(0, (catalog.today - date.fromisoformat(row["newest"][:10])).days) for row in rows]


def _not_registered(claims: Claims, authority: Authority) -> Outcome:
    if claims.document != "EL":
        return Outcome("skipped", "Registries hold licences; this certificate is none.")
    words = f"The registry of {claims.issuer} has no licence {claims.number}"
    if authority.as_of is not None and authority.as_of < claims.issued_at.date():
        return Outcome("cannot_tell", f"{words}, and is older than the certificate.", ("registry_too_old",))
    return Outcome("failed", f"{words}.", ("unknown_licence",))


_DIFFERS = {"destination": "destination_differs", "end user": "end_user_differs"}
_CODE_WORDS = {
    "cti_differs": "another certificate was issued for this licence",
    "registry_differs": "what it says differs",
}


def _rules_compared(answer: LicenceAnswer) -> tuple[Compared, ...]:
    """Licensing's rules as pairs: its left is the shipment, its right the licence."""
    return tuple(
        Compared(rule.name.replace("_", " "), rule.right, rule.left, rule.outcome in ("holds", "note"))
        for rule in answer.rules
        if rule.left is not None or rule.right is not None
    )


def registry_codes(claims: Claims, known: Licence, compared: Iterable[Compared], now: datetime) -> Iterable[str]:
    """Why the registry contradicts a certificate: its own status words, another certificate, or other content."""
    status = known.status_on(now.date())
    if status in BAD_STATUSES:
        yield status
    if known.cti is not None and known.cti.casefold() != claims.cti:
        yield "cti_differs"
    if any(not row.same for row in compared):
        yield "registry_differs"


def compare_registry(claims: Claims, known: Licence, same: Callable[[str, str], bool]) -> Iterable[Compared]:
    """What the paper and the registry say of the same things, side by side; what either leaves open is not compared."""
    for what, paper, other in (
        ("exporter", claims.exporter, known.holder),
        ("end user", claims.end_user, known.end_user),
    ):
        if paper and other:
            yield Compared(what, paper, other, same(paper, other))
    if claims.destination and known.destinations:
        yield Compared(
            "destination", claims.destination, ", ".join(known.destinations), claims.destination in known.destinations
        )
    if claims.goods_hash is not None:
        digest = goods_digest(known.lines)
        yield Compared("goods", claims.goods_hash[:16], digest[:16], claims.goods_hash == digest)
    for line in claims.lines:
        yield _compare_line(line, known.line(line.no))


def _compare_line(line: LicenceLine, other: LicenceLine | None) -> Compared:
    paper, registered = _goods(line), _goods(other) if other else None
    return Compared(f"line {line.no}", paper, registered, registered is not None and fold(paper) == fold(registered))


def _goods(line: LicenceLine) -> str:
    quantity, value = plain(line.quantity), plain(line.value)
    amount = " ".join(part for part in (quantity, line.unit if quantity else None) if part)
    worth = " ".join(part for part in (value, line.currency if value else None) if part)
    return ", ".join(part for part in (line.control_code, line.hs and f"HS {line.hs}", amount, worth) if part)


def compare_shipment(shipment: Shipment, claims: Claims, same: Callable[[str, str], bool]) -> Iterable[Compared]:
    """What an end-user or delivery certificate and the shipment say of where the goods go."""
    place = claims.destination or claims.end_use_state
    if place and shipment.destination:
        yield Compared("destination", place, shipment.destination, place == shipment.destination.upper())
    users = [
        party.name
        for role in ("end_user", "consignee")
        for party in shipment.parties
        if party.role == role and party.name
    ]
    if claims.end_user and users:
        yield Compared("end user", claims.end_user, users[0], any(same(claims.end_user, user) for user in users))
