import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ScratchFile } from "./scratch-file.ts";

const folder = mkdtempSync(join(tmpdir(), "bursar-scratch-"));

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

describe("a scratch file", () => {
  it("gives back what was put aside, and has no name by which it could be left behind", () => {
    const scratch = new ScratchFile();
    expect(scratch.write(Buffer.from("first"))).toBe(0);
    expect(scratch.write(Buffer.from("second"))).toBe(5);
    const into = Buffer.alloc(6);
    scratch.read(5, into);
    expect(into.toString()).toBe("second");
    scratch.close();
    if (process.platform === "win32") return;
    vi.stubEnv("TMPDIR", mkdtempSync(`${folder}-`));
    const another = new ScratchFile();
    expect(another.write(into)).toBe(0);
    expect(readdirSync(tmpdir())).toEqual([]);
    another.close();
    rmSync(tmpdir(), { recursive: true });
  });

  it("gives nothing that was not written", () => {
    const scratch = new ScratchFile();
    expect(() => scratch.read(0, Buffer.alloc(1))).toThrow("does not hold");
    scratch.write(Buffer.from("first"));
    expect(() => scratch.read(3, Buffer.alloc(3))).toThrow("does not hold");
    scratch.close();
    expect(() => scratch.read(0, Buffer.alloc(1))).toThrow("does not hold");
    scratch.close();
  });

  it.skipIf(process.platform === "win32")("says so where none can be made", () => {
    vi.stubEnv("TMPDIR", join(folder, "absent"));
    expect(existsSync(tmpdir())).toBe(false);
    expect(new ScratchFile().write(Buffer.from("first"))).toBeNull();
  });
});
