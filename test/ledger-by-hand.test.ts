import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exportLedger } from "../src/ledger/index.ts";
import { commandsOfGuide, missingTools, pasted } from "./support/by-hand.ts";
import { fullLedger, logKey, newerLogKey, witnessKey } from "./support/sample-ledger.ts";

if (missingTools.length > 0) console.warn(`ledger by hand: skipped, this machine has no ${missingTools.join(", ")}`);

describe.skipIf(missingTools.length > 0)("an export, checked with openssl and coreutils as the guide says", () => {
  const INDEX = 30;
  let dir = "";
  let sample: ReturnType<typeof fullLedger>;

  beforeAll(async () => {
    dir = join(await mkdtemp(join(tmpdir(), "bursar-by-hand-")), "export");
    sample = fullLedger(260);
    await exportLedger(sample.source, dir, { proofs: [INDEX, 258] });
  });

  afterAll(async () => {
    await rm(join(dir, ".."), { recursive: true, force: true });
  });

  async function run(index: number, vkey: string): Promise<string[]> {
    const { ofExport } = await commandsOfGuide();
    expect(ofExport).toHaveLength(7);
    return pasted(ofExport, dir, { VKEY: vkey, INDEX: String(index) });
  }

  const expected = (index: number, vkey: string): string[] => [
    `ok: the key id ${vkey.split("+")[1]} is that of the key`,
    "ok: the checkpoint is signed by ledger.example/test-org",
    `ok: leaf ${index} has the hash in its tile`,
    `ok: the content of leaf ${index} is what was committed to`,
    `ok: leaf ${index} is in the signed tree of 260 leaves`,
    "ok: all 260 leaf hashes make up the signed root",
    "ok: witness.example/w1 cosigned at 1767323045 seconds after 1970",
  ];

  it("holds, in a full bundle and in a partial one, by either key of the log", async () => {
    expect(await run(INDEX, logKey.vkey)).toEqual(expected(INDEX, logKey.vkey));
    expect(await run(258, newerLogKey.vkey)).toEqual(expected(258, newerLogKey.vkey));
  });

  it("does not hold for altered content, for that content alone", async () => {
    const file = join(dir, "payload/000");
    const before = await readFile(file, "utf8");
    const lines = before.split("\n");
    await writeFile(file, lines.with(INDEX, `${lines[INDEX]} `).join("\n"));
    const said = await run(INDEX, logKey.vkey);
    await writeFile(file, before);
    expect(expected(INDEX, logKey.vkey).filter((line) => !said.includes(line))).toEqual([
      `ok: the content of leaf ${INDEX} is what was committed to`,
    ]);
  });

  it("does not hold with a key that has not signed", async () => {
    const said = await run(INDEX, witnessKey.vkey);
    expect(said.join()).not.toContain("is signed by");
  });
});
