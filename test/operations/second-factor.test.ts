import { describe, expect, it } from "vitest";

import { hashPassword, type Signed } from "../../src/access/index.ts";
import { totpStep } from "../../src/access/totp.ts";
import { isFailure, type FailureCode } from "../../src/domain/index.ts";
import { catalog, runOperation, type OperationContext } from "../../src/operations/index.ts";
import { findAccount, findSecondFactor, forgetAccount, listSecrets, updateAccount } from "../../src/store/index.ts";
import { giveSecondFactor } from "../support/second-factor.ts";
import { auditEvents } from "../support/sessions.ts";
import { withTwoTenants, type TwoTenants } from "../support/two-tenants.ts";

const PASSWORD = "violet anchor plum 7";
const failing = (...codes: FailureCode[]) => expect.toSatisfy((thrown: unknown) => isFailure(thrown, ...codes));

interface Admin {
  readonly signed: Signed;
  readonly context: OperationContext;
  readonly accountId: string;
}

/** An admin of acme with a password, by a clock that stands still. */
async function admin({ signIn, enter }: TwoTenants): Promise<Admin> {
  const signed = await signIn({ acme: { role: "admin" } });
  const { accountId } = signed.account!;
  const context = await enter(signed, "acme");
  const passwordHash = await hashPassword(PASSWORD);
  await context.store.write(async (tx) => updateAccount(tx, { ...(await findAccount(tx, accountId))!, passwordHash }));
  const now = context.clock.now();
  return { signed, accountId, context: { ...context, clock: { ...context.clock, now: () => now } } };
}

const secretsOf = async ({ store, scope }: OperationContext) =>
  (await store.read((tx) => listSecrets(tx, { ...scope, tenantId: 1 }))).filter(
    (one) => one.purpose === "second-factor",
  );

describe("one's own second factor", () => {
  it("is set up with the password, counts once confirmed, and is not set up twice", () =>
    withTwoTenants(async (two) => {
      const { context, accountId } = await admin(two);
      const enrol = await catalog.enrolSecondFactor();
      await expect(runOperation(context, enrol, { current: "not it" })).rejects.toEqual(failing("input.invalid"));
      const wrong = { code: "000000" };
      const confirm = await catalog.confirmSecondFactor();
      await expect(runOperation(context, confirm, wrong)).rejects.toEqual(failing("access.code_refused"));
      await runOperation(context, enrol, { current: PASSWORD });
      expect((await context.store.read((tx) => findAccount(tx, accountId)))!.secondFactorMs).toBe(null);
      await giveSecondFactor(context, PASSWORD);
      const account = await context.store.read((tx) => findAccount(tx, accountId));
      expect(account!.secondFactorMs).toBe(context.clock.now());
      const again = runOperation(context, enrol, { current: PASSWORD });
      await expect(again).rejects.toEqual(failing("input.invalid"));
      const factor = await context.store.read((tx) => findSecondFactor(tx, accountId));
      expect(factor!.usedStep).toBe(totpStep(context.clock.now()));
      expect(await secretsOf(context)).toEqual([{ purpose: "second-factor", id: accountId }]);
    }));

  it("is removed with a recovery code or the password, and its secret with it", () =>
    withTwoTenants(async (two) => {
      const { context, accountId } = await admin(two);
      const remove = await catalog.removeSecondFactor();
      const { recoveryCodes, app } = await giveSecondFactor(context, PASSWORD);
      for (const order of [{}, { current: "not it" }]) {
        await expect(runOperation(context, remove, order)).rejects.toEqual(failing("input.invalid"));
      }
      const used = { code: app.codeAt(context.clock.now()) };
      await expect(runOperation(context, remove, used)).rejects.toEqual(failing("access.code_refused"));
      await runOperation(context, remove, { code: recoveryCodes[3]! });
      expect(await secretsOf(context)).toEqual([]);
      expect((await context.store.read((tx) => findAccount(tx, accountId)))!.secondFactorMs).toBe(null);
      await giveSecondFactor(context, PASSWORD);
      await runOperation(context, remove, { current: PASSWORD });
      const gone = runOperation(context, remove, { current: PASSWORD });
      await expect(gone).rejects.toEqual(failing("access.unknown"));
    }));

  it("tells whoever found a browser open the password no sooner than the door does", () =>
    withTwoTenants(async (two) => {
      const { context: asAdmin } = await admin(two);
      let now = asAdmin.clock.now();
      const context = { ...asAdmin, clock: { ...asAdmin.clock, now: () => now } };
      const enrol = await catalog.enrolSecondFactor();
      const guess = (current: string) => runOperation(context, enrol, { current });
      for (let at = 0; at < 10; at++) await expect(guess(`guess ${at}`)).rejects.toEqual(failing("input.invalid"));
      await expect(guess(PASSWORD)).rejects.toEqual(failing("access.too_many_attempts"));
      const change = { current: PASSWORD, next: "another anchor plum 8" };
      const order = runOperation(context, await catalog.changePassword(), change);
      await expect(order).rejects.toEqual(failing("access.too_many_attempts"));
      now += 60_000;
      expect(await guess(PASSWORD)).toMatchObject({ account: expect.anything() });
    }));

  it("is nothing for a token, and of nobody who signs in elsewhere", () =>
    withTwoTenants(async (two) => {
      const { context } = await admin(two);
      const order = { name: "x", scopes: ["own" as const, "accounts" as const, "settings" as const] };
      const { token } = await runOperation(context, await catalog.createToken(), order);
      const byToken = await two.enter((await two.signedByToken(token))!, "acme");
      for (const attempt of [
        async () => runOperation(byToken, await catalog.enrolSecondFactor(), { current: PASSWORD }),
        async () => runOperation(byToken, await catalog.removeSecondFactor(), { current: PASSWORD }),
        async () => runOperation(byToken, await catalog.resetSecondFactor(), { account: "a_000000000000" }),
        async () => runOperation(byToken, await catalog.changeSettings(), { settings: { secondFactor: "everybody" } }),
      ])
        await expect(attempt()).rejects.toEqual(failing("access.not_by_token"));
    }));
});

describe("somebody else's second factor", () => {
  it("is reset by who manages accounts, which ends their sessions", () =>
    withTwoTenants(async (two) => {
      const [ada, bob] = [await admin(two), await admin(two)];
      await giveSecondFactor(bob.context, PASSWORD);
      const reset = await catalog.resetSecondFactor();
      const done = await runOperation(ada.context, reset, { account: bob.accountId });
      expect(done).toEqual({ account: bob.accountId, removed: true, sessionsEnded: 1 });
      expect(await two.signedAgain(bob.signed)).toBe(null);
      expect(await secretsOf(ada.context)).toEqual([]);
      expect(await runOperation(ada.context, reset, { account: bob.accountId })).toMatchObject({ removed: false });
      const events = (await auditEvents(ada.context)).filter((event) => event.startsWith("second_factor"));
      expect(events).toEqual(["second_factor.enrolled", "second_factor.confirmed", "second_factor.reset"]);
    }));

  it("is neither one's own, nor that of who may more or enters elsewhere, unless the operator resets it", () =>
    withTwoTenants(async (two) => {
      const ada = await admin(two);
      await giveSecondFactor(ada.context, PASSWORD);
      const reset = await catalog.resetSecondFactor();
      const own = runOperation(ada.context, reset, { account: ada.accountId });
      await expect(own).rejects.toEqual(failing("input.invalid"));
      const seeing = (await two.signIn({ acme: { role: "viewer", people: true } })).account!.accountId;
      const both = (await two.signIn({ acme: { role: "viewer" }, globex: { role: "viewer" } })).account!.accountId;
      for (const account of [seeing, both]) {
        await expect(runOperation(ada.context, reset, { account })).rejects.toEqual(failing("access.above_own"));
        await runOperation(two.operator("acme"), reset, { account });
      }
      const done = await runOperation(two.operator("acme"), reset, { account: ada.accountId });
      expect(done).toMatchObject({ removed: true });
    }));
});

it("a new data key seals the secrets anew, and an account that is forgotten takes its factor along", () =>
  withTwoTenants(async (two) => {
    const { context, accountId } = await admin(two);
    const { app } = await giveSecondFactor(context, PASSWORD);
    await runOperation(two.operator("acme"), await catalog.rotateDek(), {});
    const later = context.clock.now() + 60_000;
    const atLater = { ...context, clock: { ...context.clock, now: () => later } };
    // Its secret is opened: of another one this would be no code.
    await runOperation(atLater, await catalog.removeSecondFactor(), { code: app.codeAt(later) });
    await giveSecondFactor(context, PASSWORD);
    await context.store.write((tx) => forgetAccount(tx, context.scope, accountId, "somebody"));
    expect(await context.store.read((tx) => findSecondFactor(tx, accountId))).toBe(null);
  }));
