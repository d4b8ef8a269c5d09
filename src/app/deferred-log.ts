import type { Log } from "../domain/index.ts";

/** A log that is made when there is something to write: loading it costs a quick command more than its own work. */
export function deferredLog(make: () => Promise<Log>): Log {
  let made: Promise<Log> | undefined;
  return (...line) => void (made ??= make()).then((log) => log(...line));
}
