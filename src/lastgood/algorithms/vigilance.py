"""Whether an action asks people for care, memory or effort, instead of changing something that stays changed.

Judged by what the sentence does, not by phrases: its leading verb after politeness and duty (`please`, `we
should`), and whom or what it acts on. Verbs of teaching and exhorting act on people; verbs of care and
memory happen in heads; a verb of checking changes nothing unless it says with what; a comparative of manner
(`more carefully`, `harder`) changes nothing either. A verb that makes something (`add`, `limit`, `alert`) is
an act on a system, whatever else the sentence says.

The idea that an action item must be more than exhortation: B. Beyer et al., Site Reliability Engineering
(2016), ch. 15, and the hierarchy of controls of safety engineering (elimination first, training last).
"""

import re
from collections.abc import Sequence
from itertools import pairwise

_WORD = re.compile(r"[a-z']+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LEADING = _words(
    "please we i they you should shall must need needs to have has ought will would could let us let's try want "
    "wants always also everyone everybody anyone somebody someone nobody each every all our the a an and it is "
    "important that next time from now on in future going forward more again just really simply once going do did "
    "be is are sure make ensure certain don't not never extra very"
)
_PEOPLE = _words(
    "everyone everybody anyone somebody someone nobody people person team teams engineer engineers developer "
    "developers dev devs staff operator operators colleague colleagues reviewer reviewers author authors oncall "
    "responder responders admin admins dba dbas sre sres employee employees contractor contractors us ourselves "
    "themselves them let's hires folks member members intern interns lead leads manager managers support"
)
_FORBID = _words("don't never")
_EXHORT = (
    "remind", "train", "retrain", "educat", "coach", "teach", "tell", "urg", "encourag", "instruct", "warn",
    "brief", "mentor", "reprimand", "advis", "ask",
)  # fmt: skip
_PREACH = (
    "emphasi", "reiterat", "stress", "lectur", "disciplin", "doublecheck", "discuss", "talk", "consider", "think",
)  # fmt: skip
_HEEDING = (
    "remember", "forget", "heed", "concentrat", "focus", "beware", "mind", "refrain", "strive", "aim",
)  # fmt: skip
_CAREFUL = _words(
    "careful carefully cautious cautiously mindful vigilant diligent diligently attentive attentively aware "
    "thorough thoroughly conscientious conscientiously watchful rigorous rigorously disciplined careless carelessly"
)
_ATTENTION = _words(
    "care attention caution awareness diligence vigilance discipline ownership mindset scrutiny quality communication "
    "collaboration culture hygiene judgement"
)
_TEACHING = _words(
    "training trainings workshop workshops session sessions course courses meeting talk reminder reminders email refresher briefing"
)
_HELD = _words("hold run give organise organize send schedule have conduct arrange offer")
_JOINING = _words("on for about to in with of that and where at")
_GIVE = _words(
    "take pay exercise show use apply raise improve increase create have build promote foster cultivate nurture instil "
    "instill strengthen"
)
_HARDER = _words("harder better twice closely properly correctly closer responsibly responsible")
_WISH = re.compile(r"\b(?:not|n't|never) (?:happen|recur|occur|repeat)")
_NEXT_TIME = re.compile(r"\b(?:next time|in (?:the )?future|from now on|going forward)\b")
_LOOKING = (
    "check", "doublecheck", "review", "test", "read", "watch", "look", "think", "communicat", "follow", "work",
    "verif", "monitor", "escalat", "inspect", "proofread", "plan", "investigat", "respond", "react", "cooperat",
    "coordinat", "avoid", "stop", "talk", "listen", "discuss", "know", "understand", "learn", "keep", "announc",
    "deploy", "push", "merg", "run", "writ", "cod", "document", "notif",
)  # fmt: skip


def asked_of_people(text: str) -> str | None:
    """The words of an action that ask people for care; None when it changes something."""
    plain = text.lower().replace("on-call", "oncall")
    words = _WORD.findall(re.sub(r"\bdouble[ -]check", "doublecheck", plain))
    place = next((n for n, word in enumerate(words) if word not in _LEADING and word not in _PEOPLE), None)
    if place is None:
        return None
    reported, verb, after = words[:place], words[place], words[place + 1 :]
    wished = _WISH.search(plain) or (verb == "avoid" and not {"by", "with", "through", "when"} & set(after))
    if wished or (_starts(verb, _EXHORT) and (not after or _PEOPLE & set(after[:5]) or _of_manner(after))):
        return _shown(words, place, after)
    if _starts(verb, (*_PREACH, *_HEEDING)) or verb in _CAREFUL | _ATTENTION | _HARDER or "be" in reported:
        return _shown(words, place, after)
    if (verb in _GIVE and _ATTENTION & set(after[:4])) or (verb in _HELD and _taught(after)):
        return _shown(words, place, after)
    heeded = (_PEOPLE | _FORBID) & set(reported) or _of_manner(after) or _NEXT_TIME.search(plain)
    if _starts(verb, _LOOKING) and heeded:
        return _shown(words, place, after)
    return None


def _of_manner(after: Sequence[str]) -> bool:
    """Whether what is asked is only how: more carefully, twice, better."""
    more = any(word in {"more", "less"} and then.endswith("ly") for word, then in pairwise(after))
    return more or bool((_CAREFUL | _HARDER | _ATTENTION) & set(after))


def _taught(after: Sequence[str]) -> bool:
    """`a training on …`, `an e-mail reminding everyone`: something held for people; a `training job` is none."""
    if "instead" in after:  # `to a channel instead of a person`
        return False
    held = any(
        word in _TEACHING and (then in _JOINING or not then) for word, then in pairwise((*after, "")[:4])
    )
    return held or any(_starts(word, _EXHORT) and then in _PEOPLE for word, then in pairwise(after))


def _starts(word: str, stems: Sequence[str]) -> bool:
    return any(word.startswith(stem) and len(word) - len(stem) <= 4 for stem in stems)


def _shown(words: Sequence[str], place: int, after: Sequence[str]) -> str:
    return " ".join([*words[:place], words[place], *after[:5]])
