import type { Writable } from "node:stream";

import pino from "pino";

import { scrub } from "../cli/index.ts";
import type { Log, LogFields, LogLevel } from "../domain/index.ts";

/** Nothing else is ever logged: a field that is not here is left out, whatever it holds. */
const FIELDS = new Set([
  "method",
  "path",
  "status",
  "requestId",
  "ms",
  "failure",
  "stream",
  "window",
  "run",
  "connection",
  "tenant",
  "rows",
  "pages",
  "leaves",
  "size",
  "code",
  "exit",
  "outcome",
  "url",
  "signal",
  "pid",
]);

const LONGEST = 300;

/**
 * JSON lines on a stream: allow-listed fields first, and a net under them that takes out whatever looks like a key.
 */
export function createLog(level: LogLevel | "silent", destination: Writable): Log {
  if (level === "silent") return () => {};
  const logger = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
    { write: (line: string) => void destination.write(scrub(line)) },
  );
  return (at, event, fields = {}) => logger[at](allowed(fields), event);
}

function allowed(fields: LogFields): Record<string, string | number | boolean | null> {
  const kept: Record<string, string | number | boolean | null> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (FIELDS.has(name)) kept[name] = typeof value === "string" ? value.slice(0, LONGEST) : value;
  }
  return kept;
}
