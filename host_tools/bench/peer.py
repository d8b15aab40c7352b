"""Runs under MicroPython's unix port: what one would write without Everline, timed inside the port.

A line on stdin is a JSON list of URLs; the answer is a line {"ms": 5012.3, "url": ..., "bytes": 1234}.
The loop asks one URL after the other with the frozen `requests` and five seconds for each, and takes the
first page. It draws nothing, parses nothing, and no key would work meanwhile.
"""

import json
import sys
import time

import requests

TIMEOUT_SECONDS = 5  # what the issue gives a URL, and what most examples in the field write


def page(urls):
    for url in urls:
        try:
            answer = requests.get(url, timeout=TIMEOUT_SECONDS)
            body = answer.content
            answer.close()
            if answer.status_code == 200:
                return url, len(body)
        except Exception:  # a loop that goes on after whatever went wrong: that is the peer
            continue
    return "", 0


while True:
    line = sys.stdin.readline()
    if not line:
        break
    begun = time.ticks_us()
    url, size = page(json.loads(line))
    took = time.ticks_diff(time.ticks_us(), begun)
    print(json.dumps({"ms": took / 1000, "url": url, "bytes": size}))
