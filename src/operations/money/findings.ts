import { z } from "zod";

import type { DayRange, Question } from "../../metrics/index.ts";
import type { Stream } from "../../source/index.ts";
import { costKind } from "../filters.ts";
import { dayRange, unit, usd, value, warnings } from "../figures.ts";
import type { Asker } from "./asking.ts";

const link = z.object({
  /** The page's path. */
  page: z.string(),
  /** What the page is narrowed to. */
  filters: z.object({
    from: z.string().optional(),
    to: z.string().optional(),
    kind: costKind.optional(),
    where: z.array(z.object({ dimension: z.string(), value: z.string().nullable() })).optional(),
  }),
});

const instant = z.string().nullable();

/** What was made of an unusual day. */
const life = z.object({
  state: z.enum(["open", "acknowledged", "resolved"]),
  openedAt: z.string(),
  acknowledgedAt: instant,
  acknowledgedBy: instant,
  resolvedAt: instant,
  /** Null with a time: it stands out no more. */
  resolvedBy: instant,
});

/** Something worth a look, with the figures that say so. */
export const finding = z.object({
  /** Stable while it is the same thing: the check and what it is about. */
  id: z.string(),
  check: z.string(),
  title: z.string(),
  severity: z.enum(["high", "medium", "low"]),
  /** What it is about in money over the range; null when it is about people or days. */
  amountUsd: usd.nullable(),
  people: z.int().nullable(),
  /** In plain words. */
  sentence: z.string(),
  evidence: z.array(z.object({ label: z.string(), value, unit: unit.or(z.enum(["days", "text"])) })),
  link,
  /** Of an unusual day that was noted after a sync; null of everything else. */
  life: life.nullable(),
});

export const insights = z.object({
  range: dayRange.nullable(),
  /** By money, then by people. */
  findings: z.array(finding),
  /** Said when there is nothing to say; it names what could not be looked at. */
  none: z.string().nullable(),
  checks: z.array(
    z.object({
      check: z.string(),
      title: z.string(),
      ran: z.boolean(),
      /** Why it could not be made, in words. */
      reason: z.string().nullable(),
      found: z.int(),
    }),
  ),
  warnings,
});

export type Finding = z.output<typeof finding>;
export type Insights = z.output<typeof insights>;

/** What a check may look at. */
export interface Ground {
  readonly asker: Asker;
  readonly streams: readonly Stream[];
  readonly range: DayRange;
  readonly filters: Pick<Question, "where" | "kind" | "population">;
}

/** A question that the record is asked again and again. */
export interface Check {
  readonly id: string;
  readonly title: string;
  /** What was found, or in words why it cannot be told. */
  look(ground: Ground): Promise<readonly Omit<Finding, "check" | "life">[] | string>;
}

/** Runs the checks one after another, and ranks what they found by money, then by people. */
export async function look(ground: Ground, checks: readonly Check[]): Promise<Insights> {
  const findings: Finding[] = [];
  const said: Insights["checks"] = [];
  for (const check of checks) {
    const found = await check.look(ground);
    const { id, title } = check;
    if (typeof found === "string") said.push({ check: id, title, ran: false, reason: found, found: 0 });
    else {
      said.push({ check: id, title, ran: true, reason: null, found: found.length });
      findings.push(...found.map((one) => ({ ...one, check: id, life: null })));
    }
  }
  const { from, to } = ground.range;
  const none = noneOf(findings, said);
  return { range: { from, to }, findings: rank(findings), none, checks: said, warnings: [] };
}

/** Money first, the most of it; then people; then what is about neither, the most severe first. */
export function rank(findings: readonly Finding[]): Finding[] {
  const severity = { high: 2, medium: 1, low: 0 };
  return findings.toSorted(
    (a, b) =>
      Math.abs(Number(b.amountUsd ?? 0)) - Math.abs(Number(a.amountUsd ?? 0)) ||
      (b.people ?? 0) - (a.people ?? 0) ||
      severity[b.severity] - severity[a.severity] ||
      (a.id < b.id ? -1 : 1),
  );
}

function noneOf(findings: readonly Finding[], checks: Insights["checks"]): string | null {
  if (findings.length > 0) return null;
  const ran = checks.filter((check) => check.ran).length;
  const left = checks.filter((check) => !check.ran);
  if (ran === 0) return "Nothing could be looked at yet: the record holds too little.";
  const rest =
    left.length === 0 ? "" : ` ${left.length} could not be made: ${left.map(({ title }) => title).join(", ")}.`;
  return `Nothing stands out: ${ran} checks were made and found nothing.${rest}`;
}
