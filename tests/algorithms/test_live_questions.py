"""The table of questions to running databases, held against the rules of `lastgood sql`."""

import pytest

from lastgood.algorithms.live_questions import LIVE_QUESTIONS, LiveQuestion, live_questions
from lastgood.model.trouble import System
from lastgood.outside.database.statement import admitted
from lastgood.outside.redis_server import READ_ONLY

DIALECTS = {System.POSTGRESQL: "postgres", System.MYSQL: "mysql"}


@pytest.mark.parametrize("question", LIVE_QUESTIONS, ids=lambda one: one.name)
def test_every_statement_may_be_run(question: LiveQuestion) -> None:
    """A SELECT that the rules admit, one of the two commands of Redis, or a path below an endpoint."""
    for statement in question.statements:
        if question.system is System.REDIS:
            assert statement in READ_ONLY
        elif question.system in DIALECTS:
            assert DIALECTS[question.system] == admitted(statement, DIALECTS[question.system]).dialect
        else:
            assert not statement.startswith(("/", "http"))


def test_names_are_unique_and_every_system_is_asked() -> None:
    """A check finds its question by name."""
    assert len(LIVE_QUESTIONS) == len({one.name for one in LIVE_QUESTIONS})
    assert set() == {system for system in System if not live_questions(system)}
