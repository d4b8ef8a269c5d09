import { catalog, runOperation } from "../operations/index.ts";
import type { Call, Command } from "./command.ts";
import { styleOf } from "./style.ts";
import { tableText } from "./table.ts";
import { grouped, shown, wrapped } from "./text.ts";
import { jsonText, withSession } from "./with-session.ts";

type Subcommand = NonNullable<Command["subcommands"]>[string];

/** Where the ledger's checkpoints stand outside. */
export const anchorsCommand: Subcommand = {
  summary: "where signed checkpoints stand: witnesses, time stamps, auditors",
  options: [["--limit <count>", "so many of the newest (20)"]],
  examples: ["bursar ledger anchors", "bursar ledger anchors --limit 100 --json"],
  async run(call) {
    const { io, options, globals } = call;
    const limit = options.whole("limit", 1, 500) ?? 20;
    await withSession(call, "read", async (context) => {
      const { now, anchors } = await runOperation(context, await catalog.listAnchors(), { limit });
      if (globals.json) return io.out(jsonText({ now, anchors }));
      const head = `The signed ledger: ${shown(now.states.join("; "), 400)}.\n`;
      const warnings = now.warnings.map(({ text }) => text);
      const rows = anchors.map(({ size, service, says, leafIndex }) => [
        grouped(size),
        shown(service),
        shown(says, 200),
        leafIndex === null ? "" : grouped(leafIndex),
      ]);
      const columns = [
        { title: "leaves", align: "right" as const },
        { title: "service" },
        { title: "where it stands" },
        { title: "recorded in leaf", align: "right" as const },
      ];
      const table =
        rows.length === 0
          ? "No checkpoint was handed to anybody. Name witnesses, a time stamp authority, calendars or an auditor's copy: Settings, Anchors, or docs/guides/anchors.md.\n"
          : tableText(columns, rows, io.columns());
      return io.out([head, ...advice(warnings, call), table].join(""));
    });
  },
};

/** Hands the checkpoint over: what is due by the schedule, or at once. */
export const anchorCommand: Subcommand = {
  summary: "hand the ledger's checkpoint to witnesses, time stamps and auditors",
  options: [["--now", "sign and hand over at once, whatever is due"]],
  examples: ["bursar ledger anchor", "bursar ledger anchor --now"],
  async run(call) {
    const { io, options, globals } = call;
    return withSession(call, "change", async (context) => {
      const onlyDue = !options.flag("now");
      const { outcomes } = await runOperation(context, await catalog.anchorNow(), { onlyDue });
      const failed = outcomes.filter(({ problem }) => problem !== null);
      if (globals.json) await io.out(jsonText({ outcomes }));
      else if (outcomes.length === 0) {
        await io.out("Nobody is due: bursar ledger anchors tells who has which checkpoint.\n");
      } else {
        const style = styleOf(io);
        const lines = outcomes.map(({ size, says, problem }) => {
          const mark = problem === null ? style.green("✓") : style.red("✗");
          return `${mark} ${grouped(size)} leaves: ${shown(says, 400)}\n`;
        });
        await io.out([...lines, ...advice([...new Set(failed.map(({ problem }) => problem!.hint))], call)].join(""));
      }
      return failed.length === 0 ? 0 : 3;
    });
  },
};

/** Signs again after a witness's objection was looked into. */
export const resumeCommand: Subcommand = {
  summary: "sign again after a witness's objection was looked into",
  options: [["--reason <text>", "what was found; it stays in the ledger"]],
  examples: ['bursar ledger resume --reason "the witness had watched the test installation"'],
  async run(call) {
    const { io, options, globals } = call;
    await withSession(call, "change", async (context) => {
      const done = await runOperation(context, await catalog.resumeSigning(), { reason: options.needed("reason") });
      if (globals.json) return io.out(jsonText(done));
      return io.out(
        `Signed ${grouped(done.signedSize)} leaves. ${shown(done.witness)} is asked with the next checkpoint.\n`,
      );
    });
  },
};

function advice(lines: readonly string[], { io }: Call): string[] {
  const style = styleOf(io);
  return lines.flatMap((line) => {
    const [first = "", ...rest] = wrapped(shown(line, 500), Math.max(16, io.columns() - 4));
    return [`  ${style.yellow("›")} ${first}\n`, ...rest.map((text) => `    ${text}\n`)];
  });
}
