import { Failure } from "../../domain/index.ts";
import { catalog, runOperation } from "../../operations/index.ts";
import type { Command } from "../command.ts";
import { exitOf, runText, withProgress } from "../run-sync.ts";
import { jsonText, withSession } from "../with-session.ts";

export const backfill: Command = {
  options: [
    ["--from <day>", "first day to hold"],
    ["--all", "as far back as each stream gives"],
    ["--name <name>", "one connection only"],
    ["--stream <stream>...", "only this stream"],
  ],
  examples: ["bursar backfill --all", "bursar backfill --from 2026-01-01 --name main"],
  async run(call) {
    const { io, options, globals } = call;
    const from = options.day("from") ?? (options.flag("all") ? "all" : undefined);
    if (from === undefined || (from !== "all" && options.flag("all"))) {
      throw new Failure("input.invalid", {
        field: "--from",
        problem: "exactly one of --from and --all is needed",
        remedy: "Give --from YYYY-MM-DD or --all.",
      });
    }
    const connection = options.text("name");
    const streams = options.list("stream");
    return withSession(call, "change", async (context) => {
      const operation = await catalog.backfill();
      const done = await withProgress(call, context, (watched) =>
        runOperation(watched, operation, { from, connection, streams }),
      );
      await io.out(globals.json ? jsonText(done) : done.runs.map((run) => runText(run, call)).join(""));
      return exitOf(done.outcome);
    });
  },
};
