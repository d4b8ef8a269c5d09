import { describe, expect, it } from "vitest";
import { logKey, newerLogKey, SampleLedger } from "../../test/support/sample-ledger.ts";
import {
  canonicalJson,
  commitment,
  formatTlogProof,
  inclusionProof,
  leafHash,
  LedgerError,
  parseTlogProof,
  rootOf,
  verifyTlogProof,
} from "./index.ts";

const ledger = new SampleLedger();
ledger.genesis();
for (let n = 0; n < 11; n++) ledger.append("run", "app", { n });
const hashes = ledger.leaves.map(({ leaf }) => leafHash(leaf));

async function proofOf(index: number, withContent: boolean): Promise<string> {
  const { leaf = Buffer.alloc(0), payload, salt } = ledger.leaves[index] ?? {};
  const content = withContent && payload != null && salt != null ? { payload, salt } : null;
  const proof = await inclusionProof(index, ledger.size, (level, at) =>
    rootOf(hashes.slice(at * 2 ** level, (at + 1) * 2 ** level)),
  );
  const text = Buffer.from(leaf).toString();
  return formatTlogProof({ index, leaf: text, content, hashes: proof, checkpoint: ledger.checkpoint() });
}

describe("single-record evidence", () => {
  it("proves a record with or without its content", async () => {
    expect(verifyTlogProof(await proofOf(5, true), [logKey]).content?.payload).toBe('{"n":4}');
    expect(verifyTlogProof(await proofOf(5, false), [logKey]).content).toBeNull();
  });

  it("has no hash line in a tree of one", () => {
    const one = new SampleLedger();
    one.genesis();
    const leaf = Buffer.from(one.leaves[0]?.leaf ?? []).toString();
    const text = formatTlogProof({ index: 0, leaf, content: null, hashes: [], checkpoint: one.checkpoint() });
    expect(text.split("\n").slice(2, 4)).toEqual(["index 0", ""]);
    expect(verifyTlogProof(text, [logKey])).toMatchObject({ index: 0, hashes: [] });
  });

  it("is refused with a payload in another spelling, even one that the leaf commits to", () => {
    const one = new SampleLedger();
    const [salt, payload] = [Buffer.alloc(32, 1), '{"n": 4}'];
    one.append("genesis", "app", {}, "x", { c: commitment(salt, payload) });
    const leaf = Buffer.from(one.leaves[0]!.leaf).toString();
    const text = formatTlogProof({
      index: 0,
      leaf,
      content: { payload, salt },
      hashes: [],
      checkpoint: one.checkpoint(),
    });
    expect(() => verifyTlogProof(text, [logKey])).toThrow("not in canonical form");
  });

  it("needs the log's key", async () => {
    const text = await proofOf(5, true);
    expect(() => verifyTlogProof(text, [newerLogKey])).toThrow("no signature by a known key");
  });

  it("is refused for every bit flipped in it", async () => {
    const bytes = Buffer.from(await proofOf(5, true));
    const missed: number[] = [];
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const altered = Buffer.from(bytes);
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      try {
        verifyTlogProof(altered.toString("utf8"), [logKey]);
        missed.push(bit);
      } catch {
        // Refused, as it must be.
      }
    }
    expect(missed).toEqual([]);
  });

  it.each<[string, (text: string) => string]>([
    ["another first line", (text) => text.replace("@v1", "@v2")],
    ["another index", (text) => text.replace("index 5", "index 6")],
    ["a leading zero", (text) => text.replace("index 5", "index 05")],
    ["a hash less", (text) => text.replace(/(index 5\n).+\n/, "$1")],
    ["a hash more", (text) => text.replace("index 5\n", `index 5\n${Buffer.alloc(32).toString("base64")}\n`)],
    [
      "sixty-four hashes",
      (text) => text.replace(/(index 5\n)(.+\n)/, (_, head: string, line: string) => head + line.repeat(64)),
    ],
    ["no extra line", (text) => text.replace(/extra .+\n/, "")],
    ["no blank line", (text) => text.replace("\n\n", "\n")],
    ["a space at the end", (text) => `${text} `],
    ["a member more", (text) => withExtra(text, (extra) => ({ ...extra, more: 1 }))],
    ["a payload without salt", (text) => withExtra(text, ({ leaf, payload }) => ({ leaf, payload }))],
    ["another payload", (text) => withExtra(text, (extra) => ({ ...extra, payload: '{"n":5}' }))],
    ["another salt", (text) => withExtra(text, (extra) => ({ ...extra, salt: "0".repeat(64) }))],
    [
      "an upper-case salt",
      (text) => withExtra(text, (extra) => ({ ...extra, salt: String(extra["salt"]).toUpperCase() })),
    ],
    ["no leaf", (text) => withExtra(text, () => ({}))],
    ["an array", (text) => withExtra(text, () => [])],
    ["null", (text) => withExtra(text, () => null)],
    ["a text", (text) => withExtra(text, () => "leaf")],
    ["a leaf that is no text", (text) => withExtra(text, (extra) => ({ ...extra, leaf: 7 }))],
    ["a payload that is no text", (text) => withExtra(text, (extra) => ({ ...extra, payload: 7 }))],
    ["a salt that is no text", (text) => withExtra(text, (extra) => ({ ...extra, salt: 7 }))],
    ["a salt too long", (text) => withExtra(text, (extra) => ({ ...extra, salt: `${String(extra["salt"])}00` }))],
    ["a salt and no payload", (text) => withExtra(text, ({ leaf, salt }) => ({ leaf, salt }))],
    ["an extra line that is not UTF-8", (text) => text.replace(/extra .+\n/, "extra Iv8i\n")],
    ["a payload that is not canonical", (text) => withExtra(text, (extra) => ({ ...extra, payload: '{"n": 4}' }))],
  ])("is refused with %s", async (_, change) => {
    const text = await proofOf(5, true);
    expect(change(text)).not.toBe(text);
    expect(() => verifyTlogProof(change(text), [logKey])).toThrow(LedgerError);
  });
});

describe("evidence that is only read", () => {
  it("has at most 63 hashes", async () => {
    const text = await proofOf(5, true);
    const [line = ""] = text.split("\n").slice(3);
    const withHashes = (count: number) => text.replace(/(index 5\n)(?:.{44}\n)+/, `$1${`${line}\n`.repeat(count)}`);
    expect(parseTlogProof(withHashes(63)).hashes).toHaveLength(63);
    expect(() => parseTlogProof(withHashes(64))).toThrow("a proof of 64 hashes");
  });

  it.each<[string, (text: string) => string, string]>([
    ["another beginning", (text) => ` ${text}`, "does not begin with c2sp.org/tlog-proof@v1"],
    ["no blank line", (text) => text.replaceAll("\n\n", "\n"), "does not begin with"],
    ["no extra line", (text) => text.replace("extra ", "Extra "), "without its extra and index lines"],
    ["no index line", (text) => text.replace("index ", "Index "), "without its extra and index lines"],
    ["a checkpoint that is none", (text) => text.replace(/\n\n[^]*$/, "\n\nx\n"), "a note without signatures"],
    ["an extra line that is not UTF-8", (text) => text.replace(/extra .+\n/, "extra Iv8i\n"), "not UTF-8"],
    ["an extra line that is a text", (text) => withExtra(text, () => "leaf"), "not an object"],
    ["a member more", (text) => withExtra(text, (extra) => ({ ...extra, more: 1 })), "leaf, payload and salt"],
    ["a salt that is no text", (text) => withExtra(text, (extra) => ({ ...extra, salt: 7 })), "payload or salt"],
    ["a payload that is no text", (text) => withExtra(text, (extra) => ({ ...extra, payload: 7 })), "payload or salt"],
    ["a short salt", (text) => withExtra(text, (extra) => ({ ...extra, salt: "00" })), "payload or salt"],
  ])("is refused with %s", async (_, change, message) => {
    const text = await proofOf(5, true);
    expect(() => parseTlogProof(change(text))).toThrow(message);
  });

  it("is what the tree, the leaf and the payload say", async () => {
    const text = await proofOf(5, true);
    expect(() => verifyTlogProof(text.replace("index 5", "index 6"), [logKey])).toThrow("leaf 6 is not in the tree");
    const other = withExtra(text, (extra) => ({ ...extra, payload: '{"n":5}' }));
    expect(() => verifyTlogProof(other, [logKey])).toThrow("the payload is not the one the leaf commits to");
  });
});

function withExtra(text: string, change: (extra: Record<string, unknown>) => unknown): string {
  return text.replace(/extra (.+)\n/, (_, base64: string) => {
    const extra = JSON.parse(Buffer.from(base64, "base64").toString()) as Record<string, unknown>;
    return `extra ${Buffer.from(canonicalJson(change(extra))).toString("base64")}\n`;
  });
}
