import { z } from "zod";

import { dayText, type DayNumber } from "../domain/index.ts";
import type { FrequencyBand, UsageEnvelope, UsageFigures } from "../metrics/index.ts";
import type { PersonRow } from "../store/index.ts";
import { dayRange, trust, usd, warnings } from "./figures.ts";

const amount = z.union([z.int(), z.string()]).nullable();
const usdOrNull = usd.nullable();

/** What an answer over a range says of itself, beside its rows. */
export const envelope = {
  range: dayRange,
  source: z.array(z.string()).readonly(),
  asOf: z.string().describe("the UTC day as of which it is known"),
  ...trust,
  warnings,
} as const satisfies Record<keyof UsageEnvelope, z.ZodType>;

/** Amounts of money by kind; kinds are never added together. */
export const costKinds = z.object({ estimated: usdOrNull, notional: usdOrNull, list: usdOrNull, net: usdOrNull });

/** Columns of a row about activity; null where the source does not tell it for such a row. */
export const figures = {
  sessions: amount,
  linesAdded: amount,
  linesRemoved: amount,
  commits: amount,
  pullRequests: amount,
  accepted: amount,
  rejected: amount,
  acceptRate: z.number().nullable().describe("0 to 1; null when nothing was proposed"),
  tokens: amount,
  cost: costKinds,
} as const satisfies Record<keyof UsageFigures, z.ZodType>;

export const band = z.enum(["daily", "weekly", "occasional", "lapsed", "never"]) satisfies z.ZodType<FrequencyBand>;

/** Which part of a sorted list to give. */
export const paging = {
  limit: z.coerce.number().int().min(1).max(5_000).default(100),
  offset: z.coerce.number().int().min(0).default(0),
} as const;

/** What a part of a list says of the whole. */
export const paged = {
  total: z.int().describe("rows in the whole list"),
  next: z.int().nullable().describe("the offset of the rows behind these, or null"),
} as const;

/** The asked part of a list that stands in order. */
export function pageOf<Row>(
  rows: readonly Row[],
  { limit, offset }: { readonly limit: number; readonly offset: number },
): { readonly rows: Row[]; readonly total: number; readonly next: number | null } {
  const end = offset + limit;
  return { rows: rows.slice(offset, end), total: rows.length, next: end < rows.length ? end : null };
}

/** Who a row is about, as far as it is known. */
export const identity = {
  /** As `where person=` takes it. */
  person: z.string(),
  personId: z.string().nullable().describe("of the roster; null for who is not in it"),
  name: z.string(),
  emails: z.array(z.string()).readonly().describe("the first is the one that figures stand under"),
  team: z.string().nullable().describe("on the last day of the range"),
  costCentre: z.string().nullable(),
  manager: z.string().nullable(),
  startsOn: z.string().nullable(),
  endsOn: z.string().nullable(),
  inRoster: z.boolean(),
} as const;

export function identityOf(label: string, listed: PersonRow | null, team: string | null) {
  return {
    person: label,
    personId: listed?.personId ?? null,
    name: listed?.name ?? label,
    emails: listed?.emails ?? (label.includes("@") ? [label] : []),
    team,
    costCentre: listed?.costCentre ?? null,
    manager: listed?.manager ?? null,
    startsOn: dayOrNull(listed?.startsOn),
    endsOn: dayOrNull(listed?.endsOn),
    inRoster: listed?.inRoster ?? false,
  };
}

export function dayOrNull(day: DayNumber | null | undefined): string | null {
  return day === null || day === undefined ? null : dayText(day);
}
