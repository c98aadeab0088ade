"""A licence from what its certificate claims: the one place where a paper becomes a `Licence`."""

from __future__ import annotations

from datetime import timedelta

from border_kit.certificates.claims import Claims, LicenceLine
from border_kit.licensing.model import Authority, Licence


def licence_of(claims: Claims, authority: Authority | None = None, known: Licence | None = None) -> Licence | None:
    """The licence that a certificate states; None where the document is none (an end-user or delivery certificate).

    A certificate states no type and no status: it is taken as an individual licence that was issued, unless the registry's own
    row (`known`) says more. `expires` is the first moment that is no longer good, `valid_to` the last good day. Where the paper
    carries the hash of its goods instead of the goods, they are the registry's, if their hash there is the same.
    """
    if claims.document != "EL":
        return None
    return Licence(
        number=claims.number,
        type=known.type if known else "individual",
        status=known.status if known else "issued",
        authority=known.authority if known else authority or Authority(claims.issuer, claims.issuer),
        direction="export",
        holder=claims.exporter,
        consignee=known.consignee if known else None,
        end_user=claims.end_user,
        destinations=tuple(
            dict.fromkeys(place.upper() for place in (claims.destination, claims.end_use_state) if place)
        ),
        valid_from=claims.not_before.date(),
        valid_to=(claims.expires - timedelta(microseconds=1)).date(),
        conditions=claims.conditions,
        lines=_lines(claims, known),
        usage=known.usage if known else (),
        obligations=known.obligations if known else (),
        history=known.history if known else (),
        cti=claims.cti,
        status_index=claims.status.index if claims.status else None,
        goods_hash=claims.goods_hash,
        source="certificate",
    )


def _lines(claims: Claims, known: Licence | None) -> tuple[LicenceLine, ...]:
    if claims.lines or not claims.goods_hash:
        return claims.lines
    same = known is not None and (known.goods_hash or "").casefold() == claims.goods_hash.casefold()
    return known.lines if known is not None and same else ()
