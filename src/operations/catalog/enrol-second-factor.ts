import { z } from "zod";

import { base32, enrolFactor, otpauthUri } from "../../access/index.ts";
import { Failure } from "../../domain/index.ts";
import { findAccount } from "../../store/index.ts";
import { ownAccountId, refuseToken, requireOwnPassword } from "../accounts.ts";
import { defineOperation } from "../define.ts";

export const enrolSecondFactor = defineOperation({
  id: "enrolSecondFactor",
  title: "Enrol a second factor",
  summary: "Makes the secret of an authenticator app for one's own account; it counts once a code of it was confirmed.",
  input: z.object({ current: z.string().max(1_000).optional().describe("the password, when there is one") }),
  output: z.object({
    account: z.string(),
    secret: z.string().describe("base32, for typing; shown this once"),
    uri: z.string().describe("otpauth: what authenticator apps open; holds the secret"),
  }),
  permission: "own",
  effect: "write",
  beforeSecondFactor: true,
  audit: { event: "second_factor.enrolled", facts: ({ account }) => ({ account }) },
  run: async ({ store, clock, random, caller, factorSafe: safe }, { current }) => {
    refuseToken(caller);
    const accountId = ownAccountId(caller);
    const account = await store.read((tx) => findAccount(tx, accountId));
    if (account === null) throw new Failure("access.unknown", { what: "account" });
    if (account.email === null) {
      throw new Failure("input.invalid", {
        field: "account",
        problem: "signs in through the organization",
        remedy: "A second factor is asked for there.",
      });
    }
    await requireOwnPassword({ store, clock }, account, current ?? "");
    const secret = await store.write(async (tx) => {
      const now = await findAccount(tx, accountId);
      if (now?.passwordHash !== account.passwordHash) throw new Failure("access.not_signed_in");
      return enrolFactor(tx, { clock, safe }, random, accountId);
    });
    if (secret === null) {
      throw new Failure("input.invalid", {
        field: "account",
        problem: "has a second factor already",
        remedy: "Remove it first.",
      });
    }
    const shown = { account: accountId, secret: base32(secret), uri: otpauthUri(secret, account.email) };
    secret.fill(0);
    return shown;
  },
});
