"""Stories run under CPython: the same agent, a world in virtual time. See world.py."""

import pytest

from tests.story.world import World


@pytest.fixture
def world():
    """A world with the usual seed; a test that wants many makes its own World(seed)."""
    return World(seed=1)
