import { readFile } from "node:fs/promises";

import { Failure } from "../../domain/index.ts";
import { catalog, runOperation } from "../../operations/index.ts";
import type { Call, Command } from "../command.ts";
import { tableText } from "../table.ts";
import { counted, shown } from "../text.ts";
import { jsonText, withSession } from "../with-session.ts";

export const people: Command = {
  examples: ["bursar people load people.csv", "bursar people owner key:ci-bot --service CI", "bursar people list"],
  subcommands: {
    load: {
      summary: "replace the list of people by a CSV file",
      args: [["<file>", "columns email, name, team, cost_centre, manager, starts_on, ends_on, team_from; - is stdin"]],
      options: [
        ["--from <day>", "day from which changes of team hold (today)"],
        ["--preview", "show what would change, and change nothing"],
      ],
      examples: ["bursar people load people.csv", "bursar people load people.csv --preview"],
      async run(call) {
        const { io, args, options, globals } = call;
        const input = { csv: await readText(call, args[0] ?? "-"), from: options.text("from") };
        if (options.flag("preview")) return previewOf(call, input);
        return withSession(call, "change", async (context) => {
          const done = await runOperation(context, await catalog.loadPeople(), input);
          if (globals.json) await io.out(jsonText(done));
          else {
            await io.out(
              `Loaded ${counted(done.people, "person", "people")} in ${counted(done.teams, "team")}: ${done.added} added, ${done.kept} kept, ${done.removed} removed.${done.leftOut === 0 ? "" : ` ${counted(done.leftOut, "person", "people")} of the file had been erased, and stay so.`}\n`,
            );
          }
          return 0;
        });
      },
    },
    owners: {
      summary: "set the owners of keys by a CSV file",
      args: [["<file>", "columns actor, person (an e-mail), service; - is stdin"]],
      examples: ["bursar people owners owners.csv"],
      async run(call) {
        const { io, args, globals } = call;
        const csv = await readText(call, args[0] ?? "-");
        await withSession(call, "change", async (context) => {
          const done = await runOperation(context, await catalog.loadKeyOwners(), { csv });
          if (globals.json) return io.out(jsonText(done));
          for (const actor of done.unknown.slice(0, 10)) io.err(`bursar: no figure names ${shown(actor)} so far\n`);
          return io.out(
            `Set the owners of ${counted(done.owners, "key")}: ${counted(done.persons, "person", "people")}, ${counted(done.services, "service")}.\n`,
          );
        });
      },
    },
    owner: {
      summary: "say who stands behind an API key",
      args: [["<actor>", "key:NAME as a report prints it, apikey_…, or the bare name of a key"]],
      options: [
        ["--person <email>", "a loaded person"],
        ["--service <name>", "a service"],
        ["--none", "take the owner back"],
        ["--force", "also for a key that no record names so far"],
      ],
      examples: [
        "bursar people owner key:ci-bot --service CI",
        "bursar people owner key:ada-laptop --person ada@example.com",
      ],
      async run(call) {
        const { io, args, options, globals } = call;
        const input = {
          actor: args[0] ?? "",
          person: options.text("person"),
          service: options.text("service"),
          none: options.flag("none") ? (true as const) : undefined,
          force: options.flag("force"),
        };
        await withSession(call, "change", async (context) => {
          const done = await runOperation(context, await catalog.setActorOwner(), input);
          if (globals.json) return io.out(jsonText(done));
          if (!done.known) io.err(`bursar: no figure names ${shown(done.actor)} so far\n`);
          const owner =
            done.service === null
              ? done.personId === null
                ? "nobody"
                : `person ${done.personId}`
              : `service ${shown(done.service)}`;
          return io.out(`${shown(done.actor)} belongs to ${owner}.\n`);
        });
      },
    },
    list: {
      summary: "list people and owners of keys",
      examples: ["bursar people list --json"],
      async run(call) {
        const { io, globals } = call;
        await withSession(call, "read", async (context) => {
          const done = await runOperation(context, await catalog.listPeople(), {});
          if (globals.json) return io.out(jsonText(done));
          const width = io.columns();
          const rows = done.people.map((one) => [
            shown(one.name, 60),
            shown(one.emails.join(" "), 80),
            shown(one.team ?? "", 60),
          ]);
          const owners = done.owners.map((one) => [shown(one.actor, 80), shown(one.person ?? one.service ?? "", 60)]);
          const parts = [
            done.people.length === 0
              ? "Nobody is loaded; run bursar people load FILE."
              : tableText(["name", "e-mail", "team"], rows, width),
            ...(owners.length === 0 ? [] : ["", tableText(["key", "owner"], owners, width)]),
          ];
          return io.out(`${parts.join("\n")}\n`);
        });
      },
    },
  },
};

/** What loading the file would change. A file with bad lines is a failure, with every one of them told. */
async function previewOf(call: Call, input: { csv: string; from: string | undefined }): Promise<number> {
  const { io, globals } = call;
  return withSession(call, "read", async (context) => {
    const seen = await runOperation(context, await catalog.previewPeople(), input);
    if (globals.json) await io.out(jsonText(seen));
    else {
      const { added, changed, removed, unchanged } = seen.counts;
      const lines = [
        `${added} added, ${changed} changed, ${removed} removed, ${unchanged} unchanged; nothing was changed so far.`,
        ...seen.added.map((one) => `+ ${shown(one.name, 60)}${one.team === null ? "" : `, ${shown(one.team, 60)}`}`),
        ...seen.removed.map(
          (one) => `- ${shown(one.name, 60)}${one.keys === 0 ? "" : `, owns ${counted(one.keys, "key")}`}`,
        ),
        ...seen.changed.flatMap((one) => [
          `~ ${shown(one.name, 60)}`,
          ...one.changes.map(
            ({ field, before, after, from }) =>
              `    ${field}: ${shown(before ?? "nothing", 60)} -> ${shown(after ?? "nothing", 60)}${from === null ? "" : ` from ${from}`}`,
          ),
        ]),
      ];
      await io.out(`${lines.join("\n")}\n`);
      for (const { line, column, problem, remedy } of seen.problems) {
        io.err(`bursar: line ${line}${column === null ? "" : `, ${column}`} ${problem}. ${remedy}\n`);
      }
    }
    return seen.ok ? 0 : 2;
  });
}

async function readText({ io }: Call, path: string): Promise<string> {
  try {
    if (path !== "-") return await readFile(path, "utf8");
    const chunks: Buffer[] = [];
    for await (const chunk of io.stdin) chunks.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk)));
    return Buffer.concat(chunks).toString("utf8");
  } catch (cause) {
    const problem = cause instanceof Error && "code" in cause ? String(cause.code) : "unreadable";
    throw new Failure("input.file_unreadable", { field: "file", path, problem }, { cause });
  }
}
