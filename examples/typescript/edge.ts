// The edge of a service: ids in and out, an access line, and a 500 that names its request.
import type { IncomingMessage, ServerResponse } from "node:http";
import { isLogged } from "./boundary.js";
import { arriving, serving } from "./logger.js";
import type { Logger } from "./logger.js";

type Handler = (from: IncomingMessage, to: ServerResponse) => Promise<void>;

export function edge(log: Logger, handler: Handler): (from: IncomingMessage, to: ServerResponse) => void {
  return (from: IncomingMessage, to: ServerResponse): void => {
    const started = performance.now();
    const path = (from.url ?? "").split("?")[0];
    const request = arriving(String(from.headers["traceparent"] ?? ""), String(from.headers["x-request-id"] ?? ""));
    to.setHeader("x-request-id", request.requestId);
    void serving(request, async () => {
      try {
        await handler(from, to);
      } catch (error) {
        if (!isLogged(error)) log.error(`${from.method} ${path} failed`, error);
        if (to.headersSent) to.destroy(); // the answer has begun: cut it off
        else to.writeHead(500, { "content-type": "application/json" }).end(JSON.stringify({ error: "internal error", request_id: request.requestId }));
      } finally {
        const about = { "http.request.method": from.method, "url.path": path, "http.response.status_code": to.statusCode };
        log.info(`${from.method} ${path}: ${to.statusCode}`, { ...about, duration_ms: performance.now() - started });
      }
    });
  };
}
