import { randomBytes } from "node:crypto";

import { Hono } from "hono";

import { issueLink } from "../../src/access/index.ts";
import { createAuth, type ApiEnv, type OidcSettings } from "../../src/api/index.ts";
import { Failure, silentLog } from "../../src/domain/index.ts";
import type { OperationContext } from "../../src/operations/index.ts";
import { virtualClock, type VirtualClock } from "./clock.ts";
import { withSessions } from "./sessions.ts";

/** A browser as far as signing in goes: it keeps the last cookie it was given. */
export interface Browser {
  cookie: string;
  get(path: string): Promise<BrowserAnswer>;
  post(path: string, body: unknown, address?: string): Promise<BrowserAnswer>;
  me(): Promise<Record<string, unknown>>;
}

export interface BrowserAnswer {
  readonly status: number;
  readonly code?: string;
  readonly body: Record<string, unknown>;
  readonly setCookie: readonly string[];
  readonly location: string | null;
}

export interface TestAuth {
  readonly auth: ReturnType<typeof createAuth>;
  readonly context: OperationContext;
  readonly clock: VirtualClock;
  browser(): Browser;
  /** The token of a new setup link. */
  setupLink(): Promise<string>;
}

export interface TestAuthOptions {
  readonly origin?: string;
  readonly oidc?: OidcSettings;
}

/** Accounts and the routes of `/auth` over a real record, with a clock that only the test moves. */
export async function withAuth(
  use: (auth: TestAuth) => Promise<void>,
  { origin = "http://127.0.0.1:7878", oidc }: TestAuthOptions = {},
): Promise<void> {
  await withSessions(async ({ open }) => {
    const context = await open();
    const clock = virtualClock(Date.UTC(2026, 10, 2));
    const random = { bytes: (count: number) => randomBytes(count), fraction: () => 0.5 };
    const { store } = context;
    const contextOf = () => context;
    const auth = createAuth({
      store,
      clock,
      random,
      log: silentLog,
      origin: () => origin,
      contextOf,
      oidc: oidc ?? null,
    });
    const app = new Hono<ApiEnv>();
    app.use(async (c, next) => {
      c.set("address", c.req.header("x-test-address") ?? "192.0.2.1");
      c.set("requestId", "r");
      await next();
    });
    app.route("/auth", auth.app);
    app.onError((error, c) => {
      if (!(error instanceof Failure)) throw error;
      return c.json({ code: error.code, message: error.message, hint: error.hint }, error.status as 400);
    });
    await use({
      auth,
      context,
      clock,
      browser: () => browserOf((path, init) => Promise.resolve(app.request(`${origin}${path}`, init))),
      setupLink: async () => (await store.write((tx) => issueLink(tx, { clock, random }, { purpose: "setup" }))).token,
    });
  });
}

type Asked = Pick<RequestInit, "method" | "body"> & { readonly headers: Readonly<Record<string, string>> };

function browserOf(request: (path: string, init: RequestInit) => Promise<Response>): Browser {
  const jar = new Map<string, string>();
  const ask = async (path: string, init: Asked): Promise<BrowserAnswer> => {
    const response = await request(path, { ...init, headers: { ...init.headers, cookie: self.cookie } });
    const setCookie = response.headers.getSetCookie();
    for (const [name = "", value = ""] of setCookie.map((one) => one.split(";")[0]!.split("="))) {
      if (value === "") jar.delete(name);
      else jar.set(name, value);
    }
    const text = await response.text();
    const body = text.startsWith("{") ? (JSON.parse(text) as Record<string, unknown>) : {};
    const { code } = body;
    return {
      status: response.status,
      body,
      setCookie,
      location: response.headers.get("location"),
      ...(typeof code === "string" ? { code } : {}),
    };
  };
  const self: Browser = {
    get cookie() {
      return [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    },
    set cookie(text) {
      jar.clear();
      for (const [name = "", value = ""] of text.split("; ").map((pair) => pair.split("="))) jar.set(name, value);
    },
    get: (path) => ask(path, { headers: {} }),
    post: (path, body, address = "192.0.2.1") =>
      ask(path, {
        method: "POST",
        headers: { "content-type": "application/json", "x-test-address": address },
        body: JSON.stringify(body),
      }),
    me: async () => (await ask("/auth/me", { headers: {} })).body,
  };
  return self;
}
