import { Failure, type Row, type RowValue } from "../../domain/index.ts";
import { identityLabel, readIdentities, type Identities } from "../../metrics/index.ts";
import type { OperationContext } from "../context.ts";
import {
  checkGroups,
  CLAUDE_CODE_COLUMNS,
  missing,
  zeroOf,
  type ClaudeCodeGroup,
  type ClaudeCodeQuestion,
} from "./claude-code-report.ts";
import { askLive } from "./live.ts";
import { organizationsAsked } from "./organizations.ts";
import { liveEnvelope, liveSpan, type Report, type ReportRow } from "./report-shapes.ts";
import { bucketStart, inOrder, isNothing, shownSum, shownUsd, summed, withQuietDays, type Part } from "./summed.ts";

const ACTIVITY = [
  "sessions",
  "lines_added",
  "lines_removed",
  "commits",
  "pull_requests",
  "actions_accepted",
  "actions_rejected",
] as const;
const TOKENS = ["input_tokens", "output_tokens", "cache_read_tokens", "cache_creation_tokens"] as const;
const MONEY = ["estimated_cost_usd", "notional_cost_usd"] as const;
const PROVISIONAL_DAYS = 3;

/** The columns that each table of the stream tells. */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  claude_code_activity: ACTIVITY,
  claude_code_models: [...TOKENS, ...MONEY],
  claude_code_tools: ["actions_accepted", "actions_rejected"],
};

/** Claude Code asked of Anthropic now, one request a day, summed as the record is. */
export async function liveClaudeCode(context: OperationContext, question: ClaudeCodeQuestion): Promise<Report> {
  const { groupBy, bucketWidth, population } = question;
  checkGroups(groupBy);
  const tables = tablesFor(groupBy);
  const span = liveSpan(context, question);
  const { store, scope, streams } = context;
  const who = await store.read((tx) => readIdentities(tx, scope));
  const stream = streams.find(({ name }) => name === "claude_code")!;
  const rows: Row[] = [];
  const warnings = [];
  let now = 0;
  for (const organization of await organizationsAsked(context, question.organization)) {
    const read = await askLive(context, organization, { stream, span });
    now = Math.max(now, read.now);
    warnings.push(...read.warnings);
    rows.push(...read.records.flatMap((record) => record.rows));
  }
  const ofPopulation = rows.filter(({ values }) => population === "all" || populationOf(values, who) === population);
  const told = columnsOf(tables, groupBy, population);
  const byDay = bucketWidth === "1d";
  const found = shownRows(ofPopulation, { tables, groupBy, byDay, population }, who).filter(
    (row) => groupBy.length === 0 || !isNothing(row, told),
  );
  const whole = { tables: tablesFor([]), groupBy: [], byDay: false, population };
  const zero = Object.fromEntries(told.map((name) => [name, zeroOf(name)]));
  const [totals = zero] = shownRows(ofPopulation, whole, who);
  return {
    streams: ["claude_code"],
    groupBy,
    rows: inOrder(byDay && groupBy.length === 0 ? withQuietDays(found, span, zero) : found, "sessions", groupBy),
    totals: { ...totals, population },
    ...liveEnvelope(
      span,
      { now, warnings: [...warnings, ...missing(CLAUDE_CODE_COLUMNS.filter((name) => !told.includes(name)))] },
      PROVISIONAL_DAYS,
    ),
  };
}

/** Models and tools have tables of their own, of which none knows the other. */
function tablesFor(groupBy: readonly ClaudeCodeGroup[]): readonly string[] {
  if (groupBy.includes("team")) {
    const remedy = "Ask without live: teams are what the record knows, not Anthropic.";
    throw new Failure("input.invalid", { field: "groupBy", problem: "team is not in the report", remedy });
  }
  if (groupBy.includes("model") && groupBy.includes("tool"))
    throw new Failure("input.dimensions_apart", { first: "model", second: "tool" });
  if (groupBy.includes("model")) return ["claude_code_models"];
  return groupBy.includes("tool") ? ["claude_code_tools"] : ["claude_code_activity", "claude_code_models"];
}

function columnsOf(
  tables: readonly string[],
  groupBy: readonly ClaudeCodeGroup[],
  population: ClaudeCodeQuestion["population"],
): string[] {
  const people = !groupBy.includes("person") && (population === "all" || population === "humans");
  return [...tables.flatMap((table) => TABLES[table] ?? []), ...(people ? ["active_users"] : [])];
}

interface Shape extends Pick<ClaudeCodeQuestion, "groupBy" | "population"> {
  /** The first one tells who was active. */
  readonly tables: readonly string[];
  readonly byDay: boolean;
}

function shownRows(rows: readonly Row[], { tables, groupBy, byDay, population }: Shape, who: Identities): ReportRow[] {
  const told = columnsOf(tables, groupBy, population);
  const parts = new Map<string, Part[]>(tables.map((table) => [table, []]));
  const people = new Map<string, Set<string>>();
  for (const { table, values } of rows) {
    if (!tables.includes(table.name)) continue;
    const place = placeOf(values, who, groupBy, byDay);
    parts.get(table.name)?.push({ place, values: valuesOf(table.name, values) });
    const key = JSON.stringify(place);
    const person = table.name === tables[0] ? activePerson(values, who) : null;
    if (person !== null) people.set(key, (people.get(key) ?? new Set<string>()).add(person));
  }
  const places = new Map<string, Record<string, unknown>>();
  for (const [table, own] of parts) {
    const columns = TABLES[table] ?? [];
    for (const { place, sums } of summed(own, columns)) {
      const key = JSON.stringify(place);
      const row = places.get(key) ?? { ...place, ...Object.fromEntries(told.map((name) => [name, zeroOf(name)])) };
      places.set(key, row);
      for (const name of columns) row[name] = name.endsWith("_usd") ? shownUsd(sums[name]) : shownSum(sums[name]);
      if (told.includes("active_users")) row["active_users"] = people.get(key)?.size ?? 0;
    }
  }
  return [...places.values()];
}

function placeOf(
  values: Row["values"],
  who: Identities,
  groupBy: readonly ClaudeCodeGroup[],
  byDay: boolean,
): Part["place"] {
  const textOf = (name: string) => (values[name] ?? null) as string | null;
  const dims = groupBy.map((name) => [
    name,
    name === "person" ? identityLabel(who.ofActor(actorIn(values))) : textOf(name),
  ]);
  return { ...(byDay ? { starting_at: bucketStart(Number(values["day"])) } : {}), ...Object.fromEntries(dims) };
}

/** What a row tells, under the names of the columns. */
function valuesOf(table: string, values: Row["values"]): Part["values"] {
  if (table === "claude_code_models") return priced(values);
  if (table !== "claude_code_tools") return values;
  return { actions_accepted: values["accepted"], actions_rejected: values["rejected"] };
}

/** An estimate for a subscription is what nobody pays. Another currency is no part of a sum of dollars. */
function priced(values: Row["values"]): Record<string, RowValue | undefined> {
  const amount = values["currency"] === "USD" ? (values["estimated_cost_pico"] ?? null) : null;
  const isSubscription = values["customer_type"] === "subscription";
  const [estimated, notional] = isSubscription ? [0n, amount] : [amount, 0n];
  return { ...values, estimated_cost_usd: estimated, notional_cost_usd: notional };
}

/** Whoever did anything that day, when a person. */
function activePerson(values: Row["values"], who: Identities): string | null {
  const didAnything = [...ACTIVITY, ...TOKENS, "tokens", "accepted", "rejected"].some((name) => {
    const value = values[name];
    return typeof value === "bigint" && value > 0n;
  });
  const identity = didAnything ? who.ofActor(actorIn(values)) : null;
  return identity?.population === "humans" ? identity.person : null;
}

function populationOf(values: Row["values"], who: Identities): string {
  return who.ofActor(actorIn(values)).population;
}

function actorIn(values: Row["values"]): string {
  return String(values["actor"] ?? "");
}
