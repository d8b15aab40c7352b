"""The one place that builds: board + configuration -> Agent -> Loop."""

import gc

# Collect after so many bytes while things are made that stay: they lie together then, and a block of 4 KB
# is still found when the phone has run for months. The loop has a rhythm of its own.
gc.threshold(4096)

import asyncio

import board
from phone.agent import Agent
from phone.runtime.clock import Clock
from phone.runtime.fonts import fonts
from phone.runtime.forget import forget, spare
from phone.runtime.loop import Loop
from phone.ui.theme import font_names, theme_for


def prepared():
    """(what the last life left, Config, mistakes in it)."""
    from phone import first

    return first.prepare(board)


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
    before, configuration, mistakes = prepared()
    forget("core.autopsy first")
    await board.network(configuration.name, configuration.label)
    size = (board.display.width, board.display.height, board.display.levels)
    theme = theme_for(*size, fonts(board.fonts, font_names(*size)), words)
    cause = board.reset_cause()
    agent = Agent(configuration, theme, board.entropy, mistakes, cause, board.tls_max, heap, before,
                  unpack)
    del before
    forget("core.autopsy")
    forget()
    await Loop(agent, board, Clock()).run()


asyncio.run(main())
