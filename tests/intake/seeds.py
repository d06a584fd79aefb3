"""Small valid inputs of every source, harvested from the bytes that its tests hand over, and ways to spoil them."""

import random
from collections.abc import Callable

LOG = b"2026-11-22T14:00:00Z INFO pay started\n2026-11-22T14:00:01Z ERROR pay failed\n  at pay.go:17\n"
SEEDS: dict[str, bytes] = {
    "logs": LOG * 3,
    "json lines": b'{"time":"2026-11-20T14:00:00Z","level":"error","msg":"x","status":500,"a":{"b":[1,2]}}\n' * 3,
    "logfmt": b'ts=2026-11-20T14:00:00Z level=info msg="a b" status=200 duration=3ms\n' * 3,
    "syslog": b"<134>1 2026-11-22T14:00:00Z host app 1 - - hello world\n" * 3,
    "access": b'127.0.0.1 - - [22/Nov/2026:14:00:00 +0000] "GET /a HTTP/1.1" 200 17 "-" "curl"\n' * 3,
    "cri": b'2026-11-22T14:00:00.1Z stdout F {"level":"info","msg":"x"}\n' * 3,
    "log documents": b'[{"timestamp":"2026-11-20T14:00:00Z","message":"x","n":1},{"timestamp":1700000000,"message":"y"}]',
    "loki": b'{"status":"success","data":{"resultType":"streams","result":[{"stream":{"app":"a"},"values":[["1700000000000000000","x"]]}]}}',
    "cloudwatch": b'{"logGroup":"g","logEvents":[{"timestamp":1700000000000,"message":"x"}]}',
    "log tables": b"time,level,service,message\n" + b"2026-11-20T14:00:00Z,error,pay,x y\n2026-11-20T14:00:01Z,info,web,y z\n" * 2,
    "journald": b"__CURSOR=a\n__REALTIME_TIMESTAMP=1700000000000000\nMESSAGE=x\nPRIORITY=3\n\n__CURSOR=b\n__REALTIME_TIMESTAMP=1700000000000001\nMESSAGE\n\x03\0\0\0\0\0\0\0abc\n\n",
    "otlp spans": b'{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"a"}}]},"scopeSpans":[{"scope":{"name":"s"},"spans":[{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","name":"GET","kind":2,"startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000100000000","attributes":[{"key":"n","value":{"intValue":"200"}},{"key":"l","value":{"arrayValue":{"values":[{"doubleValue":1.5}]}}}],"status":{"code":2},"events":[{"timeUnixNano":"1700000000000000001","name":"e"}]}]}]}]}\n',
    "otlp logs": b'{"resourceLogs":[{"resource":{"attributes":[]},"scopeLogs":[{"logRecords":[{"timeUnixNano":"1700000000000000000","severityNumber":9,"severityText":"INFO","body":{"stringValue":"x"},"flags":1}]}]}]}\n',
    "otlp metrics": b'{"resourceMetrics":[{"resource":{"attributes":[]},"scopeMetrics":[{"metrics":[{"name":"m","sum":{"aggregationTemporality":2,"isMonotonic":true,"dataPoints":[{"timeUnixNano":"1700000000000000000","asInt":"3"}]}},{"name":"h","histogram":{"dataPoints":[{"timeUnixNano":"1700000000000000000","count":"3","sum":1.5,"bucketCounts":["1","2"],"explicitBounds":[1]}]}},{"name":"e","exponentialHistogram":{"dataPoints":[{"timeUnixNano":"1700000000000000000","count":3,"scale":2,"positive":{"offset":1,"bucketCounts":[1]}}]}},{"name":"s","summary":{"dataPoints":[{"timeUnixNano":"1700000000000000000","count":3,"quantileValues":[{"quantile":0.5,"value":1}]}]}}]}]}]}\n',
    "jaeger": b'{"data":[{"traceID":"a1","spans":[{"traceID":"a1","spanID":"b1","operationName":"op","startTime":1700000000000000,"duration":17,"processID":"p1","tags":[{"key":"error","value":true}],"logs":[{"timestamp":1700000000000001,"fields":[{"key":"event","value":"x"}]}],"references":[{"refType":"CHILD_OF","traceID":"a1","spanID":"c1"}]}],"processes":{"p1":{"serviceName":"web","tags":[]}}}]}',
    "jaeger lines": b'{"traceID":"a1","spanID":"b1","operationName":"op","startTime":1700000000000000,"duration":17,"process":{"serviceName":"web"}}\n' * 2,
    "zipkin": b'[{"traceId":"a1","id":"b1","name":"get","kind":"SERVER","timestamp":1700000000000000,"duration":17,"localEndpoint":{"serviceName":"web","ipv4":"10.0.0.1"},"remoteEndpoint":{"serviceName":"db"},"annotations":[{"timestamp":1700000000000001,"value":"x"}],"tags":{"error":"no"}}]',
    "prometheus": b'{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"up","job":"a"},"values":[[1700000000,"1"],[1700000060.5,"2"]]}]}}',
    "prometheus scalar": b'{"status":"success","data":{"resultType":"scalar","result":[1700000000,"2"]}}',
    "openmetrics": b'# HELP a_total x\n# TYPE a_total counter\na_total{job="x",instance="y"} 17 1700000000\nb 1.5\n# EOF\n',
    "alerts": b'{"version":"4","receiver":"r","status":"firing","alerts":[{"status":"firing","labels":{"alertname":"A","severity":"page"},"annotations":{"summary":"s"},"startsAt":"2026-11-22T14:00:00Z","endsAt":"0001-01-01T00:00:00Z","fingerprint":"f"}]}',
    "changes": b'{"time":"2026-11-22T14:41:00Z","kind":"deploy","service":"pay","version":"v2","id":"d1","files":["a.py"],"additions":3,"ring":2}\n' * 2,
    "crontab": b"# jobs\nCRON_TZ=Europe/Berlin\n*/10 * * * * /opt/export.sh\n@daily /opt/clean.sh\n",
    "cdevents": b'{"context":{"version":"0.4.1","id":"1","source":"/ci","type":"dev.cdevents.service.deployed.0.2.0","timestamp":"2026-11-22T14:00:00Z"},"subject":{"id":"svc","type":"service","content":{"environment":{"id":"prod"},"artifactId":"pkg:oci/a@1"}}}',
    "github": b'[{"id":42,"sha":"a84d88e7","ref":"main","task":"deploy","environment":"production","created_at":"2026-11-22T14:00:00Z","updated_at":"2026-11-22T14:00:00Z","creator":{"login":"kim"},"url":"https://api.github.com/x","statuses_url":"https://x","description":null}]',
    "kubernetes": b'{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Event","metadata":{"name":"a","namespace":"n","uid":"u"},"involvedObject":{"kind":"Pod","name":"a-1"},"reason":"OOMKilling","message":"x","type":"Warning","firstTimestamp":"2026-11-22T14:00:00Z","lastTimestamp":"2026-11-22T14:00:00Z","count":3}]}',
    "annotations": b'[{"id":1,"time":1700000000000,"timeEnd":1700000001000,"text":"deploy pay","tags":["deploy","pay"],"login":"kim","dashboardUID":"x"}]',
    "metrics csv": b"time,cpu,memory\n2026-11-22T14:00:00Z,0.5,17\n2026-11-22T14:01:00Z,0.6,18\n2026-11-22T14:02:00Z,0.7,19\n",
    "span table": b"TraceID,SpanID,ParentID,OperationName,ServiceName,StartTimeUnixNano,Duration\na1,b1,,get,web,1700000000000000000,17\na1,b2,b1,get,db,1700000000000000001,7\n",
    "call table": b"timestamp,source,destination,requests\n2026-11-22T14:00:00Z,web,db,3\n2026-11-22T14:01:00Z,web,db,4\n",
    "change table": b"time,kind,service,version,title\n2026-11-22T14:41:00Z,deploy,pay,v2,x\n2026-11-22T15:41:00Z,deploy,pay,v3,y\n",
}  # fmt: skip

NUMBERS = [
    b"18446744073709551616",
    b"-1",
    b"1e999",
    b"9" * 400,
    b"NaN",
    b"-0",
    b"1e-400",
    b"9223372036854775807",
    b"0",
]
VALUES = [
    b"null",
    b"[]",
    b"{}",
    b'""',
    b"true",
    b'"\\ud83d"',
    b'"\xff\xfe"',
    b'"\\u0000"',
    b"Infinity",
    b'["a",1]',
]
ODD = [
    b"\0",
    b"\xff",
    b"\xed\xa0\x80",
    b"\x1b[31m",
    b"\r",
    b"\n",
    b"\xe2\x80\xa8",
    b'"',
    b"\\",
    b"{",
    b"]",
    b",",
    b"=",
    b"\x1f\x8b",
]


def _at(chance: random.Random, content: bytes, put: bytes, taken: int = 0) -> bytes:
    place = chance.randrange(len(content) + 1)
    return content[:place] + put + content[place + taken :]


def _truncated(chance: random.Random, content: bytes) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _flipped(chance: random.Random, content: bytes) -> bytes:
    return _at(chance, content, bytes([chance.randrange(256)]), 1)


def _odd(chance: random.Random, content: bytes) -> bytes:
    return _at(chance, content, chance.choice(ODD), chance.randrange(2))


def _nested(chance: random.Random, content: bytes) -> bytes:
    depth = chance.choice([1, 20, 254, 255, 400, 1_000, 1_023, 5_000])
    begin, end = chance.choice([(b"[", b"]"), (b'{"a":', b"}")])
    return _replaced(chance, content, begin * depth + b"1" + end * depth)


def _numbered(chance: random.Random, content: bytes) -> bytes:
    return _replaced(chance, content, chance.choice(NUMBERS))


def _valued(chance: random.Random, content: bytes) -> bytes:
    return _replaced(chance, content, chance.choice(VALUES))


def _doubled(chance: random.Random, content: bytes) -> bytes:
    begin = chance.randrange(len(content) + 1)
    return content[:begin] + content[begin : begin + 60] * chance.choice([2, 3, 500]) + content[begin:]


def _replaced(chance: random.Random, content: bytes, put: bytes) -> bytes:
    """The content with one value, or one field of a table, replaced."""
    begins = [place + 1 for place, byte in enumerate(content) if byte in b":,[=\n "]
    if not begins:
        return put
    begin = end = chance.choice(begins)
    if content[begin : begin + 1] == b'"':
        end = content.find(b'"', begin + 1) + 1 or len(content)
    else:
        while end < len(content) and content[end] not in b",]}\n ":
            end += 1
    return content[:begin] + put + content[end:]


SPOILERS: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    _truncated, _flipped, _odd, _nested, _numbered, _valued, _doubled,
)  # fmt: skip


def spoiled(seed: int) -> tuple[str, bytes]:
    """A valid input after one to three mishaps, always the same for a number, and which it was."""
    chance = random.Random(seed)
    name, content = chance.choice(list(SEEDS.items()))
    for _ in range(chance.choice([1, 1, 2, 3])):
        content = chance.choice(SPOILERS)(chance, content)
    return name, content
