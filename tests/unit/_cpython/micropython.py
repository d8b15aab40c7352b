"""What CPython needs in order to run the firmware: `const`, which MicroPython has built in."""


def const(value):
    return value
