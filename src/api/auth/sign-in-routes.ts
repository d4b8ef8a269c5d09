import { Hono } from "hono";
import { z } from "zod";

import { isPassword, KnownPlaces, placeOf, RateLimit } from "../../access/index.ts";
import { Failure } from "../../domain/index.ts";
import { findAccount, findAccountByEmail, membershipsOf, type AccountRow, type Tx } from "../../store/index.ts";
import { leaveTrace } from "../../operations/index.ts";
import type { ApiContext, ApiEnv } from "../env.ts";
import { Begun } from "./begun.ts";
import { endBrowser, enterBrowser, giveCookie } from "./browser-session.ts";
import type { AuthParts } from "./create-auth.ts";
import { readBody } from "./read-body.ts";
import { requireCode } from "./require-code.ts";

/** Ten wrong passwords at once, then one a minute: too few to guess, and an owner who mistypes is not kept out. */
const OF_ACCOUNT = { burst: 10, everyMs: 60_000 };
const OF_ADDRESS = { burst: 30, everyMs: 20_000 };
/** Comparing takes 19 MiB and much of a core for a moment: however many ask, the rest of the server goes on. */
const OF_ALL = { burst: 60, everyMs: 250 };

const credentials = z.object({ email: z.string().min(1).max(320), password: z.string().min(1).max(1_000) });

/** How long a code may be typed after its password. */
const STEP_MS = 5 * 60_000;

const step = z.object({ code: z.string().min(1).max(100) });

/** Somebody who has shown a password, and has yet to show a code. */
interface HalfSignedIn {
  readonly accountId: string;
  /** Another one since then ends the sign-in. */
  readonly passwordHash: string | null;
  /** The e-mail as it was typed, in lower case. */
  readonly name: string;
}

/**
 * `POST /sign-in`, `POST /sign-in/code`, `POST /sign-out`. Of an account with a second factor the first one answers
 * `{signedIn: false, asks: ["code"]}`, and there is no session before the second one.
 */
export function signInRoutes(parts: AuthParts): Hono<ApiEnv> {
  const { store, clock, log } = parts;
  const ofAccount = new RateLimit(clock, OF_ACCOUNT);
  // Whoever knows an e-mail can use up the tries of strangers; its owner's are counted apart.
  const ofOwner = new RateLimit(clock, OF_ACCOUNT);
  const places = new KnownPlaces();
  const ofAddress = new RateLimit(clock, OF_ADDRESS);
  const ofAll = new RateLimit(clock, OF_ALL);
  const codesOfAddress = new RateLimit(clock, OF_ADDRESS);
  const half = new Begun<HalfSignedIn>(parts, "code", STEP_MS);
  const app = new Hono<ApiEnv>();

  app.post("/sign-in", async (c) => {
    const { email, password } = await readBody(c, credentials);
    const name = email.trim().toLowerCase();
    const address = c.get("address");
    const [tries, whose] = places.has(name, address) ? [ofOwner, placeOf(name, address)] : [ofAccount, name];
    const wait = ofAddress.take(address) || tries.take(whose) || ofAll.take("");
    if (wait > 0) throw tooMany(c, wait);
    const account = await store.read((tx) => findAccountByEmail(tx, name));
    const isRight = await isPassword(account?.passwordHash ?? null, password);
    const begun =
      account !== null && isRight
        ? await store.write(async (tx) => {
            // It may have been given another password meanwhile.
            const now = await findAccount(tx, account.accountId);
            if (now?.passwordHash !== account.passwordHash) return null;
            return now.secondFactorMs === null ? enterBrowser(tx, parts, c, now) : ("asks" as const);
          })
        : null;
    if (begun === null) {
      log("warn", "access.sign_in_failed", { requestId: c.get("requestId") });
      throw new Failure("access.sign_in_failed");
    }
    tries.reset(whose);
    if (begun === "asks") {
      half.begin(c, { accountId: account!.accountId, passwordHash: account!.passwordHash, name });
      return c.json({ signedIn: false, asks: ["code"] });
    }
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

  app.post("/sign-in/code", async (c) => {
    const { code } = await readBody(c, step);
    const wait = codesOfAddress.take(c.get("address"));
    if (wait > 0) throw tooMany(c, wait);
    const begun = half.find(c);
    if (begun === null || (await store.read((tx) => accountOf(tx, begun))) === null) {
      half.end(c);
      throw new Failure("access.sign_in_step_ended");
    }
    const { accountId, name } = begun;
    const way = await requireCode(parts, c, accountId, code);
    half.end(c);
    const entered = await store.write(async (tx) => {
      const account = await accountOf(tx, begun);
      return account && enterBrowser(tx, parts, c, account);
    });
    if (entered === null) throw new Failure("access.sign_in_step_ended");
    places.add(name, c.get("address"));
    const { sessionId, tenants } = entered;
    await leaveTrace(parts, tenants, accountId, {
      event: "session.began",
      account: accountId,
      session: sessionId,
      way: "password",
      second_factor: way,
    });
    giveCookie(parts, c, entered.token);
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

  function tooMany(c: ApiContext, waitMs: number): Failure {
    log("warn", "access.too_many_attempts", { requestId: c.get("requestId") });
    return new Failure("access.too_many_attempts", { seconds: Math.ceil(waitMs / 1000) });
  }
}

/** The account of a half sign-in; null when it has another password since, or no second factor any more. */
async function accountOf(tx: Tx, { accountId, passwordHash }: HalfSignedIn): Promise<AccountRow | null> {
  const account = await findAccount(tx, accountId);
  return account?.passwordHash === passwordHash && account.secondFactorMs !== null ? account : null;
}
