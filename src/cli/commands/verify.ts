import { catalog, runOperation, runWithoutRecord } from "../../operations/index.ts";
import type { Call, Command } from "../command.ts";
import { readText } from "../read-text.ts";
import { stepDisplay } from "../step-display.ts";
import { styleOf } from "../style.ts";
import { counted, grouped, shown, wrapped } from "../text.ts";
import { jsonText, withSession } from "../with-session.ts";

type Verified = Awaited<ReturnType<Awaited<ReturnType<typeof catalog.verify>>["run"]>>;

export const verify: Command = {
  args: [["[dir]", "an exported ledger; without it the live record is checked"]],
  options: [
    ["--vkey <vkey>...", "the log's key as you know it from elsewhere"],
    ["--checkpoint <file>", "a checkpoint kept from earlier, which the ledger must continue"],
    ["--witness <vkey>...", "a witness that must have cosigned the latest checkpoint"],
    ["--quorum <count>", "so many of the witnesses suffice (all of them)"],
    ["--tsa-ca <file>", "certificates of a time stamp authority, PEM, as you have them from elsewhere"],
  ],
  examples: ["bursar verify", "bursar verify ./ledger-2026-11 --vkey 'bursar.invalid/…+1a2b3c4d+AX…'"],
  async run(call) {
    const { io, args, options, globals } = call;
    const [dir] = args;
    const vkeys = options.list("vkey");
    const checkpoint = options.text("checkpoint");
    const authorities = options.text("tsaCa");
    const input = {
      dir,
      vkeys,
      checkpoint: checkpoint === undefined ? undefined : await readText("--checkpoint", checkpoint),
      witnesses: options.list("witness"),
      quorum: options.whole("quorum", 1, 100),
      authorities: authorities === undefined ? undefined : await readText("--tsa-ca", authorities),
    };
    const operation = await catalog.verify();
    const steps = stepDisplay(io);
    try {
      // An export needs no data folder: whoever checks it may have none.
      const found =
        dir === undefined
          ? await withSession(call, "read", (context) =>
              runOperation({ ...context, onStep: steps.show }, operation, input),
            )
          : await runWithoutRecord(operation, input, steps.show);
      steps.end();
      await io.out(globals.json ? jsonText(found) : textOf(found, call));
      return found.ok ? 0 : 1;
    } finally {
      steps.end();
    }
  },
};

function textOf(found: Verified, { io }: Call): string {
  const style = styleOf(io);
  const kinds = Object.entries(found.leaves).filter(([, count]) => count > 0);
  const head = found.ok ? style.green("The ledger verifies.") : style.red("The ledger does NOT verify.");
  const lines = [
    head,
    `  ${shown(found.origin)}, ${counted(found.size, "leaf", "leaves")}, root ${found.root}`,
    ...(kinds.length === 0 ? [] : [`  ${kinds.map(([kind, count]) => `${grouped(count)} ${kind}`).join(", ")}`]),
    ...(found.rowsChecked === null ? [] : [`  ${counted(found.rowsChecked, "row")} compared with the records`]),
    ...(found.cosignedBy.length === 0
      ? []
      : [`  cosigned by ${found.cosignedBy.map(({ name }) => shown(name)).join(", ")}`]),
    ...stampLines(found.stamps),
    ...found.failures.map(
      ({ file, index, what }) =>
        `  ✗ ${shown(file)}${index === undefined ? "" : `, leaf ${index}`}: ${shown(what, 300)}`,
    ),
    ...(found.failureCount > found.failures.length
      ? [`  … and ${grouped(found.failureCount - found.failures.length)} more`]
      : []),
    ...found.notes.flatMap((note) =>
      wrapped(shown(note, 400), Math.max(16, io.columns() - 2)).map((line) => `  ${line}`),
    ),
  ];
  return `${lines.join("\n")}\n`;
}

/** Of many stamps the newest few: each covers all that is before it. */
function stampLines(stamps: Verified["stamps"]): string[] {
  const newest = stamps.slice(-SHOWN_STAMPS).toReversed();
  return [
    ...newest.map(({ size, says }) => `  checkpoint of ${grouped(size)}: ${shown(says.join("; "), 300)}`),
    ...(stamps.length > newest.length ? [`  … and ${counted(stamps.length - newest.length, "older stamp")}`] : []),
  ];
}

const SHOWN_STAMPS = 6;
