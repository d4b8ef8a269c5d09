import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, it } from "vitest";

import { npm } from "../../scripts/npm.mjs";
import { capture } from "../../scripts/process.ts";
import { openApiDocument } from "../../src/api/openapi/document.ts";
import { ROOT } from "../repository/files.ts";
import { testApi } from "../support/api.ts";
import { withSyncedBursar } from "../support/bursar.ts";

/** openapi-typescript needs an older TypeScript than ours, so it lives apart; below the root, to find openapi-fetch. */
const TOOLS = join(ROOT, ".tools", "generated-client");
const LISTS = ["package.json", "package-lock.json"];

const PROGRAM = `
import createClient from "openapi-fetch";
import type { paths } from "./schema.ts";

// Most answers can be had as CSV too; this client asks for JSON.
const client = createClient<paths, "application/json" | "application/problem+json">({
  baseUrl: process.argv[2] ?? "",
  headers: { authorization: \`Bearer \${process.env["BURSAR_TOKEN"]}\` },
});

const report = await client.GET("/api/v1/report", {
  params: { query: { metric: "cost", by: ["model"], where: ["customer_type=api"].slice(1), from: "2026-10-20", to: "2026-10-31" } },
});
if (report.error) throw new Error(report.error.code);
const total: string | number | null = report.data.total.value;
const models: unknown[] = report.data.rows.map((row) => row["model"]);

const wrong = await client.GET("/api/v1/report", { params: { query: { metric: "no such metric" } } });
const problem: string | undefined = wrong.error?.hint;

const started = await client.POST("/api/v1/backfill", { body: { from: "2026-10-01" } });
if (started.error) throw new Error(started.error.detail);
const run: string = started.data.run.id;

// @ts-expect-error: there is no such path
await client.GET("/api/v1/doctor").catch(() => {});
// @ts-expect-error: the metric is needed
await client.GET("/api/v1/report", { params: { query: {} } });

console.log(JSON.stringify({ total, models: models.length, status: wrong.response.status, problem, run }));
`;

const OPTIONS = {
  compilerOptions: {
    target: "es2023",
    module: "esnext",
    moduleResolution: "bundler",
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    verbatimModuleSyntax: true,
    skipLibCheck: true,
    types: ["node"],
  },
  files: ["program.ts"],
};

it("a client generated from the document type-checks and works against a real server", async () => {
  await installTools();
  const file = (name: string) => join(TOOLS, name);
  await writeFile(file("openapi.json"), JSON.stringify(await openApiDocument("0.0.0")));
  await writeFile(file("program.ts"), PROGRAM);
  await writeFile(file("tsconfig.json"), JSON.stringify(OPTIONS));
  const tool = (name: string) => join(TOOLS, "node_modules", name);
  const generated = await capture(process.execPath, [
    tool("openapi-typescript/bin/cli.js"),
    file("openapi.json"),
    "-o",
    file("schema.ts"),
  ]);
  expect(generated, generated.output).toMatchObject({ code: 0 });
  const checked = await capture(process.execPath, [tool("typescript/bin/tsc"), "-p", TOOLS]);
  expect(checked).toEqual({ code: 0, output: "" });

  await withSyncedBursar(async (bursar) => {
    const api = await testApi(bursar);
    const server = await api.listen();
    const token = await api.token();
    const ran = await capture(process.execPath, [file("program.ts"), server.url], { BURSAR_TOKEN: token });
    await server.close();
    expect(ran).toMatchObject({ code: 0 });
    const said = JSON.parse(ran.output.trim().split("\n").at(-1) ?? "") as Record<string, unknown>;
    expect(said).toMatchObject({ status: 422, run: "sync_1" });
    expect(Number(said["total"])).toBeGreaterThan(0);
    expect(Number(said["models"])).toBeGreaterThan(1);
    expect(said["problem"]).toMatch(/^\S.*\.$/);
    expect(api.syncs.orders).toEqual([{ tenant: "default", order: { what: "backfill", from: "2026-10-01" } }]);
  });
}, 240_000);

/** As the lock file says, once. */
async function installTools(): Promise<void> {
  const source = (name: string) => join(ROOT, "test", "generated-client", name);
  await mkdir(TOOLS, { recursive: true });
  const isThere = existsSync(join(TOOLS, "node_modules", ".package-lock.json"));
  const [kept, wanted] = await Promise.all([
    readFile(join(TOOLS, "package-lock.json"), "utf8").catch(() => ""),
    readFile(source("package-lock.json"), "utf8"),
  ]);
  if (isThere && kept === wanted) return;
  for (const name of LISTS) await copyFile(source(name), join(TOOLS, name));
  const { code, output } = await npm(["ci", "--include=dev", "--ignore-scripts", "--prefix", TOOLS]);
  expect(output).toBe(code === 0 ? output : "npm ci to succeed");
}
