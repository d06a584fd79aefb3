"""Scanning: a message to tokens, whatever the bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.patterns.scanning import MAX_CHARACTERS, canonical, headline, is_frame, scan
from lastgood.algorithms.patterns.tokens import Kind


def _texts(message: str, kind: Kind) -> list[str]:
    return [token.text for token in scan(message) if token.kind is kind]


def test_urls_queries_and_hardware_addresses_are_values() -> None:
    """Each is one value, however many joints it has."""
    found = _texts("GET https://a.example/x?y=1 /p/q?a=b&c=d from 00:1b:44:11:3a:b7", Kind.VALUE)
    assert ["https://a.example/x?y=1", "/p/q?a=b&c=d", "00:1b:44:11:3a:b7"] == found


def test_dates_with_names_are_one_value() -> None:
    """A date in words is a value; a word that only begins like a month is not."""
    assert ["0"] == _texts("since Tue, Mar 3 10:11:12 UTC 2026", Kind.VALUE)
    assert ["Decoded", "frames"] == _texts("Decoded 12 frames", Kind.WORD)


def test_colour_codes_and_protocol_versions_vanish() -> None:
    """They say nothing about what happened."""
    assert scan("disk full") == scan("\x1b[31mdisk\x1b[0m full")
    assert scan("GET /a/b 200") == scan("GET /a/b HTTP/1.1 200")


def test_only_the_beginning_of_a_long_text_is_looked_at() -> None:
    """A line of megabytes costs no more than one of MAX_CHARACTERS."""
    assert scan("ab " * MAX_CHARACTERS) == scan(("ab " * MAX_CHARACTERS)[:MAX_CHARACTERS])


def test_the_headline_leaves_out_the_stack() -> None:
    """Message and exception identify an event; frames do not. Text in one line stays as it is."""
    trace = "Cannot save order 7\njava.io.IOException: disk full\n\tat a.B.c(B.java:1)\nCaused by: x.Y: no"
    assert "Cannot save order 7 java.io.IOException: disk full" == headline(trace)
    python = 'boom\nTraceback (most recent call last):\n  File "a.py", line 3, in f\nValueError: no'
    assert "boom ValueError: no" == headline(python)
    assert "{\n}" == headline("{\n}")


def test_canonical_text_does_not_depend_on_the_numbers() -> None:
    """Two samples that differ in numbers give one text."""
    assert canonical("took 7 ms at 10.0.0.1:80, id 3f9a77c1") == canonical(
        "took 3 ms at 9.8.7.6:443, id 00bbcc12"
    )


@given(st.text())
def test_no_text_stops_the_scanner(text: str) -> None:
    """Any text gives tokens, and no token is empty."""
    assert all(token.text for token in scan(text))
    assert all(token.text for token in scan(canonical(headline(text))))


@given(st.binary())
def test_no_bytes_stop_the_scanner(raw: bytes) -> None:
    """Not even text that is not text."""
    assert all(token.text for token in scan(raw.decode("utf-8", "surrogateescape")))


@pytest.mark.parametrize(
    "text",
    [
        "    at com.acme.Foo.bar(Foo.java:12)",
        "at com.acme.Foo.bar(Foo.java:<*>)",
        "at <*>(Thread.java:<*>)",
        "at java.base/jdk.internal.reflect.Method.invoke(Native Method)",
        "    at async handler (/app/x.js:12:3)",
        "    at /app/x.js:12:3",
        "   at Acme.Foo.Bar(String name) in /src/Foo.cs:line 12",
        "   at Acme.Foo.Bar(String name)",
        '  File "/app/x.py", line 3, in handler',
        'File "<*>", line <*>, in handler',
        "Traceback (most recent call last):",
        "    ... 12 more",
        "goroutine 1 [running]:",
        "\t/app/main.go:12 +0x1d",
        "#0 /app/x.php(12): foo()",
        "\tfrom app/x.rb:12:in `total'",
    ],
)
def test_a_line_of_a_stack_trace_is_a_frame(text: str) -> None:
    """As its language prints it, and as a pattern with wildcards."""
    assert is_frame(text)


@pytest.mark.parametrize(
    "text",
    [
        "java.lang.NullPointerException: tax is null",
        "Caused by: java.net.ConnectException: Connection refused",
        "AttributeError: 'NoneType' object has no attribute 'id'",
        "at capacity (5)",
        "at 10.0.0.3:5432 the pool is full",
        "File not found, line 3",
        "panic: runtime error: index out of range",
        "",
    ],
)
def test_what_has_a_message_is_not(text: str) -> None:
    """The exception, and text that begins alike."""
    assert not is_frame(text)
