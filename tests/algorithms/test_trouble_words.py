"""Words of trouble are found as systems write them, and ordinary words are not."""

import pytest

from lastgood.algorithms.trouble_words import WORDS, error_kinds, is_refused_statement, is_store, said_of
from lastgood.model.failure import ErrorKind

WRITTEN = (
    ("disk_full", "write /data/wal/0001: no space left on device"),
    ("resource_memory", "java.lang.OutOfMemoryError: Java heap space"),
    ("resource_memory", "OOM command not allowed when used memory > 'maxmemory'"),
    ("resource_memory", "Memory cgroup out of memory: Killed process 4121 (node)"),
    ("certificate", "tls: failed to verify certificate: x509: certificate has expired or is not yet valid"),
    ("certificate", "SSL: CERTIFICATE_VERIFY_FAILED certificate verify failed"),
    ("dns", "dial tcp: lookup db.internal: no such host"),
    ("dns", "java.net.UnknownHostException: api.example"),
    ("clock_skew", "jwt.exceptions.ImmatureSignatureError: The token is not yet valid (iat)"),
    ("clock_skew", "<Code>RequestTimeTooSkewed</Code>"),
    ("clock_skew", "GSS failure: Clock skew too great"),
    ("resource_handles", "accept4: too many open files"),
    ("credentials", 'FATAL: password authentication failed for user "shop" (SQLSTATE 28P01)'),
    ("credentials", "WRONGPASS invalid username-password pair or user is disabled."),
    ("credentials", "ExpiredTokenException: The security token included in the request is expired"),
    ("range_exhausted", 'nextval: reached maximum value of sequence "orders_id_seq" (2147483647)'),
    ("range_exhausted", "Out of range value for column 'id' at row 1"),
    ("range_exhausted", "Failed to read auto-increment value from storage engine"),
    ("resource_handles", "nf_conntrack: nf_conntrack: table full, dropping packet"),
    ("lock_contention", "ERROR 1205 (HY000): Lock wait timeout exceeded; try restarting transaction"),
    ("pool_starvation", "QueuePool limit of size 5 overflow 10 reached"),
    (
        "pool_starvation",
        "HikariPool-1 - Connection is not available, request timed out after 30001ms (total=10, active=10)",
    ),
    ("pool_starvation", "Unable to acquire JDBC Connection"),
    ("pool_starvation", "Cannot get a connection, pool error Timeout waiting for idle object"),
    ("pool_starvation", "FATAL: sorry, too many connections already"),
    ("rate_limit", "429 Too Many Requests"),
    ("network", "read tcp 10.0.0.1:443: connection reset by peer"),
    ("refused", "connect ECONNREFUSED 10.0.0.7:5432"),
    ("timeout", "context deadline exceeded"),
    ("denied", "403 Forbidden"),
    ("bad_data", "could not parse the row 17 of prices.csv"),
)


@pytest.mark.parametrize(("kind", "text"), WRITTEN, ids=[text[:30] for _, text in WRITTEN])
def test_the_kind_is_reported(kind: str, text: str) -> None:
    """Each text as a library or a kernel writes it."""
    assert kind in error_kinds(text)


def test_every_kind_has_an_example() -> None:
    """Nothing is recognised that no one has seen."""
    assert set(WORDS) == {kind for kind, _ in WRITTEN}


@pytest.mark.parametrize("text", ["KeyError: 'tax_rate'", "order 429 placed", "user logged in", ""])
def test_ordinary_texts_tell_nothing(text: str) -> None:
    """A number is no status, an exception of your own code no trouble of a resource."""
    assert () == error_kinds(text)


def test_the_deepest_kind_is_first() -> None:
    """A pool that times out because of a lock is reported as the lock first."""
    kinds = error_kinds("timed out waiting for connection from pool: deadlock detected")

    assert ("lock_contention", "pool_starvation", "timeout") == kinds


def test_databases_are_reported_by_name() -> None:
    """The names that instrumentation gives to peers."""
    assert [True, True, False] == [is_store(name) for name in ("postgresql", "orders-db", "api.stripe.com")]


@pytest.mark.parametrize(
    "name", ["pg", "pg-main", "sql-1", "memcached", "valkey", "aurora-2", "shop.rds.example", "user-db"]
)
def test_short_names_of_stores_are_words_of_their_own(name: str) -> None:
    """Not letters of another word."""
    assert is_store(name)


@pytest.mark.parametrize("name", ["pgp-signer", "jpg", "records", "cards", "mysqueue", "graphql"])
def test_letters_of_another_word_are_no_store(name: str) -> None:
    """`rds` of cards, `pg` of jpg, `sql` of none."""
    assert not is_store(name)


def test_a_sample_shows_the_words_that_tell() -> None:
    """They may stand far behind the beginning."""
    text = "push failed, will try again: Post https://hooks.example.com/v1/a/long/path: x509: certificate has expired"

    assert "certificate has expired" in said_of(ErrorKind.CERTIFICATE, text, 60)
    assert len(said_of(ErrorKind.CERTIFICATE, text, 60)) <= 60
    assert "push failed, will try again: Post …" == said_of(ErrorKind.DNS, text, 60)


@pytest.mark.parametrize(
    "text",
    [
        'relation "orders" does not exist', "Unknown column 'gift' in 'field list'", "no such table: orders",
        "Table 'shop.orders' doesn't exist", 'syntax error at or near "FORM"', "Invalid object name 'orders'.",
    ],
)  # fmt: skip
def test_a_refused_statement_is_of_a_store(text: str) -> None:
    """A program that says the same only repeats it."""
    assert is_refused_statement("postgresql", text)
    assert not is_refused_statement("web", text)
    assert not is_refused_statement("postgresql", "could not read block 7")
