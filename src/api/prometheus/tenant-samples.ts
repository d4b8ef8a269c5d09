import { dayOfInstant, dayText, isFailure } from "../../domain/index.ts";
import { catalog, runOperation, type OperationContext } from "../../operations/index.ts";
import type { GaugeName, Sample } from "./gauges.ts";

const MONTH_DAYS = 30;
const COST_KINDS = ["estimated", "list", "net"] as const;

const FIGURES = {
  tokens: "bursar_tokens",
  active_users: "bursar_active_people",
  sessions: "bursar_sessions",
  commits: "bursar_commits",
  pull_requests: "bursar_pull_requests",
  lines_added: "bursar_lines_added",
} as const satisfies Record<string, GaugeName>;

/** How a tenant's syncs and ledger stand. */
export async function stateSamples(context: OperationContext): Promise<Sample[]> {
  const { tenant } = context.scope;
  const found = await runOperation(context, await catalog.status(), {});
  const { runs } = await runOperation(context, await catalog.listRuns(), { most: 1 });
  const samples: Sample[] = [{ name: "bursar_vault_locked", labels: { tenant }, value: found.vault.locked ? 1 : 0 }];
  const add = (name: GaugeName, value: number, labels: Record<string, string> = {}) =>
    void samples.push({ name, labels: { tenant, ...labels }, value });
  for (const { connection, state, streams } of found.connections) {
    if (state === "disconnected") continue;
    for (const { stream, state: how, freshnessMs, gaps } of streams) {
      const labels = { connection, stream };
      add("bursar_stream_ok", how === "ok" ? 1 : 0, labels);
      add("bursar_stream_gaps", gaps.length, labels);
      if (freshnessMs !== null) add("bursar_stream_freshness_seconds", freshnessMs / 1000, labels);
    }
  }
  if (found.ledger !== null) {
    add("bursar_ledger_leaves", found.ledger.size);
    add("bursar_ledger_signed_leaves", found.ledger.signedSize);
  }
  const [last] = runs;
  if (last !== undefined) {
    add("bursar_sync_last_run_success", last.outcome === "complete" ? 1 : 0, { outcome: last.outcome });
    add("bursar_sync_last_run_timestamp_seconds", Date.parse(last.endedAt) / 1000);
    add("bursar_sync_last_run_duration_seconds", last.durationMs / 1000);
    const rows = last.report?.streams.reduce((sum, stream) => sum + stream.rows, 0);
    if (rows !== undefined) add("bursar_sync_last_run_rows", rows);
  }
  return samples;
}

/**
 * Spend and activity of yesterday and of the thirty days that end with it, UTC. What is unknown is left out: a gauge of 0
 * would say that there was none.
 */
export async function figureSamples(context: OperationContext): Promise<Sample[]> {
  const { tenant } = context.scope;
  const yesterday = dayOfInstant(context.clock.now()) - 1;
  const periods = { yesterday: yesterday, "30d": yesterday - MONTH_DAYS + 1 };
  const report = await catalog.report();
  const samples: Sample[] = [];
  const ask = async (name: GaugeName, question: { metric: string; kind?: (typeof COST_KINDS)[number] }) => {
    for (const [period, first] of Object.entries(periods)) {
      const range = { from: dayText(first), to: dayText(yesterday) };
      const value = await valueOf(() => runOperation(context, report, { ...question, ...range }));
      const kind = question.kind === undefined ? {} : { kind: question.kind };
      if (value !== null) samples.push({ name, labels: { tenant, ...kind, period }, value });
    }
  };
  for (const kind of COST_KINDS) await ask("bursar_spend_usd", { metric: "cost", kind });
  for (const [metric, name] of Object.entries(FIGURES)) await ask(name, { metric });
  return samples;
}

async function valueOf(
  answer: () => Promise<{ total: { value: unknown }; coverage: { covered: number; partial: number } }>,
): Promise<number | null> {
  try {
    const { total, coverage } = await answer();
    if (total.value === null || coverage.covered + coverage.partial === 0) return null;
    return Number(total.value);
  } catch (thrown) {
    // A source that this tenant does not have; another figure may have one.
    if (isFailure(thrown)) return null;
    throw thrown;
  }
}
