import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { testApi, type TestApi } from "../support/api.ts";
import { withBursar } from "../support/bursar.ts";

const PAGE = "<!doctype html><title>Bursar</title>";
const SCRIPT = "console.log(1);".repeat(100);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bursar-pages-"));
  await mkdir(join(folder, "web", "assets"), { recursive: true });
  await writeFile(join(folder, "secret.txt"), "secret");
  await writeFile(join(folder, "web", "index.html"), PAGE);
  await writeFile(join(folder, "web", "assets", "app-1a2b.js"), SCRIPT);
  await writeFile(join(folder, "web", "assets", "app-1a2b.js.br"), brotliCompressSync(SCRIPT));
  await writeFile(join(folder, "web", "assets", "app-1a2b.js.gz"), gzipSync(SCRIPT));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const withPages = (use: (api: TestApi) => Promise<void>) =>
  withBursar({}, async (bursar) => use(await testApi({ ...bursar, parts: { pages: join(folder, "web") } })));
const HTML = { accept: "text/html,*/*;q=0.8" };

describe("the dashboard's files", () => {
  it.each(["/", "/overview", "/people/p_1", "/sign-in"])("stand at %s as the one page, which is never kept", (path) =>
    withPages(async ({ get }) => {
      const answer = await get(path, null, HTML);
      expect([answer.status, await answer.text()]).toEqual([200, PAGE]);
      expect(answer.headers.get("cache-control")).toBe("no-store");
      expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    }),
  );

  it("with a hash in their name are kept for ever, packed as the browser can read them", () =>
    withPages(async ({ get }) => {
      const path = "/assets/app-1a2b.js";
      const answer = await get(path, null, { "accept-encoding": "gzip, deflate, br" });
      expect(answer.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
      expect(answer.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
      expect(answer.headers.get("content-encoding")).toBe("br");
      expect(answer.headers.get("vary")).toBe("accept-encoding");
      expect(brotliDecompressSync(await answer.arrayBuffer()).toString()).toBe(SCRIPT);
      const gzip = await get(path, null, { "accept-encoding": "gzip" });
      expect(gunzipSync(await gzip.arrayBuffer()).toString()).toBe(SCRIPT);
      const plain = await get(path, null);
      expect([plain.headers.get("content-encoding"), await plain.text()]).toEqual([null, SCRIPT]);
    }));

  it.each([
    "/assets/none.js",
    "/assets/app-1a2b.js.br",
    "/secret.txt",
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/assets/..%2f..%2fsecret.txt",
    "/api/nothing",
    "/auth/nothing",
    "/oauth/nothing",
    "/.well-known/nothing",
    "/favicon.ico",
  ])("do not include %s", (path) =>
    withPages(async ({ get }) => {
      const answer = await get(path, null, HTML);
      expect(answer.status).toBe(404);
      expect(await answer.text()).not.toContain("secret");
    }),
  );

  it("are not what a program gets that asks for something else", () =>
    withPages(async ({ get }) => {
      expect((await get("/overview", null, { accept: "application/json" })).status).toBe(404);
    }));
});
