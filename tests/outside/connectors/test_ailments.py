"""Why a system could not be asked: every row can be reached, and an unknown failure is reported as it is."""

import pytest

from lastgood.errors import NotFetchedError
from lastgood.outside.connectors.ailments import ROWS, ailment


@pytest.mark.parametrize(
    ("status", "sentence"),
    [(401, "credential (401)"), (403, "may not read"), (404, "no such path"), (429, "limits the rate"), (302, "redirects"), (502, "not available (502)"), (500, "fails (500)")],
)  # fmt: skip
def test_a_status_has_its_sentence(status: int, sentence: str) -> None:
    """And something to do."""
    found, remedy = ailment("https://loki.example", NotFetchedError("x", status=status))

    assert sentence in found
    assert remedy


def test_a_cause_beneath_counts() -> None:
    """The port is taken from the scheme where the address has none."""
    problem = NotFetchedError("no connection")
    problem.__cause__ = ConnectionRefusedError()
    found, _ = ailment("https://loki.example/x", problem)

    assert "nothing listens on port 443 of loki.example" == found


def test_what_no_row_knows_is_reported_without_secrets() -> None:
    """With something to do all the same."""
    found, remedy = ailment("http://a", NotFetchedError("odd: password=hunter-1"))

    assert found.startswith("odd")
    assert "hunter" not in found
    assert remedy


def test_every_row_says_what_to_do() -> None:
    """In the imperative, as a sentence."""
    assert all(sentence and remedy[0].isupper() for _, sentence, remedy in ROWS)
