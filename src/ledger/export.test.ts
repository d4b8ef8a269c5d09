import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { filesOf, sampleExports } from "../../test/support/sample-exports.ts";
import { logKey, ORIGIN, SampleLedger, witnessKey } from "../../test/support/sample-ledger.ts";
import { exportLedger, signCheckpoint, verifyExport } from "./index.ts";

const exports = await sampleExports();
const { scratch, small, few, copyOf } = exports;

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
});
