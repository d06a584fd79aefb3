"""The account of a load."""

from lastgood.model.loading import Loaded, LoadReport


def loaded(rows: dict[str, int]) -> Loaded:
    """One input that gave these rows."""
    return Loaded("a.log", "logs", "logfmt", "", 9, 9, 0, 0, 0, (), (), None, rows)


def test_rows_are_counted_over_inputs_and_tables() -> None:
    """Two inputs, three tables."""
    report = LoadReport((loaded({"otel_logs": 3, "lg_changes": 2}), loaded({"otel_traces": 5})))

    assert 10 == report.rows
