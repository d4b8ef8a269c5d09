import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";

import { ensureBuilt } from "../build.ts";
import { ensureDebianTools } from "../debian-tools.ts";
import { startPostgres } from "../postgres.ts";
import type { Postgres } from "../postgres.ts";
import { attach, captureTool, toolPath } from "../process.ts";
import type { Outcome } from "../process.ts";
import { keepScratchInMemory } from "../scratch.ts";
import { countTests } from "../test-counts.ts";
import type { TestCounts } from "../test-counts.ts";

const MINUTE = 60_000;

/** Everything that decides whether a change is good, in under ten minutes; ends with `N passed, N failed`. */
export function check(): Promise<number> {
  return run({ env: {}, timeoutMs: 20 * MINUTE });
}

/** The same with the full counts of the random suites, on both engines; writes docs/reliability.md. */
export function checkFull(): Promise<number> {
  return run({ env: { BURSAR_FULL: "1" }, timeoutMs: 80 * MINUTE });
}

interface Step {
  readonly name: string;
  readonly remedy: string;
  readonly run: () => Promise<Outcome>;
}

const BUILD: Step = { name: "build", remedy: "npm run build", run: ensureBuilt };

/** What needs no build and has no part in the tests: it fills what these leave of the processors. */
const READING: readonly Step[] = [
  { name: "types", remedy: "npx tsc -p .", run: () => types(".") },
  { name: "web types", remedy: "npx tsc -p src/web", run: () => types("src/web") },
  { name: "lint", remedy: "npx oxlint --type-aware", run: () => captureTool("oxlint", ["--type-aware"]) },
  { name: "unused", remedy: "npx knip", run: () => captureTool("knip", ["--no-progress"]) },
  { name: "format", remedy: "npm run format", run: () => captureTool("oxfmt", ["--check"]) },
];

/** By one checker: several end sooner, but do a third more work, which the tests beside it wait for. */
function types(project: string): Promise<Outcome> {
  return captureTool("tsc", ["-p", project, "--checkers", "1"]);
}

async function run(options: { env: NodeJS.ProcessEnv; timeoutMs: number }): Promise<number> {
  const started = performance.now();
  const removeScratch = keepScratchInMemory();
  const built = runSteps([BUILD]);
  const read = built.then(() => runSteps(READING));
  const server = await prepareTools().then(tryPostgres);
  const failedSteps = await built;
  const counts = await runTests(server, options);
  failedSteps.push(...(await read));
  await server?.stop();
  removeScratch();

  // A step that fails counts as one, as a failing test does: the last line is what machines read.
  const failed = counts.failed + failedSteps.length + (server === null ? 1 : 0);
  const minutes = ((performance.now() - started) / MINUTE).toFixed(1);
  const broken = [...failedSteps, ...(server === null ? ["postgres"] : []), ...(counts.failed > 0 ? ["tests"] : [])];
  say("");
  say(broken.length === 0 ? `everything holds (${minutes} min)` : `failed: ${broken.join(", ")} (${minutes} min)`);
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
  say(`${counts.passed} passed, ${failed} failed${skipped}`);
  return failed === 0 && counts.passed > 0 ? 0 : 1;
}

/** One after the other: each of the tools uses both cores by itself. */
async function runSteps(steps: readonly Step[]): Promise<string[]> {
  const failed: string[] = [];
  for (const step of steps) {
    const begun = performance.now();
    const { code, output } = await step.run();
    report(step.name, code === 0, begun);
    if (code === 0) continue;
    failed.push(step.name);
    say(indent(output));
    say(indent(`to see it alone: ${step.remedy}`));
  }
  return failed;
}

async function prepareTools(): Promise<void> {
  const begun = performance.now();
  await ensureDebianTools((line) => say(`      ${line}`));
  report("tools", true, begun);
}

/** A server of our own unless one is given. Without a server the tests that need it fail by themselves; this says why. */
async function tryPostgres(): Promise<Postgres | null> {
  const begun = performance.now();
  const given = process.env["BURSAR_TEST_POSTGRES"];
  if (given !== undefined) return { url: given, stop: () => Promise.resolve() };
  try {
    const server = await startPostgres((line) => say(`      ${line}`));
    report("postgres", true, begun);
    return server;
  } catch (error) {
    report("postgres", false, begun);
    say(indent(error instanceof Error ? error.message : String(error)));
    return null;
  }
}

async function runTests(
  server: Postgres | null,
  options: { env: NodeJS.ProcessEnv; timeoutMs: number },
): Promise<TestCounts> {
  const folder = mkdtempSync(join(tmpdir(), "bursar-check-"));
  const file = join(folder, "tests.json");
  say("");
  const code = await attach(
    process.execPath,
    [
      toolPath("vitest"),
      "run",
      "--silent=passed-only",
      "--reporter=dot",
      "--reporter=json",
      `--outputFile.json=${file}`,
    ],
    {
      stdin: "ignore",
      timeoutMs: options.timeoutMs,
      env: {
        ...options.env,
        ...(process.stdout.isTTY ? {} : { NO_COLOR: "1" }),
        ...(server === null ? {} : { BURSAR_TEST_POSTGRES: server.url }),
      },
    },
  );
  const report = readReport(file);
  const counts = countTests(report, code);
  if (report !== null && options.env["BURSAR_FULL"] !== undefined) {
    // Loaded here: it reads the test cases, and with them much of the product.
    const { writeReliability } = await import("../reliability.ts");
    writeReliability(report);
  }
  rmSync(folder, { recursive: true, force: true });
  for (const name of counts.skippedNames) say(`skipped: ${name}`);
  return counts;
}

function readReport(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

/** On a line of its own: the tests may just be writing their dots. */
function report(name: string, good: boolean, begun: number): void {
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  say(`\n${good ? "ok  " : "FAIL"}  ${name.padEnd(10)}${seconds.padStart(6)} s`);
}

/** Some tools colour whatever they are told, once they see a CI. */
function indent(text: string): string {
  return stripVTControlCharacters(text).trimEnd().replace(/^/gm, "      ");
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
