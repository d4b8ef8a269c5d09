import { z } from "zod";

import { dayOfInstant, dayText, Failure, parseDay } from "../../domain/index.ts";
import type { ToolCall } from "../tool-call.ts";

/** Days as prompts have always asked for them: inclusive, UTC. */
export const days = {
  start_date: z.string().optional().describe("YYYY-MM-DD; the last 30 complete days when left out"),
  end_date: z.string().optional().describe("inclusive"),
} as const;

/** Pages by number, as prompts ask for them; `limit` and `cursor` are the host's. */
export const pages = {
  page: z.int().min(1).optional(),
  per_page: z.int().min(1).max(1000).optional(),
} as const;

/** Which organization, and whether it is asked now. */
export const where = {
  organization: z.string().optional(),
  live: z.boolean().optional().describe("ask Anthropic now"),
} as const;

/**
 * The days of a question under the names of operations.
 *
 * @throws Failure `input.*` naming `start_date` or `end_date`
 */
export function rangeOf(
  { context }: ToolCall,
  {
    start_date: start,
    end_date: end,
  }: { readonly start_date?: string | undefined; readonly end_date?: string | undefined },
): { readonly from?: string; readonly to?: string } {
  const from = start === undefined ? null : parseDay(start, "start_date");
  const to = end === undefined ? null : parseDay(end, "end_date");
  const today = dayOfInstant(context.clock.now());
  if (from !== null && to !== null && from > to) {
    throw new Failure("input.invalid", {
      field: "start_date",
      problem: `${start} is after end_date ${end}`,
      remedy: "Both days are inclusive; give the earlier one as start_date.",
    });
  }
  const first = from ?? to;
  if (first !== null && first > today) {
    const field = from === null ? "end_date" : "start_date";
    const problem = `${dayText(first)} is after today`;
    throw new Failure("input.invalid", { field, problem, remedy: `Today is ${dayText(today)}, by UTC.` });
  }
  return { ...(start === undefined ? {} : { from: start }), ...(end === undefined ? {} : { to: end }) };
}

const PER_PAGE = 30;

export interface Part<Row> {
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
}

/** The page that was asked for by number, of all there are; without a number everything, which the host then pages. */
export function pageOf<Row>(
  rows: readonly Row[],
  asked: { readonly page?: number | undefined; readonly per_page?: number | undefined },
): Part<Row> {
  if (asked.page === undefined && asked.per_page === undefined) return { rows, notes: [] };
  const { page = 1, per_page: size = PER_PAGE } = asked;
  const start = (page - 1) * size;
  const part = rows.slice(start, start + size);
  const last = Math.max(1, Math.ceil(rows.length / size));
  const which = part.length === 0 ? "none" : `${start + 1} to ${start + part.length}`;
  return { rows: part, notes: [`Page ${page} of ${last}, ${size} a page: ${which} of ${rows.length} in all.`] };
}

/** Roles of an organization as Anthropic has them, and `member`, which it has not. */
export const role = z.enum([
  "admin",
  "developer",
  "user",
  "claude_code_user",
  "billing",
  "owner",
  "primary_owner",
  "membership_admin",
  "managed",
  "member",
]);

const LEADING: readonly string[] = ["admin", "owner", "primary_owner", "membership_admin"];

/** The roles that one is asked for as. */
export function rolesOf(asked: z.output<typeof role> | undefined): {
  readonly has: (role: unknown) => boolean;
  readonly notes: readonly string[];
} {
  if (asked !== "member") return { has: (one) => asked === undefined || one === asked, notes: [] };
  const meant = role.options.filter((one) => one !== "member" && !LEADING.includes(one));
  return {
    has: (one) => !LEADING.includes(String(one)),
    notes: [`Anthropic has no role member: asked as everybody without an administrator's role (${meant.join(", ")}).`],
  };
}
