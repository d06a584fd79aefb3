"""Tickets: their text, and which is theirs."""

from dataclasses import replace

import pytest

from contracts.test_sink_contract import OUT
from lastgood.config import Jira, Linear
from lastgood.outside.sinks._registry import kinds
from lastgood.outside.sinks.failure import NotSentError
from lastgood.outside.sinks.tickets import body
from lastgood.outside.sinks.wire import Answer


def test_a_ticket_says_what_it_is_about() -> None:
    """With the way back."""
    assert (
        "We turn the flag off.\n\n- **Impact:** 5.6 % of requests fail\n- **Next update:** 15:46 UTC"
        f"\n\n[Incident]({OUT.link})"
    ) == body(OUT)


def test_linear_gets_the_same_id_for_the_same_thing() -> None:
    """So that one sent twice is one."""
    settings = Linear(name="l", team="t", token="$T")  # noqa: S106 - the name of a variable
    ids = [
        kinds()[Linear].plan(settings, one, "")[0].body["variables"]["input"]["id"]
        for one in (OUT, replace(OUT, id="msg_2"), replace(OUT, key="other"))
    ]

    assert ids[0] == ids[1] != ids[2]


def test_jira_has_its_own_markup() -> None:
    """Escaped; without a user the token is that of Data Center."""
    settings = Jira(name="j", project="OPS", token="$T", url="https://jira.example.com/")  # noqa: S106
    (call,) = kinds()[Jira].plan(settings, replace(OUT, said="{code} *x*"), "")

    assert call.body["fields"]["description"].startswith(r"\{code\} \*x\*")
    assert "https://jira.example.com/rest/api/2/issue" == call.url
    assert call.credential
    assert "Bearer $T" == call.credential.shown


def test_a_ticket_without_a_name_is_none() -> None:
    """It could not be found again."""
    with pytest.raises(NotSentError, match="which ticket"):
        kinds()[Jira].refers([Answer(201, {}, b'{"id": 1}')], "")
