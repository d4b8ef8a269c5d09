import { catalog, runOperation } from "../../operations/index.ts";
import { askPerson } from "../ask-person.ts";
import { changeText } from "../change-text.ts";
import type { Call, Command } from "../command.ts";
import { tableText } from "../table.ts";
import { shown } from "../text.ts";
import { jsonText, withSession } from "../with-session.ts";

const ID = ["<id>", "as the list names it, c_…"] as const;

/** Changes at Anthropic that somebody planned: looked at, and decided by whoever sits at the terminal. */
export const change: Command = {
  examples: ["bursar change list", "bursar change show c_0123456789abcdef", "bursar change approve c_0123456789abcdef"],
  subcommands: {
    list: {
      summary: "list changes that were planned, decided or executed",
      examples: ["bursar change list --json"],
      async run(call) {
        const { io, globals } = call;
        await withSession(call, "read", async (context) => {
          const done = await runOperation(context, await catalog.listChanges(), {});
          if (globals.json) return io.out(jsonText(done));
          if (done.rows.length === 0)
            return io.out(
              done.isOn
                ? "No change yet. An assistant or the dashboard plans one.\n"
                : "No change yet, and changing anything is switched off (BURSAR_ALLOW_WRITES).\n",
            );
          const rows = done.rows.map(({ id, title, state, plannedBy, plannedAt }) => [
            id,
            shown(title),
            state,
            shown(plannedBy.name ?? plannedBy.by),
            plannedAt.slice(0, 16).replace("T", " "),
          ]);
          const titles = ["id", "change", "state", "planned by", "planned (UTC)"];
          return io.out(`${tableText(titles, rows, io.columns())}\n`);
        });
      },
    },
    show: {
      summary: "show one change: request, before and after, what follows, what became of it",
      args: [ID],
      examples: ["bursar change show c_0123456789abcdef"],
      run: (call) =>
        withSession(call, "read", async (context) => {
          const done = await runOperation(context, await catalog.getChange(), { id: idOf(call) });
          return call.io.out(call.globals.json ? jsonText(done) : changeText(done));
        }),
    },
    approve: {
      summary: "approve a planned change, as the person at this terminal",
      args: [ID],
      examples: ["bursar change approve c_0123456789abcdef"],
      async run(call) {
        const { io, globals } = call;
        const id = idOf(call);
        await withSession(call, "change", async (context) => {
          const planned = await runOperation(context, await catalog.getChange(), { id });
          io.err(changeText(planned));
          if (planned.state === "planned" && !(await askPerson(io, `${planned.title}?`))) return;
          const done = await runOperation({ ...context, personAnswered: "terminal" }, await catalog.approveChange(), {
            id,
          });
          await io.out(
            globals.json
              ? jsonText(done)
              : `Approved ${id}. Whoever planned it executes it, before ${done.expiresAt}.\n`,
          );
        });
      },
    },
    decline: {
      summary: "call off a change that was not begun",
      args: [ID],
      examples: ["bursar change decline c_0123456789abcdef"],
      run: (call) =>
        withSession(call, "change", async (context) => {
          const done = await runOperation(context, await catalog.declineChange(), { id: idOf(call) });
          return call.io.out(call.globals.json ? jsonText(done) : `Declined ${done.id}. Nothing was changed.\n`);
        }),
    },
  },
};

function idOf({ args }: Call): string {
  return args[0] ?? "";
}
