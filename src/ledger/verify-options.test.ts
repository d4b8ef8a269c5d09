import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { sampleExports } from "../../test/support/sample-exports.ts";
import { logKey, newerLogKey, ORIGIN, SampleLedger, witnessKey } from "../../test/support/sample-ledger.ts";
import {
  cosignNote,
  exportLedger,
  formatVkey,
  LedgerError,
  parseCheckpoint,
  signCheckpoint,
  signingKey,
  verifyExport,
  type SigningKey,
} from "./index.ts";
import type { VerifyOptions } from "./verify-export.ts";

const exports = await sampleExports();
const { small, few, copyOf, place } = exports;
afterAll(() => exports.remove());

const otherWitness = signingKey("witness.example/w2", "cosignature", Buffer.alloc(32, 10));
const foreign = signingKey("ledger.example/other", "ed25519", Buffer.alloc(32, 7));
const thirdLogKey = signingKey(ORIGIN, "ed25519", Buffer.alloc(32, 11));

const found = async (dir: string, options?: VerifyOptions) =>
  (await verifyExport(dir, options)).failures.map(({ file, what }) => `${file} ${what}`);

describe("what a reader asks with", () => {
  it.each<[string, VerifyOptions, string]>([
    ["a key that is none", { vkey: "x" }, "a vkey"],
    ["one of several keys that is none", { vkey: [logKey.vkey, "x"] }, "a vkey"],
    ["a checkpoint that is none", { checkpoint: "x" }, "a note"],
    ["a witness that is a log", { witnesses: [logKey.vkey] }, "of another kind"],
    ["a quorum of none", { witnesses: [witnessKey.vkey], quorum: 0 }, "a quorum of 0 of 1 witnesses"],
    ["a quorum beyond its witnesses", { witnesses: [witnessKey.vkey], quorum: 2 }, "a quorum of 2 of 1 witnesses"],
    ["one witness named twice", { witnesses: [witnessKey.vkey, witnessKey.vkey], quorum: 2 }, "a quorum of 2 of 1"],
    ["a quorum of nobody", { quorum: 1 }, "a quorum of 1 of 0 witnesses"],
    ["authorities that are none", { authorities: "x" }, "is no certificate"],
  ])("is refused with %s", async (_, options, message) => {
    await expect(verifyExport(small, options)).rejects.toThrow(message);
    await expect(verifyExport(small, options)).rejects.toThrow(LedgerError);
  });

  it("is of a folder", async () => {
    await expect(verifyExport(join(small, "nowhere"))).rejects.toThrow("is no folder");
    await expect(verifyExport(join(small, "checkpoint"))).rejects.toThrow("is no folder");
  });

  it("may be how far the check is", async () => {
    const seen: number[][] = [];
    await verifyExport(small, { progress: (...at) => seen.push(at), threads: 2 });
    expect(seen).toEqual([[40, 40]]);
  });
});

describe("witnesses from elsewhere", () => {
  it.each<[string, VerifyOptions, boolean]>([
    ["the one that cosigned", { witnesses: [witnessKey.vkey] }, true],
    ["one of two, where one will do", { witnesses: [witnessKey.vkey, otherWitness.vkey], quorum: 1 }, true],
    ["one of two, where both must", { witnesses: [witnessKey.vkey, otherWitness.vkey] }, false],
    ["one of two, where two must", { witnesses: [witnessKey.vkey, otherWitness.vkey], quorum: 2 }, false],
    ["another one", { witnesses: [otherWitness.vkey] }, false],
  ])("must have cosigned: %s", async (_, options, ok) => {
    const { failures } = await verifyExport(small, options);
    const [cosigned, named] = [options.witnesses!.includes(witnessKey.vkey) ? 1 : 0, options.witnesses!.length];
    const what = `is cosigned by ${cosigned} of the ${named} witnesses you named, not by ${named}`;
    expect(failures).toEqual(ok ? [] : [{ file: "checkpoint", what }]);
  });
});

it("several witnesses that cosigned count each once", async () => {
  const copy = await copyOf(small);
  const path = join(copy, "checkpoint");
  const { body } = parseCheckpoint(few.source.checkpoint);
  await writeFile(path, (await readFile(path, "utf8")) + cosignNote(body, otherWitness, 7));
  await writeFile(join(copy, "witness-vkey"), `${witnessKey.vkey}\n${otherWitness.vkey}\n`);
  const witnesses = [witnessKey.vkey, otherWitness.vkey];
  expect(await found(copy, { witnesses })).toEqual([]);
  expect(await found(copy, { witnesses, quorum: 1 })).toEqual([]);
});

describe("what the report leaves to the reader", () => {
  const KEY = "The key was taken from the ledger itself";
  const EARLIER = "No earlier checkpoint was given";
  const WITNESSES = "The witnesses' keys were taken from the ledger";
  const CONTENT = "There are no payloads in this export";
  const RECORDED = "Whether the log recorded these stamps was not checked";

  it.each<[string, VerifyOptions, string[]]>([
    ["nothing", {}, [KEY, EARLIER, WITNESSES]],
    ["the key", { vkey: logKey.vkey }, [EARLIER, WITNESSES]],
    ["the key and a checkpoint", { vkey: logKey.vkey, checkpoint: few.older }, [WITNESSES]],
    ["the key and a witness", { vkey: logKey.vkey, witnesses: [witnessKey.vkey] }, []],
  ])("is stated to whoever brings %s", async (_, options, expected) => {
    const { notes, ok } = await verifyExport(small, options);
    expect([ok, notes.length]).toEqual([true, expected.length]);
    for (const [at, note] of expected.entries()) expect(notes[at]).toContain(note);
  });

  it("is what the payloads would tell, where there are none", async () => {
    const copy = await copyOf(small);
    await rm(join(copy, "payload"), { recursive: true });
    const { notes, contentChecked, erased, stamps } = await verifyExport(copy, {
      vkey: logKey.vkey,
      checkpoint: few.older,
    });
    expect([contentChecked, erased, stamps.length]).toEqual([false, 0, 1]);
    expect(notes.map((note) => [CONTENT, WITNESSES, RECORDED].findIndex((one) => note.startsWith(one)))).toEqual([
      0, 1, 2,
    ]);
  });

  it("is nothing of content in an empty log", async () => {
    const dir = place();
    await exportLedger(new SampleLedger().source(), dir);
    const report = await verifyExport(dir, { vkey: logKey.vkey });
    expect(report).toMatchObject({ ok: true, contentChecked: true, erased: 0, cosignedBy: [], stamps: [] });
    expect(report.notes).toEqual([expect.stringContaining(EARLIER)]);
  });

  it("is everything, when the export cannot be read", async () => {
    const copy = await copyOf(small);
    await writeFile(join(copy, "checkpoint"), "x");
    expect(await verifyExport(copy)).toEqual({
      ok: false,
      origin: "",
      size: 0,
      root: "",
      leaves: { genesis: 0, fetch: 0, rec: 0, gone: 0, run: 0, audit: 0, key: 0, anchor: 0, erase: 0 },
      contentChecked: false,
      erased: 0,
      signedBy: [],
      cosignedBy: [],
      stamps: [],
      failures: [{ file: "checkpoint", what: "a note without signatures" }],
      failureCount: 1,
      notes: [expect.stringContaining("could not be read further")],
    });
  });
});

describe("keys in an export", () => {
  it.each<[string, string, string, string]>([
    ["vkey", "", "is not one vkey a line", "no lines"],
    ["vkey", "\n", "a vkey that is not", "an empty line"],
    ["vkey", logKey.vkey, "is not one vkey a line", "no last newline"],
    ["vkey", `${logKey.vkey}\n${witnessKey.vkey}\n`, "holds a key of another kind", "a witness"],
    ["vkey", `${logKey.vkey}\n${logKey.vkey}\n`, "names a key twice", "a key twice"],
    ["witness-vkey", `${logKey.vkey}\n`, "holds a key of another kind", "a log's key"],
    [
      "witness-vkey",
      `${witnessKey.vkey}\n${otherWitness.vkey}\n`,
      `names ${otherWitness.name}, which has cosigned`,
      "a stranger",
    ],
  ])("%s is refused when it reads %j", async (file, text, what) => {
    const copy = await copyOf(small);
    await writeFile(join(copy, file), text);
    expect((await found(copy)).join("\n")).toContain(`${file} ${what}`);
  });

  it("are taken from the reader where those in the export cannot be read", async () => {
    const copy = await copyOf(small);
    for (const file of ["vkey", "witness-vkey"]) await writeFile(join(copy, file), "x\n");
    const report = await verifyExport(copy, { vkey: [logKey.vkey, newerLogKey.vkey], witnesses: [witnessKey.vkey] });
    expect(report.failures.map(({ file, what }) => `${file} ${what}`)).toEqual([
      "vkey a vkey that is not NAME+KEYID+KEY",
      "witness-vkey a vkey that is not NAME+KEYID+KEY",
      "vkey does not name exactly the keys that the genesis and key leaves declare",
    ]);
    expect(report.signedBy).toEqual([logKey.vkey, newerLogKey.vkey]);
    expect(report.cosignedBy.map(({ name }) => name)).toEqual([witnessKey.name]);
  });

  it("sign the root of these very leaves", async () => {
    const copy = await copyOf(small);
    const other = signCheckpoint({ origin: ORIGIN, size: 40, root: Buffer.alloc(32, 1) }, [logKey, newerLogKey]);
    await writeFile(join(copy, "checkpoint"), other);
    const report = await verifyExport(copy, { vkey: logKey.vkey });
    expect(report.failures.slice(0, 2)).toEqual([
      { file: "checkpoint", what: "signs another root than that of the leaves" },
      { file: "checkpoint", what: "the root at size 40 is not the one this checkpoint signs" },
    ]);
    expect(report).toMatchObject({ signedBy: [], cosignedBy: [] });
  });

  it("are all of the log's own name", async () => {
    expect(await found(small, { vkey: foreign.vkey })).toEqual(["checkpoint is of another origin than the keys"]);
    const namesake = formatVkey(ORIGIN, "ed25519", foreign.publicKey);
    expect(namesake).toBe(logKey.vkey);
  });

  it("are exactly those that the log declares", async () => {
    const copy = await copyOf(small);
    await writeFile(join(copy, "vkey"), `${logKey.vkey}\n`);
    expect((await found(copy)).join()).toContain("vkey does not name exactly the keys");
    await writeFile(join(copy, "vkey"), `${logKey.vkey}\n${thirdLogKey.vkey}\n`);
    expect((await found(copy)).join()).toContain("vkey does not name exactly the keys");
  });
});

describe("a key that another vouches for", () => {
  /** A log that changed keys twice; each handover is a checkpoint with the keys that signed it, at a size. */
  async function changedTwice(handovers: readonly (readonly [size: number, ...keys: SigningKey[]])[]): Promise<string> {
    const ledger = new SampleLedger();
    ledger.genesis();
    const notes: { old: number; checkpoint: string }[] = [];
    const append = (t: "run" | "key", payload: object) => {
      ledger.append(t, "app", payload);
      for (const [size, ...keys] of handovers) {
        if (size === ledger.size) notes.push({ old: size - 1, checkpoint: ledger.checkpoint(keys) });
      }
    };
    append("key", { vkeys: [newerLogKey.vkey], reason: "" });
    append("run", {});
    append("key", { vkeys: [thirdLogKey.vkey], reason: "" });
    append("run", {});
    const dir = place();
    const vkeys = [logKey, newerLogKey, thirdLogKey].map(({ vkey }) => vkey);
    await exportLedger(ledger.source(ledger.checkpoint([thirdLogKey]), vkeys), dir, { consistency: notes });
    return dir;
  }

  it("is trusted from one to the next, whatever the order of the files", async () => {
    const dir = await changedTwice([
      [4, newerLogKey, thirdLogKey],
      [2, logKey, newerLogKey],
    ]);
    for (const key of [logKey, newerLogKey, thirdLogKey]) expect(await found(dir, { vkey: key.vkey })).toEqual([]);
  });

  it.each<[string, [number, ...SigningKey[]][]]>([
    ["nobody vouched for", []],
    ["only the first vouched for", [[2, logKey, newerLogKey]]],
    ["only the second vouched for", [[4, newerLogKey, thirdLogKey]]],
    [
      "one vouched for before the log declared it",
      [
        [2, logKey, newerLogKey],
        [3, newerLogKey, thirdLogKey],
      ],
    ],
    [
      "one vouched for backwards",
      [
        [3, logKey, newerLogKey],
        [2, newerLogKey, thirdLogKey],
      ],
    ],
    [
      "each signed alone",
      [
        [2, newerLogKey],
        [4, thirdLogKey],
      ],
    ],
  ])("is not trusted by the first key's reader when %s", async (_, handovers) => {
    const dir = await changedTwice(handovers);
    expect(await found(dir, { vkey: logKey.vkey })).toEqual([
      "checkpoint is not signed by the key you gave, nor by one it has vouched for",
    ]);
    expect(await found(dir)).toEqual([]);
  });

  it("is not trusted without the payload that declares it", async () => {
    const dir = await changedTwice([
      [2, logKey, newerLogKey],
      [4, newerLogKey, thirdLogKey],
    ]);
    await rm(join(dir, "payload"), { recursive: true });
    expect(await found(dir, { vkey: logKey.vkey })).toHaveLength(1);
    expect(await found(dir, { vkey: thirdLogKey.vkey })).toEqual([]);
  });
});

describe("a kept checkpoint", () => {
  it("is of the same history at its size, the very last one included, and signed by the log", async () => {
    for (const checkpoint of [few.older, few.source.checkpoint]) expect(await found(small, { checkpoint })).toEqual([]);
    const other = (await readFile(join(small, "checkpoint"), "utf8")).replace(
      /\n— .*$/s,
      few.older.slice(few.older.indexOf("\n— ")),
    );
    expect((await found(small, { checkpoint: other })).join()).toContain("does not verify");
  });
});
