import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { logKey, newerLogKey, ORIGIN, SampleLedger, witnessKey } from "../../test/support/sample-ledger.ts";
import {
  consistencyProof,
  cosignNote,
  formatContinuation,
  judgeContinuation,
  parseCheckpoint,
  signCheckpoint,
  type Checkpoint,
} from "./index.ts";
import { parseContinuation } from "./continuation.ts";
import { leafHash, nodeHash } from "./hash.ts";

const ledger = new SampleLedger();
const notes: string[] = [ledger.checkpoint()];
const hashAt = async (level: number, index: number): Promise<Buffer> =>
  level === 0
    ? leafHash(ledger.leaves[index]!.leaf)
    : nodeHash(await hashAt(level - 1, index * 2), await hashAt(level - 1, index * 2 + 1));

beforeAll(() => {
  ledger.genesis();
  notes.push(ledger.checkpoint());
  while (ledger.size < 20) {
    ledger.append("run", "app", { n: ledger.size });
    notes.push(ledger.checkpoint());
  }
});

const sent = async (old: number, size: number, note = notes[size]!) =>
  formatContinuation({ old, hashes: await consistencyProof(old, size, hashAt), checkpoint: note });
const judge = (text: string, latest: string | null, keys = [logKey]) =>
  judgeContinuation(
    text,
    (origin) => (origin === ORIGIN ? keys : []),
    async () => (latest === null ? null : (parseCheckpoint(latest) satisfies Checkpoint)),
  );

describe("what a log sends its witness", () => {
  it("reads back as it was written", async () => {
    const text = await sent(5, 17);
    expect(formatContinuation(parseContinuation(text))).toBe(text);
    expect(text.startsWith("old 5\n")).toBe(true);
  });

  it("is cosigned from nothing, from an earlier size and for the same size again", async () => {
    for (const [old, size] of [
      [0, 1],
      [0, 17],
      [5, 17],
      [16, 17],
      [17, 17],
    ] as const) {
      const verdict = await judge(await sent(old, size), old === 0 ? null : notes[old]!);
      expect([old, size, verdict]).toEqual([
        old,
        size,
        { verdict: "cosign", note: notes[size], checkpoint: expect.objectContaining({ size }) },
      ]);
    }
  });

  it("is a conflict, with the size that is known, when it begins elsewhere", async () => {
    expect(await judge(await sent(4, 17), notes[5]!)).toEqual({ verdict: "conflict", size: 5 });
    expect(await judge(await sent(5, 17), null)).toEqual({ verdict: "conflict", size: 0 });
    expect(await judge(await sent(5, 10), notes[17]!)).toEqual({ verdict: "conflict", size: 17 });
  });

  it("is a conflict when the same size has another root", async () => {
    const other = signCheckpoint({ origin: ORIGIN, size: 17, root: Buffer.alloc(32, 1) }, [logKey]);
    expect(await judge(await sent(17, 17), other)).toEqual({ verdict: "conflict", size: 17 });
  });

  it("is inconsistent when the proof does not lead there, or pretends to be needed", async () => {
    const other = signCheckpoint({ origin: ORIGIN, size: 5, root: Buffer.alloc(32, 1) }, [logKey]);
    expect(await judge(await sent(5, 17), other)).toEqual({ verdict: "inconsistent" });
    const forged = signCheckpoint({ origin: ORIGIN, size: 17, root: Buffer.alloc(32, 1) }, [logKey]);
    expect(await judge(await sent(5, 17, forged), notes[5]!)).toEqual({ verdict: "inconsistent" });
    const text = formatContinuation({ old: 0, hashes: [Buffer.alloc(32)], checkpoint: notes[17]! });
    expect(await judge(text, null)).toEqual({ verdict: "inconsistent" });
  });

  it("is of an unknown log or key", async () => {
    const elsewhere = { ...logKey, name: "ledger.example/other" };
    const foreign = signCheckpoint({ origin: elsewhere.name, size: 17, root: Buffer.alloc(32) }, [elsewhere]);
    expect(await judge(await sent(5, 17, foreign), notes[5]!)).toEqual({ verdict: "unknown_origin" });
    expect(await judge(await sent(5, 17), notes[5]!, [newerLogKey])).toEqual({ verdict: "unknown_key" });
    const broken = notes[17]!.replace(/.{8}\n$/, "AAAAAAA=\n");
    expect(await judge(await sent(5, 17, broken), notes[5]!)).toEqual({ verdict: "unknown_key" });
  });

  it.each([
    ["nothing", ""],
    ["no old size", "new 5\n\nx\n"],
    ["an old size with a zero before it", "old 05\n\nx\n"],
    ["a hash that is none", "old 5\nAAAA\n\nx\n"],
    ["no checkpoint", "old 5\n\n"],
  ])("is unreadable with %s", async (_, text) => {
    expect(await judge(text, null)).toEqual({ verdict: "unreadable" });
  });

  it("is unreadable with more than 63 hashes, and when it goes backwards", async () => {
    const hashes = Array.from({ length: 64 }, () => Buffer.alloc(32));
    expect(await judge(formatContinuation({ old: 5, hashes, checkpoint: notes[17]! }), null)).toEqual({
      verdict: "unreadable",
    });
    const back = formatContinuation({ old: 18, hashes: [], checkpoint: notes[17]! });
    expect(await judge(back, notes[18]!)).toEqual({ verdict: "unreadable" });
  });

  it("is cosigned from nothing to nothing, and with 63 hashes read to the end", async () => {
    expect(await judge(await sent(0, 0), null)).toMatchObject({ verdict: "cosign", note: notes[0] });
    const hashes = Array.from({ length: 63 }, (_, n) => Buffer.alloc(32, n));
    const most = { old: 5, hashes, checkpoint: notes[17]! };
    expect(parseContinuation(formatContinuation(most))).toEqual(most);
  });

  it.each([
    ["new 5\n\n", "does not begin with the old size"],
    ["old 5\n", "does not begin with the old size"],
    ["\n\n", "does not begin with the old size"],
    [`old 5\n${`${"A".repeat(43)}=\n`.repeat(64)}\n`, "has more than 63 hashes"],
  ])("is not read when it begins with %j", (text, message) => {
    const note = text.endsWith("\n\n") ? notes[17]! : "";
    expect(() => parseContinuation(text + note)).toThrow(message);
  });

  it("hides no fault of our own behind a verdict", async () => {
    const broken = {
      ...logKey,
      get keyId(): string {
        throw new Error("a broken key");
      },
    };
    await expect(judge(await sent(5, 17), notes[5]!, [broken])).rejects.toThrow("a broken key");
    await expect(judge(undefined as unknown as string, null)).rejects.toThrow(TypeError);
  });

  it("gets the cosignature of the test vectors, byte for byte", async () => {
    const vectors = JSON.parse(
      await readFile(new URL("../../test/fixtures/ledger-vectors.json", import.meta.url), "utf8"),
    ) as { checkpoint_8: string; checkpoint_8_cosigned: string };
    const verdict = await judge(`old 0\n\n${vectors.checkpoint_8}`, null);
    if (verdict.verdict !== "cosign") throw new Error(verdict.verdict);
    const time = 1_767_323_045;
    expect(vectors.checkpoint_8 + cosignNote(verdict.checkpoint.body, witnessKey, time)).toBe(
      vectors.checkpoint_8_cosigned,
    );
  });
});
