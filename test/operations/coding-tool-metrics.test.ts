import { afterAll, beforeAll, expect, it } from "vitest";

import { operatorCaller } from "../../src/access/index.ts";
import { parseDay, silentLog, startOfDay, type Privacy } from "../../src/domain/index.ts";
import { catalog, runOperation, type OperationContext } from "../../src/operations/index.ts";
import { streams } from "../../src/source/index.ts";
import { loadPeople } from "../../src/store/index.ts";
import { testRandom } from "../support/bursar.ts";
import { virtualClock } from "../support/clock.ts";
import { openTestStore, type TestStore } from "../support/metrics-store.ts";
import { keepWorkedExample } from "../support/worked-example.ts";

const RANGE = { from: "2026-11-02", to: "2026-11-06" };
const ROSTER = ["ann", "bob", "cy", "dee"];

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore("sqlite");
  await keepWorkedExample(test);
  const nobody = { team: null, costCentre: null, manager: null, startsOn: null, endsOn: null, inRoster: true };
  const people = ROSTER.map((name) => ({ ...nobody, personId: `p_${name}`, name, emails: [`${name}@x.io`] }));
  await test.store.write((tx) => loadPeople(tx, test.scope, people));
});
afterAll(() => test.close());

/** What the operation uses of a context: a record, who asks, and the day. */
function contextIn(privacy: Privacy): OperationContext {
  const { store, scope } = test;
  const clock = virtualClock(startOfDay(parseDay("2026-12-20")));
  const used = {
    scope: { ...scope, privacy },
    caller: operatorCaller("test"),
    store,
    streams,
    clock,
    random: testRandom,
  };
  return { ...used, log: silentLog } as unknown as OperationContext;
}

interface Asked {
  readonly population?: "all" | "humans";
  readonly from?: string;
  readonly to?: string;
}

const block = async (asked: Asked = {}, privacy: Privacy = { mode: "named" }) =>
  runOperation(contextIn(privacy), await catalog.codingToolMetrics(), { ...RANGE, ...asked });

it("gives the worked example's figures of everybody", async () => {
  expect(await block()).toMatchObject({
    tool_name: "claude_code",
    period: "2026-11-02/2026-11-06",
    population: "all",
    days_in_period: 5,
    days_covered: 5,
    sessions: 13,
    commits: 7,
    pull_requests: 4,
    lines_added: 430,
    lines_removed: 95,
    total_lines_accepted: 525,
    total_suggestions: 53,
    total_acceptances: 44,
    acceptance_rate_pct: 83.02,
    total_cost_usd: "10.00",
    cost_per_pr_usd: "2.50",
    cost_per_commit_usd: "1.428571428571",
    cost_per_session_usd: "0.769230769231",
    cost_per_1k_lines_usd: "23.255813953488",
    input_tokens: 8000,
    output_tokens: 14_000,
    cache_read_tokens: 190_000,
    cache_creation_tokens: 32_000,
    cache_hit_rate_pct: 82.61,
    unmapped: { actors: 1, cost_usd: "4.00", tokens: 134_000 },
  });
});

it("gives the worked example's figures of people, every ratio within them", async () => {
  expect(await block({ population: "humans" })).toMatchObject({
    sessions: 8,
    commits: 3,
    pull_requests: 2,
    lines_added: 230,
    lines_removed: 45,
    total_acceptances: 19,
    actions_rejected: 9,
    acceptance_rate_pct: 67.86,
    total_cost_usd: "6.00",
    cost_per_pr_usd: "3.00",
    cost_per_commit_usd: "2.00",
    cost_per_session_usd: "0.75",
    cost_per_1k_lines_usd: "26.086956521739",
  });
});

it.each(["all", "humans"] as const)(
  "counts people once and divides their own cost by them, of %s",
  async (population) => {
    const { by_user: users, ...told } = await block({ population });
    expect(told).toMatchObject({
      daily_active_users: 1,
      period_active_users: 3,
      active_person_days: 5,
      cost_per_user_usd: "2.00",
      adoption_rate_pct: 75,
      denominator_id: "roster",
      active_rule: "any",
    });
    // Ann worked at two terminals on one day, once with a capital letter.
    const ann = users?.find(({ user }) => user === "ann@x.io");
    expect(ann).toMatchObject({ active_days: 2, sessions: 4, cost_usd: "3.60" });
    expect(users?.map(({ user }) => user)).not.toContain("key: ci-bot");
  },
);

it("breaks down by editor, model and tool, to the same sums", async () => {
  const told = await block();
  const sum = (values: readonly (number | string | null)[]) =>
    values.reduce<number>((all, one) => all + Number(one), 0);
  expect(sum(Object.values(told.usage_by_editor ?? {}).map(({ sessions }) => sessions))).toBe(told.sessions);
  expect(told.usage_by_model).toMatchObject({
    "claude-opus-5-5": { cost_usd: "5.10" },
    "claude-sonnet-5-5": { cost_usd: "4.90" },
    "claude-haiku-5-5": { cost_usd: "0.00", input_tokens: 0 },
  });
  expect(sum(Object.values(told.actions_by_tool ?? {}).map(({ accepted }) => accepted))).toBe(told.actions_accepted);
  expect(sum((told.by_population ?? []).map(({ cost_usd: cost }) => cost))).toBe(Number(told.total_cost_usd));
});

it("gives a reason for every null, and lists those that the source lacks once each", async () => {
  const { metadata, ...fields } = await block();
  const nulls = Object.entries(fields).flatMap(([name, value]) => (value === null ? [name] : []));
  const reasons = nulls.map((name) => [name, metadata.field_notes[name]?.reason]);
  expect(reasons.filter(([, reason]) => reason === undefined)).toEqual([]);
  expect(metadata.unavailable_fields).toEqual([
    "total_seats",
    "active_seats",
    "inactive_seats",
    "seat_utilization_pct",
    "total_lines_suggested",
    "total_chat_interactions",
    "usage_by_language",
    "pull_requests_merged",
    "requests",
  ]);
  // Five days are no thirty.
  expect(metadata.field_notes["stickiness_dau_mau"]?.reason).toBe("not_collected_yet");
});

it("says that nothing was read, instead of 0, of days before the record", async () => {
  const told = await block({ from: "2026-10-01", to: "2026-10-03" });
  expect(told).toMatchObject({ days_covered: 0, sessions: null, total_cost_usd: null, daily_active_users: null });
  expect(told.metadata.field_notes["sessions"]?.reason).toBe("not_collected_yet");
  expect(told.metadata.unavailable_fields).not.toContain("sessions");
});

it("shows no single person to whoever may not see them", async () => {
  const told = await block({}, { mode: "teams", minimumGroup: 2 });
  expect(told.by_user).toBeNull();
  expect(told.metadata.field_notes["by_user"]?.reason).toBe("suppressed_for_privacy");
  expect(JSON.stringify(told)).not.toMatch(/@x\.io/i);
});
