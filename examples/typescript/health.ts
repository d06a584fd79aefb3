// A health check that tests what the service depends on: 200 when all of it works, 503 when degraded.
import type { IncomingMessage, ServerResponse } from "node:http";

export interface Check { name: string; test: () => Promise<unknown>; timeoutMs?: number; keepMs?: number; required?: boolean }
interface Outcome { works: boolean; reason: string; ms: number; at: number }

class Running {
  readonly check: Check;
  #last: Outcome | undefined;
  #running: Promise<Outcome> | undefined;

  constructor(check: Check) { this.check = check; }

  async outcome(): Promise<Outcome> {
    const { timeoutMs = 1000, keepMs = 5000 } = this.check;
    if (this.#last && Date.now() - this.#last.at < keepMs) return this.#last;
    // One that hangs is given up after its time, and does not start again before it ends.
    this.#running ??= this.#run().finally(() => { this.#running = undefined; });
    return await Promise.race([this.#running, late(timeoutMs)]);
  }

  async #run(): Promise<Outcome> {
    const started = Date.now();
    const end = (works: boolean, reason: string): Outcome => ({ works, reason, ms: Date.now() - started, at: Date.now() });
    try {
      this.#last = (await this.check.test()) === false ? end(false, "it reports false") : end(true, "");
    } catch (error) {
      this.#last = end(false, error instanceof Error ? error.name : "it failed"); // a message may hold a secret
    }
    return this.#last;
  }
}

function late(ms: number): Promise<Outcome> {
  const given = { works: false, reason: `no answer in ${ms} ms`, ms, at: Date.now() };
  return new Promise((resolve) => { setTimeout(() => resolve(given), ms).unref(); });
}

export function health(service: string, version: string, checks: Check[]): (_: IncomingMessage, to: ServerResponse) => Promise<void> {
  const running = checks.map((check) => new Running(check));
  return async (_: IncomingMessage, to: ServerResponse): Promise<void> => {
    const found = await Promise.all(running.map(async (one) => ({ check: one.check, outcome: await one.outcome() })));
    const broken = found.some(({ check, outcome }) => check.required !== false && !outcome.works);
    const named = found.map(({ check, outcome }) => [check.name, {
      status: outcome.works ? "pass" : "fail",
      required: check.required !== false,
      seconds: outcome.ms / 1000,
      ...(outcome.reason ? { reason: outcome.reason } : {}),
    }]);
    const status = broken ? "fail" : found.every(({ outcome }) => outcome.works) ? "pass" : "warn";
    to.writeHead(broken ? 503 : 200, { "content-type": "application/health+json", "cache-control": "no-store" });
    to.end(JSON.stringify({ status, service, version, checks: Object.fromEntries(named) }));
  };
}
