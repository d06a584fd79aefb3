"""Products that stores run."""

import pytest

from lastgood.algorithms.store_products import products


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("redis_evicted_keys_total 0 → 6 036", {"redis"}),
        ("roles/redis/defaults/main.yml", {"redis"}),
        ("valkey: maxmemory 48mb", {"redis"}),
        ("pg_stat_activity_count", {"postgresql"}),
        ("MariaDB 11 and RabbitMQ", {"mysql", "rabbitmq"}),
        ("predisposed", set()),
        ("", set()),
    ],
)
def test_a_product_is_named_by_a_word_of_its_own(text: str, found: set[str]) -> None:
    """In a sentence, a path, or in front of a metric's name."""
    assert found == products([text])
