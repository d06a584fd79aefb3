"""Programs that are run: what they print, and how they fail."""

import pytest

from lastgood.errors import NotFetchedError
from lastgood.outside.connectors._programs import printed


def test_what_is_printed() -> None:
    """Errors only if they are wanted, in their place."""
    script = ["sh", "-c", "echo one; echo two >&2"]

    assert (b"one\n", b"one\ntwo\n") == (printed(script), printed(script, both=True))


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["no-such-program"], "There is no no-such-program here"),
        (["sh", "-c", "echo token=abcdef >&2; exit 1"], r"^listing: token=\[redacted\]"),
        (["sleep", "5"], "sleep gave no answer within 0.1 s"),
    ],
)
def test_a_failure_is_said_without_secrets(command: list[str], said: str) -> None:
    """In the program's own words."""
    with pytest.raises(NotFetchedError, match=said):
        printed(command, shown="listing", seconds=0.1 if command[0] == "sleep" else 10)
