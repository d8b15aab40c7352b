"""Runs under MicroPython: reads one menu by the shipped reader, and does the same with its peers.

micropython reader_case.py time ROUNDS   one JSON line: microseconds of the reader, of xmltok2 and of one
                                         bytes.find, turn by turn, so that a noisy moment hits all of them;
                                         of each piece, finish() included in the last; garbage in bytes
micropython reader_case.py menu          the document
micropython reader_case.py heap WHO FILE "ours" or "theirs" reads it once from a file: ends well where the
                                         heap is large enough. "none" does all but reading

The document is fed in the pieces of runtime/tcp.py.
"""

import gc
import sys
import time

ITEMS = 100
PIECE = 256  # runtime/tcp.py; importing it for one number would fill the heap that is measured here
FINDS = 20  # one lasts 40 us, and the clock counts whole ones
ABSENT = b"\0no such thing\0"


# --- the job -------------------------------------------------------------------------------------


def menu():
    """A menu of 13.7 KB as a page in the field writes it: 100 items, one softkey."""
    out = bytearray(b'<?xml version="1.0" encoding="utf-8"?>\n<CiscoIPPhoneMenu>\n<Title>Services</Title>\n')
    out.extend(b"<Prompt>Choose one</Prompt>\n")
    for n in range(ITEMS):
        out.extend(b"<MenuItem>\n<Name>Service number %03d</Name>\n" % n)
        out.extend(b"<URL>http://services.example.com/app/menu.php?id=%03d&amp;dev=#DEVICENAME#</URL>\n" % n)
        out.extend(b"</MenuItem>\n")
    out.extend(b"<SoftKeyItem><Name>Select</Name><URL>SoftKey:Select</URL><Position>1</Position></SoftKeyItem>\n")
    out.extend(b"</CiscoIPPhoneMenu>\n")
    return bytes(out)


def pieces(document):
    view = memoryview(document)
    return [view[at : at + PIECE] for at in range(0, len(document), PIECE)]


def ours(parts):
    """A record of the shipped reader."""
    from phone.wire.page import PageReader

    reader = PageReader("text/xml")
    for part in parts:
        reader.feed(part)
    return reader.finish()


def theirs(stream):
    """The (name, URL) pairs by micropython-xmltok2, references still in them: it decodes none."""
    import xmltok2

    pairs = []
    element = name = None
    try:
        for token in xmltok2.tokenize(stream):
            if token[0] == xmltok2.START_TAG:
                element = token[2]
            elif token[0] == xmltok2.TEXT:
                if element == "Name":
                    name = token[1]
                elif element == "URL":
                    pairs.append((name, token[1]))
                element = None
    except RuntimeError:
        pass  # every document ends so: a StopIteration inside of a generator
    return pairs


def same_job(document):
    """Both give the same pairs, or there is nothing to compare."""
    import io

    from phone.records import name_and_url

    record = ours(pieces(document))
    pairs = [name_and_url(item) for item in record.items] + [(key.name, key.url) for key in record.softkeys]
    other = [(name, url.replace("&amp;", "&")) for name, url in theirs(io.StringIO(str(document, "utf-8")))]
    assert pairs == other and len(pairs) == ITEMS + 1, (len(pairs), len(other))


# --- measuring -----------------------------------------------------------------------------------


def clocked(action, *arguments):
    gc.collect()
    begin = time.ticks_us()
    action(*arguments)
    return time.ticks_diff(time.ticks_us(), begin)


def steps(parts):
    """Microseconds of each feed(), finish() in the last, as in core/fetch.py."""
    from phone.wire.page import PageReader

    gc.collect()
    reader = PageReader("text/xml")
    out = []
    for part in parts:
        begin = time.ticks_us()
        reader.feed(part)
        if part is parts[-1]:
            reader.finish()
        out.append(time.ticks_diff(time.ticks_us(), begin))
    return out


def finds(document):
    for _ in range(FINDS):
        document.find(ABSENT)


def garbage(action, *arguments):
    gc.collect()
    before = gc.mem_alloc()
    action(*arguments)
    return gc.mem_alloc() - before


def measure(rounds):
    import io
    import json

    document = menu()
    parts = pieces(document)
    text = str(document, "utf-8")
    same_job(document)  # imports everything, too
    gc.collect()
    gc.disable()
    out = {"bytes": len(document), "reader": [], "xmltok2": [], "find": [], "step": []}
    for _ in range(rounds):
        out["find"].append(clocked(finds, document) / FINDS)
        out["reader"].append(clocked(ours, parts))
        out["xmltok2"].append(clocked(theirs, io.StringIO(text)))
        out["step"].extend(steps(parts))
    out["churn"] = garbage(ours, parts)
    out["xmltok2 churn"] = garbage(theirs, io.StringIO(text))
    print(json.dumps(out))


def once(who):
    """Read the menu from a file, so that the heap holds a reader and its result only."""
    gc.threshold(4096)  # as firmware/main.py has it: what stays lies together
    path = sys.argv[3]
    if who == "ours":
        from phone.wire.page import PageReader

        reader = PageReader("text/xml")
        buffer = bytearray(PIECE)
        view = memoryview(buffer)
        with open(path, "rb") as file:
            while not reader.done:
                reader.feed(view[: file.readinto(buffer)])
        assert len(reader.finish().items) == ITEMS
    elif who == "theirs":
        with open(path) as file:
            assert len(theirs(file)) == ITEMS + 1


if __name__ == "__main__":
    if sys.argv[1] == "heap":
        once(sys.argv[2])
    elif sys.argv[1] == "menu":
        sys.stdout.buffer.write(menu())
    else:
        measure(int(sys.argv[2]))
