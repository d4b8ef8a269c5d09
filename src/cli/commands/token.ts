import { TOKEN_SCOPES } from "../../access/index.ts";
import { Failure } from "../../domain/index.ts";
import { catalog, runOperation } from "../../operations/index.ts";
import type { Command } from "../command.ts";
import { tableText } from "../table.ts";
import { shown } from "../text.ts";
import { jsonText, withSession } from "../with-session.ts";

export const token: Command = {
  examples: [
    "bursar token create --name grafana --scopes read",
    "bursar token list",
    "bursar token revoke t_0123456789ab",
  ],
  subcommands: {
    create: {
      summary: "make an API token; it is shown once",
      options: [
        ["--name <name>", "what it is for"],
        ["--scopes <list>", `permissions with commas between them: ${TOKEN_SCOPES.join(", ")} (read)`],
        ["--days <number>", "days until it ends, at most 365 (90)"],
      ],
      examples: ["bursar token create --name grafana --scopes read,export --days 365"],
      async run(call) {
        const { options, io, globals } = call;
        const scopes = (options.text("scopes") ?? "read").split(",").map((scope) => scopeOf(scope.trim()));
        const name = options.needed("name");
        const days = options.whole("days", 1, 365);
        await withSession(call, "change", async (context) => {
          const done = await runOperation(context, await catalog.createToken(), { name, scopes, days });
          if (globals.json) return io.out(jsonText(done));
          io.err(
            `bursar: token ${done.id} of tenant ${context.scope.tenant} for ${done.scopes.join(", ")}, until ${done.expiresAt}\n`,
          );
          io.err("bursar: it is shown this once; send it as Authorization: Bearer TOKEN\n");
          return io.out(`${done.token}\n`);
        });
      },
    },
    list: {
      summary: "list the API tokens of a tenant",
      examples: ["bursar token list --json"],
      async run(call) {
        const { io, globals } = call;
        await withSession(call, "read", async (context) => {
          const done = await runOperation(context, await catalog.listTokens(), {});
          if (globals.json) return io.out(jsonText(done));
          if (done.tokens.length === 0) return io.out("No token yet. Make one with bursar token create.\n");
          const rows = done.tokens.map(({ id, name, account, scopes, expiresAt, isExpired, usedAt }) => [
            id,
            shown(name),
            account === null ? "operator" : shown(account.name),
            scopes.join(", "),
            isExpired ? "expired" : expiresAt.slice(0, 10),
            usedAt?.slice(0, 16).replace("T", " ") ?? "never",
          ]);
          const titles = ["id", "name", "of", "scopes", "until", "used (UTC)"];
          return io.out(`${tableText(titles, rows, io.columns())}\n`);
        });
      },
    },
    revoke: {
      summary: "end an API token at once",
      args: [["<id>", "as the list names it"]],
      examples: ["bursar token revoke t_0123456789ab"],
      async run(call) {
        const { args, io, globals } = call;
        await withSession(call, "change", async (context) => {
          const done = await runOperation(context, await catalog.revokeToken(), { id: args[0] ?? "" });
          return io.out(globals.json ? jsonText(done) : `Revoked ${done.id} (${shown(done.name)}).\n`);
        });
      },
    },
  },
};

function scopeOf(text: string): (typeof TOKEN_SCOPES)[number] {
  const scope = TOKEN_SCOPES.find((one) => one === text);
  if (scope === undefined) {
    throw new Failure("input.unknown_value", { field: "--scopes", value: text, choices: TOKEN_SCOPES.join(", ") });
  }
  return scope;
}
