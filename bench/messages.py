"""The check of messages against sentences that people labelled: precision and recall of vagueness and blame.

The sentences (`sentences/LOT/KIND.txt`, one a line) came in lots, each written and measured before any rule was
changed for it; docs/decisions/0010 has what was found at first sight. Labels follow these rules:

vague   claims work, harm, a cause, progress or a time without saying what, how much or when: nobody who reads it
        could do or decide anything that they could not before. An honest "not known" is not vague, nor are thanks.
blame   makes a person, a role or a team the fault: by act, omission, character or name. A neutral account of
        who did what is not blame, nor is a system that failed, forgot or ignored something, nor a supplier that is
        named as the cause.
fine    neither; many of these use the words of the other two.

The hash of a sentence puts it into one half or the other. Rules are tuned on the development half, whose misses
are shown by `python -m bench.messages`; the figures are of the held-back half, whose misses are never shown.
"""

from collections.abc import Iterator
from hashlib import sha256
from math import sqrt
from pathlib import Path

from bench.figures import Figure

from lastgood.algorithms.messages.check import style_flaws
from lastgood.algorithms.messages.sentences import sentences_of
from lastgood.model.message import FlawKind

NEEDS = ""
SENTENCES = Path(__file__).parent / "sentences"
LIMIT = 0.95
KINDS = {"vague": {FlawKind.VAGUE, FlawKind.NO_TIME}, "blame": {FlawKind.BLAME}}


def labelled() -> Iterator[tuple[str, str]]:
    """Every sentence with its label."""
    for path in sorted(SENTENCES.rglob("*.txt")):
        for line in path.read_text("utf-8").splitlines():
            yield path.stem, line


def held_back(sentence: str) -> bool:
    """Whether a sentence is of the half that rules are judged by."""
    return sha256(sentence.encode()).digest()[0] % 2 == 1


def said(sentence: str) -> set[str]:
    """The kinds that the check finds in a sentence."""
    found = {flaw.kind for part in sentences_of(sentence) for flaw in style_flaws(part)}
    return {kind for kind, flaws in KINDS.items() if found & flaws}


def interval(hits: int, of: int) -> str:
    """The 95 % interval of a share, after Wilson (1927)."""
    z, share = 1.96, hits / of
    centre, spread = share + z * z / (2 * of), z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    low, high = ((centre + sign * spread) / (1 + z * z / of) for sign in (-1, 1))
    return f"{hits} of {of}, {low:.3f} to {high:.3f}"


def run(data: Path, scratch: Path) -> Iterator[Figure]:  # noqa: ARG001 - the form of a bench
    """Precision and recall on the held-back half."""
    judged = [(label, said(sentence)) for label, sentence in labelled() if held_back(sentence)]
    for kind in KINDS:
        found = [label == kind for label, kinds in judged if kind in kinds]
        true = [kind in kinds for label, kinds in judged if label == kind]
        for name, values in (("precision", found), ("recall", true)):
            share = sum(values) / max(len(values), 1)
            note = interval(sum(values), max(len(values), 1))
            yield Figure(f"{kind}, {name}", share, limit=LIMIT, better="more", note=note)


def main() -> None:
    """Print the misses of the development half, and how many there are."""
    misses = [
        f"{label:6} said {', '.join(sorted(found)) or 'fine':6} {sentence}"
        for label, sentence in labelled()
        if not held_back(sentence) and (found := said(sentence)) != ({label} - {"fine"})
    ]
    print("\n".join(misses))
    print(f"{len(misses)} of {sum(not held_back(sentence) for _, sentence in labelled())} missed")


if __name__ == "__main__":
    main()
