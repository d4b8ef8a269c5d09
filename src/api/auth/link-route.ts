import { Hono } from "hono";
import { z } from "zod";

import { hashOfOpaque, hashPassword, newId, RateLimit, requireGoodPassword } from "../../access/index.ts";
import { DEFAULT_TENANT, Failure } from "../../domain/index.ts";
import {
  deleteSessionsOf,
  ensureTenant,
  findAccount,
  findLink,
  hasAccounts,
  insertAccount,
  listTenants,
  putMembership,
  takeLink,
  updateAccount,
  type AccountRow,
  type OneTimeLinkRow,
  type WriteTx,
} from "../../store/index.ts";
import { leaveTrace } from "../../operations/index.ts";
import type { ApiEnv } from "../env.ts";
import { enterBrowser, giveCookie } from "./browser-session.ts";
import type { AuthParts } from "./create-auth.ts";
import { readBody } from "./read-body.ts";
import { requireCode } from "./require-code.ts";

const OF_ADDRESS = { burst: 20, everyMs: 30_000 };

const body = z.object({
  token: z.string().min(1).max(200),
  password: z.string().min(1).max(1_000).optional(),
  /** Of the second factor, where the account has one: a link replaces a password and nothing else. */
  code: z.string().min(1).max(100).optional(),
  /** Of whoever sets Bursar up. */
  email: z.email().max(320).optional(),
  name: z.string().trim().min(1).max(200).optional(),
  /** Whether whoever sets Bursar up may see individuals. */
  people: z.boolean().default(false),
});

type Body = z.output<typeof body>;

/**
 * `POST /link` uses a one-time link. What it still needs to know it says without using the link up:
 * `{signedIn: false, purpose, asks: ["password"], email, name}`.
 */
export function linkRoute(parts: AuthParts): Hono<ApiEnv> {
  const { store, clock } = parts;
  const ofAddress = new RateLimit(clock, OF_ADDRESS);
  const app = new Hono<ApiEnv>();

  app.post("/link", async (c) => {
    const given = await readBody(c, body);
    const wait = ofAddress.take(c.get("address"));
    if (wait > 0) throw new Failure("access.too_many_attempts", { seconds: Math.ceil(wait / 1000) });
    const { purpose, account } = await standing(hashOfOpaque(given.token));
    const asks = missing(purpose, given, account);
    if (asks.length > 0) {
      return c.json({ signedIn: false, purpose, asks, email: account?.email ?? null, name: account?.name ?? null });
    }
    const passwordHash = await hashOf(given, account);
    const way = account?.secondFactorMs == null ? null : await requireCode(parts, c, account.accountId, given.code!);
    const begun = await store.write(async (tx) => {
      // Of two that come at once with one link, one wins.
      if (!(await takeLink(tx, hashOfOpaque(given.token), clock.now()))) throw new Failure("access.link_used");
      const entering =
        purpose === "setup"
          ? await firstAccount(tx, parts, given, passwordHash)
          : await withPassword(tx, account!.accountId, passwordHash);
      // It may have been confirmed meanwhile.
      if (entering.secondFactorMs !== null && way === null) throw new Failure("access.code_refused");
      const session = await enterBrowser(tx, parts, c, entering);
      if (session === null) throw new Failure("access.link_used");
      return session;
    });
    const { accountId, sessionId, tenants } = begun;
    await leaveTrace(parts, tenants, accountId, {
      event: purpose === "setup" ? "account.set_up" : "link.used",
      account: accountId,
      session: sessionId,
      purpose,
      password_set: passwordHash !== null,
      ...(way === null ? {} : { second_factor: way }),
    });
    giveCookie(parts, c, begun.token);
    return c.json({ signedIn: true, purpose });
  });
  return app;

  /** A link that still works, and whose it is. */
  async function standing(hash: Buffer) {
    const now = clock.now();
    return store.read(async (tx) => {
      const link = await findLink(tx, hash);
      if (link === null || link.usedMs !== null || now >= link.expiresMs) throw new Failure("access.link_used");
      const account = link.accountId === null ? null : await findAccount(tx, link.accountId);
      if (link.purpose === "setup" ? await hasAccounts(tx) : account === null) throw new Failure("access.link_used");
      return { purpose: link.purpose, account };
    });
  }
}

function missing(purpose: OneTimeLinkRow["purpose"], given: Body, account: AccountRow | null): (keyof Body)[] {
  const needed = { setup: ["email", "name", "password"], invitation: ["password"], "sign-in": [] } as const;
  const code = account?.secondFactorMs == null ? [] : (["code"] as const);
  return [...needed[purpose], ...code].filter((name) => given[name] === undefined);
}

async function hashOf({ password, email, name }: Body, account: AccountRow | null): Promise<string | null> {
  if (password === undefined) return null;
  await requireGoodPassword(password, [account?.email ?? email ?? null, account?.name ?? name ?? null]);
  return hashPassword(password);
}

/** The first admin, in every tenant that there is. */
async function firstAccount(
  tx: WriteTx,
  { clock, random }: AuthParts,
  { email, name, people }: Body,
  passwordHash: string | null,
): Promise<AccountRow> {
  if (await hasAccounts(tx)) throw new Failure("access.link_used");
  const now = clock.now();
  await ensureTenant(tx, DEFAULT_TENANT, now);
  const account: AccountRow = {
    accountId: newId(random, "a"),
    email: email?.trim().toLowerCase() ?? null,
    name: name ?? "",
    issuer: null,
    subject: null,
    contact: null,
    passwordHash,
    createdMs: now,
    signedInMs: null,
    secondFactorMs: null,
  };
  await insertAccount(tx, account);
  for (const { tenantId } of await listTenants(tx)) {
    const { accountId } = account;
    await putMembership(tx, { tenantId, accountId, role: "admin", people, personId: null, disabled: false });
  }
  return account;
}

/** A new password ends what was begun with the old one. */
async function withPassword(tx: WriteTx, accountId: string, passwordHash: string | null): Promise<AccountRow> {
  const account = await findAccount(tx, accountId);
  if (account === null) throw new Failure("access.link_used");
  if (passwordHash === null) return account;
  const changed = { ...account, passwordHash };
  await updateAccount(tx, changed);
  await deleteSessionsOf(tx, accountId);
  return changed;
}
