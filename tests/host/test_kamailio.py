"""Kamailio as the world's call manager: life, switches, pointers, registrations, push."""

import os

import pytest

from host_tools.kamailio import MISSING, Kamailio, found

pytestmark = pytest.mark.skipif(not found(), reason=MISSING)


def test_it_starts_at_once_and_again_on_the_same_port():
    with Kamailio() as manager:
        assert manager.count() == (0, 0)
        port = manager.port
        manager.kill()
        assert not manager.running
        manager.start()
        assert manager.port == port and manager.count() == (0, 0)
        manager.freeze()
        manager.stop()
        assert not manager.running
        folder = manager.folder
    assert not os.path.exists(folder)
