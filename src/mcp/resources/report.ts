import { z } from "zod";

import { catalog } from "../../operations/index.ts";
import { defineResource } from "../define-resource.ts";

const grain = z.enum(["day", "week", "month"]).optional().catch(undefined);

export const report = defineResource({
  name: "report",
  uri: "bursar://reports/{metric}.csv{?from,to,by,grain}",
  title: "A report as CSV",
  description:
    "One metric over the last 30 days, or from a day to another, split by up to three dimensions (commas between).",
  mimeType: "text/csv",
  permission: "read",
  completes: { metric: "metric", by: "dimension" },
  async read({ ask }, { metric = "", from, to, by, grain: step }) {
    const dimensions = by?.split(",").filter((name) => name !== "");
    const answer = await ask(await catalog.report(), { metric, from, to, by: dimensions, grain: grain.parse(step) });
    const { unit, kind, completeThrough } = answer;
    const isWhole = answer.by.length === 0 && answer.range.grain === null;
    const rows = isWhole ? [{ from: answer.range.from, to: answer.range.to, ...answer.total }] : answer.rows;
    return { rows: rows.map((row) => ({ ...row, unit, kind, completeThrough })) };
  },
});
