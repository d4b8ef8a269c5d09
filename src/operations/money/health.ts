import { z } from "zod";

import { dayOfInstant, parseDay } from "../../domain/index.ts";
import type { Answer, Question } from "../../metrics/index.ts";
import type { Stream } from "../../source/index.ts";
import { statusOf } from "../../sync/index.ts";
import type { ConnectionStatus, StreamStatus } from "../../sync/index.ts";
import { anchorsOf } from "../anchoring/view.ts";
import { dayRange, reason, usd, value, warnings } from "../figures.ts";
import { amountOf, ratio, shownAmount } from "./amount.ts";
import { isAnswer } from "./asking.ts";
import type { Asker } from "./asking.ts";
import { reconcile } from "./reconcile.ts";
import { spokenDay } from "./wording.ts";

const mapped = z.object({ mapped: value, total: value, share: z.number().nullable(), reason: reason.nullable() });

export const dataHealth = z.object({
  range: dayRange.nullable(),
  /** `attention`: something is late, missing or unowned. `broken`: a stream or a key fails, or nothing is connected. */
  state: z.enum(["good", "attention", "broken"]),
  /** All of it in one line, in plain words. */
  line: z.string(),
  /** What is not as it should be, most pressing first, in plain words. */
  troubles: z.array(z.object({ code: z.string(), severity: z.enum(["high", "medium", "low"]), text: z.string() })),
  streams: z.array(
    z.object({
      connection: z.string(),
      organization: z.string(),
      organizationId: z.string(),
      stream: z.string(),
      title: z.string(),
      state: z.enum(["ok", "partial", "refused", "not_available", "failed", "waiting"]),
      /** Last day up to which there is no gap; null for lists. */
      completeThrough: z.string().nullable(),
      /** Finished days that are not held yet; null for lists. */
      daysBehind: z.int().nullable(),
      lastReadAt: z.string().nullable(),
      coverage: z
        .object({ from: z.string(), to: z.string(), days: z.int(), covered: z.int(), partial: z.int() })
        .nullable(),
      gaps: z.array(z.string()).readonly(),
      provisionalDays: z.int(),
      restatedDays: z.array(z.string()).readonly(),
      failure: z.object({ code: z.string(), message: z.string(), hint: z.string().nullable() }).nullable(),
    }),
  ),
  /** Days of the range that are held whole, of the report behind people and cost. */
  coverage: z.object({ days: z.int(), covered: z.int(), share: z.number().nullable() }).nullable(),
  /** How much belongs to somebody: actors, money and tokens whose person or service is known. */
  attribution: z.object({ actors: mapped, costUsd: mapped, tokens: mapped }),
  /** Records of which upstream gave contradicting rows; they stay out of every total. */
  conflictedRecords: z.int(),
  restatedDays: z.int(),
  unpriced: z.object({ models: z.array(z.string()).readonly(), tokens: value }),
  reconciliation: z
    .object({ title: z.string(), differenceUsd: usd, relative: z.number().nullable(), days: z.int() })
    .nullable(),
  /** Adoption of past days is over the members of a later one. */
  denominatorBackfilled: z.boolean(),
  warnings,
});

export type DataHealth = z.output<typeof dataHealth>;
type Trouble = DataHealth["troubles"][number];

/** How far the figures can be trusted, in one line and in every detail. */
export async function dataHealthOf(
  asker: Asker,
  streams: readonly Stream[],
  filters: Pick<Question, "from" | "to">,
  withReconciliation = true,
): Promise<DataHealth> {
  const status = await statusOf(asker.store, asker.scope, streams, asker.now);
  const connections = status.connections.filter(({ state }) => state !== "disconnected");
  const lines = status.connections.flatMap((one) => one.streams.map((stream) => streamLine(one, stream, asker.now)));
  const cost = await asker.tryAskWhole({ ...filters, metric: "cost" });
  const range = isAnswer(cost) ? { from: cost.range.from, to: cost.range.to } : null;
  const asked = range ?? filters;
  const tokens = await asker.tryAskWhole({ ...asked, metric: "tokens", source: "claude_code" });
  const all = await asker.tryAskWhole({ ...asked, metric: "active_users", population: "all" });
  const adoption = await asker.tryAsk({ ...asked, metric: "adoption_rate" });
  const compared = withReconciliation ? (await reconcile(asker, asked)).comparisons[0] : undefined;
  const restated = new Set(lines.flatMap((line) => line.restatedDays.map((day) => `${line.stream} ${day}`))).size;
  const found = {
    range,
    streams: lines,
    coverage: isAnswer(cost) ? coverageOf(cost) : null,
    attribution: { actors: actorsOf(all), costUsd: attributed(cost), tokens: attributed(tokens) },
    conflictedRecords: isAnswer(cost) ? cost.conflicted : 0,
    restatedDays: restated,
    unpriced: isAnswer(tokens) ? tokens.unpriced : { models: [], tokens: 0 },
    reconciliation: compared
      ? {
          title: compared.title,
          differenceUsd: compared.differenceUsd,
          relative: compared.relative,
          days: compared.days,
        }
      : null,
    denominatorBackfilled:
      isAnswer(adoption) && adoption.warnings.some(({ code }) => code === "denominator_backfilled"),
    warnings: isAnswer(cost) ? cost.warnings : [],
  };
  const anchors = await asker.store.read((tx) => anchorsOf(tx, asker.scope, asker.now));
  const troubles = [
    ...troublesOf(connections, found, asker.now),
    ...anchors.warnings.map(({ code, text }) => ({ code, severity: "low" as const, text })),
  ];
  return {
    ...found,
    troubles,
    state: stateOf(connections, troubles),
    line: lineOf(connections, found, troubles),
  };
}

type Found = Omit<DataHealth, "troubles" | "state" | "line">;

function streamLine(
  { connection, organizationName, organizationId }: ConnectionStatus,
  one: StreamStatus,
  now: number,
): DataHealth["streams"][number] {
  const yesterday = dayOfInstant(now) - 1;
  return {
    connection,
    organization: organizationName,
    organizationId,
    stream: one.stream,
    title: one.title,
    state: one.state,
    completeThrough: one.cursor,
    daysBehind: one.cursor === null ? null : Math.max(0, yesterday - parseDay(one.cursor)),
    lastReadAt: one.lastReadAt,
    coverage: one.coverage,
    gaps: one.gaps,
    provisionalDays: one.provisional.length,
    restatedDays: one.revised,
    failure: one.error === null ? null : { code: one.error.code, message: one.error.message, hint: one.error.hint },
  };
}

function coverageOf({ coverage }: Answer): DataHealth["coverage"] {
  const { days, covered } = coverage;
  return { days, covered, share: days === 0 ? null : covered / days };
}

type Mapped = z.output<typeof mapped>;

function attributed(found: Answer | { readonly unavailable: string }): Mapped {
  if (!isAnswer(found)) return { mapped: null, total: null, share: null, reason: "not_reported_by_source" };
  const { unmapped, total, unit } = found;
  const whole = amountOf(total.value, unit);
  const loose = amountOf(unmapped.value, unit);
  if (whole === null || loose === null) {
    return { mapped: null, total: total.value, share: null, reason: unmapped.reason ?? total.reason ?? null };
  }
  const owned = whole - loose;
  const share = ratio(owned, whole);
  return {
    mapped: shownAmount(owned, unit),
    total: total.value,
    share,
    reason: share === null ? "zero_denominator" : null,
  };
}

function actorsOf(found: Answer | { readonly unavailable: string }): Mapped {
  if (!isAnswer(found) || typeof found.total.value !== "number") {
    return { mapped: null, total: null, share: null, reason: "not_collected_yet" };
  }
  const all = found.total.value;
  const loose = Number(found.unmapped.value ?? 0);
  const share = all === 0 ? null : (all - loose) / all;
  return { mapped: all - loose, total: all, share, reason: share === null ? "zero_denominator" : null };
}

function troublesOf(connections: readonly ConnectionStatus[], found: Found, now: number): Trouble[] {
  const troubles: Trouble[] = [];
  const add = (code: string, severity: Trouble["severity"], text: string) => troubles.push({ code, severity, text });
  if (connections.length === 0) add("nothing_connected", "high", "No organization is connected yet.");
  for (const { connection, state, streams } of connections) {
    if (state === "invalid") add("key_refused", "high", `${connection}: Anthropic refuses the key.`);
    const failed = streams.filter((one) => one.state === "failed");
    if (failed.length > 0) {
      const text = `${connection}: ${titles(failed)} could not be read the last time.`;
      add("stream_failed", "high", text);
    }
    const gaps = streams.filter((one) => one.gaps.length > 0);
    if (gaps.length > 0) add("days_missing", "medium", `${connection}: days are missing in ${titles(gaps)}.`);
    const read = streams.map(({ lastReadAt }) => (lastReadAt === null ? 0 : Date.parse(lastReadAt)));
    // In days: the answer holds until the day ends or the record grows.
    const age = dayOfInstant(now) - dayOfInstant(Math.max(0, ...read));
    if (read.some((at) => at > 0) && age > 2) add("late", "medium", `${connection}: last read ${age} days ago.`);
  }
  const { attribution, conflictedRecords: conflicted, unpriced, restatedDays: restated } = found;
  const share = attribution.costUsd.share;
  if (share !== null && share < 0.95) {
    const text = `${percent(1 - share)} of the estimated spend belongs to keys that have no owner.`;
    add("unattributed", "medium", text);
  }
  if (conflicted > 0) {
    const text = `${count(conflicted, "record was", "records were")} given twice with different values and left out.`;
    add("conflicted", "medium", text);
  }
  if (unpriced.models.length > 0) {
    const text = `The price list does not know ${count(unpriced.models.length, "model", "models")} in use.`;
    add("unpriced", "low", text);
  }
  if (restated > 0) {
    const text = `${count(restated, "settled day was", "settled days were")} restated by Anthropic afterwards.`;
    add("restated", "low", text);
  }
  const rank = { high: 0, medium: 1, low: 2 };
  return troubles.toSorted((a, b) => rank[a.severity] - rank[b.severity]);
}

function stateOf(connections: readonly ConnectionStatus[], troubles: readonly Trouble[]): DataHealth["state"] {
  if (connections.length === 0 || troubles.some(({ severity }) => severity === "high")) return "broken";
  return troubles.some(({ severity }) => severity === "medium") ? "attention" : "good";
}

function lineOf(connections: readonly ConnectionStatus[], found: Found, troubles: readonly Trouble[]): string {
  const pressing = troubles.find(({ severity }) => severity !== "low");
  if (connections.length === 0 && found.streams.length === 0) return "No organization is connected yet.";
  const through = found.streams.flatMap(({ completeThrough }) => completeThrough ?? []).toSorted()[0];
  const coverage = found.coverage;
  const held = coverage === null ? "" : `, ${coverage.covered} of ${coverage.days} days held whole`;
  const complete =
    through === undefined ? "Nothing is complete yet" : `Complete through ${spokenDay(parseDay(through))}${held}`;
  return pressing === undefined ? `${complete}; nothing needs attention.` : `${complete}. ${pressing.text}`;
}

function titles(streams: readonly StreamStatus[]): string {
  const names = streams.map(({ title }) => title);
  return names.length <= 3 ? names.join(", ") : `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`;
}

function count(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)}%`;
}
