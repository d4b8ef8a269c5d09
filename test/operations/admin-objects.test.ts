import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { isFailure } from "../../src/domain/index.ts";
import { catalog, runOperation, type OperationContext } from "../../src/operations/index.ts";
import { found, identifiers, openCompany, pseudonymous } from "../privacy/support.ts";

let company: Awaited<ReturnType<typeof openCompany>>;
beforeAll(async () => {
  company = await openCompany();
}, 60_000);
afterAll(() => company?.close());

type Objects = Awaited<ReturnType<typeof catalog.adminObjects>>;
type People = Awaited<ReturnType<typeof catalog.adminPeople>>;

const objects = async (
  input: Parameters<typeof runOperation<Objects["input"], Objects["output"]>>[2],
  as = operator(),
) => runOperation(as, await catalog.adminObjects(), input);
const people = async (input: Parameters<typeof runOperation<People["input"], People["output"]>>[2], as = operator()) =>
  runOperation(as, await catalog.adminPeople(), input);
const operator = (): OperationContext => company.operator;
const bare = ({ rows }: { readonly rows: readonly { readonly object: unknown }[] }) => rows.map(({ object }) => object);
const failed = (code: "access.unknown" | "access.forbidden" | "input.unknown_value") => (thrown: unknown) =>
  isFailure(thrown, code);

describe("objects of the Admin API", () => {
  it.each(["organization", "workspaces", "api_keys", "rate_limits"] as const)(
    "are the same from the record and asked now: %s",
    async (kind) => {
      const record = await objects({ kind });
      const live = await objects({ kind, live: true });
      expect([record.source, live.source]).toEqual(["record", "anthropic"]);
      expect(record.rows.length).toBeGreaterThan(0);
      expect(bare(record)).toEqual(bare(live));
    },
  );

  it.each(["users", "invites", "workspace_members"] as const)(
    "of people are the same from the record and asked now: %s",
    async (kind) => {
      const { members } = company.emulator.world.directory;
      const workspace = kind === "workspace_members" ? { workspace: members[0]!.workspace_id } : {};
      const record = await people({ kind, ...workspace });
      const live = await people({ kind, ...workspace, live: true });
      expect(record.rows.length).toBeGreaterThan(0);
      expect(bare(record)).toEqual(bare(live));
    },
  );

  it("show the limits that hold for a workspace, its own before the organization's", async () => {
    const [override] = company.emulator.world.directory.workspaceRateLimits;
    const asked = { kind: "rate_limits", workspace: override!.workspace_id } as const;
    const record = await objects(asked);
    expect(bare(record)).toEqual(bare(await objects({ ...asked, live: true })));
    const limits = record.rows.flatMap(
      ({ object }) => object["limits"] as { value: number; source: { type: string } }[],
    );
    expect(limits.filter(({ source }) => source.type === "workspace").map(({ value }) => value)).toContain(1000);
    expect(limits.some(({ source }) => source.type === "organization")).toBe(true);
  });

  it("of which nothing is recorded are asked now", async () => {
    const { source, rows } = await objects({ kind: "spend_limits" });
    expect(source).toBe("anthropic");
    expect(rows).toHaveLength(company.emulator.world.directory.spendLimits.length);
  });

  it("are found by their id, and nothing else is", async () => {
    const { users, apiKeys } = company.emulator.world.directory;
    for (const live of [false, true]) {
      expect(bare(await people({ kind: "users", id: users[3]!.id, live }))).toEqual([users[3]]);
      expect(bare(await objects({ kind: "api_keys", id: apiKeys[0]!.id, live }))).toEqual([apiKeys[0]]);
      await expect(people({ kind: "users", id: "user_nobody", live })).rejects.toSatisfy(failed("access.unknown"));
      const members = people({ kind: "workspace_members", workspace: "wrkspc_none", live });
      await expect(members).rejects.toSatisfy(failed("access.unknown"));
      const limits = objects({ kind: "rate_limits", workspace: "wrkspc_none", live });
      await expect(limits).rejects.toSatisfy(failed("access.unknown"));
    }
  });

  it("are asked of one organization by id, name or connection", async () => {
    const { organization } = company.emulator.world.directory;
    for (const one of [organization.id, organization.name.toUpperCase(), "main"]) {
      expect(bare(await objects({ kind: "organization", organization: one }))).toEqual([organization]);
    }
    const unknown = objects({ kind: "workspaces", organization: "Nowhere Inc" });
    await expect(unknown).rejects.toSatisfy(failed("input.unknown_value"));
  });
});

describe("whoever may not see people", () => {
  it.each([false, true])("gets keys of services alone, without who made them, live: %s", async (live) => {
    for (const privacy of [pseudonymous(), { mode: "teams", minimumGroup: 5 } as const]) {
      const viewer = company.as("viewer", privacy);
      const { rows, hidden } = await objects({ kind: "api_keys", live }, viewer);
      expect(rows.length + hidden).toBe(company.emulator.world.directory.apiKeys.length);
      expect(hidden).toBeGreaterThan(0);
      expect(found(identifiers(company.emulator.world), JSON.stringify(rows))).toEqual([]);
    }
  });

  it("gets no list of people at all", async () => {
    const viewer = company.as("viewer", pseudonymous());
    for (const kind of ["users", "invites", "workspace_members"] as const) {
      for (const live of [false, true]) {
        await expect(people({ kind, live }, viewer)).rejects.toSatisfy(failed("access.forbidden"));
      }
    }
  });
});

describe("somebody who was removed", () => {
  it("is in the record with the day since when, and at Anthropic no more", async () => {
    const { directory } = company.emulator.world;
    const gone = directory.users.at(-1)!;
    directory.users = directory.users.filter((user) => user !== gone);
    // One reading that misses them could be a slip of the list.
    for (let reading = 0; reading < 2; reading += 1) {
      await runOperation(company.operator, await catalog.sync(), { streams: ["users"] });
    }
    const { rows } = await people({ kind: "users", id: gone.id });
    expect(rows).toMatchObject([{ object: gone, goneSince: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T/) }]);
    expect(bare(await people({ kind: "users" }))).not.toContainEqual(gone);
    await expect(people({ kind: "users", id: gone.id, live: true })).rejects.toSatisfy(failed("access.unknown"));
  });
});

describe("several organizations", () => {
  it("stand beside each other, and are asked for by name", async () => {
    const { keys, world } = company.emulator;
    const other = { name: "other", key: keys.otherOrganization };
    const connected = await runOperation(company.operator, await catalog.connect(), other);
    await runOperation(company.operator, await catalog.sync(), { connection: "other" });
    for (const live of [false, true]) {
      const all = await objects({ kind: "organization", live });
      expect(all.rows.map(({ organizationId }) => organizationId).sort()).toEqual(
        [world.directory.organization.id, connected.organizationId].sort(),
      );
      const one = await objects({ kind: "organization", organization: "other", live });
      expect(one.rows.map(({ organizationId }) => organizationId)).toEqual([connected.organizationId]);
      // An id is looked for in each of them.
      const [workspace] = world.directory.workspaces;
      expect(bare(await objects({ kind: "workspaces", id: workspace!.id, live }))).toEqual([workspace]);
      const range = { from: "2026-10-26", to: "2026-10-31", live };
      const cost = async (organization: string) =>
        (await runOperation(company.operator, await catalog.costReport(), { ...range, organization })).totals;
      expect(await cost("main")).toMatchObject({ amount_usd: world.truth().cost_report.usd });
      expect(await cost("other")).toMatchObject({ amount_usd: "0.00" });
    }
  });
});
