import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { readSettings } from "../../src/app/config.ts";
import { startEmulator } from "../../src/emulator/index.ts";
import {
  canonicalJson,
  commitment,
  Edge,
  leafBytes,
  leafHash,
  parseLeaf,
  sha256Hex,
  signCheckpoint,
  signingKey,
  verifyExport,
} from "../../src/ledger/index.ts";
import { catalog, runOperation, type OperationContext } from "../../src/operations/index.ts";
import { appendLeaves, createLog, logState, putCheckpoint, readLeaves, type NewLeaf } from "../../src/store/index.ts";
import { logVkeys, rebuildRows } from "../../src/sync/index.ts";
import { connectTo, exportTo, syncMain } from "../support/rolled-back.ts";
import { openTestSession } from "../support/opened.ts";

/** One record for all cases, each of which tampers with a copy of its own. */
let root = "";
const at = (...names: string[]) => join(root, ...names);

async function opened<T>(folder: string, use: (context: OperationContext) => Promise<T>): Promise<T> {
  const session = await openTestSession({ settings: readSettings({ flags: { data: folder }, env: {}, cwd: root }) });
  try {
    return await use(session.context);
  } finally {
    await session.close();
  }
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "bursar-tampering-"));
  const world = { seed: 3, people: 3, days: 3, end: "2026-10-31", scale: 1 };
  const emulator = await startEmulator({ world });
  await opened(at("clean"), async (context) => {
    await connectTo(context, emulator);
    await syncMain(context, "2026-10-29");
    await runOperation(context, await catalog.rotateLogKey(), {});
    emulator.world.overlay.restate({ day: "2026-10-30", stream: "cost", factor: 2 });
    emulator.clock.advance(3_600_000);
    await syncMain(context);
    await exportTo(context, at("export"));
  });
  await emulator.close();
});

afterAll(() => rm(root, { recursive: true, force: true }));

/** What the doctor finds in a copy of the record that somebody has edited, as `file leaf: what`. */
async function found(...statements: string[]): Promise<string[]> {
  const folder = await mkdtemp(at("edited-"));
  await cp(at("clean"), folder, { recursive: true });
  const database = new DatabaseSync(join(folder, "bursar.db"), { enableForeignKeyConstraints: false });
  for (const statement of statements) {
    const { changes } = database.prepare(statement).run();
    expect(changes, statement).toBeGreaterThan(0);
  }
  database.close();
  const { ok, checks } = await opened(folder, async (context) => runOperation(context, await catalog.doctor(), {}));
  await rm(folder, { recursive: true });
  const told = checks.flatMap(({ name, ok: isWell, what, findings = [] }) => [
    ...(isWell ? [] : [`${name}: ${what}`]),
    ...findings.map(({ file, index, what: how }) => `${file}${index === undefined ? "" : ` ${index}`}: ${how}`),
  ]);
  expect(ok).toBe(told.length === 0);
  return told;
}

const LEAF = 400;
const DAY = "(select max(day) from cost_lines where day < 20757)";
const VERSION = `(stream, organization_id, day, nk_hash, ver) = (
  select stream, organization_id, day, nk_hash, ver from record_versions where state = 'rec' order by leaf_index limit 1)`;

it("finds nothing in a record that nobody has touched", async () => {
  expect(await found("update settings set value = value")).toEqual([]);
});

describe("the doctor names table and place of what was edited by hand:", () => {
  it.each([
    [
      "a leaf's bytes",
      "table leaves 400",
      [
        `update leaves set leaf = cast(replace(cast(leaf as text), '"ver":1', '"ver":2') as blob) where leaf_index = ${LEAF}`,
      ],
    ],
    ["a leaf's hash", "table leaves 400", [`update leaves set leaf_hash = zeroblob(32) where leaf_index = ${LEAF}`]],
    ["a dropped leaf", "table leaves 400", [`delete from leaves where leaf_index = ${LEAF}`]],
    [
      "the last leaf, dropped",
      "table logs",
      ["delete from leaves where leaf_index = (select max(leaf_index) from leaves)"],
    ],
    [
      "two leaves in each other's place",
      "table record_versions 400",
      [
        `update leaves set leaf_index = -1 where leaf_index = ${LEAF}`,
        `update leaves set leaf_index = ${LEAF} where leaf_index = ${LEAF + 1}`,
        `update leaves set leaf_index = ${LEAF + 1} where leaf_index = -1`,
      ],
    ],
    [
      "an inserted leaf",
      "table logs",
      [
        "insert into leaves select tenant_id, leaf_index + 1, leaf, leaf_hash, salt, payload, erased_by from leaves order by leaf_index desc limit 1",
      ],
    ],
    [
      "a payload",
      "table leaves 400",
      [`update leaves set payload = replace(payload, '1', '2') where leaf_index = ${LEAF}`],
    ],
    [
      "a payload that is no JSON",
      "table leaves 400",
      [`update leaves set payload = 'nothing' where leaf_index = ${LEAF}`],
    ],
    ["a salt", "table leaves 400", [`update leaves set salt = zeroblob(32) where leaf_index = ${LEAF}`]],
    ["a payload taken away", "table leaves 400", [`update leaves set payload = null where leaf_index = ${LEAF}`]],
    [
      "a payload erased without an order",
      "table leaves 400",
      [`update leaves set payload = null, salt = null, erased_by = 500 where leaf_index = ${LEAF}`],
    ],
    ["a tile's hash", "table tile_hashes", ["update tile_hashes set hash = zeroblob(32) where n = 1"]],
    ["a dropped tile hash", "table tile_hashes", ["delete from tile_hashes where n = 1"]],
    [
      "an invented tile hash",
      "table tile_hashes",
      ["insert into tile_hashes select tenant_id, level, n + 50, hash from tile_hashes limit 1"],
    ],
    ["the log's size", "table logs", ["update logs set size = size - 1"]],
    ["the log's right edge", "table logs", ["update logs set edge = zeroblob(length(edge))"]],
    ["the log's last time", "table logs", ["update logs set last_at_ms = last_at_ms + 1000"]],
    [
      "an older checkpoint's signature",
      "table checkpoints",
      [`update checkpoints set note = replace(note, '=', 'A') where size = (select min(size) from checkpoints)`],
    ],
    [
      "a checkpoint of another size",
      "table checkpoints",
      ["update checkpoints set size = size + 3 where size = (select min(size) from checkpoints)"],
    ],
    ["a key that no leaf names", "table log_keys", ["update log_keys set leaf_index = leaf_index + 1"]],
    ["a forgotten key", "table log_keys", ["delete from log_keys"]],
  ] as const)("%s", async (_, place, statements) => {
    expect((await found(...statements)).join("\n")).toContain(place);
  });

  it.each([
    ["a version's state", `update record_versions set state = 'gone' where ${VERSION}`],
    ["the hash of a version's data", `update record_versions set data_sha256 = 'x' where ${VERSION}`],
    ["a version's time", `update record_versions set at_ms = at_ms + 1 where ${VERSION}`],
    ["which leaf holds a version", `update record_versions set leaf_index = leaf_index + 1 where ${VERSION}`],
    ["a version's number", `update record_versions set ver = ver + 7 where ${VERSION}`],
    ["a version's record", `update record_versions set record_id = 'x' where ${VERSION}`],
    ["a version's key", `update record_versions set nk = nk || ' ' where ${VERSION}`],
    ["the hash of a version's key", `update record_versions set nk_hash = zeroblob(16) where ${VERSION}`],
    ["a version's day", `update record_versions set day = day + 1 where ${VERSION}`],
    ["what stands in conflict", `update record_versions set conflicted = 1 where ${VERSION}`],
    ["a dropped version", `delete from record_versions where ${VERSION}`],
    [
      "an invented version",
      `insert into record_versions select tenant_id, stream, organization_id, day, nk_hash, ver + 1, nk, record_id, leaf_index, at_ms, state, data_sha256, conflicted from record_versions where ${VERSION}`,
    ],
  ])("%s", async (_, statement) => {
    expect((await found(statement)).join("\n")).toMatch(/^table record_versions \d+: /m);
  });

  it.each([
    ["a figure", `update cost_lines set amount_pico = amount_pico + 1 where day = ${DAY}`, "table cost_lines: rows of"],
    ["a row that is gone", `delete from cost_lines where day = ${DAY}`, "table cost_lines: rows of"],
    [
      "a row too many",
      `insert into cost_lines select tenant_id, organization_id, day + 100, workspace_id, description, cost_type, token_type, model, service_tier, context_window, inference_geo, currency, amount_pico from cost_lines where day = ${DAY}`,
      "table cost_lines: rows of",
    ],
    ["a row of nobody", `update cost_lines set organization_id = 77 where day = ${DAY}`, "table cost_lines: "],
    ["a sum", `update cost_daily set amount_pico = 0 where day = ${DAY}`, "table cost_daily: rows of"],
    ["a sum that is gone", `delete from cost_daily where day = ${DAY}`, "table cost_daily: rows of"],
    [
      "who was active: a day deleted",
      "delete from active_days where day = 20756 and rule = 'any'",
      "table active_days: rows of",
    ],
    [
      "who was active: nobody",
      "update active_days set bits = x'00' where day = 20756 and rule = 'any'",
      "table active_days: rows of",
    ],
    [
      "who was active: anybody",
      "update active_days set bits = x'ff' where day = 20756 and rule = 'any'",
      "table active_days: rows of",
    ],
    [
      "who was active: by another rule",
      "update active_days set rule = 'nobody' where day = 20756 and rule = 'any'",
      "table active_days: rows of",
    ],
    ["a name", "update dims set value = value || 'x' where dim = 'model'", "rows of"],
    [
      "a day that counts as read",
      "update coverage set state = 'partial' where stream = 'cost_report'",
      "table coverage: ",
    ],
    [
      "when a day was read",
      "update coverage set read_at_ms = read_at_ms + 1 where stream = 'cost_report'",
      "table coverage: ",
    ],
    [
      "how often a day was restated",
      "update coverage set revised = 5 where stream = 'cost_report'",
      "table coverage: ",
    ],
    ["a day forgotten", "delete from coverage where stream = 'cost_report'", "table coverage: "],
    [
      "a day invented",
      "insert into coverage select tenant_id, organization_id, stream, day - 400, state, read_at_ms, revised, refreshed_at_ms from coverage where stream = 'cost_report'",
      "table coverage: ",
    ],
    [
      "how a run went",
      `update runs set report = replace(report, '"outcome":"complete"', '"outcome":"partial"')`,
      "table runs ",
    ],
    ["a run forgotten", "delete from runs", "table runs "],
    [
      "a run invented",
      "insert into runs select tenant_id, started_ms, 'invented', ended_ms, outcome, report from runs limit 1",
      "table runs: ",
    ],
  ])("%s", async (_, statement, place) => {
    expect((await found(statement)).join("\n")).toContain(place);
  });

  it("names the very rows that differ, in a table and in a sum", async () => {
    const [, inTable] = await found(
      `delete from cost_lines where day = ${DAY} and description = (select min(description) from cost_lines where day = ${DAY})`,
    );
    expect(inTable).toMatch(/^table cost_lines: rows of .* on 2026-10-3\d are not what the records say \(\["?.*\]\)/);
  });
});

describe("a stranger names the file of an export that was edited by hand:", () => {
  type Edit = (path: string) => Promise<void>;
  const bytes =
    (change: (content: Buffer) => Buffer): Edit =>
    async (path) =>
      writeFile(path, change(await readFile(path)));
  const lines =
    (change: (all: string[]) => string[]): Edit =>
    async (path) =>
      writeFile(path, change((await readFile(path, "utf8")).split("\n")).join("\n"));
  const swapped = <T>([first, second, ...rest]: T[]): T[] => [second!, first!, ...rest];
  const flipped = (content: Buffer): Buffer => {
    const copy = Buffer.from(content);
    copy[100]! ^= 1;
    return copy;
  };
  /** A bundle is a length of two bytes and a leaf, one after the other. */
  const ofBundle = (change: (leaves: Buffer[]) => Buffer[]): Edit =>
    bytes((content) => {
      const leaves: Buffer[] = [];
      for (let at = 0; at < content.length; at += 2 + content.readUInt16BE(at)) {
        leaves.push(content.subarray(at, at + 2 + content.readUInt16BE(at)));
      }
      return Buffer.concat(change(leaves));
    });

  it.each<[string, string, Edit]>([
    ["a leaf", "tile/0/001", async () => bytes(flipped)(at("altered/tile/entries/001"))],
    ["a dropped leaf", "tile/entries/001", ofBundle((leaves) => leaves.slice(1))],
    ["two leaves in each other's place", "tile/0/001", async () => ofBundle(swapped)(at("altered/tile/entries/001"))],
    ["an inserted leaf", "tile/entries/001", ofBundle((leaves) => [leaves[0]!, ...leaves])],
    ["a payload", "payload/001", lines(([first, ...rest]) => [first!.replace("1", "2"), ...rest])],
    ["a dropped payload", "payload/001", lines((all) => all.slice(1))],
    ["two payloads in each other's place", "payload/001", lines(swapped)],
    ["an inserted payload", "payload/001", lines((all) => [all[0]!, ...all])],
    ["a tile", "tile/0/001", bytes(flipped)],
    ["a tile of tiles", "tile/1/000.p/4", bytes(flipped)],
    ["a file taken away", "tile/0/002", (path) => rm(path)],
    ["a file too many", "payload/009", (path) => writeFile(path, "")],
    ["the checkpoint", "checkpoint", lines(([origin, size, ...rest]) => [origin!, String(Number(size) - 1), ...rest])],
    ["the keys", "vkey", lines((all) => all.slice(1))],
  ])("%s", async (_, file, edit) => {
    const dir = at("altered");
    await cp(at("export"), dir, { recursive: true });
    try {
      await edit(join(dir, file));
      const { ok, failures } = await verifyExport(dir);
      expect(ok).toBe(false);
      expect(failures.map((failure) => failure.file)).toContain(file);
    } finally {
      await rm(dir, { recursive: true });
    }
  });

  it("the handover of keys", async () => {
    const dir = at("altered");
    await cp(at("export"), dir, { recursive: true });
    const [name = ""] = await readdir(join(dir, "consistency"));
    await lines((all) =>
      all.filter((line) => !line.startsWith("— ")).concat(all.filter((line) => line.startsWith("— ")).slice(0, 1), ""),
    )(join(dir, "consistency", name));
    const first = (await readFile(join(dir, "vkey"), "utf8")).split("\n")[0]!;
    expect((await verifyExport(at("export"), { vkey: first })).ok).toBe(true);
    expect(await verifyExport(dir, { vkey: first })).toMatchObject({ ok: false });
    await rm(dir, { recursive: true });
  });
});

describe("an insider who holds the key and rewrites history", () => {
  it("is caught by the checkpoint kept outside the database, and when that is rewritten too, by any kept elsewhere", async () => {
    const folder = await mkdtemp(at("insider-"));
    await cp(at("clean"), folder, { recursive: true });
    const file = join(folder, "checkpoints/default");
    const elsewhere = await readFile(file, "utf8");
    const forged = await opened(folder, (context) => rewriteHistory(context));

    await opened(folder, async (context) => {
      const { trouble } = await runOperation(context, await catalog.ledgerSummary(), {});
      expect(trouble).toMatchObject({ kind: "differs" });
    });
    await writeFile(file, forged);
    await opened(folder, async (context) => {
      expect((await runOperation(context, await catalog.ledgerSummary(), {})).trouble).toBe(null);
      // Within itself everything fits: the key vouches for whatever its holder signs.
      expect(await runOperation(context, await catalog.verify(), {})).toMatchObject({ ok: true });
      await exportTo(context, at("forged"));
      const found = await runOperation(context, await catalog.verify(), { checkpoint: elsewhere });
      expect(found.failures).toEqual([{ file: "checkpoint", what: expect.stringContaining("another history") }]);
    });
    expect(await verifyExport(at("forged"))).toMatchObject({ ok: true });
    expect(await verifyExport(at("forged"), { checkpoint: elsewhere })).toMatchObject({ ok: false });
  });

  it("and who signs with another key in the log's name is not believed", async () => {
    const note = await readFile(join(at("export"), "checkpoint"), "utf8");
    const [origin = "", size, root = ""] = note.split("\n");
    const stranger = signingKey(origin, "ed25519", Buffer.alloc(32, 99));
    const dir = at("stranger");
    await cp(at("export"), dir, { recursive: true });
    const checkpoint = { origin, size: Number(size), root: Buffer.from(root, "base64") };
    await writeFile(join(dir, "checkpoint"), signCheckpoint(checkpoint, [stranger]));
    expect(await verifyExport(dir)).toMatchObject({ ok: false, failures: [{ file: "checkpoint" }] });
  });
});

/** Changes a figure in the first cost line, and everything after it, as if it had always been so; gives the checkpoint. */
async function rewriteHistory({ store, scope, unguarded, streams }: OperationContext): Promise<string> {
  const note = await store.write(async (tx) => {
    const leaves = await readLeaves(tx, scope, 0, 1_000_000);
    const { origin } = (await logState(tx, scope))!;
    const victim = leaves.findIndex(({ payload }) => payload?.includes('"amount":"') === true);
    const forged = leaves.map(({ index, leaf, salt, payload }): NewLeaf => {
      const isVictim = index === victim;
      const told = isVictim ? payload!.replace('"amount":"', '"amount":"9') : payload!;
      const parsed = parseLeaf(leaf);
      const bytes = isVictim ? leafBytes({ ...parsed, c: commitment(salt!, told) }) : leaf;
      return { index, leaf: bytes, leafHash: leafHash(bytes), salt: salt!, payload: told };
    });
    for (const table of ["leaves", "tile_hashes", "checkpoints", "logs"]) {
      await sql`delete from ${sql.table(table)} where tenant_id = ${scope.tenantId}`.execute(tx.db);
    }
    await sql`update log_keys set handover_size = null where tenant_id = ${scope.tenantId}`.execute(tx.db);
    await createLog(tx, scope, { origin });
    const lastAtMs = Date.parse(parseLeaf(forged.at(-1)!.leaf).at);
    const state = await appendLeaves(tx, scope, forged, lastAtMs);
    const edge = new Edge(state.size, state.edge);
    const keys = (await logVkeys(tx, scope)).map((vkey, i) => ({ keyNo: i + 1, vkey }));
    const signed = await unguarded.signer.sign(tx, { origin, size: edge.size, root: edge.root() }, keys.slice(-1));
    await putCheckpoint(tx, scope, { size: edge.size, note: signed, atMs: 0 });
    await sql`update log_keys set handover_size = ${edge.size} where tenant_id = ${scope.tenantId}`.execute(tx.db);
    const victimHash = sha256Hex(canonicalJson((JSON.parse(forged[victim]!.payload) as { data: object }).data));
    await sql`update record_versions set data_sha256 = ${victimHash} where leaf_index = ${victim}`.execute(tx.db);
    return signed;
  });
  await rebuildRows(store, scope, streams);
  return note;
}
