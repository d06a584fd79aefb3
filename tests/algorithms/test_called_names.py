"""Names of peers out of error texts, and the words that are none."""

import pytest

from lastgood.algorithms.called_names import called_name


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("failed to connect to payments-db:5432", "payments-db"),
        ("dial tcp inventory:8080: connect: connection refused", "inventory"),
        ('Get "http://ledger.shop.svc:8080/v1/rates": context deadline exceeded', "ledger.shop.svc"),
        ('connection to server at "orders-db" (10.0.0.3), port 5432 failed: timeout expired', "orders-db"),
        ("HTTPConnectionPool(host='stock', port=8000): Read timed out.", "stock"),
        ("Can't connect to MySQL server on 'users-db:3306' (110)", "users-db"),
        ("connect ECONNREFUSED redis-sessions:6379", "redis-sessions"),
        (
            "cURL error 28: timed out (see https://curl.example.org/errors.html) for http://stock:3000/r",
            "stock",
        ),
        (
            'upstream timed out, client: 192.0.2.7, upstream: "fastcgi://unix:/run/php/php8.3-fpm.sock", host: "shop"',
            "php8.3-fpm",
        ),
        ("connect() to unix:/tmp/puma.sock failed (111: Connection refused)", "puma"),
        ("rates:9000 timed out after 3 s", "rates"),
        ("jdbc:postgresql://wallet-db:5432/wallet: Connection refused", "wallet-db"),
    ],
)
def test_the_address_that_a_client_names_is_its_peer(text: str, host: str) -> None:
    """Its host, without the port."""
    assert host == called_name(text)


@pytest.mark.parametrize(
    "text",
    [
        "failed to connect to the database",
        "upstream ledger timed out",
        "panic at main.go:42: connection refused",
        "connect to 10.0.0.7:5432 refused",
        "connection from worker-3 closed at 12:03:11",
        "could not connect: localhost:6379 refused",
        "at 2026-11-22T14:45 the connection timed out",
    ],
)
def test_words_files_times_and_digits_are_no_peers(text: str) -> None:
    """Nothing is guessed."""
    assert "" == called_name(text)
