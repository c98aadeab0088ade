"""Periods of retention are looked at before they count."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from border_kit.catalog.volumes import open_catalog
from border_kit.policy import profile
from border_kit.policy.checks import problems
from border_kit.policy.profile import Retention


def test_lint_tells_what_a_period_cannot_be_of(shipped: Path) -> None:
    known = profile.load(open_catalog(shipped, date(2026, 11, 25)))
    assert problems(known) == ()
    for row, expected in (
        (Retention("heard", 2, "x", of="observations"), ()),
        (Retention("marks", 2, "x", of="queue"), ()),
        (Retention("all", 2, "x", of="releases"), ("retention all: it is of one of cases, observations, queue",)),
        (
            Retention("red", 2, "x", lanes=frozenset({"red"}), of="queue"),
            ("retention red: decisions, lanes and events are of cases",),
        ),
    ):
        assert problems(replace(known, retention=(*known.retention, row))) == expected
    alone = replace(known, retention=(Retention("marks", 2, "x", of="queue"),))
    assert problems(alone) == ("retention: no period covers every case, so some are kept for ever",)


def test_a_period_is_of_cases_where_it_does_not_say_of_what(shipped: Path) -> None:
    known = profile.load(open_catalog(shipped, date(2026, 11, 25)))
    assert {row.of for row in known.retention} == {"cases"}
