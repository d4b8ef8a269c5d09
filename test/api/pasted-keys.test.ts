import { describe, expect, it } from "vitest";

import { catalog, runOperation } from "../../src/operations/index.ts";
import { readLeaves } from "../../src/store/index.ts";
import { testApi } from "../support/api.ts";
import { withBursar } from "../support/bursar.ts";
import { withSessions } from "../support/sessions.ts";

const SECRET = "TESTq8Zr4mWv2Lk9XcNb7Ys5Hd3Gf1";
const WORLD = { seed: 3, people: 2, days: 1, end: "2026-10-31", scale: 1 };

/** As a person may paste them (F64). */
const KEYS: readonly (readonly [what: string, key: unknown])[] = [
  ["nothing", ""],
  ["blanks", "   "],
  ["an API key for models", `sk-ant-api03-${SECRET}`],
  ["an OAuth token", `sk-ant-oat01-${SECRET}`],
  ["a space within", `sk-ant-admin01-TEST ${SECRET}`],
  ["a line end within", `sk-ant-admin01-TEST\n${SECRET}`],
  ["quotes", `"sk-ant-admin01-${SECRET}"`],
  ["ten kilobytes", `sk-ant-admin01-${SECRET.repeat(400)}`],
  ["letters that no key has", `sk-ant-admin01-${SECRET}é☃`],
  ["a zero byte", `sk-ant-admin01-${SECRET}\u0000`],
  ["half of a pair", `sk-ant-admin01-${SECRET}\ud800`],
  ["a number", 12345],
  ["a list", [`sk-ant-admin01-${SECRET}`]],
  ["an object", { key: `sk-ant-admin01-${SECRET}` }],
  ["null", null],
];

describe("a malformed key, pasted (F64)", () => {
  it("is answered 422 at its field, without a request and without an echo, whatever is wrong with it", () =>
    withBursar({ world: WORLD }, async (bursar) => {
      let asked = 0;
      const counted = () => Promise.reject(new Error(`upstream is asked, ${(asked += 1)} times`));
      // None is a probe of upstream, but each counts as one.
      const limits = { probesPerMinute: KEYS.length };
      const api = await testApi({
        ...bursar,
        limits,
        keyring: { clientOf: counted, clientFor: counted, put: counted },
      });
      const token = await api.token();
      const size = async () => (await bursar.store.read((tx) => readLeaves(tx, bursar.scope, 0, 1_000))).length;
      const before = await size();
      for (const [what, key] of KEYS) {
        const answer = await api.post("/api/v1/connect", token, { name: "main", key });
        const said = await answer.text();
        expect([what, answer.status]).toEqual([what, 422]);
        expect(said).not.toContain(SECRET.slice(0, 10));
        expect(said).not.toMatch(/\n\s+at /);
      }
      expect(asked).toBe(0);
      expect(JSON.stringify(api.events)).not.toContain(SECRET.slice(0, 10));
      // Each attempt is told in the trail; nothing else is kept, and no connection is there.
      expect(await (await api.get("/api/v1/list-connections", token)).json()).toMatchObject({ connections: [] });
      expect((await size()) - before).toBeLessThanOrEqual(KEYS.length);
    }));

  it("is not even looked at where who pastes it may not set keys", () =>
    withBursar({ world: WORLD }, async (bursar) => {
      const api = await testApi(bursar);
      for (const permissions of [["read"], ["read", "audit"]] as const) {
        const token = await api.token(permissions);
        const body = { name: "main", key: bursar.emulator.keys.admin };
        expect((await api.post("/api/v1/connect", token, body)).status).toBe(403);
      }
      expect(bursar.emulator.requests).toEqual([]);
    }));
});

it("a good key that is pasted twice at once becomes one connection", () =>
  withSessions(async ({ open, emulator }) => {
    const context = await open();
    const { url, keys } = await emulator(3);
    const connecting = { ...context, upstream: { url, isChosen: true } };
    const input = { name: "main", key: keys.admin };
    const both = await Promise.allSettled(
      [1, 2].map(async () => runOperation(connecting, await catalog.connect(), input)),
    );
    expect(both.some(({ status }) => status === "fulfilled")).toBe(true);
    const { connections } = await runOperation(context, await catalog.listConnections(), {});
    expect(connections).toHaveLength(1);
    expect((await runOperation(context, await catalog.sync(), {})).outcome).toBe("complete");
  }));
