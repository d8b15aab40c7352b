"""The one place that builds: board + configuration -> Agent -> Loop."""

import asyncio
import json

import board
from phone import config
from phone.agent import Agent
from phone.runtime.clock import Clock
from phone.runtime.fonts import open_fonts
from phone.runtime.loop import Loop
from phone.ui.theme import theme_for


def settings():
    """(Config, mistakes): a broken file gives the defaults and a sentence, never a dead phone."""
    try:
        raw = json.loads(board.configuration())
    except OSError:
        return config.check({})[0], ["%s: the file cannot be read." % board.CONFIGURATION]
    except ValueError:
        return config.check({})[0], ["%s: the file is not valid JSON." % board.CONFIGURATION]
    return config.check(raw)


async def main():
    configuration, mistakes = settings()
    await board.network(configuration.name, configuration.label)
    display = board.display
    theme = theme_for(display.width, display.height, display.levels, open_fonts(board.fonts))
    agent = Agent(configuration, theme, board.entropy, mistakes, board.reset_cause())
    await Loop(agent, board, Clock()).run()


asyncio.run(main())
