// An error boundary: what was tried and with what, logged once, where the error is still near.
import { bound } from "./logger.js";
import type { Fields, Logger } from "./logger.js";

const logged = new WeakSet<object>();

export function isLogged(error: unknown): boolean {
  return typeof error === "object" && error !== null && logged.has(error);
}

export function boundary<T>(log: Logger, doing: string, fields: Fields, work: () => Promise<T>): Promise<T> {
  return bound(fields, async () => {
    try {
      return await work();
    } catch (error) {
      if (!isLogged(error)) log.error(`${doing} failed`, error);
      if (typeof error === "object" && error !== null) logged.add(error);
      throw error;
    }
  });
}
