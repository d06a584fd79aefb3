"""Rows before they are stored: texts and attributes without what is personal or secret, and all else as it was."""

import stat
from pathlib import Path
from threading import Thread

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.pseudonyms import Pseudonyms
from lastgood.model.redaction import Redacted
from lastgood.telemetry.redaction import KEY, Redactor, _together, key_in
from lastgood.telemetry.tables import CHANGES, LOGS, SPANS
from spelt_secrets import SPELT, UNSPELT

OF = Redactor(Pseudonyms(b"k" * 32, keep=frozenset({"note"}), fields=frozenset({"customer.name"})))
MAIL = OF.text("alice@example.com")


def test_texts_and_attributes() -> None:
    """Counted by the values in which one was replaced; identifiers stay."""
    card = "4111111111111111"
    rows = LOGS.rows(
        {
            "Body": ["alice@example.com logged in", "nothing", "alice@example.com logged in"],
            "TraceId": [card, card, card],
            "LogAttributes": [
                {"user.id": "alice@example.com", "order_id": card, "pan": card},
                {},
                {
                    "note": "alice@example.com",
                    "customer.name": "Alice",
                    "db.password": "hunter",
                    "ok": "true",
                },
            ],
        }
    )
    found, counts = OF.rows(rows)
    body, trace, attributes = (
        found.column(name).to_pylist() for name in ("Body", "TraceId", "LogAttributes")
    )

    assert [f"{MAIL} logged in", "nothing", f"{MAIL} logged in"] == body
    assert [card] * 3 == trace
    assert {"user.id": MAIL, "order_id": card, "pan": OF.text(card)} == dict(attributes[0])
    third = dict(attributes[2])
    assert ("alice@example.com", "true") == (third["note"], third["ok"])
    assert third["customer.name"].startswith("personal:")
    assert third["db.password"].startswith("password:")
    assert {"email": 3, "card": 1, "personal": 1, "password": 1} == counts
    assert rows.schema == found.schema


def test_attributes_of_events_within_spans() -> None:
    """Lists of maps, also in a part of a table."""
    events = [[{"user": "alice@example.com"}], [], [{"a": "b"}, {"user": "alice@example.com"}]]
    rows = SPANS.rows({"SpanName": ["a", "b", "c"], "Events.Attributes": events})
    found, counts = OF.rows(rows.slice(1))

    assert [[], [{"a": "b"}, {"user": MAIL}]] == [
        [dict(one) for one in each] for each in found.column("Events.Attributes").to_pylist()
    ]
    assert {"email": 1} == counts


def test_a_part_of_a_table_with_attributes() -> None:
    """Only its own values are counted."""
    rows = LOGS.rows({"LogAttributes": [{"u": "alice@example.com"}, {"u": "bob@example.com"}, {"v": "1"}]})
    found, counts = OF.rows(rows.slice(1, 2))

    assert [{"u": OF.text("bob@example.com")}, {"v": "1"}] == [
        dict(one) for one in found.column("LogAttributes").to_pylist()
    ]
    assert {"email": 1} == counts


def test_chunks_are_looked_through_together_unless_they_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """The forms are compiled once instead of for each; what is stored is the same, as are the counts."""
    parts = [LOGS.rows({"Body": [text], "LogAttributes": [{"user.id": text}]}) for text in ("alice@example.com", "b", "alice@example.com")]  # fmt: skip
    rows = pa.concat_tables(parts)
    small, counts = OF.rows(rows)
    limit = rows.column("Body").nbytes
    monkeypatch.setattr("lastgood.telemetry.redaction.MOST_TOGETHER_BYTES", limit)
    assert 1 == len(_together(rows.column("Body")))

    monkeypatch.setattr("lastgood.telemetry.redaction.MOST_TOGETHER_BYTES", limit - 1)
    large, alike = OF.rows(rows)

    assert len(parts) == len(_together(rows.column("Body")))
    assert 1 == small.column("Body").num_chunks
    assert [MAIL, "b", MAIL] == small.column("Body").to_pylist()
    assert (large.to_pylist(), alike) == (small.to_pylist(), counts)


def test_a_diff_loses_only_what_is_certain() -> None:
    """Code that handles a password is not one; who made a change is kept."""
    diff = '+password = read("x")\n+url = "postgres://a:hunter@db/x"\n+# bob@example.com'
    rows = CHANGES.rows({"Diff": [diff], "Actor": ["bob@example.com"], "Title": ["for bob@example.com"]})
    row = OF.rows(rows)[0].to_pylist()[0]

    assert diff.replace("hunter", OF.pseudonyms.token(Redacted.PASSWORD, "hunter")) == row["Diff"]
    assert ("bob@example.com", f"for {OF.text('bob@example.com')}") == (row["Actor"], row["Title"])


def test_bytes_that_are_no_text_are_kept() -> None:
    """Beside an address that is replaced."""
    body = pa.array([b"\xff alice@example.com \xfe"], pa.binary()).view(pa.string())
    found, _ = OF.rows(pa.table({"Body": body}))

    assert [b"\xff " + MAIL.encode() + b" \xfe"] == found.column("Body").cast(pa.binary()).to_pylist()


def test_nothing_is_replaced_where_nothing_is_wanted() -> None:
    """The same table is given back."""
    off = Redactor(Pseudonyms(b"k" * 32, frozenset()))
    rows = LOGS.rows({"Body": ["alice@example.com"]})

    assert rows is off.rows(rows)[0]
    assert "alice@example.com" == off.text("alice@example.com")
    assert [False] == off.suspects([b"alice@example.com"])


def test_bytes_that_may_hold_something() -> None:
    """By the form of a value, or the name of an attribute."""
    contents = (
        b"\x0a\x07alice@example.com",
        b"db.password\x12\x06hunter",
        b"customer.name",
        b"\x00\xff GET /",
    )

    assert [True, True, True, False] == OF.suspects(contents)


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    """Also where several ask for it at the same time."""
    keys = list[bytes]()
    threads = [Thread(target=lambda: keys.append(key_in(tmp_path / "new"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (1, 8, 32) == (len({*keys}), len(keys), len(keys[0]))
    assert 0o600 == stat.S_IMODE((tmp_path / "new" / KEY).stat().st_mode)
    assert [KEY] == [path.name for path in (tmp_path / "new").iterdir()]


PIECES = (
    "a", " ", "ü", "\n", "=", ":", "token=", "abcd1234efgh", "password=hunter", "4111111111111111", "alice@example.com", "GB82 WEST 1234 5698 7654 32",
    "postgres://a:b1c2@db/x", "Bearer abc123def456ghi", "-----BEGIN PRIVATE KEY-----", "\0", "/", "sk_live_abcdef123456",
)  # fmt: skip


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), min_size=1, max_size=5))
def test_a_column_is_as_each_of_its_texts(texts: list[str]) -> None:
    """However candidates are found."""
    found, _ = OF.rows(pa.table({"Body": pa.array(texts)}))

    assert [OF.text(text) for text in texts] == found.column("Body").to_pylist()


@pytest.mark.parametrize("text", SPELT)
def test_the_store_keeps_no_secret_in_any_spelling(text: str) -> None:
    """Where the quick expression finds a place, the exact one looks from there on."""
    (body,) = OF.rows(LOGS.rows({"Body": [text]}))[0]["Body"].to_pylist()

    assert "Hunter2x" not in body


def test_the_store_keeps_commands_without_a_secret() -> None:
    """As they are."""
    assert [*UNSPELT] == OF.rows(LOGS.rows({"Body": [*UNSPELT]}))[0]["Body"].to_pylist()
