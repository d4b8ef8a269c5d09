import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { verifyExport } from "../../src/ledger/index.ts";
import { publishCheckpoint } from "../../src/sync/index.ts";
import { testApi, type TestApi } from "../support/api.ts";
import { withSyncedBursar, type TestBursar } from "../support/bursar.ts";

interface Row extends Readonly<Record<string, unknown>> {
  readonly index: number;
}

let bursar: TestBursar;
let api: TestApi;
let all: string;
let auditor: string;
let done: () => void;
let ended: Promise<void>;

beforeAll(async () => {
  const ending = new Promise<void>((resolve) => (done = resolve));
  await new Promise<void>((ready, refuse) => {
    ended = withSyncedBursar(async (made) => {
      bursar = made;
      api = await testApi({ store: bursar.store, clock: bursar.clock });
      all = await api.token();
      auditor = await api.token(["read", "audit"]);
      ready();
      await ending;
    });
    ended.catch(refuse);
  });
}, 60_000);

// A server looks at the ledger again after a moment, and this clock stands still.
const aMomentLater = () => bursar.clock.set(bursar.clock.now() + 1_000);
beforeEach(aMomentLater);

afterAll(async () => {
  done();
  await ended;
});

async function json(path: string, token = all): Promise<Record<string, unknown>> {
  return (await (await api.get(`/api/v1/${path}`, token)).json()) as Record<string, unknown>;
}

/** Unpacks a download with the system's own tar, and gives the folder in it. */
async function unpacked<T>(path: string, token: string, use: (dir: string, name: string) => Promise<T>): Promise<T> {
  const answer = await api.get(path, token);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("application/x-tar");
  const place = await mkdtemp(join(tmpdir(), "bursar-download-"));
  try {
    await writeFile(join(place, "ledger.tar"), Buffer.from(await answer.arrayBuffer()));
    const tar = spawnSync("tar", ["-xf", "ledger.tar"], { cwd: place, encoding: "utf8" });
    expect([tar.status, tar.stderr]).toEqual([0, ""]);
    const [folder = ""] = (await readdir(place)).filter((name) => name !== "ledger.tar");
    return await use(join(place, folder), answer.headers.get("content-disposition") ?? "");
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

describe("the download of the ledger", () => {
  it("is a folder that verifies, whole, with what is recorded for who may see people", () =>
    unpacked("/api/v1/ledger-export", all, async (dir, disposition) => {
      const report = await verifyExport(dir, { vkey: bursar.signer.vkeys });
      expect(report).toMatchObject({ ok: true, contentChecked: true, failures: [] });
      expect(disposition).toContain(`ledger-${report.size}.tar"`);
    }));

  it("is proofs alone for who may not see people, and names nobody", () =>
    unpacked("/api/v1/ledger-export", auditor, async (dir, disposition) => {
      expect(await verifyExport(dir, { vkey: bursar.signer.vkeys })).toMatchObject({ ok: true, contentChecked: false });
      expect(disposition).toContain("-proofs.tar");
      const names = bursar.emulator.world.directory.users.flatMap(({ email, name, id }) => [email, name, id]);
      for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const text = await readFile(join(entry.parentPath, entry.name), "latin1");
        expect(names.filter((name) => text.includes(name))).toEqual([]);
      }
    }));

  it("refuses them the content, by name, and leaves a trace of each that was given", async () => {
    const refused = await api.get("/api/v1/ledger-export?payloads=true", auditor);
    expect(await refused.json()).toMatchObject({ status: 403, code: "access.individuals", field: "payloads" });
    const { rows } = (await json("list-audit")) as { rows: Row[] };
    const exported = rows.filter(({ event }) => event === "ledger.exported");
    expect(exported.map(({ facts }) => facts)).toMatchObject([{ payloads: false }, { payloads: true }]);
  });
});

describe("evidence", () => {
  it("is a folder with its own page, and leaves a trace", async () => {
    await unpacked("/api/v1/evidence-bundle?about=access", all, async (dir, disposition) => {
      expect(disposition).toMatch(/-evidence-\d+\.tar"/);
      expect(await readFile(join(dir, "README.html"), "utf8")).toContain("<h1>Who had access</h1>");
      const members = bursar.emulator.world.directory.users.length;
      const { sums } = JSON.parse(await readFile(join(dir, "queries.json"), "utf8")) as {
        sums: Record<string, string>;
      };
      const roles = Object.entries(sums).filter(([id]) => id.startsWith("users."));
      expect(roles.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(members);
    });
    aMomentLater();
    const { rows } = (await json("list-audit?limit=200")) as { rows: Row[] };
    const facts = { about: "access", person: null, payloads: true };
    expect(rows.find(({ event }) => event === "evidence.made")).toMatchObject({ facts });
  });

  it("names nobody to who may not see people, and is not given about a person", async () => {
    await unpacked("/api/v1/evidence-bundle?about=period&from=2026-10-29&to=2026-10-29", auditor, async (dir) => {
      const { users, apiKeys } = bursar.emulator.world.directory;
      const names = [...users.flatMap(({ email, name, id }) => [email, name, id]), ...apiKeys.map(({ name }) => name)];
      for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const text = await readFile(join(entry.parentPath, entry.name), "latin1");
        expect(names.filter((name) => text.includes(name))).toEqual([]);
        const [, extra] = /^extra (.*)$/m.exec(text) ?? [];
        if (extra !== undefined)
          expect(Object.keys(JSON.parse(Buffer.from(extra, "base64").toString()) as object)).toEqual(["leaf"]);
      }
    });
    for (const more of [
      "about=person&email=ada@example.com",
      "about=report&metric=tokens&where=person=ada@example.com",
    ]) {
      const refused = await api.get(`/api/v1/evidence-bundle?${more}`, auditor);
      expect(await refused.json()).toMatchObject({ status: 403, code: "access.individuals" });
    }
  });

  it("refuses what means nothing for its kind, and a person whom nobody listed", async () => {
    const told = async (query: string) => json(`evidence-bundle?${query}`);
    expect(await told("about=access&from=2026-10-01")).toMatchObject({ status: 422, field: "from" });
    expect(await told("about=report")).toMatchObject({ status: 422, field: "metric" });
    expect(await told("about=person&personId=p_000000000000")).toMatchObject({ code: "access.unknown" });
  });

  it("refuses what no record is about: a folder without a proof proves nothing", async () => {
    const told = async (query: string) => json(`evidence-bundle?${query}`);
    expect(await told("about=access&asOf=2020-01-01")).toMatchObject({ status: 422, field: "asOf" });
    expect(await told("about=period&from=2020-01-01&to=2020-01-31")).toMatchObject({ status: 422, field: "from" });
  });
});

describe("the audit trail", () => {
  it("comes in parts, the newest first, without a hole", async () => {
    const { rows } = (await json("list-audit?limit=200")) as { rows: Row[] };
    expect(rows.length).toBeGreaterThan(1);
    const parts: Row[] = [];
    let before = "";
    for (let times = 0; times < 50; times += 1) {
      const part = (await json(`list-audit?limit=1${before}`)) as { rows: Row[]; next: number | null };
      parts.push(...part.rows);
      if (part.next === null) break;
      before = `&before=${part.next}`;
    }
    expect(parts).toEqual(rows);
  });

  it("keeps what it happened to from who may not see people", async () => {
    const told = (await json("list-audit", auditor)) as { rows: Row[]; factsHidden: boolean };
    expect(told.factsHidden).toBe(true);
    expect(told.rows.every(({ event, facts, name }) => event !== null && facts === null && name === null)).toBe(true);
  });
});

describe("finding a record to prove", () => {
  it("finds it by a part of its key, in any case, and what is found can be proved", async () => {
    const [user] = bursar.emulator.world.directory.users;
    const found = (await json(`find-records?stream=users&text=${user!.id.toUpperCase()}`)) as { rows: Row[] };
    expect(found.rows).toMatchObject([{ stream: "users", key: [user!.id], day: null, version: 1, isCurrent: true }]);
    await publishCheckpoint(bursar, bursar.scope);
    const { proof } = await json(`prove-record?index=${found.rows[0]!.index}`);
    const extra = /^extra (.+)$/m.exec(String(proof))?.[1] ?? "";
    const { payload } = JSON.parse(Buffer.from(extra, "base64").toString()) as { payload: string };
    expect(payload).toContain(user!.email);
  });

  it("takes a per cent sign for itself", async () => {
    expect((await json("find-records?text=%25"))["rows"]).toEqual([]);
  });

  it("comes in parts, the latest first, of one day", async () => {
    const whole = (await json("find-records?day=2026-10-30&limit=200")) as { rows: Row[] };
    expect(whole.rows.length).toBeGreaterThan(3);
    expect(new Set(whole.rows.map(({ day }) => day))).toEqual(new Set(["2026-10-30"]));
    const first = (await json("find-records?day=2026-10-30&limit=2")) as { rows: Row[]; next: number };
    const second = (await json(`find-records?day=2026-10-30&limit=2&before=${first.next}`)) as { rows: Row[] };
    expect([...first.rows, ...second.rows]).toEqual(whole.rows.slice(0, 4));
  });

  it("shows neither key nor day, and searches for neither, to who may not see people", async () => {
    const { rows } = (await json("find-records?stream=users", auditor)) as { rows: Row[] };
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every(({ key, day }) => key === null && day === null)).toBe(true);
    for (const question of ["text=ada", "day=2026-10-30"]) {
      expect(await json(`find-records?${question}`, auditor)).toMatchObject({ code: "access.individuals" });
    }
  });
});

describe("the ledger's summary", () => {
  it("says what is signed, and what the last verification found", async () => {
    const before = (await json("ledger-summary")) as { ledger: { size: number }; lastVerification: unknown };
    expect(before.lastVerification).toBe(null);
    const verified = (await (await api.post("/api/v1/verify-ledger", all, {})).json()) as { size: number };
    expect(verified).toMatchObject({ ok: true, failureCount: 0 });
    const after = (await json("ledger-summary", auditor)) as {
      ledger: { size: number; checkpoint: { size: number; note: string; vkeys: string[] } };
      lastVerification: unknown;
    };
    expect(after.lastVerification).toEqual(verified);
    // A check adds nothing to what it checks.
    expect(after.ledger.size).toBe(before.ledger.size);
    expect(after.ledger.checkpoint).toMatchObject({ size: verified.size, vkeys: bursar.signer.vkeys });
    expect(after.ledger.checkpoint.note).toContain(`\n${verified.size}\n`);
  });
});
