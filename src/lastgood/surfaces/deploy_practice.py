"""Deploy practice in words: counts over deploys, and the questions that a change without one leaves."""

from collections.abc import Iterator, Sequence

from lastgood.model import figures
from lastgood.model.deploy_practice import Practice, PracticeCount

NAMES = {
    Practice.REVIEW: "review",
    Practice.STAGING: "staging check",
    Practice.GRADUAL: "gradual rollout",
    Practice.ROLLBACK: "automatic roll-back",
}
QUESTIONS = {
    Practice.REVIEW: "Could a review have found it?",
    Practice.STAGING: "Could a check on staging have shown it?",
    Practice.GRADUAL: "Would a gradual rollout have affected fewer users?",
    Practice.ROLLBACK: "Would an automatic roll-back have ended it sooner?",
}
ANSWERS = {True: "yes", False: "missing", None: "the change feed does not report it"}
LONGEST_EXAMPLE = 80  # characters of a service and its version
HOW = "Report them as fields of the deploy: reviewed_by, staging_check, rollout_strategy, auto_rollback."


def practice_lines(counts: Sequence[PracticeCount]) -> Iterator[str]:
    """A sentence each."""
    for one in counts:
        known = f"{figures.count(one.done)} with, {figures.count(one.missing)} without, {figures.count(one.unknown)} not reported"
        named = f" (without: {', '.join(examples(one))})" if one.examples else ""
        yield f"{NAMES[one.practice]}: {known}{named}"


def examples(counted: PracticeCount) -> Iterator[str]:
    """Services and versions out of the change feed, as they stand in a sentence."""
    return (figures.shortened(one, LONGEST_EXAMPLE) for one in counted.examples)
