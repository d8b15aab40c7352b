"""docs/pointers.md: its signer, its vectors and its lines for Kamailio, against the firmware's verdict."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from host_tools.kamailio import CONFIGURATION, MISSING, Kamailio, found
from tests.host.sip_client import Client
from tests.unit.conftest import HEAP, command

TEXT = (Path(__file__).parents[2] / "docs" / "pointers.md").read_text(encoding="utf-8")
KEY = re.search(r"The key is `(.+)`", TEXT)[1]
SIGNER = re.search(r"```python\n(.*?)```", TEXT, re.S)[1]
VECTORS = re.findall(r"```vector\n(.*?)mac=([0-9a-f]{64})\nCall-Info: (.*?)\n```", TEXT, re.S)
LINE = re.compile(r"(\S+) (\S+) q=(\S*) service=(\S*) expires=(\S*) spread=(\S*)")
# What the firmware makes of the values of a header: [number or 0, why it is refused, hosts that are taken].
VERDICT = """
import json
from phone.checks_sip import Trust
from phone.core.learned import unpack_numbers
from phone.core.verdict import pointers, seal
from phone.phrases import plain
from phone.wire.pointer_set import canonical, read, sign
from phone.wire.sip_value import parted
values, key, source, least = json.loads(%r)
found = read([value.strip() for value in parted(values.encode(), b",")], "backup-service")
trust = Trust(("http", "https"), (), "backup-service", key.encode(), "require")
number, _, ends, why = seal(trust, found, source, unpack_numbers(None, bytes(4)), least)
taken = pointers(trust, found, source, True, ends)[0]
form = canonical(source, found.seals[0], found.pointers) if found.seals else b""
said = [number, plain(why), [one.url for one in taken], str(form, "ascii"), sign(key.encode(), form)]
print("\\n" + json.dumps(said))
"""


@pytest.fixture(params=["micropython", "cpython"])
def verdict(request):
    """verdict(values, source, key=KEY, least=1) -> what the firmware says under this interpreter."""

    def ask(values, source, key=KEY, least=1):
        args, env = command(request.param, VERDICT % json.dumps([values, key, source, least]), HEAP)
        done = subprocess.run(args, env=env, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr + done.stdout
        return json.loads(done.stdout.strip().split("\n")[-1])

    return ask


def signer():
    names = {"__name__": "signer"}
    exec(SIGNER, names)
    return names["sign"]


@pytest.fixture
def run(tmp_path):
    """The signer as the page has it called: run(key, source, seconds, *pointers)."""
    script = tmp_path / "sign.py"
    script.write_text(SIGNER, encoding="utf-8")

    def sign(key, *words):
        done = subprocess.run([sys.executable, "-I", script, *words], env=dict(os.environ, EVERLINE_KEY=key),
                              capture_output=True, text=True, timeout=60, check=True)
        return done.stdout.strip()

    return sign


def test_the_signer_is_short():
    assert len([line for line in SIGNER.split("\n") if line.strip()]) <= 20


@pytest.mark.parametrize("form, mac, header", VECTORS, ids=["two and a manager", "push", "nothing"])
def test_signer_firmware_and_vectors_agree(verdict, form, mac, header):
    values = header.replace("\n", "")
    head, *lines = form.strip().split("\n")
    source, number, until = re.fullmatch(r"everline-pointers-1 (\S+) seq=(\d+) until=(\d+)", head).groups()
    told = []
    for line in lines:
        _, uri, *given = LINE.fullmatch(line).groups()
        names = ("q", "service", "expires", "spread")
        told.append(";".join([uri] + ["%s=%s" % pair for pair in zip(names, given) if pair[1]]))
    told.sort(key=lambda one: values.index("<" + one.partition(";")[0]))
    assert signer()(KEY, source, int(number), int(until), told) == re.sub(r",\s+", ", ", values)
    said = verdict(values, source)
    assert said[:2] == [int(number), ""] and said[3:] == [form, mac]
    assert len(said[2]) == len(told)


def test_the_signer_from_a_shell_convinces_the_firmware_and_nobody_else_does(verdict, run):
    words = ("keep-alive", "86400", "https://svc-b.example.net/menu?a=1;q=0.9;spread=5", "sip:10.0.0.3:5060")
    values = run(KEY, *words)
    now = int(time.time())
    said = verdict(values, "keep-alive", least=now)
    assert abs(said[0] - now) < 60 and said[1] == ""
    assert said[2] == ["sip:10.0.0.3:5060", "https://svc-b.example.net/menu?a=1"]
    assert verdict(values, "push")[1] == "the signature is wrong"
    assert verdict(values, "keep-alive", key=KEY + "!")[1] == "the signature is wrong"
    assert verdict(values.replace("svc-b", "svc-c"), "keep-alive")[1] == "the signature is wrong"
    assert verdict(values, "keep-alive", least=now + 90000)[1] == "they have expired"
    assert verdict(values.partition("<urn")[0], "keep-alive")[1] == "they are not signed"


@pytest.mark.skipif(not found(), reason=MISSING)
def test_the_lines_for_kamailio_hand_out_what_was_signed(tmp_path, run):
    lines = re.search(r"```\n(loadmodule .*?)```", TEXT, re.S)[1]
    loads, _, route = lines.partition("\n\n")
    ours = CONFIGURATION.read_text(encoding="utf-8")
    ours = re.sub(r"route\[POINTERS\] \{.*?\n\}\n", lambda _: "\n" + route, ours, count=1, flags=re.S)
    assert all(line in ours for line in loads.split("\n"))
    mixed = tmp_path / "kamailio.cfg"
    mixed.write_text(ours, encoding="utf-8")
    values = run(KEY, "keep-alive", "86400", "https://svc-b.example.net/menu;q=0.9", "sip:10.0.0.3:5060")
    with Kamailio(configuration=mixed) as manager, Client(manager) as client:
        assert client.register().all("call-info") == []
        manager.rpc("htable.sets", "ptr", "backups", values)
        for answer in (client.register(), client.ask("OPTIONS")):
            assert answer.status == 200 and answer.all("call-info") == [values]
