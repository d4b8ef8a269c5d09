import { z } from "zod";

import { newApiToken, TOKEN_SCOPES } from "../../access/index.ts";
import { Failure } from "../../domain/index.ts";
import { insertApiToken } from "../../store/index.ts";
import { refuseToken } from "../accounts.ts";
import { defineOperation } from "../define.ts";

const DAY_MS = 86_400_000;

export const createToken = defineOperation({
  id: "createToken",
  title: "Create an API token",
  summary: "Makes a token for a program, with some of one's own rights and an end; it is shown once.",
  input: z.object({
    name: z.string().trim().min(1).max(100),
    scopes: z.array(z.enum(TOKEN_SCOPES)).min(1).describe("permissions, each one that you have"),
    days: z.int().min(1).max(365).default(90),
  }),
  output: z.object({
    id: z.string(),
    name: z.string(),
    /** `Authorization: Bearer …`. It is kept nowhere. */
    token: z.string(),
    scopes: z.array(z.string()),
    expiresAt: z.string(),
  }),
  permission: "own",
  effect: "write",
  audit: {
    event: "token.created",
    facts: ({ id, scopes, expiresAt }) => ({ token: id, scopes, expires_at: expiresAt }),
  },
  run: async ({ store, scope, clock, random, caller }, { name, scopes: asked, days }) => {
    // One that is stolen could make itself last for ever.
    refuseToken(caller);
    const scopes = TOKEN_SCOPES.filter((one) => asked.includes(one));
    const lacking = scopes.filter((one) => !caller.permissions.has(one));
    if (lacking.length > 0) throw new Failure("access.above_own", { permissions: lacking.join(", ") });
    const { tokenId, text, secretHash } = newApiToken(random);
    const createdMs = clock.now();
    const expiresMs = createdMs + days * DAY_MS;
    const accountId = caller.accountId ?? null;
    const row = { tokenId, accountId, name, secretHash, scopes, createdMs, expiresMs, usedMs: null };
    await store.write((tx) => insertApiToken(tx, scope, row));
    return { id: tokenId, name, token: text, scopes: [...scopes], expiresAt: new Date(expiresMs).toISOString() };
  },
});
