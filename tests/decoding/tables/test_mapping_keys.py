"""The manual of mapping files: complete, and its examples are mappings."""

import re
import tomllib
from pathlib import Path

import pytest

from lastgood.decoding.tables import mapping_keys as keys
from lastgood.decoding.tables.mapping import read_mapping

DOCS = Path(__file__).parents[3] / "docs"
EXAMPLES = re.findall(
    r"```toml\n(.*?)```", (DOCS / "howto" / "map-your-own-files.md").read_text("utf-8"), re.DOTALL
)


def test_every_field_of_every_kind_has_a_meaning() -> None:
    """And nothing is explained that does not exist."""
    used = {field for fields in keys.FIELDS.values() for field in fields}
    assert used == set(keys.MEANINGS)
    assert set(keys.KINDS) == set(keys.FIELDS) == set(keys.REQUIRED)


def test_the_manual_names_every_key() -> None:
    """The page is made of the same list that the parser checks against."""
    text = "\n".join(keys.manual())
    named = {*keys.TOP_KEYS, *keys.FILE_KEYS, *keys.PICK_KEYS, *keys.VALUE_KEYS, *keys.MEANINGS}
    assert set() == {name for name in named if f"`{name}`" not in text}


@pytest.mark.parametrize("place", range(len(EXAMPLES)))
def test_the_examples_of_the_guide_are_mappings(place: int, tmp_path: Path) -> None:
    """Each block is read without a complaint."""
    path = tmp_path / "my.toml"
    path.write_text(EXAMPLES[place])

    assert len(tomllib.loads(EXAMPLES[place])["file"]) == len(read_mapping(path).rules)
