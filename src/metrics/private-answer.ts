import type { Hiding, Span } from "../domain/index.ts";
import type { Asking } from "./asking.ts";
import type { Choice } from "./choose.ts";
import { contributorsOf } from "./contributors.ts";
import { findDimension } from "./dimensions.ts";
import { hiddenGroups } from "./hidden-groups.ts";
import type { HiddenGroups } from "./hidden-groups.ts";
import { INDIVIDUAL } from "./private-question.ts";
import { pseudonymOf } from "./pseudonym.ts";
import { byName } from "./rows.ts";
import { isSmall } from "./small-groups.ts";
import type { Answer, AnswerRow, AnswerTotal, AnswerWarning, Unmapped, Unpriced } from "./types.ts";

const REASON = "suppressed_for_privacy";

/** Warnings that say nothing of what a question selected: how to read the answer, and what was read for it. */
const ALWAYS_TOLD: ReadonlySet<string> = new Set([
  "net_or_list_unknown",
  "organization_pending",
  "option_ignored",
  "directory_is_todays",
  "range_cut",
  "incomplete",
  "window_not_covered",
  "denominator_backfilled",
]);

/** Warnings that count what single rows say, in words that do not. */
const WITHOUT_COUNTS: Readonly<Record<string, string>> = {
  breakdown_missing: "Some activity came without a breakdown by model: its tokens and cost are unknown, not 0.",
  rest_left_out: "Output of rows that carry another kind of cost is left out.",
};

/** The answer as somebody may see it who sees nobody by name, and no group that is too small. */
export async function protect(
  asking: Asking,
  hiding: Hiding,
  choices: readonly Choice[],
  span: Span,
  answer: Answer,
): Promise<Answer> {
  const groups = await hiddenGroups(asking, hiding, choices, span);
  const { activeOutsideDenominator: outside, ...rest } = answer;
  const warnings = answer.warnings.map(({ code, message }) => ({ code, message: WITHOUT_COUNTS[code] ?? message }));
  const common = {
    ...rest,
    warnings,
    unpriced: await hideUnpriced(asking, hiding, choices, span, answer.unpriced),
    ...(outside ? namedOutside(hiding, outside, warnings) : {}),
  };
  if (groups.everything) {
    const { grain } = answer.range;
    return {
      ...common,
      // What a small group used would stand in the rows, be their values hidden or not.
      rows: grain !== null && answer.by.length === 0 ? answer.rows.map(suppressed) : [],
      total: { value: null, source: answer.total.source, reason: REASON },
      unmapped: { actors: null, names: [], value: null, share: null, reason: REASON },
      conflicted: 0,
      ...(outside ? { activeOutsideDenominator: [] } : {}),
      warnings: answer.warnings.filter(({ code }) => ALWAYS_TOLD.has(code)),
    };
  }
  const rows = groups.places ? [] : hideRows(asking, withSmallTeams(answer, groups.smallTeams), groups);
  return {
    ...common,
    rows,
    total: withoutAverage(answer.total, rows),
    unmapped: hideUnmapped(asking, hiding, answer.unmapped),
    warnings: common.warnings,
  };
}

/** Small teams are listed when only teams are, and in no other table: a row tells that somebody was active. */
function withSmallTeams({ rows, by, range, total }: Answer, teams: ReadonlySet<string | null>): readonly AnswerRow[] {
  if (teams.size === 0) return rows;
  if (by.length > 1) return rows.filter((row) => !teams.has(row["team"] as string | null));
  const listed = new Set(rows.map((row) => row["team"]));
  const absent = [...teams].filter((team) => !listed.has(team));
  const { grain } = range;
  if (grain === null) return [...rows, ...absent.map((team) => ({ value: null, source: total.source, team }))];
  // As every breakdown by time is sorted.
  return [...Map.groupBy(rows, (row) => row[grain])].flatMap(([bucket, own]) =>
    [...own, ...absent.map((team) => ({ value: null, source: total.source, team, [grain]: bucket }))].sort((a, b) =>
      byName(a["team"] as string | null, b["team"] as string | null),
    ),
  );
}

function hideRows(
  asking: Asking,
  rows: readonly AnswerRow[],
  { isHidden }: Pick<HiddenGroups, "isHidden">,
): AnswerRow[] {
  const { by, grain, metric } = asking.resolved;
  // Beside a pseudonym the value of a small group would tell whose it is: such a row does not stand at all.
  const isPersonal = by.some(({ id }) => INDIVIDUAL.has(id));
  const known = new Map<string, boolean>();
  const hidden = (row: AnswerRow): boolean => {
    const dims = by.map(({ id }) => row[id] as string | null);
    const key = JSON.stringify(dims);
    const result = known.get(key) ?? isHidden(dims);
    known.set(key, result);
    return result;
  };
  if (isPersonal) return rows.filter((row) => !hidden(row));
  const shown = rows.map((row) => (hidden(row) ? suppressed(row) : row));
  if (grain !== null || metric.measure.kind === "rolling") return shown;
  // Largest first would tell how large a hidden one is.
  const last = shown.filter((row) => row.reason === REASON);
  const nameOf = (row: AnswerRow) => JSON.stringify(by.map(({ id }) => row[id]));
  last.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  return [...shown.filter((row) => row.reason !== REASON), ...last];
}

function suppressed(row: AnswerRow): AnswerRow {
  const { lowSample: _low, ...rest } = row;
  return { ...rest, value: null, reason: REASON };
}

/** The mean over buckets is of all rows, the hidden ones too; only a question without them has one. */
function withoutAverage(total: AnswerTotal, rows: readonly AnswerRow[]): AnswerTotal {
  if (rows.length > 0 && !rows.some((row) => row.reason === REASON)) return total;
  const { average: _average, averageWeekday: _weekday, ...rest } = total;
  return rest;
}

/** Keys that nobody claimed may carry a person's name. */
function hideUnmapped(asking: Asking, hiding: Hiding, unmapped: Unmapped): Unmapped {
  const { actors, names } = unmapped;
  if (actors === null) return unmapped;
  const shown = hiding.mode === "teams" ? [] : names.map((name) => pseudonymOf(hiding, "key", name)).sort();
  if (asking.resolved.where.length > 0 && isSmall(actors, hiding.minimumGroup)) {
    return { actors: null, names: [], value: null, share: null, reason: REASON };
  }
  return { ...unmapped, names: shown };
}

function namedOutside(
  hiding: Hiding,
  outside: readonly string[],
  warnings: readonly AnswerWarning[],
): Pick<Answer, "activeOutsideDenominator" | "warnings"> {
  if (hiding.mode === "pseudonymous")
    return { activeOutsideDenominator: outside.map((one) => pseudonymOf(hiding, "person", one)).sort(), warnings };
  const message = `${outside.length} active people are not in the denominator.`;
  const told = outside.length >= hiding.minimumGroup ? [{ code: "active_outside_denominator", message }] : [];
  return { activeOutsideDenominator: [], warnings: [...warnings, ...told] };
}

/** Tokens of a model that few people use are theirs. */
async function hideUnpriced(
  asking: Asking,
  { minimumGroup }: Hiding,
  choices: readonly Choice[],
  span: Span,
  unpriced: Unpriced,
): Promise<Unpriced> {
  if (unpriced.models.length === 0) return unpriced;
  const models = new Set<string | null>(unpriced.models);
  const scans = await contributorsOf(asking, choices, [findDimension("model")], span, minimumGroup);
  const few = scans.some(({ contributions, dims }) => {
    const own = contributions.filter(({ values }) => dims.length > 0 && models.has(values[0] ?? null));
    return isSmall(new Set(own.flatMap(({ who }) => who ?? [])).size, minimumGroup);
  });
  return few ? { models: [], tokens: 0 } : unpriced;
}
