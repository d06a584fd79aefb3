"""Words in their many spellings become OpenTelemetry's."""

import pytest

from lastgood.decoding.words import span_kind, status_code, truth


@pytest.mark.parametrize(
    ("text", "expected"),
    [("SPAN_KIND_CLIENT", "Client"), ("server", "Server"), ("2", "Server"), ("²", "Unspecified")],
)
def test_span_kinds(text: str, expected: str) -> None:
    """With and without prefix, and by number."""
    assert expected == span_kind(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("STATUS_CODE_ERROR", "Error"), ("ok", "Ok"), ("2", "Error"), ("", "Unset")]
)
def test_statuses(text: str, expected: str) -> None:
    """With and without prefix, and by number."""
    assert expected == status_code(text)


def test_truth() -> None:
    """Yes in the usual spellings, no for everything else."""
    assert [True, True, True, False, False] == [truth(t) for t in ("true", "YES", " 1", "false", "")]
