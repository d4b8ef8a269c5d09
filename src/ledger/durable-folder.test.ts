import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DurableFolder, replaceFile } from "./durable-folder.ts";

let scratch = "";
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "bursar-durable-"));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

describe("a folder being written", () => {
  it("holds every file once it is finished, more than are written at once, and counts them", async () => {
    const folder = new DurableFolder(scratch);
    const names = Array.from({ length: 30 }, (_, n) => `a/${n % 3}/${n}`);
    for (const name of names) await folder.write(name, name);
    await folder.write("bytes", Buffer.from("é"));
    await folder.write("text", "é");
    await folder.finish();
    for (const name of names) expect(await readFile(join(scratch, name), "utf8")).toBe(name);
    expect([folder.files, folder.bytes]).toEqual([32, names.join("").length + 4]);
  });

  it("says at the latest when it is settled that a file could not be written, and goes on saying so", async () => {
    const folder = new DurableFolder(scratch);
    await folder.write("twice", "first");
    await folder.settle();
    await folder.write("twice", "second").catch(() => {});
    await expect(folder.settle()).rejects.toThrow("EEXIST");
    await expect(folder.write("other", "")).rejects.toThrow("EEXIST");
    await expect(folder.finish()).rejects.toThrow("EEXIST");
    expect(await readFile(join(scratch, "twice"), "utf8")).toBe("first");
  });
});

describe("a file that is replaced", () => {
  it("has the new content and mode, and nothing beside it", async () => {
    const path = join(scratch, "replaced", "file");
    await mkdir(join(scratch, "replaced"));
    await writeFile(path, "a longer text than the new one");
    await replaceFile(path, "new", 0o600);
    expect(await readFile(path, "utf8")).toBe("new");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(scratch, "replaced"))).toEqual(["file"]);
  });

  it("stays as it was when the new one cannot take its place, with nothing left beside it", async () => {
    await mkdir(join(scratch, "taken", "place"), { recursive: true });
    await expect(replaceFile(join(scratch, "taken", "place"), "new", 0o600)).rejects.toThrow("EISDIR");
    expect(await readdir(join(scratch, "taken"))).toEqual(["place"]);
    await expect(replaceFile(join(scratch, "nowhere", "file"), "new", 0o600)).rejects.toThrow("ENOENT");
  });
});
