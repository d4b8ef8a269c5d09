import { writeFile } from "node:fs/promises";

import { Failure } from "../../domain/index.ts";
import { catalog, runOperation } from "../../operations/index.ts";
import { anchorCommand, anchorsCommand, resumeCommand } from "../anchor-commands.ts";
import type { Call, Command } from "../command.ts";
import { ledgerCare } from "../ledger-care.ts";
import { counted, grouped } from "../text.ts";
import { jsonText, withSession } from "../with-session.ts";

export const ledger: Command = {
  examples: ["bursar ledger export ./ledger-2026-11", "bursar ledger proof 42 > record.tlog-proof"],
  subcommands: {
    anchor: anchorCommand,
    anchors: anchorsCommand,
    resume: resumeCommand,
    export: {
      summary: "write the signed ledger as a folder that anyone can verify",
      args: [["<dir>", "a folder that is not there yet, or is empty"]],
      options: [
        ["--no-payloads", "leave the content out: proofs only"],
        ["--proof <index>...", "add a proof file of this leaf"],
        ["--log <number>", "a log that ended, by its number; else the present one"],
      ],
      examples: ["bursar ledger export ./ledger-2026-11", "bursar ledger export ./proofs-only --no-payloads"],
      async run(call) {
        const { io, args, options, globals } = call;
        const proofs = options.list("proof")?.map((text) => indexOf(text, "--proof"));
        await withSession(call, "change", async (context) => {
          const done = await runOperation(context, await catalog.exportLedger(), {
            dir: args[0] ?? "",
            payloads: !options.isOff("payloads"),
            proofs,
            log: options.whole("log", 1, 1_000_000),
          });
          if (globals.json) return io.out(jsonText(done));
          return io.out(
            `Wrote ${counted(done.size, "leaf", "leaves")} of ${done.origin} to ${done.dir}: ${counted(done.files, "file")}, ${grouped(done.bytes)} bytes.\nCheck it anywhere with: bursar verify ${done.dir}\n`,
          );
        });
      },
    },
    proof: {
      summary: "write one record's proof (.tlog-proof)",
      args: [["[index]", "index of the record's leaf"]],
      options: [
        ["--stream <stream>", "in place of an index: the current version of a record of this stream"],
        ["--key <json>", "the record's natural key, a JSON list, the organization id first"],
        ["--day <day>", "the record's day; none for lists"],
        ["--out <file>", "write to a file in place of stdout"],
      ],
      examples: [
        "bursar ledger proof 42 > record.tlog-proof",
        `bursar ledger proof --stream users --key '["ORGANIZATION","user_01…"]' --out ada.tlog-proof`,
      ],
      run: prove,
    },
    ...ledgerCare,
  },
};

async function prove(call: Call): Promise<void> {
  const { io, args, options, globals } = call;
  const [text] = args;
  const [stream, key, day, out] = [
    options.text("stream"),
    options.text("key"),
    options.day("day"),
    options.text("out"),
  ];
  const input = {
    index: text === undefined ? undefined : indexOf(text, "index"),
    stream,
    key: key === undefined ? undefined : keyOf(key),
    day,
  };
  await withSession(call, "change", async (context) => {
    const done = await runOperation(context, await catalog.proveRecord(), input);
    if (out !== undefined) await write(out, done.proof);
    if (globals.json) return io.out(jsonText(done));
    return out === undefined ? io.out(done.proof) : io.out(`Wrote the proof of leaf ${done.index} to ${out}.\n`);
  });
}

function indexOf(text: string, field: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new Failure("input.invalid", {
    field,
    problem: "is no index of a leaf",
    remedy: "Give a whole number from 0 on.",
  });
}

function keyOf(text: string): never[] {
  let key: unknown;
  try {
    key = JSON.parse(text);
  } catch {
    key = undefined;
  }
  if (!Array.isArray(key))
    throw new Failure("input.invalid", {
      field: "--key",
      problem: "is no JSON list",
      remedy: `Write for example '["ORGANIZATION","user_01…"]'.`,
    });
  return key as never[];
}

async function write(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: "wx", mode: 0o600 });
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unwritable";
    const problem = code === "EEXIST" ? `${path} exists already` : `${path} cannot be written (${code})`;
    throw new Failure(
      "input.invalid",
      { field: "--out", problem, remedy: "Give a new file; nothing is ever overwritten." },
      { cause },
    );
  }
}
