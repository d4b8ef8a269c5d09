import { chmod, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { spawn } from "node:child_process";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createWorld, startEmulator, type Emulator } from "../../src/emulator/index.ts";
import { cleanEnv, ended, PROGRAM, run, start, temporaryFolder } from "./program.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let emulator: Emulator;

const bursar = (args: readonly string[], input = "", env: Record<string, string> = {}) =>
  run(args, { cwd: folder.path, input, env: { BURSAR_UPSTREAM: emulator.url, ...env } });

beforeAll(async () => {
  folder = await temporaryFolder();
  emulator = await startEmulator({ world: createWorld({ seed: 3, people: 4, days: 3, end: "2026-10-31", scale: 1 }) });
  await mkdir(join(folder.path, "a-folder"));
  await writeFile(join(folder.path, "a-file"), "not a folder");
  await writeFile(join(folder.path, "broken.json"), "{");
  expect((await bursar(["tenant", "add", "other"], "", { BURSAR_DATA: join(folder.path, "bad-input") })).code).toBe(0);
});

afterAll(async () => {
  await emulator.close();
  await folder.remove();
});

describe("a wrong key", () => {
  const secret = "TESTq8Zr4mWv2Lk9XcNb7Ys5Hd3Gf1";
  const kinds: readonly (readonly [kind: string, key: string])[] = [
    ["nothing but a line end", "\n"],
    ["an API key for models", `sk-ant-api03-${secret}`],
    ["an OAuth access token", `sk-ant-oat01-${secret}`],
    ["an OAuth refresh token", `sk-ant-ort01-${secret}`],
    ["a browser's session", `sk-ant-sid01-${secret}`],
    ["a key in quotes", `"sk-ant-admin01-${secret}"`],
    ["a key with a space", `sk-ant-admin01-TEST ${secret}`],
    ["a private key", `-----BEGIN PRIVATE KEY-----\n${secret}`],
    ["a masked hint", "sk-ant-admin01-TES...f1Gf"],
    ["a header", `x-api-key: sk-ant-admin01-${secret}`],
    ["an assignment", `ANTHROPIC_ADMIN_KEY=sk-ant-admin01-${secret}`],
    ["ten kilobytes", `sk-ant-admin01-${secret.repeat(400)}`],
    ["letters no key has", `sk-ant-admin01-${secret}é`],
    ["the id of a key", `apikey_01${secret}`],
    ["a key of another provider", `sk-proj-${secret}`],
    ["an AWS key", "AKIAIOSFODNN7EXAMPLE"],
    ["a web token", `eyJhbGciOiJIUzI1NiJ9.${secret}.${secret}`],
    ["the beginning of a key", "sk-ant-admin01-x"],
    ["some words", "correct-horse-battery-staple-and-more"],
  ];
  const messages = new Map<string, string>();

  it.each(kinds)("%s is told by its shape: no request, no echo, nothing made", async (kind, key) => {
    const before = emulator.requests.length;
    const { code, out, err } = await bursar(["connect", "--json"], key);
    expect([2, 4]).toContain(code);
    expect(out).toBe("");
    expect(err.trimEnd().split("\n")).toHaveLength(1);
    const { message } = JSON.parse(err) as { message: string };
    messages.set(kind, message);
    for (const part of [secret, "horse", "IOSFODNN7"]) expect(err).not.toContain(part);
    expect(emulator.requests.length).toBe(before);
    expect(await readdir(folder.path)).not.toContain("bursar-data");
  });

  it("has a sentence of its own for each kind", () => {
    expect(messages.size).toBe(kinds.length);
    expect(new Set(messages.values()).size).toBe(kinds.length);
  });

  it.each(["revoked", "expired"] as const)("of the right shape but %s is refused by upstream", async (kind) => {
    const { code, err } = await run(["connect", "--json"], {
      cwd: folder.path,
      input: emulator.keys[kind],
      env: { BURSAR_UPSTREAM: emulator.url, BURSAR_DATA: join(folder.path, "refused") },
    });
    expect(code).toBe(4);
    expect(err).toContain('"code":"source.credential_refused"');
    expect(err).not.toContain(emulator.keys[kind]);
  });

  it("as an argument is refused without being repeated", async () => {
    const key = `sk-ant-admin01-${secret}`;
    for (const args of [
      ["connect", key],
      ["connect", "--key", key],
      ["connect", `--key=${key}`],
    ]) {
      const { code, err } = await bursar(args);
      expect(code).toBe(2);
      expect(err).not.toContain(secret);
      expect(err.trimEnd().split("\n")).toHaveLength(1);
    }
  });
});

describe("bad input", () => {
  const table: readonly (readonly [what: string, args: readonly string[], field: string])[] = [
    ["an unknown command", ["sing"], "sing"],
    ["an unknown option", ["status", "--colour"], "--colour"],
    ["an unknown option of the program", ["--sing"], "--sing"],
    ["an option without its value", ["report", "cost", "--from"], "--from"],
    ["a day that does not exist", ["report", "cost", "--from", "2026-02-30"], "--from"],
    ["a day in words", ["backfill", "--from", "yesterday"], "--from"],
    ["neither day nor all", ["backfill"], "--from"],
    ["an unknown grain", ["report", "cost", "--grain", "fortnight"], "--grain"],
    ["a condition without a value", ["report", "cost", "--where", "model"], "--where"],
    ["too many arguments", ["status", "now"], "arguments"],
    ["a missing argument", ["ledger", "export"], "dir"],
    ["a group without its subcommand", ["people"], "people"],
    ["an index that is none", ["ledger", "proof", "-1"], "index"],
    ["an index beyond any log", ["ledger", "proof", "9223372036854775808"], "index"],
    ["a data folder that is a file", ["sync", "--data", "a-file"], "data"],
    [
      "a settings file that is not there",
      ["status", "--config", "absent.json"],
      "absent.json cannot be read (there is no such file)",
    ],
    ["a settings file that is no JSON", ["status", "--config", "broken.json"], "broken.json"],
    ["a settings file that is a folder", ["status", "--config", "a-folder"], "--config"],
    ["an address that is none", ["connect", "--upstream", "nowhere", "--key-file", "a-file"], "key"],
    ["an address to listen on that is none", ["serve", "--listen", "127.0.0.1:99999"], "--listen"],
    ["a key file that is a folder", ["connect", "--key-file", "a-folder"], "--key-file"],
    ["a key file that is not there", ["connect", "--key-file", "absent"], "--key-file"],
    ["people in a folder", ["people", "load", "a-folder"], "file"],
    ["a port that is none", ["emulate", "--port", "70000"], "--port"],
    ["an unknown fault", ["emulate", "--people", "1", "--days", "1", "--fault", "F999"], "--fault"],
    ["a tenant that does not exist", ["sync", "--tenant", "nobody"], "tenant"],
    ["a folder to verify that is not there", ["verify", "absent"], "verify"],
    ["a token without a name", ["token", "create"], "--name"],
    ["a scope that is none", ["token", "create", "--name", "x", "--scopes", "everything"], "--scopes"],
    ["an account without an e-mail", ["account", "add"], "--email"],
    ["an argument where none is taken", ["mcp", "serve"], "mcp"],
  ];

  it.each(table)("%s: exit 2 or 4 and one line", async (_, args, field) => {
    const { code, out, err } = await bursar(args, "", { BURSAR_DATA: join(folder.path, "bad-input") });
    expect({ code, out }).toEqual({ code: args.includes("--upstream") ? 4 : 2, out: "" });
    const lines = err
      .trimEnd()
      .split("\n")
      .filter((line) => !line.includes("made the key-encryption key"));
    expect(lines).toHaveLength(1);
    expect(err).toMatch(/^bursar: \S/m);
    expect(err).not.toMatch(/\n\s+at /);
    expect(err).toContain(field);
  });

  it("is a problem object with --json", async () => {
    const { code, out, err } = await bursar(["report", "cost", "--grain", "fortnight", "--json"]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(JSON.parse(err)).toEqual({
      code: "input.unknown_value",
      message: "--grain: fortnight is unknown.",
      field: "--grain",
      hint: "Choose one of: day, week, month.",
    });
  });

  it("a data folder where none can be made is told as such, to root too", async () => {
    const { code, err } = await bursar(["tenant", "add", "acme"], "", { BURSAR_DATA: "/proc/bursar-data" });
    expect(code).toBe(2);
    expect(err).toMatch(/^bursar: data: \/proc\/bursar-data cannot be made/);
  });

  it("an export that may not be read is no ledger that does not verify", async () => {
    const program = `import { verifyFolder } from "${new URL("../../src/operations/verify-folder.ts", import.meta.url).href}";
      await verifyFolder(${JSON.stringify(join(folder.path, "forbidden"))}, {}).catch(({ code, exit }) => console.log(code, exit));`;
    await mkdir(join(folder.path, "forbidden"), { mode: 0o000 });
    await chmod(folder.path, 0o755);
    // Root may read anything, so that it asks as nobody.
    const other = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], { ...other, stdio: "pipe" });
    expect((await ended(child)).out.trim()).toBe("input.folder_forbidden 5");
  });

  it("a ledger with nothing signed is no alarm", async () => {
    const { code, err } = await bursar(["verify"], "", { BURSAR_DATA: join(folder.path, "bad-input") });
    expect(code).toBe(2);
    expect(err).toMatch(/^bursar: The ledger: nothing is signed yet\. Run bursar sync/);
  });

  it("writes nothing and makes no folder for a question", async () => {
    const empty = join(folder.path, "empty");
    await mkdir(empty);
    expect((await run(["status"], { cwd: empty })).code).toBe(0);
    expect((await run(["report", "cost"], { cwd: empty })).code).toBe(2);
    expect(await readdir(empty)).toEqual([]);
  });

  it.each([
    [["export", "cost_lines"]],
    [["ledger", "export", "ledger"]],
    [["probe"]],
    [["sync"]],
    [["backfill", "--all"]],
    [["disconnect"]],
    [["doctor"]],
    [["verify"]],
  ])("%s needs a record that is there, and makes none", async (args) => {
    const own = await temporaryFolder();
    const { code, out, err } = await run(args, { cwd: own.path });
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(/^bursar: No connection yet\. Run bursar connect/);
    expect(await readdir(own.path)).toEqual([]);
    await own.remove();
  });
});

describe("an odd surrounding", () => {
  const odd: readonly (readonly [what: string, env: Record<string, string>])[] = [
    ["no HOME", { HOME: "" }],
    ["LANG=C", { LANG: "C", LC_ALL: "C" }],
    ["20 columns", { COLUMNS: "20" }],
    ["80 columns", { COLUMNS: "80" }],
    ["no width at all", { COLUMNS: "wide" }],
    ["colours forced", { NO_COLOR: "", FORCE_COLOR: "1" }],
    ["a time zone far away", { TZ: "Pacific/Kiritimati" }],
  ];

  it.each(odd)("%s does not disturb help, status or lists", async (_, env) => {
    for (const args of [["--help"], ["report", "--help"], ["report"], ["export"], ["status"]]) {
      const { code, err } = await run(args, { cwd: folder.path, env });
      expect({ args, code, err }).toEqual({ args, code: 0, err: "" });
    }
  });

  it("keeps lists within 80 columns where their words allow", async () => {
    const { out } = await run(["status", "--help"], { cwd: folder.path, env: { COLUMNS: "80" } });
    expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it("a reader that goes away ends it quietly", async () => {
    const child = start(["report"], { cwd: folder.path });
    child.stdout.destroy();
    const { err } = await ended(child);
    expect(err).toBe("");
  });

  it("a closed stdin is an empty one", async () => {
    const child = spawn("sh", ["-c", `exec "$0" "$1" connect <&-`, process.execPath, PROGRAM], {
      cwd: folder.path,
      env: cleanEnv(),
      stdio: ["pipe", "pipe", "pipe"],
    });
    const { code, err } = await ended(child);
    expect(code).toBe(2);
    expect(err).toContain("stdin: holds no key");
  });

  it("runs through a link to it, as package managers make them", async () => {
    const link = join(folder.path, "bursar-link");
    await symlink(PROGRAM, link);
    const child = spawn(process.execPath, [link, "--version"], {
      cwd: folder.path,
      env: cleanEnv(),
      stdio: ["pipe", "pipe", "pipe"],
    });
    const { version } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8")) as {
      version: string;
    };
    expect(await ended(child)).toEqual({ code: 0, out: `${version}\n`, err: "" });
  });
});
