"""A machine that stops while a stick is written or taken in: nothing half on it or in the office, and the next time completes."""

from __future__ import annotations

import random
import sys
from functools import partial

import pytest

from tests.sync import stick_kills
from tests.sync.stick_kills import World

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 and fork are POSIX")

SAMPLE = 3
"""Steps of each side that are killed in the tests; `make bench` kills at all of them."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return stick_kills.world(tmp_path_factory.mktemp("sticks"))


@pytest.fixture(scope="module")
def steps(world: World) -> tuple[int, int]:
    return stick_kills.steps(world)


@pytest.mark.parametrize("number", range(SAMPLE))
def test_a_stick_whose_writing_was_killed_is_whole_and_is_completed_the_next_time(
    world: World, steps: tuple[int, int], number: int
) -> None:
    chance = random.Random(number)
    at = chance.randrange(1, steps[0] + 1)
    stick_kills.export_killed(world, partial(stick_kills.killed, at=at, after=chance.random() < 0.5))


@pytest.mark.parametrize("number", range(SAMPLE))
def test_an_office_killed_while_it_took_a_stick_in_opens_and_completes_it_the_next_time(
    world: World, steps: tuple[int, int], number: int
) -> None:
    chance = random.Random(number)
    at = chance.randrange(1, steps[1] + 1)
    stick_kills.import_killed(world, partial(stick_kills.killed, at=at, after=chance.random() < 0.5))
