import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FaultOrder } from "../../src/emulator/index.ts";
import type { Emulator } from "../../src/emulator/server/serve-world.ts";
import { serveWorld } from "../../src/emulator/server/serve-world.ts";
import { call, readAll } from "./calling.ts";
import { tinyWorld } from "./tiny-world.ts";

let emulator: Emulator;
beforeEach(async () => {
  emulator = await serveWorld(tinyWorld(10));
});
afterEach(() => emulator.close());

const arm = (order: FaultOrder | string) => emulator.faults.add(typeof order === "string" ? { id: order } : order);
const usage = "/usage_report/messages?starting_at=2026-11-18T00:00:00Z&group_by[]=model&group_by[]=workspace_id";
const costs = "/cost_report?starting_at=2026-11-18T00:00:00Z&group_by[]=description";
const code = "/usage_report/claude_code?starting_at=2026-11-18";

describe("data faults", () => {
  it("F33 writes a member twice", async () => {
    await arm("F33");
    const { text } = await call(emulator, usage);
    expect(text.match(/"uncached_input_tokens"/g)).toHaveLength(7);
    expect((await call(emulator, "/me")).text.match(/"id"/g)).toHaveLength(2);
  });

  it("F34 writes an integer above 2^53 digit for digit", async () => {
    await arm("F34");
    expect((await call(emulator, usage)).text).toContain('"uncached_input_tokens":9007199254740993,');
  });

  it("F35 writes odd amounts, as numbers where the API has numbers", async () => {
    await arm("F35");
    expect((await call(emulator, code)).text.match(/"amount":[^,]+/g)?.slice(0, 4)).toEqual([
      '"amount":1.10',
      '"amount":1e3',
      '"amount":-0',
      '"amount":0.30000000000000004',
    ]);
    expect((await call(emulator, costs)).text.match(/"amount":[^,]+/g)?.slice(0, 3)).toEqual([
      '"amount":"1.10"',
      '"amount":"0.1"',
      '"amount":"0.2"',
    ]);
  });

  it("F36 writes a negative count in the first row, or with rows=all in every one", async () => {
    await arm("F36");
    expect((await call(emulator, usage)).text.match(/:-7/g)).toHaveLength(1);
    await emulator.faults.clear();
    await arm({ id: "F36", params: { rows: "all" } });
    expect((await call(emulator, usage)).text.match(/:-7/g)).toHaveLength(6);
  });

  it("F37 writes null wherever null is allowed", async () => {
    await arm("F37");
    const row = (await call(emulator, usage)).json.data[0].results[0];
    expect([row.model, row.workspace_id, typeof row.output_tokens]).toEqual([null, null, "number"]);
    const key = (await call(emulator, "/api_keys")).json.data[0];
    expect([key.created_by, key.partial_key_hint, typeof key.name]).toEqual([null, null, "string"]);
  });

  it("leave an answer alone that another fault has emptied", async () => {
    await arm({ id: "F26", params: { status: "200" } });
    await arm("F38");
    const { status, text } = await call(emulator, "/me");
    expect([status, text]).toEqual([200, ""]);
  });

  it("F38 adds members nobody knows", async () => {
    await arm("F38");
    const page = (await call(emulator, code)).json;
    expect(page.data.every((row: object) => "x_new_in_2027" in row)).toBe(true);
    expect(page.x_page_hint).toBe("new");
  });

  it("F39 writes values nobody knows", async () => {
    await arm("F39");
    expect((await call(emulator, "/users")).json.data[0].role).toBe("chief_of_tokens");
    const row = (await call(emulator, code)).json.data[0];
    expect([row.terminal_type, row.customer_type, row.model_breakdown[0].model]).toEqual([
      "teleprinter",
      "barter",
      "claude-nova-9",
    ]);
  });

  it("F40 takes a required member away, or changes its type", async () => {
    await arm("F40");
    const missing = (await call(emulator, code)).json.data;
    expect(["core_metrics" in missing[0], "core_metrics" in missing[1]]).toEqual([false, true]);
    await emulator.faults.clear();
    await arm({ id: "F40", params: { mode: "type", member: "model_breakdown" } });
    expect((await call(emulator, code)).json.data[0].model_breakdown).toBe("a text");
  });

  it("F41 gives hostile names, the same ones each time", async () => {
    await arm("F41");
    const names = async (): Promise<string[]> =>
      (await call(emulator, "/users")).json.data.map((user: { name: string }) => user.name);
    const first = await names();
    expect(first[0]).toHaveLength(1_048_576);
    expect(first.slice(1).every((name) => /=HYPERLINK|<script>|\u202E|\u0000|\+cmd|Ignore all/.test(name))).toBe(true);
    expect(await names()).toEqual(first);
  });

  it("F42 writes __proto__ as a member", async () => {
    await arm("F42");
    const { text, json } = await call(emulator, "/me");
    expect(text).toContain('"__proto__":{"polluted":true}');
    expect(Object.hasOwn(json, "__proto__")).toBe(true);
  });

  it("F43 repeats a row with other figures", async () => {
    await arm("F43");
    const [first, second] = (await call(emulator, usage)).json.data[0].results;
    expect([second.model, second.workspace_id]).toEqual([first.model, first.workspace_id]);
    expect(second.uncached_input_tokens).toBe(4242);
    const line = (await call(emulator, costs)).json.data[0].results[1];
    expect(line.amount).toBe("42.420000");
    const users = (await call(emulator, "/users")).json.data;
    expect([users.length, users[1].id === users[0].id]).toEqual([7, true]);
  });

  it("leaves errors alone", async () => {
    await arm("F42");
    expect((await call(emulator, "/users/none")).text).not.toContain("__proto__");
  });
});

describe("paging faults", () => {
  const byPage = `${usage}&ending_at=2026-11-21T00:00:00Z&limit=1`;
  const byRow = `${code}&limit=4`;
  const byId = "/users?limit=2";
  const lists = [byPage, byRow, byId, "/rate_limits?limit=1"];
  const sorted = (items: readonly unknown[]): string[] => items.map((item) => JSON.stringify(item)).sort();

  it.each([byPage, byRow, "/rate_limits?limit=1"])("F44 puts an empty page before %s", async (list) => {
    const good = await readAll(emulator, list);
    await arm("F44");
    const first = (await call(emulator, list)).json;
    expect([first.data, typeof first.next_page]).toEqual([[], "string"]);
    expect(await readAll(emulator, list)).toEqual(good);
  });

  it.each(lists)("F46 repeats the first page of %s", async (list) => {
    const good = await readAll(emulator, list);
    await arm({ id: "F46", times: 1 });
    const repeated = await readAll(emulator, list);
    expect(repeated.length).toBeGreaterThan(good.length);
    expect(new Set(sorted(repeated))).toEqual(new Set(sorted(good)));
    expect(await readAll(emulator, list)).toEqual(good);
  });

  it.each(lists)("F47 gives the same items of %s in another order", async (list) => {
    const good = await readAll(emulator, list);
    await arm({ id: "F47", seed: 5 });
    const other = await readAll(emulator, list);
    const rows = (items: readonly unknown[]): unknown[] =>
      items.flatMap((item) => {
        const results = (item as { results?: unknown[] }).results;
        return results ?? [item];
      });
    expect(sorted(rows(other))).toEqual(sorted(rows(good)));
    if (list === byId || list === byRow) expect(other).not.toEqual(good);
  });

  it.each(lists)("F48 forgets one page token of %s", async (list) => {
    await arm("F48");
    await expect(readAll(emulator, list)).rejects.toThrow("400");
    await expect(readAll(emulator, list)).resolves.toBeDefined();
  });

  it.each([byPage, byRow, "/rate_limits?limit=1"])("F49 points a page of %s at itself", async (list) => {
    await arm("F49");
    const first = (await call(emulator, list)).json;
    const again = (await call(emulator, `${list}&page=${encodeURIComponent(first.next_page)}`)).json;
    expect(again).toEqual(first);
  });

  it("F49 points a later page by id at itself", async () => {
    await arm("F49");
    const first = (await call(emulator, byId)).json;
    const second = (await call(emulator, `${byId}&after_id=${first.last_id}`)).json;
    expect([second.last_id, second.has_more]).toEqual([first.last_id, true]);
  });

  it("F50 promises more without a cursor", async () => {
    await arm("F50");
    expect((await call(emulator, byRow)).json).toMatchObject({ has_more: true, next_page: null });
    expect((await call(emulator, byId)).json).toMatchObject({ has_more: true, last_id: null });
    expect((await call(emulator, "/rate_limits")).json.next_page).toBe("");
  });

  it.each(lists)("F51 never ends %s", async (list) => {
    const good = await readAll(emulator, list);
    await arm("F51");
    const tokens = new Set<string>();
    const items: unknown[] = [];
    for (let n = 0, cursor = ""; n < 30; n += 1) {
      const { json } = await call(emulator, list + cursor);
      const next: string = "last_id" in json ? json.last_id : json.next_page;
      items.push(...json.data);
      expect(tokens.has(next)).toBe(false);
      tokens.add(next);
      cursor = "last_id" in json ? `&after_id=${next}` : `&page=${encodeURIComponent(next)}`;
    }
    expect(items).toEqual(good);
  });

  it.each(lists)("F52 gives one item of %s twice or not at all, once", async (list) => {
    const good = await readAll(emulator, list);
    for (const [mode, change] of [
      ["duplicate", 1],
      ["skip", -1],
    ] as const) {
      const fault = await arm({ id: "F52", params: { mode } });
      expect(await readAll(emulator, list)).toHaveLength(good.length + change);
      expect(await readAll(emulator, list)).toEqual(good);
      await fault.remove();
    }
  });
});
