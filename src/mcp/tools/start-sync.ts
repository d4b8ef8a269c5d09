import { z } from "zod";

import { catalog } from "../../operations/index.ts";
import type { SyncRun } from "../../operations/index.ts";
import { defineTool } from "../define-tool.ts";
import { paragraphs } from "../record/words.ts";

export const startSync = defineTool({
  name: "start_sync",
  title: "Start a sync",
  description:
    "Reads from Anthropic what the record lacks, waits, and says how it ended; changes nothing there. Use it when sync_status shows gaps or old data; backfillFrom reads earlier days.",
  input: z.object({
    connection: z.string().optional(),
    streams: z.array(z.string()).optional(),
    backfillFrom: z.string().optional().describe("a day, or all"),
    wait: z.boolean().default(true),
  }),
  output: z.object({
    id: z.string(),
    isNew: z.boolean(),
    outcome: z.enum(["running", "complete", "partial", "credential", "failed"]),
    problem: z.string().nullable(),
    endedAt: z.string().nullable(),
  }),
  permission: "sync",
  effect: "order",
  async run(call, { connection, streams, backfillFrom, wait }) {
    const order = { connection, streams };
    const started = await call.startSync(
      backfillFrom === undefined ? { what: "sync", ...order } : { what: "backfill", from: backfillFrom, ...order },
    );
    const run = wait ? await started.ended() : started.run;
    const outcome = outcomeOf(run);
    const { advice } = await call.ask(await catalog.status(), {});
    return {
      text: paragraphs(
        started.isNew ? null : "One was running already; this is what came of it.",
        WORDS[outcome],
        run.problem,
        outcome === "running" || advice.length === 0 ? null : `Next: ${advice.join(" ")}`,
      ),
      data: { id: run.id, isNew: started.isNew, outcome, problem: run.problem, endedAt: run.endedAt },
    };
  },
});

type Outcome = "running" | "complete" | "partial" | "credential" | "failed";

const WORDS: Readonly<Record<Outcome, string>> = {
  running: "It is running. sync_status shows how far it is.",
  complete: "Everything asked for was read; the record is complete as far as Anthropic has data.",
  partial: "It ended early: what was read is kept, the rest comes with the next sync.",
  credential: "Anthropic refused the key. An admin has to replace it: Connections in the dashboard, or bursar connect.",
  failed: "It failed. Nothing half-read was kept.",
};

/** As the program of a sync ends. */
function outcomeOf({ exit, endedAt }: SyncRun): Outcome {
  if (endedAt === null) return "running";
  return exit === 0 ? "complete" : exit === 3 ? "partial" : exit === 4 ? "credential" : "failed";
}
