"""The engine in this process: concurrency, cancelling, text that is no text, and closing."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from lastgood.errors import BudgetError, CannotRunError, QueryFailedError
from lastgood.telemetry.engine import Engine, open_engine

ENDLESS = "SELECT count() FROM numbers(1000000000000) WHERE NOT ignore(sipHash64(number))"


def test_many_threads_get_their_own_answers(engine: Engine) -> None:
    """Forty queries from eight threads do not mix."""
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda n: engine.query("SELECT {n:Int64} AS n", {"n": n}).rows[0]["n"], range(40))
    assert list(range(40)) == list(answers)


def test_cancel_ends_a_running_query(engine: Engine) -> None:
    """The caller is informed that it was cancelled."""
    threading.Timer(0.3, engine.cancel).start()
    started = time.perf_counter()
    with pytest.raises(QueryFailedError, match="cancelled"):
        engine.query(ENDLESS)
    assert time.perf_counter() - started < 10


def test_a_limit_is_a_budget_error(engine: Engine) -> None:
    """Time runs out."""
    with pytest.raises(BudgetError, match="time"):
        engine.query(ENDLESS, settings={"max_execution_time": 0.3})


def test_a_failed_query_leaves_nothing_in_the_next_answer(engine: Engine) -> None:
    """The embedded engine keeps half an answer on the handle, and would put it in front."""
    for _ in range(8):
        with pytest.raises(QueryFailedError):
            engine.query(
                "SELECT throwIf(number = 50000) FROM numbers(100000)", settings={"max_block_size": 1000}
            )
        assert [{"n": 1}] == engine.query("SELECT 1 AS n").rows


def test_parameters_without_a_place_change_nothing(engine: Engine) -> None:
    """The driver would take the text for a `%` pattern."""
    assert [{"text": "100 %s"}] == engine.query("SELECT '100 %s' AS text", {"n": 1}).rows


def test_an_empty_result_keeps_its_columns(engine: Engine) -> None:
    """Zero rows still say what they would have been."""
    assert ["a", "b"] == engine.query("SELECT 1 AS a, 'x' AS b WHERE 0").table.column_names


def test_bytes_that_are_no_text_come_back_replaced(engine: Engine) -> None:
    """Another person's collector may have stored them, in a text or in attributes."""
    found = engine.query("SELECT concat('a', unhex('ff')) AS body, map('k', unhex('fe')) AS attributes")
    assert [{"body": "a\ufffd", "attributes": [("k", "\ufffd")]}] == found.rows


def test_values_are_bound_and_never_pasted(engine: Engine) -> None:
    """A quote in a value stays a quote."""
    hostile = "'; DROP DATABASE lastgood; --\\"
    assert [{"v": hostile}] == engine.query("SELECT {v:String} AS v", {"v": hostile}).rows


def test_a_second_path_in_one_process_is_refused(engine: Engine, tmp_path: object) -> None:
    """The engine takes one path a process, and says which one it has."""
    with pytest.raises(CannotRunError, match="This process has the store in"):
        open_engine(f"chdb://{tmp_path}/other")


def test_a_forked_child_is_refused_at_once(engine: Engine) -> None:
    """It would hang in the engine for ever."""
    engine.query("SELECT 1")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            engine.query("SELECT 1")
        except CannotRunError as refused:
            os.write(writing, refused.message.encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as answer:
        assert b"forked" in answer.read()
