import type { Writable } from "node:stream";

import type { Logger } from "pino";

import { scrub, type Log, type LogFields, type LogLevel } from "../domain/index.ts";

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

const RANKS: Readonly<Record<LogLevel, number>> = { trace: 10, debug: 20, info: 30, warn: 40, error: 50 };

/**
 * JSON lines on a stream: allow-listed fields first, and a net under them that takes out whatever looks like a key.
 */
export function createLog(level: LogLevel | "silent", destination: Writable): Log {
  if (level === "silent") return () => {};
  const least = RANKS[level];
  const write = { write: (line: string) => void destination.write(scrub(line)) };
  let logger: Promise<Logger> | undefined;
  return (at, event, fields = {}) => {
    if (RANKS[at] < least) return;
    const kept = allowed(fields);
    // Loaded with the first line: most commands write none, and loading costs more than their own work.
    logger ??= import("pino").then(({ pino }) =>
      pino(
        {
          level,
          base: null,
          timestamp: pino.stdTimeFunctions.isoTime,
          formatters: { level: (label) => ({ level: label }) },
        },
        write,
      ),
    );
    void logger.then((lines) => lines[at](kept, event));
  };
}

function allowed(fields: LogFields): Record<string, string | number | boolean | null> {
  const kept: Record<string, string | number | boolean | null> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (FIELDS.has(name)) kept[name] = typeof value === "string" ? value.slice(0, LONGEST) : value;
  }
  return kept;
}
