import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { filesOf, optionsOf, sampleExports } from "../../test/support/sample-exports.ts";
import { logKey, newerLogKey, ORIGIN, SampleLedger, witnessKey } from "../../test/support/sample-ledger.ts";
import {
  exportLedger,
  leafHash,
  parseTlogProof,
  signCheckpoint,
  signingKey,
  verifyExport,
  writeNewFolder,
  type ExportOptions,
  type LedgerSource,
} from "./index.ts";
import { parseContinuation } from "./continuation.ts";

const exports = await sampleExports();
const { scratch, small, few, sample, copyOf } = exports;
const otherWitness = signingKey("witness.example/w2", "cosignature", Buffer.alloc(32, 10));
const newerThanAll = signingKey(ORIGIN, "ed25519", Buffer.alloc(32, 12));

afterAll(() => exports.remove());

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
    await exportLedger(ledger.source(), join(scratch, "signed"));
    expect((await verifyExport(join(scratch, "signed"))).failures).toEqual([]);
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

  it("reports what it wrote, and tells how far it is", async () => {
    const seen: number[][] = [];
    const dir = exports.place();
    const progress = (...at: number[]) => seen.push(at);
    const report = await exportLedger(sample.source, dir, { ...optionsOf(sample, [3]), progress });
    const files = await filesOf(dir);
    const sizes = await Promise.all(files.map(async (file) => (await stat(join(dir, file))).size));
    expect(report).toEqual({
      dir,
      origin: ORIGIN,
      size: 600,
      files: files.length,
      bytes: sizes.reduce((total, size) => total + size),
    });
    expect(seen).toEqual([
      [256, 600],
      [512, 600],
      [600, 600],
    ]);
  });

  it("leaves the content out where that is asked for, of proofs too, and of what was erased always", async () => {
    const [bare, whole] = [exports.place(), exports.place()];
    await exportLedger(few.source, bare, { payloads: false, proofs: [2] });
    expect((await filesOf(bare)).filter((file) => file.startsWith("payload"))).toEqual([]);
    const proofIn = async (dir: string, index: number) =>
      parseTlogProof(await readFile(join(dir, `proof/${index}.tlog-proof`), "utf8"));
    expect((await proofIn(bare, 2)).content).toBeNull();
    await exportLedger(few.source, whole, { payloads: true, proofs: [2, 3] });
    expect((await proofIn(whole, 2)).content?.payload).toBe(few.ledger.leaves[2]!.payload);
    expect((await proofIn(whole, 3)).content).toBeNull();
    expect((await verifyExport(bare)).failures).toEqual([]);
    expect((await verifyExport(whole)).failures).toEqual([]);
  });

  it("takes along how the log changed keys", async () => {
    const ledger = new SampleLedger();
    ledger.genesis();
    const before = ledger.checkpoint();
    ledger.append("key", "app", { vkeys: [newerLogKey.vkey], reason: "" });
    const hashes = [leafHash(ledger.leaves[1]!.leaf)];
    const strange = `— stranger.example ${Buffer.alloc(68, 5).toString("base64")}\n`;
    const checkpoint = ledger.checkpoint([logKey, newerLogKey]);
    ledger.append("run", "app", {});
    const { leaves } = ledger.source();
    const vkeys = [logKey.vkey, newerLogKey.vkey];
    const handovers = [{ old: 1, hashes, checkpoint: `${checkpoint}${strange}` }];
    const dir = exports.place();
    await exportLedger({ checkpoint: ledger.checkpoint([newerLogKey]), vkeys, handovers, leaves }, dir);
    expect(parseContinuation(await readFile(join(dir, "consistency/1-2"), "utf8"))).toEqual({
      old: 1,
      hashes,
      checkpoint,
    });
    expect((await verifyExport(dir, { vkey: logKey.vkey, checkpoint: before })).failures).toEqual([]);
  });

  it("names the witnesses of any checkpoint in it, and no others", async () => {
    const ledger = new SampleLedger();
    ledger.genesis();
    const cosigned = ledger.checkpoint([logKey], witnessKey);
    ledger.append("run", "app", {});
    const source = ledger.source(ledger.checkpoint(), [logKey.vkey], [otherWitness.vkey, witnessKey.vkey]);
    const namedWith = async (options: ExportOptions) => {
      const dir = exports.place();
      await exportLedger(source, dir, options);
      return readFile(join(dir, "witness-vkey"), "utf8").catch(() => "");
    };
    expect(await namedWith({})).toBe("");
    expect(await namedWith({ consistency: [{ old: 0, checkpoint: cosigned }] })).toBe(`${witnessKey.vkey}\n`);
    expect(await namedWith({ anchors: [{ checkpoint: cosigned, files: [] }] })).toBe(`${witnessKey.vkey}\n`);
  });

  const elsewhere = (size: number) => signCheckpoint({ origin: ORIGIN, size, root: Buffer.alloc(32, 1) }, [logKey]);
  it.each<[string, (source: LedgerSource) => LedgerSource, ExportOptions, string]>([
    [
      "a stamped checkpoint of another tree",
      (s) => s,
      { anchors: [{ checkpoint: elsewhere(10), files: [] }] },
      "size 10",
    ],
    ["a stamped checkpoint beyond it", (s) => s, { anchors: [{ checkpoint: elsewhere(41), files: [] }] }, "size 41"],
    ["a way to another tree", (s) => s, { consistency: [{ old: 1, checkpoint: elsewhere(10) }] }, "size 10"],
    ["a way beyond it", (s) => s, { consistency: [{ old: 1, checkpoint: elsewhere(41) }] }, "size 41"],
    [
      "a leaf left out",
      (s) => ({
        ...s,
        async *leaves(from, to) {
          for await (const leaf of s.leaves(from, to)) if (leaf.index !== 4) yield leaf;
        },
      }),
      {},
      "leaf 5 where 4 belongs",
    ],
    [
      "too few leaves",
      (s) => ({ ...s, leaves: (from, to) => s.leaves(from, to - 1) }),
      {},
      "not the tree that the checkpoint signs",
    ],
    ["a key that did not sign", (s) => ({ ...s, vkeys: [newerThanAll.vkey] }), {}, "no key of the log has signed"],
  ])("refuses %s, and leaves nothing behind", async (_, change, options, message) => {
    const parent = exports.place();
    await mkdir(parent);
    await expect(exportLedger(change(few.source), join(parent, "out"), options)).rejects.toThrow(message);
    expect(await readdir(parent)).toEqual([]);
  });

  it("gives way to whoever takes its place meanwhile, and to a file there", async () => {
    const dir = exports.place();
    const written = writeNewFolder(dir, async (folder) => {
      await folder.write("ours", "x");
      await mkdir(dir);
      await writeFile(join(dir, "theirs"), "y");
    });
    await expect(written).rejects.toThrow("ENOTEMPTY");
    expect(await filesOf(dir)).toEqual(["theirs"]);
    await expect(exportLedger(few.source, join(dir, "theirs"))).rejects.toThrow("ENOTDIR");
  });
});
