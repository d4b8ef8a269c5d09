import { Failure } from "../../domain/index.ts";
import { catalog, runOperation } from "../../operations/index.ts";
import type { Command } from "../command.ts";
import { counted } from "../text.ts";
import { jsonText, withSession } from "../with-session.ts";

export const disconnect: Command = {
  options: [
    ["--name <name>", "name of the connection (main)"],
    ["--purge", "also erase everything that was read of its organization; asks for --yes"],
    ["--yes", "yes, erase it"],
  ],
  examples: ["bursar disconnect --name main", "bursar disconnect --name main --purge --yes"],
  async run(call) {
    const { io, options, globals } = call;
    const purge = options.flag("purge");
    if (purge && !options.flag("yes")) {
      const problem = "erases every record of the organization, which cannot be taken back";
      throw new Failure("input.invalid", { field: "--purge", problem, remedy: "Add --yes if that is what you want." });
    }
    await withSession(call, "change", async (context) => {
      const connection = options.text("name") ?? "main";
      const done = await runOperation(context, await catalog.disconnect(), { connection, purge });
      if (globals.json) return io.out(jsonText(done));
      const key = done.keyDestroyed
        ? `Destroyed the key of ${done.connection}.`
        : `${done.connection} had no key any more.`;
      const data =
        done.purged === null
          ? "What was read stays; connect again to go on."
          : `Erased the content of ${counted(done.purged, "version")} of records; the ledger still verifies.`;
      return io.out(`${key} ${data}\n`);
    });
  },
};
