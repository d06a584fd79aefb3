"""Load scripts: the same code for every mix, and the mix as data."""

import ast
from dataclasses import replace

from lastgood.algorithms.diffs.grammars import grammar_of, parser_of
from lastgood.model.replay import CapturedRequest
from lastgood.model.reproduction import MixedRequest, Reproduction
from lastgood.surfaces.load_scripts import k6, locust, mix_document
from records import START

ONE = MixedRequest("POST", "/orders", "POST /orders", "{}", "application/json", 2 / 3, failed=True)
FOUND = Reproduction(START, CapturedRequest("POST", "/orders"), None, (), None, (ONE,), 12.4, ())


def test_the_mix_has_shares_and_the_rate() -> None:
    """Of a minute, where it is below one a second."""
    document = mix_document(FOUND)

    assert (12, "1s", 26) == (document["rate"], document["per"], document["users"])
    assert {"share": 0.666667, "failed": True, "path": "/orders"}.items() <= document["requests"][0].items()
    slow = mix_document(replace(FOUND, rate=0.1))
    assert (6, "1m", 10) == (slow["rate"], slow["per"], slow["users"])


def test_scripts_are_code_of_their_language_and_nothing_recorded_is_in_it() -> None:
    """But for comments, which end where their line does."""
    evil = '\u2028process.exit()\n*/ `${1}` \'"""'
    found = replace(FOUND, mix=(replace(ONE, path=f"/{evil}", method="X", body=evil),), missing=(evil,))
    grammar = grammar_of("x.js")
    assert grammar
    parser = parser_of(grammar)

    def code(text: str, mark: str) -> list[str]:
        return [line for line in text.splitlines() if not line.startswith(mark)]

    assert code(k6(FOUND), "//") == code(k6(found), "//")
    assert code(locust(FOUND), "#") == code(locust(found), "#")
    assert not parser.parse(k6(found).encode()).root_node.has_error
    assert 5 < len(ast.parse(locust(found)).body)
    assert "-u 12 -r 12" in locust(found)
