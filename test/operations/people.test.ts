import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { operatorCaller, ROLE_PERMISSIONS, type Permission } from "../../src/access/index.ts";
import type { Privacy } from "../../src/domain/index.ts";
import { catalog, runOperation, type Operation, type OperationContext } from "../../src/operations/index.ts";
import { streams } from "../../src/source/index.ts";
import { engines, keepRecords, openTestStore, ORGANIZATION, type TestStore } from "../support/metrics-store.ts";
import { keepWorkedExample } from "../support/worked-example.ts";

const RANGE = { from: "2026-11-02", to: "2026-11-06" };
const ROSTER = `email,name,team,cost_centre,manager,starts_on,ends_on,team_from
ann@x.io;ann.old@x.io,Ann,Core,4711,dee@x.io,,,
bob@x.io,Bob,Core,,,,,
bob@x.io,Bob,Web,,,,,2026-11-04
dee@x.io,Dee,Web,,,,,
`;

describe.each(engines)("people, in %s", (engine) => {
  let test: TestStore;
  let context: OperationContext;
  const audited: string[] = [];

  beforeAll(async () => {
    test = await openTestStore(engine);
    await keepWorkedExample(test);
    await keepLists(test);
    let made = 0;
    // The parts that these operations use; an audit leaf would need a signer, and is tried elsewhere.
    context = {
      store: test.store,
      scope: test.scope,
      caller: operatorCaller("test"),
      streams,
      clock: { now: () => Date.parse("2026-11-20T12:00:00Z") },
      random: { bytes: (length: number) => Buffer.alloc(length, ++made) },
    } as unknown as OperationContext;
    const { run } = await catalog.loadPeople();
    audited.push(JSON.stringify(await run(context, { csv: ROSTER })));
  });
  afterAll(() => test.close());

  const as = (permissions: readonly Permission[], privacy: Privacy, personId: string | null = null) => ({
    ...context,
    scope: { ...context.scope, privacy },
    caller: { ...context.caller, kind: "account" as const, permissions: new Set(permissions), personId },
  });
  const viewer = (personId: string | null = null) =>
    as(ROLE_PERMISSIONS.viewer, { mode: "teams", minimumGroup: 5 }, personId);

  it("lists everybody with what they did, those who did nothing too", async () => {
    const { rows, counts, total } = await runOperation(context, await catalog.listPeopleUsage(), RANGE);
    expect(counts).toEqual({ humans: 4, service: 0, unmapped: 1 });
    expect(total).toBe(4);
    expect(rows.map(({ name }) => name)).toEqual(["Ann", "Bob", "cy@x.io", "Dee"]);
    const [ann, bob, cy, dee] = rows;
    expect(ann).toMatchObject({
      team: "Core",
      emails: ["ann@x.io", "ann.old@x.io"],
      sessions: 4,
      linesAdded: 140,
      linesRemoved: 30,
      commits: 2,
      pullRequests: 1,
      accepted: 10,
      rejected: 2,
      tokens: 69_600,
      cost: { estimated: "3.60", notional: "0.00", list: null, net: null },
      activeDays: 2,
      firstActive: "2026-11-02",
      lastActive: "2026-11-03",
      band: "occasional",
      sparkline: [3, 1, 0, 0, 0],
    });
    expect(ann!.acceptRate).toBe(10 / 12);
    expect(bob).toMatchObject({ team: "Web", sessions: 3, cost: { estimated: "2.40" }, activeDays: 2 });
    expect(cy).toMatchObject({ personId: null, inRoster: false, team: null, sessions: 1, acceptRate: null });
    expect(dee).toMatchObject({
      sessions: 0,
      activeDays: 0,
      lastActive: null,
      band: "never",
      sparkline: [0, 0, 0, 0, 0],
    });
  });

  it("keeps bots apart", async () => {
    const asked = { ...RANGE, population: "unmapped" } as const;
    const { rows } = await runOperation(context, await catalog.listPeopleUsage(), asked);
    expect(rows.map(({ name, sessions, cost }) => [name, sessions, cost.estimated])).toEqual([
      ["key: ci-bot", 5, "4.00"],
    ]);
  });

  it("narrows by team of the day, search and band, and gives a part at a time", async () => {
    const list = async (more: object) => runOperation(context, await catalog.listPeopleUsage(), { ...RANGE, ...more });
    const web = await list({ where: [{ dimension: "team", value: "Web" }] });
    expect(web.rows.map(({ name, sessions, activeDays }) => [name, sessions, activeDays])).toEqual([
      ["Bob", 2, 1],
      ["Dee", 0, 0],
    ]);
    expect((await list({ search: "ANN.OLD" })).rows.map(({ name }) => name)).toEqual(["Ann"]);
    expect((await list({ band: "never" })).rows.map(({ name }) => name)).toEqual(["Dee"]);
    const first = await list({ limit: 3, sort: "name", order: "asc" });
    expect([first.total, first.next, first.rows.map(({ name }) => name)]).toEqual([4, 3, ["Ann", "Bob", "cy@x.io"]]);
    const rest = await list({ limit: 3, offset: 3, sort: "name", order: "asc" });
    expect([rest.next, rest.rows.map(({ name }) => name)]).toEqual([null, ["Dee"]]);
  });

  it("tells with a filter on the model only what models tell", async () => {
    const where = ["model=claude-sonnet-5-5"];
    const { rows } = await runOperation(context, await catalog.listPeopleUsage(), { ...RANGE, where });
    expect(rows.map(({ name, sessions, cost, sparkline }) => [name, sessions, cost.estimated, sparkline[0]])).toEqual([
      ["Ann", null, "0.50", null],
      ["Bob", null, "0.40", null],
    ]);
  });

  it("shows a person's page under any address of theirs", async () => {
    const asked = { ...RANGE, email: "Bob@X.io" };
    const page = await runOperation(context, await catalog.personUsage(), asked);
    expect(page.person.teams).toEqual([
      { team: "Core", from: null, to: "2026-11-03" },
      { team: "Web", from: "2026-11-04", to: null },
    ]);
    expect(page.figures).toMatchObject({ sessions: 3, linesAdded: 90, accepted: 9, rejected: 7 });
    expect(page.daily.map(({ day, sessions, active }) => [day.slice(8), sessions, active])).toEqual([
      ["02", 1, true],
      ["03", 0, false],
      ["04", 0, false],
      ["05", 2, true],
      ["06", 0, false],
    ]);
    expect(page.byModel.map(({ model, cost }) => [model, cost.estimated])).toEqual([
      ["claude-opus-5-5", "2.00"],
      ["claude-sonnet-5-5", "0.40"],
    ]);
    expect(page.byTerminal.map(({ terminal, sessions }) => [terminal, sessions])).toEqual([["vscode", 3]]);
    expect(page.byTool.map(({ tool, accepted, rejected }) => [tool, accepted, rejected])).toEqual([
      ["edit_tool", 9, 5],
      ["write_tool", 0, 2],
    ]);
    const { personId } = page.person;
    expect(
      (await runOperation(context, await catalog.personUsage(), { ...RANGE, personId: personId! })).figures,
    ).toEqual(page.figures);
  });

  it("shows everybody their own page, whatever the mode, and nobody else's", async () => {
    const { people } = await runOperation(context, await catalog.listPeople(), {});
    const ann = people.find(({ name }) => name === "Ann")!.personId;
    const own = await runOperation(viewer(ann), await catalog.myUsage(), RANGE);
    expect(own.usage).toMatchObject({ person: { name: "Ann" }, figures: { sessions: 4 } });
    expect(JSON.stringify(own)).not.toMatch(/bob@|cy@/);
    const unlinked = await runOperation(viewer(), await catalog.myUsage(), RANGE);
    expect(unlinked).toMatchObject({ usage: null, unlinked: { reason: /not linked/, remedy: /admin/ } });
  });

  it("refuses individuals to who may not see them", async () => {
    for (const load of [catalog.listPeopleUsage, catalog.personUsage, catalog.listMembers, catalog.listInvites]) {
      const operation = await load();
      await expect(runOperation(viewer(), operation as Operation, { email: "ann@x.io" })).rejects.toThrow(
        expect.objectContaining({ code: "access.forbidden" }),
      );
    }
  });

  it("shows teams with people of the last day and activity of each day", async () => {
    const { rows, total } = await runOperation(context, await catalog.listTeams(), RANGE);
    expect(
      rows.map(({ team, people, active, sessions, linesAdded, cost }) => [
        team,
        people,
        active,
        sessions,
        linesAdded,
        cost,
      ]),
    ).toEqual([
      ["Core", 1, 2, 5, 170, "4.00"],
      ["Web", 2, 1, 2, 60, "2.00"],
      [null, 0, 1, 1, 0, "0.00"],
    ]);
    expect(total).toMatchObject({ people: 3, active: 3, sessions: 8, cost: "6.00" });
  });

  it("hides teams that are too small from who may not see individuals, their size too", async () => {
    const { rows, total } = await runOperation(viewer(), await catalog.listTeams(), RANGE);
    for (const { people, active, sessions, cost } of rows) {
      expect([people, active, sessions, cost]).toEqual([null, null, null, null]);
    }
    expect(total.people).toBeNull();
  });

  it("says who answers for keys, and how much nobody does", async () => {
    const before = await runOperation(context, await catalog.listKeyOwners(), RANGE);
    expect(before.mapping.cost).toMatchObject({ total: "10.00", mapped: "6.00", unmapped: "4.00", share: 0.6 });
    expect(before.rows.map(({ actor, owner, keyIds, lastSeen }) => [actor, owner.kind, keyIds, lastSeen])).toEqual([
      ["key:ci-bot", "unmapped", ["apikey_ci"], "2026-11-03"],
    ]);
    const csv = "actor,person,service\nkey:ci-bot,,CI\n";
    const { run } = await catalog.loadKeyOwners();
    expect(await run(context, { csv })).toEqual({ owners: 1, persons: 0, services: 1, unknown: [] });
    const after = await runOperation(context, await catalog.listKeyOwners(), RANGE);
    expect(after.mapping.cost).toMatchObject({ mapped: "10.00", unmapped: "0.00", share: 1 });
    expect(after.rows[0]!.owner).toMatchObject({ kind: "service", name: "CI" });
  });

  it("changes no owner when one of a file is nobody that was loaded", async () => {
    const { run } = await catalog.loadKeyOwners();
    const csv = "actor,person,service\nkey:ci-bot,ann@x.io,\nkey:other,nobody@x.io,\n";
    await expect(run(context, { csv })).rejects.toThrow(/owners, line 3, person/);
    const { rows } = await runOperation(context, await catalog.listKeyOwners(), RANGE);
    expect(rows[0]!.owner.kind).toBe("service");
  });

  it("says of keys what is odd about them", async () => {
    const { rows } = await runOperation(context, await catalog.listApiKeys(), { ...RANGE, sort: "name", order: "asc" });
    expect(
      rows.map(({ name, status, ageDays, creator, owner, flags }) => [
        name,
        status,
        ageDays,
        creator.kind,
        owner.kind,
        flags,
      ]),
    ).toEqual([
      ["ci-bot", "active", 19, "member", "service", ["created_by_admin"]],
      [
        "old-key",
        "active",
        688,
        "former_member",
        "unmapped",
        ["never_used", "creator_left", "no_owner", "older_than_365_days"],
      ],
    ]);
    expect(rows[0]).toMatchObject({ lastUsed: "2026-11-03", unusedDays: 17, workspace: "Claude Code" });
    const hidden = await runOperation(viewer(), await catalog.listApiKeys(), RANGE);
    expect(hidden.rows.map(({ name, creator }) => [name, creator.email])).toEqual([["ci-bot", null]]);
    expect(hidden.hidden).toBe(1);
  });

  it("says of members who they are on the list of people, and what is odd", async () => {
    const { rows, flags } = await runOperation(context, await catalog.listMembers(), {});
    expect(rows.map(({ email, listed, flags: own }) => [email, listed.team, own])).toEqual([
      ["Ann@x.io", "Core", []],
      ["eve@x.io", null, ["not_in_roster", "never_active"]],
    ]);
    expect(flags.find(({ flag }) => flag === "not_in_roster")?.members).toBe(1);
  });

  it("says of invites how old they are, and what is odd", async () => {
    const { rows } = await runOperation(context, await catalog.listInvites(), {});
    expect(rows.map(({ email, ageDays, flags }) => [email, ageDays, flags])).toEqual([
      ["dee@x.io", 19, ["expires_soon", "pending_14_days"]],
    ]);
  });

  it("lists workspaces with their members and keys", async () => {
    const { rows } = await runOperation(context, await catalog.listWorkspaces(), RANGE);
    expect(rows.map(({ name, members, keys, cost, flags }) => [name, members, keys, cost, flags])).toEqual([
      ["Claude Code", 1, 2, null, ["never_used"]],
    ]);
  });

  it("previews a file without changing anything", async () => {
    const { run } = await catalog.previewPeople();
    const before = await runOperation(context, await catalog.listPeople(), {});
    const seen = await run(context, { csv: "email,name,team\nann@x.io,Ann,Web\nzoe@x.io,Zoe,Web\nnonsense,,\n" });
    expect(seen).toMatchObject({
      ok: false,
      from: "2026-11-20",
      counts: { added: 1, changed: 1, removed: 2, unchanged: 0 },
      problems: [{ line: 4, column: "email" }],
      added: [{ name: "Zoe", email: "zoe@x.io" }],
    });
    expect(seen.changed[0]!.changes).toContainEqual({
      field: "team",
      before: "Core",
      after: "Web",
      from: "2026-11-20",
    });
    expect(await runOperation(context, await catalog.listPeople(), {})).toEqual(before);
    expect(await run(context, { csv: 'email\n"ann' })).toMatchObject({ ok: false, problems: [{ line: 2 }] });
  });

  it("saves a person with all addresses, and their past figures follow at once", async () => {
    const { run } = await catalog.savePerson();
    const made = await run(context, { emails: ["cyril@x.io", "CY@x.io"], name: "Cyril", team: "Web" });
    expect(made).toMatchObject({ created: true });
    const { rows } = await runOperation(context, await catalog.listPeopleUsage(), { ...RANGE, search: "cyril" });
    expect(rows.map(({ name, sessions, team }) => [name, sessions, team])).toEqual([["Cyril", 1, "Web"]]);
    const moved = await run(context, { personId: made.personId, team: "Core", from: "2026-11-10" });
    expect(moved).toEqual({ personId: made.personId, created: false, changed: ["team"] });
    const page = await runOperation(context, await catalog.personUsage(), { ...RANGE, personId: made.personId });
    expect(page.person.teams).toEqual([
      { team: "Web", from: null, to: "2026-11-09" },
      { team: "Core", from: "2026-11-10", to: null },
    ]);
    await expect(run(context, { emails: ["ann@x.io"] })).rejects.toThrow(/emails: one of them is somebody else's/);
  });

  it("takes a person off the list with their past kept, or forgets an entry", async () => {
    const { run } = await catalog.removePerson();
    const find = async () => {
      const { people } = await runOperation(context, await catalog.listPeople(), {});
      return people.find(({ name }) => name === "Cyril");
    };
    const { personId } = (await find())!;
    expect(await run(context, { personId, forget: false })).toMatchObject({ endsOn: "2026-11-19", forgotten: false });
    expect(await find()).toMatchObject({ inRoster: false, endsOn: "2026-11-19" });
    await run(context, { personId, forget: true });
    expect(await find()).toBeUndefined();
    await expect(run(context, { personId, forget: true })).rejects.toMatchObject({ code: "access.unknown" });
  });
});

/** Two members, two keys, an invite and a workspace, as upstream lists them. */
async function keepLists(test: TestStore): Promise<void> {
  const keep = (stream: string, data: Record<string, unknown>, ...key: string[]) =>
    keepRecords(test, stream, [{ day: null, key: [ORGANIZATION, ...key], data: data as never }]);
  const user = (id: string, email: string, role: string) =>
    keep("users", { id, type: "user", email, name: email, role, added_at: "2026-01-05T00:00:00Z" }, id);
  await user("user_ann", "Ann@x.io", "admin");
  await user("user_eve", "eve@x.io", "developer");
  const workspace = { id: "wrkspc_cc", type: "workspace", name: "Claude Code", created_at: "2026-01-01T00:00:00Z" };
  await keep("workspaces", { ...workspace, archived_at: null }, "wrkspc_cc");
  const member = { type: "workspace_member", workspace_id: "wrkspc_cc", user_id: "user_ann" };
  await keep("workspace_members", { ...member, workspace_role: "workspace_developer" }, "wrkspc_cc", "user_ann");
  const key = (id: string, name: string, createdAt: string, creator: string) =>
    keep(
      "api_keys",
      {
        id,
        type: "api_key",
        name,
        status: "active",
        created_at: createdAt,
        created_by: { id: creator, type: "user" },
        expires_at: null,
        partial_key_hint: "sk-ant-...x",
        workspace_id: "wrkspc_cc",
      },
      id,
    );
  await key("apikey_ci", "ci-bot", "2026-11-01T00:00:00Z", "user_ann");
  await key("apikey_old", "old-key", "2025-01-01T00:00:00Z", "user_gone");
  await keep(
    "invites",
    {
      id: "invite_1",
      type: "invite",
      email: "dee@x.io",
      role: "developer",
      status: "pending",
      invited_at: "2026-11-01T00:00:00Z",
      expires_at: "2026-11-22T00:00:00Z",
    },
    "invite_1",
  );
}
