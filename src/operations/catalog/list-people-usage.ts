import { z } from "zod";

import { dayText } from "../../domain/index.ts";
import { bandOf, dailySessions, peopleUsage, type ActorUsage, type UsageReading } from "../../metrics/index.ts";
import { defineOperation } from "../define.ts";
import { activeRule, filters } from "../filters.ts";
import { band, dayOrNull, envelope, figures, identity, identityOf, paged, pageOf, paging } from "../people-pieces.ts";
import { refuseStale } from "../stale-rows.ts";
import { readSettings } from "../tenant-settings.ts";

const SORTS = [
  "name",
  "team",
  "sessions",
  "linesAdded",
  "linesRemoved",
  "commits",
  "pullRequests",
  "accepted",
  "acceptRate",
  "tokens",
  "cost",
  "activeDays",
  "lastActive",
] as const;

const who = z.enum(["humans", "service", "unmapped"]);

export const listPeopleUsage = defineOperation({
  id: "listPeopleUsage",
  title: "People and their usage",
  summary: "Every person with activity, output, cost and regularity over a range; services and unmapped keys apart.",
  input: z.object({
    from: filters.from,
    to: filters.to,
    asOf: filters.asOf,
    where: filters.where,
    /** Which of the three kinds to list; the others are counted only. */
    population: who.default("humans"),
    search: z.string().max(200).optional().describe("part of a name, an address or a team"),
    band: band.optional(),
    sort: z.enum(SORTS).default("sessions"),
    order: z.enum(["asc", "desc"]).default("desc"),
    kind: filters.kind.describe("the cost to sort by"),
    ...paging,
  }),
  output: z.object({
    ...envelope,
    population: who,
    activeRule: activeRule.describe("what makes a day active: as the tenant decided"),
    counts: z.object({ humans: z.int(), service: z.int(), unmapped: z.int() }).describe("rows of each kind"),
    ...paged,
    /** The days that `sparkline` has a number for: the last 90 of the range at most. */
    sparklineDays: z.array(z.string()).readonly(),
    rows: z.array(
      z.object({
        ...identity,
        ...figures,
        activeDays: z.int().describe("active days of the range"),
        firstActive: z.string().nullable().describe("of everything that is held"),
        lastActive: z.string().nullable().describe("until the end of the range"),
        band: band.describe("by active days among the last 28: daily 16 or more, weekly 4, occasional 1"),
        sparkline: z.array(z.number().nullable()).readonly().describe("sessions a day; null where nothing was read"),
      }),
    ),
  }),
  permission: "people",
  effect: "read",
  past: "record",
  audit: "none: looks at single people are recorded by the surfaces that show them",
  async run(context, input) {
    const { store, scope, clock } = context;
    await refuseStale(context);
    return store.read(async (tx) => {
      const { from, to, where } = input;
      const { activeRule } = await readSettings(tx, scope);
      const { reading, rows } = await peopleUsage(tx, scope, { from, to, where, activeRule }, clock.now());
      const counts = { humans: 0, service: 0, unmapped: 0 };
      for (const row of rows) counts[row.population]++;
      const wanted = rows
        .filter((row) => row.population === input.population)
        .filter((row) => matches(row, input.search) && (!input.band || bandOf(row.history) === input.band))
        .sort(inOrder(input.sort, input.order, input.kind ?? "estimated"));
      const { rows: page, ...part } = pageOf(wanted, input);
      const days = sparklineDays(reading);
      const sessions = await dailySessions(
        reading,
        page.filter(({ activeDays }) => activeDays > 0).map(({ label }) => label),
      );
      return {
        ...reading.envelope,
        population: input.population,
        activeRule,
        counts,
        ...part,
        sparklineDays: days.map(dayText),
        rows: page.map((row) => ({
          ...identityOf(row.label, row.listed, row.team),
          ...row.figures,
          activeDays: row.activeDays,
          firstActive: dayOrNull(row.history?.first),
          lastActive: dayOrNull(row.history?.last),
          band: bandOf(row.history),
          sparkline: days.map((day) =>
            sessions === null || reading.range.stateOf(day) === "missing"
              ? null
              : Number(sessions.get(row.label)?.get(day) ?? 0n),
          ),
        })),
      };
    });
  },
});

function matches({ label, listed, team }: ActorUsage, search: string | undefined): boolean {
  if (search === undefined || search.trim() === "") return true;
  const needle = search.trim().toLowerCase();
  return [label, team ?? "", listed?.name ?? "", ...(listed?.emails ?? [])].some((text) =>
    text.toLowerCase().includes(needle),
  );
}

type Sort = (typeof SORTS)[number];

/** Unknown values stand last in either order; equal ones by name, so that a page never shows a row twice. */
function inOrder(sort: Sort, order: "asc" | "desc", kind: "estimated" | "list" | "net" | "notional") {
  const sign = order === "asc" ? 1 : -1;
  const nameOf = (row: ActorUsage) => row.listed?.name ?? row.label;
  const keyOf = (row: ActorUsage): string | number | null => {
    if (sort === "name") return nameOf(row).toLowerCase();
    if (sort === "team") return row.team?.toLowerCase() ?? null;
    if (sort === "activeDays") return row.activeDays;
    if (sort === "lastActive") return row.history?.last ?? null;
    const value = sort === "cost" ? row.figures.cost[kind] : row.figures[sort];
    // Only for the order: what is shown is exact.
    return value === null ? null : Number(value);
  };
  return (a: ActorUsage, b: ActorUsage): number => {
    const [left, right] = [keyOf(a), keyOf(b)];
    if (left === null || right === null) {
      if (left !== right) return left === null ? 1 : -1;
    } else if (left !== right) return left < right ? -sign : sign;
    return nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : a.label < b.label ? -1 : 1;
  };
}

const MOST_POINTS = 90;

function sparklineDays({ span }: UsageReading): number[] {
  const first = Math.max(span.from, span.to - MOST_POINTS);
  return Array.from({ length: span.to - first }, (_, index) => first + index);
}
