import { describe, expect, it } from "vitest";

import { PERMISSIONS, ROLE_PERMISSIONS, type Permission, type Role } from "../../src/access/index.ts";
import { isFailure } from "../../src/domain/index.ts";
import { catalog, runOperation, type Operation, type OperationContext } from "../../src/operations/index.ts";
import { withTwoTenants, type Rights } from "../support/two-tenants.ts";

/** Written out once more: whoever changes what a role may has to change it here too, and so is seen to. */
const GOLDEN: Readonly<Record<Role, readonly Permission[]>> = {
  viewer: ["read", "own"],
  analyst: ["read", "export", "own"],
  admin: ["read", "export", "audit", "sync", "roster", "credentials", "settings", "accounts", "manage", "own"],
  auditor: ["read", "export", "audit", "own"],
};

const ROLES = Object.keys(GOLDEN) as Role[];
const TENANTS = ["acme", "globex"] as const;

const operations: readonly (readonly [id: string, operation: Operation])[] = await Promise.all(
  Object.entries(catalog).map(async ([id, load]) => [id, (await load()) as unknown as Operation] as const),
);

/**
 * Whether a caller gets as far as being asked for an input. What is given is none, so nothing is ever carried out.
 */
async function isLetIn(context: OperationContext, operation: Operation): Promise<boolean> {
  try {
    await runOperation(context, operation, null);
  } catch (thrown) {
    if (isFailure(thrown, "input.invalid")) return true;
    if (isFailure(thrown, "access.forbidden")) return false;
    throw thrown;
  }
  throw new Error(`${operation.id} took nothing for an input`);
}

async function letIn(context: OperationContext): Promise<string[]> {
  const ids: string[] = [];
  for (const [id, operation] of operations) if (await isLetIn(context, operation)) ids.push(id);
  return ids;
}

const allowedTo = (permissions: readonly Permission[]) =>
  operations.filter(([, { permission }]) => permissions.includes(permission)).map(([id]) => id);

it("gives each role what the table says", () => {
  expect(ROLE_PERMISSIONS).toEqual(GOLDEN);
});

describe.each(ROLES)("a %s", (role) => {
  it.each([false, true])("may order what the role may and nothing else, seeing individuals: %s", (people) =>
    withTwoTenants(async ({ signIn, enter }) => {
      const rights: Rights = { role, people };
      const expected = allowedTo([...GOLDEN[role], ...(people ? (["people"] as const) : [])]);
      const signed = await signIn({ acme: rights, globex: rights });
      for (const tenant of TENANTS) expect(await letIn(await enter(signed, tenant))).toEqual(expected);
    }),
  );

  it("of one tenant is in the other what it is there, or nothing", () =>
    withTwoTenants(async ({ signIn, enter }) => {
      const both = await signIn({ acme: { role }, globex: { role: "viewer" } });
      expect(await letIn(await enter(both, "acme"))).toEqual(allowedTo(GOLDEN[role]));
      expect(await letIn(await enter(both, "globex"))).toEqual(allowedTo(GOLDEN.viewer));
      const one = await signIn({ acme: { role } });
      expect(one.tenants.map(({ name }) => name)).toEqual(["acme"]);
    }));
});

it("lets the operator do everything", () =>
  withTwoTenants(async ({ operator }) => {
    expect(await letIn(operator("acme"))).toEqual(operations.map(([id]) => id));
  }));

describe("a token", () => {
  it("may what its scopes say, in its tenant, as far as its account still may", () =>
    withTwoTenants(async ({ signIn, enter, operator, signedByToken }) => {
      await signIn({ acme: { role: "admin" } });
      const owner = await signIn({ acme: { role: "admin" }, globex: { role: "admin" } });
      const asOwner = await enter(owner, "acme");
      const order = { name: "narrow", scopes: ["read", "audit", "settings"] as const };
      const { token } = await runOperation(asOwner, await catalog.createToken(), {
        ...order,
        scopes: [...order.scopes],
      });
      const signed = (await signedByToken(token))!;
      expect(signed.tenants.map(({ name }) => name)).toEqual(["acme"]);
      expect(await letIn(await enter(signed, "acme"))).toEqual(allowedTo(order.scopes));

      const account = asOwner.caller.id;
      const change = await catalog.changeAccount();
      await runOperation(operator("acme"), change, { account, role: "auditor" });
      expect(await letIn(await enter((await signedByToken(token))!, "acme"))).toEqual(allowedTo(["read", "audit"]));
      await runOperation(operator("acme"), change, { account, disabled: true });
      expect(await signedByToken(token)).toBe(null);
    }));

  it("cannot be made for more than one may oneself, nor by another token", () =>
    withTwoTenants(async ({ signIn, enter, signedByToken }) => {
      const viewer = await enter(await signIn({ acme: { role: "viewer" } }), "acme");
      const create = await catalog.createToken();
      for (const scope of PERMISSIONS.filter((one) => one !== "operate")) {
        const made = runOperation(viewer, create, { name: "x", scopes: [scope] });
        if (GOLDEN.viewer.includes(scope)) await made;
        else await expect(made).rejects.toSatisfy((thrown) => isFailure(thrown, "access.above_own"));
      }
      const { token } = await runOperation(viewer, create, { name: "x", scopes: ["own"] });
      const byToken = await enter((await signedByToken(token))!, "acme");
      const again = runOperation(byToken, create, { name: "y", scopes: ["own"] });
      await expect(again).rejects.toSatisfy((thrown) => isFailure(thrown, "access.not_by_token"));
    }));
});

it("treats ids of another tenant as ids of nothing", () =>
  withTwoTenants(async ({ signIn, enter }) => {
    const here = await enter(await signIn({ acme: { role: "admin" } }), "acme");
    const there = await enter(await signIn({ globex: { role: "admin" } }), "globex");
    const account = there.caller.id;
    const session = there.caller.sessionId!;
    const created = await runOperation(there, await catalog.createToken(), { name: "x", scopes: ["read"] });
    const attempts = [
      async () => runOperation(here, await catalog.changeAccount(), { account, disabled: true }),
      async () =>
        runOperation(here, await catalog.changeAccount(), { account: `${account}@example.com`, role: "viewer" }),
      async () => runOperation(here, await catalog.issueSignInLink(), { account }),
      async () => runOperation(here, await catalog.listSessions(), { account }),
      async () => runOperation(here, await catalog.endSession(), { account, session }),
      async () => runOperation(here, await catalog.endSession(), { session }),
      async () => runOperation(here, await catalog.revokeToken(), { id: created.id }),
    ];
    for (const attempt of attempts)
      await expect(attempt()).rejects.toMatchObject({ code: "access.unknown", status: 404 });
    const listed = await runOperation(here, await catalog.listAccounts(), {});
    expect(listed.accounts.map(({ id }) => id)).toEqual([here.caller.id]);
    expect((await runOperation(here, await catalog.listTokens(), {})).tokens).toEqual([]);
  }));

it("leaves a trace of every look at individuals, or says why none is needed", () => {
  const looking = operations.filter(([, { permission }]) => permission === "people");
  for (const [id, { audit }] of looking) {
    if (typeof audit === "string") expect(audit, id).toMatch(/^none: \S.{10,}/);
    else expect(audit.event, id).toBeTruthy();
  }
});
