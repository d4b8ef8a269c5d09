import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

import { faultCatalog } from "../src/emulator/index.ts";
import { badInputs } from "../test/bad-input/index.ts";
import { ownFamilyOf, ownFaults, type OwnFault } from "../test/own-faults/index.ts";
import { faultCases, familyOf } from "../test/sync/fault-cases/index.ts";
import { ROOT } from "./process.ts";

/** Where and when the results were had. */
export interface FullRun {
  readonly date: string;
  readonly commit: string;
  /** vitest's JSON report. */
  readonly report: VitestReport;
}

export interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

type Verdict = "held" | "FAILED" | "not run" | "—";

const PAGE = join(ROOT, "docs", "reliability.md");
const EXIT = { complete: "0", partial: "3", credential: "4", cancelled: "3", throws: "4" } as const;
const ENGINES = ["SQLite", "PostgreSQL"] as const;
const SUITES = [
  ["schedules of faults", "test/sync/schedules.test.ts"],
  ["kills of a back-fill, five a test (F69)", "test/e2e/crash.test.ts"],
  ["two processes and one key replaced (F62)", "test/e2e/key-replaced.test.ts"],
  ["leases (F71)", "test/sync/lease.test.ts"],
  ["kills of a sync on PostgreSQL, and of its server (F69)", "test/e2e/crash-postgres.test.ts"],
  ["kills of key rotations", "test/ledger/rotation-kills.test.ts"],
  ["kills of a migration (F76)", "test/e2e/killed-migration.test.ts"],
  ["damaged files, and kills of exports, backups and restores (F75, F87)", "test/ledger/damaged.test.ts"],
  ["errors of system calls (F67, F68)", "test/e2e/io-errors.test.ts"],
  ["a full disk (F67)", "test/e2e/full-disk.test.ts"],
  ["races of two syncers (F71)", "test/sync/races.test.ts"],
  ["malformed keys (F64) and other bad input: command line", "test/e2e/cli-input.test.ts"],
  ["bad input: API, attacks", "test/api/attacks.test.ts"],
  ["bad input: API, where from", "test/api/security.test.ts"],
  ["bad input: API, generated", "test/api/fuzz.test.ts"],
  ["bad input: keys over the API", "test/api/pasted-keys.test.ts"],
  ["bad input: API, one table", "test/api/bad-input.test.ts"],
  ["bad input: MCP", "test/mcp/requests.test.ts"],
  ["bad input: MCP, ranges, ids and confirmations", "test/mcp/bad-input.test.ts"],
  ["bad input: ledger", "src/ledger/tile.test.ts"],
  ["tampering", "test/ledger/tampering.test.ts"],
] as const;

/** The cells of the table of faults, without results. */
export function faultRows(): string[][] {
  return [...upstreamRows(), ...ownRows()];
}

function upstreamRows(): string[][] {
  return faultCases.map(({ id, expected, outcome }) => [
    id,
    faultCatalog.find((kind) => kind.id === id)?.description ?? "",
    expected,
    EXIT[outcome],
    `[${familyOf(id)}](../test/sync/fault-cases/${familyOf(id)}.ts)`,
  ]);
}

function ownRows(): string[][] {
  return ownFaults.map(({ id, fault, expected, exit, strike, proofs }) => {
    const row = `test/own-faults/${ownFamilyOf(id)}.ts`;
    const files = [...(strike === undefined ? [] : [row]), ...proofs.map(({ file }) => file)];
    return [id, fault, expected, exit, linksTo(files)];
  });
}

/** Each file once, by its name. */
function linksTo(files: readonly string[]): string {
  return [...new Set(files)]
    .map((file) => `[${basename(file).replace(/\.(?:test\.)?ts$/, "")}](../${file})`)
    .join(", ");
}

/** What nobody should send, with the tests that show what is answered: the same whatever was run last. */
export function badInputSection(): string {
  const rows = Object.entries(badInputs).flatMap(([surface, inputs]) =>
    inputs.map(({ input, answer, proofs }) => [surface, input, answer, linksTo(proofs.map(({ file }) => file))]),
  );
  return `## Bad input

Whatever is sent, there is no 5xx and no stack, no secret is repeated, and nothing is changed: HTTP answers 4xx with a problem
that names code and field, the command line ends with 2 and one line, MCP with the tool's own error or a code of the protocol.

${table(["surface", "input", "answer", "test"], rows)}
`;
}

/** The whole page, from the cases and the last full run. */
export function reliabilityPage(run: FullRun): string {
  const rows = [
    ...upstreamRows().map((cells) => [...cells, ...ENGINES.map((engine) => verdictOf(run.report, cells[0]!, engine))]),
    ...ownRows().map((cells, at) => [
      ...cells,
      ...ENGINES.map((engine) => ownVerdict(run.report, ownFaults[at]!, engine)),
    ]),
  ];
  const held = rows.filter((cells) => cells.at(-2) === "held" && ["held", "—"].includes(cells.at(-1)!)).length;
  const head = ["id", "fault", "what Bursar does", "exit", "test", ...ENGINES];
  return `# Reliability

<!-- Made by scripts/reliability.ts from the test cases and from npm run check:full. Not to be edited. -->

What upstream, the network and our own side may do wrong, and what Bursar does then. Each row is a test. The fault is
told as the emulator knows it: \`bursar emulate --fault F05\` serves it to any client.

## What holds in every row

- The run ends with its exit code and a report. Nothing but a failure that says what to do is ever thrown.
- The report names the fault, upstream's request id, and the days that were not covered.
- Once the fault is over, one more sync ends in the state of an undisturbed run, by state digest: no row twice, none
  missing. (Not compared in F59 and F61, where the record holds more days.)
- The ledger verifies, every byte of it.
- The key is nowhere in the database, its journal or the log, neither plain nor in base64 or hexadecimal.

## Last full run

${run.date}, commit \`${run.commit}\`, with the full counts of \`npm run check:full\`. The digest of an undisturbed run is
made on SQLite once, so every row on PostgreSQL compares the two engines as well.

${table(
  ["suite", "file", "held", "failed"],
  SUITES.map(([name, file]) => suiteRow(run.report, name, file)),
)}

## Faults

${held} of ${rows.length} held.

${table(head, rows)}

F01 to F63 are upstream's and the network's, F64 to F87 our own side's: keys at rest, disks, processes, and the ledger
with those who watch it. A — in the column of PostgreSQL:

${ownFaults
  .filter(({ postgres }) => postgres !== "tried")
  .map(({ id, postgres }) => `- ${id}: ${postgres}.`)
  .join("\n")}

${badInputSection()}`;
}

function verdictOf({ testResults }: VitestReport, id: string, engine: string): Verdict {
  const found = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ fullName }) => fullName.startsWith(`faults on ${engine} ${id}:`));
  return together(found);
}

/** A fault of our own side is shown by its strike and by tests elsewhere, each of which has to be there. */
function ownVerdict(
  { testResults }: VitestReport,
  { id, strike, proofs, postgres }: OwnFault,
  engine: string,
): Verdict {
  const isPostgres = engine === "PostgreSQL";
  if (isPostgres && postgres !== "tried") return "—";
  const wanted = [
    ...(strike === undefined
      ? []
      : [{ file: "test/own-faults/own-faults.test.ts", test: `own faults on ${engine} ${id}:` }]),
    ...proofs,
  ].map(({ file, test }) =>
    testResults
      .filter(({ name }) => name.endsWith(file))
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ fullName }) => fullName.includes(test)),
  );
  if (wanted.some((tests) => tests.length === 0)) return "not run";
  // Not every test is of both engines; what names none is SQLite's.
  const found = wanted.map((tests) => tests.filter(({ fullName }) => fullName.includes("PostgreSQL") === isPostgres));
  return together(found.flat());
}

function together(tests: readonly { readonly status: string }[]): Verdict {
  if (tests.some(({ status }) => status === "failed")) return "FAILED";
  return tests.length > 0 && tests.every(({ status }) => status === "passed") ? "held" : "not run";
}

function suiteRow({ testResults }: VitestReport, name: string, file: string): string[] {
  const tests = testResults.filter((result) => result.name.endsWith(file)).flatMap((result) => result.assertionResults);
  const count = (wanted: string) => String(tests.filter(({ status }) => status === wanted).length);
  return [name, `[${file}](../${file})`, count("passed"), count("failed")];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Writes the page from a report of `BURSAR_FULL=1 vitest run --reporter=json`. */
export function writeReliability(json: string): void {
  const commit = execFileSync("git", ["rev-parse", "--short=12", "HEAD"], { cwd: ROOT, encoding: "utf8" }).trim();
  const date = new Date().toISOString().slice(0, 10);
  writeFileSync(PAGE, reliabilityPage({ date, commit, report: JSON.parse(json) as VitestReport }));
}

if (process.argv[1] === import.meta.filename) {
  const [path] = process.argv.slice(2);
  if (path === undefined) throw new Error("usage: node scripts/reliability.ts VITEST_REPORT.json");
  writeReliability(readFileSync(path, "utf8"));
}
