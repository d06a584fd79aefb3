"""Products: what a store or a queue runs, by the words of its metrics, and the same in the words of a change."""

import re
from collections.abc import Iterable

# What exporters and people call them: the product by each of its names.
_NAMES = {
    "redis": "redis", "valkey": "redis", "memcached": "memcached",
    "postgres": "postgresql", "postgresql": "postgresql", "pg": "postgresql", "pgbouncer": "pgbouncer",
    "mysql": "mysql", "mariadb": "mysql", "mongo": "mongodb", "mongod": "mongodb", "mongodb": "mongodb",
    "rabbitmq": "rabbitmq", "kafka": "kafka", "nats": "nats", "activemq": "activemq",
    "elasticsearch": "elasticsearch", "opensearch": "opensearch", "solr": "solr", "cassandra": "cassandra",
    "clickhouse": "clickhouse", "etcd": "etcd", "zookeeper": "zookeeper", "consul": "consul",
    "varnish": "varnish", "squid": "squid", "haproxy": "haproxy", "nginx": "nginx", "envoy": "envoy", "traefik": "traefik",
}  # fmt: skip
_WORDS = re.compile(r"[a-z]+")


def products(texts: Iterable[str]) -> frozenset[str]:
    """The products that texts name, each by one name: as a word of its own, or as the first of a metric's name."""
    words = (word for text in texts for word in _WORDS.findall(text.lower()))
    return frozenset(_NAMES[word] for word in words if word in _NAMES)
