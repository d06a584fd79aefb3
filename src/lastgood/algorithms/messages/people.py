"""Who is somebody: whether words name a person, a role or a team, found by position and capital letters."""

from collections.abc import Sequence

from lastgood.algorithms.messages import blame_words as who
from lastgood.algorithms.messages import vague_words as say
from lastgood.algorithms.messages.clauses import is_label
from lastgood.algorithms.messages.sentences import Sentence, Sort, Token
from lastgood.algorithms.messages.stems import is_in, words

_ARTICLES = words("the a an of its any each every")
_NO_NAMES = (
    who.SYSTEMS | say.FUNCTION | say.EMPTY_NOUNS | say.EMPTY_QUALIFIERS | say.EMPTY_VERBS | say.SOFT_STATES
    | say.COUNTED | who.HARMED | who.FAULTS | who.CHANGES
)  # fmt: skip
_NO_NAME_ENDS = (
    "ing", "tion", "sion", "ment", "ness", "able", "ible", "ous", "less", "ful", "ship", "ism", "ware", "ology", "ography", "age", "ure",
)  # fmt: skip


def is_somebody(sentence: Sentence, phrase: Sequence[Token]) -> bool:
    """Whether a noun phrase is a person, a role or a team."""
    while len(phrase) > 1 and is_label(phrase[-1]):
        phrase = phrase[:-1]
    head = phrase[-1]
    if head.sort is not Sort.WORD:
        return False
    if head.lower == "management" and not {token.lower for token in phrase[:-1]} <= who.MANAGING:
        return False
    if is_in(head.lower, who.PEOPLE):
        return True
    if head.lower in {"service", "success"} and phrase[-2:-1] and phrase[-2].lower == "customer":
        return True
    if head.text in who.INITIALS:
        return True
    others = [token for token in phrase[:-1] if token.lower not in _ARTICLES]
    team = all(token.sort is Sort.FIGURE or token.lower in who.LINES for token in others)
    return (team and is_in(head.lower, who.TEAMS | who.TEAMS_OR_SYSTEMS)) or is_name(sentence, head)


def is_name(sentence: Sentence, token: Token) -> bool:
    """A capital letter that neither the beginning of the sentence nor a system explains."""
    word = token.text.split("'")[0].split("\u2019")[0]
    if not word[:1].isupper() or not word[1:].islower() or word.lower().endswith(_NO_NAME_ENDS):
        return False
    if word.lower() in who.NAMES_IN_S:
        return True
    plural = token is sentence.tokens[0] and word.endswith("s")
    adverb = word.endswith("ly") and word.lower() not in who.NAMES_IN_LY
    return not plural and not adverb and not is_in(word, _NO_NAMES)
