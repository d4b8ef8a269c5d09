import { spawnSync } from "node:child_process";
import { mkdir, readFile, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { filesOf, seeded, sampleExports } from "../../test/support/sample-exports.ts";
import { logKey, SampleLedger } from "../../test/support/sample-ledger.ts";
import { exportLedger, verifyExport } from "./index.ts";

const exports = await sampleExports();
const { scratch, intact, small, copyOf } = exports;

afterAll(() => exports.remove());

describe("an altered export", () => {
  it("is refused for 500 of 500 flipped bits", async () => {
    const copy = await copyOf(small);
    const files = await filesOf(copy);
    const random = seeded(20_260_102);
    const missed: string[] = [];
    for (let flip = 0; flip < 500; flip++) {
      const file = join(copy, files[flip % files.length] ?? "");
      const before = await readFile(file);
      const after = Buffer.from(before);
      const at = Math.floor(random() * after.length);
      const bit = Math.floor(random() * 8);
      after[at] = (after[at] ?? 0) ^ (1 << bit);
      await writeFile(file, after);
      const { ok, failures } = await verifyExport(copy, { vkey: logKey.vkey });
      if (ok || failures.length === 0) missed.push(`${relative(copy, file)} byte ${at} bit ${bit}`);
      await writeFile(file, before);
    }
    expect(missed).toEqual([]);
    expect((await verifyExport(copy, { vkey: logKey.vkey })).ok).toBe(true);
  });

  it("is refused whichever of its files is gone, cut, longer or empty", async () => {
    const copy = await copyOf(small);
    const missed: string[] = [];
    for (const name of await filesOf(copy)) {
      // Leaving out evidence that is optional leaves a smaller export, not a wrong one.
      const optional = /^(?:proof|consistency|anchors)\/.*[^t]$|^witness-vkey$|^payload\/000$/.test(name);
      const file = join(copy, name);
      const before = await readFile(file);
      const changes: [string, () => Promise<void>][] = [
        ["cut", () => truncate(file, before.length - 1)],
        ["halved", () => truncate(file, Math.floor(before.length / 2))],
        ["empty", () => truncate(file, 0)],
        ["longer by a newline", () => writeFile(file, Buffer.concat([before, Buffer.from("\n")]))],
        ["longer by a space", () => writeFile(file, Buffer.concat([before, Buffer.from(" ")]))],
        ["behind a space", () => writeFile(file, Buffer.concat([Buffer.from(" "), before]))],
        ["with CRLF", () => writeFile(file, Buffer.from(`${before.toString("latin1")}\r\n`, "latin1"))],
        ...(optional ? [] : [["gone", () => rm(file)] satisfies [string, () => Promise<void>]]),
      ];
      for (const [change, apply] of changes) {
        await apply();
        if ((await verifyExport(copy)).ok) missed.push(`${name} ${change}`);
        await writeFile(file, before);
      }
    }
    expect(missed).toEqual([]);
  });

  it.each([
    "stray",
    ".hidden",
    "tile/0/001",
    "tile/0/000",
    "tile/0/000.p/39",
    "tile/1/000.p/1",
    "tile/entries/001.p/1",
    "tile/00/000.p/40",
    "payload/001",
    "payload/000.p/40",
    "proof/1.tlog-proof",
    "proof/x",
    "proof/01.tlog-proof",
    "consistency/1-2",
    "anchors/7/checkpoint",
    "anchors/20/checkpoint.tsr",
    "anchors/20/tsa-ca.pem",
    "anchors/20/notes.txt",
    "payload.txt",
  ])("is refused with a file %s that does not belong", async (name) => {
    const copy = await copyOf(small);
    await mkdir(dirname(join(copy, name)), { recursive: true });
    await writeFile(join(copy, name), "x");
    expect((await verifyExport(copy)).ok).toBe(false);
  });

  it("is refused with an empty folder or a link in it", async () => {
    const folder = await copyOf(small);
    await mkdir(join(folder, "extra"));
    expect((await verifyExport(folder)).ok).toBe(false);
    const link = await copyOf(small);
    await rename(join(link, "checkpoint"), join(scratch, "elsewhere"));
    await symlink(join(scratch, "elsewhere"), join(link, "checkpoint"));
    expect((await verifyExport(link)).ok).toBe(false);
  });

  it("is refused when two files of one kind are swapped", async () => {
    for (const [a, b] of [
      ["tile/0/000", "tile/0/001"],
      ["tile/entries/000", "tile/entries/001"],
      ["payload/000", "payload/001"],
      ["proof/0.tlog-proof", "proof/10.tlog-proof"],
      ["consistency/0-600", "consistency/17-301"],
      ["checkpoint", "anchors/301/checkpoint"],
    ] as const) {
      const copy = await copyOf(intact);
      await rename(join(copy, a), join(copy, "away"));
      await rename(join(copy, b), join(copy, a));
      await rename(join(copy, "away"), join(copy, b));
      expect([a, (await verifyExport(copy)).ok]).toEqual([a, false]);
    }
  });

  it.each<[string, string, (text: string) => string]>([
    ["upper-case salt", "payload/000", (text) => text.replace(/ [0-9a-f]{64} /, (salt) => salt.toUpperCase())],
    ["two spaces in a line", "payload/000", (text) => text.replace(" ", "  ")],
    ["a tab in a line", "payload/000", (text) => text.replace(" ", "\t")],
    ["CRLF lines", "payload/000", (text) => text.replaceAll("\n", "\r\n")],
    ["a leading zero", "payload/000", (text) => text.replace("\n1 ", "\n01 ")],
    ["two lines swapped", "payload/000", (text) => text.replace(/^(.*\n)(.*\n)/, "$2$1")],
    ["an erased line that names another leaf", "payload/000", (text) => text.replace(/erased \d+/, "erased 6")],
    ["an upper-case key id", "vkey", (text) => text.replace("c9c44755", "C9C44755")],
    ["no last newline", "vkey", (text) => text.slice(0, -1)],
    ["a key twice", "vkey", (text) => text + text],
    ["a size with a plus", "checkpoint", (text) => text.replace("\n40\n", "\n+40\n")],
    ["a hyphen for the dash", "checkpoint", (text) => text.replace("—", "-")],
    ["base64 with loose bits", "checkpoint", (text) => text.replace(/(.)=\n/, "B=\n")],
    ["an extension line", "checkpoint", (text) => text.replace("\n\n", "\nextension\n\n")],
  ])("is refused with %s", async (_, name, change) => {
    const copy = await copyOf(small);
    const text = await readFile(join(copy, name), "utf8");
    expect(change(text)).not.toBe(text);
    await writeFile(join(copy, name), change(text));
    expect((await verifyExport(copy)).ok).toBe(false);
  });

  it("names the file and the leaf, and lists at most a hundred failures", async () => {
    const copy = await copyOf(intact);
    const text = await readFile(join(copy, "payload/001"), "utf8");
    await writeFile(join(copy, "payload/001"), text.replaceAll("output_tokens", "output_Tokens"));
    const report = await verifyExport(copy);
    expect(report.failures[0]).toMatchObject({ file: "payload/001", index: expect.any(Number) as number });
    expect(report.failures.length).toBeLessThanOrEqual(100);
    expect(report.failureCount).toBeGreaterThan(100);
  });

  it("is refused when leaves were altered and the tiles made anew", async () => {
    const dir = join(scratch, "forged");
    const ledger = new SampleLedger();
    ledger.genesis();
    ledger.append("run", "app", { changed: true });
    await exportLedger(ledger.source(), dir);
    const checkpoint = await readFile(join(small, "checkpoint"));
    await writeFile(join(dir, "checkpoint"), checkpoint);
    expect((await verifyExport(dir)).ok).toBe(false);
  });
});

/** A certificate authority and a certificate it issued, as openssl writes them. */
async function certificates(): Promise<{ root: string; issued: string } | undefined> {
  const dir = join(scratch, "certificates");
  await mkdir(dir);
  const newKey = "-nodes -newkey rsa:2048";
  const script = `
    openssl req -x509 -days 10 ${newKey} -subj /CN=root -keyout root.key -out root.pem
    openssl req -new ${newKey} -subj /CN=issued -keyout issued.key -out issued.csr
    openssl x509 -req -in issued.csr -CA root.pem -CAkey root.key -CAcreateserial -days 10 -out issued.pem`;
  const made = spawnSync("sh", ["-ec", script], { cwd: dir, encoding: "utf8" });
  if (made.status !== 0) return undefined;
  const read = (name: string): Promise<string> => readFile(join(dir, name), "utf8");
  return { root: await read("root.pem"), issued: await read("issued.pem") };
}

describe("the certificates of a time stamp authority", () => {
  it("are taken when each has its issuer beside it, and refused when altered or alone", async ({ skip }) => {
    const made = await certificates();
    if (made === undefined) return skip("this machine's openssl made no certificates");
    const copy = await copyOf(intact);
    const okWith = async (text: string): Promise<boolean> => {
      await writeFile(join(copy, "anchors/301/tsa-ca.pem"), text);
      return (await verifyExport(copy)).ok;
    };
    expect(await okWith(made.root)).toBe(true);
    expect(await okWith(made.issued + made.root)).toBe(true);
    expect(await okWith(made.issued)).toBe(false);
    expect(await okWith(`a preamble\n${made.root}`)).toBe(false);
    const random = seeded(7);
    const bytes = Buffer.from(made.root);
    for (let flip = 0; flip < 60; flip++) {
      const altered = Buffer.from(bytes);
      const at = Math.floor(random() * bytes.length);
      altered[at] = (altered[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      expect([at, await okWith(altered.toString("latin1"))]).toEqual([at, false]);
    }
  });
});
