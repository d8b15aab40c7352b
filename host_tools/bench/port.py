"""The firmware under a driver of the bench instead of main.py, as a process that leaves a report."""

import json
import os
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from host_tools import children
from host_tools.build import guest
from host_tools.phone import HEAP, build_folder, free_port, interpreter
from host_tools.problem import Problem

START_SECONDS = 10.0
# A report is a few kilobytes of JSON; the collector may have to be run first.
REPORT_SECONDS = 10.0


class DrivenPhone:
    """`driver` (a file of this folder) with OUT and main.py's arguments; `address` of its panel."""

    def __init__(self, driver, config, heap=HEAP, *more):
        self.address = ("127.0.0.1", free_port("127.0.0.1", 0, 1))
        self._driver, self._config, self._heap, self._more = driver, config, heap, more
        self._scratch = self._child = None

    def __enter__(self) -> "DrivenPhone":
        folder = build_folder()
        self._scratch = tempfile.TemporaryDirectory(prefix="everline-")
        scratch = Path(self._scratch.name)
        (scratch / "config.json").write_text(json.dumps(self._config), encoding="utf-8")
        self._out = scratch / "report.json"
        driver = guest(Path(__file__).parent / self._driver)
        command = [interpreter(), "-X", "heapsize=" + self._heap, str(driver), str(self._out), *self._more,
                   "--config", str(scratch / "config.json"), "--state", str(scratch),
                   "--panel", "%s:%d" % self.address]
        self._said = open(scratch / "said.txt", "w+b")
        self._child = children.spawn(command, stdin=subprocess.DEVNULL, stdout=self._said,
                                     stderr=subprocess.STDOUT,
                                     env=dict(os.environ, MICROPYPATH="%s:.frozen" % folder))
        try:
            self._wait_for_panel()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, kind=None, error=None, _trace=None) -> None:
        died, words = self._child.poll() is not None, self._words()
        self._child.kill()
        self._child.wait()
        self._said.close()
        self._scratch.cleanup()
        if isinstance(error, Problem) and died:
            raise Problem("The phone under %s has ended by itself.%s" % (self._driver, words)) from error

    def report(self, seconds=REPORT_SECONDS) -> dict:
        """Ask the driver to end; what it wrote."""
        self._out.with_name("report.json.stop").touch()
        return self.result(seconds)

    def result(self, seconds) -> dict:
        """Wait until the phone has ended by itself; what it wrote."""
        try:
            self._child.wait(seconds)
            return json.loads(self._out.read_text(encoding="utf-8"))
        except (subprocess.TimeoutExpired, OSError, ValueError) as error:
            raise Problem("The phone under %s left no report.%s" % (self._driver, self._words())) from error

    def _wait_for_panel(self) -> None:
        late = time.monotonic() + START_SECONDS
        while time.monotonic() < late and self._child.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(self.address) == 0:
                    return
            time.sleep(0.02)
        raise Problem("The phone under %s did not start.%s" % (self._driver, self._words()))

    def _words(self) -> str:
        self._said.seek(0)
        lines = self._said.read().decode("utf-8", "replace").splitlines()[-8:]
        return "".join("\n  " + line for line in lines)
