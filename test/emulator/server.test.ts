import { afterEach, describe, expect, it } from "vitest";
import { emulatorKeys } from "../../src/emulator/index.ts";
import type { Emulator, ServeOptions } from "../../src/emulator/server/serve-world.ts";
import { serveWorld } from "../../src/emulator/server/serve-world.ts";
import { ANALYTICS_BETA, call, readAll, SPEND_BETA } from "./calling.ts";
import { TINY, tinyWorld } from "./tiny-world.ts";

const open: Emulator[] = [];
afterEach(async () => {
  for (const emulator of open.splice(0)) await emulator.close();
});

async function start(options: ServeOptions = {}, codeRows = 3): Promise<Emulator> {
  const emulator = await serveWorld(tinyWorld(codeRows), options);
  open.push(emulator);
  return emulator;
}

const messages = (rest: string): string => `/usage_report/messages?starting_at=2026-11-01T00:00:00Z${rest}`;

describe("keys", () => {
  it.each([
    ["admin", "/me", 200],
    ["replacement", "/users", 200],
    ["personal", "/users", 200],
    ["analytics", "/me", 200],
    ["analytics", "/analytics/cost?starting_at=2026-11-18T00:00:00Z", 200],
    ["analytics", "/users", 403],
    ["analytics", "/usage_report/messages?starting_at=2026-11-01T00:00:00Z", 403],
    ["ordinary", "/me", 401],
    ["revoked", "/me", 401],
    ["expired", "/me", 401],
  ] as const)("lets the %s key read %s: %i", async (name, path, status) => {
    const emulator = await start();
    const answer = await call(emulator, path, { key: emulator.keys[name], beta: ANALYTICS_BETA });
    expect(answer.status).toBe(status);
  });

  it("names the scope that a scoped key lacks", async () => {
    const emulator = await start();
    const answer = await call(emulator, "/users", { key: emulator.keys.analytics });
    expect(answer.json.error.message).toContain("read:members");
    expect(answer.json.error.details.error_code).toBe("api_key_scope_missing");
  });

  it("refuses whatever could be a real key, and says why", async () => {
    const emulator = await start();
    const answer = await call(emulator, "/me", { key: "sk-ant-admin01-abcdefghijklmnop" });
    expect(answer.status).toBe(401);
    expect(answer.json.error.message).toContain("takes only keys that contain TEST");
  });

  it("shows the key of another organization that other, empty organization", async () => {
    const emulator = await start();
    const key = emulator.keys.otherOrganization;
    const me = await call(emulator, "/me", { key });
    expect(me.json.id).not.toBe(TINY.organization);
    expect(me.headers.get("anthropic-organization-id")).toBe(me.json.id);
    expect((await call(emulator, "/users", { key })).json.data).toEqual([]);
    const usage = await call(emulator, messages("&ending_at=2026-11-03T00:00:00Z"), { key });
    expect(usage.json.data.map((bucket: { results: unknown[] }) => bucket.results)).toEqual([[], []]);
  });

  it("gives each seed its own keys, all of them with TEST inside", () => {
    const keys = Object.values(emulatorKeys(1));
    expect(keys.every((key) => /^sk-ant-[a-z0-9]+-TEST-[a-z0-9-]+$/.test(key))).toBe(true);
    expect(new Set([...keys, ...Object.values(emulatorKeys(2))]).size).toBe(keys.length * 2);
  });

  it("refuses a key from the moment it is revoked", async () => {
    const emulator = await start();
    emulator.revoke(emulator.keys.admin);
    expect((await call(emulator, "/me")).status).toBe(401);
    expect((await call(emulator, "/me", { key: emulator.keys.replacement })).status).toBe(200);
  });

  it("takes the key as a bearer token too, as the official SDK sends it", async () => {
    const emulator = await start();
    const headers = { authorization: `Bearer ${emulator.keys.admin}`, "anthropic-version": "2026-10-21" };
    expect((await fetch(`${emulator.url}/v1/organizations/me`, { headers })).status).toBe(200);
  });
});

describe("checks and their order", () => {
  it.each([
    ["an unknown path before the key", "/nowhere", { key: "" }, 404],
    ["the key before the version", "/me", { key: "sk-ant-admin01-TEST-no", version: null }, 401],
    ["the kind of key before the version", "/service_accounts", { version: null }, 403],
    ["the version before the parameters", "/users?limit=0", { version: "1999-01-01" }, 400],
    ["the parameters before the object", "/users/user_none?x=1", {}, 400],
    ["the object last", "/users/user_none", {}, 404],
    ["the method of a known path", "/me", { method: "DELETE" }, 405],
    ["a missing beta header as a missing path", "/analytics/usage?starting_at=2026-11-18T00:00:00Z", {}, 404],
  ] as const)("checks %s", async (_name, path, options, status) => {
    const emulator = await start();
    const answer = await call(emulator, path, options);
    expect(answer.status).toBe(status);
    expect(answer.json.request_id).toBe(answer.headers.get("request-id"));
  });

  it("names the version header that is missing or unknown", async () => {
    const emulator = await start();
    expect((await call(emulator, "/me", { version: null })).json.error.message).toMatch(/^anthropic-version:/);
    expect((await call(emulator, "/me", { version: "2020-01-01" })).json.error.message).toMatch(/^anthropic-version:/);
    expect((await call(emulator, "/spend_limits", { version: null, beta: SPEND_BETA })).status).toBe(200);
  });
});

describe("versions", () => {
  it("drops workspace_id of keys and group_type of rate limits under 2026-10-21", async () => {
    const emulator = await start();
    for (const [version, present] of [
      ["2023-06-01", true],
      ["2026-10-21", false],
    ] as const) {
      const keys = await call(emulator, "/api_keys", { version });
      const limits = await call(emulator, "/rate_limits", { version });
      const ours = await call(emulator, `/workspaces/${TINY.workspace}/rate_limits`, { version });
      expect("workspace_id" in keys.json.data[0]).toBe(present);
      expect("group_type" in limits.json.data[0]).toBe(present);
      expect("group_type" in ours.json.data[0]).toBe(present);
    }
  });
});

describe("paging by id", () => {
  it("goes forward to the end and back to the beginning", async () => {
    const emulator = await start();
    const all = (await call(emulator, "/users")).json.data.map((user: { id: string }) => user.id);
    const first = (await call(emulator, "/users?limit=4")).json;
    expect([first.has_more, first.first_id, first.last_id]).toEqual([true, all[0], all[3]]);
    const second = (await call(emulator, `/users?limit=4&after_id=${first.last_id}`)).json;
    expect([second.has_more, second.data.length, second.last_id]).toEqual([false, 2, all[5]]);
    const back = (await call(emulator, `/users?limit=3&before_id=${second.first_id}`)).json;
    expect(back.data.map((user: { id: string }) => user.id)).toEqual(all.slice(1, 4));
    expect(back.has_more).toBe(true);
    const start_ = (await call(emulator, `/users?limit=3&before_id=${back.first_id}`)).json;
    expect([start_.data.length, start_.has_more]).toEqual([1, false]);
  });

  it("has null ids for an empty page", async () => {
    const emulator = await start();
    const page = (await call(emulator, "/users?email=nobody@example.com")).json;
    expect(page).toEqual({ data: [], has_more: false, first_id: null, last_id: null });
  });

  it.each([
    ["limit=0", "limit"],
    ["limit=1001", "limit"],
    ["limit=ten", "limit"],
    ["limit=1&limit=2", "limit"],
    ["after_id=user_none", "after_id"],
    [`after_id=${TINY.admin}&before_id=${TINY.admin}`, "after_id"],
    ["roles[]=king", "roles[]"],
    ["page_size=3", "page_size"],
  ])("refuses %s with a message that begins with %s:", async (query, field) => {
    const emulator = await start();
    const answer = await call(emulator, `/users?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.json.error.message.startsWith(`${field}: `)).toBe(true);
  });

  it("uses user ids for members", async () => {
    const emulator = await start();
    const path = `/workspaces/${TINY.workspace}/members`;
    const page = (await call(emulator, `${path}?limit=2`)).json;
    expect(page.last_id).toBe(page.data[1].user_id);
    expect(await readAll(emulator, `${path}?limit=2`)).toHaveLength(3);
  });
});

describe("lists and their filters", () => {
  it("hides the default and archived workspaces until asked", async () => {
    const emulator = await start();
    const ids = async (query: string): Promise<string[]> =>
      ((await readAll(emulator, `/workspaces${query}`)) as { id: string }[]).map(({ id }) => id);
    expect(await ids("")).toEqual([TINY.claudeCodeWorkspace, TINY.workspace]);
    expect(await ids("?include_default=true")).toContain(TINY.defaultWorkspace);
    expect(await ids("?include_archived=true")).toContain(TINY.archivedWorkspace);
    expect(await ids(`?ids[]=${TINY.workspace}&ids[]=wrkspc_none`)).toEqual([TINY.workspace]);
    expect((await call(emulator, `/workspaces/${TINY.defaultWorkspace}`)).json.name).toBe("Default");
  });

  it("compares e-mails without case and plus tags", async () => {
    const emulator = await start();
    const page = (await call(emulator, "/users?email=ADA.example%2Bnews@Example.com")).json;
    expect(page.data.map((user: { id: string }) => user.id)).toEqual([TINY.admin]);
  });

  it("lets invites and keys expire by the clock", async () => {
    const emulator = await start();
    expect((await call(emulator, "/invites?statuses[]=pending")).json.data).toHaveLength(1);
    expect((await call(emulator, "/api_keys?status=expired")).json.data).toHaveLength(0);
    emulator.clock.set(Date.UTC(2026, 11, 2));
    expect((await call(emulator, "/invites?statuses[]=pending")).json.data).toHaveLength(0);
    expect((await call(emulator, "/api_keys?status=expired")).json.data).toHaveLength(1);
  });

  it("pages rate limits by cursor, whole without a limit, and knows no unknown model", async () => {
    const emulator = await start();
    const whole = (await call(emulator, "/rate_limits")).json;
    expect(whole.next_page).toBeNull();
    expect("has_more" in whole).toBe(false);
    expect(await readAll(emulator, "/rate_limits?limit=1")).toEqual(whole.data);
    expect((await call(emulator, "/rate_limits?model=claude-opus-5")).json.data).toHaveLength(1);
    expect((await call(emulator, "/rate_limits?model=gpt")).status).toBe(404);
  });

  it("shows inherited workspace limits only when asked", async () => {
    const emulator = await start();
    const path = `/workspaces/${TINY.workspace}/rate_limits`;
    expect((await call(emulator, path)).json.data[0].limits).toHaveLength(1);
    const whole = (await call(emulator, `${path}?include_inherited=true`)).json;
    expect(whole.data).toHaveLength(2);
    expect(whole.data[0].limits.map((limit: { source: { type: string } }) => limit.source.type)).toEqual([
      "workspace",
      "organization",
    ]);
  });

  it("lists spend limits only with the beta header", async () => {
    const emulator = await start();
    expect((await call(emulator, "/spend_limits")).status).toBe(404);
    const page = (await call(emulator, "/spend_limits?scope_type[]=usage_tier", { beta: `x, ${SPEND_BETA}` })).json;
    expect(page.data.map((limit: { id: string }) => limit.id)).toEqual([TINY.tierLimit]);
  });
});

describe("legacy reports", () => {
  it("gives whole buckets, the empty and the running one too, up to an exclusive end", async () => {
    const emulator = await start({ startAt: Date.UTC(2026, 10, 21, 12) });
    const bounds = async (query: string): Promise<string[]> => {
      const { json } = await call(emulator, `/cost_report?${query}&limit=31`);
      return json.data.map((bucket: { starting_at: string }) => bucket.starting_at.slice(0, 10));
    };
    expect(await bounds("starting_at=2026-11-18T00:00:00Z&ending_at=2026-11-20T00:00:00Z")).toEqual([
      "2026-11-18",
      "2026-11-19",
    ]);
    expect(await bounds("starting_at=2026-11-18T00:00:01Z")).toEqual(["2026-11-19", "2026-11-20"]);
    expect(await bounds("starting_at=2026-11-20T00:00:00Z&ending_at=2026-11-23T00:00:00Z")).toEqual([
      "2026-11-20",
      "2026-11-21",
    ]);
    expect(await bounds("starting_at=2026-11-19T23:00:00-01:00&ending_at=2026-11-21T00:00:00Z")).toEqual([
      "2026-11-20",
    ]);
  });

  it.each([
    ["the end is not after the start", "starting_at=2026-11-18T00:00:00Z&ending_at=2026-11-18T00:00:00Z"],
    ["the range is 00:00:00 to 23:59:59 of a day", "starting_at=2026-11-18T00:00:00Z&ending_at=2026-11-18T23:59:59Z"],
    ["the start is today and there is no end", "starting_at=2026-11-21T00:00:00Z"],
    ["the start lies in the middle of yesterday and there is no end", "starting_at=2026-11-20T12:00:00Z"],
  ])("refuses when %s, and tells clients not to retry", async (_name, query) => {
    const emulator = await start({ startAt: Date.UTC(2026, 10, 21, 12) });
    const answer = await call(emulator, `/cost_report?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.json.error.message).toBe("Invalid date range: ending date must be after starting date");
    expect(answer.headers.get("x-should-retry")).toBe("false");
  });

  it.each([
    ["1d", 31, 7],
    ["1h", 168, 24],
    ["1m", 1440, 60],
  ])("pages %s buckets by %i at most, %i without a limit", async (width, most, usual) => {
    const emulator = await start();
    const asked = (limit: string) => call(emulator, messages(`&bucket_width=${width}${limit}`));
    expect((await asked("")).json.data.length).toBe(usual);
    expect((await asked(`&limit=${most}`)).status).toBe(200);
    expect((await asked(`&limit=${most + 1}`)).json.error.message).toMatch(/^limit: /);
  });

  it.each([
    ["&ending_at=yesterday", "ending_at"],
    ["&ending_at=2026-11-30", "ending_at"],
    ["&ending_at=2026-02-30T00:00:00Z", "ending_at"],
    ["&ending_at=2026-11-30T00:00:00", "ending_at"],
    ["&bucket_width=1w", "bucket_width"],
    ["&group_by[]=mood", "group_by[]"],
    ["&service_tiers[]=gold", "service_tiers[]"],
    ["&context_windows[]=0-200k", "context_windows[]"],
    ["&page=nonsense", "page"],
    ["&page=page_nonsense", "page"],
  ])("refuses %s with a message that begins with the field", async (query, field) => {
    const emulator = await start();
    const answer = await call(emulator, messages(query));
    expect([answer.status, answer.json.error.message.split(": ")[0]]).toEqual([400, field]);
  });

  it("refuses a sixth dimension", async () => {
    const emulator = await start();
    const names = ["model", "api_key_id", "workspace_id", "service_tier", "context_window", "inference_geo"];
    const six = await call(emulator, messages(names.map((name) => `&group_by[]=${name}`).join("")));
    expect(six.status).toBe(400);
    expect(six.json.error.message).toContain("more than 5 group_by[] dimensions cannot be specified");
  });

  it("needs starting_at", async () => {
    const emulator = await start();
    expect((await call(emulator, "/usage_report/messages")).json.error.message).toBe("starting_at: Field required");
  });

  it("pages through the same rows as one page holds, and a token gives its page again", async () => {
    const emulator = await start();
    const query = messages("&ending_at=2026-11-21T00:00:00Z&group_by[]=model");
    const whole = (await call(emulator, `${query}&limit=31`)).json;
    expect(whole.data).toHaveLength(20);
    expect(await readAll(emulator, `${query}&limit=6`)).toEqual(whole.data);
    const first = (await call(emulator, `${query}&limit=6`)).json;
    const page = `${query}&limit=6&page=${encodeURIComponent(first.next_page)}`;
    const before = await call(emulator, page);
    emulator.clock.advance(3 * 86_400_000);
    expect((await call(emulator, page)).text).toBe(before.text);
  });

  it("binds a token to its query", async () => {
    const emulator = await start();
    const token = (await call(emulator, messages("&limit=2"))).json.next_page;
    expect(Buffer.from(token.slice(5), "base64").toString()).toContain("2026-11-03T00:00:00Z");
    const other = await call(emulator, messages(`&limit=2&group_by[]=model&page=${token}`));
    expect(other.json.error.message).toBe("page: The page token does not match the query parameters");
  });
});

describe("the Claude Code report", () => {
  const day = "/usage_report/claude_code?starting_at=2026-11-20";

  it("stays with the rows of its first page however the clock moves", async () => {
    const emulator = await start({}, 10);
    const first = (await call(emulator, `${day}&limit=4`)).json;
    const next = `${day}&limit=4&page=${encodeURIComponent(first.next_page)}`;
    const second = await call(emulator, next);
    emulator.clock.set(Date.UTC(2026, 10, 20));
    expect((await call(emulator, `${day}&limit=4`)).json.data).toEqual([]);
    expect((await call(emulator, next)).text).toBe(second.text);
  });

  it("pages by records, 20 without a limit", async () => {
    const emulator = await start({}, 45);
    expect((await call(emulator, day)).json.data).toHaveLength(20);
    expect(await readAll(emulator, day)).toHaveLength(45);
    expect((await call(emulator, `${day}&limit=1001`)).json.error.message).toMatch(/^limit: /);
  });

  it.each(["2026-11-20T00:00:00Z", "2026-11-31", "20 Nov"])("refuses %s as a day", async (text) => {
    const emulator = await start();
    const answer = await call(emulator, `/usage_report/claude_code?starting_at=${text}`);
    expect([answer.status, answer.json.error.message.split(":")[0]]).toEqual([400, "starting_at"]);
  });
});

describe("analytics", () => {
  const beta = ANALYTICS_BETA;
  const ask = (emulator: Emulator, path: string) => call(emulator, `/analytics/${path}`, { beta });
  const week = "starting_at=2026-11-10T00:00:00Z&ending_at=2026-11-17T00:00:00Z";

  it.each([
    ["before 2026", "usage?starting_at=2025-12-31T00:00:00Z&ending_at=2026-01-02T00:00:00Z", "starting_at"],
    ["too long", "usage?starting_at=2026-10-01T00:00:00Z&ending_at=2026-11-02T00:00:00Z", "ending_at"],
    ["too long for minutes", `usage?${week}&time_bucket_width=1m`, "ending_at"],
    ["without an end for buckets", "usage?starting_at=2026-11-10T00:00:00Z&time_bucket_width=1d", "ending_at"],
    ["ordered by time without buckets", `usage?${week}&order_by=time`, "order_by"],
    ["ordered by a measure of the other report", `usage?${week}&order_by=amount`, "order_by"],
    ["without deleted people, not by actor", `usage?${week}&exclude_deleted_users=true`, "exclude_deleted_users"],
    ["by cost_type in usage", `usage?${week}&group_by[]=cost_type`, "group_by[]"],
    ["with an unknown product", `cost?${week}&products[]=toaster`, "products[]"],
    ["with the singular filter name", `cost?${week}&context_window[]=0-200k`, "context_window[]"],
  ])("refuses a question %s", async (_name, path, field) => {
    const emulator = await start();
    const answer = await ask(emulator, path);
    expect([answer.status, answer.json.error.message.split(":")[0]]).toEqual([400, field]);
  });

  it("refuses a start more than 365 days ago", async () => {
    const emulator = await start({ startAt: Date.UTC(2027, 5, 1) });
    const answer = await ask(emulator, "usage?starting_at=2026-05-30T00:00:00Z");
    expect(answer.json.error.message).toMatch(/^starting_at: /);
  });

  it("orders by size unless told otherwise, and by time when asked", async () => {
    const emulator = await start();
    const query = `usage?${week}&time_bucket_width=1d&group_by[]=model`;
    const totals = (answer: { json: { data: { usage: { total_tokens: number } }[] } }): number[] =>
      answer.json.data.map((row) => row.usage.total_tokens);
    const bySize = totals(await ask(emulator, query));
    expect(bySize).toEqual(bySize.toSorted((a, b) => b - a));
    const byTime = (await ask(emulator, `${query}&order_by=time&order=asc`)).json.data.map(
      (row: { starting_at: string }) => row.starting_at,
    );
    expect(byTime).toEqual(byTime.toSorted());
    expect(new Set(byTime).size).toBe(7);
  });

  it("counts groups, not their fan-out, toward the limit, and five dimensions besides", async () => {
    const emulator = await start();
    const fanned = await ask(emulator, `cost?${week}&group_by[]=model&group_by[]=token_type&limit=1`);
    expect(fanned.json.data).toHaveLength(2);
    expect(fanned.json.has_more).toBe(true);
    const five = ["actor", "model", "product", "speed", "workspace_id", "cost_type", "token_type"];
    const wide = await ask(emulator, `cost?${week}${five.map((name) => `&group_by[]=${name}`).join("")}`);
    expect(wide.status).toBe(200);
  });

  it("pages through the same rows as one page holds", async () => {
    const emulator = await start();
    const query = `/analytics/usage?${week}&time_bucket_width=1d&group_by[]=model`;
    const whole = await readAll(emulator, `${query}&limit=1000`, { beta });
    expect(whole).toHaveLength(14);
    expect(await readAll(emulator, `${query}&limit=3`, { beta })).toEqual(whole);
  });
});

describe("rate limits", () => {
  it("answers a hundred requests, then 429 with what the client needs, and fills by the clock", async () => {
    const emulator = await start({ rateLimit: "documented" });
    for (let n = 0; n < 100; n += 1) {
      const { status, headers } = await call(emulator, "/me");
      expect([status, headers.get("anthropic-ratelimit-requests-remaining")]).toEqual([200, String(99 - n)]);
    }
    const refused = await call(emulator, "/me");
    expect(refused.status).toBe(429);
    expect(refused.json.error.type).toBe("rate_limit_error");
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(refused.headers.get("anthropic-ratelimit-requests-limit")).toBe("100");
    expect(refused.headers.get("anthropic-ratelimit-requests-reset")).toBe("2026-11-21T00:00:01Z");
    emulator.clock.advance(1000);
    expect((await call(emulator, "/me")).status).toBe(200);
    expect((await call(emulator, "/me")).status).toBe(429);
  });

  it("counts analytics apart, sixty a minute, and other organizations apart", async () => {
    const emulator = await start({ rateLimit: "documented" });
    const ask = () => call(emulator, "/analytics/usage?starting_at=2026-11-18T00:00:00Z", { beta: ANALYTICS_BETA });
    for (let n = 0; n < 60; n += 1) await ask();
    expect((await ask()).status).toBe(429);
    expect((await call(emulator, "/me")).status).toBe(200);
    const key = emulator.keys.otherOrganization;
    expect((await call(emulator, "/me", { key })).headers.get("anthropic-ratelimit-requests-remaining")).toBe("99");
  });

  it("never refuses when switched off", async () => {
    const emulator = await start();
    for (let n = 0; n < 120; n += 1) await call(emulator, "/me");
    expect((await call(emulator, "/me")).status).toBe(200);
  });
});

describe("clock and log", () => {
  it("sets the Date header by the one clock, which stands still", async () => {
    const emulator = await start();
    expect((await call(emulator, "/me")).headers.get("date")).toBe("Sat, 21 Nov 2026 00:00:00 GMT");
    emulator.clock.advance(90_000);
    expect((await call(emulator, "/me")).headers.get("date")).toBe("Sat, 21 Nov 2026 00:01:30 GMT");
  });

  it("remembers requests by fingerprint, never by key", async () => {
    const told: unknown[] = [];
    const emulator = await start({ log: (request) => told.push(request) });
    const answer = await call(emulator, "/users?limit=1");
    expect(emulator.requests).toEqual([
      {
        method: "GET",
        path: "/v1/organizations/users",
        query: "limit=1",
        status: 200,
        requestId: answer.headers.get("request-id"),
        keyFingerprint: expect.stringMatching(/^[0-9a-f]{8}$/),
        at: Date.UTC(2026, 10, 21),
        faults: [],
      },
    ]);
    expect(told).toEqual(emulator.requests);
    expect(JSON.stringify(emulator.requests)).not.toContain("sk-ant");
  });
});
