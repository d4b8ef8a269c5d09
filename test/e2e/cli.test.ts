import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createWorld, startEmulator, type Emulator } from "../../src/emulator/index.ts";
import { cleanEnv, ended, run, start, temporaryFolder, type Ended } from "./program.ts";

const WORLD = { seed: 11, people: 8, days: 6, end: "2026-10-31", scale: 1 };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let emulator: Emulator;
let keyFile: string;

const bursar = (args: readonly string[], input = "", env: Record<string, string> = {}): Promise<Ended> =>
  run(args, { cwd: folder.path, input, env: { BURSAR_UPSTREAM: emulator.url, ...env } });

async function json(args: readonly string[], input = ""): Promise<Record<string, never>> {
  const { code, out, err } = await bursar([...args, "--json"], input);
  expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out) as Record<string, never>;
}

beforeAll(async () => {
  folder = await temporaryFolder();
  emulator = await startEmulator({ world: createWorld(WORLD) });
  keyFile = join(folder.path, "admin-key");
  await writeFile(keyFile, `${emulator.keys.admin}\n`, { mode: 0o600 });
});

afterAll(async () => {
  await emulator.close();
  await folder.remove();
});

// One record through its life: each step builds on the one before.
describe("a connection from key to proof", () => {
  it("connects with a key from a file and lists what it can read", async () => {
    const done = await json(["connect", "--name", "main", "--key-file", keyFile]);
    expect(done).toMatchObject({ connection: "main", kind: "admin", rotated: false });
    expect(done["streams"]).toHaveLength(14);
    expect(Object.keys(done["capabilities"]!)).toEqual([
      "admin_api",
      "code_analytics",
      "activity_feed",
      "content_capture",
      "mcp_connector",
      "enterprise_analytics",
      "usage_cost_analytics",
    ]);
  });

  it("reads the whole past and says so in lines where there is no terminal", async () => {
    const { code, out, err } = await bursar(["backfill", "--all"]);
    expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^main: complete in /);
    expect(err).toContain("bursar: main: cost_report done");
    expect(err).not.toContain("\u001b");
  });

  it("adds nothing when nothing changed upstream", async () => {
    const done = (await json(["sync"])) as unknown as {
      outcome: string;
      runs: { streams: { new: number; changed: number; gone: number }[] }[];
    };
    expect(done.outcome).toBe("complete");
    const changes = done.runs.flatMap(({ streams }) => streams.map((one) => one.new + one.changed + one.gone));
    expect(changes.reduce((sum, one) => sum + one, 0)).toBe(0);
  });

  it("shows how far every stream is", async () => {
    const found = (await json(["status"])) as unknown as {
      connections: { streams: { stream: string; cursor: string | null; gaps: string[] }[] }[];
    };
    const cost = found.connections[0]?.streams.find(({ stream }) => stream === "cost_report");
    expect(cost).toMatchObject({ cursor: "2026-10-31", gaps: [] });
    expect((await bursar(["status"])).out).toContain("complete through");
  });

  it("answers with the generator's own totals", async () => {
    const truth = emulator.world.truth();
    const range = ["--from", truth.from, "--to", truth.to];
    const sessions = (await json(["report", "sessions", "--population", "all", ...range])) as unknown as {
      total: { value: number };
    };
    expect(sessions.total.value).toBe(truth.claude_code.sessions);
    const cost = (await json(["report", "cost", "--kind", "net", ...range])) as unknown as { total: { value: string } };
    expect(Number(cost.total.value)).toBeCloseTo(Number(truth.analytics.amount_usd), 9);
  });

  it("splits, filters and prints a table", async () => {
    const { code, out } = await bursar([
      "report",
      "cost",
      "--by",
      "model",
      "--grain",
      "week",
      "--from",
      "2026-10-26",
      "--to",
      "2026-10-31",
    ]);
    expect(code).toBe(0);
    expect(out).toMatch(/^week\s+model\s+USD$/m);
    expect(out).toMatch(/^Total: [\d,.]+ USD$/m);
  });

  it("exports rows as CSV and as JSON lines with the same cells", async () => {
    const range = ["--to", WORLD.end];
    const csv = (await bursar(["export", "cost_lines", ...range])).out.trimEnd().split("\r\n");
    const lines = (await bursar(["export", "cost_lines", "--format", "jsonl", ...range])).out.trimEnd().split("\n");
    expect(csv).toHaveLength(lines.length + 1);
    expect(csv[0]?.split(",")).toEqual(Object.keys(JSON.parse(lines[0]!) as object));
    expect(lines).toHaveLength(emulator.world.truth().cost_report.lines);
  });

  it("exports to a new file only, and says with --json what it wrote", async () => {
    const rows = ["export", "cost_lines", "--to", WORLD.end];
    const done = await json([...rows, "--format", "csv", "--out", "cost.csv"]);
    expect(done).toEqual({ rows: "cost_lines", count: done["count"], format: "csv", out: "cost.csv" });
    const written = await readFile(join(folder.path, "cost.csv"), "utf8");
    expect(written.trimEnd().split("\r\n")).toHaveLength(1 + Number(done["count"]));
    expect((await bursar([...rows, "--out", "-"])).out).toBe(written);
    for (const [args, says] of [
      [["--out", "cost.csv"], "--out: cost.csv exists already."],
      [["--out", "."], "--out: . is a folder."],
      [["--out", "absent/cost.csv"], "--out: there is no folder absent."],
      [["--json", "--format", "csv"], "--format: csv is no JSON"],
    ] as const) {
      const { code, out, err } = await bursar([...rows, ...args]);
      expect({ args, code, out }).toEqual({ args, code: 2, out: "" });
      expect(err).toContain(says);
    }
    expect(await readFile(join(folder.path, "cost.csv"), "utf8")).toBe(written);
  });

  it("exports the ledger, which verifies without the data folder", async () => {
    const done = (await json(["ledger", "export", "ledger"])) as unknown as { size: number };
    const elsewhere = await run(["verify", join(folder.path, "ledger"), "--json"], { cwd: "/" });
    expect(JSON.parse(elsewhere.out)).toMatchObject({ ok: true, of: "folder", size: done.size });
    expect(elsewhere.code).toBe(0);
  });

  it("verifies an export with nothing but the package's own files, as an auditor unpacks them", async () => {
    const unpacked = join(folder.path, "package");
    for (const part of ["package.json", "bin", "dist"]) {
      await cp(new URL(`../../${part}`, import.meta.url), join(unpacked, part), { recursive: true });
    }
    const program = [join(unpacked, "bin", "bursar.js"), "verify", "ledger", "--json"];
    const { code, out } = await ended(spawn(process.execPath, program, { cwd: folder.path, env: cleanEnv() }));
    expect([code, (JSON.parse(out) as { ok: boolean }).ok]).toEqual([0, true]);
    await rm(unpacked, { recursive: true });
  });

  it("finds a flipped byte of an export and ends with 1", async () => {
    const file = join(
      folder.path,
      "ledger",
      "payload",
      (await readdir(join(folder.path, "ledger", "payload"), { recursive: true })).find((name) => /\d$/.test(name))!,
    );
    const bytes = await readFile(file);
    bytes[bytes.length - 5]! ^= 1;
    await writeFile(file, bytes);
    const { code, out } = await bursar(["verify", "ledger"]);
    expect(code).toBe(1);
    expect(out).toContain("does NOT verify");
  });

  it("proves one record", async () => {
    const { code, out } = await bursar(["ledger", "proof", "0"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^c2sp\.org\/tlog-proof@v1\n/);
  });

  it("verifies the live record", async () => {
    const found = await json(["verify"]);
    expect(found).toMatchObject({ ok: true, of: "live", failureCount: 0 });
    expect(found["rowsChecked"]).toBeGreaterThan(0);
  });

  it("builds every row anew to the same digest", async () => {
    const before = await json(["doctor", "--digest"]);
    const done = (await json(["doctor", "--rebuild"])) as unknown as {
      ok: boolean;
      rebuilt: { mended: boolean; digestAfter: string };
    };
    expect(done.ok).toBe(true);
    expect(done.rebuilt).toMatchObject({ mended: false, digestAfter: before["digest"] });
  });

  it("gives a key an owner and loads people", async () => {
    await writeFile(join(folder.path, "people.csv"), "email,name,team\nada@example.com,Ada,Platform\n");
    expect(await json(["people", "load", "people.csv"])).toMatchObject({ people: 1, added: 1, teams: 1 });
    expect(await json(["people", "owner", "ci-bot", "--person", "ada@example.com", "--force"])).toMatchObject({
      actor: "key:ci-bot",
      service: null,
      known: false,
    });
  });

  it("takes a key as reports print it, and refuses one that no record names", async () => {
    const exported = (await bursar(["export", "api_keys", "--format", "jsonl"])).out.split("\n", 1)[0]!;
    const { name } = JSON.parse(exported) as { name: string };
    const service = ["--service", "CI"];
    const owned = await json(["people", "owner", `key: ${name}`, ...service]);
    expect(owned).toMatchObject({ actor: `key:${name}`, service: "CI", known: true });
    const { code, err } = await bursar(["people", "owner", `key:${name}x`, ...service]);
    expect(code).toBe(2);
    expect(err).toContain(`no record names key:${name}x. Did you mean key:${name}`);
    expect(await json(["people", "list"])).toMatchObject({
      owners: [{ actor: "key:ci-bot" }, { actor: `key:${name}` }],
    });
    await json(["people", "owner", `key:${name}`, "--none"]);
  });

  it("replaces the key by another one of the same organization", async () => {
    expect(await json(["connect", "--name", "main"], emulator.keys.replacement)).toMatchObject({ rotated: true });
    expect(await json(["sync"])).toMatchObject({ outcome: "complete" });
  });

  it("keeps the old key when the new one is of another organization", async () => {
    const { code, err } = await bursar(["connect", "--name", "main", "--json"], emulator.keys.otherOrganization);
    expect(code).toBe(4);
    expect(JSON.parse(err)).toMatchObject({ code: "source.other_organization" });
    expect(await json(["sync"])).toMatchObject({ outcome: "complete" });
  });

  it("keeps tenants apart", async () => {
    await json(["tenant", "add", "acme"]);
    expect((await json(["status", "--tenant", "acme"]))["connections"]).toEqual([]);
    const connected = await bursar(["connect", "--tenant", "acme", "--data", "bursar-data"], emulator.keys.admin);
    expect(connected.err).toContain("next: bursar sync --tenant acme --data bursar-data; ");
    expect((await bursar(["disconnect", "--tenant", "acme"])).code).toBe(0);
    expect((await bursar(["sync", "--tenant", "acme"])).code).toBe(2);
    expect((await bursar(["status", "--tenant", "nobody"])).code).toBe(2);
  });

  it("ends with 4 when the key was revoked, and says what to do", async () => {
    emulator.revoke(emulator.keys.replacement);
    const { code, out } = await bursar(["sync"]);
    expect(code).toBe(4);
    expect(out).toContain("run bursar connect again");
    expect((await json(["status"]))["connections"]).toMatchObject([{ state: "invalid" }]);
  });

  it("is locked and readable without its key-encryption key", async () => {
    const env = { BURSAR_KEK_FILE: join(folder.path, "no-such-kek") };
    const sync = await bursar(["sync", "--json"], "", env);
    expect(sync.code).toBe(4);
    expect(JSON.parse(sync.err)).toMatchObject({ code: "vault.locked" });
    const report = await bursar(["report", "sessions", "--json"], "", env);
    expect(report.code).toBe(0);
  });

  it("destroys the key and keeps what was read", async () => {
    expect(await json(["disconnect", "--name", "main"])).toMatchObject({ keyDestroyed: true });
    expect((await bursar(["sync"])).code).toBe(2);
    expect((await bursar(["export", "cost_lines"])).out.split("\r\n").length).toBeGreaterThan(2);
  });
});

/** Every text that any table of a database holds. */
function textsOf(file: string): string {
  const database = new DatabaseSync(file, { readOnly: true });
  const tables = database.prepare("select name from sqlite_master where type = 'table'").all();
  const rows = tables.flatMap(({ name }) => database.prepare(`select * from "${String(name)}"`).all());
  database.close();
  return rows.flatMap((row) => Object.values(row).filter((value) => typeof value === "string")).join("\n");
}

describe("disconnect --purge", () => {
  it("erases what was read, and the ledger still verifies", async () => {
    const own = await temporaryFolder();
    const env = { BURSAR_UPSTREAM: emulator.url };
    const bursar = (args: readonly string[]) => run(args, { cwd: own.path, env });
    expect((await bursar(["connect", "--key-file", keyFile])).code).toBe(0);
    expect((await bursar(["backfill", "--from", "2026-10-30"])).code).toBe(0);
    expect((await bursar(["disconnect", "--purge"])).code).toBe(2);
    const done = await bursar(["disconnect", "--purge", "--yes", "--json"]);
    expect(JSON.parse(done.out)).toMatchObject({ keyDestroyed: true });
    expect((JSON.parse(done.out) as { purged: number }).purged).toBeGreaterThan(100);
    expect((await bursar(["export", "users"])).out.trimEnd().split("\r\n")).toHaveLength(1);
    const kept = textsOf(join(own.path, "bursar-data", "bursar.db"));
    expect(kept).toContain("organization.purged");
    expect(emulator.world.directory.users.filter(({ email }) => kept.includes(email))).toEqual([]);
    const checked = await bursar(["verify", "--json"]);
    expect(JSON.parse(checked.out)).toMatchObject({ ok: true, rowsChecked: 0 });
    await own.remove();
  });
});

describe("serve", () => {
  it("is healthy, syncs, and ends tidily on SIGTERM", async () => {
    const own = await temporaryFolder();
    const env = { BURSAR_UPSTREAM: emulator.url, BURSAR_LISTEN: "127.0.0.1:0" };
    const first = await run(["connect", "--key-file", keyFile, "--from", "2026-10-30"], { cwd: own.path, env });
    expect(first.code).toBe(0);
    const child = start(["serve", "--json"], { cwd: own.path, env });
    const end = ended(child);
    const [line] = (await once(child.stdout, "data")) as [string];
    const { url } = JSON.parse(line) as { url: string };
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const ready = async () =>
      (await (await fetch(`${url}/readyz`)).json()) as { status: string; syncs: Record<string, { exit: number }> };
    await expect.poll(async () => (await ready()).syncs["default"]?.exit, { timeout: 30_000 }).toBe(0);
    child.kill("SIGTERM");
    expect((await end).code).toBe(0);
    await own.remove();
  });
});
