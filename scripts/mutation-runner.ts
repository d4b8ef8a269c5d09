/**
 * A test runner for Stryker that tries a mutation in the process it has already: all test files are loaded once, and a
 * mutation runs only the tests that reach it. With vitest around them, each mutation takes a second or more.
 *
 * Tests are the same files, their `expect` is vitest's; only `describe`, `it` and the hooks are ours. How to use it:
 * docs/security/coverage.md.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { glob } from "node:fs/promises";
import { registerHooks } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { SHARED } from "../test/support/once-a-run.ts";

interface Suite {
  readonly hooks: Record<"beforeAll" | "beforeEach" | "afterEach", (() => unknown)[]>;
  readonly parent: Suite | null;
  readonly skipped: boolean;
  readonly name: string;
}

interface Test {
  readonly id: string;
  readonly suite: Suite;
  readonly skipped: boolean;
  readonly run: () => unknown;
}

/** What the mutated code and we tell each other: the names are Stryker's. */
interface Switchboard {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
  mutantCoverage?: unknown;
}

interface MutantRun {
  readonly activeMutant: { readonly id: string };
  readonly testFilter?: readonly string[];
  readonly hitLimit?: number;
}

// What expect looks for in a worker of vitest.
(globalThis as Record<string, unknown>)["__vitest_worker__"] = {
  config: { expect: {} },
  environment: { name: "node" },
};

const switchboard: Switchboard = {};
(globalThis as Record<string, unknown>)["__stryker__"] = switchboard;
const tests: Test[] = [];
/** How long each test took without a mutation: those that take long are tried last. */
const durations = new Map<Test, number>();
let suite: Suite = newSuite("", null, false);

class InProcessRunner {
  readonly #scratch = mkdtempSync(join(tmpdir(), "bursar-mutation-"));
  #loaded = false;
  #runs = 0;
  #spoiled = false;

  capabilities() {
    return { reloadEnvironment: false };
  }

  init(): void {
    process.env["TMPDIR"] = this.#scratch;
    process.env[SHARED] = this.#scratch;
  }

  dispose(): void {
    rmSync(this.#scratch, { recursive: true, force: true });
  }

  async dryRun() {
    await this.#load();
    const results = [];
    for (const [test, error] of await runTests(tests, () => true)) {
      const result = { id: test.id, name: test.id, timeSpentMs: 0 };
      if (error === null) results.push({ ...result, status: test.skipped ? 2 : 0 });
      else results.push({ ...result, status: 1, failureMessage: String(error.thrown) });
    }
    return { status: "complete", tests: results, mutantCoverage: switchboard.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit }: MutantRun) {
    if (this.#spoiled) process.exit(1);
    const isFirst = this.#runs++ === 0;
    // Set before the tests are loaded: one that is reached by loading alone is tried in a fresh process.
    switchboard.activeMutant = activeMutant.id;
    switchboard.hitCount = 0;
    switchboard.hitLimit = hitLimit ?? Number.MAX_SAFE_INTEGER;
    let failed: Failed | null = null;
    let count = 0;
    try {
      await this.#load();
      const filtered = testFilter === undefined ? tests : tests.filter(({ id }) => testFilter.includes(id));
      const wanted = filtered.toSorted((a, b) => (durations.get(a) ?? 0) - (durations.get(b) ?? 0));
      for (const [test, error] of await runTests(wanted, (last) => last === null)) {
        count += 1;
        if (error !== null) failed = { test, thrown: error.thrown };
      }
    } catch (thrown) {
      failed = { test: null, thrown };
    }
    const { hitCount = 0 } = switchboard;
    switchboard.activeMutant = undefined;
    switchboard.hitCount = undefined;
    if (failed?.test && (await isSpoiled(failed.test))) {
      if (!isFirst) process.exit(1);
      this.#spoiled = true;
    }
    if (hitLimit !== undefined && hitCount > hitLimit) return { status: "timeout", reason: "hit limit" };
    if (failed === null) return { status: "survived", nrOfTests: count };
    const killedBy = [failed.test?.id ?? "loading"];
    return { status: "killed", killedBy, failureMessage: String(failed.thrown), nrOfTests: count };
  }

  async #load(): Promise<void> {
    if (this.#loaded) return;
    this.#loaded = true;
    const patterns = (process.env["TESTS"] ?? "src/{ledger,vault}/*").split(" ").map((name) => `${name}.test.ts`);
    const files = await Array.fromAsync(glob(patterns));
    for (const file of files.toSorted()) {
      // It alters thousands of whole exports.
      if (file.endsWith("verify-altered.test.ts")) continue;
      suite = newSuite(file, null, false);
      await import(pathToFileURL(resolve(file)).href);
    }
  }
}

/** What Stryker looks for in a plugin. */
export const strykerPlugins = [{ kind: "TestRunner", name: "in-process", injectableClass: InProcessRunner }];

interface Failed {
  /** Null: the tests could not even be loaded. */
  readonly test: Test | null;
  readonly thrown: unknown;
}

/**
 * A mutation may leave something behind, such as a wrong entry in a cache: then its test fails without it too, and
 * nothing more may be tried in this process. When it ends, Stryker starts another and tries the same mutation again.
 */
async function isSpoiled(test: Test): Promise<boolean> {
  return (await runTests([test], () => true)).some(([, error]) => error !== null);
}

/** Runs tests one after the other, as long as it `goesOn` after the last one. */
async function runTests(wanted: readonly Test[], goesOn: (error: { thrown: unknown } | null) => boolean) {
  const begun = new Set<Suite>();
  const results: [Test, { readonly thrown: unknown } | null][] = [];
  for (const test of wanted) {
    const from = performance.now();
    const error = test.skipped ? null : await outcomeOf(test, begun);
    if (error === null) durations.set(test, performance.now() - from);
    results.push([test, error]);
    if (!goesOn(error)) break;
  }
  return results;
}

async function outcomeOf(test: Test, begun: Set<Suite>): Promise<{ readonly thrown: unknown } | null> {
  const path: Suite[] = [];
  for (let at: Suite | null = test.suite; at !== null; at = at.parent) path.unshift(at);
  try {
    for (const one of path) {
      if (begun.has(one)) continue;
      begun.add(one);
      for (const hook of one.hooks.beforeAll) await hook();
    }
    switchboard.currentTestId = test.id;
    for (const one of path) for (const hook of one.hooks.beforeEach) await hook();
    await test.run();
    return null;
  } catch (thrown) {
    return thrown instanceof Skipped ? null : { thrown };
  } finally {
    for (const one of path.toReversed()) for (const hook of one.hooks.afterEach) await hook();
    switchboard.currentTestId = undefined;
  }
}

class Skipped extends Error {}

function newSuite(name: string, parent: Suite | null, skipped: boolean): Suite {
  const hooks = { beforeAll: [], beforeEach: [], afterEach: [] };
  return { name, parent, skipped: skipped || parent?.skipped === true, hooks };
}

type Run = (...args: unknown[]) => unknown;

function addTest(name: string, run: () => unknown, skipped = false): void {
  const names = [name];
  for (let at: Suite | null = suite; at !== null; at = at.parent) names.unshift(at.name);
  const id = names.join(" > ");
  const same = tests.filter((test) => test.id.startsWith(id)).length;
  tests.push({ id: `${id} #${same}`, suite, skipped: skipped || suite.skipped, run });
}

const context = {
  skip() {
    throw new Skipped();
  },
};

function itIf(skipped: boolean) {
  const it = (name: string, run: Run) => addTest(name, () => run(context), skipped);
  const each = (rows: readonly unknown[]) => (name: string, run: Run) => {
    for (const row of rows) addTest(name, () => run(...(Array.isArray(row) ? (row as unknown[]) : [row])), skipped);
  };
  return Object.assign(it, { each });
}

function describeIf(skipped: boolean) {
  return (name: string, fill: () => void) => {
    const outer = suite;
    suite = newSuite(name, outer, skipped);
    fill();
    suite = outer;
  };
}

/** Of the environment, as it was. */
const replaced = new Map<string, string | undefined>();

/** What stands in for vitest's own. What a test would remove in the end goes with the whole scratch folder. */
export const standIns = {
  describe: Object.assign(describeIf(false), { skipIf: (skipped: boolean) => describeIf(skipped) }),
  it: Object.assign(itIf(false), { skipIf: (skipped: boolean) => itIf(skipped) }),
  beforeAll: (hook: () => unknown) => void suite.hooks.beforeAll.push(hook),
  beforeEach: (hook: () => unknown) => void suite.hooks.beforeEach.push(hook),
  afterEach: (hook: () => unknown) => void suite.hooks.afterEach.push(hook),
  afterAll: () => {},
  vi: {
    stubEnv(name: string, value: string) {
      if (!replaced.has(name)) replaced.set(name, process.env[name]);
      process.env[name] = value;
    },
    unstubAllEnvs() {
      for (const [name, value] of replaced) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      replaced.clear();
    },
  },
};

const VITEST = `import { standIns } from ${JSON.stringify(import.meta.url)};
export { expect } from "vitest?real";
export const { describe, it, beforeAll, beforeEach, afterEach, afterAll, vi } = standIns;`;

registerHooks({
  resolve: (name, from, next) => {
    if (name === "vitest?real") return next("vitest", { ...from, parentURL: import.meta.url });
    return name === "vitest" && from.parentURL?.endsWith(".test.ts") === true
      ? { url: `data:text/javascript,${encodeURIComponent(VITEST)}`, shortCircuit: true }
      : next(name, from);
  },
});
