"""A fragment is made whole, so that its grammar reads it without an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.diffs.fragments import whole
from lastgood.algorithms.diffs.grammars import GRAMMARS, grammar_of, parser_of


@pytest.mark.parametrize(
    ("path", "fragment"),
    [
        ("a.java", "      return 1;\n    } finally {\n      c.close();\n    }\n  }"),
        ("a.ts", "  size: 10,\n  from: 0,"),
        ("a.ts", "    max: 4,\n  });"),
        ("a.go", '\tcase "a":\n\t\treturn 1'),
        ("a.rs", "    State::Open => open(ctx),"),
        ("a.kt", "    } else {\n        b()\n    }"),
        ("a.cs", "        }\n        catch (E e)\n        {\n        }"),
        ("a.py", "        return 1\n    except Error:\n        pass"),
        ("a.py", "            a()\n    b()\n@cached"),
        ("a.py", "    if a:"),
        ("a.py", "    pool_size=4,\n    timeout=2,"),
        ("a.py", '    Returns nothing.\n    """\n    return 1'),
        ("a.rb", "    a\n  end\n\n  def b"),
        ("a.rb", "    a\n  rescue E\n    b"),
        ("a.yaml", "      b: 1\n    c: 2\nd:\n  - 3"),
        ("a.json", '    "a": 1,\n    "b": 2\n  },\n  "c": 3'),
        ("a.json", '{"name": "id"},\n{"name": "b"},'),
        ("a.java", " * The limit.\n * @param a b"),
    ],
)
def test_a_fragment_is_read_without_an_error(path: str, fragment: str) -> None:
    """Whatever it opens or closes, and what it is a member of."""
    grammar = grammar_of(path)
    assert grammar is not None
    text, _ = whole(fragment.split("\n"), grammar)

    tree = parser_of(grammar).parse(text.encode())

    assert "ERROR" not in str(tree.root_node).replace('(ERROR ",")', "").replace("(ERROR)", ""), text


@given(st.sampled_from(GRAMMARS), st.lists(st.text(alphabet="ab {}()[]:,=\"'#*\t", max_size=20), max_size=8))
def test_the_lines_are_in_it_as_they_were(grammar: object, lines: list[str]) -> None:
    """Each on its own, after the lines that were put before."""
    text, offset = whole(lines, grammar)  # type: ignore[arg-type]

    assert [line.expandtabs(4) for line in lines] == [
        line.expandtabs(4) for line in text.split("\n")[offset : offset + len(lines)]
    ]
