"""The host side of Everline: the `everline` command and the small world around a phone.

| module | idea |
|---|---|
| cli | the commands and their help |
| panel, picture | talk to a phone over its panel link; compose its screen |
| site, folder, line, world | service sites in processes of their own behind lines with latency and loss |
| names | a name server that can fall silent or lie |
| bench/ | the figures, as ratios within one run |
| phone, children | the firmware on the MicroPython unix port, started, watched and stopped |
| run, terminal, keyboard | the live world in a terminal |
| web, hub, page/ | the same in a browser |
| demo | the story without hands |
| build, fonts | the firmware as a board runs it |
| problem | what went wrong, as a sentence |
"""
