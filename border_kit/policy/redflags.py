"""Red flags that the documents themselves can show; the others are the officer's to ask.

Sources: 15 CFR 732 Supp. No. 3; FinCEN and BIS joint notice FIN-2023-NTC2; Wassenaar Arrangement advisory questions. Titles,
weights and citations come from the table `red_flag`; a flag without a row there is not raised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from border_kit.catalog.volumes import Catalog
from border_kit.findings import Evidence, Finding, Severity, Subject
from border_kit.policy.profile import Profile
from border_kit.shipment.model import Party, Shipment
from border_kit.text import tokens


@dataclass(frozen=True, slots=True)
class RedFlag:
    """One red flag as the catalog has it: computed from papers, or asked."""

    id: str
    title: str
    kind: str
    question: str
    weight: int
    cite: str


def load(catalog: Catalog) -> dict[str, RedFlag]:
    """The red flags in force, by id."""
    rows = catalog.rows("controls", f"SELECT * FROM red_flag WHERE {catalog.in_force} ORDER BY weight DESC, id")
    return {
        row["id"]: RedFlag(row["id"], row["title"], row["kind"], row["question"], row["weight"], row["cite"])
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class Seen:
    """What a flag's check saw: a sentence, the subject, and two values side by side where there are two."""

    message: str
    subject: Subject
    left: str | None = None
    right: str | None = None


Check = Callable[[Shipment, Profile], Seen | None]


def computed(
    shipment: Shipment, flags: Mapping[str, RedFlag], findings: Iterable[Finding], profile: Profile
) -> tuple[Finding, ...]:
    """The red flags that a shipment's papers show. `findings` are the engines'; the profile sets limits and trade words."""
    seen = {name: check(shipment, profile) for name, check in _CHECKS.items() if name in flags}
    if "hs-disagrees" in flags:
        seen["hs-disagrees"] = _hs_disagrees(findings)
    return tuple(_finding(flags[name], what) for name, what in seen.items() if what is not None)


def answered(flags: Mapping[str, RedFlag], answers: Mapping[str, str], shipment_ref: str) -> tuple[Finding, ...]:
    """The flags that the officer answered with yes. "Not known" is never no: it stays a question."""
    return tuple(
        _finding(
            flags[name], Seen(f"The officer answered: {flags[name].title.lower()}.", Subject("shipment", shipment_ref))
        )
        for name, answer in sorted(answers.items())
        if answer == "yes" and name in flags
    )


def _finding(flag: RedFlag, seen: Seen) -> Finding:
    return Finding(
        code="flag_" + flag.id.replace("-", "_"),
        severity=Severity.ASK,
        subject=seen.subject,
        message=seen.message,
        evidence=(Evidence(flag.title, row=f"red_flag:{flag.id}", left=seen.left, right=seen.right),),
        ask=flag.question,
        citation=flag.cite,
        weight=flag.weight,
    )


def _about(party: Party) -> Subject:
    return Subject("party", party.ref)


def _forwarder_is_consignee(shipment: Shipment, _profile: Profile) -> Seen | None:
    consignee, forwarder = shipment.first("consignee"), shipment.first("forwarder")
    if consignee is None or forwarder is None or _words(consignee.name) != _words(forwarder.name):
        return None
    return Seen("The freight forwarder is the final consignee.", _about(consignee), forwarder.name, consignee.name)


def _consignee_is_bank(shipment: Shipment, profile: Profile) -> Seen | None:
    consignee = shipment.first("consignee")
    if consignee is None or not _words(consignee.name) & profile.words("bank"):
        return None
    return Seen("The consignee is a bank.", _about(consignee), right=consignee.name)


def _forwarder_name_as_consignee(shipment: Shipment, profile: Profile) -> Seen | None:
    consignee = shipment.first("consignee")
    if consignee is None or shipment.first("end_user") is not None:
        return None
    if not _words(consignee.name) & profile.words("forwarding"):
        return None
    return Seen(
        "The consignee looks like a forwarder, and no end user is named.", _about(consignee), right=consignee.name
    )


def _roundabout(shipment: Shipment, profile: Profile) -> Seen | None:
    route = [country for country in shipment.route if country]
    if not route:
        return None
    subject = Subject("shipment", shipment.id)
    shown = " → ".join(route)
    if len(set(route)) < len(route):
        return Seen("The route passes the same country twice.", subject, right=shown)
    if shipment.destination and shipment.destination in route[:-1]:
        return Seen("The route goes on beyond the stated destination.", subject, shipment.destination, shown)
    if len(route) - 2 > profile.route_stops:
        return Seen(
            f"The route has {len(route) - 2} countries between departure and destination.", subject, right=shown
        )
    return None


def _hs_disagrees(findings: Iterable[Finding]) -> Seen | None:
    for finding in findings:
        if finding.code == "hs_disagrees":
            pair: Sequence[Evidence] = finding.evidence[:1]
            return Seen(finding.message, finding.subject, *((pair[0].left, pair[0].right) if pair else ()))
    return None


def _words(name: str) -> frozenset[str]:
    return frozenset(token.text for token in tokens(name))


_CHECKS: dict[str, Check] = {
    "forwarder-is-consignee": _forwarder_is_consignee,
    "consignee-is-forwarder": _forwarder_name_as_consignee,
    "consignee-is-bank": _consignee_is_bank,
    "roundabout-route": _roundabout,
}
