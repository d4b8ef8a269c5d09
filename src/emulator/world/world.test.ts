import { describe, expect, it } from "vitest";
import { createWorld } from "./index.ts";
import type { World, WorldOptions } from "./index.ts";
import { hashOf } from "./random.ts";

const OPTIONS: WorldOptions = { seed: 7, people: 40, days: 21, end: "2026-10-14", scale: 1 };
const world = createWorld(OPTIONS);

function daysOf({ options }: World): string[] {
  const last = Date.parse(options.end);
  return Array.from({ length: options.days }, (_, at) =>
    new Date(last - (options.days - 1 - at) * 86_400_000).toISOString().slice(0, 10),
  );
}

const recordsOf = (asked: World) => daysOf(asked).flatMap((day) => asked.claudeCode(day, asked.startsAt));

describe("an invented organization", () => {
  it("is the same for the same options", () => {
    const twin = createWorld(OPTIONS);
    expect(twin.truth()).toEqual(world.truth());
    expect(twin.directory).toEqual(world.directory);
    expect(recordsOf(twin)).toEqual(recordsOf(world));
  });

  it("is the same whatever was asked first", () => {
    const twin = createWorld(OPTIONS);
    const day = "2026-10-12";
    const range = {
      from: Date.parse(day),
      to: Date.parse("2026-10-13"),
      groupBy: ["model", "workspace_id"],
      filters: {},
    };
    const first = twin.messagesUsage({ ...range, width: "1h" }, twin.startsAt);
    world.truth();
    expect(first).toEqual(world.messagesUsage({ ...range, width: "1h" }, world.startsAt));
  });

  it("is another one for another seed", () => {
    const other = createWorld({ ...OPTIONS, seed: 8 });
    expect(other.truth().cost_report.usd).not.toBe(world.truth().cost_report.usd);
    expect(other.directory.organization.id).not.toBe(world.directory.organization.id);
  });

  it("lives a day alike when the history goes on after it", () => {
    const longer = createWorld({ ...OPTIONS, days: 28, end: "2026-10-21" });
    expect(longer.claudeCode("2026-10-08", longer.startsAt)).toEqual(world.claudeCode("2026-10-08", world.startsAt));
  });

  it.each([{ people: 0 }, { days: 0 }, { scale: 0 }, { seed: 0.5 }, { end: "2026-02-30" }, { end: "2024-12-31" }])(
    "refuses %j",
    (wrong) => {
      expect(() => createWorld({ ...OPTIONS, ...wrong })).toThrow(RangeError);
    },
  );
});

describe("its directory", () => {
  const { directory } = world;

  it("has ids in the API's form, each once", () => {
    const ids = [
      ...directory.users.map(({ id }) => id),
      ...directory.apiKeys.map(({ id }) => id),
      ...directory.workspaces.map(({ id }) => id),
      ...directory.invites.map(({ id }) => id),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^(user|apikey|wrkspc|invite)_01[1-9A-HJ-NP-Za-km-z]{22}$/);
    expect(directory.organization.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("holds keys in every status, without creator, with expiry, of a service account, two of one name", () => {
    const { apiKeys } = directory;
    expect(new Set(apiKeys.map(({ status }) => status))).toEqual(
      new Set(["active", "inactive", "archived", "expired"]),
    );
    expect(apiKeys.some((key) => key.created_by === null)).toBe(true);
    expect(apiKeys.some((key) => key.expires_at !== null && key.status === "active")).toBe(true);
    expect(apiKeys.some((key) => key.principal?.type === "service_account_actor")).toBe(true);
    expect(apiKeys.some((key) => key.scope.type === "organization" && key.workspace_id === null)).toBe(true);
    expect(apiKeys.filter(({ name }) => name === "ci-review-bot")).toHaveLength(2);
  });

  it("keeps people who left out of the users but on their keys", () => {
    const listed = new Set(directory.users.map(({ id }) => id));
    const creators = directory.apiKeys.flatMap(({ created_by }) =>
      created_by?.type === "user" ? [created_by.id] : [],
    );
    const known = new Set([...listed, ...directory.removedUsers.map(({ id }) => id)]);
    expect(directory.removedUsers.length).toBeGreaterThan(0);
    expect(directory.removedUsers.some(({ id }) => listed.has(id))).toBe(false);
    expect(creators.filter((id) => !known.has(id))).toEqual([]);
  });

  it("has a roster in which every address is one person's, among thousands too", () => {
    const lines = createWorld({ ...OPTIONS, seed: 1, people: 5000, days: 1 })
      .roster()
      .trim()
      .split("\n")
      .slice(1);
    const owners = new Map<string, string>();
    for (const addresses of lines.map((line) => line.split(",")[0]!)) {
      for (const address of addresses.split(";")) {
        expect(owners.get(address) ?? addresses).toBe(addresses);
        owners.set(address, addresses);
      }
    }
    expect(owners.size).toBeGreaterThan(4000);
  });

  it("has the default and the Claude Code workspace and an archived one", () => {
    const { workspaces } = directory;
    expect(workspaces.map(({ name }) => name)).toEqual(expect.arrayContaining(["Default", "Claude Code"]));
    expect(workspaces.filter(({ archived_at }) => archived_at !== null)).toHaveLength(1);
    expect(workspaces.some(({ id }) => id === directory.defaultWorkspaceId)).toBe(true);
    expect(directory.members.some(({ workspace_id }) => workspace_id === directory.defaultWorkspaceId)).toBe(false);
  });
});

describe("its activity", () => {
  const records = recordsOf(world);

  it("shows every kind of record", () => {
    expect(new Set(records.map(({ customer_type }) => customer_type))).toEqual(new Set(["api", "subscription"]));
    expect(records.some(({ is_remote }) => is_remote)).toBe(true);
    expect(records.some(({ actor }) => actor.type === "api_actor" && actor.api_key_name === "ci-review-bot")).toBe(
      true,
    );
    const names = records.flatMap(({ actor }) => (actor.type === "api_actor" ? [actor.api_key_name] : []));
    expect(names).toEqual(expect.arrayContaining(["deploy-bot", "release-bot"]));
    expect(world.directory.apiKeys.some(({ name }) => name === "deploy-bot")).toBe(false);
  });

  it("spells some addresses in two ways and has people without membership", () => {
    const spellings = new Set(
      records.flatMap(({ actor }) => (actor.type === "user_actor" ? [actor.email_address] : [])),
    );
    const people = new Set([...spellings].map((spelling) => spelling.toLowerCase()));
    expect(spellings.size).toBeGreaterThan(people.size);
    const members = new Set([...world.directory.users, ...world.directory.removedUsers].map(({ email }) => email));
    expect([...people].some((email) => !members.has(email))).toBe(true);
  });

  it("never has two records of one natural key in a day", () => {
    const keys = records.map(({ date, actor, customer_type, subscription_type, terminal_type, is_remote }) =>
      JSON.stringify([date, actor, customer_type, subscription_type, terminal_type, is_remote]),
    );
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("rests on one holiday entirely", () => {
    const query = {
      from: Date.parse("2026-09-24"),
      to: Date.parse("2026-10-15"),
      groupBy: [],
      filters: {},
      width: "1d" as const,
    };
    const empty = world.messagesUsage(query, world.startsAt).filter(({ results }) => results.length === 0);
    expect(empty).toHaveLength(1);
    expect(world.claudeCode((empty[0]?.starting_at ?? "").slice(0, 10), world.startsAt)).toEqual([]);
  });

  it("uses no model before its release", () => {
    const before = daysOf(world)
      .filter((day) => day < "2026-10-07")
      .flatMap((day) => world.claudeCode(day, world.startsAt));
    const used = (some: typeof records) =>
      new Set(some.flatMap(({ model_breakdown }) => model_breakdown.map(({ model }) => model)));
    expect(used(before)).not.toContain("claude-haiku-5-5");
    expect(used(records)).toContain("claude-haiku-5-5");
  });
});

it("has the size of a medium company with 200 people over 90 days", () => {
  const big = createWorld({ seed: 1, people: 200, days: 90, end: "2026-11-20", scale: 1 });
  const rows = daysOf(big).map((day) => big.claudeCode(day, big.startsAt).length);
  const pages = rows.reduce((sum, count) => sum + Math.max(1, Math.ceil(count / 1000)), 0);
  const { actor_days, model_rows } = big.truth().claude_code;
  process.stdout.write(
    `200 people, 90 days: ${actor_days} actor-days, ${model_rows} model rows, ${pages} pages of 1000\n`,
  );
  expect(pages).toBe(95);
  expect(actor_days).toBeGreaterThan(17_000);
  expect(actor_days).toBeLessThan(19_000);
  expect(model_rows).toBeGreaterThan(35_000);
  expect(model_rows).toBeLessThan(39_000);
});

it("hashes as it did when the first world was recorded", () => {
  expect([hashOf("a"), hashOf(1, "b"), hashOf()]).toEqual([2_876_607_796, 1_462_008_197, 577_073_072]);
});
