import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  fullLedger,
  logKey,
  newerLogKey,
  ORIGIN,
  SampleLedger,
  witnessKey,
} from "../../test/fixtures/sample-ledger.ts";
import { exportLedger, signCheckpoint, signingKey, verifyExport, type ExportOptions } from "./index.ts";

let scratch = "";
let intact = "";
let small = "";
const sample = fullLedger(600);
const few = fullLedger(40);

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "bursar-ledger-"));
  intact = join(scratch, "intact");
  small = join(scratch, "small");
  await exportLedger(sample.source, intact, optionsOf(sample, [0, 3, 10, 599]));
  await exportLedger(few.source, small, optionsOf(few, [0, 3, 39]));
});

afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
});

function optionsOf(from: typeof sample, proofs: number[]): ExportOptions {
  const consistency = [
    { old: 17, checkpoint: from.older },
    { old: 0, checkpoint: from.source.checkpoint },
  ];
  return { proofs, consistency, anchors: from.anchors };
}

let copies = 0;
async function copyOf(dir: string): Promise<string> {
  copies += 1;
  const copy = join(scratch, `copy-${copies}`);
  await cp(dir, copy, { recursive: true });
  return copy;
}

async function filesOf(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.map((file) => relative(dir, file)).sort();
}

/** Exports a log as it stands, right or wrong, and says what the verifier finds. */
async function findingsOf(ledger: SampleLedger): Promise<string[]> {
  copies += 1;
  const dir = join(scratch, `log-${copies}`);
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

describe("an altered export", () => {
  it("is refused for 500 of 500 flipped bits", async () => {
    const copy = await copyOf(small);
    const files = await filesOf(copy);
    const random = seeded(20_260_102);
    const missed: string[] = [];
    for (let flip = 0; flip < 500; flip++) {
      const file = join(copy, files[flip % files.length] ?? "");
      const before = await readFile(file);
      const after = Buffer.from(before);
      const at = Math.floor(random() * after.length);
      const bit = Math.floor(random() * 8);
      after[at] = (after[at] ?? 0) ^ (1 << bit);
      await writeFile(file, after);
      const { ok, failures } = await verifyExport(copy, { vkey: logKey.vkey });
      if (ok || failures.length === 0) missed.push(`${relative(copy, file)} byte ${at} bit ${bit}`);
      await writeFile(file, before);
    }
    expect(missed).toEqual([]);
    expect((await verifyExport(copy, { vkey: logKey.vkey })).ok).toBe(true);
  });

  it("is refused whichever of its files is gone, cut, longer or empty", async () => {
    const copy = await copyOf(small);
    const missed: string[] = [];
    for (const name of await filesOf(copy)) {
      // Leaving out evidence that is optional leaves a smaller export, not a wrong one.
      const optional = /^(?:proof|consistency|anchors)\/.*[^t]$|^witness-vkey$|^payload\/000$/.test(name);
      const file = join(copy, name);
      const before = await readFile(file);
      const changes: [string, () => Promise<void>][] = [
        ["cut", () => truncate(file, before.length - 1)],
        ["halved", () => truncate(file, Math.floor(before.length / 2))],
        ["empty", () => truncate(file, 0)],
        ["longer by a newline", () => writeFile(file, Buffer.concat([before, Buffer.from("\n")]))],
        ["longer by a space", () => writeFile(file, Buffer.concat([before, Buffer.from(" ")]))],
        ["behind a space", () => writeFile(file, Buffer.concat([Buffer.from(" "), before]))],
        ["with CRLF", () => writeFile(file, Buffer.from(`${before.toString("latin1")}\r\n`, "latin1"))],
        ...(optional ? [] : [["gone", () => rm(file)] satisfies [string, () => Promise<void>]]),
      ];
      for (const [change, apply] of changes) {
        await apply();
        if ((await verifyExport(copy)).ok) missed.push(`${name} ${change}`);
        await writeFile(file, before);
      }
    }
    expect(missed).toEqual([]);
  });

  it.each([
    "stray",
    ".hidden",
    "tile/0/001",
    "tile/0/000",
    "tile/0/000.p/39",
    "tile/1/000.p/1",
    "tile/entries/001.p/1",
    "tile/00/000.p/40",
    "payload/001",
    "payload/000.p/40",
    "proof/1.tlog-proof",
    "proof/x",
    "proof/01.tlog-proof",
    "consistency/1-2",
    "anchors/7/checkpoint",
    "anchors/20/checkpoint.tsr",
    "anchors/20/tsa-ca.pem",
    "anchors/20/notes.txt",
    "payload.txt",
  ])("is refused with a file %s that does not belong", async (name) => {
    const copy = await copyOf(small);
    await mkdir(dirname(join(copy, name)), { recursive: true });
    await writeFile(join(copy, name), "x");
    expect((await verifyExport(copy)).ok).toBe(false);
  });

  it("is refused with an empty folder or a link in it", async () => {
    const folder = await copyOf(small);
    await mkdir(join(folder, "extra"));
    expect((await verifyExport(folder)).ok).toBe(false);
    const link = await copyOf(small);
    await rename(join(link, "checkpoint"), join(scratch, "elsewhere"));
    await symlink(join(scratch, "elsewhere"), join(link, "checkpoint"));
    expect((await verifyExport(link)).ok).toBe(false);
  });

  it("is refused when two files of one kind are swapped", async () => {
    for (const [a, b] of [
      ["tile/0/000", "tile/0/001"],
      ["tile/entries/000", "tile/entries/001"],
      ["payload/000", "payload/001"],
      ["proof/0.tlog-proof", "proof/10.tlog-proof"],
      ["consistency/0-600", "consistency/17-301"],
      ["checkpoint", "anchors/301/checkpoint"],
    ] as const) {
      const copy = await copyOf(intact);
      await rename(join(copy, a), join(copy, "away"));
      await rename(join(copy, b), join(copy, a));
      await rename(join(copy, "away"), join(copy, b));
      expect([a, (await verifyExport(copy)).ok]).toEqual([a, false]);
    }
  });

  it.each<[string, string, (text: string) => string]>([
    ["upper-case salt", "payload/000", (text) => text.replace(/ [0-9a-f]{64} /, (salt) => salt.toUpperCase())],
    ["two spaces in a line", "payload/000", (text) => text.replace(" ", "  ")],
    ["a tab in a line", "payload/000", (text) => text.replace(" ", "\t")],
    ["CRLF lines", "payload/000", (text) => text.replaceAll("\n", "\r\n")],
    ["a leading zero", "payload/000", (text) => text.replace("\n1 ", "\n01 ")],
    ["two lines swapped", "payload/000", (text) => text.replace(/^(.*\n)(.*\n)/, "$2$1")],
    ["an erased line that names another leaf", "payload/000", (text) => text.replace(/erased \d+/, "erased 6")],
    ["an upper-case key id", "vkey", (text) => text.replace("c9c44755", "C9C44755")],
    ["no last newline", "vkey", (text) => text.slice(0, -1)],
    ["a key twice", "vkey", (text) => text + text],
    ["a size with a plus", "checkpoint", (text) => text.replace("\n40\n", "\n+40\n")],
    ["a hyphen for the dash", "checkpoint", (text) => text.replace("—", "-")],
    ["base64 with loose bits", "checkpoint", (text) => text.replace(/(.)=\n/, "B=\n")],
    ["an extension line", "checkpoint", (text) => text.replace("\n\n", "\nextension\n\n")],
  ])("is refused with %s", async (_, name, change) => {
    const copy = await copyOf(small);
    const text = await readFile(join(copy, name), "utf8");
    expect(change(text)).not.toBe(text);
    await writeFile(join(copy, name), change(text));
    expect((await verifyExport(copy)).ok).toBe(false);
  });

  it("names the file and the leaf, and lists at most a hundred failures", async () => {
    const copy = await copyOf(intact);
    const text = await readFile(join(copy, "payload/001"), "utf8");
    await writeFile(join(copy, "payload/001"), text.replaceAll("output_tokens", "output_Tokens"));
    const report = await verifyExport(copy);
    expect(report.failures[0]).toMatchObject({ file: "payload/001", index: expect.any(Number) as number });
    expect(report.failures.length).toBeLessThanOrEqual(100);
    expect(report.failureCount).toBeGreaterThan(100);
  });

  it("is refused when leaves were altered and the tiles made anew", async () => {
    const dir = join(scratch, "forged");
    const ledger = new SampleLedger();
    ledger.genesis();
    ledger.append("run", "app", { changed: true });
    await exportLedger(ledger.source(), dir);
    const checkpoint = await readFile(join(small, "checkpoint"));
    await writeFile(join(dir, "checkpoint"), checkpoint);
    expect((await verifyExport(dir)).ok).toBe(false);
  });
});

/** A certificate authority and a certificate it issued, as openssl writes them. */
async function certificates(): Promise<{ root: string; issued: string } | undefined> {
  const dir = join(scratch, "certificates");
  await mkdir(dir);
  const newKey = "-nodes -newkey rsa:2048";
  const script = `
    openssl req -x509 -days 10 ${newKey} -subj /CN=root -keyout root.key -out root.pem
    openssl req -new ${newKey} -subj /CN=issued -keyout issued.key -out issued.csr
    openssl x509 -req -in issued.csr -CA root.pem -CAkey root.key -CAcreateserial -days 10 -out issued.pem`;
  const made = spawnSync("sh", ["-ec", script], { cwd: dir, encoding: "utf8" });
  if (made.status !== 0) return undefined;
  const read = (name: string): Promise<string> => readFile(join(dir, name), "utf8");
  return { root: await read("root.pem"), issued: await read("issued.pem") };
}

describe("the certificates of a time stamp authority", () => {
  it("are taken when each has its issuer beside it, and refused when altered or alone", async ({ skip }) => {
    const made = await certificates();
    if (made === undefined) return skip("this machine's openssl made no certificates");
    const copy = await copyOf(intact);
    const okWith = async (text: string): Promise<boolean> => {
      await writeFile(join(copy, "anchors/301/tsa-ca.pem"), text);
      return (await verifyExport(copy)).ok;
    };
    expect(await okWith(made.root)).toBe(true);
    expect(await okWith(made.issued + made.root)).toBe(true);
    expect(await okWith(made.issued)).toBe(false);
    expect(await okWith(`a preamble\n${made.root}`)).toBe(false);
    const random = seeded(7);
    const bytes = Buffer.from(made.root);
    for (let flip = 0; flip < 60; flip++) {
      const altered = Buffer.from(bytes);
      const at = Math.floor(random() * bytes.length);
      altered[at] = (altered[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      expect([at, await okWith(altered.toString("latin1"))]).toEqual([at, false]);
    }
  });
});

describe("exporting", () => {
  it("refuses a folder that holds something, and leaves it alone", async () => {
    const dir = await copyOf(small);
    const before = await filesOf(dir);
    await expect(exportLedger(few.source, dir)).rejects.toThrow("not empty");
    expect(await filesOf(dir)).toEqual(before);
  });

  it("takes an empty folder", async () => {
    const dir = join(scratch, "was-empty");
    await mkdir(dir);
    await exportLedger(few.source, dir);
    expect((await verifyExport(dir)).ok).toBe(true);
  });

  it("leaves nothing behind when the source is not the tree that was signed", async () => {
    const parent = join(scratch, "parent");
    await mkdir(parent);
    const checkpoint = signCheckpoint({ origin: ORIGIN, size: 40, root: Buffer.alloc(32) }, [logKey]);
    await expect(exportLedger({ ...few.source, checkpoint }, join(parent, "out"))).rejects.toThrow("not the tree");
    expect(await readdir(parent)).toEqual([]);
  });

  it("waits for an erasure to be signed", async () => {
    const ledger = new SampleLedger();
    ledger.genesis();
    ledger.append("run", "app", {});
    const before = ledger.checkpoint();
    ledger.erase(1);
    await expect(exportLedger(ledger.source(before), join(scratch, "early"))).rejects.toThrow("not signed yet");
    expect((await findingsOf(ledger)).join()).toBe("");
  });

  it("never leaves out what can never be erased", async () => {
    const ledger = new SampleLedger();
    ledger.genesis();
    ledger.erase(0);
    await expect(exportLedger(ledger.source(), join(scratch, "never"))).rejects.toThrow("can never be erased");
  });

  it("names only witnesses that have cosigned, and keeps only lines of keys it names", async () => {
    const ledger = new SampleLedger();
    ledger.genesis();
    const dir = join(scratch, "lines");
    const cosigned = ledger.checkpoint([logKey], witnessKey);
    await exportLedger(ledger.source(cosigned), dir);
    expect(await readFile(join(dir, "checkpoint"), "utf8")).toBe(ledger.checkpoint());
    await exportLedger(ledger.source(ledger.checkpoint(), [logKey.vkey], [witnessKey.vkey]), `${dir}-2`);
    expect(await filesOf(`${dir}-2`)).not.toContain("witness-vkey");
  });
});

/** A small generator with a seed, so that every run flips the same bits. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
