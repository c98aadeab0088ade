"""One world a module: making keys takes longer than asking them."""

from __future__ import annotations

import pytest

from tests.certificates.world import World


@pytest.fixture(scope="module")
def world() -> World:
    """Invented authorities with their keys."""
    return World()
