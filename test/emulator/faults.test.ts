import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FaultOrder } from "../../src/emulator/index.ts";
import { createWorld } from "../../src/emulator/index.ts";
import { TEST_CERTIFICATES } from "../../src/emulator/faults/test-certificates.ts";
import type { Emulator } from "../../src/emulator/server/serve-world.ts";
import { serveWorld } from "../../src/emulator/server/serve-world.ts";
import { call } from "./calling.ts";
import { rawRequest } from "./raw-request.ts";
import { tinyWorld } from "./tiny-world.ts";

let emulator: Emulator;
beforeEach(async () => {
  emulator = await serveWorld(tinyWorld(10));
});
afterEach(() => emulator.close());

const arm = (order: FaultOrder | string) => emulator.faults.add(typeof order === "string" ? { id: order } : order);
const statuses = async (count: number, path = "/me"): Promise<number[]> => {
  const list: number[] = [];
  for (let n = 0; n < count; n += 1) list.push((await call(emulator, path)).status);
  return list;
};

describe("status faults", () => {
  it("F01 gives one 429 with retry-after in seconds", async () => {
    await arm("F01");
    const refused = await call(emulator, "/me");
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "7"]);
    expect(refused.json.error.type).toBe("rate_limit_error");
    expect(await statuses(2)).toEqual([200, 200]);
  });

  it("F01 can tell the wait by the limiter's reset alone", async () => {
    await arm({ id: "F01", params: { header: "reset" } });
    const { headers } = await call(emulator, "/me");
    expect(headers.get("retry-after")).toBeNull();
    expect(headers.get("anthropic-ratelimit-requests-reset")).toBe("2026-11-21T00:00:07.000Z");
  });

  it("F02 gives retry-after as a date by the emulator's clock", async () => {
    await arm("F02");
    expect((await call(emulator, "/me")).headers.get("retry-after")).toBe("Sat, 21 Nov 2026 00:00:07 GMT");
  });

  it("F03 runs through odd values of retry-after", async () => {
    await arm("F03");
    const seen: (string | null)[] = [];
    for (let n = 0; n < 5; n += 1) seen.push((await call(emulator, "/me")).headers.get("retry-after"));
    expect(seen).toEqual(["-1", "1.5", "garbage", "99999999999", null]);
    expect(await statuses(1)).toEqual([200]);
  });

  it("F04 says until when, without retry-after", async () => {
    await arm("F04");
    const refused = await call(emulator, "/me");
    expect(refused.headers.get("retry-after")).toBeNull();
    expect(refused.json.error.details.error_code).toBe("enforced_spend_limit_reached");
    expect(refused.json.error.message).toContain("2026-12-01 at 00:00 UTC");
  });

  it.each([
    ["F05", [429, 429, 429, 429, 429, 429]],
    ["F06", [529, 529, 529, 200, 200, 200]],
    ["F07", [500, 502, 503, 504, 408, 200]],
    ["F08", [400, 400, 400, 400, 400, 400]],
    ["F09", [401, 401, 401, 401, 401, 401]],
    ["F10", [200, 200, 200, 200, 200, 401]],
    ["F11", [403, 403, 403, 403, 403, 403]],
    ["F12", [404, 404, 404, 404, 404, 404]],
    ["F13", [402, 402, 402, 402, 402, 402]],
  ])("%s answers %j", async (id, expected) => {
    await arm(id);
    expect(await statuses(6)).toEqual(expected);
  });

  it("keeps to match, after and times, and leaves with remove", async () => {
    const fault = await arm({ id: "F13", match: "users", after: 1, times: 2 });
    expect(await statuses(2)).toEqual([200, 200]);
    expect(await statuses(4, "/users")).toEqual([200, 402, 402, 200]);
    expect(fault.acted()).toBe(2);
    const query = await arm({ id: "F08", match: "users\\?limit=3" });
    expect(await statuses(1, "/users?limit=2")).toEqual([200]);
    expect(await statuses(1, "/users?limit=3")).toEqual([400]);
    await query.remove();
    expect(await statuses(1, "/users?limit=3")).toEqual([200]);
  });
});

describe("transport faults", () => {
  const path = "/users";

  it("F14 refuses connections until it is removed", async () => {
    const fault = await arm("F14");
    await expect(rawRequest(emulator, path)).rejects.toThrow("ECONNREFUSED");
    await fault.remove();
    expect((await call(emulator, path)).status).toBe(200);
  });

  it.each([
    ["self-signed", undefined, "DEPTH_ZERO_SELF_SIGNED_CERT"],
    ["expired", TEST_CERTIFICATES.expired.cert, "CERT_HAS_EXPIRED"],
    ["wrong-host", TEST_CERTIFICATES["wrong-host"].cert, "ERR_TLS_CERT_ALTNAME_INVALID"],
  ])("F15 offers a %s certificate and counts application bytes", async (certificate, ca, code) => {
    const fault = await arm({ id: "F15", params: { certificate } });
    const { url } = fault.observed() as { url: string };
    const port = Number(new URL(url).port);
    const refused = await new Promise<NodeJS.ErrnoException>((resolve) => {
      const socket = connectTls({ port, host: "127.0.0.1", ...(ca === undefined ? {} : { ca }) });
      socket.on("error", resolve);
    });
    expect(refused.code).toBe(code);
    expect(fault.observed()).toMatchObject({ connections: 1, applicationBytes: 0 });
    await new Promise<void>((resolve) => {
      const careless = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false }, () => {
        careless.write("secret");
      });
      careless.on("error", () => resolve());
      const look = setInterval(() => {
        if (fault.observed()["applicationBytes"] !== 6) return;
        clearInterval(look);
        careless.destroy();
        resolve();
      }, 5);
    });
    expect(fault.observed()).toMatchObject({ connections: 2, applicationBytes: 6 });
  });

  it("F16 has a port on which connecting hangs", async () => {
    const fault = await arm("F16");
    const { port } = new URL(String(fault.observed()["url"]));
    const outcome = await new Promise<string>((resolve) => {
      const socket = connectTcp(Number(port), "127.0.0.1");
      socket.on("connect", () => resolve("connected"));
      socket.on("error", (error) => resolve(error.message));
      setTimeout(() => {
        socket.destroy();
        resolve("hung");
      }, 300);
    });
    expect(outcome).toBe("hung");
  });

  it("F17 sends nothing at all", async () => {
    await arm("F17");
    expect(await rawRequest(emulator, path)).toEqual({ head: "", body: Buffer.alloc(0), ended: "open" });
    expect(emulator.requests.at(-1)?.status).toBeNull();
  });

  it.each([
    ["F18", "open"],
    ["F19", "reset"],
    ["F20", "fin"],
  ])("%s sends half of the announced body, then %s", async (id, ended) => {
    const whole = (await rawRequest(emulator, path)).body.byteLength;
    await arm(id);
    const answer = await rawRequest(emulator, path);
    expect(answer.head).toContain(`content-length: ${whole}`);
    // After a reset the kernel may have thrown away what was not read yet.
    if (ended !== "reset") expect(answer.body.byteLength).toBe(Math.floor(whole / 2));
    expect(answer.ended).toBe(ended);
    expect(await statuses(1, path)).toEqual([200]);
  });

  it("F21 never sends the last chunk", async () => {
    await arm("F21");
    const answer = await rawRequest(emulator, path);
    expect(answer.head).toContain("transfer-encoding: chunked");
    expect(answer.body.toString()).not.toContain("\r\n0\r\n");
    expect(answer.ended).toBe("fin");
    await arm("F21");
    await expect(call(emulator, path)).rejects.toThrow();
  });

  it("F22 cuts an unframed body inside the JSON, F23 where it parses", async () => {
    await arm("F22");
    const cut = await rawRequest(emulator, path);
    expect(cut.head).not.toMatch(/content-length|transfer-encoding/);
    expect(() => JSON.parse(cut.body.toString())).toThrow();
    await arm("F23");
    const whole = await rawRequest(emulator, path);
    expect(whole.head).not.toMatch(/content-length|transfer-encoding/);
    expect(JSON.parse(whole.body.toString())).toMatchObject({ data: { length: 3 }, has_more: false });
  });

  it("F24 redirects to another host and counts what arrives there", async () => {
    const fault = await arm("F24");
    const seen: [number, string | null][] = [];
    for (let n = 0; n < 4; n += 1) {
      const answer = await call(emulator, path);
      seen.push([answer.status, new URL(answer.headers.get("location") ?? "").hostname]);
    }
    expect(seen).toEqual([301, 302, 307, 308].map((status) => [status, "localhost"]));
    expect(fault.observed()).toMatchObject({ requests: 0, requestsWithKey: 0 });
    // A careless client follows, and node's fetch takes the key along.
    const headers = { "x-api-key": emulator.keys.admin, "anthropic-version": "2026-10-21" };
    await (await fetch(`${emulator.url}/v1/organizations/users`, { headers })).text();
    expect(fault.observed()).toMatchObject({ requests: 1, requestsWithKey: 1 });
  });
});

describe("body faults", () => {
  it("F25 sends HTML, F26 nothing, F29 an error under 200", async () => {
    await arm("F25");
    const html = await call(emulator, "/me");
    expect([html.status, html.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    expect(html.text).toMatch(/^<!DOCTYPE html>/);
    await arm("F26");
    const empty = [await call(emulator, "/me"), await call(emulator, "/me")];
    expect(empty.map((answer) => [answer.status, answer.text])).toEqual([
      [200, ""],
      [204, ""],
    ]);
    await arm("F29");
    const error = await call(emulator, "/me");
    expect([error.status, error.json.type]).toEqual([200, "error"]);
  });

  it("F27 is small on the wire and large when unpacked", async () => {
    await arm({ id: "F27", params: { megabytes: 70 } });
    const packed = await rawRequest(emulator, "/me", 1000);
    expect(packed.head).toContain("content-encoding: gzip");
    expect(packed.body.byteLength).toBeLessThan(1_000_000);
    await arm({ id: "F27", params: { megabytes: 70 } });
    const answer = await call(emulator, "/me");
    expect(answer.text.length).toBeGreaterThan(70 * 1_048_576);
    expect(answer.json.name).toBe("Example Corp");
    await arm({ id: "F27", params: { megabytes: 66, plain: true } });
    expect((await call(emulator, "/me")).headers.get("content-length")).toBe(String(66 * 1_048_576 + 89));
  });

  it("F28 lies about the content type only", async () => {
    await arm("F28");
    const answer = await call(emulator, "/me");
    expect([answer.headers.get("content-type"), answer.json.name]).toEqual(["text/plain", "Example Corp"]);
  });

  it("F30 cuts the JSON, F31 spoils the UTF-8, F32 puts a mark before it", async () => {
    const good = (await rawRequest(emulator, "/me")).body;
    await arm("F30");
    const cut = await rawRequest(emulator, "/me");
    expect(cut.body).toEqual(good.subarray(0, Math.floor(good.byteLength / 2)));
    expect(cut.head).toContain(`content-length: ${cut.body.byteLength}`);
    await arm("F31");
    const spoilt = (await rawRequest(emulator, "/me")).body;
    expect(() => new TextDecoder("utf-8", { fatal: true }).decode(spoilt)).toThrow();
    expect(JSON.parse(spoilt.toString()).type).toBe("organization");
    await arm("F32");
    const marked = (await rawRequest(emulator, "/me")).body;
    expect([...marked.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(marked.subarray(3)).toEqual(good);
  });

  it("F45 sends an array, then a string", async () => {
    await arm("F45");
    expect(Array.isArray((await call(emulator, "/users")).json)).toBe(true);
    expect(typeof (await call(emulator, "/users")).json).toBe("string");
    expect((await call(emulator, "/users")).json.data).toHaveLength(6);
  });
});

describe("faults of time", () => {
  it("F56 moves the clock into a day", async () => {
    await arm("F56");
    expect(new Date(emulator.clock.now()).toISOString()).toBe("2026-11-21T12:00:00.000Z");
    await arm({ id: "F56", params: { hours: 6 } });
    expect(new Date(emulator.clock.now()).toISOString()).toBe("2026-11-22T06:00:00.000Z");
  });

  it("F57, F58 and F59 change the past of the world and put it back", async () => {
    const invented = await serveWorld(createWorld({ seed: 5, people: 8, days: 60, end: "2026-11-20", scale: 1 }));
    try {
      const costs = async () =>
        (await call(invented, "/cost_report?starting_at=2026-10-01T00:00:00Z&limit=31&group_by[]=workspace_id")).text;
      const code = async (day: string): Promise<number> =>
        (await call(invented, `/usage_report/claude_code?starting_at=${day}&limit=1000`)).json.data.length;
      const before = await costs();
      const restated = await invented.faults.add({ id: "F59", params: { stream: "cost", day: "2026-10-08" } });
      expect(await costs()).not.toBe(before);
      await restated.remove();
      expect(await costs()).toBe(before);
      const rows = await code("2026-11-18");
      const vanished = await invented.faults.add({ id: "F58", params: { day: "2026-11-18", stream: "claude_code" } });
      expect(await code("2026-11-18")).toBe(rows - 1);
      await vanished.remove();
      const recent = await call(invented, "/cost_report?starting_at=2026-11-15T00:00:00Z");
      await invented.faults.add({ id: "F57" });
      expect((await call(invented, "/cost_report?starting_at=2026-11-15T00:00:00Z")).text).not.toBe(recent.text);
    } finally {
      await invented.close();
    }
  });
});
