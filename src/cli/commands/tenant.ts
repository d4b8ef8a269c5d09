import { catalog, runOperation } from "../../operations/index.ts";
import type { Command } from "../command.ts";
import { tableText } from "../table.ts";
import { jsonText, withSession } from "../with-session.ts";

export const tenant: Command = {
  examples: ["bursar tenant add acme", "bursar connect --tenant acme --name main", "bursar tenant list"],
  subcommands: {
    add: {
      summary: "make a tenant with a ledger and connections of its own",
      args: [["<name>", "1 to 63 lower-case letters, digits and dashes"]],
      examples: ["bursar tenant add acme"],
      async run(call) {
        const { io, args, globals } = call;
        await withSession(call, "write", async (context) => {
          const done = await runOperation(context, await catalog.addTenant(), { name: args[0] ?? "" });
          await io.out(
            globals.json ? jsonText(done) : `Added tenant ${done.name}. Use it with --tenant ${done.name}.\n`,
          );
        });
      },
    },
    list: {
      summary: "list the tenants",
      examples: ["bursar tenant list --json"],
      async run(call) {
        const { io, globals } = call;
        await withSession(call, "read", async (context) => {
          const done = await runOperation(context, await catalog.listTenants(), {});
          if (globals.json) return io.out(jsonText(done));
          const rows = done.tenants.map(({ name, createdAt }) => [name, createdAt.slice(0, 10)]);
          return io.out(`${tableText(["tenant", "since"], rows, io.columns())}\n`);
        });
      },
    },
  },
};
