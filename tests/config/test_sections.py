"""What a topic of the settings may hold; secrets in it are never shown."""

from lastgood.config.sections import Redaction, SourceOf, WebhookSink, names_at
from lastgood.model.redaction import Redacted


def test_what_may_hold_a_secret_is_not_shown() -> None:
    """Neither a header of a source, nor the address and secret of a sink."""
    source = SourceOf(name="prod", kind="loki", headers={"X-Key": "hidden-1"})
    sink = WebhookSink(name="chat", url="https://h.example/hidden-2", secret="hidden-3")  # noqa: S106 - made up

    assert "hidden" not in repr(source) + repr(sink)
    assert ("SourceOf('prod', 'loki')", "WebhookSink('chat')") == (repr(source), repr(sink))


def test_redaction_is_on_unless_it_is_turned_off() -> None:
    """For every kind that there is."""
    assert set(Redacted) == set(Redaction().kinds)


def test_the_names_at_a_place() -> None:
    """Keys of a table, of one of several, of either of two, and words of a list of words."""
    assert {"zone", "action", "slo"} <= set(names_at(""))
    assert ["zone"] == names_at("team")
    assert {"kind", "command"} <= set(names_at("action[0]"))
    assert {"path", "url"} <= set(names_at("sink[1]"))
    assert "SEV1" in names_at("notify[0].severity")
    assert [] == names_at("nothing.of.it")
