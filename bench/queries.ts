import { DatabaseSync } from "node:sqlite";

import { dayText } from "../src/domain/index.ts";
import type { DayNumber, Row } from "../src/domain/index.ts";
import { ask, type Question } from "../src/metrics/index.ts";
import {
  claudeCodeActivityTable,
  claudeCodeModelsTable,
  usageByKeyTable,
  usageTotalTable,
} from "../src/source/index.ts";
import { DAYS, FIRST_DAY, LAST_DAY, NOW, withQueryStore, type QueryStore } from "./support/query-store.ts";
import type { Bench, Measurement } from "./types.ts";
import { CLAUDE_CODE_ROW } from "./support/row-of-claude-code.ts";

const ACTORS = 1_370;
const PEOPLE = 20_000;
const KEYS = 548;
const MODELS = ["opus", "sonnet", "haiku", "fable"].flatMap((name) => [`claude-${name}-5`, `claude-${name}-5-5`]);
const YEAR = { from: dayText(FIRST_DAY), to: dayText(LAST_DAY) };
const WARM_ASKS = 25;

/** Cost by model and day over a million rows, beside the scan of the rows that it stands for. */
const cost: Bench = {
  name: "cost-by-model-and-day-1m-rows",
  unit: "ms",
  higherIsBetter: false,
  runs: 1,
  run: () =>
    withQueryStore(async (into) => {
      await into.keep(claudeCodeModelsTable, modelRows, FIRST_DAY);
      await into.cover("claude_code", FIRST_DAY);
      return compared(
        into,
        [{ metric: "cost", by: ["model"], grain: "day", ...YEAR }],
        `select model, day, sum(estimated_cost_pico) from claude_code_models
         where tenant_id = 1 and customer_type <> 2 group by model, day`,
      );
    }),
};

/** Daily, weekly and monthly people of a year: three questions, beside the daily one of them in plain SQL. */
const people: Bench = {
  name: "dau-wau-mau-20000-people",
  unit: "ms",
  higherIsBetter: false,
  runs: 1,
  run: () =>
    withQueryStore(async (into) => {
      await into.keep(claudeCodeActivityTable, activityRows, FIRST_DAY - 30);
      await into.cover("claude_code", FIRST_DAY - 30);
      return compared(
        into,
        ["dau", "wau", "mau"].map((metric) => ({ metric, ...YEAR })),
        `select day, count(distinct actor) from claude_code_activity
         where tenant_id = 1 and day >= ${FIRST_DAY} and sessions > 0 group by day`,
      );
    }),
};

/** Tokens by model and day over a million rows of the messages report. */
const tokens: Bench = {
  name: "tokens-by-model-and-day-1m-rows",
  unit: "ms",
  higherIsBetter: false,
  runs: 1,
  run: () =>
    withQueryStore(async (into) => {
      await into.keep(usageByKeyTable, usageRows, FIRST_DAY);
      await into.keep(usageTotalTable, totalRows, FIRST_DAY);
      for (const stream of ["usage_by_key", "usage_total"]) await into.cover(stream, FIRST_DAY);
      return compared(
        into,
        [{ metric: "tokens", by: ["model"], grain: "day", ...YEAR }],
        `select model, day, sum(uncached_input_tokens + output_tokens + cache_read_input_tokens
           + cache_creation_5m_input_tokens + cache_creation_1h_input_tokens)
         from usage_by_key where tenant_id = 1 group by model, day`,
      );
    }),
};

export const benches: readonly Bench[] = [cost, people, tokens];

/** All questions once and then often; the figure is the median of the later ones, all questions together. */
async function compared(into: QueryStore, questions: readonly Question[], raw: string): Promise<Measurement> {
  const once = async () => {
    const started = performance.now();
    let rows = 0;
    for (const question of questions) rows += (await ask(into.store, into.scope, question, NOW)).rows.length;
    return { ms: performance.now() - started, rows };
  };
  const first = await once();
  const warm = [];
  for (let at = 0; at < WARM_ASKS; at++) warm.push((await once()).ms);
  const cpu = process.cpuUsage();
  await once();
  const { user, system } = process.cpuUsage(cpu);
  const database = new DatabaseSync(into.file, { readOnly: true, readBigInts: true });
  const scans = [];
  for (let at = 0; at < 3; at++) {
    const started = performance.now();
    database.prepare(raw).all();
    scans.push(performance.now() - started);
  }
  database.close();
  const note = `first ask ${first.ms.toFixed(0)} ms, fastest ${Math.min(...warm).toFixed(1)} ms, CPU ${(
    (user + system) /
    1000
  ).toFixed(1)} ms; ${first.rows} rows of answer`;
  return { figure: median(warm), floor: median(scans), note };
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
}

function modelRows(day: DayNumber, organization_id: string): Row[] {
  return Array.from({ length: ACTORS * 2 }, (_, at) => ({
    table: claudeCodeModelsTable,
    values: {
      ...actorOf(at >> 1),
      organization_id,
      day,
      model: MODELS[((at >> 1) + day + (at & 1) * 3) % MODELS.length]!,
      input_tokens: at,
      output_tokens: at * 2,
      cache_read_tokens: at * 50,
      cache_creation_tokens: at * 5,
      estimated_cost_pico: BigInt(at) * 1_234_567_890n,
      currency: "USD",
    },
  }));
}

/** Every hundredth actor is a key that nobody claimed, every tenth has a subscription. */
function actorOf(at: number) {
  const name = at % 100 === 99 ? `key:ci-${at}` : `user:person-${at}@example.com`;
  const isKey = name.startsWith("key:");
  return {
    ...CLAUDE_CODE_ROW,
    actor: name,
    actor_kind: isKey ? "api_actor" : "user_actor",
    service_actor: isKey ? name : null,
    customer_type: at % 10 === 5 ? "subscription" : "api",
  };
}

/** Four of ten people a day, most of them the same ones from day to day. */
function activityRows(day: DayNumber, organization_id: string): Row[] {
  const rows: Row[] = [];
  for (let person = 0; person < PEOPLE; person++) {
    if ((person * 7919 + day * 104_729) % 10_007 >= 4_000) continue;
    rows.push({
      table: claudeCodeActivityTable,
      values: {
        ...CLAUDE_CODE_ROW,
        organization_id,
        day,
        actor: `user:person-${person}@example.com`,
        sessions: 1 + (person % 3),
        lines_added: person,
        lines_removed: 0,
        commits: 0,
        pull_requests: 0,
        actions_accepted: person % 5,
        actions_rejected: 0,
        tokens: 1_000,
      },
    });
  }
  return rows;
}

function usageRows(day: DayNumber, organization_id: string): Row[] {
  return Array.from({ length: KEYS * 5 }, (_, at) => ({
    table: usageByKeyTable,
    values: {
      organization_id,
      day,
      workspace_id: `wrkspc_${at % 20}`,
      api_key_id: `apikey_${Math.floor(at / 5)}`,
      model: MODELS[(Math.floor(at / 5) + day + (at % 5)) % MODELS.length]!,
      service_tier: "standard",
      inference_geo: null,
      uncached_input_tokens: at,
      output_tokens: at,
      cache_read_input_tokens: at * 10,
      cache_creation_5m_input_tokens: at,
      cache_creation_1h_input_tokens: 0,
      web_search_requests: 0,
    },
  }));
}

/** The sums of a day's `usageRows`, so that the cut agrees with the unsplit report. */
function totalRows(day: DayNumber, organization_id: string): Row[] {
  const sums: Record<string, number> = {};
  for (const { values } of usageRows(day, organization_id)) {
    for (const name of COUNTS) sums[name] = (sums[name] ?? 0) + Number(values[name]);
  }
  return [{ table: usageTotalTable, values: { organization_id, day, ...sums } }];
}

const COUNTS = [
  "uncached_input_tokens",
  "output_tokens",
  "cache_read_input_tokens",
  "cache_creation_5m_input_tokens",
  "cache_creation_1h_input_tokens",
  "web_search_requests",
];

// The questions must read as many days as the rows were made for.
if (LAST_DAY - FIRST_DAY + 1 !== DAYS) throw new Error("the year is not a year");
