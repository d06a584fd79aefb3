"""The check of messages against labelled sentences: precision and recall of vagueness and blame.

`sentences.toml` holds 300 sentences drawn by seed from 2 424, in two halves, and 100 written before the rules were
tried on them. Rules are tuned on the first half only. `python -m bench.messages` shows its misses; the figures are of
the other half and of the 100.

The labels:

vague   claims work, harm, a cause, progress or a time without what, how much or when. No reader could decide anything
        from it. An honest “not known” is not vague, nor are thanks.
blame   makes a person, a role or a team the fault: by act, omission, character or name. Not blame: who did what,
        without judgement; a system that failed or ignored something; a supplier named as the cause.
fine    neither; many of these use the words of the other two.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.figures import Figure

from lastgood.algorithms.counts import wilson
from lastgood.algorithms.messages.check import style_flaws
from lastgood.algorithms.messages.sentences import sentences_of
from lastgood.model.message import FlawKind

NEEDS = ""
LIMIT = 0.95  # of precision: a wrong refusal at night costs more than a miss, so recall has none
KINDS = {"vague": {FlawKind.VAGUE, FlawKind.NO_TIME}, "blame": {FlawKind.BLAME}}
LOTS = {"held_back": "other half of the 300", "fresh": "the 100"}


def data() -> Mapping[str, Any]:
    """Lots of sentences by label, and the people whom every record knows."""
    return tomllib.loads(Path(__file__).with_name("sentences.toml").read_text("utf-8"))


def judged(lot: str) -> list[tuple[str, str, set[str]]]:
    """Every sentence of a lot: its label, its words, the kinds that the check finds."""
    known = data()
    return [(label, text, kinds(text, known["people"])) for label in known[lot] for text in known[lot][label]]


def kinds(text: str, people: Sequence[str]) -> set[str]:
    """The kinds that the check finds in a text."""
    found = {flaw.kind for sentence in sentences_of(text) for flaw in style_flaws(sentence, people)}
    return {kind for kind, flaws in KINDS.items() if found & flaws}


def run(data: Path, scratch: Path) -> Iterator[Figure]:  # noqa: ARG001 - the form of a bench
    """Precision and recall of each kind, in each lot that no rule was tuned on."""
    for lot, words in LOTS.items():
        sentences = judged(lot)
        for kind in KINDS:
            found = [label == kind for label, _, said in sentences if kind in said]
            true = [kind in said for label, _, said in sentences if label == kind]
            yield _share(f"{kind}, precision, {words}", found, LIMIT)
            yield _share(f"{kind}, recall, {words}", true, None)


def _share(name: str, hits: Sequence[bool], limit: float | None) -> Figure:
    low, high = wilson(sum(hits), max(len(hits), 1), 0.95)
    note = f"{sum(hits)} of {len(hits)}, {low:.3f} to {high:.3f}"
    return Figure(name, sum(hits) / max(len(hits), 1), limit=limit, better="more", note=note)


def main() -> None:
    """Print the misses of the half that rules are tuned on, and how many there are."""
    sentences = judged("tuned")
    misses = [
        f"{label:6} found {', '.join(sorted(said)) or 'fine':6} {text}"
        for label, text, said in sentences
        if said != {label} - {"fine"}
    ]
    print("\n".join(misses))
    print(f"{len(misses)} of {len(sentences)} missed")


if __name__ == "__main__":
    main()
