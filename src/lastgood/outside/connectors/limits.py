"""How much is asked of one system: enough for an answer, little enough to be asked in the middle of an incident."""

from datetime import timedelta

from lastgood.model.judgement import Amount, Count

CHANGED_BEFORE = timedelta(hours=24)  # the window: a change of yesterday may show its effect tonight

POINTS = Count(
    240,
    "points of a series over the window",
    "judgement: a minute of an onset can be seen in two hours, and a bad answer costs little",
)
SHORTEST_STEP = Amount(15.0, "s between two points", "Prometheus' usual scrape interval; less repeats values")
ALL_SAMPLES = Count(
    400_000,
    "samples of metrics in all",
    "measured on two cores: about four seconds to decode, of the fifteen that an answer may take",
)
SAMPLES_AT_ONCE = Count(
    100_000, "samples in one answer", "judgement: a hundredth of a server's usual limit of 50 M"
)
SERIES = Count(2_000, "series of CloudWatch in all", "judgement: of two hours as many samples as ALL_SAMPLES")
SERIES_AT_ONCE = Count(
    500, "series in one answer of CloudWatch", "GetMetricData's limit of queries in one request"
)
NAMES = Count(
    100, "names of metrics of Datadog in all", "judgement: ten answers, of 300 that an hour usually allows"
)
NAMES_AT_ONCE = Count(
    10, "names in one question to Datadog", "judgement: an address of some 1,000 characters"
)
LINES_AT_ONCE = Count(5_000, "log lines in one answer", "Loki's default max_entries_limit_per_query")
PAGES = Count(20, "answers of log lines in all", "judgement: 100,000 lines, some two seconds to read")
TRACES = Count(200, "traces of a service in one part of the window", "judgement: enough to compare routes")
PARTS = Count(
    12, "parts of the window", "judgement: the newest of a part represent it, so the whole window is seen"
)
SERVICES = Count(30, "services whose traces are asked for", "judgement: with the other calls, 50 requests")
LOOKUPS = Count(30, "single lookups (traces, statuses)", "judgement: with the other calls, 50 requests")
SEARCHED_PARTS = Count(
    5, "parts of the window that Tempo searches", "judgement: with the lookups and other systems, 50 requests"
)
CONNECTIONS = Count(
    4,
    "connections to one system at once",
    "judgement: a quarter of the waiting, and little beside what dashboards ask",
)
LOG_PODS = Count(20, "pods whose lines are asked for", "judgement: those in trouble come first")
JOURNAL_LINES = Count(50_000, "lines of a host's journal", "judgement: some 20 MB, a second or two over ssh")
CONTAINER_LINES = Count(
    20_000, "lines of a container", "judgement: with twenty containers, some ten seconds to read"
)
