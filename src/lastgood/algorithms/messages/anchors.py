"""What a sentence is tied to: figures, times, names, totals, an open question, an honest unknown, what is missing; and its content."""

import re
from itertools import pairwise

from lastgood.algorithms.messages import vague_words as say
from lastgood.algorithms.messages.clauses import AUXILIARIES, PREPOSITIONS
from lastgood.algorithms.messages.sentences import Sentence, Sort, Token
from lastgood.algorithms.messages.stems import is_in, words

_CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}|\d{4}-\d{2}-\d{2}|\d{1,2}(am|pm|Z|h)$", re.IGNORECASE)
_DAYS = words("monday tuesday wednesday thursday friday saturday sunday tomorrow yesterday sprint")
_STATUS = re.compile(
    r"(?P<code>\b[1-5](?:\d\ds|xxs?)\b)"
    r"|\b(?:with|returns?|returning|answers?|answering|http|status|code|errors?|gets?|throws?|throwing) (?P<code2>[1-5]\d\d)\b(?! \w*%)",
    re.IGNORECASE,
)
_NO_NAMES = words("cpu ram io vm os dns i api eta ok fyi db ui it tbd tba asap utc")
_GENERIC = (
    say.FUNCTION
    | say.EMPTY_NOUNS
    | say.EMPTY_VERBS
    | say.EMPTY_QUALIFIERS
    | say.SOFT_STATES
    | say.HEDGES
    | say.RELATIVE_TIME
    | say.ACTS
    | words(
        "technician electrician mechanic administrator admin developer operator crew squad manager agent worker"
    )
)
_UNKNOWN = re.compile(
    r"\b(un(known|clear)|(not|n't|yet to) (yet )?(be )?(know\w*|clear|sure|certain|establish\w*|measured|counted|tested|decided|assessed))\b",
    re.IGNORECASE,
)
# What is missing, what was without effect, and what nobody needs to do: told as such, each is a fact.
_MISSING = re.compile(
    r"\b(?:there (?:is|was|were|are) (?:no|nothing)|ha(?:s|d|ve) no) (?!(?:further|more|other|new|news|update|eta|luck|progress|change|issue|problem|doubt|worr|need|reason|information|idea|estimate|time)\w*\b)"
    r"|\b(?:did|does|do|was|were|is|are)(?: not|n't) (?:\w+ly )?(?:catch|cover|include|detect|check|test|validate|require|exist|document|monitor"
    r"|alert|prevent|warn|trigger|fire|limit|name|describe|mention|support|handle|enforce|block|stop)(?:ed)?\b"
    r"|\b(?:had|has|have|without|no) (?:any )?(?:no )?effect\b|\b(?:did|does)(?: not|n't) help\b|\bno (?:further )?action (?:is |was )?(?:needed|required)\b|\bdo(?: not|n't) need to\b",
    re.IGNORECASE,
)
_NOT_HURT = re.compile(
    r"\b(not|n't|no|never|un)\W?(longer )?(\w+ )?(affected|impacted|hit|lost|leaked|touched)\b", re.IGNORECASE
)


def figures(sentence: Sentence) -> list[Token]:
    """Figures, in digits or in words. The status of an answer (`500s`, `returns 502`) counts nothing."""
    statuses = {
        match.start(match.lastgroup or 0) + sentence.start for match in _STATUS.finditer(sentence.text)
    }
    return [
        token
        for token in sentence.tokens
        if token.lower in say.NUMBERS or (token.sort is Sort.FIGURE and token.start not in statuses)
    ]


def is_time(token: Token) -> bool:
    """Whether a word is a clock time or a day."""
    return bool(token.sort is Sort.FIGURE and _CLOCK.search(token.text)) or token.lower in _DAYS


def anchored(sentence: Sentence) -> bool:
    """Whether it is tied to something that can be looked up: a name, a total, an open question, an honest unknown."""
    telling, found = content(sentence), sentence.words
    asked = telling and any(word in {"why", "whether", "which", "how", "if"} for word in found)
    things = telling or [word for word in found if is_in(word, say.TOPICS)]
    done = len(set(_topics(found))) > 1 and any(is_in(word, say.ACTS) for word in found)
    total = things and any(b in say.TOTALS and a not in say.COURTESY for a, b in pairwise(("", *found)))
    return bool(
        asked or total or done or any(_is_name(sentence, token) for token in sentence.tokens) or _names_one(found)
        or unknown(sentence) or _NOT_HURT.search(sentence.text) or _MISSING.search(sentence.text)
    )  # fmt: skip


def _topics(found: tuple[str, ...]) -> list[str]:
    """The parts of a system that are named, a compound as one."""
    return [
        a for a, b in pairwise((*found, "")) if is_in(a, say.TOPICS - say.ACTS) and not is_in(b, say.TOPICS)
    ]


def unknown(sentence: Sentence) -> bool:
    """Whether it says honestly that something, which it names, is not known."""
    named = any(is_in(word, say.EMPTY_NOUNS | say.TOPICS) for word in sentence.words) or content(sentence)
    return bool(named and _UNKNOWN.search(sentence.text))


def _names_one(found: tuple[str, ...]) -> bool:
    """Whether it says which region, plan, table is meant."""
    joints = AUXILIARIES | PREPOSITIONS | say.TOTALS | {"and", "or", "that", "which"}
    return any(a in say.NAMED and b not in joints for a, b in pairwise(found))


def _is_name(sentence: Sentence, token: Token) -> bool:
    """An identifier, or a capital letter that no sentence began with."""
    if token.sort is Sort.NAME or token.lower in _DAYS:
        return True
    first = token is sentence.tokens[0]
    inner = any(letter.isupper() for letter in token.text[1:])
    capital = token.text[:1].isupper() and not first
    return token.sort is Sort.WORD and (inner or capital) and token.lower.split("'")[0] not in _NO_NAMES


def content(sentence: Sentence) -> list[str]:
    """The words that say something. A topic does so only with another beside it, or when it is said to work."""
    telling = [word for word in sentence.words if not is_in(word, _GENERIC)]
    works = any(b in {"work", "works"} and a in telling for a, b in pairwise(sentence.words))
    return telling if works or not all(is_in(word, say.TOPICS) for word in telling) else []
