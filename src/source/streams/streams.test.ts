import { describe, expect, it } from "vitest";

import { bucketText, tryDay, type Json, type JsonObject, type RowValue } from "../../domain/index.ts";
import { readJson } from "../json.ts";
import type { Known } from "../types.ts";
import { streams } from "./index.ts";

const known: Known = { organizationId: "org-1", ids: (name) => (name === "workspaces" ? ["wrkspc_1"] : []) };
const FROM = tryDay("2026-11-01")!;

/** What a stream makes of a body: keys, days, rows by table, what it told. */
function project(name: string, body: Json, requestIndex = 0) {
  const stream = streams.find((each) => each.name === name)!;
  const span = stream.shape.kind === "list" ? null : { from: FROM, to: FROM + 1 };
  const request = stream.requests({ stream: name, span }, known)[requestIndex]!;
  const odd: string[] = [];
  const problems: string[] = [];
  const whole = JSON.stringify(body);
  const parsed = readJson(Buffer.from(whole)) as JsonObject;
  const records = stream.records(parsed, request, (what) => odd.push(what));
  const rows: Record<string, Record<string, RowValue>[]> = {};
  for (const record of records) {
    const view = { organizationId: "org-1", ...record };
    for (const row of stream.rows(view, (path, what) => problems.push(`${path}: ${what}`))) {
      (rows[row.table.name] ??= []).push(row.values);
    }
  }
  expect(JSON.stringify(body)).toBe(whole);
  return { keys: records.map(({ key }) => key), days: records.map(({ day }) => day), records, rows, problems, odd };
}

const bucket = (...results: Json[]) => ({
  data: [{ starting_at: "2026-11-01T00:00:00Z", ending_at: "2026-11-02T00:00:00Z", results }],
  has_more: false,
  next_page: null,
});

const counts = {
  uncached_input_tokens: 1,
  cache_creation: { ephemeral_5m_input_tokens: 2, ephemeral_1h_input_tokens: 3 },
  cache_read_input_tokens: 4,
  output_tokens: 5,
  server_tool_use: { web_search_requests: 6 },
};

describe("the messages report", () => {
  const result = {
    ...counts,
    workspace_id: "w",
    api_key_id: null,
    model: "m",
    service_tier: "batch",
    inference_geo: "us",
  };

  it("keys a result by its bucket and every grouped value, null being one (F37)", () => {
    const { keys, rows, problems } = project("usage_by_key", bucket(result));
    expect(keys).toEqual([["org-1", "2026-11-01T00:00:00Z", "w", null, "m", "batch", "us"]]);
    expect(rows["usage_by_key"]).toEqual([
      {
        organization_id: "org-1",
        day: FROM,
        workspace_id: "w",
        api_key_id: null,
        model: "m",
        service_tier: "batch",
        inference_geo: "us",
        uncached_input_tokens: 1n,
        cache_creation_5m_input_tokens: 2n,
        cache_creation_1h_input_tokens: 3n,
        cache_read_input_tokens: 4n,
        output_tokens: 5n,
        web_search_requests: 6n,
      },
    ]);
    expect(problems).toEqual([]);
  });

  it("takes a member that older bodies lack for null, and an unknown member along (F38)", () => {
    const { keys, records, problems } = project("usage_by_key", bucket({ ...counts, model: "m", brand_new: [1] }));
    expect(keys[0]).toEqual(["org-1", "2026-11-01T00:00:00Z", null, null, "m", null, null]);
    expect(records[0]?.data["brand_new"]).toEqual([1]);
    expect(problems).toEqual([]);
  });

  it.each([
    ["2026-11-01T00:00:00Z", "2026-11-01T00:00:00Z", FROM],
    ["2026-11-01T00:00:00.000000+00:00", "2026-11-01T00:00:00Z", FROM],
    ["2026-11-01", "2026-11-01T00:00:00Z", FROM],
    ["2026-11-01T06:30:00Z", "2026-11-01T06:30:00Z", FROM],
    ["2019-12-27T18:11:19.117Z", "2019-12-27T18:11:19.117Z", tryDay("2019-12-27")],
    ["soon", "soon", null],
    [null, null, null],
  ])("reads a bucket that starts at %j", (start, inKey, day) => {
    const body = { data: [{ starting_at: start, results: [counts] }], has_more: false };
    const { keys, days } = project("usage_total", body);
    expect(keys).toEqual([["org-1", inKey]]);
    expect(days).toEqual([day]);
  });

  it.each([
    [{ ...counts, output_tokens: -5 }, -5n, "output_tokens: is negative"],
    [{ ...counts, output_tokens: "5" }, null, "output_tokens: a text where a whole number belongs"],
    [{ ...counts, output_tokens: 1.5 }, null, "output_tokens: a number where a whole number belongs"],
    [{ ...counts, output_tokens: null }, null, "output_tokens: is null"],
    [{ ...counts, output_tokens: 9.3e18 }, null, "output_tokens: a number where a whole number belongs"],
  ])("keeps a record whose count is odd, and tells (%#) (F36, F40)", (odd, output, told) => {
    const { rows, problems, records } = project("usage_total", bucket(odd));
    expect(rows["usage_total"]?.[0]).toMatchObject({ output_tokens: output, uncached_input_tokens: 1n });
    expect(problems).toEqual([told]);
    expect(Object.keys(records[0]!.data).toSorted()).toEqual(Object.keys(odd).toSorted());
  });

  it("keeps a count above 2^53 digit for digit (F34)", () => {
    const body = readJson(
      Buffer.from('{"data":[{"starting_at":"2026-11-01","results":[{"output_tokens":9007199254740993}]}]}'),
    );
    const stream = streams.find(({ name }) => name === "usage_total")!;
    const request = stream.requests({ stream: "usage_total", span: { from: FROM, to: FROM + 1 } }, known)[0]!;
    const [record] = stream.records(body as JsonObject, request, () => {});
    const [row] = stream.rows({ organizationId: "org-1", ...record! }, () => {});
    expect(row?.values["output_tokens"]).toBe(9007199254740993n);
  });

  it("does not let an unreadable dimension fall on the row of an unknown one", () => {
    const { rows, problems } = project("usage_by_key", bucket({ ...counts, model: 5 }, { ...counts, model: null }));
    expect(rows["usage_by_key"]?.map(({ model }) => model)).toEqual(["unreadable:5", null]);
    expect(problems).toEqual(["model: a number where a text belongs"]);
  });

  it("tells of a bucket without results, which would pass for a quiet day", () => {
    const { keys, odd } = project("usage_total", { data: [{ starting_at: "2026-11-01T00:00:00Z" }], has_more: false });
    expect(keys).toEqual([]);
    expect(odd).toEqual(["a bucket's results: nothing where a list belongs"]);
  });

  it("asks with an aligned start, an exclusive end and at most five dimensions", () => {
    const stream = streams.find(({ name }) => name === "usage_by_person")!;
    const [request] = stream.requests({ stream: "usage_by_person", span: { from: FROM, to: FROM + 31 } }, known);
    expect(request).toMatchObject({
      beta: "fast-mode-2026-02-01",
      query: [
        ["starting_at", "2026-11-01T00:00:00Z"],
        ["ending_at", "2026-12-02T00:00:00Z"],
        ["bucket_width", "1d"],
        ["group_by[]", "account_id"],
        ["group_by[]", "service_account_id"],
        ["group_by[]", "model"],
        ["group_by[]", "context_window"],
        ["group_by[]", "speed"],
        ["limit", "31"],
      ],
    });
  });
});

describe("the cost report", () => {
  const line = { amount: "256.840200", currency: "USD", description: "d", workspace_id: null, cost_type: "tokens" };

  it("reads cents as pico-dollars", () => {
    const { keys, rows, problems } = project("cost_report", bucket(line));
    expect(keys).toEqual([["org-1", "2026-11-01T00:00:00Z", null, "d"]]);
    expect(rows["cost_lines"]?.[0]).toMatchObject({ amount_pico: 2_568_402_000_000n, currency: "USD", model: null });
    expect(problems).toEqual([]);
  });

  it.each([
    ["amount", null, "amount: a text that is not a decimal amount"],
    ["", null, "amount: a text that is not a decimal amount"],
    [["1"], null, "amount: a list where an amount belongs"],
    [12.5, 125_000_000_000n, null],
    ["-3", -30_000_000_000n, null],
    ["0.00000000005", 0n, "amount: has digits below a pico-dollar; rounded half-even"],
    ["99999999999", null, "amount: an amount too large for a row"],
  ])("keeps the line whose amount is %j", (amount, picoUsd, told) => {
    const { rows, problems, records } = project("cost_report", bucket({ ...line, amount }));
    expect(rows["cost_lines"]?.[0]?.["amount_pico"]).toBe(picoUsd);
    expect(problems).toEqual(told === null ? [] : [told]);
    expect(records).toHaveLength(1);
  });
});

describe("the Claude Code report", () => {
  const model = (name: string, more: JsonObject = {}) => ({
    model: name,
    tokens: { input: 1, output: 2, cache_read: 3, cache_creation: 4 },
    estimated_cost: { amount: 111, currency: "USD" },
    ...more,
  });
  const activity: JsonObject = {
    date: "2026-11-01T00:00:00Z",
    organization_id: "other spelling of the organization",
    actor: { type: "user_actor", email_address: "Ada@Example.com" },
    customer_type: "api",
    terminal_type: "vscode",
    is_remote: false,
    core_metrics: {
      num_sessions: 4,
      lines_of_code: { added: 10, removed: 5 },
      commits_by_claude_code: 2,
      pull_requests_by_claude_code: 1,
    },
    tool_actions: { edit_tool: { accepted: 7, rejected: 1 }, write_tool: { accepted: 2, rejected: 0 } },
    model_breakdown: [model("a"), model("b")],
  };
  const page = (...data: Json[]) => ({ data, has_more: false, next_page: null });

  it("keys a record by everything that tells two of one person and day apart", () => {
    const { keys } = project("claude_code", page(activity, { ...activity, terminal_type: "iTerm.app" }));
    expect(keys).toEqual([
      ["org-1", "2026-11-01", "user_actor", "Ada@Example.com", "api", null, "vscode", false],
      ["org-1", "2026-11-01", "user_actor", "Ada@Example.com", "api", null, "iTerm.app", false],
    ]);
  });

  it("fans out into the activity, its models and its tools", () => {
    const { rows, problems } = project("claude_code", page(activity));
    expect(rows["claude_code_activity"]).toEqual([
      {
        organization_id: "org-1",
        day: FROM,
        actor_kind: "user_actor",
        actor: "user:Ada@Example.com",
        service_actor: null,
        customer_type: "api",
        subscription_type: null,
        terminal_type: "vscode",
        is_remote: "false",
        sessions: 4n,
        lines_added: 10n,
        lines_removed: 5n,
        commits: 2n,
        pull_requests: 1n,
        actions_accepted: 9n,
        actions_rejected: 1n,
        tokens: 20n,
      },
    ]);
    expect(rows["claude_code_models"]?.map(({ model, estimated_cost_pico }) => [model, estimated_cost_pico])).toEqual([
      ["a", 1_110_000_000_000n],
      ["b", 1_110_000_000_000n],
    ]);
    expect(rows["claude_code_tools"]?.map(({ tool, accepted }) => [tool, accepted])).toEqual([
      ["edit_tool", 7n],
      ["write_tool", 2n],
    ]);
    expect(problems).toEqual([]);
  });

  it.each([
    [{ type: "api_actor", api_key_name: "ci-bot" }, "key:ci-bot", []],
    [{ type: "robot_actor", robot_name: "r2" }, "robot_actor:r2", []],
    [{ type: "robot_actor", maker: "x", id: 1 }, 'robot_actor:{"id":1,"maker":"x"}', []],
    [{ type: "user_actor" }, "user_actor:{}", ["actor.email_address: no text"]],
    [null, "unreadable:null", ["actor: null where an object belongs"]],
  ])("keeps the actor %j apart from people (F39)", (actor, text, told) => {
    const { rows, problems } = project("claude_code", page({ ...activity, actor }));
    const [row] = rows["claude_code_activity"]!;
    expect(row?.["actor"]).toBe(text);
    expect(row?.["service_actor"]).toBe(row?.["actor_kind"] === "user_actor" ? null : text);
    expect(problems).toEqual(told);
  });

  it("leaves tokens unknown when there is no breakdown, and none when it is empty", () => {
    const { model_breakdown: _, ...without } = activity;
    expect(project("claude_code", page(without)).rows["claude_code_activity"]?.[0]?.["tokens"]).toBeNull();
    const empty = project("claude_code", page({ ...activity, model_breakdown: [] }));
    expect(empty.rows["claude_code_activity"]?.[0]?.["tokens"]).toBe(0n);
  });

  it("leaves a total unknown when one of its parts is", () => {
    const broken = model("b", { tokens: { input: 1, output: "many", cache_read: 3, cache_creation: 4 } });
    const { rows, problems } = project("claude_code", page({ ...activity, model_breakdown: [model("a"), broken] }));
    expect(rows["claude_code_activity"]?.[0]?.["tokens"]).toBeNull();
    expect(problems).toEqual(["model_breakdown.1.tokens.output: a text where a whole number belongs"]);
  });

  it("adds up a model that stands twice in one record, and tells", () => {
    const { rows, problems } = project("claude_code", page({ ...activity, model_breakdown: [model("a"), model("a")] }));
    expect(rows["claude_code_models"]).toHaveLength(1);
    expect(rows["claude_code_models"]?.[0]).toMatchObject({
      input_tokens: 2n,
      estimated_cost_pico: 2_220_000_000_000n,
    });
    expect(problems).toEqual(["model_breakdown.1.model: stands twice in one record; added up"]);
  });

  it("adds no two currencies", () => {
    const other = model("a", { estimated_cost: { amount: 5, currency: "EUR" } });
    const { rows } = project("claude_code", page({ ...activity, model_breakdown: [model("a"), other] }));
    expect(rows["claude_code_models"]?.[0]).toMatchObject({
      estimated_cost_pico: null,
      currency: null,
      input_tokens: 2n,
    });
  });

  it("asks for one day, without an end", () => {
    const stream = streams.find(({ name }) => name === "claude_code")!;
    const [request] = stream.requests({ stream: "claude_code", span: { from: FROM, to: FROM + 1 } }, known);
    expect(request?.query).toEqual([
      ["starting_at", "2026-11-01"],
      ["limit", "1000"],
    ]);
  });
});

describe("the analytics reports", () => {
  const group = {
    actor: { type: "user_actor", user_id: "user_1", email_address: "ada@example.com", name: "Ada", deleted: false },
    model: "m",
    product: "claude_code",
    workspace_id: "w",
    api_key_id: null,
  };
  const row = { starting_at: "2026-11-01T00:00:00Z", ending_at: "2026-11-02T00:00:00Z", group };

  it("reads today's rows", () => {
    const usage = { ...row, usage: { ...counts, total_tokens: 15, requests: 9 } };
    const { keys, rows, problems } = project("analytics_usage", { data: [usage], has_more: false });
    expect(keys).toEqual([["org-1", "2026-11-01T00:00:00Z", "user:user_1", null, "w", "m", "claude_code"]]);
    expect(rows["analytics_usage"]?.[0]).toMatchObject({
      actor: "user:user_1",
      actor_email: "ada@example.com",
      actor_type: "user_actor",
      total_tokens: 15n,
      requests: 9n,
      output_tokens: 5n,
    });
    expect(problems).toEqual([]);
  });

  it("reads the results in buckets of June 2026", () => {
    const body = {
      data: [
        {
          starting_at: "2026-06-01T00:00:00Z",
          ending_at: "2026-06-02T00:00:00Z",
          results: [{ ...counts, model: "m", product: "p", requests: 0, context_window: "0-200k" }],
        },
      ],
      has_more: true,
      next_page: "next_page",
      organization_id: "org_1",
    };
    const { keys, rows, problems } = project("analytics_usage", body);
    expect(keys).toEqual([["org-1", "2026-06-01T00:00:00Z", null, null, null, "m", "p"]]);
    expect(rows["analytics_usage"]?.[0]).toMatchObject({ requests: 0n, total_tokens: null, web_search_requests: 6n });
    expect(problems).toEqual([]);
  });

  it("reads both prices, in both shapes, and says which is no amount", () => {
    const cost = { amount: "361.6893", list_amount: "401.877", currency: "USD", requests: null };
    const today = project("analytics_cost", {
      data: [{ ...row, group: { ...group, cost_type: "tokens", token_type: "output_tokens" }, cost }],
      has_more: false,
    });
    expect(today.keys[0]?.slice(-2)).toEqual(["tokens", "output_tokens"]);
    expect(today.rows["analytics_cost"]?.[0]).toMatchObject({
      amount_pico: 3_616_893_000_000n,
      list_amount_pico: 4_018_770_000_000n,
    });
    const flat = { ...cost, amount: "amount", cost_type: "tokens" };
    const june = project("analytics_cost", {
      data: [{ starting_at: "2026-06-01T00:00:00Z", results: [flat] }],
      has_more: false,
    });
    expect(june.rows["analytics_cost"]?.[0]).toMatchObject({
      amount_pico: null,
      list_amount_pico: 4_018_770_000_000n,
      cost_type: "tokens",
    });
    expect(june.problems).toEqual(["amount: a text that is not a decimal amount"]);
  });

  it.each([
    [{ type: "service_account_actor", service_account_id: "svac_1" }, "svac:svac_1"],
    [{ type: "api_actor", api_key_id: "apikey_1" }, "key:apikey_1"],
    [
      { type: "federated_actor", subject: "repo:x", provider: { type: "oidc", issuer: "https://i" } },
      "federated:repo:x (oidc https://i)",
    ],
    [{ type: "federated_actor", subject: "repo:x" }, "federated:repo:x"],
    [{ type: "new_actor", id: 7 }, 'new_actor:{"id":7}'],
    [null, null],
  ])("names the actor %j by its identity", (actor, text) => {
    const { keys } = project("analytics_usage", {
      data: [{ ...row, group: { ...group, actor }, usage: counts }],
      has_more: false,
    });
    expect(keys[0]?.[2]).toBe(text);
  });

  it("keeps one key for a person whose name or e-mail changes", () => {
    const renamed = { ...group, actor: { ...group.actor, name: "Ada L.", email_address: null, deleted: true } };
    const keys = [group, renamed].map(
      (g) => project("analytics_usage", { data: [{ ...row, group: g, usage: counts }], has_more: false }).keys[0],
    );
    expect(keys[0]).toEqual(keys[1]);
  });

  it("tells how far the data are complete", () => {
    const { refreshedAt } = streams.find(({ name }) => name === "analytics_usage")!;
    expect(refreshedAt?.({ data_refreshed_at: bucketText(FROM) })).toBe(Date.parse("2026-11-01T00:00:00Z"));
    for (const odd of [null, "soon", 5]) expect(refreshedAt?.({ data_refreshed_at: odd })).toBeNull();
  });
});

describe("the directory", () => {
  const list = (...data: Json[]) => ({ data, has_more: false, first_id: null, last_id: null });

  it("reads an API key of either version, the scope's workspace first", () => {
    const key = { id: "apikey_1", name: "n", status: "active", created_at: "2026-01-01T00:00:00Z", workspace_id: null };
    const scoped = {
      ...key,
      scope: { type: "workspace", workspace_id: "w" },
      principal: { type: "user_actor", user_id: "u" },
    };
    const { rows, problems } = project(
      "api_keys",
      list({ ...key, workspace_id: "v", principal: { id: "u2", type: "user" } }, scoped),
    );
    expect(rows["api_keys"]?.map((row) => [row["workspace_id"], row["principal_id"]])).toEqual([
      ["v", "u2"],
      ["w", "u"],
    ]);
    expect(problems).toEqual([]);
  });

  it("makes no row of an object without an id, but keeps its record", () => {
    const { rows, records, problems } = project(
      "users",
      list({ email: "a@b.c", name: "", role: "user", added_at: "x" }),
    );
    expect(records).toHaveLength(1);
    expect(rows["users"]).toBeUndefined();
    expect(problems).toEqual(["id: is missing"]);
  });

  it("tells the default workspace by its name", () => {
    const { rows } = project(
      "workspaces",
      list({ id: "a", name: "Default", created_at: "x" }, { id: "b", name: "default", created_at: "x" }),
    );
    expect(rows["workspaces"]?.map((row) => row["is_default"])).toEqual(["true", "false"]);
  });

  it("splits a rate limit into one record a limiter", () => {
    const entry = {
      id: "rl_1",
      group: { id: "rlg_1", type: "batch" },
      limits: [
        { type: "rpm", value: 5 },
        { type: "tpm", value: null },
      ],
    };
    const { keys, rows, records } = project("rate_limits", { data: [entry], next_page: null });
    expect(keys).toEqual([
      ["org-1", null, "rlg_1", "rpm"],
      ["org-1", null, "rlg_1", "tpm"],
    ]);
    expect(records[0]?.data).toEqual({ ...entry, limits: [{ type: "rpm", value: 5 }] });
    expect(rows["rate_limits"]?.map((row) => [row["limiter"], row["value"], row["group_type"]])).toEqual([
      ["rpm", 5n, "batch"],
      ["tpm", null, "batch"],
    ]);
  });

  it("keeps the limits of a workspace apart, and groups of old entries by their models", () => {
    const entry = { group_type: "model_group", models: ["m2", "m1"], limits: [{ type: "rpm", value: 5 }] };
    const { keys } = project("rate_limits", { data: [entry], next_page: null }, 1);
    expect(keys).toEqual([["org-1", "wrkspc_1", "model_group:m1:m2", "rpm"]]);
  });

  it("reads members with the workspace they were asked for", () => {
    const { keys, rows } = project("workspace_members", list({ user_id: "u", workspace_role: "workspace_admin" }));
    expect(keys).toEqual([["org-1", "wrkspc_1", "u"]]);
    expect(rows["workspace_members"]?.[0]).toMatchObject({ workspace_id: "wrkspc_1", user_id: "u" });
  });
});
