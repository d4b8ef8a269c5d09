import { dayText, parseDay, tryDay } from "../../domain/index.ts";
import type { AnswerFigures, CostKind } from "../../metrics/index.ts";
import { coverageOf, listOrganizations } from "../../store/index.ts";
import type { OperationContext } from "../context.ts";
import { isAnswer, type Asker } from "../money/asking.ts";
import { plus, type Told } from "./field-notes.ts";
import { Block, modelsOf, OWN, TOKENS, toolsOf, type Asked } from "./normalized-sums.ts";

export interface NormalizedAsked {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly where: Asked["where"];
  readonly costBasis: CostKind;
  readonly population: "all" | "humans";
}

export type NormalizedFigures = Awaited<ReturnType<typeof readFigures>>;

/** Everything that the block is made of, at one snapshot. */
export async function readFigures(context: OperationContext, asker: Asker, question: NormalizedAsked) {
  const { costBasis: kind, population, where } = question;
  const first = await asker.ask({ metric: "sessions", from: question.from, to: question.to, where, population });
  const { from, to } = first.range;
  const asked: Asked = { from, to, where };
  const block = new Block(asker, asked, kind);

  const sums = await block.totals(population);
  const tokens = Object.fromEntries(
    await Promise.all(TOKENS.map(async (name) => [name, await block.total(name, { ...OWN, population })] as const)),
  ) as Record<(typeof TOKENS)[number], Told>;
  const adoption = await asker.tryAsk({ ...asked, metric: "adoption_rate" });
  const byPopulation = await block.rows("population", { population: "all" });
  return {
    first,
    sums,
    tokens,
    decided: plus(sums.actions_accepted, sums.actions_rejected),
    inputs: plus(tokens.input_tokens, tokens.cache_read_tokens, tokens.cache_creation_tokens),
    dau: await asker.ask({ ...asked, metric: "dau" }),
    active: await block.total("active_users", {}),
    personDays: await block.total("active_person_days", {}),
    adoption,
    adoptionPct: adoptionOf(adoption),
    costOfPeople: population === "humans" ? sums.cost : await block.money({ population: "humans" }),
    rolling: await rollingOf(asker, asked, first),
    /** Cost as the metrics answer it: with the sources and with what nobody owns. */
    whole: await asker.tryAskWhole({ ...asked, metric: "cost", kind, ...block.moneyWhere() }),
    byPopulation,
    unmappedTokens: byPopulation?.find((row) => row["population"] === "unmapped")?.["tokens"] ?? null,
    byUser: await block.rows("person", { population: "humans" }),
    byTeam: await block.rows("team", { population: "humans" }),
    byEditor: await block.map("terminal", ["sessions", "lines_added", "lines_removed"], population),
    byModel: await modelsOf(block, population),
    byTool: await toolsOf(block, population),
    readAt: await lastRead(context, asker, first),
  };
}

const MAU_DAYS = 30;
const WAU_DAYS = 7;

/** People of the windows that end with the last complete day of the period. */
async function rollingOf(asker: Asker, asked: Asked, { completeThrough, range }: AnswerFigures) {
  const last = completeThrough === null ? null : tryDay(completeThrough);
  const none = { value: null, reason: "not_collected_yet" } as const;
  if (last === null) return { weekly: none, monthly: none, stickiness: none, isWholeWeek: true, isWholeMonth: true };
  const end = Math.min(last, parseDay(range.to));
  const window = (days: number) => ({ ...asked, from: dayText(Math.max(0, end - days + 1)), to: dayText(end) });
  const totalOf = (found: AnswerFigures): Told => ({ value: found.total.value, reason: found.total.reason });
  const weekly = await asker.ask({ ...window(WAU_DAYS), metric: "active_users" });
  const monthly = await asker.ask({ ...window(MAU_DAYS), metric: "active_users" });
  const daily = await asker.ask({ ...window(MAU_DAYS), metric: "dau" });
  const isWholeMonth = monthly.coverage.covered === MAU_DAYS;
  const mau = Number(monthly.total.value ?? 0);
  const average = daily.total.average ?? null;
  const stickiness: Told<number | null> =
    !isWholeMonth || average === null
      ? { value: null, reason: monthly.total.reason ?? "not_collected_yet" }
      : mau === 0
        ? { value: null, reason: "zero_denominator" }
        : { value: average / mau };
  const isWholeWeek = weekly.coverage.covered === WAU_DAYS;
  return { weekly: totalOf(weekly), monthly: totalOf(monthly), stickiness, isWholeWeek, isWholeMonth };
}

function adoptionOf(found: AnswerFigures | { readonly unavailable: string }): Told<number | null> {
  if (!isAnswer(found)) return { value: null, reason: "not_reported_by_source" };
  const { value, reason } = found.total;
  return value === null ? { value, reason } : { value: Math.round(Number(value) * 10_000) / 100 };
}

/** When the newest day of the period was last read, the earliest of all organizations. */
async function lastRead(
  { scope }: OperationContext,
  asker: Asker,
  { range }: AnswerFigures,
): Promise<Told<string | null>> {
  const from = parseDay(range.from);
  const days = Array.from({ length: parseDay(range.to) - from + 1 }, (_, at) => from + at);
  return asker.store.read(async (tx) => {
    let earliest: number | null = null;
    for (const organization of await listOrganizations(tx, scope)) {
      const newest = (await coverageOf(tx, scope, organization, "claude_code", days)).at(-1);
      if (newest !== undefined) earliest = Math.min(earliest ?? Infinity, newest.readAtMs);
    }
    if (earliest === null) return { value: null, reason: "not_collected_yet" };
    return { value: new Date(earliest).toISOString() };
  });
}
