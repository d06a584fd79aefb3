"""Texts as each sink shows them as they are: nothing in them is a mark, a mention, a link, or steers the reader's screen."""

import re
from html import escape
from itertools import accumulate
from unicodedata import category

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})  # controls, and what turns or hides writing
_MENTION = re.compile(r"(?<![A-Za-z0-9])@(?=[\w/])")  # Mattermost takes `.@all` and `_@all` for mentions too
_MARKS = re.compile(r"([\\`*_\[\]<>|&#~])")
_START = re.compile(r"^(\s*(?:\d+(?=[.)](?:\s|$)))?)([+=.)-])", re.MULTILINE)
_WIKI = re.compile(r"([\\{}\[\]*_+^~|!#?-])")


def seen(text: str) -> str:
    """A text without anything that cannot be seen, its lines kept."""
    return "".join(one for one in text.replace("\r\n", "\n") if one == "\n" or category(one) not in _UNSEEN)


def line(text: str, most: int) -> str:
    """The same in one line of at most so many characters."""
    return cut(" ".join(seen(text.replace("\n", " ").replace("\t", " ")).split()), most)


def cut(text: str, most: int) -> str:
    """A text of at most so many characters; one that is cut says so."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def slack(text: str, most: int) -> str:
    """For mrkdwn: the three characters that Slack asks to escape, so that no link or mention can be made.

    Cut before it is escaped, so that no escape is cut in two.
    """
    pieces = [escape(one, quote=False) for one in cut(seen(text), most)]
    if sum(map(len, pieces)) <= most:
        return "".join(pieces)
    ends = accumulate(map(len, pieces))
    return "".join(piece for piece, end in zip(pieces, ends, strict=True) if end < most) + "…"


def markdown(text: str) -> str:
    """For Markdown of chats and trackers: no marks, and no mention that would notify anyone."""
    return _MENTION.sub("@ ", _START.sub(r"\1\\\2", _MARKS.sub(r"\\\1", seen(text))))


def wiki(text: str) -> str:
    """For the wiki markup of Jira."""
    return _WIKI.sub(r"\\\1", seen(text))


def html(text: str) -> str:
    """For HTML, line breaks kept."""
    return escape(seen(text)).replace("\n", "<br>")
