"""Another real client beside the phone: what baresip is given at the same manager, the phone is given too."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from host_tools import children
from host_tools.kamailio import MISSING, Kamailio, found, free_port
from tests.interop.phones import Phone, bound, configuration, until

MODULES = next((path.parent for path in Path("/usr/lib").glob("**/baresip/modules/menu.so")), None)
pytestmark = [
    pytest.mark.skipif(not found(), reason=MISSING),
    pytest.mark.skipif(
        not (shutil.which("baresip") and MODULES),
        reason="baresip is not installed (apt install baresip-core).",
    ),
]


@pytest.fixture
def baresip(tmp_path):
    """baresip(user, manager): it registers there."""
    started = []

    def start(user, manager):
        port = free_port()
        (tmp_path / "config").write_text(
            "module_path %s\nsip_listen 127.0.0.1:%d\nmodule_app account.so\nmodule_app menu.so\n"
            % (MODULES, port)
        )
        (tmp_path / "accounts").write_text(
            "<sip:%s@%s:%d;transport=udp>;auth_user=%s;auth_pass=secret%s;regint=60\n"
            % (user, manager.host, manager.port, user, user)
        )
        (tmp_path / "contacts").write_text("")
        with open(tmp_path / "log", "wb") as log:
            started.append(
                children.spawn(
                    ["baresip", "-f", str(tmp_path)], stdin=subprocess.DEVNULL, stdout=log, stderr=log
                )
            )
        return tmp_path / "log"

    yield start
    for child in started:
        os.kill(child.pid, signal.SIGKILL)
        child.wait()


def test_the_phone_and_baresip_are_registered_side_by_side(baresip):
    """The same headers, but for what is each one's own: expiry, one contact, no complaint of Kamailio's."""
    with Kamailio("127.0.0.2") as manager:
        log = baresip("1002", manager)
        phone = Phone(configuration(manager, user="1001"))
        try:
            until(lambda: bound(manager, "1001") and bound(manager, "1002"), 10, "two registrations", phone)
            assert manager.count() == (2, 2)
            assert "200 OK" in log.read_text(errors="replace")
            for user in ("1001", "1002"):
                (contact,) = manager.contacts(user)
                assert contact["Address"].startswith("sip:%s" % user) and "@127.0.0.1:" in contact["Address"]
            assert "ERROR" not in manager.log(), manager.log()
        finally:
            phone.close()
