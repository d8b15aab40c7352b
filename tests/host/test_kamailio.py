"""What Kamailio alone has of the world's call managers; what both have is in test_manager.py."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from host_tools import sip
from host_tools.kamailio import MISSING, Kamailio, found, port_is_free
from host_tools.problem import Problem
from tests.host.sip_client import Client

ROOT = Path(__file__).parents[2]
STOCK = Path("/etc/kamailio/kamailio.cfg")

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


def test_sha256_is_its_own_switch():
    with Kamailio(defines=["WITH_SHA256"]) as manager, Client(manager) as client:
        assert client.register().status == 200
        assert sip.parameters(client.challenges[0][0])["algorithm"] == "SHA-256"


def test_options_may_ask_for_the_password():
    with Kamailio(defines=["OPTIONS_AUTH"]) as manager, Client(manager) as client:
        assert client.ask("OPTIONS").status == 200
        assert client.challenges


def test_a_configuration_that_is_none_is_a_sentence(tmp_path):
    broken = tmp_path / "broken.cfg"
    broken.write_text("#!KAMAILIO\nloadmodule \"there_is_none.so\"\n")
    with pytest.raises(Problem, match="Kamailio did not start at 127.0.0.1:"):
        Kamailio(configuration=broken).start()


def test_nothing_of_it_outlives_us():
    """Its workers are no children of ours, and the kernel ends only the first process with us."""
    script = ("import os, signal\nfrom host_tools.kamailio import Kamailio\nmanager = Kamailio().start()\n"
              "print(manager.port, manager.folder, flush=True)\nos.kill(os.getpid(), signal.SIGKILL)")
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True,
                          timeout=30)
    port, folder = done.stdout.split()
    end = time.monotonic() + 5
    while time.monotonic() < end and not (port_is_free("127.0.0.1", int(port)) and not Path(folder).exists()):
        time.sleep(0.02)
    assert port_is_free("127.0.0.1", int(port)) and not Path(folder).exists()


def test_pushes_that_were_challenged_leave_it_in_good_health():
    """With the event route of its module uac it freed them twice, and died of it now and then."""
    with Kamailio() as manager, Client(manager) as client:
        client.register()
        body = "Call-Info: <http://10.0.0.2/>\r\n"
        for _ in range(5):
            assert manager.push("1001", "backup-pointers", "message/sipfrag", body) == 200
        time.sleep(5.5)  # transactions are thrown away after 5 s
        assert manager.running and "BUG" not in manager.log()


def stock_with_the_lines_of_the_document():
    """The configuration that the package brings, with what docs/call-managers.md says, where it says so."""
    text = STOCK.read_text(encoding="utf-8")
    document = (ROOT / "docs" / "call-managers.md").read_text(encoding="utf-8")
    modules, route = (re.search("```%s\n(.*?)```" % name, document, re.S)[1]
                      for name in ("kamailio-modules", "kamailio-route"))
    for before, line in (("# ----------------- setting module-specific parameters", modules),
                         ('\tif (!save("location"))', "\troute(POINTERS);\n"),
                         ('\t\tsl_send_reply("200","Keepalive");', "\t\troute(POINTERS);\n")):
        assert text.count(before) == 1, "the package's configuration has changed: %s" % before
        text = text.replace(before, line + before)
    # The last line is ours: where the launcher looks for the socket.
    return text + route + '\nmodparam("jsonrpcs", "dgram_socket", "rpc.sock")\n'


@pytest.mark.skipif(not STOCK.is_file(), reason="Kamailio's own configuration is not here.")
def test_the_lines_of_the_document_teach_a_stock_kamailio(tmp_path):
    made = tmp_path / "kamailio.cfg"
    made.write_text(stock_with_the_lines_of_the_document())
    with Kamailio(configuration=made, users={}) as manager, Client(manager) as client:
        client.domain = "127.0.0.1:%d" % manager.port
        value = "<http://10.0.0.3/menu.xml>;purpose=backup-service"
        assert client.ask("OPTIONS").get("call-info") == ""
        manager.rpc("htable.sets", "ptr", "callinfo", value)
        for answer in (client.ask("OPTIONS"), client.register()):
            assert (answer.status, answer.get("call-info")) == (200, value)
