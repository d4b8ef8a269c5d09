import { dayText } from "./calendar.ts";
import type { Cell, Charge, CodeDims } from "./cell.ts";
import { cellCosts, chargeCost } from "./analytics-money.ts";
import { isBilled, type Days } from "./days.ts";
import {
  HUNDREDTH_HOUR_MICRO_CENTS,
  MICRO_CENTS_PER_CENT,
  centsFromPico,
  microCentsFromPico,
  picoOf,
  tokensOf,
  usdText,
} from "./money.ts";
import { TOKEN_TYPES, modelOf, ratesOf, type Rates } from "./prices.ts";
import type { Setting } from "./setting.ts";
import type { Directory, TokenTruth, Truth } from "./types.ts";

/** Sums the cells of the whole history directly, by another way than the reports go. The overlay plays no part. */
export function truthOf(setting: Setting, directory: Directory, days: Days): Truth {
  const messages = new MessagesTruth();
  const cost = new CostTruth(setting);
  const code = new CodeTruth();
  const analytics = { list: 0n, net: 0n, requests: 0, tokens: 0 };
  for (let day = setting.firstDay; day <= setting.lastDay; day += 1) {
    const { cells, charges } = days.of(day);
    code.startDay(day);
    cost.startDay(day);
    for (const cell of cells) {
      code.add(cell);
      if (!isBilled(cell)) continue;
      messages.add(cell);
      cost.add(cell);
      for (const { list, net } of cellCosts(cell, day)) {
        analytics.list += BigInt(list);
        analytics.net += BigInt(net);
      }
      analytics.requests += cell.requests;
      analytics.tokens += tokensOf(cell).reduce((sum, count) => sum + count, 0);
    }
    for (const charge of charges) {
      cost.charge(charge);
      const { list, net } = chargeCost(charge);
      analytics.list += BigInt(list);
      analytics.net += BigInt(net);
    }
    code.endDay();
    cost.endDay();
  }
  return {
    options: setting.options,
    organization_id: setting.organizationId,
    organization_name: setting.organizationName,
    from: dayText(setting.firstDay),
    to: dayText(setting.lastDay),
    people: setting.options.people,
    users: directory.users.length,
    invites: directory.invites.length,
    workspaces: directory.workspaces.length,
    api_keys: directory.apiKeys.length,
    workspace_members: directory.members.length,
    messages: messages.done(),
    cost_report: cost.done(),
    claude_code: code.done(),
    analytics: {
      amount_usd: usdText(analytics.net),
      list_usd: usdText(analytics.list),
      requests: analytics.requests,
      total_tokens: analytics.tokens,
    },
  };
}

function noTokens(): TokenTruth {
  return {
    uncached_input_tokens: 0,
    cache_creation_5m_input_tokens: 0,
    cache_creation_1h_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: 0,
  };
}

class MessagesTruth {
  readonly #total = noTokens();
  readonly #byModel = new Map<string, TokenTruth>();
  #searches = 0;

  add(cell: Cell): void {
    const model = this.#byModel.get(cell.dims.model) ?? noTokens();
    this.#byModel.set(cell.dims.model, model);
    for (const sums of [this.#total, model]) {
      sums.uncached_input_tokens += cell.uncachedInput;
      sums.cache_creation_5m_input_tokens += cell.write5m;
      sums.cache_creation_1h_input_tokens += cell.write1h;
      sums.cache_read_input_tokens += cell.cacheRead;
      sums.output_tokens += cell.output;
    }
    this.#searches += cell.searches;
  }

  done(): Truth["messages"] {
    return { ...this.#total, web_search_requests: this.#searches, by_model: sorted(this.#byModel) };
  }
}

/** Pico-dollars by line of the day; a line is rounded once, when its day ends. */
class CostTruth {
  readonly #setting: Setting;
  readonly #lines = new Map<string, { workspace: string; costType: string; pico: bigint }>();
  readonly #byWorkspace = new Map<string, bigint>();
  readonly #byCostType = new Map<string, bigint>();
  #day = 0;
  #count = 0;
  #total = 0n;

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  startDay(day: number): void {
    this.#day = day;
  }

  add(cell: Cell): void {
    const { dims } = cell;
    const workspace = this.#nameOf(dims.workspaceId);
    this.#put(`${workspace} web search`, workspace, "web_search", BigInt(cell.searches) * 10_000_000_000n);
    if (dims.tier === "priority") return;
    const modifiers = { isBatch: dims.tier === "batch", isUs: dims.geo === "us", isFast: dims.speed === "fast" };
    const rates = ratesOf(modelOf(dims.model), this.#day, modifiers);
    const line = [workspace, dims.model, dims.tier, dims.geo, dims.speed, dims.contextWindow].join(" ");
    for (const [at, tokenType] of TOKEN_TYPES.entries()) {
      const pico = BigInt(tokensOf(cell)[at] ?? 0) * BigInt(rates[at] ?? 0);
      this.#put(`${line} ${tokenType}`, workspace, "tokens", pico);
    }
  }

  charge({ kind, hundredths, dims }: Charge): void {
    const workspace = kind === "code_execution" ? "default" : this.#nameOf(dims.workspaceId);
    this.#put(`${workspace} ${kind}`, workspace, kind, BigInt(hundredths * HUNDREDTH_HOUR_MICRO_CENTS[kind]) * 10_000n);
  }

  endDay(): void {
    for (const { workspace, costType, pico } of this.#lines.values()) {
      const microCents = microCentsFromPico(pico);
      this.#total += microCents;
      this.#byWorkspace.set(workspace, (this.#byWorkspace.get(workspace) ?? 0n) + microCents);
      this.#byCostType.set(costType, (this.#byCostType.get(costType) ?? 0n) + microCents);
    }
    this.#count += this.#lines.size;
    this.#lines.clear();
  }

  done(): Truth["cost_report"] {
    const inUsd = (sums: Map<string, bigint>): Record<string, string> =>
      Object.fromEntries([...sums].toSorted(byName).map(([name, microCents]) => [name, usdText(microCents)]));
    return {
      usd: usdText(this.#total),
      lines: this.#count,
      by_workspace: inUsd(this.#byWorkspace),
      by_cost_type: inUsd(this.#byCostType),
    };
  }

  #nameOf(workspaceId: string): string {
    return workspaceId === this.#setting.workspaces.Default.id ? "default" : workspaceId;
  }

  #put(line: string, workspace: string, costType: string, pico: bigint): void {
    if (pico === 0n) return;
    const known = this.#lines.get(line);
    if (known === undefined) this.#lines.set(line, { workspace, costType, pico });
    else known.pico += pico;
  }
}

type CodeTotals = Truth["claude_code"];
type ModelTotals = CodeTotals["by_model"][string];
type Kind = "estimated" | "notional";

/** Estimates are rounded to cents for each model of each record, as the report does, and only then added. */
class CodeTruth {
  readonly #sums = {
    rows: 0,
    modelRows: 0,
    actorDays: 0,
    sessions: 0,
    commits: 0,
    pulls: 0,
    added: 0,
    removed: 0,
    accepted: 0,
    rejected: 0,
  };
  readonly #tokens = { input: 0, output: 0, cache_read: 0, cache_creation: 0 };
  readonly #cents = { estimated: 0n, notional: 0n };
  readonly #byModel = new Map<string, { cents: Record<Kind, bigint>; tokens: CodeTotals["tokens"] }>();
  readonly #people = new Set<string>();
  readonly #machines = new Set<string>();
  readonly #daily = new Map<string, number>();
  readonly #today = { rows: new Set<string>(), people: new Set<string>(), actors: new Set<string>() };
  readonly #estimates = new Map<string, { model: string; kind: Kind; pico: bigint }>();
  #day = 0;

  startDay(day: number): void {
    this.#day = day;
  }

  add(cell: Cell): void {
    const { code, model, speed } = cell.dims;
    if (code === null) return;
    const row = rowNameOf(code);
    this.#today.rows.add(row);
    const actor = code.actorName.toLowerCase();
    this.#today.actors.add(`${code.actorKind} ${actor}`);
    if (code.actorKind === "user_actor") this.#today.people.add(actor);
    else this.#machines.add(code.actorName);
    this.#addWork(cell);
    const totals = this.#byModel.get(model) ?? {
      cents: { estimated: 0n, notional: 0n },
      tokens: { input: 0, output: 0, cache_read: 0, cache_creation: 0 },
    };
    this.#byModel.set(model, totals);
    for (const sums of [this.#tokens, totals.tokens]) {
      sums.input += cell.uncachedInput;
      sums.output += cell.output;
      sums.cache_read += cell.cacheRead;
      sums.cache_creation += cell.write5m + cell.write1h;
    }
    const rates: Rates = ratesOf(modelOf(model), this.#day, { isBatch: false, isUs: false, isFast: speed === "fast" });
    const kind = code.customerType === "api" ? "estimated" : "notional";
    const estimate = this.#estimates.get(`${row} ${model}`) ?? { model, kind, pico: 0n };
    estimate.pico += picoOf(tokensOf(cell), rates);
    this.#estimates.set(`${row} ${model}`, estimate);
  }

  endDay(): void {
    for (const { model, kind, pico } of this.#estimates.values()) {
      const cents = centsFromPico(pico);
      this.#cents[kind] += cents;
      const totals = this.#byModel.get(model);
      if (totals !== undefined) totals.cents[kind] += cents;
    }
    this.#sums.rows += this.#today.rows.size;
    this.#sums.modelRows += this.#estimates.size;
    this.#sums.actorDays += this.#today.actors.size;
    this.#daily.set(dayText(this.#day), this.#today.people.size);
    for (const person of this.#today.people) this.#people.add(person);
    for (const set of Object.values(this.#today)) set.clear();
    this.#estimates.clear();
  }

  done(): CodeTotals {
    const sums = this.#sums;
    const usd = (cents: bigint): string => usdText(cents * MICRO_CENTS_PER_CENT);
    const byModel = [...this.#byModel].map(([model, { cents, tokens }]): [string, ModelTotals] => [
      model,
      { estimated_usd: usd(cents.estimated), notional_usd: usd(cents.notional), ...tokens },
    ]);
    return {
      rows: sums.rows,
      model_rows: sums.modelRows,
      actor_days: sums.actorDays,
      sessions: sums.sessions,
      commits: sums.commits,
      pull_requests: sums.pulls,
      lines_added: sums.added,
      lines_removed: sums.removed,
      actions_accepted: sums.accepted,
      actions_rejected: sums.rejected,
      estimated_usd: usd(this.#cents.estimated),
      notional_usd: usd(this.#cents.notional),
      tokens: this.#tokens,
      by_model: sorted(new Map(byModel)),
      active_users: this.#people.size,
      daily_active_users: Object.fromEntries(this.#daily),
      api_actors: this.#machines.size,
    };
  }

  #addWork({ work }: Cell): void {
    if (work === null) return;
    const sums = this.#sums;
    sums.sessions += work.sessions;
    sums.commits += work.commits;
    sums.pulls += work.pullRequests;
    sums.added += work.added;
    sums.removed += work.removed;
    for (const [at, count] of work.tools.entries()) {
      if (at % 2 === 0) sums.accepted += count;
      else sums.rejected += count;
    }
  }
}

function rowNameOf(code: CodeDims): string {
  const { actorKind, actorName, customerType, subscriptionType, terminal, isRemote } = code;
  return JSON.stringify([actorKind, actorName, customerType, subscriptionType, terminal, isRemote]);
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function sorted<Value>(map: ReadonlyMap<string, Value>): Record<string, Value> {
  return Object.fromEntries([...map].toSorted(byName));
}
