import type { DayNumber, Row } from "../../src/domain/index.ts";
import {
  claudeCodeActivityTable,
  claudeCodeModelsTable,
  usageByKeyTable,
  usageTotalTable,
} from "../../src/source/index.ts";
import { createLog } from "../../src/store/index.ts";
import { LAST_DAY, type QueryStore } from "./query-store.ts";
import { CLAUDE_CODE_ROW } from "./row-of-claude-code.ts";

const MODELS = ["claude-opus-5", "claude-sonnet-5", "claude-haiku-5", "claude-fable-5"];
const COUNTS = [
  "uncached_input_tokens",
  "output_tokens",
  "cache_read_input_tokens",
  "cache_creation_5m_input_tokens",
  "cache_creation_1h_input_tokens",
  "web_search_requests",
];

/** Usage rows of so many a day over these days, with their totals, and the Claude Code of 200 people beside them. */
export async function fillForPages(into: QueryStore, rowsADay: number, days: number): Promise<void> {
  const first = LAST_DAY - days + 1;
  const usage = (day: DayNumber, organization: string) => usageRows(day, organization, rowsADay);
  const totals = (day: DayNumber, organization: string) => [totalOf(usage(day, organization), day, organization)];
  await into.keep(usageByKeyTable, usage, first);
  await into.keep(usageTotalTable, totals, first);
  await into.keep(claudeCodeActivityTable, activityRows, first);
  await into.keep(claudeCodeModelsTable, modelRows, first);
  for (const stream of ["usage_by_key", "usage_total", "claude_code"]) await into.cover(stream, first);
  // Empty: it tells the server that nothing changes while pages ask, as a real one does between two syncs.
  await into.store.write((tx) => createLog(tx, into.scope, { origin: "bench.invalid/log" }));
}

function usageRows(day: DayNumber, organization_id: string, count: number): Row[] {
  return Array.from({ length: count }, (_, at) => ({
    table: usageByKeyTable,
    values: {
      organization_id,
      day,
      workspace_id: `wrkspc_${at % 20}`,
      api_key_id: `apikey_${Math.floor(at / MODELS.length)}`,
      model: MODELS[at % MODELS.length]!,
      service_tier: "standard",
      inference_geo: null,
      uncached_input_tokens: at + day,
      output_tokens: at,
      cache_read_input_tokens: at * 10,
      cache_creation_5m_input_tokens: at,
      cache_creation_1h_input_tokens: 0,
      web_search_requests: 0,
    },
  }));
}

function totalOf(rows: readonly Row[], day: DayNumber, organization_id: string): Row {
  const sums = Object.fromEntries(
    COUNTS.map((name) => [name, rows.reduce((sum, { values }) => sum + Number(values[name]), 0)]),
  );
  return { table: usageTotalTable, values: { organization_id, day, ...sums } };
}

const PEOPLE = 200;
function activityRows(day: DayNumber, organization_id: string): Row[] {
  return people(day).map((person) => ({
    table: claudeCodeActivityTable,
    values: {
      ...CLAUDE_CODE_ROW,
      organization_id,
      day,
      actor: `user:person-${person}@example.com`,
      sessions: 1 + (person % 3),
      lines_added: person * 3,
      lines_removed: person,
      commits: person % 4,
      pull_requests: person % 2,
      actions_accepted: person % 5,
      actions_rejected: person % 2,
      tokens: 1_000,
    },
  }));
}

function modelRows(day: DayNumber, organization_id: string): Row[] {
  return people(day).map((person) => ({
    table: claudeCodeModelsTable,
    values: {
      ...CLAUDE_CODE_ROW,
      organization_id,
      day,
      actor: `user:person-${person}@example.com`,
      model: MODELS[person % MODELS.length]!,
      input_tokens: person,
      output_tokens: person * 2,
      cache_read_tokens: person * 50,
      cache_creation_tokens: person * 5,
      estimated_cost_pico: BigInt(person) * 1_234_567_890n,
      currency: "USD",
    },
  }));
}

/** Four of ten, others from day to day. */
function people(day: DayNumber): number[] {
  return Array.from({ length: PEOPLE }, (_, at) => at).filter((at) => (at * 7919 + day * 104_729) % 10_007 < 4_000);
}
