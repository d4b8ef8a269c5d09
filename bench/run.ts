/**
 * `npm run bench [-- --json] [-- NAME]` measures and prints; it never judges. Ratios hold from machine to machine,
 * figures do not. With NAME only the benches whose name contains it.
 */
import { readdir } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";

import type { Bench, Measurement } from "./types.ts";

export interface Result {
  readonly name: string;
  readonly unit: string;
  readonly figure: number;
  readonly floor: number;
  /** How many times the floor's work this takes: 1 is the floor itself, 2 half as fast. */
  readonly ratio: number;
  readonly runs: number;
  readonly note: string | null;
}

const { values, positionals } = parseArgs({
  options: { json: { type: "boolean", default: false } },
  allowPositionals: true,
});
const results: Result[] = [];
const wanted = (await allBenches()).filter(({ name }) => positionals.every((part) => name.includes(part)));
for (const bench of wanted) {
  process.stderr.write(`${bench.name} … `);
  const started = performance.now();
  results.push(await measure(bench));
  process.stderr.write(`${((performance.now() - started) / 1000).toFixed(1)} s\n`);
}
if (values.json) process.stdout.write(`${JSON.stringify({ machine: machine(), results }, null, 2)}\n`);
else process.stdout.write(table(results));
if (wanted.length === 0) {
  process.stderr.write(`no bench is named ${positionals.join(" ")}\n`);
  process.exitCode = 2;
}

async function allBenches(): Promise<Bench[]> {
  const files = (await readdir(import.meta.dirname)).filter(
    (file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && file !== "run.ts" && file !== "types.ts",
  );
  const modules: { benches?: readonly Bench[] }[] = await Promise.all(files.sort().map((file) => import(`./${file}`)));
  return modules.flatMap((module) => module.benches ?? []);
}

async function measure(bench: Bench): Promise<Result> {
  const measured: Measurement[] = [];
  for (let run = 0; run < (bench.runs ?? 5); run += 1) measured.push(await bench.run());
  const figure = median(measured.map((one) => one.figure));
  const floor = median(measured.map((one) => one.floor));
  // The median of the ratios, not the ratio of the medians: figure and floor of one run shared the machine's mood.
  const ratio = median(measured.map((one) => (bench.higherIsBetter ? one.floor / one.figure : one.figure / one.floor)));
  const note = measured.at(-1)?.note ?? null;
  return { name: bench.name, unit: bench.unit, figure, floor, ratio, runs: measured.length, note };
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

function machine(): { node: string; cpu: string; cores: number; platform: string } {
  return {
    node: process.version,
    cpu: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    platform: `${process.platform}-${process.arch}`,
  };
}

function table(rows: readonly Result[]): string {
  const head = ["bench", "figure", "floor", "unit", "times the floor", "note"];
  const cells = rows.map((row) => [
    row.name,
    readable(row.figure),
    readable(row.floor),
    row.unit,
    row.ratio.toFixed(2),
    row.note ?? "",
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        column === 1 || column === 2 || column === 4
          ? cell.padStart(widths[column] ?? 0)
          : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return `${[head, ...cells].map(line).join("\n")}\n`;
}

function readable(number: number): string {
  return Math.abs(number) >= 100 ? Math.round(number).toLocaleString("en-US") : number.toPrecision(3);
}
