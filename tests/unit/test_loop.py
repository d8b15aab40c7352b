"""runtime/loop.py: files are dealt with a step a turn, and before the phone starts anew."""

import asyncio
import os

from phone.events import Load, Loaded, Restart, Save, Saved, Tick
from phone.runtime.loop import Loop

ONLY = ("micropython",)


class Display:
    pass


class Board:
    """What the loop asks of a board where nothing is shown and nothing is sent."""

    def __init__(self):
        self.display = Display()
        self.state = "/tmp/everline-test-%d" % id(self)
        self.pats = 0
        self.at_restart = None

    def watchdog(self, _):
        return self

    def feed(self):
        self.pats += 1

    def link(self):
        return None

    def restart(self):
        self.at_restart = sorted(os.listdir(self.state))


class Agent:
    """Returns what is in `effects` at the next feed."""

    def __init__(self):
        self.effects = []
        self.heard = []

    def feed(self, event, now):
        self.heard.append(event)
        effects, self.effects = self.effects, []
        return effects

    def deadline(self):
        return None

    def replay(self):
        return ()


class Clock:
    def __init__(self):
        self.ms = 0

    def now(self):
        self.ms += 1
        return self.ms


def hands():
    agent, board = Agent(), Board()
    return agent, board, Loop(agent, board, Clock())


def clear(board):
    for name in os.listdir(board.state):
        os.remove(board.state + "/" + name)
    os.rmdir(board.state)


def test_a_piece_is_written_a_turn_and_the_watchdog_is_fed_in_each():
    agent, board, loop = hands()

    async def turns():
        task = asyncio.create_task(loop._turn())
        agent.effects = [Save("page.a", iter([b"x" * 1000] * 5)), Load("home.a", 0)]
        loop.feed(Tick())
        began = board.pats
        while Saved("page.a", "") not in agent.heard:
            await asyncio.sleep_ms(0)
        task.cancel()
        return board.pats - began

    assert asyncio.run(turns()) >= 6
    assert agent.heard == [Tick(), Loaded("home.a", None), Saved("page.a", "")], "reading goes first"
    clear(board)


def test_what_is_to_be_written_is_there_before_the_phone_starts_anew():
    agent, board, loop = hands()
    large = iter((b"x", b"y", b"", b"z"))  # not now: nobody would ask again
    agent.effects = [Save("home.a", b"1"), Save("taste.a", b"2"), Save("page.a", large), Restart("wished")]
    loop.feed(Tick())
    assert board.at_restart == ["home.a", "page.a", "taste.a"]
    clear(board)
