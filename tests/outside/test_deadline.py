"""An exchange is cut in time."""

from time import monotonic, sleep

import httpx
import pytest

from lastgood.outside.deadline import Deadline
from sites import OK, says, site


def test_a_silent_server_is_left_in_time_and_a_quick_one_is_not_cut() -> None:
    """The cut ends the read that waits; the next exchange starts anew."""
    deadline = Deadline()
    with site(lambda _: sleep(1)) as port, httpx.Client(timeout=30) as client:
        started = monotonic()
        with pytest.raises(httpx.HTTPError), deadline.within(0.2):
            client.get(f"http://127.0.0.1:{port}", extensions=deadline.extensions)
        took = monotonic() - started
    assert (True, True) == (deadline.passed, took < 0.9)

    with site(says(OK)) as port, httpx.Client() as client, deadline.within(5):
        assert "hi" == client.get(f"http://127.0.0.1:{port}", extensions=deadline.extensions).text
    assert not deadline.passed


def test_a_connection_that_comes_too_late_is_cut_at_once() -> None:
    """Its deadline passed while it was made."""
    deadline = Deadline()
    with site(lambda _: sleep(1)) as port, httpx.Client(timeout=30) as client:
        started = monotonic()
        with deadline.within(0):
            sleep(0.1)
            with pytest.raises(httpx.HTTPError):
                client.get(f"http://127.0.0.1:{port}", extensions=deadline.extensions)
    assert monotonic() - started < 0.9
