"""What holds for every sink: it is taken where it is sent, shown before, tried again with bounds, and keeps its secrets."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

import apis
from apis import KEY, Api, Reply, api
from lastgood.config import AnySink
from lastgood.model.answers import SeverityLevel
from lastgood.model.message import Occasion, UpdateStatus
from lastgood.model.outgoing import Outgoing
from lastgood.outside.sinks._registry import kinds
from lastgood.outside.sinks.failure import NotSentError
from lastgood.outside.sinks.made import ByApi
from lastgood.outside.sinks.wire import LONGEST_WAIT, PAUSES, Wire

NASTY = "<!channel> @here *b* _i_ [x](https://evil.example) <b>&amp; \u202egnp.exe\x1b[31m\x00 `c` | {color:red} h1."
LONG = "é" * 40_000
OUT = Outgoing(
    "msg_1",
    "Identified · SEV2 · Checkout failing\n\nImpact: 5 %\n",
    "## x",
    b"{}",
    headline="Identified · SEV2 · Checkout failing",
    said="We turn the flag off.",
    fields=(("Impact", "5.6 % of requests fail"), ("Next update", "15:46 UTC")),
    title="Checkout failing",
    key="lastgood-0123456789abcdef",
    status=UpdateStatus.IDENTIFIED,
    severity=SeverityLevel.SEV2,
    link="https://lastgood.example.com/incidents/12",
    at=datetime(2026, 11, 22, 15, 0, tzinfo=UTC),
)


@dataclass(frozen=True)
class Case:
    """A kind of sink, what stands for it here, and its settings."""

    behaves: apis.Behaviour
    occasion: Occasion
    settings: dict[str, Any]
    place: str = "{url}"  # in the variable HOOK, or as the setting `url`
    hidden: bool = False  # whether its address is its key

    def sink(self, server: Api, monkeypatch: pytest.MonkeyPatch, pauses: list[float]) -> ByApi:
        """The sink as the settings make it."""
        place = self.place.format(url=server.url)
        monkeypatch.setenv("KEY", KEY)
        monkeypatch.setenv("HOOK", place)
        url = {"url": "$HOOK" if self.hidden else place}
        document = {
            "name": "it",
            "kind": self.behaves.__name__.replace("_", "-"),
            "allow": ["127.0.0.1"],
            **url,
        }
        settings = msgspec.convert({**document, **self.settings}, AnySink)
        return ByApi(settings, kinds()[type(settings)], Wire(settings.allow, pauses.append))


CASES = [
    Case(apis.slack_webhook, Occasion.UPDATE, {}, f"{{url}}/services/{KEY}", hidden=True),
    Case(apis.slack, Occasion.UPDATE, {"channel": "#incidents", "token": "$KEY"}),
    Case(apis.teams, Occasion.UPDATE, {}, f"{{url}}/workflows/{KEY}", hidden=True),
    Case(apis.mattermost, Occasion.UPDATE, {}, f"{{url}}/hooks/{KEY}", hidden=True),
    Case(apis.statuspage, Occasion.UPDATE, {"page": "p1", "token": "$KEY", "components": ["c1"]}),
    Case(apis.instatus, Occasion.UPDATE, {"page": "p1", "token": "$KEY", "components": ["c1"]}),
    Case(apis.pagerduty, Occasion.PAGE, {"key": "$KEY"}),
    Case(apis.opsgenie, Occasion.PAGE, {"key": "$KEY"}),
    Case(apis.ntfy, Occasion.PAGE, {"topic": "$KEY", "token": "$KEY"}),
    Case(apis.github, Occasion.TICKET, {"repository": "shop/web", "token": "$KEY"}),
    Case(apis.gitlab, Occasion.TICKET, {"project": "shop/web", "token": "$KEY"}),
    Case(apis.jira, Occasion.TICKET, {"project": "OPS", "token": "$KEY", "user": "kim@example.com"}),
    Case(apis.linear, Occasion.TICKET, {"team": "9cfb482a-81e3-4154-b5b9-2c805e70a02d", "token": "$KEY"}),
]
each = pytest.mark.parametrize("case", CASES, ids=lambda case: case.behaves.__name__)
Sinks = Callable[..., Any]


@contextmanager
def sink_of(
    case: Case, monkeypatch: pytest.MonkeyPatch, *first: Reply
) -> Iterator[tuple[ByApi, Api, list[float]]]:
    """The sink of a case, what stands for its system, and the pauses that it made."""
    pauses: list[float] = []
    with api(case.behaves, *first) as server:
        yield case.sink(server, monkeypatch, pauses), server, pauses


def message(case: Case, **changed: Any) -> Outgoing:
    """The message of a case."""
    return replace(OUT, occasion=case.occasion, **changed)


def test_every_kind_has_its_case() -> None:
    """A kind that is added is held to this contract."""
    sections: list[Any] = [*kinds()]
    assert {one.behaves.__name__.replace("_", "-") for one in CASES} == {
        str(kind.__struct_config__.tag) for kind in sections
    }


@each
def test_its_system_takes_it(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once, with the credential where the documentation wants it; the headline is in it."""
    with sink_of(case, monkeypatch) as (sink, server, _):
        sent = sink.send(message(case))

    assert sent.detail.startswith("answered 20")
    assert 1 == len(server.taken) == len(server.got)
    said = json.dumps(server.taken[0].body, ensure_ascii=False)
    assert "Checkout failing" in said


@each
def test_what_is_shown_is_what_is_sent(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same address and body, with the name of each secret in its place; nothing leaves."""
    with sink_of(case, monkeypatch) as (sink, server, _):
        shown = sink.planned(message(case))
        assert [] == server.got
        sink.send(message(case))

    assert len(shown) == len(server.got)
    for text, got in zip(shown, server.got, strict=True):
        head, _, body = text.partition("\n{")
        assert KEY not in text
        assert head.startswith(
            f"{got.method} $HOOK" if case.hidden else f"{got.method} {server.url}{got.path.rstrip('/')}"
        )
        assert got.body == json.loads("{" + body.replace('"$KEY"', f'"{KEY}"'))


@each
def test_a_rate_limit_is_waited_for(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as Retry-After asks, within bounds: what is answered 429 was not taken, so it may be sent again."""
    with sink_of(case, monkeypatch, Reply(429, headers={"Retry-After": "7"})) as (sink, server, pauses):
        sink.send(message(case))
        assert [7.0] == pauses
        assert 1 == len(server.taken)

    too_long = Reply(429, headers={"Retry-After": str(int(LONGEST_WAIT) + 1)})
    with sink_of(case, monkeypatch, too_long) as (sink, server, pauses):
        with pytest.raises(NotSentError, match="429, and asks to wait 31 s"):
            sink.send(message(case))
        assert ([], 1) == (pauses, len(server.got))


@each
def test_it_gives_up(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """After three times; a failure in which it may have been taken is repeated only where that does no harm."""
    with sink_of(case, monkeypatch, *[Reply(429)] * 4) as (sink, server, pauses):
        with pytest.raises(NotSentError, match="429, 3 times"):
            sink.send(message(case))
        assert (3, list(PAUSES)) == (len(server.got), pauses)

    repeats = case.behaves in {apis.pagerduty, apis.opsgenie}  # their keys make two one
    with sink_of(case, monkeypatch, *[Reply(502)] * 3) as (sink, server, _):
        with pytest.raises(NotSentError, match="502"):
            sink.send(message(case))
        assert (3 if repeats else 1) == len(server.got)


@each
def test_a_wrong_key_is_said_and_not_repeated(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the failure nor anything else that is shown has the key or the address in it."""
    with sink_of(case, monkeypatch) as (sink, server, pauses):
        wrong = KEY[::-1]
        monkeypatch.setenv("KEY", wrong)
        monkeypatch.setenv("HOOK", f"{server.url}/{wrong}")
        with pytest.raises(NotSentError) as caught:
            sink.send(message(case))

    assert [] == pauses
    assert 1 == len(server.got)
    assert wrong not in str(caught.value) + repr(sink)
    assert server.url not in str(caught.value)


@each
def test_a_missing_key_sends_nothing(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said which variable is empty."""
    with sink_of(case, monkeypatch) as (sink, server, _):
        monkeypatch.delenv("HOOK" if case.hidden else "KEY")
        with pytest.raises(NotSentError, match=r"variable (KEY|HOOK) is not set"):
            sink.send(message(case))
    assert [] == server.got


@each
def test_private_addresses_are_refused(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless they are allowed."""
    with sink_of(case, monkeypatch) as (sink, server, _):
        strict = ByApi(sink.settings, sink.kind, Wire())
        with pytest.raises(NotSentError, match="not https"):
            strict.send(message(case))
        with pytest.raises(NotSentError):
            strict.reach()
    assert [] == server.got


@each
def test_a_text_is_shown_as_it_is(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """No mention, link, tag or sign of direction comes through, wherever it stands."""
    nasty = message(case, headline=NASTY, said=NASTY, title=NASTY, text=NASTY, fields=(("Impact", NASTY),))
    with sink_of(case, monkeypatch) as (sink, server, _):
        sink.send(nasty)
        said = json.dumps(server.taken[0].body, ensure_ascii=False)

    assert [] == [sign for sign in ("\u202e", "\\u001b", "\\u0000") if sign in said]
    if case.behaves in {apis.slack, apis.slack_webhook}:
        marked = [one["text"] for block in server.taken[0].body["blocks"] for one in _texts(block)]
        assert not [one for one in marked if "<" in one.replace("<!date", "")]
    if case.behaves in {apis.mattermost, apis.github, apis.gitlab, apis.linear}:
        body = server.taken[0].body
        whole = (
            body.get("text")
            or body.get("body")
            or body.get("description")
            or body["variables"]["input"]["description"]
        )
        assert "@here" not in whole
        assert "[x](" not in whole
        assert "<b>" not in whole.replace("\\<b\\>", "")


def _texts(block: dict[str, Any]) -> list[dict[str, Any]]:
    found = [block.get("text"), *block.get("fields", ()), *block.get("elements", ())]
    return [one for one in found if isinstance(one, dict) and one.get("type") == "mrkdwn"]


@each
def test_the_longest_text_is_cut(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """To what the system takes."""
    fields = tuple((f"Field {n}", LONG) for n in range(12))
    long = message(case, headline=LONG, said=LONG, title=LONG, text=LONG, fields=fields)
    with sink_of(case, monkeypatch) as (sink, server, _):
        sink.send(long)
    assert 1 == len(server.taken)


@each
def test_its_doctor_shows_nothing(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """It asks what no one sees, or only connects; a wrong key is noticed where it asks."""
    with sink_of(case, monkeypatch) as (sink, server, _):
        assert sink.reach()
        assert sink.kind.harmless or [] == server.got
        assert [] == [one for one in server.got if one.method != "GET" and "chat." in one.path]
        if sink.kind.harmless and case.behaves is not apis.ntfy:  # whose health needs no key
            monkeypatch.setenv("KEY", "wrong")
            with pytest.raises(NotSentError):
                sink.reach()


FOLLOWED = [one for one in CASES if one.behaves in {apis.slack, apis.statuspage, apis.instatus}]


@pytest.mark.parametrize("case", FOLLOWED, ids=lambda case: case.behaves.__name__)
def test_a_second_update_belongs_to_the_first(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """In its thread, or at its incident: the reference is what the first was called."""
    with sink_of(case, monkeypatch) as (sink, server, _):
        first = sink.send(message(case))
        second = sink.send(message(case, status=UpdateStatus.RESOLVED), first.reference)

    assert first.reference == second.reference
    assert first.reference
    paths = [(one.method, one.path) for one in server.taken[1:]]
    expected: dict[apis.Behaviour, list[tuple[str, str]]] = {
        apis.slack: [("POST", "/chat.update"), ("POST", "/chat.postMessage")],
        apis.statuspage: [("PATCH", "/pages/p1/incidents/i1")],
        apis.instatus: [("POST", "/v1/p1/incidents/ckf01/incident-updates")],
    }
    assert expected[case.behaves] == paths


PAGED = [one for one in CASES if one.occasion is Occasion.PAGE]


@pytest.mark.parametrize("case", PAGED, ids=lambda case: case.behaves.__name__)
def test_a_page_ends_under_its_key(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same key calls and ends; ntfy, which knows none, tells of the end quietly."""
    with sink_of(case, monkeypatch) as (sink, server, _):
        sink.send(message(case))
        sink.send(replace(message(case), occasion=Occasion.CLEAR))

    first, last = (one for one in server.taken)
    match case.behaves:
        case apis.pagerduty:
            assert ("trigger", "resolve") == (first.body["event_action"], last.body["event_action"])
            assert first.body["dedup_key"] == last.body["dedup_key"] == OUT.key
        case apis.opsgenie:
            assert f"/alerts/{first.body['alias']}/close?identifierType=alias" == last.path
        case _:
            assert (5, 2) == (first.body["priority"], last.body["priority"])


TICKETS = [one for one in CASES if one.occasion is Occasion.TICKET]


@pytest.mark.parametrize("case", TICKETS, ids=lambda case: case.behaves.__name__)
def test_a_ticket_is_named(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """As people find it."""
    with sink_of(case, monkeypatch) as (sink, _, _):
        assert sink.send(message(case)).reference.endswith("7")


def test_slack_says_no_with_a_good_status(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a failure all the same, with its word for it."""
    with (
        sink_of(CASES[1], monkeypatch, Reply(200, {"ok": False, "error": "channel_not_found"})) as (
            sink,
            _,
            _,
        ),
        pytest.raises(NotSentError, match="channel_not_found"),
    ):
        sink.send(message(CASES[1]))


def test_a_status_page_that_gives_no_id_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next update would open a second incident."""
    with (
        sink_of(CASES[4], monkeypatch, Reply(201, {})) as (sink, _, _),
        pytest.raises(NotSentError, match="no id"),
    ):
        sink.send(message(CASES[4]))
