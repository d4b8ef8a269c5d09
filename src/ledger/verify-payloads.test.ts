import { describe, expect, it } from "vitest";
import { logKey, newerLogKey, ORIGIN, SampleLedger, witnessKey } from "../../test/support/sample-ledger.ts";
import { Findings } from "./findings.ts";
import { parseLeaf, type LeafKind } from "./leaf.ts";
import { GatheredFacts, noFacts } from "./payload-facts.ts";
import { ScratchFile } from "./scratch-file.ts";
import { PayloadChecker } from "./verify-payloads.ts";
import { formatVkey } from "./vkey.ts";

const ledger = new SampleLedger();
ledger.genesis();
ledger.append("run", "app", { n: 1 });
ledger.append("run", "app", { name: "Zoë" });
const leaves = ledger.leaves.map(({ leaf }) => parseLeaf(leaf));
const lines = ledger.leaves.map(
  ({ index, salt, payload }) => `${index} ${Buffer.from(salt ?? []).toString("hex")} ${payload}\n`,
);

function check(text: string | Buffer, of: readonly (ReturnType<typeof parseLeaf> | undefined)[] = leaves, first = 0) {
  const findings = new Findings();
  const checker = new PayloadChecker(findings, ORIGIN);
  checker.checkFile("payload/000", Buffer.from(text), first, of);
  return { checker, found: findings.kept.map(({ index, what }) => `${index ?? "-"} ${what}`) };
}

describe("a payload file", () => {
  it("holds a line for each leaf, and nothing else", () => {
    expect(check(lines.join("")).found).toEqual([]);
    expect(check("", []).found).toEqual([]);
    expect(check(`${lines.join("")}\n`).found).toEqual(["- goes on after its last line"]);
    expect(check(lines.slice(0, 2).join("")).found).toEqual(["2 ends before the line of leaf 2"]);
    expect(check(lines.join("").slice(0, -1)).found).toEqual(["2 ends before the line of leaf 2"]);
    expect(check("").found).toEqual(["0 ends before the line of leaf 0"]);
    expect(check(Buffer.from([0xff, 0x0a])).found).toEqual(["- is not UTF-8"]);
  });

  it("is checked past a line that is wrong", () => {
    expect(check([lines[0], "x\n", lines[2]].join("")).found).toEqual([
      "1 a line that does not begin with 1 and a space",
    ]);
    expect(check([lines[0], "1 x\n", lines[2]].join("")).found).toEqual([
      "1 a line that is neither salt and payload nor `erased`",
    ]);
    expect(check([lines[0], lines[1]!.replace(/^1 ./, "1 g"), lines[2]].join("")).found).toHaveLength(1);
    expect(check([lines[0], lines[1]!.replace('"n":1', '"n":2'), lines[2]].join("")).found).toEqual([
      "1 payload and salt are not what the leaf commits to",
    ]);
    expect(check([lines[0], "1 erased 02\n", lines[2]].join("")).found).toEqual(['1 "02" is not a number']);
    expect(check(["0 erased 2\n", lines[1], lines[2]].join("")).found).toEqual([
      "0 a genesis payload can never be erased",
    ]);
  });

  it("says what is erased and by what", () => {
    const { checker, found } = check([lines[0], "1 erased 7\n", lines[2]].join(""));
    expect(found).toEqual([]);
    expect(checker.takeFacts().missing).toEqual([{ index: 1, by: 7 }]);
  });

  it("is checked for its form where a leaf could not be read", () => {
    const of = [leaves[0], undefined, leaves[2]];
    expect(check([lines[0], lines[1]!.replace('"n":1', '"n":2'), lines[2]].join(""), of).found).toEqual([]);
    expect(check([lines[0], lines[1]!.replace('"n":1', '"n": 1'), lines[2]].join(""), of).found).toEqual([
      "1 not in canonical form",
    ]);
    expect(check([lines[0], "1 erased 2\n", lines[2]].join(""), of).found).toEqual([]);
  });
});

/** What is found in one payload of this kind, as leaf 9; `null` for nothing. */
function meaning(kind: LeafKind, payload: unknown) {
  const one = new SampleLedger();
  one.append(kind, "app", payload);
  const [{ leaf, salt, payload: text } = {}] = one.leaves;
  return check(`9 ${Buffer.from(salt ?? []).toString("hex")} ${text}\n`, [parseLeaf(leaf!)], 9);
}

const genesis = { created_at: "2026-01-02T00:00:00.000Z", format: "ledger/1", origin: ORIGIN, vkeys: [logKey.vkey] };
const without = (name: keyof typeof genesis) =>
  Object.fromEntries(Object.entries(genesis).filter(([key]) => key !== name));
const ours = (type: "ed25519" | "cosignature") => formatVkey(ORIGIN, type, newerLogKey.publicKey);

describe("a payload's meaning", () => {
  it.each<[LeafKind, unknown, string]>([
    ["genesis", without("format"), "another format than ledger/1"],
    ["genesis", { ...genesis, format: "ledger/2" }, "another format than ledger/1"],
    ["genesis", without("origin"), "another origin"],
    ["genesis", { ...genesis, origin: "ledger.example/other" }, "another origin"],
    ["genesis", without("created_at"), "without created_at"],
    ["genesis", { ...genesis, created_at: 7 }, "without created_at"],
    ["genesis", without("vkeys"), "names no vkeys"],
    ["genesis", { ...genesis, predecessor: null }, "not an object"],
    ["genesis", { ...genesis, predecessor: {} }, "without its checkpoint"],
    ["genesis", { ...genesis, predecessor: { checkpoint: "x" } }, "a note without signatures"],
    ["genesis", [], "not an object"],
    ["key", {}, "names no vkeys"],
    ["key", { vkeys: [] }, "names no vkeys"],
    ["key", { vkeys: newerLogKey.vkey }, "names no vkeys"],
    ["key", { vkeys: ["x"] }, "a vkey that is not"],
    ["key", { vkeys: [7] }, "a vkey that is not"],
    ["key", { vkeys: [ours("cosignature")] }, "not this log's"],
    ["key", { vkeys: [newerLogKey.vkey, witnessKey.vkey] }, "not this log's"],
    ["key", { vkeys: [formatVkey("ledger.example/other", "ed25519", logKey.publicKey)] }, "not this log's"],
    ["key", null, "not an object"],
    ["erase", {}, "without the leaves it erases"],
    ["erase", { leaves: 1 }, "without the leaves it erases"],
    ["erase", { leaves: ["1"] }, "not before it"],
    ["erase", { leaves: [1, null] }, "not before it"],
    ["erase", { leaves: [-1] }, "not before it"],
    ["erase", { leaves: [1, 9] }, "not before it"],
    ["anchor", "x", "not an object"],
    ["run", 7, "not an object"],
    ["rec", [], "not an object"],
    ["audit", null, "not an object"],
  ])("of kind %s is refused with %j", (kind, payload, what) => {
    expect(meaning(kind, payload).found).toEqual([expect.stringContaining(what)]);
  });

  it("declares keys, in the genesis and after it", () => {
    const predecessor = { checkpoint: ledger.checkpoint(), reason: "" };
    const begun = meaning("genesis", { ...genesis, predecessor });
    expect([begun.found, begun.checker.takeFacts().declared]).toEqual([[], [{ index: 9, vkeys: [logKey.vkey] }]]);
    const changed = meaning("key", { vkeys: [newerLogKey.vkey, logKey.vkey] });
    expect(changed.checker.takeFacts().declared).toEqual([{ index: 9, vkeys: [newerLogKey.vkey, logKey.vkey] }]);
  });

  it("names what it erases, none or several", () => {
    const named = (leaves: number[]) => meaning("erase", { leaves }).checker.takeFacts().named;
    expect(named([])).toEqual([{ by: 9, leaves: [] }]);
    expect(named([0, 8])).toEqual([{ by: 9, leaves: [0, 8] }]);
  });

  it("notes the checkpoint and the stamp of an anchor, as far as they are there", () => {
    const anchored = (payload: object) => meaning("anchor", payload).checker.takeFacts().anchored;
    expect(anchored({ size: 7, checkpoint_sha256: "aa", proof_sha256: "bb" })).toEqual(["7 aa", "7 bb"]);
    expect(anchored({ size: 7, checkpoint_sha256: "aa", proof_sha256: null })).toEqual(["7 aa"]);
    expect(anchored({ size: "7", checkpoint_sha256: "aa", proof_sha256: "bb" })).toEqual([]);
    expect(anchored({ size: 7 })).toEqual([]);
  });

  it("is told once, and gathered whole from another thread", () => {
    const { checker } = meaning("key", { vkeys: [newerLogKey.vkey] });
    expect(checker.takeFacts().declared).toHaveLength(1);
    expect(checker.takeFacts()).toEqual(noFacts());
    const gathered = new GatheredFacts(new ScratchFile());
    for (const { checker } of [
      meaning("anchor", { size: 7, checkpoint_sha256: "aa", proof_sha256: "bb" }),
      meaning("key", { vkeys: [newerLogKey.vkey] }),
      check([lines[0], "1 erased 9\n", lines[2]].join("")),
      meaning("erase", { leaves: [1] }),
    ]) {
      gathered.take(structuredClone(checker.takeFacts()));
    }
    expect(gathered.declared.map(({ index }) => index)).toEqual([9, 0]);
    expect([...gathered.anchored]).toEqual(["7 aa", "7 bb"]);
    expect([gathered.erasures.count, gathered.erasures.isMissing(1)]).toEqual([1, true]);
    const findings = new Findings();
    gathered.erasures.check(findings);
    expect(findings.kept).toEqual([]);
  });
});
