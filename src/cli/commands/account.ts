import { Failure } from "../../domain/index.ts";
import { catalog, runOperation } from "../../operations/index.ts";
import type { Call, Command } from "../command.ts";
import { linkOf } from "../link-text.ts";
import { tableText } from "../table.ts";
import { shown } from "../text.ts";
import { jsonText, withSession } from "../with-session.ts";

const ROLES = ["viewer", "analyst", "admin", "auditor"] as const;
const URL_OPTION = ["--url <address>", "where the dashboard is reached, for the link"] as const;

export const account: Command = {
  examples: [
    "bursar account add --email ada@example.com --role admin",
    "bursar account list",
    "bursar account link ada@example.com",
  ],
  subcommands: {
    add: {
      summary: "make an account and a link to choose its password",
      options: [
        ["--email <address>", "what it signs in with"],
        ["--name <name>", "of the person"],
        ["--role <role>", `one of ${ROLES.join(", ")} (viewer)`],
        ["--people", "may see individuals"],
        URL_OPTION,
      ],
      examples: ["bursar account add --email ada@example.com --name Ada --role admin --people"],
      async run(call) {
        const { options, io, globals } = call;
        const input = {
          email: options.needed("email"),
          name: options.text("name"),
          role: options.choice("role", ROLES),
          people: options.flag("people"),
        };
        await withSession(call, "change", async (context, session) => {
          const done = await runOperation(context, await catalog.inviteAccount(), input);
          const link = done.link && { ...done.link, url: linkOf(call, session, done.link.token) };
          if (globals.json) return io.out(jsonText({ ...done, link }));
          const { email, role, people } = done.account;
          const rights = `${role}${people ? " who may see individuals" : ""}`;
          const how =
            link === null
              ? "It has an account of another tenant and signs in as before."
              : `To choose a password, once and until ${link.expiresAt}, open\n${link.url}`;
          return io.out(`Added ${shown(email ?? "")} as ${rights} of tenant ${context.scope.tenant}.\n${how}\n`);
        });
      },
    },
    list: {
      summary: "list the accounts of a tenant",
      examples: ["bursar account list --json"],
      async run(call) {
        const { io, globals } = call;
        await withSession(call, "read", async (context) => {
          const done = await runOperation(context, await catalog.listAccounts(), {});
          if (globals.json) return io.out(jsonText(done));
          if (done.accounts.length === 0) {
            return io.out(
              "No account yet. Make one with bursar account add, or open the link that bursar serve prints.\n",
            );
          }
          const rows = done.accounts.map(({ email, name, role, people, secondFactor, disabled, signedInAt }) => [
            shown(email ?? "—"),
            shown(name),
            role,
            people ? "yes" : "no",
            secondFactor ? "yes" : "no",
            disabled ? "disabled" : (signedInAt?.slice(0, 10) ?? "never"),
          ]);
          const titles = ["e-mail", "name", "role", "sees individuals", "second factor", "signed in"];
          return io.out(`${tableText(titles, rows, io.columns())}\n`);
        });
      },
    },
    change: {
      summary: "change what an account may do in a tenant",
      args: [["<account>", "e-mail or id"]],
      options: [
        ["--role <role>", `one of ${ROLES.join(", ")}`],
        ["--people <answer>", "may see individuals: yes or no"],
        ["--disabled <answer>", "may not come in: yes or no"],
        ["--person <id>", "who it is in the roster, as people list names them"],
      ],
      examples: ["bursar account change ada@example.com --role auditor --people no"],
      async run(call) {
        const { options, args, io, globals } = call;
        const input = {
          account: args[0] ?? "",
          ...given("role", options.choice("role", ROLES)),
          ...given("people", yesOrNo(call, "people")),
          ...given("disabled", yesOrNo(call, "disabled")),
          ...given("personId", options.text("person")),
        };
        await withSession(call, "change", async (context) => {
          const done = await runOperation(context, await catalog.changeAccount(), input);
          if (globals.json) return io.out(jsonText(done));
          const { email, id, role, people, disabled } = done.account;
          const state = `${role}, ${people ? "sees" : "does not see"} individuals${disabled ? ", disabled" : ""}`;
          return io.out(`${shown(email ?? id)}: ${state}. Sessions ended: ${done.sessionsEnded}.\n`);
        });
      },
    },
    "reset-second-factor": {
      summary: "let in again who lost their second factor",
      args: [["<account>", "e-mail or id"]],
      examples: ["bursar account reset-second-factor ada@example.com"],
      async run(call) {
        const { args, io, globals } = call;
        await withSession(call, "change", async (context) => {
          const done = await runOperation(context, await catalog.resetSecondFactor(), { account: args[0] ?? "" });
          if (globals.json) return io.out(jsonText(done));
          return io.out(
            done.removed
              ? `Removed. The password alone signs in again. Sessions ended: ${done.sessionsEnded}.\n`
              : "It has no second factor.\n",
          );
        });
      },
    },
    link: {
      summary: "make a link that signs an account in once",
      args: [["<account>", "e-mail or id"]],
      options: [URL_OPTION],
      examples: ["bursar account link ada@example.com"],
      async run(call) {
        const { args, io, globals } = call;
        await withSession(call, "change", async (context, session) => {
          const done = await runOperation(context, await catalog.issueSignInLink(), { account: args[0] ?? "" });
          const url = linkOf(call, session, done.link.token);
          if (globals.json) return io.out(jsonText({ ...done, link: { ...done.link, url } }));
          return io.out(`Once and until ${done.link.expiresAt}, open\n${url}\n`);
        });
      },
    },
  },
};

function given<Name extends string, Value>(name: Name, value: Value | undefined): { [One in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [One in Name]?: Value });
}

function yesOrNo({ options }: Call, name: string): boolean | undefined {
  const text = options.text(name);
  if (text === undefined) return undefined;
  if (text !== "yes" && text !== "no") {
    throw new Failure("input.unknown_value", { field: `--${name}`, value: text, choices: "yes, no" });
  }
  return text === "yes";
}
