"""Give back the room of modules that are seldom wanted; who wants one again imports it again.

A module stays for ever once it is imported, though its pages were looked at a year ago. A class that is
imported twice is two classes. So here are modules of functions, those of the status pages, whose objects
core/door.py lets go with the last visitor, and those whose objects are made anew each time (wire/digest.py)
or are tuples (core/learned.py).
"""

import gc
import sys

# Below phone. In one str, because each one of its own takes 70 bytes of a board's heap.
SELDOM = (
    "core.settings core.why core.detection core.sites core.choices core.network core.unkept "
    "core.report_people core.report_json core.report_metrics core.report_managers core.report_xml "
    "core.screenshot wire.basic wire.bmp wire.charset wire.softkeys wire.unshown core.push core.report "
    "wire.serve core.suspects wire.life core.terms core.refresh core.pages core.missed core.resources "
    "core.execute core.errands core.pending core.pushed core.warrant core.uris core.loans wire.execute "
    "core.verdict wire.pointer_set core.notified wire.summary core.why_managers core.calling wire.digest "
    "able ui.trap core.session core.cookies core.logins wire.blanks wire.challenge "
    "core.lesson core.deeds core.learned core.answering core.cold core.moment wire.sip "
    "wire.sip_value wire.objects wire.makers wire.families wire.foreign wire.pixels wire.entities "
    "wire.charsets wire.name_lines ui.paint_picture ui.shrink wire.telling orders ui.replies "
    "core.refusals ui.marks"
)


def forget(names=SELDOM):
    """Let go of those that are there, whether any were; the next collection of garbage frees them."""
    before = len(sys.modules)
    end = -1
    try:
        while end < len(names):  # split() would want 2 KB, and is asked where there is nothing left
            start, end = end + 1, names.find(" ", end + 1)
            end = len(names) if end < 0 else end
            name = "phone." + names[start:end]
            if name in sys.modules:
                package, _, last = name.rpartition(".")
                delattr(sys.modules[package], last)
                del sys.modules[name]
    except MemoryError:
        pass  # not even for their names: what the brain lets go comes next
    return len(sys.modules) < before


def spare(part):
    """Where less than that part of the heap is free, what is seldom wanted goes."""
    if not has(part):
        gc.collect()
        if not has(part) and forget():
            gc.collect()


def has(part):
    """Whether so great a part of the heap is free: 8, an eighth."""
    free = gc.mem_free()
    return free >= (free + gc.mem_alloc()) // part
