import { spawnSync } from "node:child_process";
import { rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { sampleExports } from "../../test/support/sample-exports.ts";
import { logKey, ORIGIN } from "../../test/support/sample-ledger.ts";
import { signCheckpoint, verifyExport } from "./index.ts";

const exports = await sampleExports();
const { small, copyOf } = exports;
afterAll(() => exports.remove());

const foundIn = async (dir: string, threads = 1) =>
  (await verifyExport(dir, { threads })).failures.map(({ file, what }) => `${file} ${what}`);

describe.skipIf(process.platform === "win32")("an export that was made to hurt whoever checks it", () => {
  it.each(["vkey", "checkpoint", "witness-vkey"])("is not waited for where %s is a pipe", async (name) => {
    const copy = await copyOf(small);
    await rm(join(copy, name));
    spawnSync("mkfifo", [join(copy, name)]);
    expect(await foundIn(copy)).toContain(`${name} is no plain file`);
  });

  it.each(["vkey", "checkpoint"])("is not read without end where %s leads to a device", async (name) => {
    const copy = await copyOf(small);
    await rm(join(copy, name));
    await symlink("/dev/zero", join(copy, name));
    expect(await foundIn(copy)).toContain(`${name} is no plain file`);
  });

  it("is not followed into folders without end", async () => {
    const copy = await copyOf(small);
    // From within the export a path can be made that is too long from the root.
    const deep = [...Array.from({ length: 20 }, () => "d".repeat(200)), "e".repeat(70)].join("/");
    try {
      expect(spawnSync("mkdir", ["-p", deep], { cwd: copy }).status).toBe(0);
      expect((await foundIn(copy)).join()).toMatch(/e is a folder that cannot be read/);
    } finally {
      spawnSync("rm", ["-rf", copy]);
    }
  });

  it.each([1, 2])("is not counted up to a size that its checkpoint invents, in %i threads", async (threads) => {
    const copy = await copyOf(small);
    const size = Number.MAX_SAFE_INTEGER;
    await writeFile(
      join(copy, "checkpoint"),
      signCheckpoint({ origin: ORIGIN, size, root: Buffer.alloc(32, 7) }, [logKey]),
    );
    expect((await foundIn(copy, threads)).join("\n")).toMatch(
      /^tile\/entries\/000 nothing after it could be checked$/m,
    );
  });
});
