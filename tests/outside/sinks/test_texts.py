"""Texts as each sink shows them as they are."""

import pytest

from lastgood.outside.sinks.texts import cut, html, line, markdown, seen, slack, wiki


def test_what_cannot_be_seen_is_left_out() -> None:
    """Controls, signs of direction, and what has no width; lines and words stay."""
    assert "a\nb c é" == seen("a\r\nb\u202e\u200b\x1b c\x00 é")
    assert "a b c" == line(" a\nb\t\u2066c ", 10)
    assert "abc…" == cut("abcdef", 4)


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        ("&lt;!h…", "<!h> & more"),
        ("a" * 9 + "…", "a" * 20),
        ("&lt;&lt;…", "<" * 20),  # no escape is cut in two
    ],
)
def test_slack(shown: str, text: str) -> None:
    """Its three letters."""
    assert shown == slack(text, 10)


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        ("@ here and kim@example.com", "@here and kim@example.com"),
        (r"\[x\](y) \`c\` \*b\* \_i\_ \<b\>", "[x](y) `c` *b* _i_ <b>"),
        ("\\- a\n1\\. b\n\\+ c\n5.6 % of\n2\\) d", "- a\n1. b\n+ c\n5.6 % of\n2) d"),
        (r"\#1", "#1"),
    ],
)
def test_markdown(shown: str, text: str) -> None:
    """No mark, no list, no mention."""
    assert shown == markdown(text)


def test_wiki_and_html() -> None:
    """Of Jira, and of e-mail."""
    assert r"\{color\} \[a\] \*b\*" == wiki("{color} [a] *b*")
    assert "&lt;b&gt;<br>&quot;" == html('<b>\n"')


@pytest.mark.parametrize("text", [".@channel", "x.@here", "_@all", "(@all)", "-@here"])
def test_no_mention_however_it_is_begun(text: str) -> None:
    """Mattermost takes off what stands before the sign."""
    assert "@ " in markdown(text)
