"""Modules that are seldom wanted give their room back, and come again when they are wanted."""

import gc
import sys

from runner import MICROPYTHON

import phone.core
import phone.wire
from phone.runtime.forget import SELDOM, forget

NAMES = ["phone." + name for name in SELDOM.split()]
ROOM = 5000  # bytes on a 64-bit machine that six of them take at least


HEAP = "256wK"  # all are compiled here from their sources, one after the other, with whatever they import
GROUPS = [NAMES[at : at + 6] for at in range(0, len(NAMES), 6)]


def load(names):
    for name in names:
        __import__(name)


def test_each_is_forgotten_wholly_and_can_be_had_again():
    for names in GROUPS + GROUPS:
        load(names)
        forget()
        for name in NAMES:
            assert name not in sys.modules, name
            last = name.rpartition(".")[2]
            assert not hasattr(phone.core, last) and not hasattr(phone.wire, last), name
    from phone.wire.charset import tidy

    assert tidy(b"a")


def test_there_may_be_nothing_to_forget():
    forget()
    forget()


def test_it_gives_room():
    load(GROUPS[0])  # what they import themselves is there from now on
    forget()
    if not MICROPYTHON:
        return
    gc.collect()
    before = gc.mem_alloc()
    load(GROUPS[0])
    gc.collect()
    loaded = gc.mem_alloc()
    forget()
    gc.collect()
    after = gc.mem_alloc()
    assert loaded - before > ROOM, loaded - before
    assert after - before < ROOM // 20, (before, loaded, after)
