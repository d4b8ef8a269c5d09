import { catalog, runOperation } from "../../operations/index.ts";
import type { Command } from "../command.ts";
import { exitOf, runText, withProgress } from "../run-sync.ts";
import { jsonText, withSession } from "../with-session.ts";

export const sync: Command = {
  options: [
    ["--name <name>", "one connection only"],
    ["--stream <stream>...", "only this stream"],
  ],
  examples: ["bursar sync", "bursar sync --name main --stream cost_report --json"],
  async run(call) {
    const { io, options, globals } = call;
    const connection = options.text("name");
    const streams = options.list("stream");
    return withSession(call, "change", async (context) => {
      const operation = await catalog.sync();
      const done = await withProgress(call, context, (watched) =>
        runOperation(watched, operation, { connection, streams }),
      );
      await io.out(globals.json ? jsonText(done) : done.runs.map((run) => runText(run, call)).join(""));
      return exitOf(done.outcome);
    });
  },
};
