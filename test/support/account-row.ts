import type { AccountRow } from "../../src/store/index.ts";

/** An account that has never signed in, named by its id. */
export function accountRow(accountId: string, changed: Partial<AccountRow> = {}): AccountRow {
  return {
    accountId,
    email: `${accountId}@example.com`,
    name: accountId,
    issuer: null,
    subject: null,
    contact: null,
    passwordHash: null,
    createdMs: 1,
    signedInMs: null,
    secondFactorMs: null,
    ...changed,
  };
}
