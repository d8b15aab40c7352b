"""The two designs: sizes, fonts and colours. Whoever draws or wraps asks here.

Colour, 320x240, four levels            Mono, 128x64, two levels
    22  status: mark, server, clock         12  title, with the mark
    28  title                               13  row     three; a prompt takes rows
    23  row      six                        13  softkeys
    22  prompt
    30  softkeys

Another size takes the nearer design and has more or fewer rows. Every band of the screen has a
palette of its own, so that two bits a pixel are enough: level 0 is the band's paper, 3 its ink,
1 and 2 lie between and smooth the letters. Levels 0 and 3 of neighbouring bands are often the
same colour the other way round (a selected row is white on blue between rows of blue on white).
A mono display lights a pixel whose palette entry is bright.
"""

from phone.phrases import plain

_COLOUR, _MONO = ("title", "body", "small", "clock"), ("mono", "mono_clock")


def _is_colour(width, levels):
    return levels >= 4 and width >= 240


def font_names(width, height, levels):
    """Names of the fonts that theme_for() will ask for."""
    return _COLOUR if _is_colour(width, levels) else _MONO


def theme_for(width, height, levels, fonts, words=None):
    """The Theme of a display. `fonts`: {name: source} with at least font_names(...). `words(code)`: another
    language (runtime/words.py), or None; without it the phone speaks English.
    """
    if _is_colour(width, levels):
        from phone.ui.colour import Colour as Design
    else:
        from phone.ui.mono import Mono as Design
    theme = Design(width, height, fonts)
    theme.open_words = words
    for font in (theme.title_font, theme.text_font, theme.small_font, theme.clock_font):
        font.spare = theme.forget
    return theme


class Theme:
    """`rows`: rows of a page without a prompt of its own; `text_width`: of a line of text;
    `compact`: whether there is room for the necessary only."""

    words = None  # of the language that is spoken

    def _measure(self, width, height):
        self.width, self.height = width, height
        body = height - self.status_height - self.title_height - self.prompt_height - self.softkey_height
        self.rows = max(1, body // self.row_height)
        self.title_height += max(0, body - self.rows * self.row_height)
        self.text_width = width - self.margin - self.strip

    def speak(self, language):
        """From now on in this language ("de"); English where there is no file of it."""
        if self.words:
            self.words.close()
        self.words = self.open_words(language) if self.open_words and language != "en" else None

    def say(self, said):
        """A phrase as text, in the language of the phone."""
        if self.words:
            try:
                return plain(said, self._find)
            except (TypeError, ValueError):  # a damaged file: its parts do not fit
                pass
        return plain(said)

    def _find(self, template):
        """In the language of the phone. A text may have a short form for the small display behind a "|"."""
        text, bar, short = self.words.find(template).partition("|")
        return short if bar and self.compact else text

    def forget(self):
        """Give back what can be read again."""
        if self.words:
            self.words.forget()
        for font in (self.title_font, self.text_font, self.small_font, self.clock_font):
            font.forget()

    def prompt_lines(self, prompt):
        """The lines of a prompt as they are drawn."""
        if not prompt:
            return ()
        room = self.width - 2 * self.margin
        lines = self.prompt_font.wrap(prompt, room)
        if len(lines) > self.prompt_lines_max:
            rest = " ".join(lines[self.prompt_lines_max - 1 :])
            lines = lines[: self.prompt_lines_max - 1] + [self.prompt_font.fit(rest, room)]
        return tuple(lines)

    def prompt_rows(self, lines):
        """How many rows of the page that many lines of prompt take."""
        return max(0, lines - (1 if self.prompt_height else 0))

    def rows_beside(self, prompt):
        """Number of rows of a page that are visible beside this prompt."""
        if not prompt:
            return self.rows
        return max(0, self.rows - self.prompt_rows(len(self.prompt_lines(prompt))))
