"""Profiles looked at from outside: read from a file, checked, tried on shipments beside the live one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from border_kit.catalog import sources
from border_kit.catalog.volumes import Catalog
from border_kit.desk.assess import Assessor
from border_kit.errors import UsageError
from border_kit.findings import Json
from border_kit.policy import autonomy as levels
from border_kit.policy import checks, criteria, lane, merge, profile
from border_kit.policy.profile import Profile
from border_kit.shipment.model import Shipment

if TYPE_CHECKING:
    from border_kit.desk.desk import Desk


def read(file: Path) -> Profile:
    """A profile from a file as authored (docs/authority.md). Raises InputError, CatalogError."""
    source = sources.load(file, sources.schema_named("policy"))
    return profile.parse(source.data)


def profiles(catalog: Catalog) -> tuple[Profile, ...]:
    """Every profile of a catalog, the live one first."""
    return (profile.load(catalog), *profile.shadows(catalog))


def problems(found: Iterable[Profile]) -> list[Json]:
    """The rows of `policy lint`."""
    return [
        {"id": item.id, "version": item.version, "status": item.status, "problems": list(checks.problems(item))}
        for item in found
    ]


def compare(
    assessor: Assessor, trials: Sequence[Profile], shipments: Iterable[Shipment], step: Callable[[], None]
) -> list[Json]:
    """The rows of `policy compare`: what each trial profile would decide otherwise on the same findings."""
    changed: list[list[Json]] = [[] for _ in trials]
    count = 0
    for shipment in shipments:
        count += 1
        live = assessor.assess(shipment, {})
        for trial, rows in zip(trials, changed, strict=True):
            found = lane.decide(live.findings, trial.rules)
            if (found.lane, found.advice, found.verdict) != (live.lane, live.advice, live.verdict):
                rows.append(
                    {
                        "id": shipment.id,
                        "live": live.lane.value,
                        "trial": found.lane.value,
                        "advice": found.advice.value,
                        "decided_by": found.decided_by,
                    }
                )
        step()
    return [
        {"profile": f"{trial.id} {trial.version}: {trial.title}", "assessed": count, "changed": rows}
        for trial, rows in zip(trials, changed, strict=True)
    ]


def merged(
    assessor: Assessor,
    others: Sequence[Profile],
    shipments: Iterable[Shipment],
    answers: Mapping[str, str] | None = None,
) -> list[Json]:
    """The rows of `policy merge`: the criteria of the live profile and of others, on the same facts and answers. Raises UsageError."""
    said = answers or {}
    rows: list[Json] = []
    known = [*([assessor.profile] if assessor.profile else []), *others]
    names = [f"{item.id} {item.version}" for item in known]
    if len(set(names)) < len(names):
        raise UsageError("profile_twice", "Two profiles have the same name and version.", "Give each its own id.")
    for shipment in shipments:
        live = assessor.assess(shipment, said)
        levels_seen = [
            frozenset(level.id for level in item.possible) for item in (live.risk.autonomy if live.risk else ())
        ]
        views = {
            name: criteria.assess(item.criteria, live.findings, said, levels_seen)
            for name, item in zip(names, known, strict=True)
        }
        found = [joint.to_json() for joint in merge.merge(views)]
        rows.append({"id": shipment.id, "criteria": [dict(row) for row in found]})
    return rows


def merged_case(desk: Desk, number: str, others: Sequence[Profile]) -> list[Json]:
    """The same for a case, with what was answered in it. Raises InputError, UsageError, StoreError."""
    from border_kit.shipment.readers import shipment_from_json

    case = desk.cases.show(number)
    return merged(desk.assessor, others, [shipment_from_json(case.shipment, position=1)], case.answers)


def autonomy(found: Profile | None, answers: dict[str, str]) -> tuple[list[Json], dict[str, str]]:
    """The answers under every definition, and the questions still open. Raises UsageError where nothing is defined."""
    if found is None or found.autonomy is None:
        raise UsageError("autonomy_undefined", "The profile defines no levels of autonomy.", "Name another catalog.")
    unknown = sorted(set(answers) - set(found.autonomy.questions))
    if unknown:
        raise UsageError(
            "question_unknown",
            f"{unknown[0][:80]!r} is not asked.",
            "Questions: " + ", ".join(found.autonomy.questions),
        )
    rows: list[Json] = [item.to_json() for item in levels.classify(found.autonomy, answers)]
    return rows, {key: text for key, text in found.autonomy.questions.items() if answers.get(key) not in ("yes", "no")}
