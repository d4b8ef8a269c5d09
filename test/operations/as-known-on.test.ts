import { describe, expect, it } from "vitest";

import { operatorCaller } from "../../src/access/index.ts";
import { DAY_MS, dayText, HOUR_MS, parseDay } from "../../src/domain/index.ts";
import { ask } from "../../src/metrics/index.ts";
import { catalog, runOperation, type OperationContext } from "../../src/operations/index.ts";
import { streams } from "../../src/source/index.ts";
import { withBursar, type TestBursar } from "../support/bursar.ts";
import { engines, sqlite } from "../support/engines.ts";

const FIRST = parseDay("2026-10-01");
const DAYS = 30;
const WATCHED = 34;
const WORLD = { seed: 11, people: 5, days: DAYS, end: dayText(FIRST + DAYS - 1), scale: 1 };

const READ = streams.filter(({ name }) => ["organization", "usage_total", "cost_report"].includes(name));

/** What happens at the source before the sync of a day: three restatements and two rows that vanish. */
const EVENTS: Readonly<Record<number, (bursar: TestBursar) => unknown>> = {
  5: ({ emulator }) => emulator.world.overlay.restate({ day: dayText(FIRST + 4), stream: "messages", factor: 3 }),
  12: ({ emulator }) => emulator.world.overlay.restate({ day: dayText(FIRST + 10), stream: "messages", factor: 0.5 }),
  13: ({ emulator }) => emulator.world.overlay.vanish({ day: dayText(FIRST + 12), stream: "messages", nth: 1 }),
  22: ({ emulator }) => emulator.world.overlay.restate({ day: dayText(FIRST + 21), stream: "messages", factor: 2 }),
  29: ({ emulator }) => emulator.world.overlay.vanish({ day: dayText(FIRST + 27), stream: "messages", nth: 0 }),
};

/** The same figures, added up from the source itself by other means: every token, and cents with all their digits. */
async function atSource({ emulator }: TestBursar, days: number): Promise<{ tokens: number; cents: bigint }> {
  const range = `starting_at=${dayText(FIRST)}T00:00:00Z&ending_at=${dayText(FIRST + days)}T00:00:00Z&limit=31`;
  const read = async (path: string) => {
    const url = `${emulator.url}/v1/organizations/${path}?${range}&bucket_width=1d`;
    const headers = { "x-api-key": emulator.keys.admin, "anthropic-version": "2023-06-01" };
    const answer = await fetch(url, { headers });
    const body = (await answer.json()) as { data: { results: Record<string, unknown>[] }[]; has_more: boolean };
    expect([answer.status, body.has_more]).toEqual([200, false]);
    return body.data.flatMap(({ results }) => results);
  };
  const usage = await read("usage_report/messages");
  const tokens = usage.flatMap(({ uncached_input_tokens, output_tokens, cache_read_input_tokens, cache_creation }) => [
    uncached_input_tokens,
    output_tokens,
    cache_read_input_tokens,
    ...Object.values(cache_creation as Record<string, number>),
  ]);
  const amounts = (await read("cost_report")).map(({ amount }) => hundredMillionths(String(amount)));
  return {
    tokens: tokens.reduce<number>((sum, one) => sum + Number(one), 0),
    cents: amounts.reduce((sum, one) => sum + one, 0n),
  };
}

/** A decimal of cents in units of 10⁻⁸ cents. */
function hundredMillionths(text: string): bigint {
  const [whole = "0", rest = ""] = text.split(".");
  expect(rest.length).toBeLessThanOrEqual(8);
  return BigInt(whole + rest.padEnd(8, "0"));
}

describe.each(process.env["BURSAR_FULL"] ? engines : [sqlite])("a month that was restated, on $name", (engine) => {
  it("is answered as of each of 34 days as it was known then, to the token and the cent", async () => {
    const startAt = (FIRST + 1) * DAY_MS + 6 * HOUR_MS;
    await withBursar({ world: WORLD, engine, emulator: { startAt }, streams: READ }, async (bursar) => {
      const known: { tokens: number; cents: bigint }[] = [];
      for (let day = 0; day < WATCHED; day++) {
        const now = startAt + day * DAY_MS;
        bursar.emulator.clock.set(now);
        bursar.clock.set(now);
        EVENTS[day]?.(bursar);
        const report = await bursar.sync();
        expect(report.outcome).toBe("complete");
        known.push(await atSource(bursar, Math.min(day + 1, DAYS)));
      }
      const now = bursar.clock.now();
      for (const [day, { tokens, cents }] of known.entries()) {
        const asked = {
          from: dayText(FIRST),
          to: dayText(FIRST + Math.min(day, DAYS - 1)),
          asOf: dayText(FIRST + 1 + day),
        };
        const told = async (metric: string, more: object) =>
          (await ask(bursar.store, bursar.scope, { metric, ...asked, ...more }, now)).total.value;
        expect(await told("tokens", { source: "messages" }), asked.asOf).toBe(tokens);
        const usd = String(await told("cost", { kind: "net", source: "cost_report" }));
        expect(hundredMillionths(usd) * 100n, asked.asOf).toBe(cents);
      }

      const context = contextOf(bursar);
      const restatements = await catalog.restatements();
      const told = (since: number, to: number) => ({
        since: dayText(FIRST + since),
        from: dayText(FIRST),
        to: dayText(FIRST + to),
        stream: "usage_total",
      });
      // Nothing of the first nineteen days changed after the twentieth; of the thirteenth a row vanished later.
      expect((await runOperation(context, restatements, told(20, 18))).totals).toEqual([]);
      const later = told(13, 12);
      // Each of the five turns was seen, and is one record of one day.
      for (const turn of Object.keys(EVENTS).map(Number)) {
        const { rows } = await runOperation(context, restatements, told(turn, turn - 1));
        expect(rows.length, `turn ${turn}`).toBeGreaterThan(0);
      }
      const [vanished] = (await runOperation(context, restatements, later)).totals;
      const before = await ask(bursar.store, bursar.scope, totalOf(later, later.since), now);
      const after = await ask(bursar.store, bursar.scope, totalOf(later), now);
      const difference = vanished!.changes
        .filter(({ quantity }) => !["web_searches", "requests"].includes(quantity))
        .reduce((sum, change) => sum + Number(change.difference), 0);
      expect(difference).toBe(Number(after.total.value) - Number(before.total.value));
      expect(difference).toBeLessThan(0);
    });
  }, 240_000);
});

function totalOf({ from, to }: { from: string; to: string }, asOf?: string) {
  return { metric: "tokens", source: "messages", from, to, ...(asOf === undefined ? {} : { asOf }) } as const;
}

function contextOf(bursar: TestBursar): OperationContext {
  const { store, scope, clock } = bursar;
  return { store, scope, clock, streams, caller: operatorCaller("test") } as unknown as OperationContext;
}
