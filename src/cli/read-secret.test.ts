import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createIo, type Io } from "./io.ts";
import { readSecret } from "./read-secret.ts";

const KEY = "sk-ant-admin01-TESTkey";
const SURROUNDED = [`${KEY}\n`, `${KEY}\r\n`, `  ${KEY} \t\n\n`, `\uFEFF${KEY}\r`];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bursar-secret-"));
});

afterAll(() => rm(folder, { recursive: true }));

function ioOf(stdin: PassThrough & { isTTY?: boolean }): Io {
  const input = stdin as unknown as NodeJS.ReadStream;
  return createIo({ stdin: input, stdout: new PassThrough(), stderr: new PassThrough(), env: {} });
}

function terminal(): PassThrough & { isTTY: boolean } {
  return Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} });
}

describe("a key with something harmless around it", () => {
  it.each(SURROUNDED)("is read bare from stdin: %j", async (text) => {
    const stdin = new PassThrough();
    stdin.end(text);
    expect(await readSecret(ioOf(stdin), undefined, "Key")).toBe(KEY);
  });

  it.each(SURROUNDED)("is read bare from a file: %j", async (text) => {
    const file = join(folder, "key");
    await writeFile(file, text);
    expect(await readSecret(ioOf(new PassThrough()), file, "Key")).toBe(KEY);
  });

  it("is read bare from the prompt", async () => {
    const stdin = terminal();
    const asked = readSecret(ioOf(stdin), undefined, "Key");
    setImmediate(() => setTimeout(() => stdin.write(` ${KEY} \r`), 200));
    expect(await asked).toBe(KEY);
  });
});

it.each([
  ["Ctrl-C", "\u0003"],
  ["Ctrl-D", "\u0004"],
])("%s at the prompt leaves it and says that nothing was stored", async (_, typed) => {
  const stdin = terminal();
  const asked = readSecret(ioOf(stdin), undefined, "Key");
  setTimeout(() => stdin.write(typed), 200);
  await expect(asked).rejects.toMatchObject({ code: "app.prompt_left", hint: "Nothing was stored." });
});
