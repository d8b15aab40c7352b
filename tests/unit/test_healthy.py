"""runtime/loop.py: the watchdog is fed by a healthy loop, and by no other.

The brain and the board are stand-ins; the clock runs a hundred times as fast as the turns of the loop, so
that what takes the phone four seconds takes the test some forty turns. A brain that never comes back from one
feed can be shown only with a process that is killed: tests/system/test_watchdog.py.
"""

import asyncio

from phone import events
from phone.runtime.loop import Loop

ONLY = ("micropython",)  # asyncio and sockets as the hands use them

FAST = 100  # ms of the phone in one of ours
LONG_MS = 30000  # of the phone: far more than any time that a phone may be unwell and still be fed
TAIL_MS = 10000  # of these, at the end: then it is not fed any more


class Clock:
    def __init__(self):
        import time

        self._ticks = time
        self._start = time.ticks_ms()

    def now(self):
        return self._ticks.ticks_diff(self._ticks.ticks_ms(), self._start) * FAST


class Brain:
    """Does nothing, and is well."""

    def __init__(self):
        self.heard = 0
        self.relieved = []
        self.wait = 5000  # ms from one tick to the next
        self.due = None
        self.bands = 0

    def feed(self, event, now):
        self.heard += 1
        self.due = now + self.wait
        return []

    def mark(self, conn, now):
        return None

    def deadline(self):
        return self.due

    def screen(self):
        return None

    def paint(self, canvas):
        return None

    def work(self):
        return False

    idle = work

    def replay(self, number):
        return None

    def relieve(self, now, wholly=False, broken=""):
        self.relieved.append((wholly, broken))
        return []


class Display:
    canvas = None

    async def show(self, bands, screen):
        pass


class Keypad:
    async def read(self):
        while True:
            await asyncio.sleep_ms(1000)


class Board:
    state = "/tmp"

    def __init__(self, clock):
        self._clock = clock
        self.display, self.keypad = Display(), Keypad()
        self.fed = 0  # ms of the last pat
        self.kept = []

    def watchdog(self, ms):
        return self

    def feed(self):
        self.fed = self._clock.now()

    def link(self):
        return True, "10.0.0.9", (), None

    def wall(self):
        return None

    def pair(self, address):
        return address

    def keep(self, data):
        self.kept.append(data)


def lives(brain, change=None, ms=LONG_MS, kind=Loop):
    """The Board after so many ms of the phone; change(board, loop) is called before."""
    clock = Clock()
    board = Board(clock)
    loop = kind(brain, board, clock)
    if change:
        change(board, loop)

    async def main():
        run = asyncio.create_task(loop.run())
        await asyncio.sleep_ms(ms // FAST)
        run.cancel()

    asyncio.run(main())
    asyncio.new_event_loop()  # the next test has tasks of its own
    return board


def well(board, ms=LONG_MS):
    return board.fed > ms - TAIL_MS


def test_a_phone_at_rest_is_well():
    brain = Brain()
    board = lives(brain)
    assert well(board) and brain.heard > 3 and not brain.relieved


def test_a_brain_that_wants_a_tick_at_once_for_ever_is_not():
    brain = Brain()
    brain.wait = 0
    assert not well(lives(brain))


def test_nor_one_that_wants_it_in_a_moment():
    brain = Brain()
    brain.wait = 1
    assert not well(lives(brain))


def test_a_brain_that_works_hard_for_a_while_is():
    brain = Brain()

    def feed(event, now):
        brain.due = now if now % 6000 < 2500 else now + 3000
        return []

    brain.feed = feed
    assert well(lives(brain))


def test_a_brain_whose_deadline_is_in_the_past_is_not():
    brain = Brain()
    brain.deadline = lambda: 5
    assert not well(lives(brain))


def test_a_mistake_is_passed_over():
    brain = Brain()
    feed = brain.feed

    def once(event, now):
        brain.feed = feed
        brain.due = now + 100
        raise ValueError("on purpose")

    brain.feed = once
    assert well(lives(brain)) and brain.relieved == [(False, "ValueError")]


def test_a_brain_that_always_makes_one_is_broken():
    brain = Brain()

    def feed(event, now):
        brain.due = now + 1000
        raise KeyError("on purpose")

    brain.feed = feed
    assert not well(lives(brain))
    assert len(brain.relieved) >= 3


def test_one_that_cannot_even_be_relieved_is_too():
    brain = Brain()

    def fails(*arguments):
        brain.due = 0
        raise RuntimeError("on purpose")

    brain.feed = brain.relieve = fails
    assert not well(lives(brain))


def test_a_deadline_that_cannot_be_told_is_asked_for_again():
    brain = Brain()
    told = brain.deadline
    left = [3]

    def deadline():
        if left[0]:
            left[0] -= 1
            raise MemoryError
        return told()

    brain.deadline = deadline
    assert well(lives(brain)) and not left[0]


def test_a_task_that_dies_starves_the_watchdog():
    async def dies(self):
        raise ValueError("on purpose")

    class WithoutKeys(Loop):
        _keys = dies

    class WithoutTurns(Loop):
        _turn = dies

    for kind in (WithoutKeys, WithoutTurns):
        assert not well(lives(Brain(), kind=kind)), kind


def test_no_room_in_a_turn_is_no_end():
    class Full(Loop):
        def _look_at_link(self, now):
            brain.looks += 1
            if 2 < brain.looks < 6:
                raise MemoryError
            Loop._look_at_link(self, now)

    brain = Brain()
    brain.looks = 0
    assert well(lives(brain, kind=Full)) and brain.looks > 6


def test_no_room_for_a_key_is_no_end():
    def change(board, loop):
        async def read():
            await asyncio.sleep_ms(20)
            if keys:
                keys.pop()
                raise MemoryError
            return "down", True

        keys = [1, 2, 3]
        board.keypad.read = read

    brain = Brain()
    assert well(lives(brain, change)) and brain.heard > 5


def test_a_keypad_that_breaks_does_too():
    def change(board, loop):
        async def read():
            raise OSError(5)

        board.keypad.read = read

    assert not well(lives(Brain(), change))


def test_a_screen_that_is_never_done_is_stuck():
    def change(board, loop):
        async def show(bands, screen):
            while True:
                await asyncio.sleep_ms(50)

        board.display.show = show

    assert not well(lives(Brain(), change))


def test_a_picture_that_is_never_whole_is_stuck():
    brain = Brain()
    brain.paint = lambda canvas: ()
    assert not well(lives(brain))


def test_work_that_never_ends_is_stuck():
    brain = Brain()
    brain.work = lambda: True
    assert not well(lives(brain))


def test_a_screen_that_cannot_be_painted_is_stuck():
    for error in (MemoryError, ValueError):
        brain = Brain()

        def paint(canvas, error=error):
            raise error

        brain.paint = paint
        assert not well(lives(brain)), error
        assert (True, "") in brain.relieved or (True, "ValueError") in brain.relieved


def test_one_that_is_painted_after_a_while_is_not():
    brain = Brain()
    left = [2]

    def paint(canvas):
        if left[0]:
            left[0] -= 1
            raise MemoryError
        return None

    brain.paint = paint
    assert well(lives(brain)) and len(brain.relieved) == 2


def test_a_client_of_the_panel_that_is_short_of_memory_is_not_the_phone():
    def change(board, loop):
        async def show(bands, screen):
            raise MemoryError

        board.display.show = show

    assert well(lives(Brain(), change))


def test_what_may_kill_is_kept_before_it_is_fed():
    brain = Brain()
    order = []
    brain.mark = lambda conn, now: b"about %d" % conn
    clock = Clock()
    board = Board(clock)
    board.keep = lambda data: order.append(data)
    loop = Loop(brain, board, clock)

    def feed(event, now):
        order.append(event.conn)
        return [events.Scratch(b"after")]

    brain.feed = feed
    loop.feed(events.Received(7, memoryview(b"x")))
    assert order == [b"about 7", 7, b"after"]
