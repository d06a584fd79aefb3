"""A kind: without ways of its own, an answer of a good status is good, and names nothing."""

from contracts.test_sink_contract import CASES
from lastgood.config import Teams
from lastgood.outside.sinks._registry import kinds
from lastgood.outside.sinks.wire import Answer


def test_by_itself_an_answer_says_nothing() -> None:
    """What was remembered stays."""
    kind = kinds()[Teams]

    assert "" == kind.refused(Answer(202, {}, b"no"))
    assert "before" == kind.refers([Answer(202, {}, b"{}")], "before")
    assert CASES
