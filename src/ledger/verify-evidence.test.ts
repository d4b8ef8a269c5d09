import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { algorithm, stampBy, stamperIn, stampersOf } from "../../test/support/handmade-time-stamp.ts";
import { sampleExports } from "../../test/support/sample-exports.ts";
import { logKey, newerLogKey, SampleLedger } from "../../test/support/sample-ledger.ts";
import { opensslMissing } from "../../test/support/time-stamp-authority.ts";
import {
  consistencyProof,
  exportLedger,
  formatContinuation,
  formatOts,
  formatTlogProof,
  inclusionProof,
  leafHash,
  rootOf,
  sha256Hex,
  verifyExport,
  type ExportOptions,
  type HashAt,
} from "./index.ts";

const missing = opensslMissing();
if (missing !== null) console.warn(`stamps in exports: skipped, ${missing}`);

const exports = await sampleExports();
const { small, copyOf, place } = exports;
afterAll(() => exports.remove());

const found = async (dir: string) => (await verifyExport(dir)).failures.map(({ file, what }) => `${file} ${what}`);

/** A log of twenty leaves, with the checkpoint of every size. */
function twenty() {
  const ledger = new SampleLedger();
  const notes = [ledger.checkpoint()];
  ledger.genesis();
  notes.push(ledger.checkpoint());
  while (ledger.size < 20) {
    ledger.append("run", "app", { n: ledger.size });
    notes.push(ledger.checkpoint());
  }
  const hashes = ledger.leaves.map(({ leaf }) => leafHash(leaf));
  const hashAt: HashAt = (level, index) => rootOf(hashes.slice(index * 2 ** level, (index + 1) * 2 ** level));
  return { ledger, notes, hashAt };
}

async function exported(ledger: SampleLedger, files: Record<string, string> = {}, options: ExportOptions = {}) {
  const dir = place();
  await exportLedger(ledger.source(), dir, options);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), text);
  }
  return dir;
}

describe("the proof of a record", () => {
  it("lies under the number of its leaf", async () => {
    const copy = await copyOf(small);
    await rename(join(copy, "proof/3.tlog-proof"), join(copy, "proof/4.tlog-proof"));
    expect(await found(copy)).toEqual(["proof/4.tlog-proof is a proof of leaf 3"]);
  });

  it("holds no payload that was erased, and may hold the leaf alone", async () => {
    const { ledger, notes, hashAt } = twenty();
    const [{ leaf, payload, salt } = {}] = ledger.leaves.slice(3);
    const proof = {
      index: 3,
      leaf: Buffer.from(leaf!).toString(),
      hashes: await inclusionProof(3, 20, hashAt),
      checkpoint: notes[20]!,
    };
    const withContent = formatTlogProof({ ...proof, content: { payload: payload!, salt: salt! } });
    const name = "proof/3.tlog-proof";
    expect(await found(await exported(ledger, { [name]: withContent }))).toEqual([]);
    ledger.erase(3);
    expect(await found(await exported(ledger, { [name]: withContent }))).toEqual([
      `${name} holds the payload of leaf 3, which was erased`,
    ]);
    expect(await found(await exported(ledger, { [name]: formatTlogProof({ ...proof, content: null }) }))).toEqual([]);
  });

  it("ends in a checkpoint of this very tree, and of no size beyond it", async () => {
    const [here, elsewhere] = [twenty(), twenty()];
    elsewhere.ledger.append("run", "app", { n: "other" });
    const [{ leaf } = {}] = here.ledger.leaves.slice(3);
    const proofIn = async (size: number, checkpoint: string) =>
      formatTlogProof({
        index: 3,
        leaf: Buffer.from(leaf!).toString(),
        content: null,
        hashes: await inclusionProof(3, size, twentyOne(elsewhere.ledger)),
        checkpoint,
      });
    const beyond = await exported(here.ledger, {
      "proof/3.tlog-proof": await proofIn(21, elsewhere.ledger.checkpoint()),
    });
    expect(await found(beyond)).toEqual(["proof/3.tlog-proof a checkpoint of size 21, this export ends at 20"]);
    here.ledger.append("run", "app", { n: "this one" });
    const beside = await exported(here.ledger, {
      "proof/3.tlog-proof": await proofIn(21, elsewhere.ledger.checkpoint()),
    });
    expect(await found(beside)).toEqual([
      "proof/3.tlog-proof the root at size 21 is not the one this checkpoint signs",
    ]);
  });
});

function twentyOne(ledger: SampleLedger): HashAt {
  const hashes = ledger.leaves.map(({ leaf }) => leafHash(leaf));
  return (level, index) => rootOf(hashes.slice(index * 2 ** level, (index + 1) * 2 ** level));
}

describe("a consistency proof", () => {
  it("leads forwards from one tree to another, and says which in its name", async () => {
    const { ledger, notes, hashAt } = twenty();
    const text = async (old: number, size: number, hashes?: Buffer[]) =>
      formatContinuation({
        old,
        hashes: hashes ?? (await consistencyProof(old, size, hashAt)),
        checkpoint: notes[size]!,
      });
    const dir = await exported(ledger, {
      "consistency/0-10": await text(0, 10),
      "consistency/10-10": await text(10, 10),
      "consistency/5-20": await text(5, 20),
    });
    expect(await found(dir)).toEqual([]);
    const spoiled = await exported(ledger, {
      "consistency/12-10": await text(12, 10, []),
      "consistency/5-19": await text(5, 20),
      "consistency/6-20": await text(5, 20),
      "consistency/8-20": await text(8, 20, []),
      "consistency/9-9": await text(9, 9, [Buffer.alloc(32)]),
    });
    expect((await found(spoiled)).toSorted()).toEqual([
      "consistency/12-10 goes backwards",
      "consistency/5-19 is a proof from 5 to 20",
      "consistency/6-20 is a proof from 5 to 20",
      "consistency/8-20 does not lead from the tree of 8 to that of 20",
      "consistency/9-9 does not lead from the tree of 9 to that of 9",
    ]);
  });
});

describe("a frozen checkpoint", () => {
  const strange = `— stranger.example ${Buffer.alloc(68, 5).toString("base64")}\n`;

  it("lies under its size", async () => {
    const { ledger, notes } = twenty();
    const dir = await exported(ledger, { "anchors/9/checkpoint": notes[10]! });
    expect(await found(dir)).toEqual(["anchors/9/checkpoint is a checkpoint of size 10"]);
  });

  it("has no line that nothing can check, unless an anchor leaf recorded the whole", async () => {
    const { ledger, notes } = twenty();
    const note = `${notes[10]!}${strange}`;
    const files = { "anchors/10/checkpoint": note };
    expect(await found(await exported(ledger, files))).toEqual([
      "anchors/10/checkpoint has signature lines that nothing here can check",
    ]);
    ledger.append("anchor", "app", { kind: "x", size: 10, checkpoint_sha256: sha256Hex(note), proof_sha256: null });
    expect(await found(await exported(ledger, files))).toEqual([]);
    expect(
      await found(await exported(ledger, { "anchors/10/checkpoint": `${notes[10]!}${strange.repeat(2)}` })),
    ).toHaveLength(1);
  });

  it("has no line of a known name by another key, nor of another name by a known key", async () => {
    const { ledger, notes } = twenty();
    const line = (name: string, keyId: string) =>
      `— ${name} ${Buffer.concat([Buffer.from(keyId, "hex"), Buffer.alloc(64, 5)]).toString("base64")}\n`;
    const vkey = `${logKey.vkey}\n${newerLogKey.vkey}\n`;
    for (const altered of [line(logKey.name, "00000001"), line("other.example", logKey.keyId)]) {
      const dir = await exported(ledger, { checkpoint: `${notes[20]!}${altered}`, vkey });
      expect((await found(dir)).join()).toContain("which the export does not name");
    }
  });
});

describe("stamps", () => {
  const pending = (note: string, uri: string) =>
    formatOts({
      message: createHash("sha256").update(note).digest(),
      attestations: [{ kind: "pending", uri }],
      steps: [],
    });

  /** The log with an anchor leaf for each stamp, and the files of an export. */
  function anchored(sizes: readonly number[], stampsOf: (note: string) => Record<string, Buffer>) {
    const { ledger, notes } = twenty();
    const anchors = sizes.map((size) => {
      const checkpoint = notes[size]!;
      const files = Object.entries(stampsOf(checkpoint)).map(([name, bytes]) => ({ name, bytes }));
      for (const { name, bytes } of files) {
        if (name.endsWith(".pem")) continue;
        const hashes = { checkpoint_sha256: sha256Hex(checkpoint), proof_sha256: sha256Hex(bytes) };
        ledger.append("anchor", "app", { kind: "x", size, state: "", ...hashes });
      }
      return { checkpoint, files };
    });
    return { ledger, anchors };
  }

  it("are reported by size and then by name, each as it is", async () => {
    const { ledger, anchors } = anchored([10, 9], (note) => ({
      "checkpoint.ots": pending(note, "https://a"),
      "checkpoint.b.ots": pending(note, "https://b"),
      "checkpoint.x": Buffer.from("x"),
    }));
    const report = await verifyExport(await exported(ledger, {}, { anchors }));
    expect(report.failures).toEqual([]);
    expect(report.stamps.map(({ file, kind }) => `${file} ${kind}`)).toEqual(
      [9, 10].flatMap((size) => [
        `anchors/${size}/checkpoint.b.ots ots`,
        `anchors/${size}/checkpoint.ots ots`,
        `anchors/${size}/checkpoint.x other`,
      ]),
    );
    // What is open is said once, of the newest.
    expect(report.notes.filter((note) => note.startsWith("Not checked"))).toEqual([
      "Not checked for the stamp on the checkpoint of 10: what it says: a stamp of a kind that is not known here.",
    ]);
  });

  it("are the very bytes that the log recorded, wherever there are payloads to tell", async () => {
    const { ledger, anchors } = anchored([10], (note) => ({ "checkpoint.ots": pending(note, "https://a") }));
    const dir = await exported(ledger, {}, { anchors });
    await writeFile(join(dir, "anchors/10/checkpoint.ots"), pending(anchors[0]!.checkpoint, "https://b"));
    expect(await found(dir)).toEqual(["anchors/10/checkpoint.ots is not a stamp that an anchor leaf records"]);
    await rm(join(dir, "payload"), { recursive: true });
    expect(await found(dir)).toEqual([]);
    await writeFile(join(dir, "anchors/10/checkpoint.ots"), "x");
    expect(await found(dir)).toHaveLength(1);
  });

  it("of which there are many leave the newest twenty remarks", async () => {
    const sizes = Array.from({ length: 19 }, (_, n) => n + 1);
    const { ledger, anchors } = anchored(sizes, (note) => {
      const message = createHash("sha256").update(note).digest();
      const attestations = [
        { kind: "bitcoin", height: message[0]! } as const,
        { kind: "bitcoin", height: 1_000 + message[0]! } as const,
      ];
      return { "checkpoint.ots": formatOts({ message, attestations, steps: [] }) };
    });
    const { notes, ok } = await verifyExport(await exported(ledger, {}, { anchors }));
    const open = notes.filter((note) => note.startsWith("Not checked"));
    expect([ok, open.length]).toEqual([true, 20]);
    expect(open.at(-1)).toContain("checkpoint of 19");
    expect(open.at(0)).toContain("checkpoint of 10");
  });

  describe.skipIf(missing !== null)("of authorities", () => {
    let stamps: (note: string) => Record<string, Buffer>;
    let elsewhere = "";

    beforeAll(async () => {
      const [one, other] = [await stampersOf("one"), await stampersOf("other")];
      const chain = async (dir: string) =>
        Buffer.concat([await readFile(join(dir, "issuer.pem")), await readFile(join(dir, "root.pem"))]);
      const [chains, stampers] = [
        [await chain(one), await chain(other)],
        [stamperIn(one), stamperIn(other)],
      ];
      const stamp = (at: 0 | 1, note: string) =>
        stampBy(stampers[at]!, createHash("sha256").update(note).digest(), {
          signatureAlgorithm: algorithm("1.2.840.10045.4.3.2"),
        });
      stamps = (note) => ({
        "checkpoint.tsr": stamp(0, note),
        "checkpoint.b.tsr": stamp(1, note),
        "tsa-ca.b.pem": chains[1]!,
      });
      elsewhere = chains[0]!.toString();
    });

    it("have their certificates beside them, each its own", async () => {
      const { ledger, anchors } = anchored([10], stamps);
      const dir = await exported(ledger, {}, { anchors });
      // The stamps state a time before their certificates began, so that none leads anywhere.
      expect(await found(dir)).toEqual([
        "anchors/10/checkpoint.b.tsr is signed by a certificate that does not lead to tsa-ca.pem",
      ]);
      await rm(join(dir, "anchors/10/tsa-ca.b.pem"));
      expect(await found(dir)).toEqual([]);
      const report = await verifyExport(dir, { authorities: elsewhere });
      expect(report.failures).toHaveLength(2);
      expect(report.failures[0]?.what).toContain("the authority you named");
    });

    it("have whole certificates, beside whichever stamp", async () => {
      const { ledger, anchors } = anchored([10], () => ({}));
      const dir = await exported(ledger, { "anchors/10/tsa-ca.c.pem": elsewhere }, { anchors });
      expect(await found(dir)).toEqual([]);
      const [first = ""] = elsewhere.split(/(?<=END CERTIFICATE-----\n)/);
      await writeFile(join(dir, "anchors/10/tsa-ca.c.pem"), first);
      expect((await found(dir)).join()).toContain("without its issuer");
    });
  });
});
