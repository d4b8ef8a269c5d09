import { hash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { dayText, NAMED, parseDay, systemClock, type DayNumber, type Scope } from "../src/domain/index.ts";
import { canonicalJson, parseTlogProof } from "../src/ledger/index.ts";
import { streams } from "../src/source/index.ts";
import { ensureTenant, logState, openStore, type Store } from "../src/store/index.ts";
import { publishCheckpoint, recordProof, takeLease } from "../src/sync/index.ts";
import { commitWindow, type SettledWindow } from "../src/sync/commit.ts";
import { seenRecords } from "../src/sync/diff.ts";
import { ensureLog } from "../src/sync/tenant-log.ts";
import { random } from "../src/app/random.ts";
import { secondsAHash } from "./support/bare-hashes.ts";
import { benchSigner } from "./support/signer.ts";
import type { Bench } from "./types.ts";

const WINDOWS = 10;
const RECORDS = 2_000;
/** For a log of 200,000 leaves; with `BURSAR_FULL=1` of a million, which takes minutes to make. */
const MANY_WINDOWS = process.env["BURSAR_FULL"] ? 500 : 100;
const FIRST = parseDay("2026-03-01");
const ORGANIZATION = "4f0c1d2e-3a4b-4c5d-8e6f-7a8b9c0d1e2f";
const claudeCode = streams.find(({ name }) => name === "claude_code")!;

export const benches: readonly Bench[] = [
  {
    name: "ledger-commit",
    unit: "records/s",
    higherIsBetter: true,
    runs: 3,
    run: () =>
      withRecord(WINDOWS, async ({ seconds, folder }) => ({
        figure: (WINDOWS * RECORDS) / seconds,
        floor: (WINDOWS * RECORDS) / bareInserts(folder),
        note: `windows of ${RECORDS}, one transaction and one flush each: leaves, versions, rows, sums, coverage; floor: three bare SHA-256 and three bare inserts a record, flushed as often`,
      })),
  },
  {
    name: "ledger-record-evidence",
    unit: "ms",
    higherIsBetter: false,
    runs: 1,
    run: () =>
      withRecord(MANY_WINDOWS, async ({ store, scope }) => {
        const size = (await store.read((tx) => logState(tx, scope)))!.size;
        const beside: number[] = [];
        const took: number[] = [];
        for (let at = 0; at < PROOFS; at += 1) {
          const started = performance.now();
          const proof = await recordProof(store, scope, (at * 7919) % size);
          took.push(performance.now() - started);
          beside.push(proof.length - (parseTlogProof(proof).content?.payload.length ?? 0));
        }
        return {
          figure: took.reduce((sum, one) => sum + one, 0) / PROOFS,
          // As each needs every other hash of one tile a level.
          floor: 1000 * 255 * 2 * secondsAHash(),
          note: `${size} leaves; the slowest of ${PROOFS} took ${Math.max(...took).toFixed(1)} ms (aim: 50); at most ${Math.max(...beside)} bytes beside the payload (aim: 3,000); floor: 510 bare SHA-256`,
        };
      }),
  },
];

const PROOFS = 200;

interface Record {
  readonly store: Store;
  readonly scope: Scope;
  readonly folder: string;
  /** That the commits took. */
  readonly seconds: number;
}

/** A record of so many days of many people, committed as a sync commits them, and signed. */
async function withRecord<T>(days: number, use: (record: Record) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "bursar-bench-"));
  const store = await openStore({ dataDir: folder, tables: streams.flatMap(({ tables }) => tables) });
  try {
    const { tenantId } = await store.write((tx) => ensureTenant(tx, "default", 0));
    const scope = { tenantId, tenant: "default", principal: "bench", privacy: NAMED };
    const effects = { store, clock: systemClock, random, signer: benchSigner("ledger.example/bench") };
    await ensureLog(effects, scope);
    const lease = await takeLease(store, scope, "bench", systemClock, () => false);
    const context = {
      ...effects,
      scope,
      lease: lease.token,
      runId: "00000000000000000000000000000000",
      organizationId: ORGANIZATION,
    };
    let seconds = 0;
    for (let day = FIRST; day < FIRST + days; day += 1) {
      const window = windowOf(day);
      const started = performance.now();
      await commitWindow(context, claudeCode, window);
      seconds += (performance.now() - started) / 1000;
    }
    await publishCheckpoint(effects, scope);
    return await use({ store, scope, folder, seconds });
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** One day as the Claude Code report has it, in pages of a thousand. */
function windowOf(day: DayNumber): SettledWindow {
  const pages = Array.from({ length: RECORDS / 1000 }, (_, page) => {
    const data = Array.from({ length: 1000 }, (__, at) => activityOf(day, page * 1000 + at));
    const request = { path: "/v1/organizations/usage_report/claude_code", query: [] };
    const records = claudeCode.records({ data }, { ...request, about: { organization_id: ORGANIZATION } }, () => {});
    const facts = {
      path: request.path,
      query: `starting_at=${dayText(day)}&limit=1000`,
      status: 200,
      requestId: `req_${day}_${page}`,
      organizationId: ORGANIZATION,
      date: systemClock.now(),
      bytes: 878_000,
      bodySha256: hash("sha256", `${day} ${page}`),
      rows: 1000,
      hasMore: page === 0,
    };
    return { facts, records };
  });
  const fetched = {
    window: { stream: claudeCode.name, span: { from: day, to: day + 1 } },
    pages,
    incomplete: null,
    warnings: [],
    upstreamNow: systemClock.now(),
    refreshedAt: null,
  };
  return { fetched, seen: seenRecords(pages) };
}

function activityOf(day: DayNumber, person: number) {
  return {
    date: `${dayText(day)}T00:00:00Z`,
    actor: { type: "user_actor", email_address: `person-${person}@example.com` },
    organization_id: ORGANIZATION,
    customer_type: "api",
    subscription_type: null,
    terminal_type: "vscode",
    is_remote: false,
    core_metrics: {
      num_sessions: 3,
      lines_of_code: { added: 120 + person, removed: 40 },
      commits_by_claude_code: 2,
      pull_requests_by_claude_code: 1,
    },
    tool_actions: { edit_tool: { accepted: 10, rejected: 1 }, write_tool: { accepted: 4, rejected: 0 } },
    model_breakdown: [
      {
        model: "claude-opus-4-8",
        tokens: { input: 1000 + person, output: 300, cache_read: 9000, cache_creation: 500 },
        estimated_cost: { amount: 123, currency: "USD" },
      },
    ],
  };
}

/** Seconds for the same windows, with nothing around the bytes. */
function bareInserts(folder: string): number {
  const db = new DatabaseSync(join(folder, "floor.db"));
  db.exec(
    "pragma journal_mode = wal; pragma synchronous = full; create table leaves (i integer primary key, leaf, hash, salt, payload); create table versions (k text primary key, i) without rowid; create table facts (k integer primary key, a, b, c, d)",
  );
  const leaf = db.prepare("insert into leaves values (?, ?, ?, ?, ?)");
  const version = db.prepare("insert into versions values (?, ?)");
  const fact = db.prepare("insert into facts values (?, ?, ?, ?, ?)");
  const payloads = Array.from({ length: WINDOWS * RECORDS }, (_, at) => canonicalJson(activityOf(FIRST, at)));
  const bytes = Buffer.alloc(200, 1);
  const started = performance.now();
  for (let from = 0; from < payloads.length; from += RECORDS) {
    db.exec("begin immediate");
    for (let at = from; at < from + RECORDS; at += 1) {
      const payload = payloads[at] ?? "";
      const digest = hash("sha256", payload, "buffer");
      hash("sha256", bytes, "buffer");
      hash("sha256", digest, "buffer");
      leaf.run(at, bytes, digest, digest, payload);
      version.run(digest.toString("hex"), at);
      fact.run(at, 1, 2, 3, 4);
    }
    db.exec("commit");
  }
  const seconds = (performance.now() - started) / 1000;
  db.close();
  return seconds;
}
