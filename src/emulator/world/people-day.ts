import type { DayKind } from "./calendar.ts";
import type { CodeDims, DimsTable } from "./cell.ts";
import { writeCodeSession, type CodeSession } from "./code-session.ts";
import type { DayWriter } from "./day-writer.ts";
import { actorOf, type Person } from "./people.ts";
import { modelFor } from "./model-choice.ts";
import { chance, shareOf, type Chance } from "./random.ts";
import type { Setting } from "./setting.ts";

/** Everything people did on that day: Claude Code, and here and there the Playground. */
export function writePeopleDay(
  setting: Setting,
  table: DimsTable,
  writer: DayWriter,
  day: number,
  kind: DayKind,
): void {
  const offset = day - setting.firstDay;
  for (const person of setting.people) {
    if (offset < person.joinedAt || offset >= person.leavesAt) continue;
    const dice = chance(setting.seed, "person day", person.index, day);
    if (offset >= person.startsAt && isActive(setting.seed, person, day, kind, dice)) {
      writeCodeDay(setting, table, writer, day, person, dice);
    }
    if (kind !== "weekend" && person.isMember && shareOf(setting.seed, "playground", person.index, day) < 0.03) {
      writePlayground(setting, table, writer, day, person);
    }
  }
}

function isActive(seed: number, person: Person, day: number, kind: DayKind, dice: Chance): boolean {
  const isOnLeave = shareOf(seed, "leave", person.index, Math.floor(day / 7)) < 0.06;
  const mood = kind === "weekend" ? 0.09 : kind === "hackathon" ? 1.25 : 1;
  return !isOnLeave && dice.isLucky(Math.min(0.98, person.habit * mood));
}

function writeCodeDay(
  setting: Setting,
  table: DimsTable,
  writer: DayWriter,
  day: number,
  person: Person,
  dice: Chance,
): void {
  const isSubscription = person.plan === "subscription" || (person.plan === "both" && dice.isLucky(0.3));
  const effort = person.vigour * dice.skewed(1, 0.6) * setting.options.scale;
  const write = (spelling: string, terminal: string, isRemote: boolean, share: number, subscription: boolean): void => {
    const code: CodeDims = {
      actorKind: "user_actor",
      actorName: spelling,
      customerType: subscription ? "subscription" : "api",
      subscriptionType: subscription ? person.subscription : null,
      terminal,
      isRemote,
    };
    writeCodeSession(setting, table, writer, day, sessionOf(setting, person, code, effort * share, dice), dice);
  };
  write(person.email, person.terminal, false, 1, isSubscription);
  if (person.secondTerminal !== null && dice.isLucky(0.5)) {
    write(person.secondSpelling, person.secondTerminal, false, 0.4, isSubscription);
  }
  if (person.usesRemote && dice.isLucky(0.35)) write(person.email, "web", true, 0.5, isSubscription);
  if (person.plan === "both" && !isSubscription && dice.isLucky(0.3))
    write(person.email, person.terminal, false, 0.5, true);
}

function sessionOf(setting: Setting, person: Person, code: CodeDims, effort: number, dice: Chance): CodeSession {
  const isBilled = code.customerType === "api";
  const key = person.isMember
    ? setting.personKeys.get(person.index)
    : setting.appKeys.find(({ app }) => app.isForContractors)?.key;
  const signsInByKey = person.signsInBy === "key" && key !== undefined && key !== null;
  return {
    caller: person.id,
    code,
    workspaceId: setting.workspaces["Claude Code"].id,
    apiKeyId: isBilled && signsInByKey ? key.id : null,
    accountId: isBilled && !signsInByKey ? person.id : null,
    serviceAccountId: null,
    actor: actorOf(person, setting.lastOffset),
    family: person.family,
    secondFamily: dice.isLucky(0.33) ? (person.family === "sonnet" ? "opus" : "sonnet") : null,
    hasHaiku: dice.isLucky(0.53),
    effort,
    homeHour: person.homeHour,
    workHours: Math.min(9, 23 - person.homeHour),
    isUs: false,
    isFast: person.likesFast && dice.isLucky(0.4),
    isMachine: false,
  };
}

/** Trying prompts in the Console: no key, no OAuth, the default workspace. */
function writePlayground(setting: Setting, table: DimsTable, writer: DayWriter, day: number, person: Person): void {
  const dice = chance(setting.seed, "playground day", person.index, day);
  const model = modelFor(setting.seed, person.id, person.family, day);
  const dims = table.intern(`playground|${person.id}|${model.id}`, () => ({
    workspaceId: setting.workspaces.Default.id,
    apiKeyId: null,
    accountId: null,
    serviceAccountId: null,
    model: model.id,
    tier: "standard",
    contextWindow: "0-200k",
    geo: model.hasGeo ? "global" : "not_available",
    speed: "standard",
    product: "claude_console",
    actor: actorOf(person, setting.lastOffset),
    agentId: null,
    environmentId: null,
    code: null,
  }));
  const size = setting.options.scale;
  writer.addCell(
    dims,
    dice.int(8 * 60, 19 * 60),
    {
      uncachedInput: Math.round(size * dice.skewed(4_000, 0.6)) + 20,
      write5m: 0,
      write1h: 0,
      cacheRead: 0,
      output: Math.round(size * dice.skewed(1_500, 0.6)) + 10,
      searches: 0,
      requests: dice.int(1, 6),
    },
    null,
  );
}
