"""Named causes: how many distinct causes a claim names, and whether the right one is among them.

A list of every cause contains the right one and states nothing. So each further cause that is named takes its share.
A sentence that rules a cause out names none.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lastgood.algorithms.messages.check import sentences_of
from lastgood.model.drill import Truth
from lastgood.model.judgement import Count

IN_A_CHAIN = Count(
    1, "kind of cause beside the right one, without a share", "judgement: a cause acts through something"
)
# Kinds of cause, in the words by which people list them.
CAUSE_KINDS = (
    r"deploys?|deployments?|releases?|roll-?outs?",
    r"flags?|toggles?|experiments?",
    r"config\w*|settings?",
    r"crons?|jobs?|batch|exports?|imports?",
    r"dns|resolvers?|look-?ups?",
    r"certificates?|certs?|tls",
    r"traffic|overload\w*|spikes?",
    r"memory|leaks?|oom",
    r"disks?|file ?systems?|storage",
    r"cpu|processors?",
    r"pools?|connections?",
    r"(dead)?locks?|contention",
    r"third[- ]part(y|ies)|providers?|vendors?|upstreams?",
    r"rate[- ]limits?|quotas?|throttl\w+",
    r"networks?|packet loss|firewalls?",
    r"databases?|db|quer(y|ies)",
    r"(bad|broken|malformed|corrupt) (data|rows?|records?)",
    r"hosts?|nodes?|hardware|neighbours?|neighbors?",
    r"caches?|ttl",
)
_RULED_OUT = re.compile(
    r"\b(rul(ed|es|ing) out|innocent|unrelated|not (the )?(cause|culprit|caused by|because of|due to|related|at fault)"
    r"|(is|was|are|were)(n't| not) (the |a |it\b)|no effect|made no difference)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class CausesNamed:
    """Whether claims name the right cause, and how many others."""

    right: bool
    others: int

    @property
    def any(self) -> bool:
        """Whether a cause is named at all."""
        return self.right or self.others > 0

    @property
    def share(self) -> float:
        """Of the points, 0 to 1: one of all causes that are named, if the right one is among them."""
        return 1 / (1 + self.others) if self.right else 0.0


def causes_named(claims: Iterable[str], truth: Truth) -> CausesNamed:
    """The causes that claims name together: the right one, other changes of the drill, and kinds of cause."""
    text = "\n".join(stated for claim in claims for stated in _stated(claim))
    right = any(word.lower() in text.lower() for word in truth.cause)
    rivals = sum(_names(text, map(re.escape, words)) for words in truth.rivals)
    about = f"{' '.join(truth.cause)} {truth.explanation} {truth.failure_class.replace('_', ' ')}"
    kinds = sum(_names(text, (kind,)) and not _names(about, (kind,)) for kind in CAUSE_KINDS)
    return CausesNamed(right, rivals + max(0, kinds - IN_A_CHAIN - rivals))


def _stated(claim: str) -> Sequence[str]:
    """The sentences of a claim that state something, rather than rule it out."""
    return [one.text for one in sentences_of(claim) if not _RULED_OUT.search(one.text)]


def _names(text: str, words: Iterable[str]) -> bool:
    return any(re.search(rf"(?<![\w-])({word})(?![\w-])", text, re.IGNORECASE) for word in words)
