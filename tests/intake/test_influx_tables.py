"""InfluxDB's annotated CSV."""

from lastgood.decoding.input import Input
from lastgood.intake import influx_tables
from outcomes import outcome

LONG = (
    b"#group,false,false,false,false,true,true,true\r\n#datatype,string,long,dateTime:RFC3339,double,string,string,string\r\n#default,_result,,,,,,\r\n"
    b",result,table,_time,_value,_field,_measurement,host\r\n,,0,2026-11-10T10:02:00Z,92.5,usage_user,cpu,web-2\r\n"
)
WIDE = b"#datatype,string,long,dateTime:RFC3339,double,long,string\n,result,table,_time,used_percent,inodes,host\n,,0,2026-11-10T10:02:00Z,41.5,7,web-2\n"


def test_tables_one_below_the_other() -> None:
    """A value a row, or a column for each field."""
    found = outcome(LONG + b"\r\n" + WIDE)

    assert {
        ("cpu.usage_user", 92.5, "%", "web-2"),
        ("used_percent", 41.5, "", "web-2"),
        ("inodes", 7.0, "", "web-2"),
    } == {
        (row["MetricName"], row["Value"], row["MetricUnit"], row["ServiceName"])
        for row in found.rows["otel_metrics_gauge"]
    }
    assert ((9, 2, 6, 1), []) == (found.tally, found.rejects)


def test_a_row_that_does_not_fit_is_a_reject() -> None:
    """Too few cells, a time that is none."""
    found = outcome(LONG + b",,0,2026-11-10T10:02:00Z,x\r\n,,0,noon,1,usage_user,cpu,web-2\r\n")
    assert 2 == len(found.rejects)
    assert found.balanced
    assert None is influx_tables.recognise(Input(None, "x", b"a,b\n1,2\n"))
