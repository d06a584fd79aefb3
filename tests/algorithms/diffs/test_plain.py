"""Lines without a grammar are read by their look, into the same parts."""

import pytest

from lastgood.algorithms.diffs.grammars import Form
from lastgood.algorithms.diffs.plain import options, plain_parts
from lastgood.algorithms.diffs.unified import hunks


def parts(line: str, path: str) -> list[tuple[Form, str, str]]:
    """Form, name and value of what a line holds."""
    (hunk,) = hunks(f"+{line}\n", path)
    return [(form, name, value) for form, name, value, _ in plain_parts(hunk, hunk.lines, "+")]


@pytest.mark.parametrize(
    ("path", "line", "name", "value"),
    [
        ("a.properties", "pool.size=4", "pool.size", "4"),
        ("nginx.conf", "    proxy_read_timeout 5s;", "proxy_read_timeout", "5s"),
        ("haproxy.cfg", "    timeout server 30s", "timeout_server", "30s"),
        ("a.xml", "<ttl>60</ttl>", "ttl", "60"),
        ("a.env", "OPTS=-Xmx512m", "Xmx", "512m"),
        ("Procfile", "web: gunicorn --workers 8", "workers", "8"),
    ],
)
def test_a_setting(path: str, line: str, name: str, value: str) -> None:
    """Whatever stands between a name and its value."""
    assert (Form.SETTING, name, value) in parts(line, path)


def test_a_member_of_a_contract() -> None:
    """Protocol buffers and GraphQL."""
    assert Form.FIELD in {form for form, _, _ in parts("  string currency = 4;", "a.proto")}
    assert Form.FIELD in {form for form, _, _ in parts("  total: Int!", "a.graphql")}


def test_a_comment_is_nothing() -> None:
    """Whatever it says."""
    assert [] == parts("# pool=4", "a.properties")


def test_what_a_command_line_sets() -> None:
    """In one word or two, and a value that stands in for none."""
    assert [("workers", "8"), ("threads", "4")] == [*options("--workers 8 --threads=4")]
    assert [("batch.size", "500")] == [*options("${batch.size:500}")]
