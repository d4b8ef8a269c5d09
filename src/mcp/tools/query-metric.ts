import { z } from "zod";

import { dimensions, metrics } from "../../metrics/index.ts";
import type { Answer, AnswerRow } from "../../metrics/index.ts";
import { catalog } from "../../operations/index.ts";
import { defineTool } from "../define-tool.ts";
import { conditionsOf, where } from "../record/conditions.ts";
import { nearNote } from "../record/near-members.ts";
import { cappedMembers, memberNames } from "../record/members.ts";
import { period, periodOf } from "../record/period.ts";
import { loose, messages, trust, trustOf, trustWords, value, warnings } from "../record/trust.ts";
import { asAsked, counted, figure, listedRows, paragraphs, percent, quoted } from "../record/words.ts";

const METRICS = metrics.map(({ id }) => id);
const DIMENSIONS = dimensions.map(({ id }) => id);

export const queryMetric = defineTool({
  name: "query_metric",
  title: "Query a metric",
  description:
    "One figure of the record (spend, tokens, people, output, ratios), whole or split by team, person, model, … and time. The first tool for how much, how many, who most. For why it changed use explain_change; for what it means, describe_metrics.",
  input: z.object({
    metric: z.enum(METRICS),
    by: z.array(z.enum(DIMENSIONS)).max(3).optional(),
    grain: z.enum(["day", "week", "month"]).optional(),
    ...period,
    where,
    kind: z
      .enum(["estimated", "net", "list", "notional"])
      .optional()
      .describe("net: the bill; estimated: Claude Code alone"),
    population: z.enum(["all", "humans", "service", "unmapped"]).optional(),
    source: z.enum(["messages", "claude_code", "analytics", "cost_report"]).optional(),
  }),
  output: z.object({
    unit: z.string(),
    kind: z.string().nullable(),
    population: z.string(),
    value,
    rows: z.array(loose),
    ...trust,
    warnings,
  }),
  permission: "read",
  effect: "read",
  past: true,
  list: "rows",
  async run(call, { metric, by, grain, period: words, from, to, where: texts, ...asked }) {
    const when = await periodOf(call, { period: words, from, to }, metric);
    const range = { from: when.from, to: when.to };
    const conditions = await conditionsOf(call, texts, { metric, ...range, kind: asked.kind });
    const question = { metric, by, grain, ...range, where: conditions.where, ...asked };
    const answer = await call.ask(await catalog.report(), question);
    const names = await memberNames(call, answer.by);
    const near = await nearNote(call, question, answer);
    const { total, unmapped, unpriced } = answer;
    const rows = answer.by.length === 0 && answer.range.grain === null ? [] : answer.rows;
    return {
      text: paragraphs(
        headline(answer),
        listedRows(rows, (row) => line(answer, row, names)),
        trustWords(answer),
        aside(answer),
        ...messages(answer),
      ),
      data: {
        unit: answer.unit,
        kind: answer.kind,
        population: answer.population,
        value: total.value,
        ...(total.reason === undefined ? {} : { reason: total.reason }),
        ...(total.parts === undefined ? {} : { parts: total.parts }),
        ...(total.average === undefined ? {} : { average: total.average }),
        rows: rows.map((row) => shownRow(answer, row, names)),
        source: answer.source,
        ...trustOf(answer),
        ...(unmapped.value === null ? {} : { unmapped: { value: unmapped.value, share: unmapped.share } }),
        ...(unpriced.models.length === 0 ? {} : { unpriced: [...unpriced.models] }),
        warnings: messages(answer),
      },
      notes: [...when.notes, ...conditions.notes, ...near],
    };
  },
});

function headline({ title, kind, range, population, where: conditions, total, unit, source }: Answer): string {
  const told = asAsked(
    kind,
    conditions,
    ...(population === "all" ? [] : [`of ${population}`]),
    `from ${source.join(" and ") || "no report"}`,
  );
  const average = total.average == null ? "" : `, ${Number(total.average.toFixed(2))} on average`;
  return `${title}, ${range.from} to ${range.to} UTC: ${figure(total.value, unit, total.reason)}${average}${told}.`;
}

function line(answer: Answer, row: AnswerRow, names: ReadonlyMap<string, string>): string {
  const members = answer.by.map((dimension) => {
    const member = row[dimension];
    if (member === null || member === undefined) return `(no ${dimension.replaceAll("_", " ")})`;
    const name = names.get(String(member));
    return name === undefined ? quoted(String(member)) : `${quoted(name)} ${String(member)}`;
  });
  const { grain } = answer.range;
  const place = grain === null ? [] : [String(row[grain] ?? row["day"])];
  const marks = [row.provisional ? "provisional" : "", row.partial ? "in part" : "", row.lowSample ? "few" : ""];
  const said = marks.filter(Boolean).join(", ");
  const told = figure(row.value, answer.unit, row.reason);
  return `${[...place, ...members].join(", ")}: ${told}${said === "" ? "" : ` (${said})`}`;
}

/** Where all rows are of one report, the answer names it once. */
function shownRow({ by, source: sources }: Answer, { source, ...row }: AnswerRow, names: ReadonlyMap<string, string>) {
  return cappedMembers(sources.length > 1 ? { ...row, source } : row, by, names);
}

/** What the figure leaves open: keys that nobody claimed, models without a price, records that contradict themselves. */
function aside({ unmapped, unpriced, unit, conflicted, activeOutsideDenominator: outside }: Answer): string {
  const share = unmapped.share === null ? "" : `, ${percent(unmapped.share)}`;
  return [
    ...(unmapped.value === null || Number(unmapped.value) === 0
      ? []
      : [
          unit === "people"
            ? `${counted(unmapped.actors ?? 0, "key")} that nobody claimed are not counted as people.`
            : `Of keys that nobody claimed: ${figure(unmapped.value, unit)}${share}.`,
        ]),
    ...(unpriced.models.length === 0
      ? []
      : [`Without a known price: ${unpriced.models.map((model) => quoted(model)).join(", ")}.`]),
    ...(conflicted === 0 ? [] : [`${counted(conflicted, "record")} contradict themselves and are in no total.`]),
    ...(outside === undefined || outside.length === 0
      ? []
      : [`${counted(outside.length, "person", "people")} were active and are not among who could be.`]),
  ].join(" ");
}
