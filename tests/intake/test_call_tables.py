"""Who calls whom, as pairs and as a matrix."""

import pytest

from lastgood.decoding.input import Input
from lastgood.intake import call_tables
from outcomes import Outcome, outcome


def edges(found: Outcome) -> list[tuple[str, str]]:
    return [(row["Caller"], row["Callee"]) for row in found.rows["lg_calls"]]


@pytest.mark.parametrize("header", [b"caller,callee", b"Source,Target", b"from,to", b"client,server"])
def test_pairs(header: bytes) -> None:
    """Under any of the usual names; a weight says nothing further."""
    found = outcome(header + b",weight\nweb,cart,1\ncart,db,3\n")

    assert "call table" == found.claim.format
    assert [("web", "cart"), ("cart", "db")] == edges(found)
    assert found.balanced


@pytest.mark.parametrize("name", [b"service", b""])
def test_a_matrix(name: bytes) -> None:
    """A number above 0 where the row calls the column; the rows' own column may have no name."""
    found = outcome(name + b",web,cart,db\nweb,0,1,0\ncart,0,0,1\ndb,0,0,0\n")

    assert "call matrix" == found.claim.format
    assert [("web", "cart"), ("cart", "db")] == edges(found)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"source,target,message\nweb,cart,hello\n",
        b"from,to\n1,2\n",
        b"time,web,cart\n2026-11-22T14:00:00Z,1,2\n",
        b"caller,callee\nweb,\n",
    ],
)
def test_what_says_nothing_of_calls(content: bytes) -> None:
    """Events between two, numbers, times, an end that is missing."""
    assert None is call_tables.recognise(Input(None, "x", content))
