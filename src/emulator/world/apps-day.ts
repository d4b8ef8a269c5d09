import type { App } from "./apps.ts";
import { dayIndex, type DayKind } from "./calendar.ts";
import type { Actor, Dims, DimsTable } from "./cell.ts";
import type { DayWriter, Tokens } from "./day-writer.ts";
import type { AppKey } from "./keys.ts";
import { modelFor, pinnedModel } from "./model-choice.ts";
import { actorOf } from "./people.ts";
import { hasFast, type Model } from "./prices.ts";
import { chance, idOf, type Chance } from "./random.ts";
import type { Setting } from "./setting.ts";

const LONG_CONTEXT_AT_BASE_PRICE = dayIndex("2026-03-13");

const HOURS: Record<App["hours"], readonly number[]> = {
  "around the clock": Array.from({ length: 24 }, (_, hour) => hour),
  office: [7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
  night: [1, 2, 3],
};

/** Traffic of the applications, hour by hour, and what their containers and agent sessions cost. */
export function writeAppsDay(setting: Setting, table: DimsTable, writer: DayWriter, day: number, kind: DayKind): void {
  const offset = day - setting.firstDay;
  for (const caller of setting.appKeys) {
    const { app } = caller;
    if (app.volume === 0 || offset >= (app.until ?? Infinity)) continue;
    if (kind === "weekend" && app.hours === "office") continue;
    const dice = chance(setting.seed, "app day", app.name, day);
    const growth = 1 + Math.max(0, Math.min(offset, 365)) / 300;
    const volume = (app.volume * 1000 * setting.people.length * setting.options.scale * growth) / 200;
    for (const hour of HOURS[app.hours]) writeHour(setting, table, writer, day, caller, hour, volume, dice);
    if (app.product === "managed_agents_api") writeCharges(setting, table, writer, day, caller, dice);
  }
}

function writeHour(
  setting: Setting,
  table: DimsTable,
  writer: DayWriter,
  day: number,
  caller: AppKey,
  hour: number,
  volume: number,
  dice: Chance,
): void {
  const { app } = caller;
  const family = dice.weigh(app.families);
  const model =
    app.pinned === undefined
      ? modelFor(setting.seed, app.name, family, day)
      : pinnedModel(setting.seed, app.name, app.pinned, family, day);
  const tide = app.hours === "around the clock" ? 0.6 + 0.5 * Math.sin(((hour - 8) / 24) * 2 * Math.PI) : 1;
  const isPriority = app.priority !== undefined && dice.isLucky(app.priority);
  const isFast = app.fast !== undefined && dice.isLucky(app.fast) && hasFast(model, day);
  const isLong = app.longContext !== undefined && dice.isLucky(app.longContext) && canStretch(model, day);
  const dims = appDims(setting, table, caller, model, { isPriority, isFast, isLong });
  const minute = hour * 60 + dice.int(0, 59);
  const searches = app.searchesPerHour === undefined ? 0 : dice.int(0, 2 * app.searchesPerHour);
  writer.addCell(dims, minute, appTokens(app, volume * tide, searches, dice), null);
}

function canStretch(model: Model, day: number): boolean {
  return model.hasGeo && model.family !== "haiku" && day >= LONG_CONTEXT_AT_BASE_PRICE;
}

function appTokens(app: App, volume: number, searches: number, dice: Chance): Tokens {
  const input = dice.skewed(volume, 0.3);
  const cached = app.cache === "none" ? 0 : 0.7;
  const written = input * cached * 0.15;
  return {
    uncachedInput: Math.round(input * (1 - cached)) + dice.int(1, 40),
    write5m: app.cache === "5m" || app.cache === "both" ? Math.round(written) : 0,
    write1h: app.cache === "1h" || app.cache === "both" ? Math.round(written * 0.6) : 0,
    cacheRead: Math.round(input * cached * 0.85),
    output: Math.round(input * app.verbosity * (0.7 + 0.6 * dice.next())) + dice.int(1, 40),
    searches,
    requests: Math.max(1, Math.round(input / 9_000)),
  };
}

interface Manner {
  readonly isPriority: boolean;
  readonly isFast: boolean;
  readonly isLong: boolean;
}

function appDims(setting: Setting, table: DimsTable, caller: AppKey, model: Model, manner: Manner): Dims {
  const { app } = caller;
  const isBatch = app.product === "message_batches_api";
  const naming = `app|${app.name}|${model.id}|${manner.isPriority}|${manner.isFast}|${manner.isLong}`;
  return table.intern(naming, () => ({
    workspaceId: setting.workspaces[app.workspace].id,
    apiKeyId: caller.key?.id ?? null,
    accountId: null,
    serviceAccountId: caller.serviceAccountId,
    model: model.id,
    tier: isBatch ? "batch" : manner.isPriority ? "priority" : "standard",
    contextWindow: manner.isLong ? "200k-1M" : "0-200k",
    geo: model.hasGeo ? (app.isUs === true ? "us" : "global") : "not_available",
    speed: manner.isFast ? "fast" : "standard",
    product: app.product,
    actor: appActor(setting, caller),
    ...agentOf(setting, app),
    code: null,
  }));
}

function agentOf(setting: Setting, app: App): Pick<Dims, "agentId" | "environmentId"> {
  if (app.product !== "managed_agents_api") return { agentId: null, environmentId: null };
  return { agentId: idOf("agent_", setting.seed, app.name), environmentId: idOf("env_", setting.seed, app.name) };
}

/** Attribution as documented: the user first, then the service account, then the key. */
function appActor(setting: Setting, caller: AppKey): Actor {
  const principal = caller.key?.principal ?? null;
  if (principal?.type === "user_actor") {
    const owner = setting.people.find((person) => person.id === principal.user_id);
    if (owner !== undefined) return actorOf(owner, setting.lastOffset);
  }
  if (caller.serviceAccountId !== null)
    return { type: "service_account_actor", service_account_id: caller.serviceAccountId };
  return { type: "api_actor", api_key_id: caller.key?.id ?? "" };
}

/**
 * Agent sessions run by the hour. Code execution is charged only in the second half of a month: until then the 1,550 free
 * hours last.
 */
function writeCharges(
  setting: Setting,
  table: DimsTable,
  writer: DayWriter,
  day: number,
  caller: AppKey,
  dice: Chance,
): void {
  const size = (setting.people.length * setting.options.scale) / 200;
  const model = modelFor(setting.seed, caller.app.name, "opus", day);
  const dims = appDims(setting, table, caller, model, { isPriority: false, isFast: false, isLong: false });
  const sessions = dice.int(4, 30);
  writer.addCharge({
    kind: "session_usage",
    minute: 16 * 60 + 20,
    hundredths: Math.ceil(sessions * 45 * size),
    spans: sessions,
    dims,
  });
  const dayOfMonth = new Date(day * 86_400_000).getUTCDate();
  const spans = dice.int(20, 120);
  if (dayOfMonth <= 15) return;
  writer.addCharge({
    kind: "code_execution",
    minute: 16 * 60 + 40,
    hundredths: Math.ceil(spans * 20 * size),
    spans,
    dims,
  });
}
