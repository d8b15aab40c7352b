"""A real phone in the world of `make run`, with stand-ins for call managers: it holds without Kamailio."""

import contextlib

import pytest

from host_tools.managers import USER
from host_tools.panel import Panel
from host_tools.phone import PhoneProcess
from host_tools.world import World

# A death is known within 11 s with the timers of the world; a loaded machine gets twice that.
MOVE_SECONDS = 22


class Journal:
    """What the phone and the world said."""

    def __init__(self):
        self.lines = []

    def add(self, line):
        self.lines.append(line)

    def changed(self, it):
        self.lines.append(it.sentence)

    def wait(self, panel, words, seconds=MOVE_SECONDS):
        panel.wait(lambda _: any(words in line for line in self.lines), seconds, "the words %r" % words)


@contextlib.contextmanager
def begun(learn=False):
    journal = Journal()
    with World(first_port=8141, managers="stand-in", names=learn, on_change=journal.changed) as world, \
            PhoneProcess(world.configuration(learn=learn), on_line=journal.add) as phone, \
            Panel.connect(*phone.address) as panel:
        yield world, panel, journal


@pytest.fixture
def ward():
    with begun() as made:
        yield made


def test_b_watches_a_and_pushes_by_itself_when_a_dies(ward):
    world, panel, journal = ward
    journal.wait(panel, "Registered at A.")
    world.managers["A"].do("stop")
    journal.wait(panel, "Manager B: manager A does not answer: the pointers are pushed to %s." % USER)
    panel.wait(lambda screen: screen["mark"] == "▲" and screen["kind"] == "menu" and not screen["busy"],
               MOVE_SECONDS, "a page of B that nobody asked for")
    journal.wait(panel, "Manager B: %s answered the push with 200." % USER)
    journal.wait(panel, "Registered at B, since A does not answer.")
    assert world.managers["B"].calls.contacts(USER)


def test_one_that_drains_hands_the_phone_on_and_one_that_tells_teaches_it(ward):
    world, panel, journal = ward
    journal.wait(panel, "Registered at A.")
    world.managers["A"].pointers(True)
    world.managers["A"].push("check-sync")
    journal.wait(panel, "A tells of backups")
    world.managers["A"].push("messages")
    panel.wait(lambda _: panel.lamp, 5, "the lamp")
    world.managers["A"].do("drain")
    world.managers["A"].push("check-sync")
    journal.wait(panel, "Registered at B, since A sends the phone to B.")


def test_a_phone_that_is_told_of_a_alone_learns_of_b_and_moves_there():
    with begun(learn=True) as (world, panel, journal):
        journal.wait(panel, "Registered at A.")
        world.managers["A"].pointers(True)
        world.managers["A"].push("check-sync")
        journal.wait(panel, "A tells of backups: b.everline.test:%d, %s."
                     % (world["B"].port, world.managers["B"].uri))
        world.managers["A"].do("stop")
        world["A"].stop()
        journal.wait(panel, "Registered at b.everline.test, since A does not answer.")
        assert world.managers["B"].calls.contacts(USER)
        panel.press("directory")
        panel.wait(lambda screen: "Who is who" in screen["title"] and not screen["busy"], 8, "a page of B")
