"""Requests that pass several places, each of which writes them down: access lines and root spans for tests."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from lastgood.telemetry.tables import LOGS, SPANS
from lastgood.workbench.store import Store
from worlds import nanoseconds, put

PATHS = ("/cart", "/cart/items", "/checkout", "/totals")
BAD_FROM = 2400.0  # seconds of an hour


@dataclass(frozen=True)
class Request:
    """One request as it was, whoever wrote it down."""

    number: int
    begin: float
    took: float
    path: str
    status: int
    user: int
    plan: str

    @property
    def id(self) -> str:
        """Its trace."""
        return f"{self.number:032x}"

    @property
    def reached(self) -> bool:
        """Whether it came to the service: the proxy answers 502 when no one is there."""
        return self.status != 502

    @property
    def failed(self) -> bool:
        """Whether its user got no answer."""
        return self.status >= 500


def an_hour(seed: int = 1, rate: float = 3.0, start: int = 1) -> list[Request]:
    """Requests that come by chance; from `BAD_FROM` on a third of the plan pro fails, and some never reach the service."""
    made = np.random.default_rng(seed)
    found: list[Request] = []
    now = 0.0
    while (now := now + float(made.exponential(1 / rate))) < 3600:
        plan, luck, late = ("pro", "free", "free")[made.integers(3)], made.random(2), now >= BAD_FROM
        status = 500 if luck[0] < (0.4 if late and plan == "pro" else 0.002) else 200
        found.append(
            Request(
                start + len(found), now, float(made.lognormal(-3, 0.4)), PATHS[made.integers(4)],
                502 if late and luck[1] < 0.006 else status, int(made.integers(900)), plan,
            )
        )  # fmt: skip
    return found


Says = Callable[[Request], Mapping[str, str]]


@dataclass(frozen=True)
class Tier:
    """A place: what it adds to the time, and what it says of a request beside its method, path and status."""

    service: str
    adds: float = 0.0
    says: Says = field(default=lambda _: {})
    resource: Mapping[str, str] = field(default_factory=dict)

    def put(self, store: Store, requests: Iterable[Request]) -> None:
        """Write requests down as access lines when they end."""
        of = list(requests)
        columns = {
            "Timestamp": nanoseconds(np.array([one.begin + one.took + self.adds for one in of])),
            "ServiceName": [self.service] * len(of),
            "Body": [f"{one.path} {one.status}" for one in of],
            "SeverityNumber": [17 if one.failed else 9 for one in of],
            "ResourceAttributes": [self.resource] * len(of),
            "LogAttributes": [
                {
                    "http.request.method": "GET",
                    "url.path": one.path,
                    "http.response.status_code": str(one.status),
                    "lg.duration_ns": str(int((one.took + self.adds) * 1e9)),
                    **self.says(one),
                }
                for one in of
            ],
        }
        put(store, LOGS, columns, f"{self.service}{len(of)}")


def put_roots(store: Store, service: str, requests: Iterable[Request]) -> None:
    """A root span for each request."""
    of = list(requests)
    columns = {
        "Timestamp": nanoseconds(np.array([one.begin for one in of])),
        "TraceId": [one.id for one in of],
        "SpanId": [one.id[16:] for one in of],
        "ParentSpanId": [""] * len(of),
        "SpanName": [f"GET {one.path}" for one in of],
        "SpanKind": ["Server"] * len(of),
        "ServiceName": [service] * len(of),
        "Duration": [int(one.took * 1e9) for one in of],
        "StatusCode": ["Error" if one.failed else "Unset" for one in of],
        "SpanAttributes": [
            {
                "http.request.method": "GET",
                "http.route": one.path,
                "http.response.status_code": str(one.status),
                "plan": one.plan,
            }
            for one in of
        ],
    }
    put(store, SPANS, columns, f"spans {service}{len(of)}")
