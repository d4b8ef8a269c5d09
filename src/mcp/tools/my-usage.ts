import { z } from "zod";

import { catalog } from "../../operations/index.ts";
import { defineTool } from "../define-tool.ts";
import { period, periodOf } from "../record/period.ts";
import { dataOf, personAnswer, textOf } from "../record/person-answer.ts";

export const myUsageTool = defineTool({
  name: "my_usage",
  title: "My usage",
  description:
    "The caller's own activity, output and cost over days. Use it for how much have I used; for somebody else person_usage.",
  input: z.object(period),
  output: personAnswer.partial().extend({ unlinked: z.string().optional() }),
  permission: "own",
  effect: "read",
  past: true,
  async run(call, words) {
    const when = await periodOf(call, words);
    const { from, to } = when;
    const { usage, unlinked } = await call.ask(await catalog.myUsage(), { from, to });
    if (usage !== null) return { text: textOf(usage), data: dataOf(usage), notes: when.notes };
    const why = unlinked === null ? "There are no figures." : `${unlinked.reason} ${unlinked.remedy}`;
    return { text: why, data: { unlinked: why } };
  },
});
