import { describe, expect, it } from "vitest";

import { operatorCaller } from "../../src/access/index.ts";
import { DAY_MS, dayText, HOUR_MS, parseDay } from "../../src/domain/index.ts";
import { ask, EVERYTHING, withPast } from "../../src/metrics/index.ts";
import { catalog, runOperation, type Operation, type OperationContext } from "../../src/operations/index.ts";
import { streams } from "../../src/source/index.ts";
import { loadPeople, type PersonRow } from "../../src/store/index.ts";
import { withBursar, type TestBursar } from "../support/bursar.ts";
import { engines, sqlite } from "../support/engines.ts";

const FIRST = parseDay("2026-10-01");
const DAYS = 30;
const WATCHED = 34;
const WORLD = { seed: 11, people: 5, days: DAYS, end: dayText(FIRST + DAYS - 1), scale: 1 };

const READ = [
  "organization",
  "users",
  "invites",
  "workspaces",
  "workspace_members",
  "api_keys",
  "usage_total",
  "usage_by_key",
  "claude_code",
  "cost_report",
];

/** What happens at the source before the sync of a day: three restatements and two rows that vanish, and more. */
const EVENTS: Readonly<Record<number, (bursar: TestBursar) => unknown>> = {
  5: ({ emulator }) => emulator.world.overlay.restate({ day: dayText(FIRST + 4), stream: "messages", factor: 3 }),
  8: async ({ emulator }) => {
    emulator.world.overlay.restate({ day: dayText(FIRST + 6), stream: "claude_code", factor: 2 });
    await change(emulator.url, emulator.keys.admin);
  },
  12: ({ emulator }) => emulator.world.overlay.restate({ day: dayText(FIRST + 10), stream: "messages", factor: 0.5 }),
  13: ({ emulator }) => emulator.world.overlay.vanish({ day: dayText(FIRST + 12), stream: "messages", nth: 1 }),
  22: ({ emulator }) => emulator.world.overlay.restate({ day: dayText(FIRST + 21), stream: "messages", factor: 2 }),
  29: ({ emulator }) => emulator.world.overlay.vanish({ day: dayText(FIRST + 27), stream: "messages", nth: 0 }),
};

/** A key is switched off. */
async function change(url: string, key: string): Promise<void> {
  const headers = { "x-api-key": key, "anthropic-version": "2023-06-01", "content-type": "application/json" };
  const keys = `${url}/v1/organizations/api_keys`;
  const { data } = (await (await fetch(keys, { headers })).json()) as { data: { id: string; status: string }[] };
  const { id } = data.find(({ status }) => status === "active")!;
  const answer = await fetch(`${keys}/${id}`, {
    method: "POST",
    headers,
    body: JSON.stringify({ status: "inactive" }),
  });
  expect(answer.status).toBe(200);
}

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

/** On it the days that are asked about, and those before them, are over. */
const FIRST_LOOK = 7;
/** Turns after which everything is looked at, to be looked back at in the end: before and after what happens. */
const LOOKED_ON = process.env["BURSAR_FULL"]
  ? Array.from({ length: WATCHED - FIRST_LOOK }, (_, turn) => FIRST_LOOK + turn)
  : [FIRST_LOOK, 8, 12];

/** What all operations say that can look back, as far as it is kept. */
async function look(bursar: TestBursar, asOf?: string): Promise<Record<string, unknown>> {
  const { personId } = somebody(bursar);
  const context = { ...contextOf(bursar), caller: { ...operatorCaller("test"), personId } };
  const said: Record<string, unknown> = {};
  for (const [id, load] of Object.entries(catalog)) {
    const operation = (await load()) as Operation;
    if (operation.past === undefined) continue;
    const input = { ...(INPUTS[id] ?? RANGE), ...(id === "personUsage" ? { personId } : {}), asOf };
    said[id] = whatIsKept(await runOperation(context, operation, input));
  }
  return said;
}

function somebody({ emulator }: TestBursar): PersonRow {
  const [, line = ""] = emulator.world.roster().split("\n");
  const [email = ""] = line.split(",");
  const place = { team: "Platform", costCentre: null, manager: null, startsOn: null, endsOn: null, inRoster: true };
  return { personId: "p_000000000001", name: "Somebody", emails: [email], ...place };
}

/** Three days and the three before them, all of which were read. */
const RANGE = { from: "2026-10-05", to: "2026-10-07" };

const INPUTS: Readonly<Record<string, object>> = {
  adminObjects: { kind: "api_keys" },
  adminPeople: { kind: "users" },
  listInvites: {},
  listMembers: {},
  comparePeriods: { ...RANGE, metric: "cost" },
  explainChange: { ...RANGE, metric: "cost", by: ["model"] },
  spendBy: { ...RANGE, by: "model" },
  summary: { ...RANGE, metrics: ["tokens", "cost:net", "sessions"] },
};

/** Which runs failed is not kept; that names are today's is said of a past day alone. */
const NOT_KEPT = new Set(["health", "warnings", "asOf"]);

function whatIsKept(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(answer, (name, value: unknown) => (NOT_KEPT.has(name) ? undefined : value)));
}

describe.each(process.env["BURSAR_FULL"] ? engines : [sqlite])("a month that was restated, on $name", (engine) => {
  it("is answered as of each of 34 days as it was known then, to the token and the cent", async () => {
    const startAt = (FIRST + 1) * DAY_MS + 6 * HOUR_MS;
    await withBursar({ world: WORLD, engine, emulator: { startAt } }, async (bursar) => {
      const known: { tokens: number; cents: bigint }[] = [];
      const looks: Record<string, unknown>[] = [];
      await bursar.store.write((tx) => loadPeople(tx, bursar.scope, [somebody(bursar)]));
      for (let day = 0; day < WATCHED; day++) {
        const now = startAt + day * DAY_MS;
        bursar.emulator.clock.set(now);
        bursar.clock.set(now);
        EVENTS[day]?.(bursar);
        const report = await bursar.sync({ streams: READ });
        expect(report.outcome).toBe("complete");
        known.push(await atSource(bursar, Math.min(day + 1, DAYS)));
        if (LOOKED_ON.includes(day)) looks.push(await look(bursar));
      }
      for (const [at, day] of LOOKED_ON.entries()) {
        expect(await look(bursar, dayText(FIRST + 1 + day)), `as known on turn ${day}`).toEqual(looks[at]);
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
        // Both from one projection.
        await withPast(bursar.store, bursar.scope, FIRST + 1 + day, EVERYTHING, async () => {
          expect(await told("tokens", { source: "messages" }), asked.asOf).toBe(tokens);
          const usd = String(await told("cost", { kind: "net", source: "cost_report" }));
          expect(hundredMillionths(usd) * 100n, asked.asOf).toBe(cents);
        });
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
      // Each of the turns was seen.
      for (const turn of Object.keys(EVENTS).map(Number)) {
        const stream = turn === 8 ? "claude_code" : "usage_total";
        const { rows } = await runOperation(context, restatements, { ...told(turn, turn - 1), stream });
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
  }, 900_000);
});

function totalOf({ from, to }: { from: string; to: string }, asOf?: string) {
  return { metric: "tokens", source: "messages", from, to, ...(asOf === undefined ? {} : { asOf }) } as const;
}

function contextOf(bursar: TestBursar): OperationContext {
  const { store, scope, clock } = bursar;
  return { store, scope, clock, streams, caller: operatorCaller("test") } as unknown as OperationContext;
}
