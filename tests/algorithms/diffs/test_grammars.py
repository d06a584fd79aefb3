"""Every grammar is there, and parses; what is known of a language is a table."""

import subprocess
import sys

import pytest

from lastgood.algorithms.diffs.grammars import DEEPEST_TREE, GRAMMARS, Grammar, fits, grammar_of, parser_of


@pytest.mark.parametrize("grammar", GRAMMARS, ids=lambda grammar: grammar.module)
def test_every_grammar_parses(grammar: Grammar) -> None:
    """Without a warning, also where it hands over an address."""
    assert parser_of(grammar).parse(b"a").root_node.end_byte >= 1


def test_a_language_is_reported_by_the_name_of_the_file() -> None:
    """Its ending, or the whole of it."""
    reported = {
        "a/b.go": "go", "b.tsx": "typescript", "b.mjs": "javascript", "values.yml": "yaml", "main.tf": "hcl",
        "api.Dockerfile": "dockerfile", "Dockerfile.prod": "dockerfile", "build.gradle.kts": "kotlin", "a.avsc": "json",
    }  # fmt: skip
    none = ("nginx.conf", "a.proto", "a.sql", "", "cargo")

    assert reported == {
        name: (g.module.removeprefix("tree_sitter_") if (g := grammar_of(name)) else "") for name in reported
    }
    assert [None] * len(none) == [grammar_of(name) for name in none]


def test_what_nests_without_end_is_not_parsed() -> None:
    """By how far in lines stand, or by lists in lists."""
    assert fits(["a:", "  b:", "  - c: 1"])
    assert not fits(" " * n + "a:" for n in range(DEEPEST_TREE + 1))
    assert not fits(["- " * 2 * DEEPEST_TREE])


def test_what_reads_no_diff_loads_no_grammar() -> None:
    """Neither tree-sitter nor a parser of SQL, before the first diff."""
    code = "import sys, lastgood.algorithms.diffs.effects; print({'tree_sitter', 'sqlglot'} & {*sys.modules})"
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )

    assert "set()" == said.stdout.strip()
