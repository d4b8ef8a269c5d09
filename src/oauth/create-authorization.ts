import { Hono } from "hono";

import { isDueToTouch, RateLimit, signedByGrant, type Signed } from "../access/index.ts";
import { Failure } from "../domain/index.ts";
import { touchOauthGrant } from "../store/index.ts";
import { looksSigned, readAccessToken } from "./access-token.ts";
import { MOUNT_PATH } from "./ask-provider.ts";
import { challengeOf, RESOURCE_METADATA_PATH, RESOURCE_PATH } from "./challenge.ts";
import { ExternalTokens } from "./external-token.ts";
import { openProvider, ROUTES } from "./open-provider.ts";
import type { Authorization, AuthorizationMount, AuthorizationParts, BuiltInSettings, OAuthEnv } from "./parts.ts";
import type { Provider } from "./provider-types.ts";
import { openServerKeys, type ServerKeys } from "./server-keys.ts";
import { resourceMetadata, serverMetadata } from "./server-metadata.ts";
import { serverRoutes } from "./server-routes.ts";

/** Documents of clients that are fetched, of whoever: each is a request into the world. */
const DOCUMENTS = { burst: 20, everyMs: 3_000 };

/** Lets assistants in at `/mcp`. Nothing of the authorization server is loaded before somebody asks for it. */
export function createAuthorization(parts: AuthorizationParts): Authorization {
  const { origin, signedIn, settings } = parts;
  const resource = () => `${origin()}${RESOURCE_PATH}`;
  const own = settings.kind === "built-in" ? builtIn(parts, settings, resource) : null;
  const external = settings.kind === "external" ? new ExternalTokens({ ...parts, settings, resource }) : null;
  const issuer = () => (settings.kind === "external" ? settings.issuer : issuerOf(origin()));
  return {
    resource,
    mounts: [
      documents(RESOURCE_METADATA_PATH, ["/", RESOURCE_PATH], async () => resourceMetadata(resource(), issuer())),
      ...(own?.mounts ?? []),
    ],
    async authenticate(request, address) {
      if (new URL(request.url).searchParams.has("access_token")) throw new Failure("access.token_in_address");
      const text = /^Bearer +(\S+) *$/i.exec(request.headers.get("authorization") ?? "")?.[1];
      if (text === undefined) return null;
      if (!looksSigned(text)) return signedIn(request, address);
      const signed = (await own?.signed(text)) ?? (await external?.signed(text)) ?? null;
      if (signed === null) throw new Failure("access.grant_invalid");
      return signed;
    },
    challenge: (refusal) => challengeOf(origin(), refusal),
  };
}

interface BuiltIn {
  readonly mounts: readonly AuthorizationMount[];
  signed(text: string): Promise<Signed | null>;
}

function builtIn(parts: AuthorizationParts, settings: BuiltInSettings, resource: () => string): BuiltIn {
  const { store, clock, random, log, origin, safe } = parts;
  const fetches = new RateLimit(clock, DOCUMENTS);
  const keys = once<ServerKeys>(() => openServerKeys(safe, random));
  const provider = once<Provider>(async () =>
    openProvider({
      ...parts,
      settings,
      keys: await keys(),
      issuer: issuerOf(origin()),
      resource: resource(),
      mayFetch: () => fetches.take("") === 0,
    }),
  );
  /** Says nothing while nobody can sign: a client would be sent on to a server that cannot let it in. */
  const metadata = async () => {
    await keys();
    return serverMetadata(issuerOf(origin()), settings);
  };
  const inside = ["oauth-authorization-server", "openid-configuration"].map((name) => `/.well-known/${name}`);
  return {
    mounts: [
      {
        path: MOUNT_PATH,
        takesForms: [ROUTES.token, ROUTES.revocation].map((path) => `${MOUNT_PATH}${path}`),
        app: () => {
          const app = serverRoutes({ ...parts, settings, resource, keys, provider });
          for (const path of inside) app.get(path, async (c) => c.json(await metadata()));
          return app;
        },
      },
      ...inside.map((path) => documents(path, ["/", MOUNT_PATH], metadata)),
    ],
    async signed(text) {
      const expected = { issuer: issuerOf(origin()), audience: resource() };
      const shown = await readAccessToken(text, await keys(), expected, clock);
      if (shown === null) return null;
      const signed = await store.read((tx) => signedByGrant(tx, clock, shown));
      if (signed !== null && isDueToTouch(signed.seenMs, clock.now())) {
        const [{ tenantId }] = signed.tenants;
        // Nobody waits for it: while a sync writes, an answer would wait with it.
        store
          .write((tx) => touchOauthGrant(tx, tenantId, shown.grantId, clock.now()))
          .catch(() => log("warn", "access.not_touched"));
      }
      return signed;
    },
  };
}

function issuerOf(origin: string): string {
  return `${origin}${MOUNT_PATH}`;
}

/** The same document at some paths below one. */
function documents(path: string, below: readonly string[], document: () => Promise<object>): AuthorizationMount {
  return {
    path,
    app: () => {
      const app = new Hono<OAuthEnv>();
      for (const one of below) app.get(one, async (c) => c.json(await document()));
      return app;
    },
  };
}

/** Made at the first call; what failed is tried again. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () =>
    (made ??= make().catch((thrown: unknown) => {
      made = undefined;
      throw thrown;
    }));
}
