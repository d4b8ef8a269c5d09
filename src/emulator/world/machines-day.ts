import type { DayKind } from "./calendar.ts";
import type { Actor, DimsTable } from "./cell.ts";
import { writeCodeSession } from "./code-session.ts";
import type { DayWriter } from "./day-writer.ts";
import type { CiKey } from "./keys.ts";
import { chance, type Chance } from "./random.ts";
import type { Setting } from "./setting.ts";

/** What API keys did with Claude Code on that day: the pipelines, and the pool of agents when there is a hackathon. */
export function writeMachinesDay(
  setting: Setting,
  table: DimsTable,
  writer: DayWriter,
  day: number,
  kind: DayKind,
): void {
  const offset = day - setting.firstDay;
  const mood = kind === "weekend" ? 0.3 : 1;
  for (const ci of setting.ciKeys) {
    const dice = chance(setting.seed, "ci day", ci.index, day);
    if (offset >= ci.startsAt && dice.isLucky(ci.habit * mood)) write(setting, table, writer, day, ci, false, dice);
  }
  if (kind !== "hackathon") return;
  for (const runner of setting.runnerKeys) {
    const dice = chance(setting.seed, "runner day", runner.index, day);
    if (dice.isLucky(0.96)) write(setting, table, writer, day, runner, true, dice);
  }
}

function write(
  setting: Setting,
  table: DimsTable,
  writer: DayWriter,
  day: number,
  ci: CiKey,
  isRunner: boolean,
  dice: Chance,
): void {
  const session = {
    caller: ci.key.id,
    workspaceId: setting.workspaces["Claude Code"].id,
    apiKeyId: ci.key.id,
    accountId: null,
    serviceAccountId: ci.serviceAccountId,
    actor: actorOf(ci),
    family: ci.family,
    secondFamily: dice.isLucky(isRunner ? 0.3 : 0.15) ? ("opus" as const) : null,
    hasHaiku: dice.isLucky(0.58),
    effort: dice.skewed(isRunner ? 0.25 : 1, 0.5) * setting.options.scale,
    homeHour: 0,
    workHours: 23,
    isUs: ci.isUs,
    isFast: false,
    isMachine: true,
  };
  const code = {
    actorKind: "api_actor" as const,
    actorName: day - setting.firstDay >= ci.renamedAt ? ci.laterName : ci.firstName,
    customerType: "api" as const,
    subscriptionType: null,
    terminal: "non-interactive",
  };
  writeCodeSession(setting, table, writer, day, { ...session, code: { ...code, isRemote: isRunner } }, dice);
  if (isRunner || !dice.isLucky(0.12)) return;
  const remote = { ...session, effort: session.effort * 0.5, code: { ...code, isRemote: true } };
  writeCodeSession(setting, table, writer, day, remote, dice);
}

function actorOf(ci: CiKey): Actor {
  return ci.serviceAccountId === null
    ? { type: "api_actor", api_key_id: ci.key.id }
    : { type: "service_account_actor", service_account_id: ci.serviceAccountId };
}
