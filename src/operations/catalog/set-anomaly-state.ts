import { z } from "zod";

import { dayText, Failure } from "../../domain/index.ts";
import { listAnomalies, putAnomaly, type AnomalyRow, type Tx } from "../../store/index.ts";
import { defineOperation } from "../define.ts";
import { anomaliesSeen } from "../money/anomalies-seen.ts";

export const setAnomalyState = defineOperation({
  id: "setAnomalyState",
  title: "Take note of an unusual day",
  summary: "Says that somebody looks into an unusual day, or that it is explained: acknowledged, then resolved.",
  input: z.object({
    id: z.string().max(500).describe("of a finding with a life"),
    state: z.enum(["acknowledged", "resolved"]),
  }),
  output: z.object({
    id: z.string(),
    state: z.enum(["open", "acknowledged", "resolved"]),
    dimension: z.string(),
    day: z.string(),
  }),
  permission: "settings",
  effect: "write",
  audit: {
    event: (_, { state }) => `anomaly.${state}`,
    // Without its name, which may be a person's.
    facts: ({ dimension, day }) => ({ dimension: dimension === "" ? "organization" : dimension, day }),
  },
  run: async (context, { id, state }) => {
    const { store, scope, caller, clock } = context;
    const find = async (tx: Tx) => (await listAnomalies(tx, scope, 0)).filter(({ anomalyId }) => anomalyId === id);
    const [seen] = await anomaliesSeen(context, await store.read(find));
    if (seen === undefined) throw new Failure("access.unknown", { what: "unusual day" });
    return store.write(async (tx) => {
      const [row = seen] = await find(tx);
      const next = after(row, state, caller.name, clock.now());
      await putAnomaly(tx, scope, next);
      return { id, state: next.state, dimension: row.dimension, day: dayText(row.day) };
    });
  },
});

function after(row: AnomalyRow, state: "acknowledged" | "resolved", by: string, ms: number): AnomalyRow {
  if (row.state === "resolved" || row.state === state) {
    throw new Failure("input.invalid", {
      field: "state",
      problem: `is ${row.state} already`,
      remedy: "Look at it again; nothing was changed.",
    });
  }
  return state === "acknowledged"
    ? { ...row, state, acknowledgedMs: ms, acknowledgedBy: by }
    : { ...row, state, resolvedMs: ms, resolvedBy: by };
}
