import { z } from "zod";

import { catalog } from "../../operations/index.ts";
import { defineTool } from "../define-tool.ts";
import { changeWords } from "../record/change-words.ts";
import { conditionsOf, where } from "../record/conditions.ts";
import { capped, memberNames } from "../record/members.ts";
import { period, twoPeriodsOf } from "../record/period.ts";
import { loose, messages, spanOf, trust, trustOf, trustWords, value, warnings } from "../record/trust.ts";
import { asAsked, figure, listed, paragraphs, percent, quoted } from "../record/words.ts";

/** Who and what can make up a jump; each is told by the kind of money that knows it. */
const WHO_AND_WHAT = ["team", "person", "model", "workspace", "api_key", "terminal"];

export const explainChangeTool = defineTool({
  name: "explain_change",
  title: "Explain a change",
  description:
    "Why a sum (cost, tokens, sessions, …) rose or fell: which teams, people, models, workspaces and keys make up the difference to the period before, largest first. For ratios use compare_periods.",
  input: z.object({
    metric: z.string().default("cost"),
    ...period,
    against: z.string().optional().describe("default: the one before"),
    by: z.array(z.string()).optional(),
    where,
    kind: z.enum(["estimated", "net", "list", "notional"]).optional(),
    most: z.int().min(1).max(50).default(5).describe("parts of each"),
  }),
  output: z.object({
    unit: z.string(),
    kind: z.string().nullable(),
    current: value,
    previous: value,
    difference: value,
    notComparable: z.string().nullable(),
    dimensions: z.array(z.looseObject({ dimension: z.string(), parts: z.array(loose) })),
    ...trust,
    warnings,
  }),
  permission: "read",
  effect: "read",
  past: true,
  async run(call, { metric, against, by, where: texts, kind, most, ...words }) {
    const { from, to, previous, notes } = await twoPeriodsOf(call, words, against, metric);
    const conditions = await conditionsOf(call, texts, { metric, from, to, kind });
    const question = {
      metric,
      from,
      to,
      where: conditions.where,
      most,
      ...(previous === null ? {} : { previousFrom: previous.from, previousTo: previous.to }),
    };
    const operation = await catalog.explainChange();
    const found = await call.ask(operation, { ...question, kind, by: by ?? WHO_AND_WHAT });
    const untold = found.dimensions.filter(({ unavailable }) => unavailable !== null).map(({ dimension }) => dimension);
    // An estimate knows no workspace and no key; a bill may.
    const asBill = kind === undefined && found.kind === "estimated" && untold.length > 0;
    const bill = asBill ? await call.ask(operation, { ...question, kind: "net", by: untold }) : null;
    const names = await memberNames(call, by ?? WHO_AND_WHAT);
    const { unit } = found;
    const dimensions = found.dimensions.map((one) => {
      const told = one.unavailable === null ? undefined : bill?.dimensions.find(isOf(one.dimension));
      const isBill = told !== undefined && told.unavailable === null;
      return { kind: isBill ? ("net" as const) : found.kind, ...(isBill ? told : one) };
    });
    return {
      text: paragraphs(
        `${found.title}${asAsked(found.kind, conditions.where)}: ${figure(found.current.value, unit, found.current.reason)} over ${spanOf(found.current.range)} against ${figure(found.previous.value, unit, found.previous.reason)} over ${spanOf(found.previous.range)}.`,
        found.notComparable === null
          ? changeWords(found.change, unit)
          : `Nothing to compare with: ${found.notComparable}.`,
        ...dimensions.map(({ dimension, kind: of, unavailable, difference, contributions, remainder }) => {
          if (unavailable !== null) return `By ${dimension}: ${unavailable}`;
          const whole = of === found.kind ? "" : ` (${of} cost, a difference of ${figure(difference, unit)})`;
          const rest = remainder === null ? [] : [`${remainder.members} others: ${figure(remainder.difference, unit)}`];
          const lines = contributions.map(({ key, share, isNew, isGone, ...part }) => {
            const name = quoted(key === null ? null : (names.get(key) ?? key), `(no ${dimension})`);
            const marks = [isNew ? "new" : "", isGone ? "gone" : "", share === null ? "" : percent(share)];
            return `${name}: ${figure(part.difference, unit)} (${marks.filter(Boolean).join(", ")})`;
          });
          return `By ${dimension}${whole}:\n${listed([...lines, ...rest])}`;
        }),
        trustWords({ ...found, range: found.current.range }),
        ...messages(found),
      ),
      data: {
        unit,
        kind: found.kind,
        current: found.current.value,
        previous: found.previous.value,
        previousRange: spanOf(found.previous.range),
        difference: found.change?.absolute ?? null,
        relative: found.change?.relative ?? null,
        notComparable: found.notComparable,
        dimensions: dimensions.map(
          ({ dimension, kind: of, unavailable, source, difference, contributions, remainder }) =>
            unavailable === null
              ? {
                  dimension,
                  kind: of,
                  source,
                  difference,
                  parts: contributions.map(({ key, isNew, isGone, ...part }) => ({
                    key: key === null ? null : capped(key),
                    ...(key !== null && names.has(key) ? { name: capped(names.get(key)!) } : {}),
                    ...part,
                    ...(isNew ? { isNew } : {}),
                    ...(isGone ? { isGone } : {}),
                  })),
                  remainder,
                }
              : { dimension, unavailable, parts: [] },
        ),
        ...trustOf({ ...found, range: found.current.range }),
        warnings: messages(found),
      },
      notes: [...notes, ...conditions.notes],
    };
  },
});

function isOf(dimension: string) {
  return (one: { readonly dimension: string }) => one.dimension === dimension;
}
