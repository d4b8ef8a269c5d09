import { isJsonObject } from "../domain/index.ts";
import type { ConnectionRow, StreamStateRow } from "../store/index.ts";

/**
 * The streams that a connection's key is known to read: its last run did; of those that no run has reached, the ones
 * that answered when the key was looked at (`lines` of the capability checklist kept with the connection).
 */
export function provedStreams(row: ConnectionRow, states: readonly StreamStateRow[]): ReadonlySet<string> {
  const own = states.filter(({ connectionId }) => connectionId === row.connectionId);
  const known = new Set(own.map(({ stream }) => stream));
  const read = own.filter(({ state }) => state === "ok" || state === "partial").map(({ stream }) => stream);
  return new Set([...read, ...reachable(row).filter((stream) => !known.has(stream))]);
}

function reachable({ capabilities }: ConnectionRow): string[] {
  const lines = isJsonObject(capabilities) ? capabilities["lines"] : null;
  if (!Array.isArray(lines)) return [];
  return lines.flatMap((line) => {
    const { stream, outcome } = isJsonObject(line) ? line : {};
    return typeof stream === "string" && outcome === "reachable" ? [stream] : [];
  });
}
