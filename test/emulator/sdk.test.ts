import Anthropic from "@anthropic-ai/sdk";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createWorld } from "../../src/emulator/index.ts";
import type { Emulator } from "../../src/emulator/server/serve-world.ts";
import { serveWorld } from "../../src/emulator/server/serve-world.ts";
import { AdminApiDescription } from "./openapi.ts";

const description = new AdminApiDescription();

interface Step {
  /** `organization.users.list` */
  readonly method: string;
  readonly outcome: string;
}

interface Wired {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body: unknown;
}

let emulator: Emulator;
let client: Anthropic;
const wire: Wired[] = [];

beforeAll(async () => {
  emulator = await serveWorld(createWorld({ seed: 11, people: 8, days: 20, end: "2026-11-20", scale: 1 }));
  client = new Anthropic({
    baseURL: emulator.url,
    apiKey: emulator.keys.admin,
    maxRetries: 0,
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      const { pathname } = new URL(response.url);
      const body: unknown = await response
        .clone()
        .json()
        .catch(() => null);
      wire.push({ method: init?.method?.toUpperCase() ?? "GET", path: pathname, status: response.status, body });
      return response;
    },
  });
});
afterAll(() => emulator.close());

it("answers every method of the official SDK's organization resources, served or refused as documented", async () => {
  const served = servedCalls(client, emulator);
  const steps: Step[] = [];
  const names = [
    ...methodsOf(client.organization, "organization"),
    ...methodsOf(client.beta.organization, "beta.organization"),
  ];
  expect([...served.keys()].filter((name) => !names.some(({ method }) => method === name))).toEqual([]);
  // Removals last: they take away what the others ask for.
  const ordered = names.toSorted((a, b) => Number(isRemoval(a.method)) - Number(isRemoval(b.method)));
  for (const { method, invoke } of ordered) {
    wire.length = 0;
    const call = served.get(method);
    const result = await outcome(call ?? invoke);
    const last = wire.at(-1);
    expect(last, `${method} sent no request (${result})`).toBeDefined();
    const faults = last === undefined ? [] : description.faultsOf(last.method, last.path, last.status, last.body);
    expect(faults, method).toEqual([]);
    if (call !== undefined) expect(`${method} ${last?.status}`).toBe(`${method} 200`);
    else expect([403, 404], method).toContain(last?.status);
    steps.push({ method, outcome: `${last?.status} ${last?.method} ${generic(last?.path ?? "")} ${result}` });
  }
  const width = Math.max(...steps.map(({ method }) => method.length));
  const table = steps
    .toSorted((a, b) => (a.method < b.method ? -1 : 1))
    .map((step) => `${step.method.padEnd(width)}  ${step.outcome}`.trimEnd())
    .join("\n");
  await expect(`${table}\n`).toMatchFileSnapshot("../golden/sdk-walk.txt");
});

it("pages through every list with the SDK's own iterator", async () => {
  const { directory } = emulator.world;
  const users: string[] = [];
  for await (const user of client.organization.users.list({ limit: 3 })) users.push(user.id);
  expect(users.toSorted()).toEqual(directory.users.map((user) => user.id).toSorted());
  const limits: string[] = [];
  for await (const limit of client.organization.rateLimits.list({ limit: 1 })) limits.push(limit.id);
  expect(limits).toEqual(directory.rateLimits.map((limit) => limit.id));
  const question = {
    starting_at: "2026-11-12T00:00:00Z",
    ending_at: "2026-11-16T00:00:00Z",
    time_bucket_width: "1d" as const,
    group_by: ["model" as const],
  };
  const few: unknown[] = [];
  for await (const row of client.beta.organization.analytics.usage.list({ ...question, limit: 2 })) few.push(row);
  const many: unknown[] = [];
  for await (const row of client.beta.organization.analytics.usage.list({ ...question, limit: 1000 })) many.push(row);
  expect(few.length).toBeGreaterThan(2);
  expect(few).toEqual(many);
});

const isRemoval = (method: string): boolean => /\.(delete|remove|archive)$/.test(method);

/** `id` for an error's or an object's kind, so that the table does not depend on the invented ids. */
async function outcome(invoke: () => Promise<unknown>): Promise<string> {
  try {
    const value = await invoke();
    const data = typeof value === "object" && value !== null && "data" in value ? value.data : undefined;
    if (Array.isArray(data)) return "list";
    return typeof value === "object" && value !== null && "type" in value ? String(value.type) : typeof value;
  } catch (error) {
    if (!(error instanceof Anthropic.APIError)) throw error;
    return String(error.type);
  }
}

const generic = (path: string): string =>
  path
    .replace(/\/(?:(?:user|invite|wrkspc|apikey|spl)_01|rl_|walk_id)[^/]*/g, "/{id}")
    .replace("/v1/organizations", "");

interface Found {
  readonly method: string;
  readonly invoke: () => Promise<unknown>;
}

/** Every method of a resource and of the resources inside it, with arguments good enough to be sent. */
function methodsOf(resource: object, name: string): Found[] {
  const prototype: unknown = Object.getPrototypeOf(resource);
  const own = Object.getOwnPropertyNames(prototype).flatMap((method): Found[] => {
    const body: unknown = method === "constructor" ? undefined : Reflect.get(resource, method);
    if (typeof body !== "function") return [];
    return [
      {
        method: `${name}.${method}`,
        invoke: async () => {
          const sent: unknown = Reflect.apply(body, resource, plainArguments(body.toString()));
          return await sent;
        },
      },
    ];
  });
  const inner = Object.entries(resource).flatMap(([member, value]: [string, unknown]) =>
    typeof value === "object" && value !== null && member !== "_client" && "_client" in value
      ? methodsOf(value, `${name}.${member}`)
      : [],
  );
  return [...own, ...inner];
}

/** Reads the parameter names from a method's source: ids are texts, everything else is an object that has ids. */
function plainArguments(source: string): unknown[] {
  const list = /^[^(]*\(([^)]*)\)/.exec(source)?.[1] ?? "";
  return list
    .split(",")
    .map((parameter) => parameter.trim().replace(/ =.*/, ""))
    .filter((parameter) => parameter !== "options" && parameter !== "")
    .map((parameter) => (/^(params|query|body)$/.test(parameter) ? anyIds(source) : "walk_id"));
}

/** The path parameters that the method takes out of its params object. */
function anyIds(source: string): Record<string, string> {
  const taken = /const \{([^}]*)\} = params/.exec(source)?.[1] ?? "";
  const ids = taken
    .split(",")
    .map((name) => name.trim())
    .filter((name) => /^\w+$/.test(name) && name !== "betas");
  return Object.fromEntries(ids.map((name) => [name, "walk_id"]));
}

/** The methods that the emulator serves, with arguments that its world accepts. */
function servedCalls(sdk: Anthropic, { world }: Emulator): Map<string, () => Promise<unknown>> {
  const { directory } = world;
  const user = directory.users.find((candidate) => candidate.role === "developer")!;
  const others = directory.users.filter((candidate) => candidate.role !== "admin" && candidate !== user);
  const workspace = directory.workspaces.find(
    ({ id, archived_at }) => archived_at === null && id !== directory.defaultWorkspaceId,
  )!;
  const key = directory.apiKeys.find(({ status }) => status === "active")!;
  const limit = directory.rateLimits[0]!;
  const limits: Parameters<typeof sdk.organization.workspaces.rateLimits.update>[1]["limits"] = [
    { type: "requests_per_minute", value: 7 },
  ];
  const range = { starting_at: "2026-11-15T00:00:00Z", ending_at: "2026-11-20T00:00:00Z" };
  let made = 0;
  const fresh = (): number => (made += 1);
  const calls = new Map<string, () => Promise<unknown>>();
  for (const [prefix, organization] of [
    ["organization", sdk.organization],
    ["beta.organization", sdk.beta.organization],
  ] as const) {
    const isBeta = prefix === "beta.organization";
    const other = others[isBeta ? 1 : 0]!;
    const leaver = others[isBeta ? 3 : 2]!;
    const member = { workspace_id: workspace.id };
    const add = (name: string, run: () => PromiseLike<unknown>): void => {
      calls.set(`${prefix}.${name}`, async () => await run());
    };
    const spaces = organization.workspaces;
    const inWorkspace = async (): Promise<void> => {
      const isIn = directory.members.some((one) => one.user_id === other.id && one.workspace_id === workspace.id);
      if (!isIn) await spaces.members.add(workspace.id, { user_id: other.id, workspace_role: "workspace_user" });
    };
    const invite = () => organization.invites.create({ email: `walk${fresh()}@example.com`, role: "user" });
    add("retrieve", () => organization.retrieve());
    add("apiKeys.retrieve", () => organization.apiKeys.retrieve(key.id));
    add("apiKeys.update", () => organization.apiKeys.update(key.id, { name: "walked" }));
    add("apiKeys.list", () => organization.apiKeys.list({ limit: 5, status: "active" }));
    add("invites.create", invite);
    add("invites.retrieve", async () => organization.invites.retrieve((await invite()).id));
    add("invites.list", () => organization.invites.list({ statuses: ["pending"] }));
    add("invites.delete", async () => organization.invites.delete((await invite()).id));
    add("users.retrieve", () => organization.users.retrieve(user.id));
    add("users.update", () => organization.users.update(user.id, { role: "user" }));
    add("users.list", () => organization.users.list({ roles: ["admin", "developer"], limit: 2 }));
    add("users.remove", () => organization.users.remove(leaver.id));
    add("workspaces.create", () => spaces.create({ name: `Walk ${fresh()}` }));
    add("workspaces.retrieve", () => spaces.retrieve(directory.defaultWorkspaceId));
    add("workspaces.update", () => spaces.update(workspace.id, { tags: { walked: "yes" } }));
    add("workspaces.list", () => spaces.list({ include_archived: true, include_default: true }));
    add("workspaces.archive", async () => spaces.archive((await spaces.create({ name: `Walk ${fresh()}` })).id));
    add("workspaces.rateLimits.update", () => spaces.rateLimits.update(limit.id, { ...member, limits }));
    add("workspaces.rateLimits.list", () => spaces.rateLimits.list(workspace.id, { include_inherited: true }));
    add("workspaces.members.add", async () => {
      if (directory.members.some((one) => one.user_id === other.id && one.workspace_id === workspace.id)) {
        await spaces.members.remove(other.id, member);
      }
      return spaces.members.add(workspace.id, { user_id: other.id, workspace_role: "workspace_developer" });
    });
    add("workspaces.members.retrieve", async () => {
      await inWorkspace();
      return spaces.members.retrieve(other.id, member);
    });
    add("workspaces.members.update", async () => {
      await inWorkspace();
      return spaces.members.update(other.id, { ...member, workspace_role: "workspace_admin" });
    });
    add("workspaces.members.list", () => spaces.members.list(workspace.id, { limit: 3 }));
    add("workspaces.members.remove", async () => {
      await inWorkspace();
      return spaces.members.remove(other.id, member);
    });
    add("rateLimits.list", () => organization.rateLimits.list({ group_type: "model_group" }));
  }
  const beta = sdk.beta.organization;
  const scope = { type: "workspace" as const, workspace_id: workspace.id };
  const spend = () => beta.spendLimits.set({ scope, amount: "5000" });
  calls.set("beta.organization.analytics.usage.list", async () =>
    beta.analytics.usage.list({ ...range, group_by: ["actor", "model"], limit: 5 }),
  );
  calls.set("beta.organization.analytics.cost.list", async () =>
    beta.analytics.cost.list({ ...range, group_by: ["model", "cost_type"], limit: 5 }),
  );
  calls.set("beta.organization.spendLimits.list", async () => beta.spendLimits.list({ scope_type: ["workspace"] }));
  calls.set("beta.organization.spendLimits.set", async () => spend());
  calls.set("beta.organization.spendLimits.retrieve", async () => beta.spendLimits.retrieve((await spend()).id));
  calls.set("beta.organization.spendLimits.delete", async () => beta.spendLimits.delete((await spend()).id));
  return calls;
}
