"""What the phone says, as data until somebody reads it.

A phrase is a tuple (template, *parts). It takes less room than its text, can be kept, compared and put into
another one, and becomes text where it is read: on the screen in the language of the phone, in the
account in English. A part is an int, a str (taken as it is: a name, a server's own words) or a phrase.
"""


def phrase(template, *parts):
    """One phrase. The template is written out where this is called: so a test finds all of them."""
    return (template,) + parts


def plain(said, find=None):
    """The text of a phrase; a str is its own. find(template) -> template in another language."""
    if isinstance(said, str):
        return said
    template = find(said[0]) if find else said[0]
    if len(said) == 1:
        return template
    return template % tuple([plain(part, find) if isinstance(part, tuple) else part for part in said[1:]])
