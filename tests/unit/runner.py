"""Run the tests of one file under this interpreter, MicroPython or CPython alike.

A test file is plain functions `test_*` with bare asserts. A test that cannot run here says so:

    from runner import Skip
    raise Skip("needs framebuf")

`main` prints one line a test: MARK and a JSON object with `test`, `state` ("passed", "failed",
"skipped"), `ms`, and `error`: a traceback or the reason. It is announced by a line with state
"running" before it starts, so that whoever reads knows which test an interpreter died in. All
other output is the test's own. tests/unit/conftest.py reads these lines.
"""

import gc
import io
import json
import sys
import time

MARK = "\x1eresult "  # a record separator: no test prints one by accident
MICROPYTHON = sys.implementation.name == "micropython"


class Skip(Exception):
    """The test does not apply here; the message says why."""


def main(module, names):
    """Import `module` and run the tests called `names`, one after the other."""
    tests = None
    for name in names:
        say(name, "running", 0, "")
        start = milliseconds()
        state, error = "passed", ""
        try:
            tests = tests or __import__(module)
            gc.collect()  # under a small heap each test starts from the same state
            getattr(tests, name)()
        except Skip as reason:
            state, error = "skipped", str(reason)
        except Exception as problem:
            state, error = "failed", explain(problem)
        except SystemExit as problem:  # the code under test wanted to leave: a failure, too
            state, error = "failed", explain(problem)
        say(name, state, milliseconds() - start, error)


def say(name, state, ms, error):
    print("\n" + MARK + json.dumps({"test": name, "state": state, "ms": ms, "error": error}))


def milliseconds():
    # A test lasts seconds at most: that MicroPython's ticks wrap after days is no matter here.
    return time.ticks_ms() if MICROPYTHON else int(time.monotonic() * 1000)


def explain(problem):
    """The traceback as text; under CPython with the values of both sides of a failed comparison."""
    if MICROPYTHON:
        text = io.StringIO()
        sys.print_exception(problem, text)
        return text.getvalue()
    import traceback

    # The first frame is main() above, which tells nobody anything.
    lines = traceback.format_exception(type(problem), problem, problem.__traceback__.tb_next)
    return "".join(lines) + (sides(problem.__traceback__) if isinstance(problem, AssertionError) else "")


def sides(trace):
    """What `assert left == right` compared, worked out once more where it failed. CPython only."""
    import ast
    import linecache

    while trace.tb_next:
        trace = trace.tb_next
    frame, source, line = trace.tb_frame, "", trace.tb_lineno
    for number in range(line, line + 12):  # an assert may span lines: the first whole statement counts
        source += linecache.getline(frame.f_code.co_filename, number)
        try:
            statement = ast.parse(source.strip()).body[0]
            break
        except (SyntaxError, IndexError):
            continue
    else:
        return ""
    if not isinstance(statement, ast.Assert) or not isinstance(statement.test, ast.Compare):
        return ""
    text = ""
    for part in [statement.test.left] + statement.test.comparators:
        try:
            value = eval(compile(ast.Expression(part), "assert", "eval"), frame.f_globals, frame.f_locals)
            text += "    %s\n        is %.2000r\n" % (ast.unparse(part), value)
        except Exception as problem:  # the values are an extra: the traceback above stands without them
            text += "    %s\n        now raises %r\n" % (ast.unparse(part), problem)
    return text
