"""What the office learns from its own cases: hit rates of the profile's rules, and what is to be reviewed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from border_kit.casework import outcomes
from border_kit.findings import Json

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
    """What is to be reviewed and was not raised yet. Raises StoreError, CatalogError."""
    profile = desk.assessor.profile
    events = list(desk.cases.events(None))
    return list(outcomes.reviews(events, profile.reviews if profile else (), desk.clock.now().date()))


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
