import { readFileSync } from "node:fs";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createWorld } from "../../src/emulator/index.ts";
import { MCP_WORLD, startMcp, type TestMcp, type TestMcpClient } from "../support/mcp.ts";
import { adminQuestions, type ToolQuestion } from "../support/tool-questions.ts";

const NAMES = JSON.parse(
  readFileSync(new URL("../fixtures/hostile-names.json", import.meta.url), "utf8"),
) as readonly string[];
const WORLD = { ...MCP_WORLD, people: 30, days: 8 };

let mcp: TestMcp;
let client: TestMcpClient;
let before: readonly string[];

beforeAll(async () => {
  mcp = await startMcp({ world: { ...WORLD, names: NAMES } });
  client = await mcp.connect();
  before = await listed();
}, 60_000);
afterAll(() => mcp.close());

async function listed(): Promise<string[]> {
  return (await client.client.listTools()).tools.map((tool) => JSON.stringify(tool));
}

const WEEK = { from: "2026-10-25", to: "2026-10-31" };
const splits = ["person", "actor", "team", "terminal", "workspace", "api_key", "organization"];

/** Questions whose answers hold what somebody there named. */
const QUESTIONS: readonly ToolQuestion[] = [
  ...splits.map((id) => ["query_metric", { metric: "cost", by: [id], ...WEEK }] as const),
  ...splits.map((id) => ["query_metric", { metric: "tokens", by: [id], kind: undefined, ...WEEK }] as const),
  ["query_metric", { metric: "sessions", by: ["person", "terminal"], grain: "day", ...WEEK }],
  ["query_metric", { metric: "cost", by: ["api_key"], kind: "net", ...WEEK }],
  ["query_metric", { metric: "cost", where: ["team=Nobody"], ...WEEK }],
  ["query_metric", { metric: "cost", kind: "net", where: ["workspace=Nowhere"], ...WEEK }],
  ["compare_periods", { metric: "cost", by: ["person"], period: "2026-10-29..2026-10-31" }],
  ["explain_change", { period: "2026-10-29..2026-10-31", most: 50 }],
  ["explain_change", { metric: "tokens", by: ["api_key", "workspace"], period: "2026-10-29..2026-10-31" }],
  ["find_people", { search: "" }],
  ["key_hygiene", { flag: "no_owner", status: "any" }],
  ["key_hygiene", { flag: "never_used", status: "any" }],
  ["idle_people", { days: "14" }],
  ["list_insights", {}],
  ["sync_status", {}],
  ["prove_record", { stream: "users" }],
  ["prove_record", { stream: "api_keys" }],
  ["prove_record", { stream: "claude_code" }],
  ["my_usage", {}],
  ...adminQuestions(WEEK),
  ["claude_code_list_users", { live: true }],
  ["claude_code_list_api_keys", { live: true }],
  ["claude_code_get_code_analytics", { start_date: WEEK.to, group_by: ["person"], live: true }],
];

it("are two hundred, and the organization is the same but for them", () => {
  expect(new Set(NAMES).size).toBe(200);
  const own = createWorld(WORLD).truth();
  const { options, organization_name: name, ...figures } = mcp.emulator.world.truth();
  expect(options.names).toEqual(NAMES);
  expect(own).toMatchObject(figures);
  expect(NAMES).toContain(name);
  const { users, apiKeys } = mcp.emulator.world.directory;
  expect(users.length + apiKeys.length).toBeGreaterThan(180);
});

describe("a name from outside", () => {
  it.each(QUESTIONS)("is data in the answer of %s %j", async (tool, args) => {
    const { text, data, result } = await client.call(tool, args);
    expect(result.content[0]).toMatchObject({ type: "text" });
    // What cannot be seen, or turns the direction, is spelled out; lines are ours.
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/);
    expect(text).not.toMatch(/[<>`]/);
    expect(outsideOfQuotes(text)).toEqual([]);
    const sent = JSON.stringify(data);
    expect(Buffer.byteLength(sent)).toBeLessThanOrEqual(40_000);
    for (const string of strings(data)) {
      expect(string).not.toMatch(
        /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|[\u{e0000}-\u{e01ef}]/u,
      );
      expect(string.length).toBeLessThanOrEqual(1_000);
    }
  });

  it("is found under itself, escaped, and asked about like any other", async () => {
    const { people } = (await client.call("find_people", { search: "" })).data as {
      people: { personId: string | null; person: string }[];
    };
    expect(people.length).toBeGreaterThan(20);
    for (const { personId, person } of people) {
      const { isError, text } = await client.call("person_usage", { person: personId ?? person });
      expect([isError, outsideOfQuotes(text)]).toEqual([false, []]);
    }
  });

  it("is no name of a member of ours", async () => {
    const { data } = await client.call("query_metric", { metric: "tokens", by: ["terminal"], ...WEEK });
    expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
    expect(data["role"]).toBeUndefined();
  });
});

it("change no tool, ask for no other, and order nothing", async () => {
  expect(await listed()).toEqual(before);
  expect(mcp.emulator.requests.every(({ method }) => method === "GET")).toBe(true);
  expect(mcp.syncs.orders).toEqual([]);
  const called = (await mcp.audit()).flatMap(({ event, tool }) => (event === "mcp.called" ? [String(tool)] : []));
  const asked = new Set([...QUESTIONS.map(([tool]) => tool), "person_usage"]);
  expect(called.filter((tool) => !asked.has(tool))).toEqual([]);
});

/** Names of which a part stands in a text without quotation marks around it. */
function outsideOfQuotes(text: string): string[] {
  const ours = text.replaceAll(/"[^"\n]*"/g, '""');
  return NAMES.filter((name) => {
    const [part = ""] = /[A-Za-z][A-Za-z ,:/_.-]{11,30}/.exec(name) ?? [];
    return part.length > 11 && ours.includes(part);
  });
}

function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [name, ...strings(member)]);
}
