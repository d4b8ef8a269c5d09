import { Ajv2020 } from "ajv/dist/2020.js";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { ANNOTATIONS } from "../../src/mcp/annotations.ts";
import type { Tool, ToolEffect } from "../../src/mcp/define-tool.ts";
import { listedTool } from "../../src/mcp/listed-tool.ts";
import { tools } from "../../src/mcp/tools/index.ts";
import { textOf } from "../repository/files.ts";
import { startMcp, type TestMcp, type TestMcpClient } from "../support/mcp.ts";

/** Of all tools together, as a model reads them with every question. */
const MOST_TOKENS = 12_000;

/** The nineteen that existing prompts know. */
const FAMILIAR = [
  "get_usage",
  "get_cost_breakdown",
  "get_code_analytics",
  "get_org_info",
  "list_users",
  "update_user_role",
  "remove_user",
  "list_invites",
  "create_invite",
  "delete_invite",
  "list_workspaces",
  "get_workspace",
  "list_api_keys",
  "update_api_key",
  "create_workspace",
  "list_workspace_members",
  "add_workspace_member",
  "get_normalized_metrics",
  "get_capabilities",
].map((name) => `claude_code_${name}`);

const EFFECTS: Readonly<Record<ToolEffect, string>> = {
  read: "reads",
  order: "orders work of our own",
  change: "changes",
  destroy: "changes for good",
};

interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
}

const listed = tools.map((tool) => [tool.name, tool, listedTool(tool)] as const);

it("the tools are these, and models can read them all", async () => {
  const list = listed.map(([, , tool]) => tool);
  const tokens = encode(JSON.stringify({ tools: list })).length;
  expect(tokens).toBeLessThanOrEqual(MOST_TOKENS);
  const golden = { tokenizer: "o200k_base", tokens, tools: list };
  await expect(`${JSON.stringify(golden, null, 1)}\n`).toMatchFileSnapshot("../golden/mcp-tools.json");
});

it("the guide lists them all, with what each is for", () => {
  const [, table] = /<!-- tools: .* -->\n([^]*)<!-- end of tools -->/.exec(textOf("docs/guides/mcp.md")) ?? [];
  const rows = tools.map(
    ({ name, title, effect, permission }) => `| \`${name}\` | ${title} | ${EFFECTS[effect]} | \`${permission}\` |`,
  );
  expect(table).toBe(["| tool | | it | permission |", "| --- | --- | --- | --- |", ...rows, ""].join("\n"));
});

it("the tools that existing prompts know are all there, by name", () => {
  const names = tools.map(({ name }) => name);
  expect(FAMILIAR.filter((name) => !names.includes(name))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});

describe.each(listed)("%s", (name, tool, { title, description, inputSchema, outputSchema, annotations }) => {
  it("tells a model what it is and when to use it, in a few words", () => {
    expect(name).toMatch(/^[a-z][a-z_]{2,49}$/);
    expect(title.length).toBeGreaterThan(3);
    expect(title.length).toBeLessThan(50);
    expect(description.length).toBeGreaterThan(20);
    expect(description.length).toBeLessThan(400);
    expect(description.endsWith(".")).toBe(true);
  });

  it("takes what it names and nothing else, each of a kind", () => {
    for (const { additionalProperties: more } of objectsIn(inputSchema)) {
      // A map of names, as of tags, says of which kind its values are.
      expect(more === false || kindOf(more as Schema) !== undefined).toBe(true);
    }
    const loose = membersIn(inputSchema as Schema).filter(([, member]) => kindOf(member) === undefined);
    expect(loose.map(([member]) => member)).toEqual([]);
    // A secret is never asked of an assistant.
    expect(Object.keys((inputSchema as Schema).properties ?? {}).join(" ")).not.toMatch(
      /secret|password|token|api_key$/,
    );
  });

  it("has all four annotations, by what it does", () => {
    expect(annotations).toEqual(ANNOTATIONS[tool.effect]);
    expect(tool.effect === "read" || tool.effect === "order").toBe(tool.permission !== "manage");
  });

  it("has an output schema that an independent validator takes", () => {
    expect(() => new Ajv2020({ strict: false }).compile(outputSchema)).not.toThrow();
    if (tool.list !== undefined) expect((outputSchema as Schema).properties?.[tool.list]?.type).toBe("array");
  });
});

describe("an answer of each tool", () => {
  let mcp: TestMcp;
  let client: TestMcpClient;
  beforeAll(async () => {
    mcp = await startMcp();
    client = await mcp.connect();
  });
  afterAll(() => mcp.close());

  it.each(listed)("%s", async (name, tool, { outputSchema }) => {
    const { isError, text, data, result } = await client.call(name, argumentsOf(tool, mcp));
    expect(isError, text).toBe(false);
    const validate = new Ajv2020({ strict: false }).compile(outputSchema);
    expect(validate(data), JSON.stringify(validate.errors)).toBe(true);
    expect(Buffer.byteLength(JSON.stringify(data))).toBeLessThanOrEqual(40_000);
    expect(text.length).toBeGreaterThan(10);
    expect(text.length).toBeLessThanOrEqual(8_001);
    expect(JSON.stringify(result)).not.toMatch(/sk-ant-[a-z]+\d*-\w{6}/);
  });
});

/** What a tool cannot do without, from the organization itself; a change is asked for and not confirmed. */
function argumentsOf(tool: Tool, { emulator }: TestMcp): Record<string, unknown> {
  const { name } = tool;
  const { users, invites, apiKeys, members, workspaces, workspaceRateLimits, spendLimits } = emulator.world.directory;
  const open = workspaces.find(({ archived_at: at }) => at === null)!;
  const user = users.find(({ role }) => role !== "admin")!;
  const isIn = (id: string) => members.some((one) => one.user_id === id && one.workspace_id === open.id);
  const outside = users.find(({ id, role }) => !isIn(id) && role !== "admin")!;
  const member = members.find(({ workspace_id: id }) => id === open.id)!;
  const limit = workspaceRateLimits.find(({ models }) => models !== null);
  const values: Record<string, unknown> = {
    metric: "cost",
    search: "a",
    person: name.includes("offboard") ? user.id : users[0]!.email,
    user_id: name.endsWith("_workspace_member") ? (name.includes("add_") ? outside.id : member.user_id) : user.id,
    invite_id: invites.find(({ status }) => status === "pending")?.id ?? invites[0]!.id,
    workspace_id: name.includes("rate_limit") ? limit!.workspace_id : open.id,
    api_key_id: apiKeys.find(({ status }) => status === "active")!.id,
    role: name.includes("workspace") ? "workspace_user" : "developer",
    spend_limit_id: spendLimits.find(({ scope }) => scope.type !== "usage_tier")?.id,
    amount_usd: "12.50",
    email: "new@example.com",
    name: "A new workspace",
    rate_limit: limit?.models?.[0],
    limits: limit!.limits.slice(0, 1).map(({ type, value }) => ({ type, value: value - 1 })),
  };
  const extra = {
    claude_code_update_api_key: { status: "inactive" },
    claude_code_update_workspace: { name: "Other" },
    // Nobody ends it here.
    start_sync: { wait: false },
  };
  const needed = (listedTool(tool).inputSchema as Schema).required ?? [];
  return {
    ...Object.fromEntries(needed.map((member_) => [member_, values[member_]])),
    ...(extra as Record<string, object>)[name],
  };
}

function objectsIn(schema: Schema): Schema[] {
  const parts = [...Object.values(schema.properties ?? {}), ...(schema.items === undefined ? [] : [schema.items])];
  return [...(schema.type === "object" ? [schema] : []), ...parts.flatMap(objectsIn)];
}

function membersIn(schema: Schema): (readonly [string, Schema])[] {
  const own = Object.entries(schema.properties ?? {});
  return [...own, ...own.flatMap(([, member]) => membersIn(member))];
}

function kindOf(schema: Schema & { readonly anyOf?: unknown }): unknown {
  return schema.type ?? schema.enum ?? schema.anyOf;
}
