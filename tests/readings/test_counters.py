"""Requests that metrics count apart by how they ended, over restarts and series that first appear with a failure."""

from datetime import timedelta

from lastgood.model.window import Comparison, Window
from lastgood.readings.compared import Compared
from lastgood.readings.counters import counted_by_metrics
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, store_counter, store_gauge

GIVEN = Comparison(
    Window(START, START + timedelta(seconds=1200)),
    Window(START + timedelta(seconds=1200), START + timedelta(seconds=2400)),
    given=True,
)


def compared(store: Store) -> tuple[Compared, ...]:
    """What is counted in the given windows."""
    case, _ = investigate(store, now=START, only="onset", comparison=GIVEN)
    return counted_by_metrics(case)[0]


def test_requests_and_failures_are_counted(store: Store) -> None:
    """A restart in the bad window costs nothing, and the first failure makes a series that begins at 0."""
    well = [100.0 * n for n in range(60)] + [50.0 + 100.0 * n for n in range(20)]
    store_counter(store, "shop", "http_requests_total", {"code": "200"}, well)
    store_counter(
        store, "shop", "http_requests_total", {"code": "503"}, [10.0 * n for n in range(1, 21)], first=1800
    )

    (found,) = compared(store)

    assert (("shop", "http_requests_total"),) == found.places
    assert (3900.0, 0.0) == (found.good.requests, found.good.failed)
    assert (3850.0 + 200.0, 200.0) == (found.bad.requests, found.bad.failed)
    assert found.fails_more()


def test_metrics_of_nobody_count_too(store: Store) -> None:
    """Whose they are is not known, and that more fail is; not beside others, which may count the same requests."""
    store_counter(store, "", "http_requests_total", {"code": "200"}, [100.0 * n for n in range(80)])
    store_counter(
        store, "", "http_requests_total", {"code": "503"}, [50.0 * n for n in range(1, 21)], first=1800
    )

    (found,) = compared(store)

    assert (("", "http_requests_total"),) == found.places
    assert found.fails_more()

    store_counter(store, "shop", "http_requests_total", {"code": "200"}, [100.0 * n for n in range(80)])
    assert [(("shop", "http_requests_total"),)] == [one.places for one in compared(store)]


def test_what_is_no_count_of_requests_served_is_left_out(store: Store) -> None:
    """A client's requests, counters without a status, and metrics that only look alike."""
    grows = [100.0 * n for n in range(80)]
    store_counter(store, "shop", "http_client_requests_total", {"code": "200"}, grows)
    store_counter(store, "shop", "http_requests_total", {"path": "/"}, grows)
    store_counter(store, "shop", "memory_bytes", {"code": "200"}, grows)

    assert () == compared(store)


def test_of_two_metrics_for_one_service_the_fuller_counts(store: Store) -> None:
    """The same requests are not counted twice."""
    store_counter(store, "shop", "http_requests_total", {"code": "200"}, [100.0 * n for n in range(80)])
    store_counter(
        store, "shop", "http_server_requests_total", {"status": "200"}, [10.0 * n for n in range(80)]
    )

    (found,) = compared(store)

    assert "http_requests_total" == found.places[0][1]


def periods(store: Store, service: str, metric: str, usual: float, now: float) -> None:
    """Counts of a minute each, in both given windows."""
    store_gauge(store, service, metric, "", [(60.0 * n, usual if n < 20 else now) for n in range(40)])


def test_counts_of_each_period_are_requests_and_failures(store: Store) -> None:
    """A load balancer counts them apart; of two counts of failures the larger one holds, since both may be the same."""
    periods(store, "shop", "RequestCount", 600.0, 500.0)
    periods(store, "shop", "HTTPCode_Target_5XX_Count", 2.0, 150.0)
    periods(store, "shop", "HTTPCode_ELB_5XX_Count", 1.0, 10.0)

    (found,) = compared(store)

    assert (("shop", "HTTPCode_Target_5XX_Count"), ("shop", "RequestCount")) == found.places
    assert (12000.0, 40.0) == (found.good.requests, found.good.failed)
    assert (10000.0, 3000.0) == (found.bad.requests, found.bad.failed)


def test_more_failures_than_requests_are_of_something_else(store: Store) -> None:
    """So are failures of another service, and requests whose failures no one counts."""
    periods(store, "shop", "RequestCount", 10.0, 10.0)
    periods(store, "shop", "JobErrorCount", 20.0, 20.0)
    periods(store, "cart", "RequestCount", 600.0, 600.0)
    periods(store, "mail", "HTTPCode_Target_5XX_Count", 2.0, 150.0)

    assert () == compared(store)
