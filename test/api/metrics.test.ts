import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { capture } from "../../scripts/process.ts";
import { GAUGES } from "../../src/api/prometheus/gauges.ts";
import { ROOT } from "../repository/files.ts";
import { testApi } from "../support/api.ts";
import { withBursar, withSyncedBursar } from "../support/bursar.ts";

async function scrape(): Promise<string> {
  let text = "";
  await withSyncedBursar(async (bursar) => {
    // The day behind the last one that was invented.
    bursar.clock.set(Date.parse("2026-11-01T06:00:00Z"));
    const api = await testApi(bursar);
    const answer = await api.get("/metrics", await api.token(["read"]));
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
    text = await answer.text();
  });
  return text;
}

const text = await scrape();
const names = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));

describe("the metrics", () => {
  it("are accepted by promtool", async () => {
    const promtool = await findPromtool();
    const { code, output } = await checkMetrics(promtool, text);
    expect(output).toBe("");
    expect(code).toBe(0);
  });

  it("hold every gauge that is described, with a help", () => {
    for (const [name, [help]] of Object.entries(GAUGES)) expect(text).toContain(`# HELP ${name} ${help}`);
  });

  it("tell spend, activity, syncs and freshness", () => {
    expect(text).toMatch(/^bursar_spend_usd\{tenant="default",kind="estimated",period="30d"\} [1-9]/m);
    expect(text).toMatch(/^bursar_active_people\{tenant="default",period="30d"\} [1-9]/m);
    expect(text).toMatch(/^bursar_sync_last_run_success\{tenant="default",outcome="complete"\} 1$/m);
    expect(text).toMatch(
      /^bursar_stream_freshness_seconds\{tenant="default",connection="main",stream="usage_total"\} \d/m,
    );
    expect(text).toMatch(/^process_resident_memory_bytes \d/m);
  });

  it("say the same as a report", () =>
    withSyncedBursar(async (bursar) => {
      bursar.clock.set(Date.parse("2026-11-01T06:00:00Z"));
      const api = await testApi(bursar);
      const token = await api.token();
      const report = await api.get("/api/v1/report?metric=cost&from=2026-10-31&to=2026-10-31", token);
      const { total } = (await report.json()) as { total: { value: string } };
      const metrics = await (await api.get("/metrics", token)).text();
      const line = /^bursar_spend_usd\{tenant="default",kind="estimated",period="yesterday"\} (\S+)$/m.exec(metrics);
      expect(Number(line?.[1])).toBe(Number(total.value));
    }));

  it("are for those who may read, and for this machine alone when it is set so", () =>
    withBursar({}, async (bursar) => {
      const strict = await testApi(bursar);
      expect((await strict.get("/metrics", await strict.token(["own"]))).status).toBe(403);
      expect((await strict.get("/metrics", null)).status).toBe(403);
      const open = await testApi({ ...bursar, settings: { metrics: "loopback" } });
      expect((await open.get("/metrics", null)).status).toBe(200);
      const elsewhere = { incoming: { socket: { remoteAddress: "203.0.113.9" } } };
      const headers = { host: "127.0.0.1", "x-forwarded-for": "127.0.0.1" };
      expect((await open.app.request("/metrics", { headers }, elsewhere as never)).status).toBe(403);
    }));
});

describe("the Grafana dashboard", () => {
  it("asks for metrics that there are", async () => {
    const dashboard = JSON.parse(await readFile(join(ROOT, "examples/grafana-dashboard.json"), "utf8")) as unknown;
    const asked = [...JSON.stringify(dashboard).matchAll(/\b(?:bursar|process|nodejs)_[a-z0-9_]+/g)].map(
      ([name]) => name,
    );
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter((name) => !names.has(name))).toEqual([]);
  });
});

/** Debian's, installed when there is none and this user may. */
async function findPromtool(): Promise<string> {
  const works = async () => (await capture("promtool", ["--version"])).code === 0;
  if (await works()) return "promtool";
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await capture("apt-get", ["update", "-qq"], env);
  await capture("apt-get", ["install", "-qq", "-y", "--no-install-recommends", "prometheus"], env);
  if (await works()) return "promtool";
  throw new Error("There is no promtool, and none could be installed. Debian and Ubuntu: apt-get install prometheus");
}

function checkMetrics(promtool: string, input: string): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = execFile(promtool, ["check", "metrics"], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : 1, output: `${stdout}${stderr}` }),
    );
    child.stdin?.end(input);
  });
}
