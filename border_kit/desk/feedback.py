"""What the office learns from its own cases: hit rates of the profile's rules, and what is to be reviewed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from border_kit.casework import outcomes
from border_kit.catalog.schema import volume_kind
from border_kit.findings import Json
from border_kit.policy.profile import LIST_AGE, ReviewTrigger

if TYPE_CHECKING:
    from border_kit.desk.desk import Desk


def rates(desk: Desk) -> dict[str, Json]:
    """Hit rates, recomputed from the log. Raises StoreError."""
    cases = outcomes.stories(desk.cases.events(None))
    open_cases = sum(story.outcome is None and not story.forgotten for story in cases.values())
    return {
        "rates": [row.to_json() for row in outcomes.rates(cases)],
        "cases": len(cases),
        "without_outcome": open_cases,
        "forgotten": sum(story.forgotten for story in cases.values()),
    }


def due_reviews(desk: Desk) -> list[outcomes.Review]:
    """What is to be reviewed and was not raised yet; fictional lists never are. Raises StoreError, CatalogError."""
    profile, day = desk.assessor.profile, desk.clock.now().date()
    events = list(desk.cases.events(None))
    ages: list[ReviewTrigger] = []
    counts: list[ReviewTrigger] = []
    for trigger in profile.reviews if profile else ():
        (ages if trigger.about == LIST_AGE else counts).append(trigger)
    volumes = [
        (volume_kind(info.name), info.name, info.as_of) for info in desk.catalog.volumes.values() if not info.demo
    ]
    return [*outcomes.reviews(events, counts, day), *outcomes.old_lists(events, ages, volumes, day)]


def raise_reviews(desk: Desk) -> list[Json]:
    """Put what is to be reviewed into the log, once each; everything raised so far, the newest last. Raises UsageError, StoreError."""
    for review in due_reviews(desk):
        desk.casebook.append(outcomes.REVIEWS, "review_raised", review.to_json(), at=desk.clock.now())
    return raised(desk)


def raised(desk: Desk) -> list[Json]:
    """The reviews in the log, the newest last. Raises StoreError."""
    return [
        {"no": event.seq, "at": event.at, **event.data}
        for event in desk.cases.events(outcomes.REVIEWS)
        if event.kind == "review_raised"
    ]
