"""What was fetched, as text and JSON."""

from datetime import UTC, datetime

from lastgood.model.fetching import Asked, Fetched
from lastgood.model.window import Window
from lastgood.surfaces.fetched import fetched_document, fetched_text

WINDOW = Window(datetime(2026, 11, 30, 1, tzinfo=UTC), datetime(2026, 11, 30, 3, tzinfo=UTC))
FOUND = Fetched("prod", WINDOW, "/a b", (Asked("loki", "https://l", ("loki/a",), 2, 0.5, ("cut",)),))


def test_the_text_ends_with_the_command_that_reads_it() -> None:
    """The folder is quoted for the shell; what is missing is said."""
    lines = fetched_text(FOUND).splitlines()

    assert "lastgood triage '/a b'" == lines[-1]
    assert "  missing: loki: cut" in lines
    assert "2 requests" in lines[1]


def test_the_document_has_the_same() -> None:
    """For programs."""
    document = fetched_document(FOUND)

    assert (["loki: cut"], "/a b", False) == (document["missing"], document["folder"], document["again"])
    assert [("loki", 2)] == [(one["kind"], one["requests"]) for one in document["asked"]]
