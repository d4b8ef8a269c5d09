import { beginSession, type Role } from "../../src/access/index.ts";
import type { Clock } from "../../src/domain/index.ts";
import { insertAccount, putMembership, type AccountRow, type Store } from "../../src/store/index.ts";
import { testRandom as random } from "./bursar.ts";

interface TestMembership {
  readonly tenantId: number;
  readonly role: Role;
  readonly people: boolean;
}

/** A new account with these memberships and a session of the dashboard, whose token is returned. */
export async function signIn(
  store: Store,
  clock: Clock,
  account: AccountRow,
  memberships: readonly TestMembership[],
): Promise<string> {
  return store.write(async (tx) => {
    await insertAccount(tx, account);
    for (const membership of memberships) {
      await putMembership(tx, { ...membership, accountId: account.accountId, personId: null, disabled: false });
    }
    const { token } = await beginSession(tx, { clock, random }, account, { agent: "a test" });
    return token;
  });
}
