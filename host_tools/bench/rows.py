"""One figure as a row: a dict that the table prints and that --json gives.

name, value, unit    what was measured; where the name says no percentile, the median of the runs
spread, runs         [p10, p90] or None (the reader gives quartiles), and how many runs there were
ratio                of the value to what its name or bound says, measured in the same run, or None
bound, ok            the bound, in words or as a figure, and whether it holds; None where there is none
note                 what a reader has to know to judge it, or ""
"""

import math


def percentile(values, share: float) -> float:
    """The nearest-rank percentile: a value that was measured, nothing between two."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def median(values) -> float:
    """The middle one, or the mean of the two in the middle."""
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def spread(values) -> list:
    """[p10, p90]."""
    return [percentile(values, 0.1), percentile(values, 0.9)]


def digits(value) -> str:
    """A figure in three digits that count; words as they are."""
    if value is None:
        return ""
    if not isinstance(value, (int, float)):
        return str(value)
    if value == int(value) or abs(value) >= 100:
        return "{:,.0f}".format(value)
    return "%.3g" % value


def row(name, value, unit="", values=(), **more) -> dict:
    """A row; `values` are what the spread and the number of runs are taken from."""
    made = {"name": name, "value": value, "unit": unit, "ratio": None, "bound": None, "ok": None,
            "spread": spread(values) if values else None, "runs": len(values), "note": ""}
    if not set(more) <= set(made):
        raise TypeError("A row has no %s." % ", ".join(set(more) - set(made)))
    return {**made, **more}


def judged(made: dict, figure, most, bound: str) -> dict:
    """The row with a bound: `figure`, mostly its ratio, is at most `most`."""
    return {**made, "bound": bound, "ok": figure is not None and figure <= most}


def unmeasured(name, why: str, bound=None) -> dict:
    """A row for what could not be measured. What was not measured does not hold."""
    return row(name, None, bound=bound, ok=False, note=why)
