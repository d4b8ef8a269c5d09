import { z } from "zod";

import { catalog } from "../../operations/index.ts";
import { defineTool } from "../define-tool.ts";
import { conditionsOf, where } from "../record/conditions.ts";
import { period, periodOf } from "../record/period.ts";
import { loose, spanOf } from "../record/trust.ts";
import { counted, listed, paragraphs } from "../record/words.ts";

export const listInsightsTool = defineTool({
  name: "list_insights",
  title: "List insights",
  description:
    "What is worth a look: anomalies of spend, wasted cache, stale keys, idle people, late data, …, ranked by money, with evidence. Use it to begin a review; follow up with explain_change, key_hygiene, idle_people.",
  input: z.object({ ...period, where }),
  output: z.object({ range: z.string().nullable(), findings: z.array(loose), notChecked: z.array(loose) }),
  permission: "read",
  effect: "read",
  past: true,
  list: "findings",
  async run(call, { where: texts, ...words }) {
    const when = await periodOf(call, words);
    const { from, to } = when;
    const conditions = await conditionsOf(call, texts, { metric: "cost", from, to });
    const found = await call.ask(await catalog.listInsights(), { from, to, where: [...conditions.where] });
    const { range, findings, none, checks } = found;
    const notChecked = checks.filter(({ ran }) => !ran).map(({ check, reason }) => ({ check, reason }));
    return {
      text: paragraphs(
        none ?? `${counted(findings.length, "finding")}${range === null ? "" : ` over ${spanOf(range)}`}:`,
        listed(findings.map(({ severity, title, sentence }) => `${severity}: ${title}. ${sentence}`)),
        notChecked.length === 0
          ? null
          : `Not checked: ${notChecked.map(({ check, reason }) => `${check} (${reason})`).join("; ")}.`,
      ),
      data: {
        range: range && spanOf(range),
        findings: findings.map(({ check, severity, title, sentence, amountUsd, people, evidence }) => {
          return { check, severity, title, sentence, amountUsd, people, evidence };
        }),
        notChecked,
      },
      notes: [...when.notes, ...conditions.notes],
    };
  },
});
