"""The word classes of `words.toml`, and whether a word is a form of one of them."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

_WORDS = tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))
_CLASSES = {name: frozenset(text.split()) for name, text in _WORDS["classes"].items()}
_IRREGULAR = {form: base for base, forms in _WORDS["irregular"].items() for form in forms.split()}
_PHRASES = {
    name: tuple(text.strip().replace("\n", "|").split("|")) for name, text in _WORDS["phrases"].items()
}
_ENDINGS = (
    ("ies", "y"), ("ied", "y"), ("es", ""), ("s", ""), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"),
)  # fmt: skip

# What insiders say, with what everybody understands.
PLAIN: Mapping[str, str] = {
    word: plain for plain, listed in _WORDS["plain"].items() for word in listed.split(", ")
}


@cache
def forms(word: str) -> frozenset[str]:
    """Everything that a word may be a form of, itself among it: `deploying` gives `deploying`, `deploy`, `deploye`."""
    lower = word.lower().replace("\u2019", "'")
    bare = lower.split("'")[0] or lower
    return frozenset({lower, bare, *_bases(bare)})


def is_in(word: str, *names: str) -> bool:
    """Whether a word, or what it is a form of, is of one of the classes with these names."""
    return any(not _CLASSES[name].isdisjoint(forms(word)) for name in names)


def phrase_in(text: str, name: str) -> str | None:
    """The first phrase of a kind that stands in a text in lower case."""
    return next((phrase for phrase in _PHRASES[name] if f" {phrase} " in f" {text} "), None)


def is_past(word: str) -> bool:
    """Whether a word has the form of a verb in the past: `deployed`, `broke`."""
    return word in _IRREGULAR or (word.endswith("ed") and len(word) > 3)


def _bases(word: str) -> Iterator[str]:
    if word in _IRREGULAR:
        yield _IRREGULAR[word]
    for ending, instead in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 1:
            yield stem + instead
            if ending in {"ed", "ing"} and not instead and len(stem) > 3 and stem[-1] == stem[-2]:
                yield stem[:-1]  # `dropped`
