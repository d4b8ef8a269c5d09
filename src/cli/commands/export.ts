import { createWriteStream } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { once } from "node:events";
import { dirname } from "node:path";

import { Failure } from "../../domain/index.ts";
import { csvLine, type ExportRow } from "../../metrics/index.ts";
import { catalog, runOperation, runWithoutRecord } from "../../operations/index.ts";
import type { Call, Command } from "../command.ts";
import { tableText } from "../table.ts";
import { counted, shown } from "../text.ts";
import { jsonText, withSession } from "../with-session.ts";

const CHUNK = 64 * 1024;

export const exportRows: Command = {
  args: [["[rows]", "which rows; without it they are listed"]],
  options: [
    ["--format <format>", "csv (default) or jsonl"],
    ["--from <day>", "first day, inclusive"],
    ["--to <day>", "last day, inclusive"],
    ["--out <file>", "write to a new file, whole or not at all; - is stdout"],
  ],
  examples: [
    "bursar export cost_lines --from 2026-10-01 --to 2026-10-31 > cost.csv",
    "bursar export claude_code_activity --format jsonl | head",
    "bursar export",
  ],
  async run(call) {
    const { io, args, options, globals } = call;
    const [rows] = args;
    if (rows === undefined) return listExports(call);
    const format = options.choice("format", ["csv", "jsonl"]) ?? (globals.json ? "jsonl" : "csv");
    const [from, to] = [options.day("from"), options.day("to")];
    const out = options.text("out") === "-" ? undefined : options.text("out");
    if (globals.json && format === "csv" && out === undefined) {
      const remedy = "Leave one of them out, or write the CSV to a file with --out.";
      throw new Failure("input.invalid", {
        field: "--format",
        problem: "csv is no JSON, which --json asks for",
        remedy,
      });
    }
    if (out !== undefined) await refuseTaken(out);
    return withSession(call, "change", async (context) => {
      const found = await runOperation(context, await catalog.exportRows(), { rows, from, to });
      const lines = linesOf(found.columns, found.rows, format);
      const count = out === undefined ? await pipeOut(lines, (text) => io.out(text)) : await writeFile(out, lines);
      if (globals.json && out !== undefined) await io.out(jsonText({ rows, count, format, out }));
      else if (out !== undefined && count > 0) io.err(`bursar: wrote ${counted(count, "row")} of ${rows} to ${out}\n`);
      if (count === 0)
        io.err(
          `bursar: ${rows} holds no rows${from === undefined && to === undefined ? " yet; run bursar sync" : " in these days"}\n`,
        );
    });
  },
};

interface Line {
  readonly text: string;
  readonly isRow: boolean;
}

async function* linesOf(
  columns: readonly string[],
  rows: AsyncIterable<ExportRow>,
  format: "csv" | "jsonl",
): AsyncGenerator<Line> {
  if (format === "csv") yield { text: csvLine(columns), isRow: false };
  for await (const row of rows) {
    const text = format === "csv" ? csvLine(columns.map((name) => row[name] ?? null)) : `${JSON.stringify(row)}\n`;
    yield { text, isRow: true };
  }
}

/** Writes in chunks at the reader's pace; memory does not grow with the export. */
async function pipeOut(lines: AsyncIterable<Line>, write: (text: string) => Promise<void>): Promise<number> {
  let count = 0;
  let chunk = "";
  for await (const { text, isRow } of lines) {
    chunk += text;
    if (isRow) count += 1;
    if (chunk.length < CHUNK) continue;
    await write(chunk);
    chunk = "";
  }
  if (chunk !== "") await write(chunk);
  return count;
}

/** Before anything is read: the file is new, and its folder is there. */
async function refuseTaken(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  const remedy = "Give a new file; nothing is ever overwritten.";
  if (found !== null) {
    const problem = found.isDirectory() ? `${path} is a folder` : `${path} exists already`;
    throw new Failure("input.invalid", { field: "--out", problem, remedy });
  }
  const folder = dirname(path);
  if ((await stat(folder).catch(() => null))?.isDirectory() === true) return;
  throw new Failure("input.invalid", {
    field: "--out",
    problem: `there is no folder ${folder}`,
    remedy: "Make it first.",
  });
}

async function writeFile(path: string, lines: AsyncIterable<Line>): Promise<number> {
  const temporary = `${path}.partial-${process.pid}`;
  const file = createWriteStream(temporary, { flags: "wx", mode: 0o600, flush: true });
  try {
    await once(file, "open");
    const count = await pipeOut(lines, async (text) => {
      if (!file.write(text)) await once(file, "drain");
    });
    file.end();
    await once(file, "close");
    await rename(temporary, path);
    return count;
  } catch (cause) {
    file.destroy();
    await rm(temporary, { force: true });
    if (cause instanceof Error && "syscall" in cause && "code" in cause) {
      throw new Failure(
        "input.invalid",
        {
          field: "--out",
          problem: `${path} cannot be written (${String(cause.code)})`,
          remedy: "Give a place that this user may write to.",
        },
        { cause },
      );
    }
    throw cause;
  }
}

async function listExports({ io, globals }: Call): Promise<void> {
  const { exports } = await runWithoutRecord(await catalog.describeMetrics(), {});
  if (globals.json) return io.out(jsonText({ exports }));
  const rows = exports.map(({ id, description }) => [id, shown(description, 100)]);
  return io.out(`${tableText(["rows", "what they are"], rows, io.columns())}\n`);
}
