import type { Table } from "../domain/index.ts";
import { streams } from "../source/index.ts";

/** Every table of the stream catalog, by name. */
export const tables: ReadonlyMap<string, Table> = new Map(
  streams.flatMap((stream) => stream.tables.map((table) => [table.name, table])),
);

/** Days during which a stream may still restate a finished day. Lists have none. */
export function provisionalDays(stream: string): number {
  const shape = streams.find((one) => one.name === stream)?.shape;
  return shape?.kind === "report" ? shape.provisionalDays : 0;
}
