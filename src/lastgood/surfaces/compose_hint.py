"""A compose file to start from: the failing service, and the databases and queues that its spans name.

No image comes from telemetry: whoever writes telemetry would choose what runs here.
"""

import re

from lastgood.model.reproduction import Reproduction
from lastgood.surfaces.request_files import flat

# Official images by OpenTelemetry's names of systems, with what they need to start.
_IMAGES = {
    "postgresql": ("postgres", {"POSTGRES_PASSWORD": "local"}), "mysql": ("mysql", {"MYSQL_ROOT_PASSWORD": "local"}),
    "mariadb": ("mariadb", {"MARIADB_ROOT_PASSWORD": "local"}), "redis": ("redis", {}), "valkey": ("valkey/valkey", {}),
    "memcached": ("memcached", {}), "mongodb": ("mongo", {}), "cassandra": ("cassandra", {}), "rabbitmq": ("rabbitmq", {}),
    "kafka": ("apache/kafka", {}), "nats": ("nats", {}), "elasticsearch": ("elasticsearch", {"discovery.type": "single-node"}),
    "clickhouse": ("clickhouse/clickhouse-server", {}), "couchdb": ("couchdb", {}), "neo4j": ("neo4j", {}),
    "microsoft.sql_server": ("mcr.microsoft.com/mssql/server", {"ACCEPT_EULA": "Y"}), "mssql": ("mcr.microsoft.com/mssql/server", {"ACCEPT_EULA": "Y"}),
}  # fmt: skip


def compose(found: Reproduction) -> str:
    """The file; what it cannot know is a comment."""
    known = [name for name in found.backends if name in _IMAGES]
    own = re.sub(r"[^a-z0-9]+", "-", found.failing.service.lower(), flags=re.ASCII).strip("-")[:40]
    name = own if own and own not in known else "service"
    lines = [
        "# A start, not a copy of production. Run: IMAGE=… docker compose up",
        "# missing: the image and its version, settings, the schema and data of databases",
    ]
    lines += [
        f"# missing: {flat(one)}: it has no known image" for one in found.backends if one not in _IMAGES
    ]
    if not found.backends:
        lines.append("# missing: no span names a database or queue of this service")
    lines += [
        "services:", f"  {name}:", '    image: "${IMAGE:?the image of the failing version}"', "    ports:",
        '      - "127.0.0.1:8000:8000"',
    ]  # fmt: skip
    if known:
        lines += ["    depends_on:", *(f"      - {_service(one)}" for one in known)]
    for one in known:
        image, settings = _IMAGES[one]
        lines += [f"  {_service(one)}:", f"    image: {image}  # the version is not in the telemetry"]
        if settings:
            lines += ["    environment:", *(f'      {key}: "{value}"' for key, value in settings.items())]
    return "\n".join(lines) + "\n"


def _service(name: str) -> str:
    return name.replace(".", "-").replace("_", "-")
