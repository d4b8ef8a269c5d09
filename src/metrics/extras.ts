import { sql } from "kysely";

import { isPriced } from "../domain/index.ts";
import type { Span } from "../domain/index.ts";
import { WITHOUT_TOKENS } from "../source/index.ts";
import type { Asking } from "./asking.ts";
import type { Choice } from "./choose.ts";
import { smallestTable } from "./compile.ts";
import type { Plan } from "./compile.ts";
import { addedUp } from "./evaluate.ts";
import type { Sums } from "./evaluate.ts";
import type { Quantity } from "./facts.ts";
import { identityLabel } from "./identity.ts";
import { select } from "./select.ts";
import { sum, totalOf } from "./sums.ts";
import type { SumRequest } from "./sums.ts";
import { serviceActor } from "./dimensions.ts";
import { tables } from "./tables.ts";
import type { Unmapped, Unpriced } from "./types.ts";
import { ratioOf, shown, shownCount } from "./values.ts";

/** How much of the answer belongs to keys that nobody has claimed. */
export async function unmappedShare(
  asking: Asking,
  choices: readonly Choice[],
  quantities: readonly Quantity[],
  span: Span,
  sums: Sums | undefined,
): Promise<Unmapped> {
  const unknown: Unmapped = { actors: null, names: [], value: null, share: null, reason: "not_reported_by_source" };
  const facts = choices.flatMap((choice) => quantities.map((quantity) => choice.facts.get(quantity)!));
  if (facts.length === 0 || !facts.every((fact) => fact.family === "claude_code")) return unknown;
  const who = await asking.identities();
  const keys = [...(await asking.nonUserActors())].filter(([, actor]) => who.ofActor(actor).population === "unmapped");
  const unit = quantities.some((quantity) => quantity.includes("cost")) ? "usd" : "count";
  const { where } = asking.resolved;
  const request: SumRequest = { quantities, by: [], where, population: "all", grain: null, span };
  // The answer's own total is this already, when it is about everybody.
  const known = asking.resolved.population === "all" ? sums : undefined;
  const all = known ?? totalOf((await sum(asking, choices, request)).groups);
  if (keys.length === 0) return { actors: 0, names: [], value: shown(0n, unit), ...shareOf(0n, all, quantities) };
  const { groups } = await sum(asking, choices, { ...request, population: "unmapped", by: [serviceActor] });
  const own = totalOf(groups);
  const mine = addedUp(own, quantities) ?? 0n;
  const names = [...new Set(groups.map((group) => group.dims[0] ?? ""))].sort();
  const value = own.mixed ? null : shown(mine, unit);
  return { actors: names.length, names, value, ...shareOf(mine, all, quantities) };
}

function shareOf(part: bigint, all: Sums, quantities: readonly Quantity[]): Pick<Unmapped, "share" | "reason"> {
  if (all.mixed) return { share: null, reason: "mixed_currency" };
  const whole = addedUp(all, quantities);
  if (whole === null) return { share: null, reason: "not_reported_by_source" };
  return whole === 0n ? { share: null, reason: "zero_denominator" } : { share: ratioOf(part, whole) };
}

/** Keys that nobody has claimed and that were active in the range. */
export async function unmappedActive(asking: Asking, span: Span): Promise<Unmapped> {
  const who = await asking.identities();
  const { activeRule: rule } = asking.resolved;
  const keys = await asking.nonUserActors();
  const unmapped = new Map([...keys].filter(([, actor]) => who.ofActor(actor).population === "unmapped"));
  if (unmapped.size === 0) return { actors: 0, names: [], value: 0, share: null };
  const wanted = new Set(asking.organizations.map((one) => one.id));
  const days = (await asking.activeBits(rule, span)).filter(({ organizationId }) => wanted.has(organizationId));
  const isActive = (code: number) => days.some(({ bits }) => ((bits[code >> 3] ?? 0) & (1 << (code & 7))) !== 0);
  const active = [...unmapped].filter(([code]) => isActive(code));
  const seen = new Set(active.map(([, actor]) => identityLabel(who.ofActor(actor))));
  return { actors: seen.size, names: [...seen].sort(), value: seen.size, share: null };
}

/** Models in use that the price list does not know. Their cost is the source's word, never our guess. */
export async function unpricedModels(asking: Asking, choices: readonly Choice[], span: Span): Promise<Unpriced> {
  const models = [...(await asking.texts.all("model"))].filter(([, model]) => !isPriced(model));
  if (models.length === 0) return { models: [], tokens: 0 };
  const used = new Map<string, bigint>();
  for (const choice of choices) {
    for (const fact of new Set(choice.facts.values())) {
      const table = tables.get(fact.table)!;
      if (!("model" in table.columns)) continue;
      const counted = TOKEN_COLUMNS.filter((column) => column in table.columns);
      const plan: Plan = {
        fact,
        from: smallestTable(table, ["organization_id", "day", "model"], counted),
        groupBy: ["model"],
        byDay: false,
        sums: counted.map((column) => ({ column, pico: false })),
        where: [{ column: "model", codes: models.map(([code]) => code), negate: false }],
        organizations: choice.organizations.map((one) => one.code),
        span,
      };
      for (const row of await select(asking.tx, asking.scope, plan)) {
        const name = (await asking.texts.all("model")).get(row.codes[0]!)!;
        used.set(name, (used.get(name) ?? 0n) + row.sums.reduce<bigint>((sum, part) => sum + (part ?? 0n), 0n));
      }
    }
  }
  return {
    models: [...used.keys()].sort(),
    tokens: shownCount([...used.values()].reduce((sum, tokens) => sum + tokens, 0n)),
  };
}

const TOKEN_COLUMNS = [
  "input_tokens",
  "uncached_input_tokens",
  "output_tokens",
  "cache_read_tokens",
  "cache_read_input_tokens",
  "cache_creation_tokens",
  "cache_creation_5m_input_tokens",
  "cache_creation_1h_input_tokens",
];

/** Sessions of which the source gave no models: their cost is unknown, not 0. */
export async function warnMissingBreakdown(asking: Asking, span: Span): Promise<void> {
  const organizations = asking.organizations.map((one) => one.code).join(",") || "-1";
  // SQLite keeps no statistics here and would read every row of the range by the primary key.
  const hint = asking.tx.engine === "sqlite" ? sql`indexed by claude_code_activity_without_tokens` : sql``;
  const { rows } = await sql<{ found: bigint; sessions: bigint | null }>`
    select count(*) as found, cast(sum(sessions) as bigint) as sessions
    from claude_code_activity a ${hint}
    where tenant_id = ${asking.scope.tenantId}
      and organization_id in (${sql.raw(organizations)})
      and day >= ${span.from}
      and day < ${span.to}
      and sessions > 0
      and (${sql.raw(WITHOUT_TOKENS)})
      and not exists (
        select 1
        from claude_code_models m
        where m.tenant_id = a.tenant_id
          and m.organization_id = a.organization_id
          and m.day = a.day
          and m.actor_kind = a.actor_kind
          and m.actor = a.actor
          and m.customer_type = a.customer_type
          and m.subscription_type = a.subscription_type
          and m.terminal_type = a.terminal_type
          and m.is_remote = a.is_remote
      )
  `.execute(asking.tx.db);
  const found = Number(rows[0]?.found ?? 0);
  if (found === 0) return;
  const message = `${found} activity rows (${rows[0]?.sessions} sessions) came without a breakdown by model: their tokens and cost are unknown, not 0.`;
  asking.warnings.push({ code: "breakdown_missing", message });
}
