import { catalog, runOperation } from "../../operations/index.ts";
import type { Command } from "../command.ts";
import { tableText } from "../table.ts";
import { shown } from "../text.ts";
import { jsonText, withSession } from "../with-session.ts";

const TITLES = ["id", "assistant", "of", "scopes", "until", "used (UTC)"];

/** What people allowed assistants on the server; over stdio there is nothing to allow. */
export const assistant: Command = {
  examples: ["bursar assistant list", "bursar assistant revoke g_0123456789ab"],
  subcommands: {
    list: {
      summary: "list the assistants that were let in",
      examples: ["bursar assistant list --json"],
      async run(call) {
        const { io, globals } = call;
        await withSession(call, "read", async (context) => {
          const done = await runOperation(context, await catalog.listGrants(), {});
          if (globals.json) return io.out(jsonText(done));
          if (done.grants.length === 0)
            return io.out("No assistant was let in. Each asks its person when it connects to /mcp of bursar serve.\n");
          const rows = done.grants.map(({ id, client, account, scopes, expiresAt, usedAt }) => [
            id,
            shown(client.name),
            shown(account.name),
            scopes.join(", "),
            expiresAt.slice(0, 10),
            usedAt?.slice(0, 16).replace("T", " ") ?? "never",
          ]);
          return io.out(`${tableText(TITLES, rows, io.columns())}\n`);
        });
      },
    },
    revoke: {
      summary: "disconnect an assistant at once",
      args: [["<id>", "as the list names it"]],
      examples: ["bursar assistant revoke g_0123456789ab"],
      async run(call) {
        const { args, io, globals } = call;
        await withSession(call, "change", async (context) => {
          const done = await runOperation(context, await catalog.revokeGrant(), { id: args[0] ?? "" });
          return io.out(globals.json ? jsonText(done) : `Disconnected ${shown(done.client.name)} (${done.id}).\n`);
        });
      },
    },
  },
};
