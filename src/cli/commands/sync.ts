import { catalog, runOperation } from "../../operations/index.ts";
import type { Command } from "../command.ts";
import { exitOf, runText, withProgress } from "../run-sync.ts";
import { counted, grouped } from "../text.ts";
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
      await io.out(
        globals.json ? jsonText(done) : done.runs.map((run) => runText(run, call)).join("") + agedText(done.retention),
      );
      return exitOf(done.outcome);
    });
  },
};

/** What a sync destroyed as it was told to is said where it happened: it cannot be undone. */
function agedText(retention: { readonly before: string; readonly versions: number; readonly people: number } | null) {
  if (retention === null) return "";
  const { before, versions, people } = retention;
  return `  retention: ${counted(versions, "record")} before ${before} stand under pseudonyms now; identities: ${grouped(people)}\n`;
}
