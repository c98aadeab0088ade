"""Tiers: how autonomous the goods are and where they go, together, decide which assurances are demanded.

The matrix is data of the profile and has no gap (`policy lint`). Where answers leave several levels possible, the highest
of them counts for what is demanded: not known raises the checks, not the level.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from border_kit.errors import CatalogError
from border_kit.findings import Json
from border_kit.policy.autonomy import Classified


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier and what it demands."""

    id: str
    title: str
    assurances: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tiers:
    """`matrix` is by (level of `definition`, band of the destination); countries that no band names are `otherwise`."""

    definition: str
    destinations: Mapping[str, str]
    otherwise: str
    matrix: Mapping[tuple[str, str], str]
    tiers: Mapping[str, Tier]
    cite: str

    def band(self, destination: str | None) -> str:
        """The band of a destination (ISO 3166-1 alpha-2); the profile's own word for one it does not name."""
        return self.destinations.get(destination or "", self.otherwise)


@dataclass(frozen=True, slots=True)
class TierView:
    """The tier of a shipment; `raised` says that an answer not known counted as the worst it leaves possible."""

    tier: Tier
    level: str
    destination: str
    raised: bool
    cite: str

    def to_json(self) -> dict[str, Json]:
        """The field `tier`."""
        return {
            "tier": self.tier.id,
            "title": self.tier.title,
            "assurances": list(self.tier.assurances),
            "level": self.level,
            "destination_band": self.destination,
            "raised_by_unknown": self.raised,
            "citation": self.cite,
        }


def tier_of(tiers: Tiers, classified: tuple[Classified, ...], destination: str | None) -> TierView | None:
    """The tier, or None where nothing was classified under the definition that tiers go by. Raises CatalogError at a gap."""
    found = next((item for item in classified if item.definition.id == tiers.definition), None)
    if found is None or not found.possible:
        return None
    level, band = found.possible[0].id, tiers.band(destination)
    tier = tiers.tiers.get(tiers.matrix.get((level, band), ""))
    if tier is None:
        raise CatalogError(
            "profile_gap",
            f"The policy profile has no tier for {level} × {band}.",
            "border-kit policy lint shows its gaps; have the profile corrected.",
        )
    return TierView(tier, level, band, found.level is None, tiers.cite)


def parse(spec: Mapping[str, Any]) -> Tiers:
    """Read the section as authored. Raises KeyError, TypeError, ValueError."""
    return Tiers(
        definition=str(spec["definition"]),
        destinations={str(code): str(band) for band, codes in spec["destinations"].items() for code in codes},
        otherwise=str(spec["otherwise"]),
        matrix={
            (str(level), str(band)): str(row["tier"])
            for row in spec["matrix"]
            for level in row["levels"]
            for band in row["destinations"]
        },
        tiers={
            str(row["id"]): Tier(str(row["id"]), str(row["title"]), tuple(str(item) for item in row["assurances"]))
            for row in spec["tiers"]
        },
        cite=str(spec["cite"]),
    )
