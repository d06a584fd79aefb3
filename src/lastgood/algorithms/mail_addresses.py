"""E-mail addresses in text: what before the sign belongs to one, and what only looks like one (RFC 5321)."""

import re
from urllib.parse import unquote

_NOT_ASCII = 0x80
_LOCAL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._+-"
_ENCODED = re.compile(r"(?:[A-Za-z0-9._+-]|%2[Bb])+$")
_ANY_LETTERS = re.compile(r"[\w.+-]+$")
# In JSON as text, and in such text within another: `zo\u00eb@…` is zoë, and in `\u003cana@…` and `\nana@…` it is ana.
# In a URL or a form `zo%C3%AB%40…` and `%3Cana%40…` are the same.
_ESCAPE = re.compile(r"\\+(?:u(?P<letter>[0-9A-Fa-f]{4})|[bfnrt])|%(?P<byte>[0-9A-Fa-f]{2})")
_ESCAPED_LETTERS = re.compile(r"(?:[\w.+-]|\\+u[0-9A-Fa-f]{4}|%(?:2[Bb]|[89A-Fa-f][0-9A-Fa-f]))*$")
# `logo@2x.png`, `app@main.js:10`, `getty@tty1.service` are no addresses.
_ENDINGS = frozenset(
    "png jpg jpeg gif svg webp ico css js mjs cjs jsx ts tsx vue map json xml html htm txt log py rb php java jar class "
    "tgz gz zip service socket timer target mount slice scope device path".split()
)
# Accounts of machines: `git@github.com`, the node of an Erlang cluster, a shell's prompt.
_MACHINES = frozenset(
    "git hg svn root www-data nobody daemon ubuntu ec2-user rabbit ejabberd emqx couchdb postgres mysql".split()
)


def local_part(near: str, *, encoded: bool) -> str:
    """What at the end of the text before the sign belongs to the address, as it is written; `encoded`: in a URL."""
    stem = _ENCODED.sub("", near) if encoded else near.rstrip(_LOCAL)
    if stem and not encoded and stem[-1].isalnum():
        stem = _ANY_LETTERS.sub("", near)
    if stem.endswith(("\\", "%")):
        return _after_escapes(near)
    return near[len(stem) :].lstrip(".-")


def written_out(local: str) -> str:
    """The same as a person writes it: without the encoding of a URL or of JSON."""
    return unquote(_ESCAPE.sub(lambda one: chr(int(one["letter"], 16)) if one["letter"] else one[0], local))


def is_address(local: str, host: str) -> bool:
    """Whether it is a person's, by its two parts."""
    return local not in _MACHINES and host[host.rfind(".") + 1 :] not in _ENDINGS


def _after_escapes(near: str) -> str:
    start = 0
    for one in _ESCAPE.finditer(near):
        if not _is_letter(one):
            start = one.end()
    found = _ESCAPED_LETTERS.search(near, start)
    return found[0].lstrip(".-") if found else ""


def _is_letter(escape: "re.Match[str]") -> bool:
    """Whether it stands for a letter of a name, or a part of one."""
    if escape["byte"]:
        return int(escape["byte"], 16) >= _NOT_ASCII or chr(int(escape["byte"], 16)) == "+"
    return bool(escape["letter"]) and chr(int(escape["letter"], 16)).isalnum()
