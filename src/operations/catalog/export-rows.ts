import { z } from "zod";

import { Failure, parseDay } from "../../domain/index.ts";
import { checkExport, exportRows as rowsOf, findExport, type ExportRow } from "../../metrics/index.ts";
import { defineOperation } from "../define.ts";
import { inSnapshot } from "../in-snapshot.ts";
import { refuseStale } from "../stale-rows.ts";

const FIRST = 0;
const LAST = 2_932_896; // 9999-12-31

export const exportRows = defineOperation({
  id: "exportRows",
  title: "Export rows",
  summary: "The rows of one table with every value spelled out, as a stream.",
  input: z.object({
    rows: z.string(),
    /** Inclusive days, `YYYY-MM-DD`. */
    from: z.string().optional(),
    to: z.string().optional(),
  }),
  output: z.object({
    id: z.string(),
    columns: z.array(z.string()).readonly(),
    rows: z.custom<AsyncIterable<ExportRow>>(
      (value) => typeof value === "object" && value !== null && Symbol.asyncIterator in value,
    ),
  }),
  permission: "export",
  effect: "read",
  audit: {
    event: "rows.exported",
    facts: ({ id }, { from, to }) => ({ rows: id, from: from ?? null, to: to ?? null }),
  },
  async run(context, input) {
    const { store, scope } = context;
    const found = findExport(input.rows);
    // Before the first row: a surface may have begun its answer when that is read.
    checkExport(scope, found);
    const from = input.from === undefined ? FIRST : parseDay(input.from, "from");
    const to = input.to === undefined ? LAST : parseDay(input.to, "to");
    if (from > to)
      throw new Failure("input.range_reversed", { field: "from", from: input.from ?? null, to: input.to ?? null });
    if (!found.daily && (input.from !== undefined || input.to !== undefined)) {
      throw new Failure("input.invalid", {
        field: "from",
        problem: `${found.id} is a list and has no days`,
        remedy: "Leave --from and --to out.",
      });
    }
    await refuseStale(context);
    const { id, columns } = found;
    return { id, columns, rows: inSnapshot(store, (tx) => rowsOf(tx, scope, found, { from, to: to + 1 })) };
  },
});
