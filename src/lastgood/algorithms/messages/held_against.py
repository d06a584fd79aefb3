"""What a clause holds against its subject, once that is known to be somebody.

Each rule is one way of making people the fault: carelessness, harm done, something faulty made, a duty left undone,
what should have been, character, being singled out, and pressure.
"""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from lastgood.algorithms.messages import blame_words as who
from lastgood.algorithms.messages.clauses import AUXILIARIES, PREPOSITIONS, Clause, is_past
from lastgood.algorithms.messages.sentences import Sort
from lastgood.algorithms.messages.stems import is_in, words

_NOT_OBJECTS = words("at on in again since for and while when twice once after during because . ,")
_ARTICLES = words("the a an of its any each every")
_MINDING = who.MINDFUL | words("check look watch monitor")
_FAIL = words("fail neglect")
_MODAL = words("can may might will must cannot")
_COPULAS = words(
    "is are was were be been being am fell seem seems seemed look looks looked lack lacks lacked get got"
)
_OBLIGED = re.compile(
    r"\b(?:should|shouldn't|ought to) have (?!been\b)|\bought to\b(?! have)|\bsupposed to\b|^could have (?!been\b)"
    r"|^(?:was|were) meant to\b"
)
_AGAINST = re.compile(
    r" (?:against|despite|contrary to|ignoring|over) (?:\w+ ){0,2}(?:policy|rules?|advice|procedures?|process|runbook|warnings?|orders?"
    r"|instructions?|protocol|agreement|objections?|guidelines?|checklist|recommendations?) "
)


def held_against(clause: Clause, clauses: Sequence[Clause]) -> bool:
    """Whether a clause, whose subject is somebody, makes them the fault."""
    return any(rule(clause) for rule in _RULES) or _is_cause(clause, clauses) or _broke_it(clause, clauses)


def is_careless(clause: Clause) -> bool:
    """Whether it says that its subject forgot, ignored, botched, or did it blindly, anyway, in a hurry."""
    main = clause.main
    return main is not None and _has_happened(clause, main) and (_careless(clause) or _carelessly(clause))


def _careless(clause: Clause) -> bool:
    """Somebody forgot, ignored, botched; whatever began with `mis`."""
    return any(
        (is_in(word, who.CARELESS) or (word.startswith("mis") and is_past(word)))
        and before not in _ARTICLES | _MODAL
        for before, word in pairwise(("", *clause.words))
    )


def _carelessly(clause: Clause) -> bool:
    """Somebody did it blindly, anyway, in a hurry; or knew."""
    late = (
        clause.main is not None
        and not _COPULAS & set(clause.words[: clause.main])
        and any(word in who.SHODDILY for word in clause.words[clause.main + 1 : clause.main + 4])
    )
    acted = any(
        is_in(word, who.DEEDS | who.RISKY | who.HARMFUL | words("tell warn")) for word in clause.words
    )
    again = "twice" in clause.words and acted and _is_certain(clause) and clause.about != "nobody"
    return (
        again
        or (late and not is_in(clause.about, who.TWOFOLD))
        or clause.words[:1] == ("knew",)
        or any(w in who.CARELESSLY | who.MARKERS for w in clause.words)
    )


def _is_certain(clause: Clause) -> bool:
    """Whether its subject is people beyond doubt, and no machine or service of that name."""
    head = clause.about
    if not is_in(head, who.TWOFOLD):
        return is_in(head, who.PEOPLE)
    return any(
        token.lower in who.HUMAN_KINDS or token.lower.endswith(("'s", "s'")) for token in clause.subject[:-1]
    )


def _is_person(clause: Clause) -> bool:
    """Whether its subject is people beyond doubt, or has a name."""
    return _is_certain(clause) or (
        clause.head is not None and clause.head.text[:1].isupper() and len(clause.subject) == 1
    )


def _harmful(clause: Clause) -> bool:
    """Somebody broke it, or took something down; a machine may crash, so a mere name needs an object."""
    main, certain = clause.main, _is_certain(clause)
    machine = is_in(clause.about, who.TWOFOLD) and clause.about != "they"
    if main is None or (machine and not (certain and is_past(clause.words[main]))):
        return False
    rest = clause.words[main + 1 :]
    if is_in(clause.words[main], words("leave")) and (
        not rest or rest[0] in PREPOSITIONS or set(rest[:2]) & who.LEFT
    ):
        return False
    if is_in(clause.words[main], who.HARMFUL) and clause.about == "they":
        return any(is_in(word, who.HARMED) for word in rest) and clause.subject[0].text == "They"
    if is_in(clause.words[main], who.HARMFUL):
        return certain or bool(rest and rest[0] not in _NOT_OBJECTS)
    ran = is_in(clause.words[main], words("run execute issue")) and any(
        is_in(w, who.DESTRUCTIVE) for w in rest
    )
    risky = ran or is_in(clause.words[main], who.RISKY | who.DESTRUCTIVE)
    if not risky or not is_past(clause.words[main]):
        return False
    lost = is_in(clause.words[main], who.DESTRUCTIVE) and any(is_in(word, who.LOSABLE) for word in rest)
    # With its time, or with what it was for, it is an act that was meant: `turned off the flag to stop the refusals`.
    meant = any(token.sort is Sort.FIGURE for token in clause.said) or "to" in rest or "over" in rest[:1]
    return (ran or lost or any(is_in(word, who.HARMED | who.FAULTY) for word in rest)) and not meant


def _faulty(clause: Clause) -> bool:
    """Somebody pushed a bad deploy, typed the wrong region; whoever finds or mends a fault is not its cause."""
    main = clause.main
    if main is None or _going_on(clause) or not _has_happened(clause, main):
        return False
    verb, rest = clause.words[main], clause.words[main + 1 :]
    if is_in(clause.about, who.TWOFOLD) and not _is_certain(clause) and not is_in(verb, who.BY_HAND):
        return False
    if _shipped(clause, main):
        return True
    if is_in(verb, who.DEEDS | who.BY_HAND | words("run execute point")) and any(
        a == "instead" and b == "of" for a, b in pairwise(rest)
    ):
        return True
    if is_in(verb, who.CHANGING) and is_past(verb) and "wrong" in rest:
        return True
    return not is_in(verb, who.MENDING) and any(is_in(word, who.FAULTY | who.FAULTS) for word in rest)


def _shipped(clause: Clause, main: int) -> bool:
    """Somebody did it, to production, and no time, number or plan makes an account of it."""
    verb, rest = clause.words[main], clause.words[main + 1 :]
    planned = any(token.sort is Sort.FIGURE for token in clause.said) or {
        "planned",
        "as",
        "documented",
    } & set(rest)
    if planned or not is_past(verb) or not _is_person(clause):
        return False
    mere = rest in {("it", "."), ("it",), ("this", "."), ("this",)}
    live = any(
        a in {"on", "to", "in", "against", "the"} and b in {"prod", "production"} for a, b in pairwise(rest)
    )
    return (mere and is_in(verb, who.DEEDS)) or (live and is_in(verb, who.DEEDS | words("run")))


def _has_happened(clause: Clause, main: int) -> bool:
    """Whether the main verb tells of the past, or of what is done again and again."""
    return is_past(clause.words[main]) or bool(
        {"has", "have", "had", "did", "keep", "keeps"} & set(clause.words[:main])
    )


def _going_on(clause: Clause) -> bool:
    """Whether somebody is at it now: `Dave is rolling back the bad deploy`."""
    return any(
        a in {"is", "are", "am", "will"} and (b.endswith("ing") or a == "will")
        for a, b in pairwise(clause.words)
    )


def _undutiful(clause: Clause) -> bool:
    """Somebody did not test, read, tell; was not there; acted without asking."""
    said, head = clause.words, clause.about
    if head in {"nobody", "one", "noone", "none", "neither"}:
        return clause.before not in {"that", "which"} and _nobody_did(clause)
    certain = _is_certain(clause)
    people = certain or not is_in(head, who.TWOFOLD)
    return any(
        _left_undone(said[place:], people=people)
        or (is_in(said[place], _FAIL) and _failed_to(said[place + 1 :], certain=certain, people=people))
        for place in range(len(said))
    )


def _nobody_did(clause: Clause) -> bool:
    """Nobody noticed, cared, showed up; but nobody was charged twice, nobody lost data."""
    first = next((word for word in clause.words if word not in {"from", "of", "on", "in", "at"}), "")
    main = clause.main
    if first in {"was", "were"} and any(b.endswith("ing") and is_in(b, _MINDING) for b in clause.words[1:3]):
        return True
    if main is None or first in AUXILIARIES:
        return False
    if is_in(clause.words[main], _MINDING) or "attention" in clause.words:
        return True
    return is_past(clause.words[main]) and not is_in(
        clause.words[main], who.EXCUSED | words("report complain suffer experience pay")
    )


def _left_undone(said: Sequence[str], *, people: bool) -> bool:
    """Whether it begins with what was not done: `did not test`, `never asked`, `was not there`, `without review`."""
    first, *rest = said
    if first == "before" and rest[:1] and rest[0] in who.BEFORE_ALL:
        return people
    if first == "without":
        return people and bool(rest) and not any(is_in(word, who.GOOD_WITHOUT) for word in rest[:3])
    if first in {"did", "was", "were", "had"} and rest[:1] == ["not"]:
        return _undone(first, rest[1:], people=people)
    if first in {"didn't", "wasn't", "weren't", "hadn't", "never"}:
        return _undone(first.removesuffix("n't"), rest, people=people)
    return people and _heedless(said)


def _undone(negated: str, after: Sequence[str], *, people: bool) -> bool:
    passive = negated in {"was", "were"} or "been" in after[:2]
    after = [word for word in after if not word.endswith("ly") and word not in {"even", "been", "to"}]
    if not after:
        return people and not passive  # `had months to fix it and did not`
    if is_in(after[0], who.EXCUSED):
        return people and after[:2] == ["know", "how"]
    if not people:
        return not passive and is_in(after[0], who.SOCIAL)
    return not (passive and (is_past(after[0]) or after[0] == "on"))


def _heedless(said: Sequence[str]) -> bool:
    """Do not test, read, listen, know how."""
    plain = " ".join(said).replace("n't", " not").split()
    unmindful = is_in(" ".join(plain[2:3]), who.MINDFUL) or plain[2:4] == ["know", "how"]
    return plain[:1] in (["do"], ["does"]) and plain[1:2] == ["not"] and unmindful


def _failed_to(after: Sequence[str], *, certain: bool, people: bool) -> bool:
    """Failed to escalate; of people, failed to do anything."""
    duties = who.SOCIAL | who.DUTIES if people else who.SOCIAL
    if after[:1] == ("in",):
        return people and bool({"duty", "job", "role", "responsibility", "task"} & set(after[:4]))
    return after[:1] == ("to",) and len(after) > 1 and (certain or is_in(after[1], duties))


def _should_have(clause: Clause) -> bool:
    """Somebody should have, was supposed to; not what should have been done to them."""
    said = " ".join(word for word in clause.words if word not in {"not", "never", "also", "really"})
    text = said.replace("'ve", " have")
    return bool(_OBLIGED.search(text))


def _characterised(clause: Clause) -> bool:
    """Somebody is careless, asleep, not competent."""
    said = clause.words
    is_so = any(
        is_in(word, who.CHARACTER) and _COPULAS & set(said[max(place - 4, 0) : place])
        for place, word in enumerate(said)
    )
    before = any(is_in(token.lower, who.CHARACTER) for token in clause.subject[:-1])
    too = any(a == "too" and b not in {"many", "much", "few", "little"} for a, b in pairwise(said))
    return is_so or before or (too and _is_certain(clause))


def _outdone(clause: Clause) -> bool:
    """What a careful engineer, or anyone, would have seen."""
    text = " ".join(clause.words)
    would = re.search(r"\bwould(?: not|n't)?(?: have|'ve)\b(?! been)", text)
    return bool(would) and any(token.lower in who.MODELS for token in clause.subject)


def _gave_nothing(clause: Clause) -> bool:
    """Somebody gave it no thought, made no effort."""
    return any(a in {"no", "little", "zero"} and b in who.VIRTUES for a, b in pairwise(clause.words))


def _singled_out(clause: Clause) -> bool:
    """The one who did it; somebody to blame, responsible, spoken to."""
    text = f" {' '.join(clause.words)} "
    told = any(f" {phrase} " in text for phrase in who.IDIOMS) or clause.words[-2:] == ("the", "one")
    told |= any(a in {"been", "was", "were"} and is_in(b, who.DISCIPLINED) for a, b in pairwise(clause.words))
    return told or bool(_AGAINST.search(text)) or any(is_in(word, who.PUNISHED) for word in clause.words)


def _pressed(clause: Clause) -> bool:
    """Somebody insisted, promised what was not ready, pushed for it against advice."""
    main, text = clause.main, f" {' '.join(clause.words)} "
    if main is None or not _has_happened(clause, main):
        return False
    against = bool(words("against despite although before not nobody cannot") & set(clause.words))
    pressed = (
        is_in(clause.words[main], who.PRESSED)
        or " pushed for " in text
        or " pushing for " in text
        or " gave the " in text
    )
    return clause.words[main] == "insisted" or (against and pressed)


def _is_cause(clause: Clause, clauses: Sequence[Clause]) -> bool:
    """It broke because somebody did something."""
    main = clause.main
    if main is None or not _given_as_cause(clause, clauses):
        return False
    unable = bool({"can't", "cannot", "couldn't"} & set(clause.words[:main]))
    if not (is_past(clause.words[main]) or unable) or is_in(clause.words[main], who.EXCUSED):
        return False
    if is_in(clause.about, who.TWOFOLD) and not _is_certain(clause):
        return False
    if clause.about in {"he", "she"} or (clause.before == "that" and clause.about != "nobody"):
        return True
    others = [other for other in clauses if other is not clause]
    told = [word for other in others for word in (*other.words, other.about)]
    return any(is_in(word, who.BREAKING) for word in told)


def _broke_it(clause: Clause, clauses: Sequence[Clause]) -> bool:
    """Somebody did something, and it broke: told without a time or a number, that is no account but a charge."""
    main = clause.main
    if main is None or not _is_certain(clause) or not is_past(clause.words[main]):
        return False
    if not is_in(clause.words[main], who.DEEDS | who.RISKY | who.CHANGING | who.DESTRUCTIVE):
        return False
    after = clauses[clauses.index(clause) + 1 :][:1]
    figures = any(token.sort is Sort.FIGURE for other in clauses for token in other.said)
    broken = any(is_in(word, who.BREAKING) for other in after for word in other.words if not other.inherited)
    return broken and not figures and after[0].before in {"and", ",", "so"}


def _given_as_cause(clause: Clause, clauses: Sequence[Clause]) -> bool:
    """Because somebody did; the cause is that somebody did."""
    if clause.before != "that":
        return clause.before in {"because", "since"}
    before = clauses[max(clauses.index(clause) - 1, 0)]
    return is_in(before.about, words("cause reason problem trouble")) and before is not clause


_RULES: tuple[Callable[[Clause], bool], ...] = (
    _careless, _carelessly, _harmful, _faulty, _undutiful, _should_have, _characterised, _singled_out, _pressed,
    _outdone, _gave_nothing,
)  # fmt: skip
