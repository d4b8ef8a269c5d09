import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { canonicalJson } from "../../src/ledger/index.ts";
import { streams } from "../../src/source/index.ts";
import { openStore, storedVersions } from "../../src/store/index.ts";
import { tenantScope } from "../support/stores.ts";
import { readExample, serveExamples, type ExampleServer } from "./example-server.ts";
import { run, temporaryFolder, type Ended } from "./program.ts";

/** Which stream keeps which example, and how many objects it has. */
const KEPT: readonly (readonly [stream: string, example: string, objects: number])[] = [
  ["organization", "organizations-me", 1],
  ["users", "users", 1],
  ["invites", "invites", 1],
  ["workspaces", "workspaces", 1],
  ["workspace_members", "workspace-members", 1],
  ["api_keys", "api-keys", 1],
  ["claude_code", "usage-report-claude-code", 2],
  ["usage_total", "usage-report-messages", 1],
  ["usage_by_key", "usage-report-messages", 1],
  ["usage_by_person", "usage-report-messages", 1],
  ["cost_report", "cost-report", 1],
  ["analytics_usage", "analytics-usage", 1],
  ["analytics_cost", "analytics-cost", 1],
];

/** What the product asks for at most: 91 days of Claude Code, a page and its successor each, and some for the rest. */
const MOST_REQUESTS = 500;

interface Run {
  readonly outcome: string;
  readonly runs: readonly {
    readonly streams: readonly {
      readonly stream: string;
      readonly state: string;
      readonly windows: number;
      readonly windowsIncomplete: number;
      readonly new: number;
      readonly changed: number;
      readonly gone: number;
      readonly warnings: readonly string[];
    }[];
  }[];
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: ExampleServer;
let synced: Ended;

const bursar = (args: readonly string[], input = ""): Promise<Ended> =>
  run(args, { cwd: folder.path, input, env: { BURSAR_UPSTREAM: server.url } });

beforeAll(async () => {
  folder = await temporaryFolder();
  server = await serveExamples();
  const connected = await bursar(["connect", "--json"], "sk-ant-admin01-TESTexamplesExamplesExamples0000");
  expect({ code: connected.code, err: connected.code === 0 ? "" : connected.err }).toEqual({ code: 0, err: "" });
  synced = await bursar(["sync", "--json"]);
});

afterAll(async () => {
  await server.close();
  await folder.remove();
});

describe("examples as a vendor publishes them, in place of an API", () => {
  it("end as an incomplete sync with its warnings, not as a loop", () => {
    expect(synced.code).toBe(3);
    const { outcome, runs } = JSON.parse(synced.out) as Run;
    expect(outcome).toBe("partial");
    for (const [stream] of KEPT.filter(([name]) => name !== "organization")) {
      const report = runs[0]!.streams.find((one) => one.stream === stream);
      expect(report).toMatchObject({ stream, state: "partial" });
      expect(report!.windowsIncomplete).toBe(report!.windows);
      expect(report!.warnings.length).toBeGreaterThan(0);
    }
    expect(server.requests.length).toBeLessThan(MOST_REQUESTS);
  });

  it.each(KEPT)("are kept in %s, every member of %s", async (stream, example, objects) => {
    const published = objectsOf(JSON.parse((await readExample(example)).toString()) as Example);
    expect(published).toHaveLength(objects);
    expect(await recordsOf(stream)).toEqual(published.map((one) => canonicalJson(one as never)).toSorted());
  });

  it("add nothing when they are read again", async () => {
    const { code, out } = await bursar(["sync", "--json"]);
    expect(code).toBe(3);
    const changes = (JSON.parse(out) as Run).runs.flatMap(({ streams: read }) =>
      read.map((one) => one.new + one.changed + one.gone),
    );
    expect(changes).toEqual(changes.map(() => 0));
    expect(server.requests.length).toBeLessThan(2 * MOST_REQUESTS);
  });

  it("leave a ledger that verifies, rows and all", async () => {
    const { code, out } = await bursar(["verify", "--json"]);
    expect({ code, ...(JSON.parse(out) as object) }).toMatchObject({ code: 0, ok: true, failures: [] });
  });
});

interface Figure {
  readonly metric: string;
  readonly day: string;
  readonly value: string | number;
  readonly more?: readonly string[];
}

/** By hand from the examples: each figure of its own day. */
const FIGURES: readonly Figure[] = [
  { metric: "cost", day: "2025-05-20", value: "2.78" },
  { metric: "cost", day: "2025-05-21", value: "0.11" },
  { metric: "cost", day: "2025-05-12", value: "9.87654321", more: ["--kind", "net"] },
  { metric: "tokens", day: "2025-05-12", value: 10_000 },
  { metric: "input_tokens", day: "2025-05-12", value: 7001 },
  { metric: "cache_creation_tokens", day: "2025-05-12", value: 340 },
  { metric: "cache_read_tokens", day: "2025-05-12", value: 660 },
  { metric: "output_tokens", day: "2025-05-12", value: 1999 },
  { metric: "web_searches", day: "2025-05-12", value: 4 },
  { metric: "sessions", day: "2025-05-20", value: 6 },
  { metric: "lines_added", day: "2025-05-20", value: 700 },
  { metric: "lines_removed", day: "2025-05-20", value: 55 },
  { metric: "net_lines", day: "2025-05-20", value: 645 },
  { metric: "commits", day: "2025-05-20", value: 5 },
  { metric: "pull_requests", day: "2025-05-20", value: 1 },
  { metric: "actions_accepted", day: "2025-05-20", value: 45 },
  { metric: "actions_rejected", day: "2025-05-20", value: 10 },
  { metric: "accept_rate", day: "2025-05-20", value: 45 / 55 },
  { metric: "active_users", day: "2025-05-20", value: 1 },
  { metric: "sessions", day: "2025-05-21", value: 2 },
  { metric: "requests", day: "2019-11-05", value: 17 },
];

describe("figures of examples", () => {
  it.each(FIGURES)("$metric of $day is $value", async ({ metric, day, value, more = [] }) => {
    const { code, out, err } = await bursar(["report", metric, "--from", day, "--to", day, ...more, "--json"]);
    expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
    const { total, coverage } = JSON.parse(out) as { total: { value: unknown }; coverage: { covered: number } };
    expect(total.value).toEqual(value);
    // Shown, but never as the whole day.
    expect(coverage.covered).toBe(0);
  });

  it("tells an amount that is no number as unknown, never as 0", async () => {
    const { out } = await bursar([
      "report",
      "cost",
      "--kind",
      "list",
      "--from",
      "2019-11-05",
      "--to",
      "2019-11-05",
      "--json",
    ]);
    expect((JSON.parse(out) as { total: { value: unknown } }).total.value).toBeNull();
  });
});

interface Example {
  readonly data?: readonly { readonly results?: readonly unknown[] }[];
}

/** The objects that an answer is about: its rows, those of its buckets, or itself. */
function objectsOf(example: Example): readonly unknown[] {
  return example.data?.flatMap((entry) => entry.results ?? [entry]) ?? [example];
}

async function recordsOf(stream: string): Promise<string[]> {
  const tables = streams.flatMap((one) => one.tables);
  const store = await openStore({ dataDir: join(folder.path, "bursar-data"), tables });
  try {
    const scope = await tenantScope(store);
    return await store.read(async (tx) => {
      const data: string[] = [];
      for await (const version of storedVersions(tx, scope, { stream, currentOnly: true })) {
        data.push(canonicalJson((JSON.parse(version.payload!) as { data: never }).data));
      }
      return data.toSorted();
    });
  } finally {
    await store.close();
  }
}
