import { Hono, type Context } from "hono";
import { bodyLimit } from "hono/body-limit";

import { ASSISTANT_SCOPES, RateLimit } from "../access/index.ts";
import { Failure } from "../domain/index.ts";
import { countOauthArtifacts } from "../store/index.ts";
import { askProvider } from "./ask-provider.ts";
import { readClientMetadata } from "./client-metadata.ts";
import { consentRoutes } from "./consent-routes.ts";
import { ROUTES } from "./open-provider.ts";
import type { AuthorizationParts, BuiltInSettings, OAuthEnv } from "./parts.ts";
import type { Provider } from "./provider-types.ts";
import type { ServerKeys } from "./server-keys.ts";

export interface ServerParts extends Omit<AuthorizationParts, "settings"> {
  readonly settings: BuiltInSettings;
  readonly resource: () => string;
  readonly keys: () => Promise<ServerKeys>;
  readonly provider: () => Promise<Provider>;
}

/** Whoever registers again and again is slowed down; so is everybody, when many addresses do. */
const REGISTRATIONS = { burst: 10, everyMs: 60_000 };
const ALL_REGISTRATIONS = { burst: 100, everyMs: 10_000 };
const MOST_CLIENTS = 5_000;
const AUTHORIZATIONS = { burst: 30, everyMs: 2_000 };
/** Many people's assistants may share the address of whoever runs them. */
const TOKENS = { burst: 300, everyMs: 100 };

const MOST_BYTES = 32 * 1024;

/** What a client is taken to ask for that says nothing. */
const LEAST_SCOPES = "read own";

/** `/oauth/…`: the authorization server. */
export function serverRoutes(parts: ServerParts): Hono<OAuthEnv> {
  const { clock, settings, keys, store } = parts;
  const limits = {
    registrations: new RateLimit(clock, REGISTRATIONS),
    allRegistrations: new RateLimit(clock, ALL_REGISTRATIONS),
    authorizations: new RateLimit(clock, AUTHORIZATIONS),
    tokens: new RateLimit(clock, TOKENS),
  };
  const app = new Hono<OAuthEnv>();
  app.use(
    bodyLimit({
      maxSize: MOST_BYTES,
      onError: () => {
        throw new Failure("api.body_too_large", { most: MOST_BYTES });
      },
    }),
  );

  app.get(ROUTES.jwks, async (c) => {
    const { signing } = await keys();
    const { kty, crv, x, y, kid } = signing;
    return c.json({ keys: [{ kty, crv, x, y, kid, alg: "ES256", use: "sig" }] });
  });

  app.get(ROUTES.authorization, async (c) => {
    slow(limits.authorizations.take(c.get("address")));
    const { searchParams } = new URL(c.req.url);
    // The other ways back want a page with a script of its own.
    if ((searchParams.get("response_mode") ?? "query") !== "query") searchParams.delete("response_mode");
    const asked = (searchParams.get("scope") ?? "").split(" ");
    if (!ASSISTANT_SCOPES.some((one) => asked.includes(one))) {
      searchParams.set("scope", [...asked, LEAST_SCOPES].join(" ").trim());
    }
    return answer(c, `${ROUTES.authorization}?${searchParams.toString()}`);
  });
  app.get(`${ROUTES.authorization}/:uid`, (c) => answer(c, `${ROUTES.authorization}/${c.req.param("uid")}`));

  for (const path of [ROUTES.token, ROUTES.revocation]) {
    app.post(path, async (c) => {
      slow(limits.tokens.take(c.get("address")));
      return answer(c, path, await bodyOf(c));
    });
  }

  if (settings.registration) {
    app.post(ROUTES.registration, async (c) => {
      slow(limits.registrations.take(c.get("address")) || limits.allRegistrations.take(""));
      const read = readClientMetadata(jsonOf(await bodyOf(c)));
      if ("error" in read) return c.json({ error: read.error, error_description: read.problem }, 400);
      if ((await store.read((tx) => countOauthArtifacts(tx, "Client"))) >= MOST_CLIENTS) {
        throw new Failure("access.too_many_attempts", { seconds: 3_600 });
      }
      return answer(c, ROUTES.registration, Buffer.from(JSON.stringify(read.metadata)));
    });
  }

  app.route("/", consentRoutes(parts));
  return app;

  async function answer(c: Context<OAuthEnv>, target: string, body?: Buffer): Promise<Response> {
    const provider = await parts.provider();
    const question = { target, origin: parts.origin(), ...(body === undefined ? {} : { body }) };
    return askProvider(provider, c.req.raw, question);
  }
}

function slow(waitMs: number): void {
  if (waitMs > 0) throw new Failure("access.too_many_attempts", { seconds: Math.ceil(waitMs / 1_000) });
}

async function bodyOf(c: Context<OAuthEnv>): Promise<Buffer> {
  return Buffer.from(await c.req.arrayBuffer());
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8")) as unknown;
  } catch {
    return null;
  }
}
