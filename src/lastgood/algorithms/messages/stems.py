"""Stems: what a word may be a form of, so that classes of words need not list its forms."""

from collections.abc import Iterator
from functools import cache

_IRREGULAR = {
    "began": "begin", "bent": "bend", "bore": "bear", "brought": "bring", "broke": "break", "bought": "buy", "ate": "eat", "bit": "bite", "bound": "bind", "burnt": "burn", "drank": "drink", "fed": "feed",
    "fought": "fight", "forbade": "forbid", "hung": "hang", "overrode": "override", "overridden": "override", "rode": "ride", "rang": "ring",
    "rose": "rise", "sang": "sing", "sank": "sink", "shook": "shake", "slid": "slide", "spun": "spin", "stung": "sting", "struck": "strike",
    "swept": "sweep", "swung": "swing", "taught": "teach", "threw": "throw", "withdrew": "withdraw", "withheld": "withhold", "wound": "wind", "broken": "break",
    "came": "come", "caught": "catch", "chose": "choose", "chosen": "choose", "cut": "cut", "did": "do", "done": "do",
    "dug": "dig", "fell": "fall", "felt": "feel", "forgot": "forget", "forgotten": "forget", "found": "find", "gave": "give",
    "given": "give", "gone": "go", "got": "get", "had": "have", "has": "have", "heard": "hear", "held": "hold", "hid": "hide",
    "kept": "keep", "knew": "know", "known": "know", "left": "leave", "let": "let", "lost": "lose", "made": "make",
    "meant": "mean", "misread": "misread", "overlooked": "overlook", "overslept": "oversleep", "put": "put", "ran": "run",
    "read": "read", "said": "say", "saw": "see", "seen": "see", "sent": "send", "shut": "shut", "slept": "sleep",
    "spoke": "speak", "spoken": "speak", "stuck": "stick", "taken": "take", "thought": "think", "told": "tell", "took": "take",
    "understood": "understand", "was": "be", "went": "go", "were": "be", "wrote": "write", "written": "write",
    "better": "good", "worse": "bad", "worst": "bad", "people": "person", "lies": "lie", "slower": "slow", "died": "die",
    "misspelt": "misspell", "misunderstood": "misunderstand", "sat": "sit", "stood": "stand", "woke": "wake", "spent": "spend",
    "panicked": "panic", "mistook": "mistake", "wore": "wear", "won": "win", "met": "meet", "paid": "pay", "sold": "sell", "shot": "shoot", "stole": "steal", "swore": "swear", "tore": "tear",
    "led": "lead", "lied": "lie", "laid": "lay", "dealt": "deal", "drew": "draw", "drove": "drive", "flew": "fly", "froze": "freeze", "grew": "grow", "blew": "blow", "built": "build", "undid": "undo",
}  # fmt: skip
_ENDINGS = (
    ("ies", "y"), ("ied", "y"), ("es", ""), ("s", ""), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"),
)  # fmt: skip
_NO_VERBS = frozenset({"people", "better", "worse", "worst", "slower", "lies", "left", "cut"})


def words(text: str) -> frozenset[str]:
    """A class of words, written with spaces between them."""
    return frozenset(text.split())


@cache
def stems(word: str) -> frozenset[str]:
    """Everything that a word may be a form of, itself among it."""
    lower = word.lower().replace("\u2019", "'")
    bare = lower.split("'")[0] or lower
    return frozenset({lower, bare, *_forms(bare)})


def is_in(word: str, of: frozenset[str]) -> bool:
    """Whether a word or what it is a form of is of a class."""
    return not of.isdisjoint(stems(word))


def is_irregular(word: str) -> bool:
    """Whether a word is an irregular form of a verb: `broke`, `forgot`."""
    return word.lower() in _IRREGULAR and word.lower() not in _NO_VERBS


def _forms(word: str) -> Iterator[str]:
    if word in _IRREGULAR:
        yield _IRREGULAR[word]
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) >= len(ending) + 2:
            stem = word.removesuffix(ending) + instead
            yield stem
            if ending in {"ed", "ing"} and not instead and len(stem) > 3 and stem[-1] == stem[-2]:
                yield stem[:-1]
