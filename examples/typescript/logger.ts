// Lines of JSON with the fields of lastgood-kit: who asked, in which trace, of which version.
import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";

export type Fields = Record<string, unknown>;
export interface Request { traceId: string; spanId: string; requestId: string; fields: Fields }

const requests = new AsyncLocalStorage<Request>();
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;
const REQUEST_ID = /^[\w.:-]{1,128}$/;
const SECRET = /passw|secret|token|authorization|cookie|api.?key/i;

export function arriving(traceparent: string = "", requestId: string = ""): Request {
  const traceId = TRACEPARENT.exec(traceparent)?.[1] ?? randomBytes(16).toString("hex");
  const kept = REQUEST_ID.test(requestId) ? requestId : traceId;
  return { traceId, spanId: randomBytes(8).toString("hex"), requestId: kept, fields: {} };
}

export function serving<T>(request: Request, work: () => T): T {
  return requests.run(request, work);
}

// Fields on every line of the work, such as { "user.id": user }; also outside of requests.
export function bound<T>(fields: Fields, work: () => T): T {
  const at = requests.getStore() ?? { traceId: "", spanId: "", requestId: "", fields: {} };
  return requests.run({ ...at, fields: { ...at.fields, ...fields } }, work);
}

// The headers to send along with a call to another service.
export function outgoing(): Record<string, string> {
  const at = requests.getStore();
  if (!at?.traceId) return {};
  return { traceparent: `00-${at.traceId}-${at.spanId}-01`, "x-request-id": at.requestId };
}

export class Logger {
  readonly #resource: Fields;
  readonly #write: (line: string) => void;

  constructor(service: string, version: string, write: (line: string) => void = (line) => process.stdout.write(line)) {
    this.#resource = { "service.name": service, "service.version": version };
    this.#write = write;
  }

  info(message: string, fields: Fields = {}): void { this.#line("info", message, fields); }
  warn(message: string, fields: Fields = {}): void { this.#line("warning", message, fields); }

  error(message: string, error?: unknown, fields: Fields = {}): void {
    const about = error instanceof Error
      ? { "exception.type": error.name, "exception.message": error.message, "exception.stacktrace": error.stack }
      : {};
    this.#line("error", message, { ...about, ...fields });
  }

  #line(level: string, message: string, fields: Fields): void {
    const at = requests.getStore();
    const ids = at?.traceId ? { trace_id: at.traceId, span_id: at.spanId, "request.id": at.requestId } : {};
    const all = { time: new Date().toISOString(), level, message, ...ids, ...at?.fields, ...fields, ...this.#resource };
    this.#write(JSON.stringify(all, (name, value) => (SECRET.test(name) ? "[redacted]" : value)) + "\n");
  }
}
