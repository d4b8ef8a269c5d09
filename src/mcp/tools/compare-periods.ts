import { z } from "zod";

import { catalog } from "../../operations/index.ts";
import { defineTool } from "../define-tool.ts";
import { conditionsOf, where } from "../record/conditions.ts";
import { changeWords, signed } from "../record/change-words.ts";
import { cappedMembers, memberNames } from "../record/members.ts";
import { period, twoPeriodsOf } from "../record/period.ts";
import { loose, messages, spanOf, trust, trustOf, trustWords, value, warnings } from "../record/trust.ts";
import { asAsked, figure, listed, paragraphs, quoted } from "../record/words.ts";

export const comparePeriodsTool = defineTool({
  name: "compare_periods",
  title: "Compare two periods",
  description:
    "One metric over two periods with difference and ratio, whole and by part; for ratios too, and says when the two do not compare. For what made a sum jump use explain_change.",
  input: z.object({
    metric: z.string(),
    ...period,
    against: z.string().optional().describe("default: the one before"),
    by: z.array(z.string()).max(3).optional(),
    where,
    kind: z.enum(["estimated", "net", "list", "notional"]).optional(),
    population: z.enum(["all", "humans", "service", "unmapped"]).optional(),
  }),
  output: z.object({
    unit: z.string(),
    kind: z.string().nullable(),
    current: value,
    previous: value,
    change: loose.nullable(),
    notComparable: z.array(z.string()),
    rows: z.array(loose),
    ...trust,
    warnings,
  }),
  permission: "read",
  effect: "read",
  past: true,
  list: "rows",
  async run(call, { metric, against, by, where: texts, kind, population, ...words }) {
    const { from, to, previous, notes } = await twoPeriodsOf(call, words, against, metric);
    const conditions = await conditionsOf(call, texts, { metric, from, to, kind });
    const compared = await call.ask(await catalog.comparePeriods(), {
      metric,
      from,
      to,
      by,
      kind,
      population,
      where: conditions.where,
      ...(previous === null ? {} : { previousFrom: previous.from, previousTo: previous.to }),
    });
    const { current, previous: before, change, unit, caveats, notComparable } = compared;
    const names = await memberNames(call, compared.by);
    const rows = compared.rows.map(({ members, change: own, reason, ...sides }) => ({
      ...cappedMembers(members, compared.by, names),
      ...sides,
      difference: own?.absolute ?? null,
      relative: own?.relative ?? null,
      ...(reason === null ? {} : { reason }),
    }));
    const told = asAsked(compared.kind, conditions.where);
    return {
      text: paragraphs(
        `${compared.title}${told}: ${figure(current.value, unit, current.reason)} over ${spanOf(current.range)} against ${figure(before.value, unit, before.reason)} over ${spanOf(before.range)}.`,
        notComparable.length > 0 ? `The two do not compare: ${notComparable.join("; ")}.` : changeWords(change, unit),
        compared.changePerDay === null ? null : `A day: ${signed(compared.changePerDay)}.`,
        caveats.length === 0 ? null : `Mind: ${caveats.join("; ")}.`,
        listed(
          compared.rows.map(({ members, ...row }) => {
            const own = Object.values(members).map((member) => quoted(names.get(member ?? "") ?? member));
            const relative = row.change?.relative;
            return `${own.join(", ")}: ${figure(row.current, unit, row.reason)} against ${figure(row.previous, unit, row.reason)}${relative == null ? "" : ` (${signed(relative)})`}`;
          }),
        ),
        trustWords(current),
        ...messages(compared),
      ),
      data: {
        unit,
        kind: compared.kind,
        current: current.value,
        previous: before.value,
        previousRange: spanOf(before.range),
        change: change && { difference: change.absolute, relative: change.relative, perDay: compared.changePerDay },
        notComparable,
        caveats,
        rows,
        ...trustOf(current),
        warnings: messages(compared),
      },
      notes: [...notes, ...conditions.notes],
    };
  },
});
