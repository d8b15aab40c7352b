"""Child processes that can not outlive us.

A child is tied to its parent twice. On Linux the kernel kills it when the parent ends
(PR_SET_PDEATHSIG), which holds for a stopped child too; elsewhere, and before that takes
hold, the child sees the end of a pipe whose other end only the parent has.

The kernel means the parent *thread*, so one thread that never ends starts every child. The
signal is asked for by a few lines of Python in the child, which then become the wanted program:
code between fork and exec (`preexec_fn`) is not safe in a process that has threads.
"""

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

# A child gets this long to end in good order before it is killed: long enough to close sockets,
# short enough that Ctrl-C feels immediate.
STOP_SECONDS = 1.5

_TETHER = """
import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, int(signal.SIGKILL), 0, 0, 0)
if os.getppid() != int(sys.argv[1]):
    os._exit(1)
try:
    os.execvp(sys.argv[2], sys.argv[2:])
except OSError as error:
    sys.exit("%s can not be started: %s" % (sys.argv[2], error.strerror))
"""

_starter = None
_starter_lock = threading.Lock()


def spawn(command, **options) -> subprocess.Popen:
    """Start `command` (list of str) so that it dies with us; options as for subprocess.Popen.

    The child gets a session of its own: Ctrl-C reaches it through us, not from the terminal.
    OSError where the program can not be started (outside Linux; there the child's stderr says so).
    """
    global _starter
    if sys.platform == "linux":
        command = [sys.executable, "-I", "-S", "-c", _TETHER, str(os.getpid()), *command]
    with _starter_lock:
        if _starter is None:
            _starter = ThreadPoolExecutor(1, thread_name_prefix="children")
    return _starter.submit(subprocess.Popen, command, start_new_session=True, **options).result()


def end(child: subprocess.Popen, seconds: float = STOP_SECONDS) -> int:
    """End a child, in order if it will, and return its exit code. Ending it twice does no harm."""
    if child.poll() is None:
        for number in (signal.SIGCONT, signal.SIGTERM):
            send(child, number)
        try:
            return child.wait(seconds)
        except subprocess.TimeoutExpired:
            child.kill()
    return child.wait()


def send(child: subprocess.Popen, number: int) -> None:
    """Send a signal; a child that has just ended is no error."""
    try:
        child.send_signal(number)
    except ProcessLookupError:
        return
