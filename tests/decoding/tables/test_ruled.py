"""Records by rules: whatever the bytes and the kind, every line is accounted for."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.decoding.tables.mapping import FileRule, read_mapping
from lastgood.decoding.tables.mapping_keys import FIELDS
from lastgood.decoding.tables.ruled import decode_by
from lastgood.intake._registry import Source
from outcomes import outcome

COLUMNS = ("a", "b", "c")


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> tuple[FileRule, ...]:
    """A rule of every kind, each field from one of three columns."""
    path = tmp_path_factory.mktemp("rules") / "m.toml"
    tables = []
    for kind, fields in FIELDS.items():
        named = "\n".join(f"{field} = '{COLUMNS[n % 3]}'" for n, field in enumerate(fields))
        tables.append(
            f"[[file]]\nmatch = 'x'\nkind = '{kind}'\nbody_format = 'auto'\n[file.fields]\n{named}\n"
        )
    path.write_text("\n".join(tables))
    return read_mapping(path).rules


CELLS = st.sampled_from(
    ["", "1", "-1", "1700000000", "2026-11-22T14:00:00Z", "error", "nan", "1e999", '{"a":1}', "x"]
)


@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=4).map(",".join), max_size=8),
    st.sampled_from(["a,b,c\n", '{"a":"1","b":"2"}\n', '[{"a":1}', ""]),
)
def test_any_table_is_accounted_for(rules: tuple[FileRule, ...], rows: list[str], start: str) -> None:
    """Events, continuations, blanks and rejects make up the lines of every rule that has its columns."""
    content = (start + "\n".join(rows)).encode()
    has_columns = start.startswith(("a,b,c", "{", "["))
    for rule in rules if has_columns else ():
        source = Source("ruled", frozenset(), lambda _: None, _decoder(rule))
        assert outcome(content, by=(source, Claim("", 1, ""))).balanced


def _decoder(rule: FileRule) -> Callable[[Input, Claim, Settings], Decoded]:
    return lambda given, _, settings: decode_by((rule,), given, settings)
