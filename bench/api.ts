import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { ensureBuilt } from "../scripts/build.ts";
import { dayText } from "../src/domain/index.ts";
import { streams } from "../src/source/index.ts";
import { ensureTenant, openStore } from "../src/store/index.ts";
import { benchToken, startServer, type ApiServer } from "./support/api-server.ts";
import { fillForPages } from "./support/api-store.ts";
import { emulatorProcess } from "./support/emulator-process.ts";
import { closedLoop, oneByOne, openLoop, quantile } from "./support/load.ts";
import { LAST_DAY, withQueryStore } from "./support/query-store.ts";
import type { Bench } from "./types.ts";

const PROGRAM = fileURLToPath(new URL("../bin/bursar.js", import.meta.url));
const DAYS = 90;
/** 50,000 usage rows in all. */
const ROWS_A_DAY = 556;
const TO = dayText(LAST_DAY);

/** What stands behind the pages, for a range that ends with the data. */
const PAGES = [
  "overview",
  "spend",
  "active-users",
  "adoption",
  "coding-activity",
  "actions",
  "report?metric=cost&by=model&grain=day",
  "report?metric=tokens&by=workspace",
];

const pages: Bench = {
  name: "api-page-data-50000-rows",
  unit: "ms",
  higherIsBetter: false,
  runs: 1,
  run: () =>
    withServer(ROWS_A_DAY, DAYS, async (server) => {
      // A visit makes the answers; after every sync the server makes them again by itself.
      const visit = await oneByOne(asking(server, 1, () => 30));
      const warm = await oneByOne(asking(server, 25, () => 30));
      // Another range each time: nothing of it is ready.
      const cold = await oneByOne(asking(server, 12, (round) => 31 + round));
      const bare = await oneByOne(Array.from({ length: 200 }, () => () => server.get("/healthz")));
      const slow = await slowest(server);
      const note =
        `p99 ${ms(quantile(warm, 0.99))}; first visit p50 ${ms(quantile(visit, 0.5))}; ` +
        `another range each time p50 ${ms(quantile(cold, 0.5))}, p99 ${ms(quantile(cold, 0.99))}; slowest ${slow}`;
      return { figure: quantile(warm, 0.5), floor: quantile(bare, 0.5), note };
    }),
};

const repeated: Bench = {
  name: "api-repeated-question-16-clients",
  unit: "requests/s",
  higherIsBetter: true,
  runs: 1,
  run: () =>
    withServer(ROWS_A_DAY, DAYS, async (server) => {
      const path = `/api/v1/${question(PAGES[0]!, 30)}`;
      await server.get(path);
      const figure = await closedLoop(16, 5, () => server.get(path));
      const floor = await closedLoop(16, 3, () => server.get("/healthz"));
      return { figure, floor, note: "beside /healthz, which asks no database" };
    }),
};

const million: Bench = {
  name: "api-overview-1m-rows",
  unit: "ms",
  higherIsBetter: false,
  runs: 1,
  run: () =>
    withServer(11_112, DAYS, async (server) => {
      await server.get(`/api/v1/${question("overview", 29)}`);
      const cold = await oneByOne(
        Array.from({ length: 20 }, (_, round) => () => server.get(`/api/v1/${question("overview", 30 + round)}`)),
      );
      const bare = await oneByOne(Array.from({ length: 200 }, () => () => server.get("/healthz")));
      const note = `p95 ${ms(quantile(cold, 0.95))}, each range for the first time`;
      return { figure: quantile(cold, 0.5), floor: quantile(bare, 0.5), note };
    }),
};

const start: Bench = {
  name: "api-start-to-ready",
  unit: "ms",
  higherIsBetter: false,
  runs: 1,
  run: () =>
    withServer(ROWS_A_DAY, DAYS, async (server) => {
      const before = await server.memory();
      await oneByOne(asking(server, 1, () => 30));
      const began = performance.now();
      await promisify(execFile)(process.execPath, ["-e", "0"]);
      const floor = performance.now() - began;
      const note = `${Math.round(before)} MiB then, ${Math.round(await server.memory())} MiB after all pages`;
      return { figure: server.readyMs, floor, note };
    }),
};

/** The whole program: a back-fill in its own process while pages ask 50 times a second. */
const backfilling: Bench = {
  name: "api-p95-while-backfill",
  unit: "ms",
  higherIsBetter: false,
  runs: 1,
  run: () =>
    withConnection(async (server) => {
      const ask = (at: number) => server.get(`/api/v1/${question(PAGES[at % PAGES.length]!, 30)}`);
      await openLoop(50, 2, ask);
      const idle = await openLoop(50, 10, ask);
      const accepted = await server.post("/api/v1/backfill", { from: "all" });
      const busy = await openLoop(50, 10, ask);
      const cpu = `${Math.round(busy.generatorCpu * 100)} % of a core for asking`;
      const note = `50 requests/s; p95 idle beside it; p99 ${ms(quantile(busy.latencies, 0.99))}; ${cpu}; ordered with ${accepted}`;
      return { figure: quantile(busy.latencies, 0.95), floor: quantile(idle.latencies, 0.95), note };
    }),
};

export const benches: readonly Bench[] = [pages, repeated, million, start, backfilling];

function question(page: string, days: number): string {
  return `${page}${page.includes("?") ? "&" : "?"}from=${dayText(LAST_DAY - days + 1)}&to=${TO}`;
}

function asking(server: ApiServer, rounds: number, daysOf: (round: number) => number): (() => Promise<unknown>)[] {
  return Array.from({ length: rounds }, (_, round) =>
    PAGES.map((page) => async () => {
      const { status } = await server.get(`/api/v1/${question(page, daysOf(round))}`);
      if (status !== 200) throw new Error(`${page} was answered with ${status}`);
    }),
  ).flat();
}

/** The question that takes longest when it is new. */
async function slowest(server: ApiServer): Promise<string> {
  let found = { page: "", took: 0 };
  for (const [at, page] of PAGES.entries()) {
    const [took = 0] = await oneByOne([() => server.get(`/api/v1/${question(page, 70 + at)}`)]);
    if (took > found.took) found = { page, took };
  }
  return `${found.page} ${ms(found.took)}`;
}

async function withServer<T>(rowsADay: number, days: number, use: (server: ApiServer) => Promise<T>): Promise<T> {
  await ensureBuilt();
  return withQueryStore(async (into) => {
    await fillForPages(into, rowsADay, days);
    const server = await startServer(dirname(into.file), await benchToken(into.store, into.scope));
    try {
      return await use(server);
    } finally {
      await server.stop();
    }
  });
}

async function withConnection<T>(use: (server: ApiServer) => Promise<T>): Promise<T> {
  await ensureBuilt();
  const data = await mkdtemp(join(tmpdir(), "bursar-bench-"));
  const emulator = await emulatorProcess({ people: 200, days: 400, end: TO, latencyMs: 0 });
  emulator.giveWay();
  const env = { PATH: process.env["PATH"] ?? "", BURSAR_DATA: data, BURSAR_UPSTREAM: emulator.url };
  try {
    const connecting = promisify(execFile)(process.execPath, [PROGRAM, "connect", "--from", dayText(LAST_DAY - 40)], {
      env,
    });
    connecting.child.stdin?.end(emulator.key);
    await connecting;
    await promisify(execFile)(process.execPath, [PROGRAM, "sync"], { env });
    const store = await openStore({ dataDir: data, tables: streams.flatMap((stream) => stream.tables) });
    const { tenantId } = await store.write((tx) => ensureTenant(tx, "default", 0));
    const scope = { tenantId, tenant: "default", principal: "bench", privacy: { mode: "named" } } as const;
    const token = await benchToken(store, scope);
    await store.close();
    const server = await startServer(data, token, emulator.url);
    try {
      // The sync that every start begins with is over first.
      await new Promise((resolve) => setTimeout(resolve, 8_000));
      return await use(server);
    } finally {
      await server.stop();
    }
  } finally {
    emulator.stop();
    await rm(data, { recursive: true, force: true });
  }
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}
