import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startMcp, type TestMcp, type TestMcpClient } from "../support/mcp.ts";

let mcp: TestMcp;
let assistant: TestMcpClient;
beforeAll(async () => {
  mcp = await startMcp();
  assistant = await mcp.connect();
}, 60_000);
afterAll(() => mcp.close());

// Whatever a tool says: the client has checked its shape, the tests look at what is in it.
// oxlint-disable-next-line typescript/no-explicit-any
type Told = Readonly<Record<string, any>>;

/** What a tool answers; the client has checked it against the tool's output schema. */
async function asked(name: string, args: Readonly<Record<string, unknown>> = {}) {
  const { isError, text, data } = await assistant.call(name, args);
  if (isError) throw new Error(text);
  return { text, data: data as Told, notes: (data["notes"] ?? []) as readonly string[] };
}

async function refused(name: string, args: Readonly<Record<string, unknown>>): Promise<string> {
  const { isError, text } = await assistant.call(name, args);
  expect([name, isError]).toEqual([name, true]);
  return text;
}

describe("a past day", () => {
  const before = { asOf: "2026-10-01" };

  it("is one on which nothing was known, before the first sync", async () => {
    const { data, notes, text } = await asked("claude_code_list_users", before);
    expect(data).toMatchObject({ rows: [], readAt: null });
    expect(text).toContain("Nothing was known of users");
    expect(notes).toEqual(["As known on 2026-10-01; names, teams and owners are today's."]);
    expect((await asked("key_hygiene", before)).data["keys"]).toEqual([]);
    expect((await asked("list_insights", before)).data["range"]).toBeNull();
  });

  it.each([
    ["claude_code_list_users", { ...before, live: true }, /asOf: Anthropic tells only what is now/],
    ["list_insights", { asOf: "2027-01-01" }, /asOf: 2027-01-01 has not come yet/],
    ["list_insights", { asOf: "yesterday" }, /asOf: yesterday is not a day/],
    ["find_people", { search: "a", from: "2026-10-01" }, /Unrecognized key/],
    ["sync_status", before, /Unrecognized key/],
  ])("is refused by %s with %j", async (name, args, why) => {
    expect(await refused(name, args)).toMatch(why);
  });
});

// Last, because its clock goes on.
describe("as of the day on which the record was made", () => {
  it.each(["claude_code_list_api_keys", "claude_code_list_workspaces", "idle_people", "claude_code_get_usage"])(
    "%s says the same as without a day",
    async (name) => {
      mcp.clock.set(Date.now());
      const rows = ({ data }: { data: Told }) => data["keys"] ?? data["people"] ?? data["rows"];
      // Few enough for the cap: a note more may cost the last row.
      const few = { limit: 20 };
      const today = { ...few, asOf: new Date(mcp.clock.now()).toISOString().slice(0, 10) };
      const now = rows(await asked(name, few)) as unknown[];
      expect(now.length).toBeGreaterThan(0);
      expect(rows(await asked(name, today))).toEqual(now);
    },
  );
});
