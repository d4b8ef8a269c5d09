import { catalog, runOperation } from "../operations/index.ts";
import type { Call, Command } from "./command.ts";
import { stepDisplay } from "./step-display.ts";
import { styleOf } from "./style.ts";
import { counted, grouped, shown, wrapped } from "./text.ts";
import { jsonText, withSession } from "./with-session.ts";

type Summary = Awaited<ReturnType<Awaited<ReturnType<typeof catalog.ledgerSummary>>["run"]>>;
type Trouble = NonNullable<Summary["trouble"]>;

/** What the operator alone decides about the ledger. */
export const ledgerCare: Readonly<Record<string, Command & { readonly summary: string }>> = {
  trouble: {
    summary: "whether the ledger waits for a decision, and what each choice leads to",
    examples: ["bursar ledger trouble"],
    async run(call) {
      const { io, globals } = call;
      const { trouble } = await withSession(call, "read", async (context) =>
        runOperation(context, await catalog.ledgerSummary(), {}),
      );
      await io.out(globals.json ? jsonText({ trouble }) : troubleText(trouble, call));
      return trouble === null ? 0 : LOCAL_FAULT;
    },
  },
  recover: {
    summary: "take the leaves that a restored database lacks from an export",
    options: [["--from <folder>", "an export that reaches what was signed last"]],
    examples: ["bursar ledger recover --from ./ledger-2026-11"],
    async run(call) {
      const { io, options, globals } = call;
      const from = options.needed("from");
      const steps = stepDisplay(io);
      await withSession(call, "change", async (context) => {
        const operation = await catalog.recoverLedger();
        const done = await runOperation({ ...context, onStep: steps.show }, operation, { from }).finally(steps.end);
        if (globals.json) return io.out(jsonText(done));
        const erased =
          done.erased === 0 ? "" : ` ${counted(done.erased, "erased leaf", "erased leaves")} stayed erased.`;
        return io.out(
          `Leaves ${grouped(done.from)} to ${grouped(done.size - 1)} are here again, with ${counted(done.versions, "version")} of records.${erased}\nThe ledger goes on. Accounts, settings and keys are as this database had them.\n`,
        );
      });
    },
  },
  "new-log": {
    summary: "end a log that cannot go on, and begin one that names it",
    options: [
      ["--reason <text>", "why, for whoever checks the ledger; it stands there for ever"],
      ["--new-key", "make another signing key; needed when the old one is lost"],
    ],
    examples: ['bursar ledger new-log --reason "restored from the backup of 1 November"'],
    async run(call) {
      const { io, options, globals } = call;
      const reason = options.needed("reason");
      const steps = stepDisplay(io);
      await withSession(call, "change", async (context) => {
        const input = { reason, newKey: options.flag("newKey") };
        const operation = await catalog.newLog();
        const done = await runOperation({ ...context, onStep: steps.show }, operation, input).finally(steps.end);
        if (globals.json) return io.out(jsonText(done));
        const leftOut =
          done.leftOut === 0
            ? ""
            : `${counted(done.leftOut, "version")} stayed behind: their content is not what was committed to.\n`;
        return io.out(
          `Log ${shown(done.origin)} has begun, with ${counted(done.versions, "version")} of records, and is signed.\n${leftOut}The old one is kept as log ${done.closed}, ${counted(done.kept, "leaf", "leaves")}: bursar ledger export DIR --log ${done.closed}\nTell whoever checks the ledger the new key:\n${done.vkeys.join("\n")}\n`,
        );
      });
    },
  },
  "rotate-key": {
    summary: "give the log a new signing key, vouched for by the old one",
    options: [["--reason <text>", "why, for whoever checks the ledger"]],
    examples: ["bursar ledger rotate-key", 'bursar ledger rotate-key --reason "yearly change"'],
    async run(call) {
      const { io, options, globals } = call;
      await withSession(call, "change", async (context) => {
        const done = await runOperation(context, await catalog.rotateLogKey(), { reason: options.text("reason") });
        if (globals.json) return io.out(jsonText(done));
        const begun = done.resumed ? "An earlier change was brought to its end. " : "";
        return io.out(
          `${begun}The key changed at ${counted(done.size, "leaf", "leaves")}, in a checkpoint that both keys signed.\nTell whoever checks the ledger the new key:\n${done.vkey}\n`,
        );
      });
    },
  },
};

const LOCAL_FAULT = 5;

export function troubleText(trouble: Trouble | null, { io }: Pick<Call, "io">): string {
  if (trouble === null) return "Nothing is to be decided: the database continues what was signed last.\n";
  const style = styleOf(io);
  const width = Math.max(20, io.columns() - 5);
  const choices = trouble.choices.flatMap(({ title, command, consequence }, at) => [
    `  ${at + 1}. ${style.bold(title)}`,
    ...(command === null ? [] : [`     ${style.green(command)}`]),
    ...wrapped(consequence, width).map((line) => `     ${line}`),
    "",
  ]);
  const known = trouble.signed === null ? "" : ` (${grouped(trouble.signed)} signed, ${grouped(trouble.present)} here)`;
  return [
    style.red(shown(trouble.says, 300)),
    `Nothing is appended or signed until you decide; everything can be read${known}. The choices:`,
    "",
    ...choices,
  ].join("\n");
}
