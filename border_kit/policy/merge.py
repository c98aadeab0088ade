"""Several authorities' weights on the same facts: the band they come to together, and who would have put it lower.

The highest band that any of them reaches counts, so nobody's concern is averaged away, the order in which they are named never
matters, and another red flag never lowers the band. Dissent is part of every answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from border_kit.errors import UsageError
from border_kit.findings import Json
from border_kit.policy.criteria import CriterionView


@dataclass(frozen=True, slots=True)
class Joint:
    """One criterion as several profiles see it; `views` by profile, in the order of their names."""

    criterion: str
    band: str
    views: tuple[tuple[str, CriterionView], ...]
    silent: tuple[str, ...]
    """Profiles that do not ask this criterion at all."""

    @property
    def dissent(self) -> tuple[str, ...]:
        """The profiles that come to another band."""
        return tuple(name for name, view in self.views if view.band != self.band)

    def to_json(self) -> dict[str, Json]:
        """One element of `criteria`."""
        return {
            "criterion": self.criterion,
            "title": self.views[0][1].criterion.title,
            "band": self.band,
            "views": [{"profile": name, **view.to_json()} for name, view in self.views],
            "dissent": list(self.dissent),
            "silent": list(self.silent),
        }


def merge(views: Mapping[str, Sequence[CriterionView]]) -> tuple[Joint, ...]:
    """What several profiles' criteria come to together. Raises UsageError where their bands cannot be compared."""
    names = sorted(views)
    criteria = sorted({view.criterion.id for name in names for view in views[name]})
    return tuple(_joint(criterion, names, views) for criterion in criteria)


def _joint(criterion: str, names: Sequence[str], views: Mapping[str, Sequence[CriterionView]]) -> Joint:
    found = tuple((name, view) for name in names for view in views[name] if view.criterion.id == criterion)
    scales = {tuple(band for _, band in view.criterion.bands) for _, view in found}
    if len(scales) != 1:
        raise UsageError(
            "bands_differ",
            f"The profiles name other bands for {criterion}: they cannot be compared.",
            "Give its bands the same names in the same order; where each begins may differ.",
        )
    scale = scales.pop()
    band = max((view.band for _, view in found), key=scale.index)
    return Joint(criterion, band, found, tuple(name for name in names if name not in dict(found)))
