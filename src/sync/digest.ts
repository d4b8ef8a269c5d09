import { createHash } from "node:crypto";

import { dayText, type Json, type Scope } from "../domain/index.ts";
import { canonicalJson } from "../ledger/index.ts";
import type { Stream } from "../source/index.ts";
import {
  activeSpelled,
  coverageOf,
  listOrganizations,
  rowsSpelled,
  storedVersions,
  type Store,
  type Tx,
} from "../store/index.ts";
import { activeRules } from "./active-rules.ts";

/**
 * SHA-256, hex, over everything that the record says and nothing of how it came to be: current keys and data, rows and
 * roll-ups with their dimensions spelled out, active days, coverage. Two stores with one digest answer alike.
 *
 * Never part of it: ids, salts, times, integer codes, and the leaves about fetches, runs and ourselves.
 */
export async function stateDigest(store: Store, scope: Scope, streams: readonly Stream[]): Promise<string> {
  return store.read(async (tx) => {
    const whole = createHash("sha256");
    for (const organizationId of await listOrganizations(tx, scope)) {
      for (const stream of streams.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
        for await (const line of sorted(linesOf(tx, scope, stream, organizationId))) whole.update(`${line}\n`);
      }
    }
    return whole.digest("hex");
  });
}

async function* linesOf(tx: Tx, scope: Scope, stream: Stream, organizationId: string): AsyncGenerator<Json> {
  const head = [organizationId, stream.name];
  for await (const version of storedVersions(tx, scope, { stream: stream.name, organizationId, currentOnly: true })) {
    // What is gone is history: a store that never saw it says the same of today.
    if (version.state === "gone") continue;
    const data = version.payload === null ? null : dataOf(version.payload);
    yield [...head, "record", version.nk, version.conflicted, data];
  }
  for (const table of stream.tables) {
    for await (const row of rowsSpelled(tx, scope, table, organizationId)) yield [...head, "row", table.name, row];
    for (const rollup of table.rollups) {
      for await (const row of rowsSpelled(tx, scope, table, organizationId, rollup.name)) {
        yield [...head, "rollup", rollup.name, row];
      }
    }
    const rules = activeRules(table);
    if (rules === null) continue;
    for await (const { rule, day, actors } of activeSpelled(tx, scope, rules, organizationId)) {
      yield [...head, "active", rule, dayText(day), actors.toSorted()];
    }
  }
  for (const { day, state } of await coverageOf(tx, scope, organizationId, stream.name)) {
    yield [...head, "coverage", day, state];
  }
}

/** The canonical lines in order. Each is hashed first, so that a large stream needs 32 bytes a line and not its text. */
async function* sorted(lines: AsyncIterable<Json>): AsyncGenerator<string> {
  const hashes: string[] = [];
  for await (const line of lines) hashes.push(createHash("sha256").update(canonicalJson(line)).digest("hex"));
  yield* hashes.toSorted();
}

function dataOf(payload: string): Json {
  return (JSON.parse(payload) as { data: Json }).data;
}
