import { describe, expect, it } from "vitest";

import { DAY_MS, isJsonObject, tryDay, type Table } from "../../domain/index.ts";
import type { Known, RecordView, Window } from "../types.ts";
import { streams } from "./index.ts";

const known: Known = { organizationId: "org-1", ids: (name) => (name === "workspaces" ? ["wrkspc_1", "a/../b"] : []) };
const today = tryDay("2026-11-21")!;

const windowOf = (stream: (typeof streams)[number]): Window => ({
  stream: stream.name,
  span: stream.shape.kind === "list" ? null : { from: today - stream.shape.longest, to: today },
});

/** The tables and their keys, spelt out: store, sync and metrics rely on exactly these. */
const TABLES: Readonly<Record<string, string>> = {
  organizations: "id",
  users: "id",
  invites: "id",
  workspaces: "id",
  workspace_members: "workspace_id user_id",
  api_keys: "id",
  rate_limits: "workspace_id group_id limiter",
  claude_code_activity: "day actor_kind actor customer_type subscription_type terminal_type is_remote",
  claude_code_models: "day actor_kind actor customer_type subscription_type terminal_type is_remote model",
  claude_code_tools: "day actor_kind actor customer_type subscription_type terminal_type is_remote tool",
  usage_total: "day",
  usage_by_key: "day workspace_id api_key_id model service_tier inference_geo",
  usage_by_person: "day account_id service_account_id model context_window speed",
  cost_lines: "day workspace_id description",
  analytics_usage: "day actor api_key_id workspace_id model product",
  analytics_cost: "day actor api_key_id workspace_id model product cost_type token_type",
};

const DISTRIBUTED_BY: Readonly<Record<string, string>> = {
  usage_by_key: "api_key_id",
  usage_by_person: "account_id",
  usage_total: "tenant_id",
  cost_lines: "tenant_id",
  claude_code_activity: "actor",
  claude_code_models: "actor",
  claude_code_tools: "actor",
  analytics_usage: "actor",
  analytics_cost: "actor",
};

describe("the catalog of streams", () => {
  it("holds every stream once, lists before reports, and a list after those it asks about", () => {
    expect(streams.map(({ name }) => name)).toEqual([
      "organization",
      "users",
      "invites",
      "workspaces",
      "workspace_members",
      "api_keys",
      "rate_limits",
      "claude_code",
      "usage_total",
      "usage_by_key",
      "usage_by_person",
      "cost_report",
      "analytics_usage",
      "analytics_cost",
    ]);
    for (const [index, { shape }] of streams.entries()) {
      const before = streams.slice(0, index).map(({ name }) => name);
      for (const name of shape.kind === "list" ? shape.after : []) expect(before).toContain(name);
    }
  });

  it("fills exactly the agreed tables, each with its key and its place", () => {
    const tables = streams.flatMap(({ tables }) => tables);
    expect(Object.fromEntries(tables.map(({ name, key }) => [name, key.join(" ")]))).toEqual(
      Object.fromEntries(Object.entries(TABLES).map(([name, key]) => [name, `organization_id ${key}`])),
    );
    for (const { name, distribute } of tables) expect(distribute, name).toBe(DISTRIBUTED_BY[name] ?? "reference");
  });

  it("names no roll-up twice, and sums measures only", () => {
    const rollups = streams.flatMap(({ tables }) =>
      tables.flatMap((table) => table.rollups.map((r) => ({ table, r }))),
    );
    expect(new Set(rollups.map(({ r }) => r.name)).size).toBe(rollups.length);
    for (const { table, r } of rollups) {
      expect(r.by.slice(0, 2)).toEqual(["organization_id", "day"]);
      for (const sum of r.sums) expect(["count", "pico"], `${r.name}.${sum}`).toContain(table.columns[sum]?.kind);
    }
  });

  it.each(streams.map((stream) => [stream.name, stream] as const))("asks for %s as documented", (_, stream) => {
    expect(stream.docs).toMatch(/^https:\/\/platform\.claude\.com\/docs\//);
    expect(stream.title).not.toBe("");
    const requests = stream.requests(windowOf(stream), known);
    expect(requests.length).toBeGreaterThan(0);
    const pattern = stream.endpoint.replace("GET ", "").replace("{workspace_id}", "wrkspc_1");
    expect(requests.map(({ path }) => path)).toContain(pattern);
    for (const { path, query } of requests) {
      expect(path).toMatch(/^\/v1\/organizations\/[A-Za-z0-9_%./-]+$/);
      expect(path).not.toContain("/../");
      const groups = query.filter(([name, value]) => name === "group_by[]" && !/^(cost|token)_type$/.test(value));
      // Upstream refuses a sixth dimension.
      expect(groups.length).toBeLessThanOrEqual(5);
    }
  });

  it.each(streams.map((stream) => [stream.name, stream] as const))(
    "describes %s so that it can be planned",
    (_, stream) => {
      if (stream.shape.kind === "list") return;
      const { longest, earliest, provisionalDays, rereads } = stream.shape;
      expect(longest).toBeGreaterThanOrEqual(1);
      expect(earliest(today)).toBeLessThan(today);
      expect(provisionalDays).toBe(stream.name.startsWith("analytics") ? 30 : 3);
      expect(Math.max(...rereads.map(({ days }) => days))).toBe(provisionalDays);
    },
  );

  it("asks analytics for no instant that is more than 365 days ago", () => {
    for (const { shape, name } of streams) {
      if (shape.kind === "list" || !name.startsWith("analytics")) continue;
      const lastMomentOfToday = (today + 1) * DAY_MS - 1;
      const future = today + 400;
      expect(shape.earliest(today)).toBe(tryDay("2026-01-01"));
      expect((future + 1) * DAY_MS - 1 - shape.earliest(future) * DAY_MS).toBeLessThanOrEqual(365 * DAY_MS);
      expect(lastMomentOfToday).toBeGreaterThan(shape.earliest(today) * DAY_MS);
    }
  });

  it.each(streams.map((stream) => [stream.name, stream] as const))(
    "survives any odd record of %s: rows have every column, and nothing is thrown",
    (_, stream) => {
      const oddities = [null, 5, "text", true, [], {}, [null], { $n: "1.5" }];
      const samples = oddities.flatMap((odd) => MEMBERS.map((member) => ({ id: "x", [member]: odd })));
      for (const data of [{}, ...samples]) {
        const record: RecordView = { organizationId: "org-1", day: today, key: ["org-1", null, "g", "l"], data };
        const told: string[] = [];
        for (const { table, values } of stream.rows(record, (path, what) => told.push(`${path} ${what}`))) {
          expect(Object.keys(values).sort(), JSON.stringify(data)).toEqual(Object.keys(table.columns).sort());
          expectKinds(table, values);
        }
        for (const line of told) expect(line).not.toContain("undefined");
      }
      expect(() =>
        stream.records({ data: [null, 5, "x", [], {}] }, stream.requests(windowOf(stream), known)[0]!, () => {}),
      ).not.toThrow();
    },
  );
});

const MEMBERS = [
  "actor",
  "date",
  "core_metrics",
  "model_breakdown",
  "tool_actions",
  "is_remote",
  "model",
  "group",
  "usage",
  "cost",
  "amount",
  "cache_creation",
  "limits",
  "created_by",
  "scope",
  "principal",
  "workspace_id",
  "user_id",
  "name",
];

function expectKinds(table: Table, values: Readonly<Record<string, unknown>>): void {
  for (const [name, column] of Object.entries(table.columns)) {
    const value = values[name];
    expect(isJsonObject(value) || Array.isArray(value) || value === undefined, `${table.name}.${name}`).toBe(false);
    if (column.kind === "text" && table.key.includes(name)) expect(typeof value).toBe("string");
    if (column.kind === "dim" || column.kind === "text") expect(["string", "object"]).toContain(typeof value);
    if (column.kind === "pico") expect(["bigint", "object"]).toContain(typeof value);
  }
}
