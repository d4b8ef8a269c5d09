import { spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, expect, it } from "vitest";

import { lookInto } from "./data-folder.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bursar-data-"));
  await chmod(folder, 0o755);
});

afterAll(() => rm(folder, { recursive: true }));

it("tells an absent folder and one with a database apart", async () => {
  const data = join(folder, "here");
  await mkdir(data);
  await writeFile(join(data, "bursar.db"), "");
  expect(lookInto(join(folder, "absent"))).toEqual({ hasDatabase: false, hasKek: false });
  expect(lookInto(data)).toEqual({ hasDatabase: true, hasKek: false });
});

it("tells a file where a folder belongs", async () => {
  const file = join(folder, "people.csv");
  await writeFile(file, "");
  expect(() => lookInto(file)).toThrow(/people\.csv is no folder/);
});

it("does not take a folder that this user may not look into for an empty one", async () => {
  const data = join(folder, "private");
  await mkdir(data, { mode: 0o700 });
  // Root may look anywhere, so that it asks as nobody.
  const other = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  if (other.uid === undefined) await chmod(data, 0o000);
  const module = fileURLToPath(new URL("data-folder.ts", import.meta.url));
  const program = `import(${JSON.stringify(module)}).then(({ lookInto }) => {
    try { lookInto(${JSON.stringify(data)}); } catch ({ code, exit, message }) { console.log(code, exit, message); }
  })`;
  const { stdout } = spawnSync(process.execPath, ["-e", program], { ...other, encoding: "utf8" });
  await chmod(data, 0o700);
  expect(stdout.trim()).toBe(`store.io 5 The database cannot be used (${data} cannot be read: permission).`);
});
