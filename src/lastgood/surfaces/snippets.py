"""Snippets: how a piece of instrumentation is added, in the language of a service; the shortest neutral way for the others."""

from collections.abc import Mapping

from lastgood.model.readiness import PROXY, Piece

NAMES = {
    "java": "Java",
    "nodejs": "Node.js",
    "webjs": "JavaScript",
    "go": "Go",
    "python": "Python",
    "dotnet": ".NET",
    "ruby": "Ruby",
    "php": "PHP",
    "rust": "Rust",
    "cpp": "C++",
}
# Ways that need no code: environment variables of every OpenTelemetry SDK, lines of text, headers.
NEUTRAL: Mapping[Piece, str] = {
    Piece.SPANS: "OpenTelemetry's agent or SDK, with OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318",
    Piece.TRACES: "pass on the header traceparent of each request to the calls that it makes",
    Piece.USERS: "set the attribute user.id on the span of each request",
    Piece.VERSIONS: "OTEL_RESOURCE_ATTRIBUTES=service.version=YOUR-VERSION",
    Piece.INSTANCES: "OTEL_RESOURCE_ATTRIBUTES=service.instance.id=$HOSTNAME",
    Piece.LINES: 'log JSON lines: {"time": …, "level": …, "service": …, "message": …}',
    Piece.TRACE_IDS: "add trace_id of the current span to each log line",
    Piece.LEVELS: "add level to each log line",
    Piece.METRICS: "send a gauge for each pool and queue, such as db.client.connection.count",
    Piece.DEPLOYS: """echo "{\\"time\\": \\"$(date -u +%FT%TZ)\\", \\"kind\\": \\"deploy\\", \\"service\\": \\"YOUR-SERVICE\\", \\"version\\": \\"YOUR-VERSION\\"}" >> changes.ndjson""",
    Piece.FLAGS: """echo "{\\"time\\": \\"$(date -u +%FT%TZ)\\", \\"kind\\": \\"flag\\", \\"service\\": \\"YOUR-SERVICE\\", \\"title\\": \\"YOUR-FLAG: on\\"}" >> changes.ndjson""",
    Piece.HEALTH: "answer 503 on the health path while a dependency fails",
    Piece.SWITCHES: "ask a flag at the start of the operation; put feature_flag.key and feature_flag.result.variant on its span",
    Piece.VALUES: "set an attribute such as app.order.amount on the span that places the order",
    Piece.ARRIVAL: "OTEL_BSP_SCHEDULE_DELAY=1000 OTEL_BLRP_SCHEDULE_DELAY=1000; then look at the Collector's queue and batches",
}
_KIT_LOGS = 'lastgood_kit.logs.set_up("YOUR-SERVICE", "YOUR-VERSION")'
_OF: Mapping[str, Mapping[Piece, str]] = {
    PROXY: {
        Piece.SPANS: "add request id, upstream, its status and its time to the access log; or the proxy's OpenTelemetry module",
        Piece.TRACES: "pass on the headers traceparent and tracestate",
        Piece.USERS: "add the header that names the user, such as X-User-Id, to the access log",
        Piece.INSTANCES: "add the host name to the access log",
        Piece.LINES: "send the access log and the error log",
        Piece.TRACE_IDS: "add the header traceparent to the access log",
        Piece.METRICS: "export the proxy's own numbers: connections, queue, requests by upstream",
    },
    "python": {
        Piece.SPANS: "TracerProvider().add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))",
        Piece.TRACES: "propagate.inject(headers)  # in the caller; propagate.extract(headers) in the callee",
        Piece.USERS: 'trace.get_current_span().set_attribute("user.id", user)',
        Piece.VALUES: 'trace.get_current_span().set_attribute("app.order.amount", amount)',
        Piece.LINES: _KIT_LOGS,
        Piece.TRACE_IDS: f"app = lastgood_kit.edge.Edge(app)  # and {_KIT_LOGS}",
        Piece.LEVELS: _KIT_LOGS,
        Piece.METRICS: 'metrics.get_meter("db").create_observable_gauge("db.client.connection.count", [pool.used])',
        Piece.DEPLOYS: "python -m lastgood_kit report deploy --service YOUR-SERVICE --version YOUR-VERSION",
        Piece.FLAGS: 'lastgood_kit.flags.Flips(["YOUR-FLAG"], Reporter.from_environment())',
        Piece.HEALTH: 'lastgood_kit.health.Health([Check("database", lambda: db.execute("SELECT 1"))])',
        Piece.SWITCHES: 'lastgood_kit.flags.KillSwitch("YOUR-SWITCH").on()  # and OpenFeature: api.add_hooks([TracingHook()])',
    },
    "java": {
        Piece.SPANS: "java -javaagent:opentelemetry-javaagent.jar -jar app.jar",
        Piece.TRACES: "java -javaagent:opentelemetry-javaagent.jar  # in both: it passes traceparent on",
        Piece.USERS: 'Span.current().setAttribute("user.id", user);',
        Piece.VALUES: 'Span.current().setAttribute("app.order.amount", amount);',
        Piece.LINES: "OTEL_LOGS_EXPORTER=otlp java -javaagent:opentelemetry-javaagent.jar -jar app.jar",
        Piece.TRACE_IDS: "%X{trace_id} in the pattern of logback or log4j2  # the agent sets it",
        Piece.LEVELS: "%level in the pattern of logback or log4j2",
        Piece.METRICS: 'meter.gaugeBuilder("db.client.connection.count").buildWithCallback(m -> m.record(pool.getActiveConnections()));',
        Piece.HEALTH: "management.endpoint.health.group.readiness.include=readinessState,db  # Spring Boot",
        Piece.SWITCHES: 'OpenFeatureAPI.getInstance().addHooks(new TracesHook());  // then: client.getBooleanValue("YOUR-SWITCH", true)',
    },
    "nodejs": {
        Piece.SPANS: "node --require @opentelemetry/auto-instrumentations-node/register app.js",
        Piece.TRACES: "propagation.inject(context.active(), headers);  // in the caller; propagation.extract in the callee",
        Piece.USERS: 'trace.getActiveSpan()?.setAttribute("user.id", user);',
        Piece.VALUES: 'trace.getActiveSpan()?.setAttribute("app.order.amount", amount);',
        Piece.LINES: "OTEL_LOGS_EXPORTER=otlp node --require @opentelemetry/auto-instrumentations-node/register app.js",
        Piece.TRACE_IDS: "registerInstrumentations({instrumentations: [new PinoInstrumentation()]});  // or Winston's",
        Piece.LEVELS: "pino({formatters: {level: (label) => ({level: label})}})",
        Piece.METRICS: 'meter.createObservableGauge("db.client.connection.count").addCallback((r) => r.observe(pool.totalCount));',
        Piece.HEALTH: 'app.get("/health", (q, a) => db.query("SELECT 1").then(() => a.sendStatus(200), () => a.sendStatus(503)));',
    },
    "go": {
        Piece.SPANS: 'http.ListenAndServe(":8080", otelhttp.NewHandler(mux, "server"))',
        Piece.TRACES: "http.Client{Transport: otelhttp.NewTransport(http.DefaultTransport)}",
        Piece.USERS: 'trace.SpanFromContext(ctx).SetAttributes(attribute.String("user.id", user))',
        Piece.VALUES: 'trace.SpanFromContext(ctx).SetAttributes(attribute.Float64("app.order.amount", amount))',
        Piece.LINES: 'slog.SetDefault(otelslog.NewLogger("YOUR-SERVICE"))',
        Piece.TRACE_IDS: 'slog.InfoContext(ctx, "charged")  // with otelslog: the context has the span',
        Piece.LEVELS: "slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, nil)))",
        Piece.METRICS: 'meter.Int64ObservableGauge("db.client.connection.count", metric.WithInt64Callback(used))',
        Piece.HEALTH: "if err := db.PingContext(r.Context()); err != nil { w.WriteHeader(503) }",
        Piece.SWITCHES: 'openfeature.AddHooks(otel.NewTracesHook())  // then: client.BooleanValue(ctx, "YOUR-SWITCH", true, evalCtx)',
    },
}


def snippet(piece: Piece, language: str) -> str:
    """How to add it: in this language, else in words or settings that fit any."""
    return _OF.get(language, {}).get(piece) or NEUTRAL[piece]


def named(language: str) -> str:
    """`Java` of `java`; empty of a language that is not known."""
    return NAMES.get(language, language)
