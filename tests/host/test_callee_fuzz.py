"""Requests that were changed at random, and what is asked of the phone that gets them, in one process."""

import sys

import pytest

from phone.events import SendTo
from phone.phrases import plain
from phone.wire import sip
from tests.conftest import ROOT

COUNT = 20_000
LONGER = 700  # bytes of an answer beyond its request; 401 asks twice
SHOWN = 24 + 20 + 3  # letters of a name and a number


@pytest.fixture(autouse=True)
def units(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(ROOT / "tests" / "unit"), *sys.path])


def requests(desk):
    """One of each kind."""
    from test_callee import FRAG, MWI, PUSH, SUMMARY, digest, request

    asked = desk.answer(request("NOTIFY", PUSH, FRAG))
    yield request("NOTIFY", PUSH + digest(asked), FRAG)
    yield request("NOTIFY", PUSH, FRAG)
    yield request("NOTIFY", MWI, SUMMARY)
    yield request("NOTIFY", "Event: check-sync;reboot=true\r\n")
    yield request("INVITE", "Require: 100rel\r\n")
    yield request("BYE", to="<sip:1001@x>;tag=9")
    for method in ("INVITE", "ACK", "CANCEL", "OPTIONS", "MESSAGE", "HELLO"):
        yield request(method, branch="z9hG4bK-one")


def fuzz(count, seed):
    """Feed so many; how many were answered."""
    from sip_fuzz import Dice, changed
    from test_callee import HOME, STRANGER, Desk

    dice, answered, desk = Dice(seed), 0, Desk()
    real = list(requests(desk))
    for number in range(count):
        if number % 500 == 499:
            desk = Desk()
            real = list(requests(desk))
        data = real[dice.roll(len(real))]
        for _ in range(dice.roll(5)):
            data = changed(data, dice)
        message = sip.read(data[:1500])
        if not message or message.status:
            continue
        desk.at += dice.roll(3000)
        whence = STRANGER if dice.roll(4) == 0 else HOME
        effects = desk.callee.receive(message, whence, desk.at)
        answers = [effect for effect in effects if isinstance(effect, SendTo)]
        answered += len(answers)
        for one in answers:
            assert len(one.data) <= min(sip.DATAGRAM_MAX, len(data) + LONGER), data
            assert one.address[0] == whence[0], data
            assert sip.read(one.data).status, data
        assert len(answers) <= 1, data
        again = [effect for effect in desk.callee.tick(desk.at) if isinstance(effect, SendTo)]
        assert len(again) <= 8, "answers that wait for an ACK"
        for _, caller in desk.calls.missed:
            shown = plain(caller)
            assert len(shown) <= SHOWN and shown.isprintable(), data
    return answered


@pytest.mark.parametrize("seed", (1, 2))
def test_no_request_breaks_the_phone_or_makes_it_talk(seed):
    assert fuzz(COUNT, seed) > COUNT // 4
