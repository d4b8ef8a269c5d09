import { catalog, runOperation } from "../../operations/index.ts";
import type { Command } from "../command.ts";
import { jsonText, withSession } from "../with-session.ts";

export const disconnect: Command = {
  options: [["--name <name>", "name of the connection (main)"]],
  examples: ["bursar disconnect --name main"],
  async run(call) {
    const { io, options, globals } = call;
    await withSession(call, "write", async (context) => {
      const done = await runOperation(context, await catalog.disconnect(), {
        connection: options.text("name") ?? "main",
      });
      if (globals.json) return io.out(jsonText(done));
      return io.out(
        done.keyDestroyed
          ? `Destroyed the key of ${done.connection}. What was read stays; connect again to go on.\n`
          : `${done.connection} has no key already.\n`,
      );
    });
  },
};
