"""Accusation: the frames in which a sentence points at somebody, whoever that is and whatever they did.

A sentence is read with every person, role and team replaced by one sign; what points at it is then the same few words:
`thanks to …`, `it was … who`, `the fault lies with …`, `why did nobody`.
"""

import re
from collections.abc import Iterator, Mapping

from lastgood.algorithms.messages import blame_words as who
from lastgood.algorithms.messages.clauses import is_past
from lastgood.algorithms.messages.people import is_somebody
from lastgood.algorithms.messages.sentences import Sentence, Sort, Token
from lastgood.algorithms.messages.stems import is_in, words

_WHO = "\u00a4"  # stands for somebody
_SOMEBODY = rf"(?:[\w{_WHO}-]+ ){{0,4}}{_WHO}"
_ENDS = r"(?= 's|$| [.,;:!?()]| (?:who|that|which|on|at|in|from|is|are|was|were|and|not)\b| \w+(?:ed|ing)\b)"
_WARNED = r"(?:told|warned|asked|advised|reminded|begged)"
_ACTS = r"(?:migrations?|changes?|commits?|deploy(?:ment)?s?|edits?|scripts?|quer(?:y|ies)|merges?|releases?|patch|code|work|tweaks?|push|actions?|decisions?)"
_NOT_PEOPLE = words(
    "agent worker driver group planner editor writer translator they guard captain steward teller"
)
_HARM = rf"(?:{'|'.join(sorted(who.BREAKING | words('went took broke lost failed crashed hours delayed')))})"
FRAMES: Mapping[str, re.Pattern[str]] = {
    name: re.compile(frame)
    for name, frame in {
        "blamed": rf"\b(?<!git )(?:blam(?:e|es|ed|ing)|culprits?|scapegoats?)\b(?: [^\s.;]+){{0,8}}? {_WHO}|\bblame (?:\w+ )?(?:with|on)\b",
        "is on": rf"\b(?:is|was) on {_SOMEBODY}{_ENDS}",
        "because of": rf"\b(?:because of|due to|owing to) {_SOMEBODY}{_ENDS}",
        "act of": rf"\b(?:(?:caused|broken|introduced|triggered|down|off) by|result of|resulted from|down to|thanks to) {_SOMEBODY} 's (?:[\w-]+ ){{0,2}}{_ACTS}\b",
        "thanks to": rf"\bthanks to {_SOMEBODY}{_ENDS}.*\b{_HARM}\b",
        "can thank": rf"\b(?:can|could|to|may|must) thank (?:\S+ ){{0,5}}{_WHO} .*\bfor\b",
        "lies with": rf"\b(?:fault|blame|responsibility|mistake|failure)\b.* (?:lies|rests|falls|sits|lay)\b(?: \w+)? (?:with|on) {_SOMEBODY}",
        "fault of": rf"\b(?:outage|incident|failure|downtime|problem|this|it) (?:is|was)\b.*\b(?:responsibility|fault|doing|mistake) of {_SOMEBODY}",
        "it was": rf"\b(?:it|this|that) (?:is|was) {_SOMEBODY} (?:who|that) (?P<deed>\w+)",
        "is the cause": rf"{_WHO} (?:is|are|was|were) (?:clearly |again )?the (?:\w+ )?(?:cause|reason|problem|source|weak(?:est)? link|bottleneck)\b",
        "cause is": rf"\b(?:cause|reason|problem|trouble|culprit) (?:is|was|:) (?:that |again |simply |clearly )*{_SOMEBODY}(?= 's| \w+ing\b| not\b| who\b| [.!]?$)",
        "is whose": rf"\bwhose (?:fault|mistake|doing)\b|{_WHO} 's (?:fault|responsibility) (?:that|for)\b|\b(?:mistake|fault|error|doing|slip|oversight|blunder) (?:is|was) (?:entirely |all |clearly )?{_SOMEBODY} 's",
        "avoided by": rf"\b(?:could|would|should)\b(?: \w+)? have (?:\w+ )?been (?:avoided|prevented|averted|caught|noticed|spotted|found) by {_SOMEBODY}"
        rf"|\bshould(?:n't)?\b.* been (?:\w+ )?\w+ by {_SOMEBODY}|\bfrom {_SOMEBODY} would have (?:prevented|saved|avoided|averted|spared)\b",
        "confused": rf"{_WHO} (?:\w+ )?(?:confused|swapped|mixed) (?:the|our|a|\w+) .*\b(?:with|and|for|up)\b",
        "outcome": rf"{_WHO} 's (?:[\w-]+ ){{0,3}}{_ACTS[:-1]}|choice|insistence|absence|delay|approach|behaviou?r|attitude|idea|handling|response|reaction|call|desire)"
        r" (?:[\w-]+ ){0,5}(?:caused|cost|led to|resulted in|delayed|prolonged|worsened|slowed|extended|aggravated|compounded|turned|knocked|triggered|got us)\b",
        "only then": rf"{_WHO} (?:\w+ )?(?:only|finally|belatedly) (?:noticed|acknowledged|responded|reacted|answered|joined|woke|escalated|looked|reali[sz]ed|checked|paged|called|replied)\b",
        "knew but": rf"{_WHO}.*\b(?:knew|(?:was|were) aware|had been told)\b.*\b(?:but|yet|still)\b",
        "offhand": rf"{_WHO} (?:[\w-]+ ){{0,2}}(?:deployed|pushed|merged|edited|changed|released|shipped|committed|patched)\b(?: \S+){{0,4}} (?:straight|directly) (?:to|in|on|into)\b"
        rf"|{_WHO} (?:[\w-]+ ){{0,2}}(?:edited|changed|modified|altered|touched) (?:the |a )?(?:live|production|prod) (?:\w+ ){{1,3}}by hand\b",
        "careless": rf"{_WHO} (?:(?:also|just|simply|again|always|often|never|had|has|have|\w+ly) ){{0,2}}(?P<careless>[\w-]+)",
        "character": rf"\b(?:is|was) (?:\w+ )?(?P<character>[\w-]+) of {_SOMEBODY} to\b",
        "unprepared": rf"{_WHO} (?:was|were|is|are) (?:\w+ly )?not (?:\w+ )?(?:{'|'.join(sorted(who.PREPARED))})\b",
        "who thought": r"\bwho (?:thought|let|allowed|decided on|came up with) (?:this|that|it)\b",
        "aside": rf"{_WHO} , (?:once again|yet again|as usual|as always|of course) ,",
        "held": rf"\b(?:hold|holds|held|holding) {_SOMEBODY} (?:accountable|responsible|liable)\b|{_WHO} owes? (?:us|everyone|an?)\b",
        "how could": rf"\bhow could {_SOMEBODY} (?:not|have|possibly|let|miss|ignore)\b|\bwhat (?:was|were) {_SOMEBODY} (?:thinking|doing)\b"
        r"|^who (?:on earth|the hell|even|broke|let|allowed|thought|messed|screwed)\b",
        "despite": rf"\b(?:despite|even after|although|even though)\b(?: \w+){{0,2}} {_WARNED}\b.*{_WHO}",
        "was warned": rf"{_WHO} (?:\w+ )?(?:was|were|had been|has been) (?:repeatedly )?warned (?:about|of|that|not|several|twice|repeatedly|before)\b",
        "advised": rf"\b{_WARNED} (?:them|him|her|{_SOMEBODY}) (?:not to|against|several times|twice|repeatedly|(?:a \w+|many|countless) times|(?:over|again|time) and (?:over|again))\b",
        "must learn": rf"{_WHO} (?:really )?(?:needs?|must|should|ha(?:s|ve)|ought) (?:to )?(?:really |just |finally )?"
        r"(?:stop|learn|remember|understand|listen|think|pay (?:more |closer )?attention|be more|be better|do better|do (?:his|her|their) job"
        r"|take (?:more )?(?:responsibility|ownership|care)|own up|know better|wake up|try harder|apologi[sz]e)\b",
        "lacked": rf"{_WHO} (?:clearly |simply |just )?lack(?:s|ed)? (?:the )?(?:\w+ )?(?:experience|skills?|knowledge|expertise|competence|judge?ment|understanding|maturity)\b",
        "why": rf"^why (?:did|was|were|has|have) (?P<nobody>nobody|no one|no-one)\b|^why (?:didn't|wasn't|weren't|hasn't|haven't) (?:you|they|{_SOMEBODY})",
        "whoever": r"^whoever (?P<did>\w+)",
        "spoke to": rf"\ba word with {_SOMEBODY}|\b(?:talk(?:ed|ing)?|spoke|speak) (?:\S+ ){{0,5}}?(?:responsible|culprit|concerned|caused?)\b",
        "judged": rf"{who.JUDGED.pattern}.*{_WHO}|{_WHO}.*{who.JUDGED.pattern}",
    }.items()
}  # fmt: skip


def accused(sentence: Sentence) -> Token | None:
    """Whom, or by which word, a sentence accuses."""
    text, places = _signs(sentence)
    for name, frame in FRAMES.items():
        found = frame.search(text)
        if found and not _excused(name, found, sentence):
            inside = [token for place, token in places.items() if found.start() <= place < found.end()]
            return next(
                (t for t in inside if text[_place(places, t)] == _WHO), inside[-1 if name == "why" else 0]
            )
    return None


def _excused(name: str, found: re.Match[str], sentence: Sentence) -> bool:
    """What makes a frame harmless: the deed was good, the person was not told."""
    if name == "it was":
        return not is_in(found["deed"], who.RISKY | who.HARMFUL | who.DEEDS | who.CARELESS)
    if name == "careless":
        return not is_in(found["careless"], who.CARELESS)
    if name == "character":
        return not is_in(found["character"], who.CHARACTER | who.FAULTY)
    if name == "why":
        return any(is_in(word, who.EXCUSED) for word in sentence.words)
    if name == "whoever":
        return not (is_past(found["did"]) or found["did"] in {"set", "put"}) or any(
            is_in(word, words("thank")) for word in sentence.words
        )
    return False


def _signs(sentence: Sentence) -> tuple[str, dict[int, Token]]:
    """The sentence in lower case with somebody replaced by a sign, and which token begins where."""
    text, places = "", dict[int, Token]()
    for sign, token in _pieces(sentence):
        text += " " * bool(text)
        places[len(text)] = token
        text += sign
    return text, places


def _pieces(sentence: Sentence) -> Iterator[tuple[str, Token]]:
    for place, token in enumerate(sentence.tokens):
        owner = re.search(r"(?:'s|(?<=s)')$", token.lower)
        if _is_somebody(sentence, place):
            yield _WHO + (" 's" if owner else ""), token
        else:
            yield token.lower, token


def _is_somebody(sentence: Sentence, place: int) -> bool:
    token = sentence.tokens[place]
    bare = token.lower.split("'")[0]
    if token.sort is not Sort.WORD or bare in _NOT_PEOPLE or bare in {"nobody", "no-one", "whoever"}:
        return False
    if is_in(bare, who.TEAMS | who.TEAMS_OR_SYSTEMS) and not is_in(bare, who.PEOPLE):
        before = sentence.tokens[place - 1].lower if place else ""
        after = sentence.tokens[place + 1] if place + 1 < len(sentence.tokens) else None
        return before in {"", "the", "our", "their", "by", "to", "with", "on"} and (
            after is None
            or after.sort is Sort.MARK
            or is_past(after.lower)
            or after.lower in {"for", "who", "is", "was"}
        )
    return is_somebody(sentence, (token,))


def _place(places: Mapping[int, Token], token: Token) -> int:
    return next(place for place, other in places.items() if other is token)
