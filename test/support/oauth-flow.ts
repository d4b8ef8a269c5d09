import { createHash, randomBytes } from "node:crypto";

import type { Permission } from "../../src/access/index.ts";
import type { TestAccount, TestBrowser, TestOAuth } from "./oauth.ts";

/** A client by hand, to do what no honest client does. */
export interface RawClient {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly verifier: string;
  /** An authorization request; an absent member is left out. */
  request(changed?: Readonly<Record<string, string | undefined>>): URL;
  /** Asks the token endpoint. */
  token(form: Readonly<Record<string, string>>): Promise<TokenAnswer>;
  /** Exchanges a code as it should be. */
  exchange(code: string, changed?: Readonly<Record<string, string>>): Promise<TokenAnswer>;
  refresh(token: string): Promise<TokenAnswer>;
  revoke(token: string): Promise<number>;
}

export interface TokenAnswer {
  readonly status: number;
  readonly body: {
    readonly error?: string;
    readonly access_token?: string;
    readonly refresh_token?: string;
    readonly scope?: string;
    readonly token_type?: string;
  };
}

export interface Connected {
  readonly client: RawClient;
  readonly account: TestAccount;
  readonly browser: TestBrowser;
  readonly access: string;
  readonly refresh: string;
}

const REDIRECT = "http://127.0.0.1:49152/callback";

export async function register(server: Pick<TestOAuth, "origin">, redirectUri = REDIRECT): Promise<RawClient> {
  const response = await post(`${server.origin}/oauth/register`, {
    client_name: "A client by hand",
    redirect_uris: [redirectUri],
    grant_types: ["authorization_code", "refresh_token"],
  });
  const { client_id: clientId } = (await response.json()) as { client_id: string };
  return clientOf(server, clientId, redirectUri);
}

function clientOf({ origin }: Pick<TestOAuth, "origin">, clientId: string, redirectUri: string): RawClient {
  const verifier = randomBytes(32).toString("base64url");
  const self: RawClient = {
    clientId,
    redirectUri,
    verifier,
    request(changed = {}) {
      const url = new URL(`${origin}/oauth/authorize`);
      const params: Record<string, string | undefined> = {
        client_id: clientId,
        response_type: "code",
        redirect_uri: redirectUri,
        scope: "read export own",
        state: "a state",
        resource: `${origin}/mcp`,
        code_challenge: createHash("sha256").update(verifier).digest("base64url"),
        code_challenge_method: "S256",
        ...changed,
      };
      for (const [name, value] of Object.entries(params)) if (value !== undefined) url.searchParams.set(name, value);
      return url;
    },
    async token(form) {
      const body = new URLSearchParams({ client_id: clientId, ...form });
      const response = await fetch(`${origin}/oauth/token`, { method: "POST", body });
      return { status: response.status, body: (await response.json()) as TokenAnswer["body"] };
    },
    exchange: (code, changed = {}) =>
      self.token({
        grant_type: "authorization_code",
        code,
        redirect_uri: redirectUri,
        code_verifier: verifier,
        ...changed,
      }),
    refresh: (token) => self.token({ grant_type: "refresh_token", refresh_token: token }),
    async revoke(token) {
      const body = new URLSearchParams({ client_id: clientId, token });
      return (await fetch(`${origin}/oauth/revoke`, { method: "POST", body })).status;
    },
  };
  return self;
}

export interface ConnectOptions {
  readonly account?: TestAccount;
  readonly client?: RawClient;
  readonly tenant?: string;
  readonly scopes?: readonly Permission[];
  readonly request?: Readonly<Record<string, string | undefined>>;
}

/** What of a server a person's browser and a client need. */
type AskedServer = Pick<TestOAuth, "origin" | "account" | "browser">;

/** Registering and signing in are slowed down: what needs no client or browser of its own shares one. */
const shared = new WeakMap<AskedServer | TestAccount, unknown>();

async function once<T>(of: AskedServer | TestAccount, make: () => Promise<T>): Promise<T> {
  const made = (shared.get(of) as Promise<T> | undefined) ?? make();
  shared.set(of, made);
  return made;
}

async function signedIn(server: AskedServer, account: TestAccount): Promise<TestBrowser> {
  const browser = server.browser();
  await browser.signIn(account);
  return browser;
}

/** A code, as a person who is signed in allows it. */
export async function codeFor(server: AskedServer, options: ConnectOptions = {}) {
  const account = options.account ?? (await server.account());
  const browser = await once(account, () => signedIn(server, account));
  const client = options.client ?? (await once(server, () => register(server)));
  const begun = await browser.begin(client.request(options.request));
  if (!("uid" in begun)) throw new Error(`the request ended at ${begun.endsAt.href}`);
  const { tenant = "default", scopes = ["read", "own"] } = options;
  const back = await browser.decide(begun.uid, { decision: "allow", tenant, scopes });
  return { client, account, browser, back, code: back.searchParams.get("code") ?? "" };
}

/** Somebody's assistant, connected. */
export async function connected(server: AskedServer, options: ConnectOptions = {}): Promise<Connected> {
  const { client, account, browser, code } = await codeFor(server, options);
  const { status, body } = await client.exchange(code);
  if (body.access_token === undefined) throw new Error(`the code was answered ${status} ${body.error}`);
  return { client, account, browser, access: body.access_token, refresh: body.refresh_token ?? "" };
}

export function post(
  address: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

/** Asks `/mcp` for its tools with a token, as a client of the newest revision does. */
export function askMcp(
  { origin }: Pick<TestOAuth, "origin">,
  token: string | null,
  {
    headers = {},
    call,
    path = "/mcp",
  }: {
    readonly headers?: Readonly<Record<string, string>>;
    /** A tool in place of the list. */
    readonly call?: string;
    readonly path?: string;
  } = {},
): Promise<Response> {
  const method = call === undefined ? "tools/list" : "tools/call";
  const meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "test", version: "0" },
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  return post(
    `${origin}${path}`,
    {
      jsonrpc: "2.0",
      id: 1,
      method,
      params: { ...(call === undefined ? {} : { name: call, arguments: {} }), _meta: meta },
    },
    {
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": method,
      ...(call === undefined ? {} : { "mcp-name": call }),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
  );
}
