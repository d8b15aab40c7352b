"""The phone as a process on a PC: MicroPython's unix port, its panel reached over TCP.

    main.py --config FILE --panel HOST:PORT --state DIR [--display 320x240] [--cause watchdog]

The watchdog is real: each time it is fed, a byte goes into the pipe EVERLINE_WATCHDOG_FD, and
whoever holds the other end kills a phone that falls silent. Exit code 77 asks to be started anew.
"""

import os
import socket
import sys
import time

import framebuf

from drivers.panel import Panel

RESTART = 77  # exit code: start me again
CLIENTS_MAX = 4  # the page, a script, a test and one to spare
MONO = ("128x64",)  # displays with two levels; the others have four
DISPLAYS = ("320x240", "128x64")
SCRATCH_MAX = 1024  # bytes that survive a reset: half of what an ESP32 has
TRUST_MAX = 8192  # bytes of ca.pem, which is read as a whole: six certificates of RSA, eleven of P-256


def _options(arguments):
    options = {"--config": None, "--panel": None, "--state": None, "--display": "320x240", "--cause": "power"}
    for at in range(0, len(arguments), 2):
        if arguments[at] not in options or at + 1 == len(arguments):
            _stop("%s: there is no such option, or its value is missing." % arguments[at])
        options[arguments[at]] = arguments[at + 1]
    for name, value in options.items():
        if value is None:
            _stop("%s is missing." % name)
    if options["--display"] not in DISPLAYS:
        _stop("--display: it is one of %s." % ", ".join(DISPLAYS))
    return options


def _stop(sentence):
    print(sentence)
    sys.exit(2)


_given = _options(sys.argv[1:])
CONFIGURATION = _given["--config"]
state = _given["--state"]
fonts = __file__.rsplit("/", 1)[0] + "/fonts"
words = __file__.rsplit("/", 1)[0] + "/words"
identity = "unix"
interface = "127.0.0.1"  # where the phone's own port listens: a PC's is for that PC alone
tls_max = 3  # a PC has room for as many as there are sockets for pages

width, height = [int(size) for size in _given["--display"].split("x")]
del _options  # its work is done, and the heap is small
_pixels = bytearray(height * ((width + 3) // 4))
display = Panel(framebuf.FrameBuffer(_pixels, width, height, framebuf.GS2_HMSB), _pixels, width, height,
                2 if _given["--display"] in MONO else 4, CLIENTS_MAX)
keypad = display.keypad


def configuration(most):
    """At most so many bytes of the configuration file. OSError where it cannot be read."""
    with open(CONFIGURATION, "rb") as file:
        return file.read(most)


def trust():
    """Certificates of those whose word on a server is taken, PEM or DER. OSError where there are none."""
    with open(CONFIGURATION[: CONFIGURATION.rfind("/") + 1] + "ca.pem", "rb") as file:
        return file.read(TRUST_MAX)


async def network(name, label):
    """The PC has its network already: only the panel is opened."""
    host, _, port = _given["--panel"].rpartition(":")
    try:
        display.listen(host, int(port), name, label)
    except (OSError, ValueError):
        _stop("--panel %s: the address is not free." % _given["--panel"])
    print("panel", _given["--panel"])


def link():
    """(up, our address, name servers, strength of the radio in bars: none, this is a cable)."""
    return _link


def wall():
    """The PC's clock in unix seconds."""
    return int(time.time())


def note(ms, text):
    print("%9.3f %s" % (ms / 1000, text))
    display.noted()


def asked(ms, request):
    display.asked(ms, request)


def lamp(on):
    display.signal("lamp", on)


def tone(name):
    display.signal("tone", name)


def entropy(count):
    return os.urandom(count)


def pair(address):
    """The port's own form of a socket address -> (host, port)."""
    _, host, port = socket.sockaddr(address)
    return "%d.%d.%d.%d" % tuple(host), port


def reset_cause():
    """"power", "watchdog" or "reset"."""
    return _given["--cause"]


def restart():
    sys.exit(RESTART)


def scratch():
    """What keep() was given last. A file outlives a loss of power, too, so it is not believed after one."""
    if reset_cause() == "power":
        return b""
    try:
        with open(state + "/scratch", "rb") as file:
            return file.read(SCRATCH_MAX)
    except OSError:
        return b""


def keep(data):
    """Keep at most 1 KB where a reset does not reach it, at once."""
    global _scratch
    try:
        if _scratch is None:
            _scratch = _opened(state + "/scratch")
        _scratch.seek(0)
        _scratch.write(data)  # one system call: a process that is killed has written it, or not
    except OSError:
        pass  # no room, or a folder that takes nothing: the next life knows less


def _opened(path):
    try:
        return open(path, "r+b")  # without emptying it first
    except OSError:
        return open(path, "wb")


_scratch = None


class watchdog:
    """Tells the host that the phone is well, from now on. A host that is gone takes the phone with it."""

    def __init__(self, timeout_ms):
        number = os.getenv("EVERLINE_WATCHDOG_FD")
        self._pipe = open(int(number), "wb") if number else None
        self.feed()

    def feed(self):
        if self._pipe:
            try:
                self._pipe.write(b".")
            except OSError:
                sys.exit(0)


def _name_servers():
    """IPv4 name servers of /etc/resolv.conf, at most three as in resolv.conf(5)."""
    found = []
    try:
        with open("/etc/resolv.conf") as file:
            for line in file:
                words = line.split()
                if len(words) > 1 and words[0] == "nameserver" and words[1].count(".") == 3:
                    found.append(words[1])
    except OSError:
        pass
    return tuple(found[:3])


_link = (True, "127.0.0.1", _name_servers(), None)  # a PC's network is there, and is looked at once
