import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { filesOf, optionsOf, sampleExports } from "../../test/support/sample-exports.ts";
import { logKey, newerLogKey, ORIGIN, SampleLedger } from "../../test/support/sample-ledger.ts";
import { exportLedger, signCheckpoint, signingKey, verifyExport } from "./index.ts";

const exports = await sampleExports();
const { scratch, intact, small, sample, copyOf } = exports;

afterAll(() => exports.remove());

/** Exports a log as it stands, right or wrong, and says what the verifier finds. */
async function findingsOf(ledger: SampleLedger): Promise<string[]> {
  const dir = exports.place();
  await exportLedger(ledger.source(), dir);
  const report = await verifyExport(dir);
  expect(report.ok).toBe(report.failures.length === 0);
  return report.failures.map(({ what }) => what);
}

describe("an intact export", () => {
  it("verifies, and the report says what was checked", async () => {
    const report = await verifyExport(intact, { vkey: logKey.vkey, checkpoint: sample.older });
    expect(report.failures).toEqual([]);
    expect(report).toMatchObject({
      ok: true,
      origin: ORIGIN,
      size: 600,
      root: sample.ledger.edge.root().toString("hex"),
      contentChecked: true,
      erased: 3,
      signedBy: [logKey.vkey, newerLogKey.vkey],
      cosignedBy: [{ name: "witness.example/w1", time: 1_767_323_045 }],
      failureCount: 0,
    });
    expect(report.leaves).toMatchObject({ genesis: 1, erase: 2, key: 1, anchor: 1 });
    expect(Object.values(report.leaves).reduce((a, b) => a + b)).toBe(600);
  });

  it("has the layout of the format", async () => {
    expect(await filesOf(intact)).toEqual([
      "anchors/301/checkpoint",
      "anchors/301/checkpoint.ots",
      "checkpoint",
      "consistency/0-600",
      "consistency/17-301",
      "payload/000",
      "payload/001",
      "payload/002",
      "proof/0.tlog-proof",
      "proof/10.tlog-proof",
      "proof/3.tlog-proof",
      "proof/599.tlog-proof",
      "tile/0/000",
      "tile/0/001",
      "tile/0/002.p/88",
      "tile/1/000.p/2",
      "tile/entries/000",
      "tile/entries/001",
      "tile/entries/002.p/88",
      "vkey",
      "witness-vkey",
    ]);
  });

  it("is byte for byte the same when exported again", async () => {
    const again = join(scratch, "again");
    await exportLedger(sample.source, again, optionsOf(sample, [0, 3, 10, 599]));
    for (const file of await filesOf(intact)) {
      expect([file, await readFile(join(again, file))]).toEqual([file, await readFile(join(intact, file))]);
    }
  });

  it("verifies without its payloads, and the report says that content was not checked", async () => {
    const copy = await copyOf(intact);
    await rm(join(copy, "payload"), { recursive: true });
    const report = await verifyExport(copy);
    expect(report).toMatchObject({ ok: true, contentChecked: false });
    expect(report.notes.join()).toContain("content was not checked");
  });

  it("verifies when empty", async () => {
    const dir = join(scratch, "empty");
    await exportLedger(new SampleLedger().source(), dir);
    expect(await verifyExport(dir)).toMatchObject({ ok: true, size: 0, failures: [] });
  });

  it.each([1, 2, 255, 256, 257, 512])("verifies at %i leaves", async (size) => {
    const ledger = new SampleLedger();
    ledger.genesis();
    while (ledger.size < size) ledger.append("run", "app", { n: ledger.size });
    expect(await findingsOf(ledger)).toEqual([]);
  });
});

describe("keys and earlier checkpoints", () => {
  const stranger = signingKey(ORIGIN, "ed25519", Buffer.alloc(32, 1));

  it("refuses an export that the key from elsewhere has not signed", async () => {
    expect((await verifyExport(intact, { vkey: stranger.vkey })).ok).toBe(false);
  });

  it("follows a change of keys through a checkpoint that both have signed", async () => {
    const ledger = new SampleLedger();
    ledger.genesis();
    ledger.append("key", "app", { vkeys: [newerLogKey.vkey], reason: "yearly change" });
    const handover = ledger.checkpoint([logKey, newerLogKey]);
    ledger.append("run", "app", {});
    const source = ledger.source(ledger.checkpoint([newerLogKey]), [logKey.vkey, newerLogKey.vkey]);
    const without = join(scratch, "handover-missing");
    await exportLedger(source, without);
    expect((await verifyExport(without)).failures).toEqual([]);
    expect((await verifyExport(without, { vkey: logKey.vkey })).ok).toBe(false);
    const shown = join(scratch, "handover-shown");
    await exportLedger(source, shown, { consistency: [{ old: 1, checkpoint: handover }] });
    expect((await verifyExport(shown, { vkey: logKey.vkey })).failures).toEqual([]);
  });

  it("refuses a history other than that of a kept checkpoint", async () => {
    const root = Buffer.alloc(32, 1);
    const forked = signCheckpoint({ origin: ORIGIN, size: 100, root }, [logKey]);
    const report = await verifyExport(intact, { checkpoint: forked });
    expect(report.failures.map(({ what }) => what).join()).toContain("another history");
  });

  it("refuses an export that is shorter than a kept checkpoint", async () => {
    const report = await verifyExport(small, { checkpoint: sample.source.checkpoint });
    expect(report.failures.map(({ what }) => what).join()).toContain("cut or rolled back");
  });

  it("refuses a vkey file that names another key than the log declares", async () => {
    const copy = await copyOf(small);
    await writeFile(join(copy, "vkey"), `${logKey.vkey}\n${newerLogKey.vkey}\n${stranger.vkey}\n`);
    expect((await verifyExport(copy)).failures.map(({ file }) => file)).toEqual(["vkey"]);
  });

  it("refuses when the line of a named witness is gone", async () => {
    const copy = await copyOf(small);
    const lines = (await readFile(join(copy, "checkpoint"), "utf8")).split("\n");
    await writeFile(join(copy, "checkpoint"), `${lines.slice(0, -2).join("\n")}\n`);
    await rm(join(copy, "consistency"), { recursive: true });
    await rm(join(copy, "proof"), { recursive: true });
    expect((await verifyExport(copy)).failures.map(({ file }) => file)).toEqual(["witness-vkey"]);
  });

  it("ignores the lines of keys that nobody named", async () => {
    const copy = await copyOf(small);
    const line = `— stranger.example ${Buffer.alloc(68, 5).toString("base64")}\n`;
    const checkpoint = await readFile(join(copy, "checkpoint"), "utf8");
    await writeFile(join(copy, "checkpoint"), checkpoint + line.repeat(16));
    expect((await verifyExport(copy)).failures).toEqual([]);
  });
});

describe("rules between leaves", () => {
  const rules: [name: string, what: string, change: (ledger: SampleLedger) => void][] = [
    ["a second genesis", "leaf 0, and no other", (ledger) => ledger.genesis()],
    [
      "a time that goes back",
      "before the leaf in front",
      (l) => l.append("run", "app", {}, "x", { at: "2025-01-01T00:00:00.000Z" }),
    ],
    ["a version that is left out", "version 2", (l) => l.append("rec", "app", {}, "a", { ver: 3 })],
    ["a version that points at another thing", "after leaf 0", (l) => l.append("rec", "app", {}, "a", { prev: 0 })],
    ["a version that points forwards", "forwards", (l) => l.append("rec", "app", {}, "a", { prev: 9 })],
    ["a thing that begins twice", "version 1", (l) => l.append("rec", "app", {}, "a", { prev: null, ver: 1 })],
    ["a thing that changes its stream", "stream", (l) => l.append("rec", "other", {}, "a")],
    [
      "an erasure of a leaf to come",
      "not before it",
      (l) => l.append("erase", "app", { leaves: [7], reason: "", by: "" }),
    ],
    [
      "a payload that is there but named as erased",
      "still there",
      (l) => l.append("erase", "app", { leaves: [1], reason: "", by: "" }),
    ],
    ["an erasure of the genesis", "still there", (l) => l.append("erase", "app", { leaves: [0], reason: "", by: "" })],
    ["a key leaf that names no key", "no vkeys", (l) => l.append("key", "app", { vkeys: [] })],
    ["a payload that is not an object", "not an object", (l) => l.append("run", "app", [1])],
  ];

  it.each(rules)("refuses %s", async (_, what, change) => {
    const ledger = new SampleLedger();
    ledger.genesis();
    ledger.append("rec", "app", { first: true }, "a");
    change(ledger);
    expect((await findingsOf(ledger)).join()).toContain(what);
  });

  it("refuses a first leaf that is not genesis", async () => {
    const ledger = new SampleLedger();
    ledger.append("run", "app", {});
    expect((await findingsOf(ledger)).join()).toContain("leaf 0, and no other, is genesis");
  });

  it("refuses a missing payload that no erase leaf names", async () => {
    const ledger = new SampleLedger();
    ledger.genesis();
    ledger.append("run", "app", {});
    const by = ledger.append("run", "app", {});
    const { leaf } = ledger.leaves[1] ?? { leaf: Buffer.alloc(0) };
    ledger.leaves[1] = { index: 1, leaf, salt: null, payload: null, erasedBy: by };
    expect((await findingsOf(ledger)).join()).toContain("payload is missing");
  });

  it.each([
    ["another origin", { origin: "ledger.example/other" }],
    ["another format", { format: "ledger/2" }],
    ["other keys", { vkeys: [newerLogKey.vkey] }],
    ["a predecessor that is no checkpoint", { predecessor: { checkpoint: "?", reason: "" } }],
  ])("refuses a genesis with %s", async (_, change) => {
    const ledger = new SampleLedger();
    ledger.genesis([logKey], change);
    expect(await findingsOf(ledger)).toHaveLength(1);
  });
});
