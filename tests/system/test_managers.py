"""A real phone in the world of `make run`, with stand-ins for call managers: it holds without Kamailio."""

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


@pytest.fixture
def ward():
    journal = Journal()
    with World(first_port=8141, managers="stand-in", on_change=journal.changed) as world, \
            PhoneProcess(world.configuration(), on_line=journal.add) as phone, \
            Panel.connect(*phone.address) as panel:
        yield world, panel, journal


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
