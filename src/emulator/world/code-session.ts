import { TOOLS, type Actor, type CodeDims, type DimsTable, type Work } from "./cell.ts";
import { DayWriter, partOf, type Tokens } from "./day-writer.ts";
import { dayIndex } from "./calendar.ts";
import { modelFor } from "./model-choice.ts";
import { hasFast, type Family, type Model } from "./prices.ts";
import type { Chance } from "./random.ts";
import type { Setting } from "./setting.ts";

/** One Claude Code record in the making: who, where, how hard. */
export interface CodeSession {
  readonly caller: string;
  readonly code: CodeDims;
  readonly workspaceId: string;
  readonly apiKeyId: string | null;
  readonly accountId: string | null;
  readonly serviceAccountId: string | null;
  readonly actor: Actor;
  readonly family: Family;
  /** Chance of a second model of another family; Haiku helps out on its own account. */
  readonly secondFamily: Family | null;
  readonly hasHaiku: boolean;
  readonly effort: number;
  readonly homeHour: number;
  readonly workHours: number;
  readonly isUs: boolean;
  readonly isFast: boolean;
  /** Machines review: they read much and write little. */
  readonly isMachine: boolean;
}

const LONG_CONTEXT_AT_BASE_PRICE = dayIndex("2026-03-13");

/** Writes the cells of one record: up to three for each model, spread over the hours of work. */
export function writeCodeSession(
  setting: Setting,
  table: DimsTable,
  writer: DayWriter,
  day: number,
  session: CodeSession,
  dice: Chance,
): void {
  const mains = [session.family, ...(session.secondFamily === null ? [] : [session.secondFamily])];
  const models = new Set(mains.map((family) => modelFor(setting.seed, session.caller, family, day)));
  const work = inventWork(session, dice);
  let isFirst = true;
  for (const model of models) {
    const effort = isFirst ? session.effort : session.effort * 0.4;
    writeModel(table, writer, day, session, model, mainTokens(session, effort, dice), isFirst ? work : null, dice);
    isFirst = false;
  }
  if (!session.hasHaiku) return;
  const haiku = modelFor(setting.seed, session.caller, "haiku", day);
  if (!models.has(haiku)) writeModel(table, writer, day, session, haiku, haikuTokens(session.effort, dice), null, dice);
}

function writeModel(
  table: DimsTable,
  writer: DayWriter,
  day: number,
  session: CodeSession,
  model: Model,
  tokens: Tokens,
  work: Work | null,
  dice: Chance,
): void {
  const parts = session.effort < 0.3 ? 1 : dice.int(1, 3);
  const canStretch =
    model.hasGeo && day >= LONG_CONTEXT_AT_BASE_PRICE && model.family !== "haiku" && !session.isMachine;
  for (let at = 0; at < parts; at += 1) {
    const hour = session.homeHour + Math.floor(((at + dice.next()) * session.workHours) / parts);
    const minute = Math.min(1439, hour * 60 + dice.int(0, 59));
    const isLong = canStretch && dice.isLucky(0.04);
    const dims = codeDims(table, day, session, model, isLong);
    writer.addCell(dims, minute, tokensPart(tokens, at, parts), work === null ? null : workPart(work, at, parts));
  }
}

function codeDims(table: DimsTable, day: number, session: CodeSession, model: Model, isLong: boolean) {
  const { code } = session;
  const speed = session.isFast && hasFast(model, day) ? "fast" : "standard";
  const geo = model.hasGeo ? (session.isUs ? "us" : "global") : "not_available";
  const contextWindow = isLong ? "200k-1M" : "0-200k";
  const { workspaceId, apiKeyId, accountId, serviceAccountId, actor } = session;
  const who = `${session.caller}|${apiKeyId ?? ""}|${code.actorName}|${code.customerType}|${code.terminal}|${code.isRemote}`;
  return table.intern(`code|${who}|${model.id}|${speed}|${geo}|${contextWindow}`, () => ({
    workspaceId,
    apiKeyId,
    accountId,
    serviceAccountId,
    model: model.id,
    tier: "standard",
    contextWindow,
    geo,
    speed,
    product: "claude_code",
    actor,
    agentId: null,
    environmentId: null,
    code,
  }));
}

/** About eight dollars of Opus for an effort of one, most of it cache reads: an agent reads its context again and again. */
function mainTokens(session: CodeSession, effort: number, dice: Chance): Tokens {
  const size = effort * (session.isMachine ? 0.3 : 1);
  const requests = Math.max(1, Math.round(size * dice.int(60, 140)));
  return {
    uncachedInput: Math.round(size * dice.skewed(30_000, 0.4)) + 12,
    write5m: Math.round(size * dice.skewed(240_000, 0.4)),
    write1h: session.isMachine ? 0 : Math.round(size * dice.skewed(90_000, 0.4)),
    cacheRead: Math.round(size * dice.skewed(9_000_000, 0.4)),
    output: Math.round(size * dice.skewed(session.isMachine ? 40_000 : 80_000, 0.35)) + 5,
    searches: dice.isLucky(0.12) ? dice.int(1, 6) : 0,
    requests,
  };
}

/** Titles, summaries and the like. */
function haikuTokens(effort: number, dice: Chance): Tokens {
  return {
    uncachedInput: Math.round(effort * dice.skewed(50_000, 0.5)) + 40,
    write5m: 0,
    write1h: 0,
    cacheRead: Math.round(effort * dice.skewed(20_000, 0.5)),
    output: Math.round(effort * dice.skewed(6_000, 0.5)) + 8,
    searches: 0,
    requests: Math.max(1, Math.round(effort * dice.int(8, 30))),
  };
}

function inventWork(session: CodeSession, dice: Chance): Work {
  const { effort, isMachine } = session;
  const sessions = 1 + Math.floor(effort * dice.next() * (isMachine ? 12 : 5));
  if (isMachine && !dice.isLucky(0.35)) {
    return { sessions, added: 0, removed: 0, commits: 0, pullRequests: 0, tools: TOOLS.flatMap(() => [0, 0]) };
  }
  const added = Math.round(effort * dice.skewed(isMachine ? 40 : 190, 0.8));
  const removed = Math.round(added * dice.next() * 0.8);
  const commits = Math.floor(effort * dice.next() * 4);
  const pullRequests = commits > 0 && dice.isLucky(0.45) ? 1 + Math.floor(dice.next() * Math.min(3, commits / 2)) : 0;
  const edits = Math.round(added / dice.int(7, 16));
  const refusal = isMachine ? 0 : 0.05 + dice.next() * 0.2;
  const decided = [
    edits,
    Math.round(edits * 0.1 * dice.next()),
    Math.round(edits * 0.2 * dice.next()),
    dice.isLucky(0.05) ? 3 : 0,
  ];
  return {
    sessions,
    added,
    removed,
    commits,
    pullRequests,
    tools: decided.flatMap((count) => [count - Math.round(count * refusal), Math.round(count * refusal)]),
  };
}

function tokensPart(tokens: Tokens, at: number, parts: number): Tokens {
  return {
    uncachedInput: partOf(tokens.uncachedInput, at, parts),
    write5m: partOf(tokens.write5m, at, parts),
    write1h: partOf(tokens.write1h, at, parts),
    cacheRead: partOf(tokens.cacheRead, at, parts),
    output: partOf(tokens.output, at, parts),
    searches: partOf(tokens.searches, at, parts),
    requests: partOf(tokens.requests, at, parts),
  };
}

function workPart(work: Work, at: number, parts: number): Work {
  return {
    sessions: partOf(work.sessions, at, parts),
    added: partOf(work.added, at, parts),
    removed: partOf(work.removed, at, parts),
    commits: partOf(work.commits, at, parts),
    pullRequests: partOf(work.pullRequests, at, parts),
    tools: work.tools.map((count) => partOf(count, at, parts)),
  };
}
