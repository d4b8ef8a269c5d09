import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  newId,
  principalOf,
  signedBySession,
  signedByToken,
  type Caller,
  type Role,
  type Signed,
} from "../../src/access/index.ts";
import { readSettings } from "../../src/app/config.ts";
import { random } from "../../src/app/random.ts";
import { effectivePrivacy, type OperationContext } from "../../src/operations/index.ts";
import { ensureTenant } from "../../src/store/index.ts";
import { accountRow } from "./account-row.ts";
import { signIn } from "./signed-in.ts";
import { openTestHost } from "./opened.ts";

export interface Rights {
  readonly role: Role;
  readonly people?: boolean;
}

export interface TwoTenants {
  /** What the operator may use in a tenant. */
  operator(tenant: "acme" | "globex"): OperationContext;
  /** A new account with these rights, signed in. */
  signIn(rights: { readonly acme?: Rights; readonly globex?: Rights }): Promise<Signed>;
  /** As a server does it: the context of somebody in one of their tenants. */
  enter(signed: Signed, tenant: "acme" | "globex"): Promise<OperationContext>;
  signedByToken(text: string): Promise<Signed | null>;
  signedAgain(signed: Signed): Promise<Signed | null>;
}

/** A real installation with two tenants, and the rights of whoever comes in decided as a server decides them. */
export async function withTwoTenants(use: (two: TwoTenants) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "bursar-tenants-"));
  const host = await openTestHost({ settings: readSettings({ flags: { data: folder }, env: {}, cwd: folder }) });
  const { store } = host;
  try {
    const acme = await store.write((tx) => ensureTenant(tx, "acme", 0));
    const globex = await store.write((tx) => ensureTenant(tx, "globex", 0));
    const rowOf = { acme, globex };
    const { clock } = host.contextOf(acme);
    const tokens = new Map<string, string>();
    const two: TwoTenants = {
      operator: (tenant) => host.contextOf(rowOf[tenant]),
      async signIn(rights) {
        const account = accountRow(newId(random, "a"), { createdMs: clock.now() });
        const memberships = (["acme", "globex"] as const).flatMap((tenant) => {
          const { role, people = false } = rights[tenant] ?? {};
          return role === undefined ? [] : [{ tenantId: rowOf[tenant].tenantId, role, people }];
        });
        const token = await signIn(store, clock, account, memberships);
        tokens.set(account.accountId, token);
        return (await store.read((tx) => signedBySession(tx, clock, token)))!;
      },
      async enter(signed, tenant) {
        const { caller } = signed.tenants.find(({ name }) => name === tenant)!;
        return contextFor(host.contextOf(rowOf[tenant]), caller);
      },
      signedByToken: (text) => store.read((tx) => signedByToken(tx, clock, text)),
      signedAgain: ({ account }) =>
        store.read((tx) => signedBySession(tx, clock, tokens.get(account?.accountId ?? "") ?? "")),
    };
    await use(two);
  } finally {
    await host.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function contextFor(context: OperationContext, caller: Caller): Promise<OperationContext> {
  const privacy = await effectivePrivacy(context, context.scope, caller);
  const scope = { ...context.scope, principal: principalOf(caller), privacy, self: caller.personId };
  return { ...context, scope, caller };
}
