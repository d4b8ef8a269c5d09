import { randomBytes } from "node:crypto";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  beginSession,
  newId,
  ROLE_PERMISSIONS,
  TOKEN_SCOPES,
  type Permission,
  type Role,
} from "../../src/access/index.ts";
import { servedOperations } from "../../src/api/served-operations.ts";
import { parseDay } from "../../src/domain/index.ts";
import { ensureTenant, insertAccount, insertConnection, putMembership, setSetting } from "../../src/store/index.ts";
import { testApi, type TestApi } from "../support/api.ts";
import { virtualClock } from "../support/clock.ts";
import { keepVersions, openTestStore, ORGANIZATION, type TestStore } from "../support/metrics-store.ts";
import { accountRow } from "../support/account-row.ts";

/** `default` is what the API answers for when none is named. */
const TENANTS = ["default", "globex"] as const;
type Tenant = (typeof TENANTS)[number];
interface Rights {
  readonly role: Role;
  readonly people?: boolean;
}

interface Route {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly needs: Permission;
}

/** Every route that shows or changes anything of a tenant. */
const ROUTES: readonly Route[] = [
  ...(await servedOperations()).map(({ method, name, operation }) => ({
    method,
    path: `/api/v1/${name}`,
    needs: operation.permission,
  })),
  { method: "GET", path: "/api/v1/me/capabilities", needs: "read" },
  { method: "GET", path: "/api/v1/events", needs: "read" },
  { method: "GET", path: "/api/v1/server", needs: "settings" },
];
const ROLES = Object.keys(ROLE_PERMISSIONS) as Role[];

let test: TestStore;
let api: TestApi;
const random = { bytes: (count: number) => randomBytes(count), fraction: () => 0.5 };
const clock = virtualClock(parseDay("2026-12-20") * 86_400_000);

beforeAll(async () => {
  test = await openTestStore("sqlite");
  await test.store.write((tx) => ensureTenant(tx, "globex", 0));
  const many = 1e9;
  const limits = { requestsPerMinute: many, anonymousPerMinute: many, probesPerMinute: many };
  api = await testApi({ store: test.store, clock, limits: { ...limits, exportsAtOnce: many, streamsAtOnce: many } });
});
afterAll(() => test.close());

interface Visitor {
  readonly accountId: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A new account with these rights, signed in with a cookie. */
async function signIn(rights: Partial<Record<Tenant, Rights>>): Promise<Visitor> {
  const accountId = newId(random, "a");
  const account = accountRow(accountId, { createdMs: clock.now() });
  const { token } = await test.store.write(async (tx) => {
    await insertAccount(tx, account);
    for (const name of TENANTS) {
      const given = rights[name];
      if (given === undefined) continue;
      const { tenantId } = await ensureTenant(tx, name, 0);
      const { role, people = false } = given;
      await putMembership(tx, { tenantId, accountId, role, people, personId: null, disabled: false });
    }
    return beginSession(tx, { clock, random }, account, { agent: "a test" });
  });
  return { accountId, headers: { cookie: `bursar=${token}` } };
}

interface Said {
  readonly status: number;
  readonly code: string | null;
  readonly body: Record<string, unknown>;
}

async function ask(
  route: Pick<Route, "method" | "path">,
  headers: Readonly<Record<string, string>>,
  body: unknown = {},
) {
  const carries = route.method === "POST";
  const answer = await api.app.request(route.path, {
    method: route.method,
    headers: { host: "127.0.0.1", ...headers, ...(carries ? { "content-type": "application/json" } : {}) },
    ...(carries ? { body: JSON.stringify(body) } : {}),
  });
  if (!(answer.headers.get("content-type") ?? "").includes("json")) {
    await answer.body?.cancel();
    return { status: answer.status, code: null, body: {} } satisfies Said;
  }
  const text = await answer.text();
  const said = text.startsWith("{") ? (JSON.parse(text.split("\n")[0]!) as Record<string, unknown>) : {};
  return { status: answer.status, code: answer.ok ? null : String(said["code"]), body: said } satisfies Said;
}

/** An order that nobody understands: whoever may give orders is told so, and nothing is ever done. */
const NONSENSE = { "no such member": 1 };

async function allowed(headers: Readonly<Record<string, string>>, tenant?: Tenant): Promise<string[]> {
  const paths: string[] = [];
  for (const route of ROUTES) {
    const { status, code } = await ask(
      route,
      { ...headers, ...(tenant === undefined ? {} : { "x-bursar-tenant": tenant }) },
      NONSENSE,
    );
    if (code === "access.forbidden") {
      expect([route.path, status]).toEqual([route.path, 403]);
      continue;
    }
    // What is let in is answered, or asked for what it lacks; single people may still be kept from it.
    expect([200, 422], `${route.path} ${status} ${code}`).toContain(status);
    paths.push(route.path);
  }
  return paths;
}

const may = (permissions: readonly Permission[]) =>
  ROUTES.filter(({ needs }) => permissions.includes(needs)).map(({ path }) => path);
const rightsOf = ({ role, people = false }: Rights): readonly Permission[] => [
  ...ROLE_PERMISSIONS[role],
  ...(people ? (["people"] as const) : []),
];

describe.each(ROLES)("a session of a %s", (role) => {
  it.each([false, true])("is let into what the role may, in each tenant; seeing individuals: %s", async (people) => {
    const [here, there]: Rights[] = [{ role, people }, { role: role === "viewer" ? "admin" : "viewer" }];
    const { headers } = await signIn({ default: here!, globex: there! });
    expect(await allowed(headers, "default")).toEqual(may(rightsOf(here!)));
    expect(await allowed(headers, "globex")).toEqual(may(rightsOf(there!)));
  });

  it("of one tenant finds no other", async () => {
    const { headers } = await signIn({ globex: { role } });
    for (const route of ROUTES) {
      for (const tenant of ["default", "none"]) {
        const { status, code } = await ask(route, { ...headers, "x-bursar-tenant": tenant }, NONSENSE);
        expect([route.path, status, code]).toEqual([route.path, 404, "api.unknown_tenant"]);
      }
    }
    expect(await allowed(headers)).toEqual(may(ROLE_PERMISSIONS[role]));
  });
});

it("an account of whom a second factor is demanded gets nowhere but to where it sets one up", async () => {
  const demand = (rule: string) =>
    test.store.write((tx) => setSetting(tx, api.contextOf(api.tenant).scope, "tenant.secondFactor", `"${rule}"`));
  const [admin, viewer] = [await signIn({ default: { role: "admin" } }), await signIn({ default: { role: "viewer" } })];
  const refused = async ({ headers }: Visitor) => {
    const paths: string[] = [];
    for (const route of ROUTES) {
      if ((await ask(route, headers, NONSENSE)).code === "access.second_factor_needed") paths.push(route.path);
    }
    return paths;
  };
  try {
    await demand("admins");
    const open = ["/api/v1/enrol-second-factor", "/api/v1/confirm-second-factor"];
    expect(await refused(admin)).toEqual(ROUTES.map(({ path }) => path).filter((path) => !open.includes(path)));
    expect(await refused(viewer)).toEqual([]);
    await demand("everybody");
    expect((await refused(viewer)).length).toBe(ROUTES.length - open.length);
  } finally {
    await demand("off");
  }
});

describe("a token", () => {
  const made = async (owner: Visitor, scopes: readonly Permission[], tenant: Tenant = "default") => {
    const order = { name: "narrow", scopes };
    const { status, body } = await ask(
      { method: "POST", path: "/api/v1/create-token" },
      { ...owner.headers, "x-bursar-tenant": tenant },
      order,
    );
    return { status, headers: { authorization: `Bearer ${String(body["token"])}` } };
  };

  it.each(TOKEN_SCOPES)("of the scope %s is let into nothing else, in its tenant alone", async (scope) => {
    const owner = await signIn({ default: { role: "admin", people: true }, globex: { role: "admin", people: true } });
    const { headers } = await made(owner, [scope]);
    expect(await allowed(headers, "default")).toEqual(may([scope]));
    const elsewhere = await ask(ROUTES[0]!, { ...headers, "x-bursar-tenant": "globex" });
    expect([elsewhere.status, elsewhere.code]).toEqual([404, "api.unknown_tenant"]);
  });

  it("is made for no more than one may, and shrinks with its owner until it opens nothing", async () => {
    const owner = await signIn({ default: { role: "auditor" } });
    for (const scope of TOKEN_SCOPES) {
      const wanted = ROLE_PERMISSIONS.auditor.some((one) => one === scope) ? 200 : 403;
      expect([scope, (await made(owner, [scope])).status]).toEqual([scope, wanted]);
    }
    const { headers } = await made(owner, ["read", "audit", "export"]);
    const admin = await signIn({ default: { role: "admin" } });
    const change = (order: object) =>
      ask({ method: "POST", path: "/api/v1/change-account" }, admin.headers, { account: owner.accountId, ...order });
    expect((await change({ role: "viewer" })).status).toBe(200);
    expect(await allowed(headers)).toEqual(may(["read"]));
    // What a role was changed to ends what was begun under the other.
    expect((await ask(ROUTES[0]!, owner.headers)).status).toBe(401);
    expect((await change({ disabled: true })).status).toBe(200);
    // Not at all of them: whoever shows wrong tokens is soon told to wait.
    for (const route of ROUTES.slice(0, 10))
      expect([route.path, (await ask(route, headers)).status]).toEqual([route.path, 401]);
  });
});

describe("whoever is not signed in", () => {
  it.each([
    ["without anything", {}],
    ["with a made-up session", { cookie: `bursar=${"x".repeat(43)}` }],
    ["with the cookie of another name", { cookie: `__Host-bursar=${"x".repeat(43)}` }],
    ["with a name and password in the header", { authorization: "Basic YTpi" }],
  ])("is told so at every route, %s", async (_, headers) => {
    for (const route of [...ROUTES, { method: "GET" as const, path: "/metrics" }])
      expect([route.path, (await ask(route, headers, NONSENSE)).status]).toEqual([route.path, 401]);
  });

  it("is not let in by a token in the address", async () => {
    const token = await api.token();
    for (const name of ["token", "access_token", "authorization", "bursar", "api_key"]) {
      const path = `/api/v1/status?${name}=${token}`;
      expect((await ask({ method: "GET", path }, {})).status).toBe(401);
      // With somebody's own rights it is a member that nobody knows, and is not repeated.
      const { headers } = await signIn({ default: { role: "admin" } });
      const refused = await ask({ method: "GET", path }, headers);
      expect(refused.status).toBe(422);
      expect(JSON.stringify(refused.body)).not.toContain(token);
    }
  });
});

describe("an id of another tenant", () => {
  /** What there is in the other tenant, and what stands for it where there is nothing. */
  const known: Record<string, string> = {};
  const NOTHING: Readonly<Record<string, string>> = {
    connection: "nothing",
    account: "a_0000000000000000",
    email: "nobody@example.com",
    session: "s_0000000000000000",
    token: "000000000000",
    person: "p_000000000000",
    view: "v_0000000000000000",
    record: "nothing@example.com",
  };
  let here: Visitor;
  let there: Visitor;
  const inGlobex = () => ({ ...there.headers, "x-bursar-tenant": "globex" });

  beforeAll(async () => {
    here = await signIn({ default: { role: "admin", people: true } });
    there = await signIn({ globex: { role: "admin", people: true } });
    const other = await test.store.write((tx) => ensureTenant(tx, "globex", 0));
    const scope = { ...test.scope, ...other, tenant: "globex" };
    await test.store.write((tx) =>
      insertConnection(tx, scope, {
        name: "globex-main",
        kind: "admin",
        organizationId: ORGANIZATION,
        organizationName: "Globex",
        upstream: "http://127.0.0.1:9",
        state: "active",
        fingerprint: "00000000",
        last4: null,
        backfillFrom: 0,
        capabilities: {},
        createdAt: clock.now(),
        rotatedAt: null,
        lastUsedAt: null,
      }),
    );
    const order = async (name: string, body: object) =>
      (await ask({ method: "POST", path: `/api/v1/${name}` }, inGlobex(), body)).body;
    const sessions = (await ask({ method: "GET", path: "/api/v1/list-sessions" }, inGlobex())).body["sessions"];
    const person = await order("save-person", { name: "Ann", emails: ["ann@globex.example"] });
    const view = await order("save-view", { name: "Mine", page: "/spend", query: "", shared: true });
    const token = await order("create-token", { name: "x", scopes: ["read"] });
    Object.assign(known, {
      connection: "globex-main",
      account: there.accountId,
      email: `${there.accountId}@example.com`,
      session: (sessions as { id: string }[])[0]!.id,
      token: token["id"],
      person: person["personId"],
      view: view["id"],
      record: "ann@globex.example",
    });
    const key = [ORGANIZATION, "2026-11-02", "ann@globex.example", "vscode"];
    const data = { date: "2026-11-02T00:00:00Z" };
    const version = { day: parseDay("2026-11-02"), key, data, atMs: clock.now(), ver: 1, state: "rec" as const };
    await keepVersions({ ...test, scope }, "claude_code", [version]);
    for (const [name, value] of Object.entries(known)) expect([name, value]).toEqual([name, expect.any(String)]);
  });

  const post = (path: string, body: (id: string) => object) => ({ method: "POST" as const, path, body });
  const get = (path: string) => ({ method: "GET" as const, path, body: () => ({}) });
  const RECORD = `prove-record?stream=claude_code&day=2026-11-02&key=${ORGANIZATION}&key=2026-11-02&key=ID&key=vscode`;

  it.each([
    ["connection", post("disconnect", (connection) => ({ connection }))],
    ["connection", post("disconnect", (connection) => ({ connection, purge: true }))],
    ["connection", post("probe", (connection) => ({ connection }))],
    ["connection", post("sync", (connection) => ({ connection }))],
    ["connection", post("backfill", (connection) => ({ connection, from: "all" }))],
    ["account", post("change-account", (account) => ({ account, disabled: true }))],
    ["email", post("change-account", (account) => ({ account, role: "viewer" }))],
    ["account", post("issue-sign-in-link", (account) => ({ account }))],
    ["email", post("issue-sign-in-link", (account) => ({ account }))],
    ["account", get("list-sessions?account=ID")],
    ["account", post("end-session", (account) => ({ account }))],
    ["session", post("end-session", (session) => ({ session }))],
    ["token", post("revoke-token", (id) => ({ id }))],
    ["person", get("person-usage?personId=ID")],
    ["person", post("save-person", (personId) => ({ personId, team: "Ours" }))],
    ["person", post("remove-person", (personId) => ({ personId }))],
    ["person", post("remove-person", (personId) => ({ personId, forget: true }))],
    ["person", post("set-licence-exception", (person) => ({ person, reason: "x" }))],
    ["person", post("change-account", (personId) => ({ account: here.accountId, personId }))],
    ["view", post("save-view", (id) => ({ id, name: "Taken", page: "/spend", query: "" }))],
    ["view", post("delete-view", (id) => ({ id }))],
    ["record", get(RECORD)],
  ])("(%s) is that of nothing: %j", async (kind, { method, path, body }) => {
    const asked = (id: string) =>
      ask({ method, path: `/api/v1/${path.replace("ID", encodeURIComponent(id))}` }, here.headers, body(id));
    const [theirs, nobodys] = [known[kind]!, NOTHING[kind]!];
    const refused = await asked(theirs);
    expect([refused.status, refused.body]).toEqual([404, expect.objectContaining({ status: 404 })]);
    const same = ({ status, body: { requestId: _requestId, ...said } }: Said, id: string) =>
      JSON.stringify([status, said]).replaceAll(id, "ID");
    expect(same(refused, theirs)).toBe(same(await asked(nobodys), nobodys));
  });

  it("stands in no list, and what it names is as it was", async () => {
    const lists = ROUTES.filter(({ method, path }) => method === "GET" && !path.endsWith("/events"));
    for (const { path } of lists) {
      const answer = await api.app.request(path, { headers: { host: "127.0.0.1", ...here.headers } });
      const said = await answer.text();
      for (const [kind, value] of Object.entries(known)) {
        // That somebody here tried an id is our own trail's to tell.
        const isOwnTry = kind === "person" && path === "/api/v1/list-audit";
        expect([path, kind, said.includes(value)]).toEqual([path, kind, isOwnTry]);
      }
    }
    const seen = async (path: string) => JSON.stringify((await ask({ method: "GET", path }, inGlobex())).body);
    expect(await seen("/api/v1/list-connections")).toContain(`"${known["connection"]}"`);
    expect(await seen("/api/v1/list-accounts")).toContain(`"${known["account"]}"`);
    expect(await seen("/api/v1/list-tokens")).toContain(`"${known["token"]}"`);
    expect(await seen("/api/v1/list-people")).toContain(`"${known["person"]}"`);
    expect(await seen("/api/v1/list-views")).toContain('"Mine"');
    expect(api.syncs.orders).toEqual([]);
  });
});
