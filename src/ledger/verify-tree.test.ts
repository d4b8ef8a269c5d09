import { mkdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { sampleExports } from "../../test/support/sample-exports.ts";
import { ORIGIN, SampleLedger } from "../../test/support/sample-ledger.ts";
import { exportLedger, leafHash, rootOf, verifyExport } from "./index.ts";
import { Findings } from "./findings.ts";
import { GatheredFacts } from "./payload-facts.ts";
import { ScratchFile } from "./scratch-file.ts";
import { ExportFolder } from "./verify-files.ts";
import { LeafChecker } from "./verify-leaves.ts";
import { checkPart } from "./verify-part.ts";
import { checkTree } from "./verify-tree.ts";

const exports = await sampleExports();
const { intact, small, copyOf, place, sample } = exports;
afterAll(() => exports.remove());

const found = async (dir: string) => (await verifyExport(dir)).failures.map(({ file, what }) => `${file} ${what}`);

/** Checks an export tile by tile, each as a part of its own: what reaches over their ends is seen in a short log. */
async function inParts(dir: string, size: number, tilesAPart = 1) {
  const findings = new Findings();
  const scratch = new ScratchFile();
  const facts = new GatheredFacts(scratch);
  const progress: number[][] = [];
  const { root, counts } = await checkTree({
    folder: new ExportFolder(dir),
    findings,
    facts,
    scratch,
    origin: ORIGIN,
    size,
    progress: (...at) => progress.push(at),
    async *checkParts(orders) {
      for (const order of orders) {
        for (let from = order.from; from < order.to; from += tilesAPart) {
          yield checkPart({ ...order, from, to: Math.min(from + tilesAPart, order.to) });
        }
      }
    },
  });
  return {
    root,
    counts,
    facts,
    progress,
    found: findings.kept.map(({ file, index, what }) => `${file} ${index}: ${what}`),
  };
}

/** A log of 300 leaves, the last of which the test writes. */
async function exported(last: (ledger: SampleLedger) => void): Promise<string> {
  const ledger = new SampleLedger();
  ledger.genesis();
  ledger.append("rec", "app", {}, "a");
  while (ledger.size < 299) ledger.append("run", "app", { n: ledger.size });
  last(ledger);
  const dir = place();
  await exportLedger(ledger.source(), dir);
  return dir;
}

describe("a tree checked in parts", () => {
  it("is the same however it is cut, and says how far it is", async () => {
    for (const tilesAPart of [1, 2, 3]) {
      const checked = await inParts(intact, 600, tilesAPart);
      expect(checked.found).toEqual([]);
      expect(checked.root).toEqual(sample.ledger.edge.root());
      expect(checked.progress.at(-1)).toEqual([600, 600]);
      expect(checked.progress).toHaveLength(Math.ceil(3 / tilesAPart));
      expect(checked.counts).toMatchObject({ genesis: 1, erase: 2, key: 1, anchor: 1 });
      expect(checked.facts.erasures.count).toBe(3);
      expect(checked.facts.anchored.size).toBe(2);
    }
  });

  it.each<[string, string | null, (ledger: SampleLedger) => void]>([
    ["a new version", null, (l) => l.append("rec", "app", {}, "a")],
    [
      "a version left out",
      "is version 3 after leaf 1 of its thing where version 2 after leaf 1 belongs",
      (l) => l.append("rec", "app", {}, "a", { ver: 3 }),
    ],
    [
      "a version after another leaf",
      "is version 2 after leaf 0 of its thing where version 2 after leaf 1 belongs",
      (l) => l.append("rec", "app", {}, "a", { prev: 0 }),
    ],
    [
      "a thing that begins again",
      "is version 1 of its thing where version 2 after leaf 1 belongs",
      (l) => l.append("rec", "app", {}, "a", { prev: null, ver: 1 }),
    ],
    [
      "a version of nothing",
      "is version 2 after leaf 7 of its thing where version 1 belongs",
      (l) => l.append("rec", "app", {}, "new", { prev: 7, ver: 2 }),
    ],
    ["a version of itself", "points forwards, to 299", (l) => l.append("rec", "app", {}, "a", { prev: 299 })],
    ["another stream", "is of stream other, its thing of app", (l) => l.append("rec", "other", {}, "a")],
  ])("holds %s against the leaves of the part before", async (_, what, last) => {
    const checked = await inParts(await exported(last), 300);
    expect(checked.found).toEqual(what === null ? [] : [`tile/entries/001.p/44 299: ${what}`]);
  });

  it("names what is wrong in the order of the parts, chains that reach over their ends too", async () => {
    const ledger = new SampleLedger();
    ledger.genesis();
    ledger.append("rec", "app", {}, "a");
    while (ledger.size < 300) ledger.append("run", "app", {});
    ledger.append("rec", "app", {}, "a", { ver: 9 });
    while (ledger.size < 600) ledger.append("run", "app", {});
    const dir = place();
    await exportLedger(ledger.source(), dir);
    for (const n of [0, 1]) await writeFile(join(dir, `tile/0/00${n}`), "cut");
    await writeFile(join(dir, "tile/0/002.p/88"), "cut");
    const cut = "does not hold the hashes of the leaves";
    expect((await inParts(dir, 600)).found).toEqual([
      `tile/0/000 undefined: ${cut}`,
      `tile/0/001 undefined: ${cut}`,
      "tile/entries/001 300: is version 9 after leaf 1 of its thing where version 2 after leaf 1 belongs",
      `tile/0/002.p/88 undefined: ${cut}`,
    ]);
  });

  it("finds a time that goes back between two parts, once", async () => {
    const ledger = new SampleLedger();
    ledger.genesis();
    while (ledger.size < 256) ledger.append("run", "app", {});
    ledger.append("run", "app", {}, "x", { at: "2026-01-02T00:00:09.000Z" });
    ledger.append("run", "app", {}, "y", { at: "2026-01-02T00:00:09.000Z" });
    const dir = place();
    await exportLedger(ledger.source(), dir);
    const what = "dated 2026-01-02T00:00:09.000Z, before the leaf in front of it";
    expect((await inParts(dir, 258)).found).toEqual([`tile/entries/001.p/2 256: ${what}`]);
    expect((await inParts(dir, 258, 2)).found).toEqual([`tile/entries/001.p/2 256: ${what}`]);
  });

  it("stops where leaves cannot be read, and says so", async () => {
    const copy = await copyOf(intact);
    await rm(join(copy, "tile/entries/001"));
    const { found, progress, root, counts } = await inParts(copy, 600);
    expect(root).toEqual(rootOf(sample.ledger.leaves.slice(0, 256).map(({ leaf }) => leafHash(leaf))));
    expect(Object.values(counts).reduce((a, b) => a + b)).toBe(256);
    expect(found).toEqual([
      "tile/entries/001 undefined: is missing",
      "tile/entries/001 undefined: nothing after it could be checked",
    ]);
    expect(progress).toEqual([[256, 600]]);
  });
});

describe("the files of a tree", () => {
  it("are each found when a byte of it is another", async () => {
    const copy = await copyOf(intact);
    for (const file of ["tile/0/000", "tile/0/002.p/88", "tile/1/000.p/2", "payload/001"]) {
      const before = await readFile(join(copy, file));
      const after = Buffer.from(before);
      after[after.length - 2]! ^= 1;
      await writeFile(join(copy, file), after);
      const files = new Set((await verifyExport(copy)).failures.map(({ file }) => file));
      // A proof in a tile that is another may fail with it.
      expect([file, files.has(file)]).toEqual([file, true]);
      await writeFile(join(copy, file), before);
    }
    expect(await found(copy)).toEqual([]);
  });

  it("are no longer than they may be", async () => {
    const copy = await copyOf(small);
    const path = join(copy, "tile/0/000.p/40");
    await writeFile(path, Buffer.concat([await readFile(path), Buffer.alloc(257 * 32)]));
    expect((await found(copy)).join()).toContain("tile/0/000.p/40 has 9504 bytes, more than belong");
  });

  it("are these names in a tree of 600 leaves, and no others", async () => {
    const dir = place();
    const allowed = [
      "anchors/0/checkpoint",
      "anchors/301/checkpoint",
      "anchors/301/checkpoint.a-1.ots",
      "anchors/301/checkpoint.ots",
      "anchors/301/tsa-ca.a-1.pem",
      "anchors/301/tsa-ca.pem",
      "checkpoint",
      "consistency/0-600",
      "payload/000",
      "payload/002",
      "proof/0.tlog-proof",
      "proof/9007199254740991.tlog-proof",
      "tile/0/000",
      "tile/0/001",
      "tile/0/002.p/88",
      "tile/1/000.p/2",
      "tile/entries/001",
      "tile/entries/002.p/88",
      "vkey",
      "witness-vkey",
    ];
    const strange = [
      "anchors/01/checkpoint",
      "anchors/301/checkpoint.a.b.c",
      "anchors/301/checkpoint.A",
      `anchors/301/checkpoint.${"a".repeat(41)}`,
      "anchors/301/checkpoints",
      "anchors/301/tsa-ca.a.b.pem",
      "anchors/301/tsa-ca.pem.x",
      "anchors/301/x-checkpoint",
      "anchors/x",
      "checkpoint2",
      "consistency/0-600.x",
      "consistency/00-600",
      "consistency/0-",
      "consistency/x/0-600",
      "payload/003",
      "payload/02",
      "proof/00.tlog-proof",
      "proof/1.tlog-proof.x",
      "proof/12345678901234567.tlog-proof",
      "proof/x1.tlog-proof",
      "tile/0/000.p/255",
      "tile/0/002",
      "tile/0/002.p/87",
      "tile/0/003",
      "tile/1/000",
      "tile/1/001.p/1",
      "tile/2/000.p/1",
      "tile/entries/003.p/1",
      "tile/x/000",
      "vkey.x",
    ];
    for (const name of [...allowed, ...strange]) {
      await mkdir(dirname(join(dir, name)), { recursive: true });
      await writeFile(join(dir, name), "");
    }
    await mkdir(join(dir, "payload/empty"));
    const findings = new Findings();
    expect(await new ExportFolder(dir).findStrangers(600, findings)).toBe(true);
    expect(
      findings.kept
        .filter(({ what }) => what === "does not belong into this export")
        .map(({ file }) => file)
        .toSorted(),
    ).toEqual(strange.toSorted());
    expect(findings.kept.filter(({ what }) => what === "is an empty folder").map(({ file }) => file)).toEqual([
      "payload/empty",
    ]);
    // A full tile has no partial one behind it.
    const full = new Findings();
    await new ExportFolder(dir).findStrangers(512, full);
    expect(full.kept.map(({ file }) => file)).toContain("tile/0/002.p/88");
  });

  it("are files: a link in their place is refused, and nothing is read through it", async () => {
    const copy = await copyOf(small);
    await rename(join(copy, "vkey"), join(copy, "..", "vkey-elsewhere"));
    await symlink(join(copy, "..", "vkey-elsewhere"), join(copy, "vkey"));
    const report = await verifyExport(copy);
    expect(report.failures[0]).toEqual({ file: "vkey", what: "is no plain file" });
    expect(report.notes.join()).toContain("could not be read further");
  });

  it("are UTF-8 where they are text, and small", async () => {
    const copy = await copyOf(small);
    await writeFile(join(copy, "vkey"), Buffer.from([0xff, 0x0a]));
    expect((await found(copy)).join()).toContain("vkey is not UTF-8");
    const folder = new ExportFolder(copy);
    await writeFile(join(copy, "seven"), "1234567");
    expect(folder.read("seven", 7).toString()).toBe("1234567");
    expect(() => folder.read("seven", 6)).toThrow("has 7 bytes, more than belong");
    expect(folder.readTextIfThere("nothing")).toBeUndefined();
    expect(() => folder.readTextIfThere("vkey")).toThrow("is not UTF-8");
    await expect(new ExportFolder(join(copy, "nowhere")).findStrangers(1, new Findings())).rejects.toThrow("ENOENT");
  });
});

it.skipIf(process.platform !== "linux")("a file that holds another number of bytes than it says is refused", () => {
  expect(() => new ExportFolder("/proc/self").read("status", 1_000_000)).toThrow("changed while it was read");
});

describe("leaves one after the other", () => {
  it("are counted, and those behind one that cannot be read are not blamed for it", () => {
    const ledger = new SampleLedger();
    ledger.genesis();
    ledger.append("rec", "app", {}, "a");
    ledger.append("rec", "app", {}, "a");
    ledger.append("rec", "app", {}, "a");
    const check = (spoil: number | null) => {
      const findings = new Findings();
      const checker = new LeafChecker(findings, "f", new ScratchFile());
      for (const [index, { leaf }] of ledger.leaves.entries()) {
        const read = checker.check(index, index === spoil ? Buffer.from("x") : leaf);
        expect(read === undefined).toBe(index === spoil);
      }
      checker.finish();
      expect(findings.kept.every(({ file }) => file === "f")).toBe(true);
      return { counts: checker.counts, found: findings.kept.map(({ index, what }) => `${index} ${what}`) };
    };
    expect(check(null)).toMatchObject({ counts: { genesis: 1, rec: 3, run: 0 }, found: [] });
    expect(check(2).found).toEqual(["2 a leaf that is not the eight members in canonical form"]);
    expect(check(2).counts).toMatchObject({ rec: 2 });
    ledger.append("rec", "other", {}, "a");
    ledger.append("rec", "app", {}, "a", { ver: 9 });
    expect(check(null).found).toEqual([
      "4 is of stream other, its thing of app",
      "5 is version 9 after leaf 4 of its thing where version 5 after leaf 4 belongs",
    ]);
    // More than are put together at once.
    while (ledger.size < 1100) ledger.append("run", "app", {});
    ledger.append("rec", "app", {}, "a", { ver: 3 });
    expect(check(null).found.at(-1)).toBe(
      "1100 is version 3 after leaf 5 of its thing where version 10 after leaf 5 belongs",
    );
  });
});
