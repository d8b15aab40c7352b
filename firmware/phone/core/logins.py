"""Names and passwords that a person typed when a server asked for them, each for its site (RFC 7617, 7616).

    401 --known--> the same request once more, with the answer      --unknown, or wrong--> the person is asked
    what is typed --keep--> Login --the next 401 names its realm--> with each request below its folder

They are kept as long as the session: a list of core/manners.py, never written to the flash, in no journal.
None goes to another site, whatever redirects there.
"""

from binascii import b2a_base64, hexlify
from collections import namedtuple

from micropython import const

from phone.core.result import LOGIN, Context, Result
from phone.phrases import phrase
from phone.wire.challenge import wanted
from phone.wire.text import clean
from phone.wire.url import site

# site: whose it is. realm: None until the site has named it, WRONG where it did not know the two. folder: of
# the page that asked: all below it is asked for with the password at once. kept: of digest.Session, None for
# Basic. at: ms of the last request.
Login = namedtuple("Login", ("site", "realm", "folder", "user", "password", "kept", "at"))

WRONG = False
LOGINS_MAX = const(8)  # as many as sites have cookies
IDLE_MS = const(1800000)  # as of cookies (core/cookies.py)
_TRIES_MAX = const(3)  # of one request: a nonce of before, a new one, and one that ran out on the way
_REALM_MAX = const(40)  # characters of it on the screen
_CNONCE_BYTES = const(8)


def line(logins, fetch, method, path, entropy, now):
    """The line of a request of `fetch`, "" where nobody was asked for a password there."""
    logins[:] = [login for login in logins if now - login.at < IDLE_MS]
    where = site(fetch.url)
    found = [login for login in logins if login.site == where and login.realm not in (None, WRONG)]
    fits = [login for login in found if login.realm == fetch.realm]
    fits = fits or [login for login in found if path.startswith(login.folder)]
    if not fits:
        return ""
    login = max(fits, key=lambda login: len(login.folder))
    fetch.realm, kept = login.realm, login.kept
    if kept is None:
        said = "Basic " + _base64(login.user + ":" + login.password)
    else:
        from phone.wire import digest

        session = digest.Session(login.user, login.password, kept)
        said = session.answer(method, path, str(hexlify(entropy(_CNONCE_BYTES)), "ascii"))
        kept = session.kept
    logins[logins.index(login)] = _with(login, login.folder, login.realm, kept, now)
    return "Authorization: %s\r\n" % said


def answers(logins, fetch, raw, now):
    """Whether the request of `fetch`, which got a 401, is to be sent again with credentials. raw: the value
    of WWW-Authenticate. Of those that turned out wrong the name is kept, for who types them again.
    """
    asked = wanted(raw)
    where, path = site(fetch.url), fetch.url.path.partition("?")[0]
    realms = (asked.realm, None) if asked else ()
    found = [login for login in logins if login.site == where and login.realm in realms]
    if not found:
        return False
    login = found[-1]  # the newest
    given = asked.digest
    # An answer to an older nonce, or to one that ran out, says nothing of the password.
    wrong = fetch.realm == asked.realm and (not given or fetch.tries and not given.stale)
    fetch.tries += 1
    if wrong or fetch.tries > _TRIES_MAX:
        logins[logins.index(login)] = Login(where, WRONG, "", login.user, "", None, now)
        return False
    kept = None
    if given:
        from phone.wire import digest

        session = digest.Session(login.user, login.password, login.kept)
        session.take(given)
        kept = session.kept
    fetch.realm = asked.realm
    folder = _folder(path) if login.realm is None else _shared(login.folder, path)
    logins[logins.index(login)] = _with(login, folder, asked.realm, kept, now)
    return True


def keep(logins, url, user, password, now):
    """A person typed them for the site of `url`, which asked."""
    where = site(url)
    others = [login for login in logins if login.site != where or login.realm not in (None, WRONG)]
    logins[:] = others[1 - LOGINS_MAX :]
    logins.append(Login(where, None, "/", user, password, None, now))


def ask(run, context, logins):
    """The Result that has a person type them, where a `run` (core/run.py) ended with a 401; None where its
    server wants something else. context: what is asked for then.
    """
    outcome = run.fetch.outcome
    found = question(logins, outcome.url, outcome.fields.get(b"www-authenticate", b""), run.label)
    if not found:
        return None
    context = Context(*tuple(context)[:6] + (run.fetch.form,))
    return Result(None, found[:1], {LOGIN: found[1]}, context, "", None, None)


def question(logins, url, raw, label):
    """(what is said to who is to type them: a phrase, the name that was typed before) where the site of `url`
    sent a 401; None where it wants something else than a password. label: of the server.
    """
    asked = wanted(raw)
    if not asked:
        return None
    for login in logins:
        if login.site == site(url) and login.realm is WRONG:
            return phrase("%s does not know this user name with this password.", label), login.user
    realm = clean(asked.realm.encode(), b"")[:_REALM_MAX]
    if realm:
        return phrase("%s asks for a password: %s", label, realm), ""
    return phrase("%s asks for a password.", label), ""


def _with(login, folder, realm, kept, now):
    return Login(login.site, realm, folder, login.user, login.password, kept, now)


def _folder(path):
    return path[: path.rfind("/") + 1]


def _shared(folder, path):
    """The innermost folder that holds both."""
    while not path.startswith(folder):
        folder = _folder(folder[:-1])
    return folder


def _base64(text):
    return str(b2a_base64(text.encode()).strip(), "ascii")
