import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { operatorCaller } from "../src/access/index.ts";
import { parseTlogProof, verifyTlogProof, formatTlogProof, parseVkey } from "../src/ledger/index.ts";
import { catalog, type OperationContext } from "../src/operations/index.ts";
import { streams } from "../src/source/index.ts";
import { withSyncedBursar } from "./support/bursar.ts";
import { blocksOf, commandsOfGuide, missingTools, pasted } from "./support/by-hand.ts";

const DAY = "2026-10-29";
/** The step of the guide that adds up. */
const FIGURES = 2;

interface Queries {
  readonly proofs: number;
  readonly records: number;
  readonly sums: Record<string, string>;
  readonly figures: { title: string; value: string; agrees: boolean | null }[];
  readonly streams: { name: string; records: number }[];
}

let place = "";
let vkey = "";

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "bursar-evidence-"));
  await withSyncedBursar(async ({ store, scope, clock, signer, emulator }) => {
    const caller = operatorCaller("test");
    const context = { store, scope, clock, streams, caller } as unknown as OperationContext;
    const make = async (name: string, about: object) =>
      (await catalog.exportEvidence()).run(context, { dir: join(place, name), ...about } as never);
    const days = { from: DAY, to: DAY };
    const email = emulator.world.directory.users[0]?.email;
    await make("report", { about: "report", metric: "tokens", source: "messages", ...days });
    await make("period", { about: "period", ...days });
    await make("person", { about: "person", email, ...days });
    await make("access", { about: "access" });
    vkey = signer.vkeys[0]!;
  });
}, 120_000);

afterAll(async () => {
  await rm(place, { recursive: true, force: true });
});

const queriesOf = async (name: string): Promise<Queries> =>
  JSON.parse(await readFile(join(place, name, "queries.json"), "utf8")) as Queries;

describe.skipIf(missingTools.length > 0)(
  "evidence, checked with openssl, jq and core utilities as the guide says",
  () => {
    /** Steps of the guide, all or some of them: a proof by hand takes its time. */
    const run = async (name: string, from = 0, to = 3) => {
      const commands = (await commandsOfGuide()).ofEvidence.slice(from, to);
      return pasted([...(from > 0 ? ["WORK=$(mktemp -d)"] : []), ...commands], join(place, name), { VKEY: vkey });
    };
    let sound: Promise<string[]> | undefined;
    const runSound = () => (sound ??= run("report"));

    it("comes with the very commands of the guide", async () => {
      const { ofEvidence } = await commandsOfGuide();
      expect(ofEvidence).toHaveLength(3);
      expect(blocksOf(await readFile(join(place, "report", "README.md"), "utf8"))).toEqual(ofEvidence);
    });

    it("holds: signature, every proof, every sum, and the figure that they come to", async () => {
      const { proofs, figures } = await queriesOf("report");
      const name = vkey.split("+")[0];
      expect(await runSound()).toEqual([
        `ok: the key id ${vkey.split("+")[1]} is that of the key`,
        `ok: the checkpoint is signed by ${name}`,
        expect.stringMatching(`^ok: all ${proofs} proofs lead to the signed root of \\d+ leaves$`),
        "ok: there are as many as queries.json says",
        "ok: the records add up to every sum",
        `ok: the records add up to Tokens: ${figures[0]!.value} tokens`,
      ]);
      expect(Number(figures[0]!.value)).toBeGreaterThan(0);
    });

    it.each(["period", "person", "access"])(
      "adds up the records of evidence about %s to all that it tells",
      async (name) => {
        const said = await run(name, FIGURES);
        const queries = await queriesOf(name);
        expect(said[0]).toBe("ok: the records add up to every sum");
        expect(said.filter((line) => !line.startsWith("ok:"))).toEqual([]);
        expect(said).toHaveLength(1 + queries.figures.filter(({ agrees }) => agrees !== null).length);
        expect(Object.keys(queries.sums).length).toBeGreaterThan(5);
      },
    );

    /** What somebody might do to a bundle, and which line of the page is then missing. */
    const TAMPERED: readonly [
      what: string,
      missing: RegExp,
      alter: (dir: string) => Promise<void>,
      from?: number,
      to?: number,
    ][] = [
      [
        "content",
        /^ok: all/,
        (dir) =>
          alterProof(dir, (proof) => {
            const { content } = proof;
            const payload = content!.payload.replace(/"output_tokens":\d+/, '"output_tokens":1');
            return { ...proof, content: { ...content!, payload } };
          }),
      ],
      [
        "leaf",
        /^ok: all/,
        (dir) => alterProof(dir, (proof) => ({ ...proof, leaf: proof.leaf.replace(/"at":"20../, '"at":"2031') })),
      ],
      ["place", /^ok: all/, (dir) => alterProof(dir, (proof) => ({ ...proof, hashes: proof.hashes.toReversed() }))],
      [
        "root",
        /^ok: the checkpoint/,
        async (dir) => {
          const lines = (await readFile(join(dir, "checkpoint"), "utf8")).split("\n");
          await writeFile(join(dir, "checkpoint"), lines.with(2, Buffer.alloc(32, 1).toString("base64")).join("\n"));
        },
        0,
        1,
      ],
      [
        "number of records",
        /^ok: there are as many/,
        async (dir) => rm(join(dir, "proof", (await readdir(join(dir, "proof")))[0]!)),
      ],
      [
        "sum",
        /^ok: the records add up to every/,
        (dir) => alterQueries(dir, /("usage_total.output": ")/, "$19"),
        FIGURES,
      ],
      ["figure", /^ok: the records add up to Tokens/, (dir) => alterQueries(dir, /("value": ")(\d)/, "$19$2"), FIGURES],
    ];

    it.each(TAMPERED)("does not hold for an altered %s", async (what, missing, alter, from, to) => {
      const name = `tampered ${what}`;
      await cp(join(place, "report"), join(place, name), { recursive: true });
      await alter(join(place, name));
      expect((await run(name, from, to)).filter((line) => missing.test(line))).toEqual([]);
      expect((await runSound()).filter((line) => missing.test(line))).toHaveLength(1);
    });
  },
);

describe("evidence", () => {
  it("holds by the rules of others too: each proof is a tlog-proof of the signed tree", async () => {
    for (const name of ["report", "person"]) {
      const files = await readdir(join(place, name, "proof"));
      expect(files).toHaveLength((await queriesOf(name)).proofs);
      for (const file of files) {
        const text = await readFile(join(place, name, "proof", file), "utf8");
        const { content, index } = verifyTlogProof(text, [parseVkey(vkey)]);
        expect(file).toBe(`${index}.tlog-proof`);
        // 3 kB besides the content, which stands in base64.
        expect(text.length - (content!.payload.length * 4) / 3).toBeLessThan(3_000);
      }
    }
  });

  it("of a person holds no record of anybody else, and nothing of reports that name nobody", async () => {
    const { streams: told } = await queriesOf("person");
    const count = new Map(told.map(({ name, records }) => [name, records]));
    expect(count.get("users")).toBe(1);
    expect(count.get("usage_total")).toBe(0);
    expect(count.get("cost_report")).toBe(0);
    expect(count.get("claude_code")).toBeGreaterThan(0);
    expect(count.get("claude_code")).toBeLessThan(
      (await queriesOf("period")).streams.find(({ name }) => name === "claude_code")!.records,
    );
  });
});

async function alterProof(
  dir: string,
  alter: (proof: ReturnType<typeof parseTlogProof>) => ReturnType<typeof parseTlogProof>,
): Promise<void> {
  for (const file of await readdir(join(dir, "proof"))) {
    const path = join(dir, "proof", file);
    const proof = parseTlogProof(await readFile(path, "utf8"));
    if (JSON.parse(proof.leaf).t !== "rec") continue;
    const altered = formatTlogProof(alter(proof));
    expect(altered).not.toBe(formatTlogProof(proof));
    await writeFile(path, altered);
  }
}

async function alterQueries(dir: string, what: RegExp, by: string): Promise<void> {
  const path = join(dir, "queries.json");
  const before = await readFile(path, "utf8");
  const after = before.replace(what, by);
  expect(after).not.toBe(before);
  await writeFile(path, after);
}
