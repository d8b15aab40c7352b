"""The one place that builds: board + configuration -> Agent -> Loop."""

import gc

# Collect after so many bytes while things are made that stay: they lie together then, and a block of 4 KB
# is still found when the phone has run for months. The loop has a rhythm of its own.
gc.threshold(4096)

import asyncio
import json
import sys

import board
import phone
from phone.agent import Agent
from phone.runtime.clock import Clock
from phone.runtime.fonts import fonts
from phone.runtime.forget import forget, spare
from phone.runtime.loop import Loop
from phone.ui.theme import font_names, theme_for


CHECKS = "config checks checks_sip"  # modules below phone
HARMLESS = ("identity", "push", "language")  # what safe mode reads of the configuration


def begin():
    """(what the last life left, whether this one is of safe mode). A mark is kept before anything else is
    done: should what follows end badly each time, the phone comes up in safe mode.
    """
    from phone.core.autopsy import Start

    before = board.scratch()
    start = Start(before, board.reset_cause())
    board.keep(start.starting)
    return before, start.safe


def settings(safe):
    """(Config, mistakes): a broken file gives the defaults and a sentence, never a dead phone."""
    from phone import config

    file = config.shown(board.CONFIGURATION)
    try:
        text = board.configuration(config.BYTES_MAX + 1)
        if len(text) <= config.BYTES_MAX:
            raw = json.loads(text)
            if safe:
                return config.check({name: raw[name] for name in HARMLESS if name in raw})[0], []
            return config.check(raw)
        said = "%s: the file is longer than %d bytes." % (file, config.BYTES_MAX)
    except OSError:
        said = "%s: the file cannot be read." % file
    except (ValueError, TypeError):
        said = "%s: the file is not valid JSON." % file
    except MemoryError:
        said = "%s: there is more in the file than the phone has room for." % file
    finally:  # checked once: its 8 KB are worth more than a second look
        forget(CHECKS)
    gc.collect()
    return config.check({})[0], [said]


def words(language):
    """The phone's own texts in another language than English: seldom wanted, so loaded when they are."""
    from phone.runtime import words

    return words.words(board.words, language)


def heap():
    """(free, used) in bytes, without garbage, and without what can be read again where that leaves little."""
    gc.collect()
    spare(4)  # as before a request (runtime/loop.py)
    return gc.mem_free(), gc.mem_alloc()


def unpack():
    """What unpacks PNG pictures, loaded with the first of them; None on a board without."""
    try:
        from phone.runtime.inflate import Inflater

        return Inflater
    except ImportError:
        return None


async def main():
    before, safe = begin()
    del sys.modules["phone.core.autopsy"], phone.core.autopsy
    forget()
    configuration, mistakes = settings(safe)
    await board.network(configuration.name, configuration.label)
    size = (board.display.width, board.display.height, board.display.levels)
    theme = theme_for(*size, fonts(board.fonts, font_names(*size)), words)
    cause = board.reset_cause()
    agent = Agent(configuration, theme, board.entropy, mistakes, cause, board.tls_max, heap, before,
                  unpack)
    del before, sys.modules["phone.core.autopsy"], phone.core.autopsy
    forget()
    await Loop(agent, board, Clock()).run()


asyncio.run(main())
