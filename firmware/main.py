"""The one place that builds: board + configuration -> Agent -> Loop."""

import gc

# Collect after so many bytes, from the first import on: what stays then lies together, and a block of
# 4 KB is still found when the phone has run for months.
gc.threshold(4096)

import asyncio
import json
import sys

import board
import phone
from phone.agent import Agent
from phone.runtime.clock import Clock
from phone.runtime.fonts import fonts
from phone.runtime.loop import Loop
from phone.ui.theme import font_names, theme_for


def settings():
    """(Config, mistakes): a broken file gives the defaults and a sentence, never a dead phone."""
    from phone import config

    try:
        return config.check(json.loads(board.configuration()))
    except OSError:
        return config.check({})[0], ["%s: the file cannot be read." % board.CONFIGURATION]
    except ValueError:
        return config.check({})[0], ["%s: the file is not valid JSON." % board.CONFIGURATION]
    finally:  # checked once: its 8 KB are worth more than a second look
        del sys.modules["phone.config"], phone.config


async def main():
    configuration, mistakes = settings()
    await board.network(configuration.name, configuration.label)
    size = (board.display.width, board.display.height, board.display.levels)
    theme = theme_for(*size, fonts(board.fonts, font_names(*size)))
    agent = Agent(configuration, theme, board.entropy, mistakes, board.reset_cause())
    await Loop(agent, board, Clock()).run()


asyncio.run(main())
