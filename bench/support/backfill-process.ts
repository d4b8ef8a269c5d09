/** One measured back-fill in a process of its own, so that its memory is its own. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { dayText, NAMED, parseDay, silentLog, systemClock, type Random } from "../../src/domain/index.ts";
import { createClient, streams } from "../../src/source/index.ts";
import { ensureTenant, insertConnection, openStore } from "../../src/store/index.ts";
import { syncConnection } from "../../src/sync/index.ts";
import { bareFetch } from "./bare-fetch.ts";
import { claudeCodeFloor } from "./claude-code-floor.ts";
import { benchSigner } from "./signer.ts";

export interface BackfillOrder {
  readonly what: "floor" | "fetch" | "bursar";
  readonly url: string;
  readonly key: string;
  readonly days: number;
  readonly end: string;
}

export interface BackfillReport {
  readonly seconds: number;
  /** Of the main thread. */
  readonly cpuSeconds: number;
  /** Of a second sync with nothing new. */
  readonly secondSeconds: number;
  readonly pages: number;
  readonly rows: number;
  readonly newRecords: number;
  readonly newAgain: number;
  readonly peakMiB: number;
}

const order = JSON.parse(process.argv[2] ?? "{}") as BackfillOrder;
const dir = await mkdtemp(join(tmpdir(), "bursar-bench-"));
try {
  const report = order.what === "bursar" ? await bursar() : await floor();
  const peakMiB = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(`${JSON.stringify({ ...report, peakMiB })}\n`);
} finally {
  await rm(dir, { recursive: true, force: true });
}

async function floor(): Promise<Omit<BackfillReport, "peakMiB">> {
  const last = parseDay(order.end) + 1;
  const days = Array.from({ length: order.days + 1 }, (_, i) => dayText(last - i));
  if (order.what === "fetch") {
    const seconds = await bareFetch(order.url, order.key, days);
    return { seconds, cpuSeconds: 0, secondSeconds: 0, pages: 0, rows: 0, newRecords: 0, newAgain: 0 };
  }
  const { seconds, pages, rows } = await claudeCodeFloor(order.url, order.key, days, dir);
  return { seconds, cpuSeconds: 0, secondSeconds: 0, pages, rows, newRecords: rows, newAgain: 0 };
}

async function bursar(): Promise<Omit<BackfillReport, "peakMiB">> {
  const random: Random = { bytes: (count) => randomBytes(count), fraction: Math.random };
  const signer = benchSigner("ledger.example/bench");
  const store = await openStore({ dataDir: dir, tables: streams.flatMap((stream) => stream.tables) });
  const tenant = await store.write((tx) => ensureTenant(tx, "default", 0));
  const scope = { tenantId: tenant.tenantId, tenant: "default", principal: "bench", privacy: NAMED };
  const clock = systemClock;
  const client = createClient({
    upstream: order.url,
    openKey: () => order.key,
    fingerprint: "00000000",
    clock,
    random,
  });
  const me = await client.get({ path: "/v1/organizations/me", query: [] });
  const row = await store.write((tx) =>
    insertConnection(tx, scope, {
      name: "bench",
      kind: "admin",
      organizationId: typeof me.body["id"] === "string" ? me.body["id"] : "",
      organizationName: "Bench",
      upstream: order.url,
      state: "active",
      fingerprint: null,
      last4: null,
      backfillFrom: parseDay(order.end) - order.days + 1,
      // As `connect` leaves them.
      capabilities: { lines: [{ stream: "claude_code", outcome: "reachable", reason: null }] },
      createdAt: 0,
      rotatedAt: null,
      lastUsedAt: null,
    }),
  );
  const effects = { store, streams, clock, random, log: silentLog, signer, holder: "bench" };
  const run = async () => {
    const startedAt = performance.now();
    const cpu = process.threadCpuUsage();
    const report = await syncConnection(effects, scope, { row, client }, { streams: ["claude_code"] });
    const stream = report.streams.find((one) => one.stream === "claude_code")!;
    const used = process.threadCpuUsage(cpu);
    const seconds = (performance.now() - startedAt) / 1000;
    return { seconds, cpuSeconds: (used.user + used.system) / 1_000_000, stream };
  };
  const first = await run();
  const second = await run();
  await client.close();
  await store.close();
  const { pages, rows, new: newRecords } = first.stream;
  const { seconds, cpuSeconds } = first;
  return { seconds, cpuSeconds, secondSeconds: second.seconds, pages, rows, newRecords, newAgain: second.stream.new };
}
