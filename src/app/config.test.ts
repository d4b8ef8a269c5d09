import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { readSettings } from "./config.ts";

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "bursar-config-"));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const settings = (env: Record<string, string> = {}, flags: Record<string, string> = {}) =>
  readSettings({ flags, env, cwd });
const file = (value: unknown) =>
  writeFile(join(cwd, "bursar.config.json"), typeof value === "string" ? value : JSON.stringify(value));

describe("settings", () => {
  it("have defaults that work without any", () => {
    expect(settings()).toEqual({
      data: join(cwd, "bursar-data"),
      databaseUrl: null,
      kekFile: null,
      upstream: { url: "https://api.anthropic.com", isChosen: false },
      listen: { host: "127.0.0.1", port: 7878 },
      log: "warn",
      publicUrl: null,
      trustedProxies: [],
      metrics: "token",
      allowWrites: false,
      rateLimit: null,
      oidc: null,
      oauth: { kind: "built-in", documents: true, registration: true },
      outside: { privateHosts: [], copyFolder: null, sendmail: "/usr/sbin/sendmail" },
    });
  });

  it("come from flags before the environment before the file", async () => {
    await file({ data: "from-file", listen: "127.0.0.1:1", kekFile: "kek" });
    expect(settings().data).toBe(join(cwd, "from-file"));
    expect(settings({ BURSAR_DATA: "from-env" }).data).toBe(join(cwd, "from-env"));
    expect(settings({ BURSAR_DATA: "from-env" }, { data: "from-flag" }).data).toBe(join(cwd, "from-flag"));
    expect(settings({ BURSAR_LISTEN: "localhost:2" })).toMatchObject({
      listen: { port: 2 },
      kekFile: join(cwd, "kek"),
    });
  });

  it("allow writing when told so in so many words", () => {
    expect(settings({ BURSAR_ALLOW_WRITES: "1" }).allowWrites).toBe(true);
    expect(settings({ BURSAR_ALLOW_WRITES: "0" }).allowWrites).toBe(false);
  });

  it("take an empty variable for none", () => {
    expect(settings({ BURSAR_DATA: "", BURSAR_UPSTREAM: "" })).toEqual(settings());
  });

  it("say whether the upstream was chosen", () => {
    expect(settings({ BURSAR_UPSTREAM: "http://127.0.0.1:9/" }).upstream).toEqual({
      url: "http://127.0.0.1:9",
      isChosen: true,
    });
  });

  it("of the demo come from flags alone, but for where to listen and how much to log", () => {
    const env = {
      BURSAR_DATA: "real",
      BURSAR_DATABASE_URL: "postgres://real",
      BURSAR_LISTEN: "127.0.0.1:5",
      BURSAR_LOG: "info",
    };
    const isolated = readSettings({ flags: { data: "demo" }, env, cwd, isolated: true });
    expect(isolated).toMatchObject({ data: join(cwd, "demo"), databaseUrl: null, listen: { port: 5 }, log: "info" });
  });

  it.each<[what: string, env: Record<string, string>, message: string]>([
    ["a port that is none", { BURSAR_LISTEN: "127.0.0.1:70000" }, "BURSAR_LISTEN: is no HOST:PORT"],
    ["a level that is none", { BURSAR_LOG: "loud" }, "BURSAR_LOG: is none of"],
    ["an upstream that is no address", { BURSAR_UPSTREAM: "api" }, "BURSAR_UPSTREAM: is no address"],
    ["writing half allowed", { BURSAR_ALLOW_WRITES: "yes" }, "BURSAR_ALLOW_WRITES: is neither 1 nor 0"],
    ["white space for a folder", { BURSAR_DATA: "  " }, "BURSAR_DATA: is empty"],
  ])("refuse %s by the name of the variable", (_, env, message) => {
    expect(() => settings(env)).toThrow(message);
  });

  it("never repeat a database address, which may hold a password", () => {
    expect(() => settings({ BURSAR_DATABASE_URL: "mysql://bursar:s3cret@db" })).toThrow(
      /^BURSAR_DATABASE_URL: is no postgres:\/\/ address\.$/,
    );
  });

  it.each<[what: string, value: unknown, message: string]>([
    ["no JSON", "{", "bursar.config.json: is not JSON"],
    ["a list", [], "bursar.config.json: is no JSON object"],
    ["an unknown member", { dta: "x" }, "bursar.config.json: dta: is unknown"],
    ["a number for a text", { data: 1 }, "bursar.config.json: data: should be a text"],
    ["a wrong value", { listen: "x:y" }, "bursar.config.json: listen: is no HOST:PORT"],
  ])("refuse a file with %s, naming the place", async (_, value, message) => {
    await file(value);
    expect(() => settings()).toThrow(message);
  });
});
