"""Libraries that new errors come from."""

import pytest

from lastgood.inspections.what_changed.from_libraries import from_libraries
from lastgood.inspections.what_changed.weights import FROM_LIBRARY


@pytest.mark.parametrize(
    ("library", "error", "named"),
    [
        (
            "spring-boot-starter-parent",
            "org.springframework.http.converter.HttpMessageNotReadableException: too long",
            True,
        ),
        ("jackson-databind", "com.fasterxml.jackson.core.exc.StreamConstraintsException: too long", True),
        ("Npgsql", "Npgsql.PostgresException (0x80004005): 42P01", True),
        ("sqlalchemy", "sqlalchemy.exc.TimeoutError: QueuePool limit", True),
        ("undici", "at Fetch.onAborted (/app/node_modules/undici/lib/fetch.js:10:3)", True),
        ("guzzlehttp/guzzle", "GuzzleHttp\\Exception\\ConnectException: cURL error 6", True),
        ("lombok", "org.springframework.http.converter.HttpMessageNotReadableException: too long", False),
        ("commons-core", "com.acme.core.commons.Refused: no", False),  # words of many
        ("undici", "fetch failed", False),
        ("reds", "redis.exceptions.ConnectionError: no", False),  # the beginning of a word, but short
    ],
)
def test_errors_name_the_library_by_its_packages(library: str, error: str, *, named: bool) -> None:
    """Not by a word of a sentence."""
    assert [FROM_LIBRARY] * named == [one.row for one in from_libraries([library], [error])]
