import { catalog, runOperation } from "../../operations/index.ts";
import type { Call, Command, Described } from "../command.ts";
import { conditionOf } from "../condition.ts";
import { counted, grouped } from "../text.ts";
import { jsonText, withSession } from "../with-session.ts";

const DIR: Described = ["<dir>", "a folder that is not there yet, or is empty"];
const DAYS: readonly Described[] = [
  ["--from <day>", "first day, inclusive; 30 days before the last, if not given"],
  ["--to <day>", "last day, inclusive; today, if not given"],
];
const AS_OF: Described = ["--as-of <day>", "as the record stood at the end of this day"];

export const evidence: Command = {
  examples: [
    "bursar evidence period ./october --from 2026-10-01 --to 2026-10-31",
    "bursar evidence access ./access-review",
  ],
  subcommands: {
    period: {
      summary: "all use of some days",
      args: [DIR],
      options: [...DAYS, AS_OF],
      examples: ["bursar evidence period ./october --from 2026-10-01 --to 2026-10-31"],
      run: (call) => write(call, { about: "period" }),
    },
    person: {
      summary: "one person's use",
      args: [["<person>", "any of the person's addresses"], DIR],
      options: [...DAYS, AS_OF],
      examples: ["bursar evidence person ada@example.com ./ada --from 2026-10-01 --to 2026-10-31"],
      run: (call) => write(call, { about: "person", email: call.args[0] }),
    },
    report: {
      summary: "one metric, as bursar report tells it",
      args: [["<metric>", "its id"], DIR],
      options: [
        ...DAYS,
        AS_OF,
        ["--by <dimensions>...", "split by up to three dimensions"],
        ["--where <dimension=value>...", "only these; several of one dimension are alternatives"],
        ["--grain <grain>", "day, week or month"],
        ["--kind <kind>", "money: estimated, list, net or notional"],
      ],
      examples: ["bursar evidence report cost ./cost --kind net --from 2026-10-01 --to 2026-10-31"],
      run: ({ args, options, ...call }) =>
        write(
          { args, options, ...call },
          {
            about: "report",
            metric: args[0],
            by: options.list("by")?.flatMap((names) => names.split(",").map((name) => name.trim())),
            where: options.list("where")?.map(conditionOf),
            grain: options.choice("grain", ["day", "week", "month"]),
            kind: options.choice("kind", ["estimated", "list", "net", "notional"]),
          },
        ),
    },
    access: {
      summary: "who had access: members, invites, workspaces and keys",
      args: [DIR],
      options: [AS_OF],
      examples: ["bursar evidence access ./access-review --as-of 2026-10-31"],
      run: (call) => write(call, { about: "access" }, false),
    },
  },
};

type Asked = Omit<Parameters<Awaited<ReturnType<typeof catalog.exportEvidence>>["run"]>[1], "dir">;

async function write(call: Call, asked: Asked, hasDays = true): Promise<void> {
  const { io, args, options, globals } = call;
  const question = {
    ...asked,
    dir: args.at(-1) ?? "",
    ...(hasDays ? { from: options.day("from"), to: options.day("to") } : {}),
    asOf: options.day("asOf"),
  };
  await withSession(call, "change", async (context) => {
    const done = await runOperation(context, await catalog.exportEvidence(), question);
    if (globals.json) return io.out(jsonText(done));
    return io.out(
      `Wrote ${counted(done.records, "record")} of ${done.origin} to ${done.dir}: ${counted(done.files, "file")}, ${grouped(done.bytes)} bytes.\nREADME.html says what is in it, and how anybody can check it without Bursar.\n`,
    );
  });
}
