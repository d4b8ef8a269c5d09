import { catalog, runOperation } from "../../operations/index.ts";
import { checklistText } from "../checklist-text.ts";
import type { Command } from "../command.ts";
import { shown } from "../text.ts";
import { jsonText, withSession } from "../with-session.ts";

export const probe: Command = {
  options: [["--name <name>", "one connection only"]],
  examples: ["bursar probe", "bursar probe --name main --json"],
  async run(call) {
    const { io, options, globals } = call;
    const connection = options.text("name");
    await withSession(call, "change", async (context) => {
      const done = await runOperation(context, await catalog.probe(), { connection });
      if (globals.json) return io.out(jsonText(done));
      for (const one of done.connections) {
        await io.out(
          `${one.connection}: ${shown(one.organizationName)} (${one.organizationId})\n\n${checklistText(one, io)}`,
        );
      }
      return undefined;
    });
  },
};
