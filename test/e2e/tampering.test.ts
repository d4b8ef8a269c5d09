import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { createWorld, startEmulator, type Emulator } from "../../src/emulator/index.ts";
import { run, temporaryFolder } from "./program.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let emulator: Emulator;

const clean = () => join(folder.path, "clean");
const data = () => join(folder.path, "data");
const bursar = (args: readonly string[], env: Record<string, string> = {}) =>
  run(args, { cwd: folder.path, env: { BURSAR_UPSTREAM: emulator.url, BURSAR_DATA: data(), ...env } });

function edit(sql: string, file = join(data(), "bursar.db")): void {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}

interface Verified {
  readonly ok: boolean;
  readonly failures: readonly { file: string; index?: number; what: string }[];
}

async function verified(): Promise<Verified & { code: number | null }> {
  const { code, out } = await bursar(["verify", "--json"]);
  return { ...(JSON.parse(out) as Verified), code };
}

beforeAll(async () => {
  folder = await temporaryFolder();
  emulator = await startEmulator({ world: createWorld({ seed: 21, people: 5, days: 4, end: "2026-10-31", scale: 1 }) });
  const keyFile = join(folder.path, "key");
  await writeFile(keyFile, emulator.keys.admin, { mode: 0o600 });
  expect((await bursar(["connect", "--key-file", keyFile, "--from", "2026-10-28"])).code).toBe(0);
  expect((await bursar(["sync"])).code).toBe(0);
  await cp(data(), clean(), { recursive: true });
});

beforeEach(async () => {
  await rm(data(), { recursive: true });
  await cp(clean(), data(), { recursive: true });
});

afterAll(async () => {
  await emulator.close();
  await folder.remove();
});

// Each kind of tampering is tried in test/ledger/tampering.test.ts; here, what the program says of it.
describe("verify finds what was edited by hand", () => {
  it("a figure in a row and a payload: it names table, day and leaf, and ends with 1", async () => {
    edit("update cost_lines set amount_pico = amount_pico + 1 where day = 20756");
    edit("update leaves set payload = replace(payload, '1', '2') where leaf_index = 40");
    const found = await verified();
    expect(found).toMatchObject({ ok: false, code: 1 });
    expect(found.failures.map(({ index }) => index)).toContain(40);
    expect(found.failures.map(({ file }) => file)).toContain("table cost_lines");
    const { code, out } = await bursar(["doctor"]);
    expect(code).toBe(5);
    expect(out).toContain("table leaves, leaf 40: ");
    expect(out).toMatch(/table cost_lines: rows of \S+ on 2026-10-30 are not what the records say \(\[/);
  });

  it("and doctor --rebuild mends rows from the records", async () => {
    edit("update cost_lines set amount_pico = 0");
    const done = await bursar(["doctor", "--rebuild", "--json"]);
    expect(JSON.parse(done.out)).toMatchObject({ ok: true, rebuilt: { mended: true } });
    expect(await verified()).toMatchObject({ ok: true, code: 0 });
  });
});

describe("a database of yesterday", () => {
  it("is found before anything is appended, and stays readable", async () => {
    const older = join(folder.path, "older.db");
    await cp(join(data(), "bursar.db"), older);
    emulator.clock.advance(3_600_000);
    expect((await bursar(["sync"])).code).toBe(0);
    await cp(older, join(data(), "bursar.db"));
    await rm(join(data(), "bursar.db-wal"), { force: true });
    const before = await readFile(join(data(), "bursar.db"));
    const sync = await bursar(["sync", "--json"]);
    expect(sync.code).toBe(5);
    expect(JSON.parse(sync.err)).toMatchObject({ code: "ledger.rolled_back" });
    expect((await bursar(["report", "sessions", "--json"])).code).toBe(0);
    expect((await readFile(join(data(), "bursar.db"))).equals(before)).toBe(true);
    const doctor = await bursar(["doctor", "--json"]);
    expect(doctor.code).toBe(5);
  });

  it("is a person's decision when the checkpoint file was lost", async () => {
    await rm(join(data(), "checkpoints"), { recursive: true });
    const sync = await bursar(["sync"]);
    expect(sync.code).not.toBe(0);
    expect(sync.err).toContain("bursar doctor --restore-checkpoint");
    expect((await bursar(["doctor", "--restore-checkpoint"])).code).toBe(0);
    expect((await bursar(["sync"])).code).toBe(0);
  });
});

describe("keys at rest", () => {
  it("cannot be opened when their blob was altered", async () => {
    edit("update secrets set blob = zeroblob(length(blob)) where purpose = 'connection-key'");
    const { code, err } = await bursar(["sync", "--json"]);
    expect(code).toBe(4);
    expect(JSON.parse(err)).toMatchObject({ code: "vault.altered" });
  });

  it("cannot be opened with another key-encryption key, and nothing is rewritten", async () => {
    const kek = join(folder.path, "other-kek");
    await writeFile(kek, `${"ab".repeat(32)}\n`, { mode: 0o600 });
    const before = await readFile(join(data(), "bursar.db"));
    const { code, err } = await bursar(["sync", "--json"], { BURSAR_KEK_FILE: kek });
    expect(code).toBe(4);
    expect(JSON.parse(err)).toMatchObject({ code: "vault.locked" });
    expect((await readFile(join(data(), "bursar.db"))).equals(before)).toBe(true);
  });

  it("lock the vault when their key-encryption key may be read by others", async () => {
    const kek = join(folder.path, "open-kek");
    await writeFile(kek, `${"ab".repeat(32)}\n`, { mode: 0o644 });
    const { code, err } = await bursar(["sync"], { BURSAR_KEK_FILE: kek });
    expect(code).toBe(4);
    expect(err).toContain(`${kek} cannot be used, its mode is 0644: run chmod 600 ${kek}`);
  });
});

describe("tables that a new version keeps otherwise", () => {
  it("give no figure until a sync has built them again", async () => {
    edit("insert into stale_tables (tenant_id, name) values (1, 'cost_lines'); delete from cost_lines");
    const report = await bursar(["report", "cost", "--json"]);
    expect(report.code).toBe(5);
    expect(report.err).toContain("cost_lines wait to be built");
    expect((await bursar(["sync"])).code).toBe(0);
    expect((await bursar(["report", "cost", "--json"])).code).toBe(0);
    expect(await verified()).toMatchObject({ ok: true });
  });
});
