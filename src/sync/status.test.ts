import { expect, it } from "vitest";

import { DAY_MS, dayOfText, LIST_DAY, startOfDay, type DayNumber } from "../domain/index.ts";
import { findConnection, insertConnection, setCoverage, setStreamState, type CoverageRow } from "../store/index.ts";
import { ORGANIZATION } from "../../test/support/metrics-store.ts";
import { streamNamed, withSmallRecord, type SmallRecord } from "../../test/support/small-record.ts";
import { statusOf, type StreamStatus } from "./status.ts";

const FIRST = dayOfText("2026-10-01")!;
const NOW = startOfDay(FIRST + 10);

/** Days by letter, from the first on: `w`hole, `p`art, `e`arly (read before it was over), `r`evised, `-` not at all. */
const coverage = (days: string): CoverageRow[] =>
  days.split("").flatMap((letter, at): CoverageRow[] => {
    const day = FIRST + at;
    const readAtMs = letter === "e" ? startOfDay(day) : startOfDay(day + 1) + (letter === "r" ? 400 * DAY_MS : 0);
    if (letter === "-") return [];
    const state = letter === "p" ? "partial" : "complete";
    return [{ day, state, readAtMs, revised: letter === "r" ? 1 : 0, refreshedAtMs: null }];
  });

async function statusWith(
  { store, scope }: SmallRecord,
  rows: Readonly<Record<string, readonly CoverageRow[]>>,
): Promise<StreamStatus[]> {
  for (const [stream, days] of Object.entries(rows)) {
    await store.write((tx) => setCoverage(tx, scope, ORGANIZATION, stream, days));
  }
  const streams = Object.keys(rows).map(streamNamed);
  const { connections } = await statusOf(store, scope, streams, NOW);
  return [...connections[0]!.streams];
}

async function connect({ store, scope }: SmallRecord): Promise<number> {
  const row = { name: "main", kind: "admin", organizationId: ORGANIZATION, organizationName: "Test" } as const;
  const key = { upstream: "https://example.com", state: "active", fingerprint: "00000000", last4: "0000" } as const;
  const rest = { backfillFrom: null, capabilities: {}, createdAt: 0, rotatedAt: null, lastUsedAt: null };
  await store.write((tx) => insertConnection(tx, scope, { ...row, ...key, ...rest }));
  return (await store.read((tx) => findConnection(tx, scope, "main")))!.connectionId;
}

const iso = (day: DayNumber) => new Date(day * DAY_MS).toISOString().slice(0, 10);

it("tells how far a stream is, from the days that it has", () =>
  withSmallRecord(async (record) => {
    await connect(record);
    const [cost, usage, users, claude, total] = await statusWith(record, {
      cost_report: coverage("ww-w--pwe"),
      usage_total: coverage("pw"),
      users: [{ day: LIST_DAY, state: "complete", readAtMs: NOW - 5, revised: 0, refreshedAtMs: null }],
      claude_code: [],
      usage_by_key: coverage("pr"),
    });
    expect(cost).toMatchObject({
      state: "ok",
      cursor: iso(FIRST + 1),
      gaps: [iso(FIRST + 2), `${iso(FIRST + 4)}/${iso(FIRST + 6)}`],
      coverage: { from: iso(FIRST), to: iso(FIRST + 8), days: 9, covered: 5, partial: 1 },
      revised: [],
      error: null,
      note: null,
    });
    expect(usage).toMatchObject({ cursor: null, gaps: [iso(FIRST)] });
    expect(users).toMatchObject({ state: "ok", freshnessMs: 5, coverage: null, gaps: [] });
    expect(claude).toMatchObject({ state: "waiting", freshnessMs: null, lastReadAt: null, coverage: null });
    // Read after now, by another clock: not fresher than now.
    expect(total).toMatchObject({ freshnessMs: 0, revised: [iso(FIRST + 1)] });
  }));

it("tells what the last run said of a stream: why it failed, or what is to be known of it", () =>
  withSmallRecord(async (record) => {
    const connectionId = await connect(record);
    const { store, scope } = record;
    const said = { organizationId: ORGANIZATION, connectionId, hint: null, requestId: null, lastTriedMs: 1 };
    const states = [
      { stream: "users", state: "failed", failureCode: "source.unreachable", message: "it is away" },
      { stream: "cost_report", state: "failed", failureCode: "source.unreachable", message: null },
      { stream: "usage_total", state: "partial", failureCode: null, message: "a day is incomplete" },
    ] as const;
    for (const one of states) {
      await store.write((tx) => setStreamState(tx, scope, { ...said, ...one, lastSucceededMs: null }));
    }
    const found = await statusWith(record, { users: [], cost_report: [], usage_total: [] });
    expect(found.map(({ state, error, note }) => [state, error?.message ?? null, note])).toEqual([
      ["failed", "it is away", null],
      ["failed", "", null],
      ["partial", null, "a day is incomplete"],
    ]);
    // Nothing has been recorded yet.
    expect((await statusOf(store, scope, [], NOW)).ledger).toBe(null);
  }));
