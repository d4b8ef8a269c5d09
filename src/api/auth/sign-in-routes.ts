import { Hono } from "hono";
import { z } from "zod";

import { isPassword, KnownPlaces, placeOf, RateLimit } from "../../access/index.ts";
import { Failure } from "../../domain/index.ts";
import { findAccount, findAccountByEmail, membershipsOf } from "../../store/index.ts";
import { leaveTrace } from "../../operations/index.ts";
import type { ApiEnv } from "../env.ts";
import { endBrowser, enterBrowser, giveCookie } from "./browser-session.ts";
import type { AuthParts } from "./create-auth.ts";
import { readBody } from "./read-body.ts";

/** Ten wrong passwords at once, then one a minute: too few to guess, and an owner who mistypes is not kept out. */
const OF_ACCOUNT = { burst: 10, everyMs: 60_000 };
const OF_ADDRESS = { burst: 30, everyMs: 20_000 };
/** Comparing takes 19 MiB and much of a core for a moment: however many ask, the rest of the server goes on. */
const OF_ALL = { burst: 60, everyMs: 250 };

const credentials = z.object({ email: z.string().min(1).max(320), password: z.string().min(1).max(1_000) });

/** `POST /sign-in`, `POST /sign-out`. */
export function signInRoutes(parts: AuthParts): Hono<ApiEnv> {
  const { store, clock, log } = parts;
  const ofAccount = new RateLimit(clock, OF_ACCOUNT);
  // Whoever knows an e-mail can use up the tries of strangers; its owner's are counted apart.
  const ofOwner = new RateLimit(clock, OF_ACCOUNT);
  const places = new KnownPlaces();
  const ofAddress = new RateLimit(clock, OF_ADDRESS);
  const ofAll = new RateLimit(clock, OF_ALL);
  const app = new Hono<ApiEnv>();

  app.post("/sign-in", async (c) => {
    const { email, password } = await readBody(c, credentials);
    const name = email.trim().toLowerCase();
    const address = c.get("address");
    const [tries, whose] = places.has(name, address) ? [ofOwner, placeOf(name, address)] : [ofAccount, name];
    const wait = ofAddress.take(address) || tries.take(whose) || ofAll.take("");
    if (wait > 0) {
      log("warn", "access.too_many_attempts", { requestId: c.get("requestId") });
      throw new Failure("access.too_many_attempts", { seconds: Math.ceil(wait / 1000) });
    }
    const account = await store.read((tx) => findAccountByEmail(tx, name));
    const isRight = await isPassword(account?.passwordHash ?? null, password);
    const begun =
      account !== null && isRight
        ? await store.write(async (tx) => {
            // It may have been given another password meanwhile.
            const now = await findAccount(tx, account.accountId);
            return now?.passwordHash === account.passwordHash ? enterBrowser(tx, parts, c, now) : null;
          })
        : null;
    if (begun === null) {
      log("warn", "access.sign_in_failed", { requestId: c.get("requestId") });
      throw new Failure("access.sign_in_failed");
    }
    tries.reset(whose);
    places.add(name, address);
    const { accountId, sessionId, tenants } = begun;
    await leaveTrace(parts, tenants, accountId, {
      event: "session.began",
      account: accountId,
      session: sessionId,
      way: "password",
    });
    giveCookie(parts, c, begun.token);
    return c.json({ signedIn: true });
  });

  app.post("/sign-out", async (c) => {
    const ended = await store.write(async (tx) => {
      const session = await endBrowser(tx, parts, c);
      if (session === null) return null;
      const memberships = await membershipsOf(tx, session.accountId);
      return { ...session, tenants: memberships.map(({ tenant }) => tenant) };
    });
    if (ended !== null) {
      const { accountId, sessionId, tenants } = ended;
      await leaveTrace(parts, tenants, accountId, { event: "session.ended", account: accountId, session: sessionId });
    }
    giveCookie(parts, c, null);
    return c.json({ signedIn: false });
  });

  return app;
}
