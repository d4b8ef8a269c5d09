import { z } from "zod";

import { dayOfText, isFailure } from "../../domain/index.ts";
import { ask, hiddenSizes, readIdentities, type Answer, type Question } from "../../metrics/index.ts";
import { defineOperation } from "../define.ts";
import { dayRange, reason, trust, value, warnings } from "../figures.ts";
import { costKind, filters } from "../filters.ts";
import { trustOf } from "../money/headline.ts";
import { inOneSnapshot } from "../one-snapshot.ts";
import { refuseStale } from "../stale-rows.ts";
import { withTenantDefaults } from "../tenant-defaults.ts";
import { readSettings } from "../tenant-settings.ts";

/** What a row shows, and the metric that says it. */
const COLUMNS = {
  active: "active_users",
  adoption: "adoption_rate",
  sessions: "sessions",
  linesAdded: "lines_added",
  commits: "commits",
  pullRequests: "pull_requests",
  acceptRate: "accept_rate",
  tokens: "tokens",
  cost: "cost",
  costPerActive: "cost_per_active_user",
} as const;

type Column = keyof typeof COLUMNS;
const columns = Object.keys(COLUMNS) as Column[];
const values = Object.fromEntries(columns.map((name) => [name, value])) as Record<Column, typeof value>;

export const listTeams = defineOperation({
  id: "listTeams",
  title: "Teams",
  summary:
    "Every team with people, activity, adoption, output and cost over a range; of each day, the team of that day.",
  input: z.object({ ...filters, population: z.enum(["humans"]).optional() }),
  output: z.object({
    range: dayRange,
    asOf: z.string(),
    ...trust,
    warnings,
    kind: costKind,
    denominator: z.string().nullable().describe("of the adoption"),
    rows: z.array(
      z.object({
        team: z.string().nullable().describe("null is everybody without one"),
        people: z.int().nullable().describe("of the list of people, on the last day of the range"),
        ...values,
        /** Why a value of this row is null, by column. */
        reasons: z.record(z.string(), reason),
      }),
    ),
    /** Over all teams: people are counted once, whatever teams they were in. */
    total: z.object({ people: z.int().nullable(), ...values, reasons: z.record(z.string(), reason) }),
  }),
  permission: "read",
  effect: "read",
  past: "record",
  audit: "none: figures of teams, none of single people",
  async run(context, input) {
    const { store, scope, clock } = context;
    await refuseStale(context);
    const { kind = "estimated", denominator, activeRule, population: _, ...rest } = input;
    return inOneSnapshot(store, async (frozen) => {
      const settings = await frozen.read((tx) => readSettings(tx, scope));
      const answers = new Map<Column, Answer>();
      const refused: { code: string; message: string }[] = [];
      for (const column of columns) {
        const question: Question = {
          ...rest,
          metric: COLUMNS[column],
          by: ["team"],
          population: "humans",
          ...(column === "cost" || column === "costPerActive" ? { kind } : {}),
          ...(column === "active" || column === "adoption" || column === "costPerActive" ? { activeRule } : {}),
          ...(column === "adoption" ? { denominator } : {}),
        };
        try {
          answers.set(column, await ask(frozen, scope, withTenantDefaults(question, settings), clock.now()));
        } catch (cause) {
          // A filter that one figure cannot take leaves the others as they are.
          if (!isFailure(cause, "input.dimension_not_available", "input.dimensions_apart")) throw cause;
          if (column === "active" || column === "sessions") throw cause;
          refused.push({ code: "column_unavailable", message: `${column}: ${cause.message}` });
        }
      }
      const first = answers.get("active")!;
      const heads = await frozen.read(async (tx) => headcounts(await readIdentities(tx, scope), first.range.to));
      const asked = new Set((rest.where ?? []).filter(isTeam).map(({ value: team }) => team));
      for (const team of asked.size === 0 ? [] : [...heads.keys()]) if (!asked.has(team)) heads.delete(team);
      const { privacy } = scope;
      const isHidden = privacy.mode !== "named";
      const byTeam = new Map<string | null, Map<Column, Answer["rows"][number]>>();
      const teamOf = (row: Answer["rows"][number]) => (typeof row["team"] === "string" ? row["team"] : null);
      for (const [column, { rows }] of answers) {
        for (const row of rows) byTeam.set(teamOf(row), (byTeam.get(teamOf(row)) ?? new Map()).set(column, row));
      }
      if (!isHidden) for (const team of heads.keys()) byTeam.set(team, byTeam.get(team) ?? new Map());
      // How many people a team has is judged like who was active: as the other answers that tell it do.
      const isBlocked = (team: string | null) =>
        first.total.reason === HIDDEN || byTeam.get(team)?.get("active")?.reason === HIDDEN;
      const unsized = privacy.mode === "named" ? null : hiddenSizes(heads, privacy.minimumGroup, isBlocked);
      const rows = [...byTeam].map(([team, own]) => {
        const isSmall = unsized !== null && (unsized.has(team) || isBlocked(team));
        const people = isSmall ? null : (heads.get(team)?.size ?? 0);
        return { team, people, ...cells(answers, isHidden, (column) => own.get(column)) };
      });
      const everybody = [...heads.values()].reduce((sum, { size }) => sum + size, 0);
      // With one team hidden, the sum of all would tell how large it is.
      const shown = rows.reduce((sum, row) => sum + (row.people ?? 0), 0);
      const people = shown === everybody && rows.every((row) => row.people !== null) ? everybody : null;
      return {
        range: { from: first.range.from, to: first.range.to },
        asOf: first.asOf,
        ...trustOf(answers.get("sessions") ?? first),
        warnings: [...refused, ...distinct([...answers.values()].flatMap((answer) => answer.warnings))],
        kind,
        denominator: answers.get("adoption")?.denominator ?? null,
        rows: rows.sort(byName),
        total: { people, ...cells(answers, isHidden, (column) => answers.get(column)?.total) },
      };
    });
  },
});

function isTeam({ dimension }: { readonly dimension: string }): boolean {
  return dimension === "team";
}

type Cell = Pick<Answer["total"], "value" | "reason">;

function cells(answers: ReadonlyMap<Column, Answer>, isHidden: boolean, cellOf: (column: Column) => Cell | undefined) {
  const reasons: Record<string, z.output<typeof reason>> = {};
  const shown = Object.fromEntries(
    columns.map((column) => {
      const cell = cellOf(column);
      if (cell === undefined) {
        // No row of a sum is a real 0 on days that were read; of a ratio it is nothing to divide.
        const answer = answers.get(column);
        if (answer === undefined) reasons[column] = "not_reported_by_source";
        // A group may be left out because it is small: that is no 0 either.
        else if (isHidden) reasons[column] = HIDDEN;
        else if (answer.unit === "ratio" || column === "costPerActive") reasons[column] = "zero_denominator";
        else if (answer.coverage.covered + answer.coverage.partial === 0) reasons[column] = "not_collected_yet";
        else return [column, answer.unit === "usd" ? "0" : 0];
        return [column, null];
      }
      if (cell.value === null && cell.reason) reasons[column] = cell.reason;
      return [column, cell.value];
    }),
  ) as Record<Column, Cell["value"]>;
  return { ...shown, reasons };
}

function headcounts(who: Awaited<ReturnType<typeof readIdentities>>, lastDay: string): Map<string | null, Set<string>> {
  const day = dayOfText(lastDay)!;
  const heads = new Map<string | null, Set<string>>();
  for (const [person, row] of who.known) {
    if ((row.startsOn ?? day) > day || (row.endsOn ?? day) < day || (!row.inRoster && row.endsOn === null)) continue;
    const team = who.teamOf(person, day);
    heads.set(team, (heads.get(team) ?? new Set<string>()).add(person));
  }
  return heads;
}

const HIDDEN = "suppressed_for_privacy";

function byName(a: { readonly team: string | null }, b: { readonly team: string | null }): number {
  if (a.team === null || b.team === null) return a.team === b.team ? 0 : a.team === null ? 1 : -1;
  return a.team < b.team ? -1 : 1;
}

function distinct(all: Answer["warnings"]): Answer["warnings"] {
  return [...new Map(all.map((one) => [`${one.code} ${one.message}`, one])).values()];
}
