import { describe, expect, it } from "vitest";

import { insertAccount, insertSession, membershipsOf, putMembership, savePerson } from "../store/index.ts";
import { accountRow } from "../../test/support/account-row.ts";
import { testRandom } from "../../test/support/bursar.ts";
import { withSmallRecord, type SmallRecord } from "../../test/support/small-record.ts";
import { beginSession } from "./begin-session.ts";
import { accountOfIdentity, claimValues, type Identity, type RoleRule } from "./identity.ts";
import { hashOfOpaque } from "./secrets.ts";
import { signedBySession } from "./signed.ts";

const RULES: readonly RoleRule[] = [
  { value: "boss", role: "admin", tenant: "default" },
  { value: "staff", role: "viewer", tenant: "default" },
];
const ADA: Identity = {
  issuer: "https://id.example",
  subject: "s1",
  name: "Ada",
  email: "ada@example.com",
  isEmailVerified: true,
  roles: ["staff"],
};

const comeIn = ({ store, clock }: SmallRecord, change: Partial<Identity> = {}) =>
  store.write((tx) => accountOfIdentity(tx, { clock, random: testRandom }, RULES, { ...ADA, ...change }));

describe("the account of an identity", () => {
  it("is made when the claim lets it in, follows the claim, and ends its sessions when it does", () =>
    withSmallRecord(async (record) => {
      const { store, scope, clock } = record;
      expect(await comeIn(record, { roles: ["guest"] })).toBe(null);
      const post = { team: null, costCentre: null, manager: null, startsOn: null, endsOn: null, inRoster: true };
      await store.write((tx) =>
        savePerson(tx, scope, { ...post, personId: "p_0000000000ad", name: "Ada", emails: ["ada@example.com"] }),
      );
      const first = (await comeIn(record))!;
      const { accountId } = first.account;
      expect(first).toMatchObject({ isNew: true, changed: [{ role: "viewer" }] });
      const memberships = () => store.read((tx) => membershipsOf(tx, accountId));
      expect(await memberships()).toMatchObject([{ role: "viewer", personId: "p_0000000000ad", people: false }]);
      const parts = { clock, random: testRandom };
      const { token } = await store.write((tx) => beginSession(tx, parts, first.account, { agent: "a test" }));
      const signed = () => store.read((tx) => signedBySession(tx, clock, token));

      // Nothing new: they stay signed in. The name is today's.
      expect(await comeIn(record, { name: "Ada King" })).toMatchObject({
        isNew: false,
        changed: [],
        account: { name: "Ada King" },
      });
      expect(await signed()).toMatchObject({ account: { accountId } });
      expect(await comeIn(record, { roles: ["staff", "boss"] })).toMatchObject({ changed: [{ role: "admin" }] });
      expect(await signed()).toBe(null);
      expect(await comeIn(record, { roles: [] })).toMatchObject({ changed: [{ role: null }] });
      expect(await memberships()).toEqual([]);
    }));

  it.each([
    ["no address", { email: null }],
    ["an address that nobody vouches for", { isEmailVerified: false }],
    ["an address that the roster does not have", { email: "eve@example.com" }],
  ])("is no person of the roster with %s", (_, change) =>
    withSmallRecord(async (record) => {
      const { account } = (await comeIn(record, change))!;
      const [membership] = await record.store.read((tx) => membershipsOf(tx, account.accountId));
      expect(membership?.personId).toBe(null);
    }),
  );
});

it.each<[string, Record<string, unknown>, readonly string[]]>([
  ["roles", { roles: ["a", 1, "b"] }, ["a", "b"]],
  ["roles", { roles: "a" }, ["a"]],
  ["roles", {}, []],
  ["realm.roles", { realm: { roles: ["a"] } }, ["a"]],
  ["realm.roles", { realm: null }, []],
  ["realm.roles", { realm: "a" }, []],
  ["https://acme.example/roles", { "https://acme.example/roles": ["a"] }, ["a"]],
])("a claim %s of %j says %j", (name, claims, values) => {
  expect(claimValues(claims, name)).toEqual(values);
});

it("nobody comes in with a session whose account is gone, or may enter nowhere any more", () =>
  withSmallRecord(async ({ store, scope: { tenantId }, clock }) => {
    const session = { sessionId: "s_1", createdMs: 0, seenMs: clock.now(), idleMs: 1_000, endsMs: clock.now() + 1_000 };
    await store.write(async (tx) => {
      await insertAccount(tx, accountRow("a_1"));
      const may = { tenantId, role: "viewer", people: false, personId: null, disabled: true } as const;
      await putMembership(tx, { ...may, accountId: "a_1" });
      await insertSession(tx, hashOfOpaque("one"), { ...session, accountId: "a_1", agent: "a test" });
      await insertSession(tx, hashOfOpaque("two"), { ...session, sessionId: "s_2", accountId: "a_2", agent: "a test" });
    });
    for (const token of ["one", "two", "three"]) {
      expect(await store.read((tx) => signedBySession(tx, clock, token))).toBe(null);
    }
  }));
