"""The first things that a phone does, once each: let go when they are done."""

import gc
import json

from phone.runtime.forget import forget

CHECKS = "config checks checks_sip"  # modules below phone
HARMLESS = ("identity", "push", "language")  # what safe mode reads of the configuration


def prepare(board):
    """(what the last life left, Config, mistakes in it). A mark is kept before anything else is done: should
    what follows end badly each time, the phone comes up in safe mode.
    """
    from phone.core.autopsy import Start

    before = board.scratch()
    start = Start(before, board.reset_cause())
    board.keep(start.starting)
    forget("core.autopsy")
    forget()
    return (before,) + _settings(board, start.safe)


def _settings(board, safe):
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
