import { catalog, runOperation } from "../../operations/index.ts";
import type { Command } from "../command.ts";
import { stepDisplay } from "../step-display.ts";
import { counted, grouped, shown } from "../text.ts";
import { jsonText, withSession } from "../with-session.ts";

export const backup: Command = {
  args: [["<dir>", "a folder that is not there yet, or is empty"]],
  options: [["--with-kek", "take the key-encryption key along: whoever has the folder then has your Admin key"]],
  examples: ["bursar backup ./backups/2026-11-01", "bursar backup ./backups/2026-11-01 --json"],
  async run(call) {
    const { io, args, options, globals } = call;
    const withKek = options.flag("withKek");
    if (withKek)
      io.err(
        "bursar: the backup holds the key-encryption key: whoever has it can open every sealed key. Keep it as you would keep the key itself.\n",
      );
    const steps = stepDisplay(io);
    await withSession(call, "change", async (context) => {
      const input = { dir: args[0] ?? "", withKek };
      const done = await runOperation({ ...context, onStep: steps.show }, await catalog.backup(), input).finally(
        steps.end,
      );
      if (globals.json) return io.out(jsonText(done));
      const tenants = done.tenants.map(({ name, leaves, signed }) => {
        const known = signed === null ? "nothing signed" : `signed at ${grouped(signed)}`;
        return `  ${shown(name)}: ${counted(leaves, "leaf", "leaves")}, ${known}`;
      });
      const kek = done.withKek
        ? "It holds the key-encryption key."
        : `It does not hold the key-encryption key (${shown(done.kekFile)}): keep a copy of that apart, without it no key can be opened.`;
      return io.out(
        [
          `Wrote ${grouped(done.bytes)} bytes to ${shown(done.dir)}.`,
          ...tenants,
          kek,
          `Put it back with: bursar restore ${shown(done.dir)} --data NEW-FOLDER`,
          "",
        ].join("\n"),
      );
    });
  },
};
