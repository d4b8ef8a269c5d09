import { describe, expect, it } from "vitest";

import { held } from "../support/held.ts";
import { MCP_WORLD, startMcp, type TestMcp, type TestMcpClient } from "../support/mcp.ts";

const INVITE = "claude_code_create_invite";

const at = held<{ mcp: TestMcp; client: TestMcpClient }>(async (use) => {
  const mcp = await startMcp({ world: { ...MCP_WORLD, people: 6, days: 5 } });
  await use({ mcp, client: await mcp.connect() });
  await mcp.close();
});

const writes = () => at().mcp.emulator.requests.filter(({ method }) => method !== "GET").length;

/** The tool's own error, with what to do; and nothing was changed. */
async function refused(tool: string, args: Readonly<Record<string, unknown>>): Promise<string> {
  const sent = writes();
  const { isError, text } = await at().client.call(tool, args);
  expect([isError, text]).toEqual([true, text]);
  expect(text.length).toBeLessThan(2_000);
  expect(text).not.toMatch(/\n\s+at |node_modules|\.ts:\d/);
  expect(writes()).toBe(sent);
  expect(at().mcp.events.filter(({ level }) => level === "error")).toEqual([]);
  return text;
}

/** What refused calls leave in the ledger: that they were made, that somebody was looked for, why a change was refused. */
const LEFT = ["mcp.called", "people.looked_at", "change.execution_refused"];

describe("a range that is none", () => {
  const RANGES: readonly (readonly [from: string | undefined, to: string | undefined])[] = [
    ["2026-10-31", "2026-10-30"],
    ["1926-01-01", "2026-10-31"],
    ["0000-01-01", undefined],
    ["275760-09-13", undefined],
    ["9999-12-31", undefined],
    ["2026-02-30", undefined],
    ["2026-10-30T00:00:00", undefined],
    ["2026-10-30T00:00:00+14:00", undefined],
    ["2026-06-30T23:59:60Z", undefined],
    [undefined, "yesterday-ish"],
    ["", undefined],
  ];

  it.each(RANGES)("from %j to %j is refused by every tool that takes days", async (from, to) => {
    expect(await refused("query_metric", { metric: "cost", from, to })).toMatch(/from|to:/);
    expect(await refused("claude_code_get_usage", { start_date: from, end_date: to })).toMatch(/start_date|end_date/);
  });

  it.each<[tool: string, args: Readonly<Record<string, unknown>>, says: RegExp]>([
    ["query_metric", { metric: "cost", period: "the day before the flood" }, /period/],
    ["query_metric", { metric: "cost", period: "2026-10-31..2026-10-30" }, /after/],
    ["query_metric", { metric: "cost", grain: "hour" }, /grain/],
    ["query_metric", { metric: "cost", by: ["nothing"] }, /by/],
    ["query_metric", { metric: "cost", limit: 0 }, /limit/],
    ["query_metric", { metric: "cost", limit: -1 }, /limit/],
    ["query_metric", { metric: "cost", limit: 1e6 }, /limit/],
    ["query_metric", { metric: "cost", cursor: "-1" }, /cursor/],
    ["claude_code_list_users", { page: 0 }, /page/],
    ["claude_code_list_users", { page: -1 }, /page/],
    ["claude_code_list_users", { per_page: 1e9 }, /per_page/],
    ["idle_people", { days: "0" }, /days/],
    ["prove_record", { index: -1 }, /index/],
    ["prove_record", { index: 1e9 }, /index/],
    ["prove_record", { index: 2 ** 63 }, /index/],
    ["prove_record", { index: 0.5 }, /index/],
  ])("of %s %j is refused", async (tool, args, says) => {
    expect(await refused(tool, args)).toMatch(says);
  });
});

describe("an id that is none", () => {
  const IDS = ["' or 1=1--", "../../etc/passwd", "x".repeat(100_000), "p_000000000000", "a\u0000b", "a\ud800b", ""];
  const ASKED: readonly (readonly [tool: string, member: string])[] = [
    ["person_usage", "person"],
    ["claude_code_get_user", "user_id"],
    ["claude_code_get_workspace", "workspace_id"],
    ["claude_code_get_api_key", "api_key_id"],
    ["claude_code_get_invite", "invite_id"],
    ["claude_code_remove_user", "user_id"],
    ["claude_code_archive_workspace", "workspace_id"],
    ["claude_code_remove_spend_limit", "spend_limit_id"],
    ["claude_code_offboard_member", "person"],
  ];

  it.each(ASKED)("is refused by %s, and opens no other", async (tool, member) => {
    for (const id of IDS) await refused(tool, { [member]: id });
  });
});

it("leaves nothing but the record of the call", async () => {
  const events = (await at().mcp.audit()).map(({ event }) => String(event));
  const [begun] = events.flatMap((event, index) => (event === "mcp.called" ? [index] : []));
  expect(events.length - begun!).toBeGreaterThan(90);
  expect(events.slice(begun).filter((event) => !LEFT.includes(event))).toEqual([]);
});

describe("a confirmation", () => {
  const order = (email: string, confirmation?: unknown) => ({ email, role: "user", confirmation });
  const planned = async (email: string) => (await at().client.call(INVITE, order(email))).data["confirmation"];

  it.each([
    ["that is none", "confirm_x"],
    ["that is empty", ""],
    ["of a change that there is not", `confirm_${"0".repeat(16)}_${"A".repeat(43)}`],
    ["of another kind", true],
  ])("%s is refused", async (_, confirmation) => {
    await refused(INVITE, order("none@example.com", confirmation));
  });

  it("of other arguments, of another tool and of another caller is refused", async () => {
    const confirmation = await planned("one@example.com");
    await refused(INVITE, order("two@example.com", confirmation));
    await refused("claude_code_create_workspace", { name: "Other", confirmation });
    const other = await at().mcp.connect();
    const { isError } = await other.call(INVITE, order("one@example.com", confirmation));
    expect(isError).toBe(true);
  });

  it("counts once", async () => {
    const { mcp } = at();
    const asking = await mcp.connect({ approve: () => "accept" });
    const email = "once@example.com";
    const { confirmation } = (await asking.call(INVITE, order(email))).data;
    expect((await asking.call(INVITE, order(email, confirmation))).data["state"]).toBe("done");
    const sent = writes();
    const again = await asking.call(INVITE, order(email, confirmation));
    expect([again.isError, writes()]).toEqual([true, sent]);
  });
});
