"""The rules about places: destination, origin, route.

Countries are ISO 3166-1 alpha-2; a longer code is a group of countries that nobody here can write out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from border_kit.licensing.model import Licence, Rule
from border_kit.licensing.rules import call, failed, holds, unclear
from border_kit.licensing.terms import GUIDANCE
from border_kit.shipment.model import Line, Shipment

_ALPHA_2 = 2


def rules(shipment: Shipment, licence: Licence, lines: Sequence[Line]) -> Iterator[Rule]:
    """The destination must be licensed and not prohibited; neither the route nor the end user may lead elsewhere."""
    if licence.direction and shipment.direction in ("export", "import") and licence.direction != shipment.direction:
        message = f"The licence is for {licence.direction}, the shipment is declared for {shipment.direction}."
        yield failed("direction", "destination_differs", message, shipment.direction, licence.direction)
    if not licence.destinations and licence.origins:
        yield from _origins(licence, lines)  # an import licence says where from, and goods come here
    else:
        yield from _destination(shipment, licence)
        if licence.origins or licence.prohibited_origins:
            yield from _origins(licence, lines)
    yield from _route(shipment, licence)


def _destination(shipment: Shipment, licence: Licence) -> Iterator[Rule]:
    licensed = ", ".join(licence.destinations) or None
    if not shipment.destination:
        message, ask = "The shipment does not state its destination.", "What is the final destination?"
        yield unclear("destination", message, None, licensed, ask)
        return
    found = _allowed(
        "destination", shipment.destination, licence.destinations, licence.prohibited_destinations, licence
    )
    yield found
    if found.outcome == "holds":
        yield from _elsewhere(shipment, licence, licensed)


def _allowed(
    what: str,
    country: str,
    allowed: Sequence[str],
    prohibited: Sequence[str],
    licence: Licence,
    line: int | None = None,
) -> Rule:
    """One country against what a licence allows and prohibits; nothing allowed by name and something prohibited allows the rest."""
    code, licensed = country.upper(), ", ".join(allowed) or None
    if code in prohibited:
        message = f"The licence prohibits {country} as {what}."
        return failed(what, "destination_differs", message, country, f"not {', '.join(prohibited)}")
    unknown = [group for group in (*prohibited, *allowed) if len(group) != _ALPHA_2]
    barred = [group for group in prohibited if len(group) != _ALPHA_2]
    if (code in allowed or (not allowed and prohibited)) and not barred:
        return holds(what, f"The licence is for {country}.", country, licensed or f"all but {', '.join(prohibited)}")
    if not allowed and not prohibited:
        return unclear(what, f"The registry does not say for which {what}s.", country, None, call(licence))
    if unknown:
        message = f"The licence names the group of countries {', '.join(unknown)}, whose members are not known here."
        return unclear(what, message, country, licensed, f"Is {country} one of {', '.join(unknown)}? {call(licence)}")
    return Rule(
        what,
        "fails",
        f"The licence is not for {country}.",
        "destination_differs",
        country,
        licensed,
        line=line,
        cite=GUIDANCE,
    )


def _elsewhere(shipment: Shipment, licence: Licence, licensed: str | None) -> Iterator[Rule]:
    """The route's end and the end user's country, where the destination itself is licensed."""
    good = {*licence.destinations, (shipment.destination or "").upper()}
    if shipment.route and shipment.route[-1].upper() not in good:
        message = f"The route ends in {shipment.route[-1]}, for which the licence is not."
        shown, ask = " → ".join(shipment.route), "Where do the goods go in the end?"
        yield failed("route", "destination_differs", message, shown, licensed, ask)
    for party in shipment.parties:
        if party.role == "end_user" and party.country and licence.destinations and party.country.upper() not in good:
            message = f"The end user is in {party.country}, for which the licence is not."
            yield failed("destination", "destination_differs", message, f"{party.name}, {party.country}", licensed)


def _origins(licence: Licence, lines: Sequence[Line]) -> Iterator[Rule]:
    for line in lines:
        if line.origin:
            yield _allowed("origin", line.origin, licence.origins, licence.prohibited_origins, licence, line.no)
        else:
            message, licensed = f"Line {line.no} does not state its origin.", ", ".join(licence.origins) or None
            yield unclear("origin", message, None, licensed, f"Where do the goods of line {line.no} come from?")


def _route(shipment: Shipment, licence: Licence) -> Iterator[Rule]:
    """Countries on the way, between the first and the last."""
    if not (licence.route or licence.prohibited_route):
        return
    shown = " → ".join(shipment.route) or None
    if not shipment.route:
        yield unclear(
            "route",
            "The shipment does not state its route.",
            None,
            ", ".join(licence.route) or None,
            "By which countries?",
        )
    for country in shipment.route[1:-1] if len(shipment.route) > 1 else ():
        found = _allowed("route", country, licence.route, licence.prohibited_route, licence)
        if found.outcome != "holds":
            yield Rule(
                "route", found.outcome, found.message, found.reason, shown, found.right, found.ask, cite=GUIDANCE
            )
