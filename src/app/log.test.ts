import { PassThrough } from "node:stream";

import { expect, it } from "vitest";

import type { LogFields } from "../domain/index.ts";
import { createLog } from "./log.ts";

const KEY = "sk-ant-admin01-TESTabcdefghijk";

async function logged(fields: LogFields, event = "event"): Promise<string> {
  const stream = new PassThrough();
  const line = new Promise<string>((resolve) => stream.once("data", (chunk: Buffer) => resolve(chunk.toString())));
  createLog("trace", stream)("info", event, fields);
  return line;
}

it("writes a JSON line of the event and its fields", async () => {
  expect(JSON.parse(await logged({ path: "/v1/organizations/me", status: 200, ms: 12 }))).toMatchObject({
    level: "info",
    msg: "event",
    path: "/v1/organizations/me",
    status: 200,
  });
});

it("leaves out every field that is not on the list", async () => {
  const line = await logged({ "x-api-key": KEY, authorization: "secret", email: "ada@example.com", status: 1 });
  expect(line).not.toMatch(/TESTabc|secret|ada@/);
  expect(JSON.parse(line)).toMatchObject({ status: 1 });
});

it.each([
  ["in an allowed field", { path: `/v1/${KEY}` }, "event"],
  ["in the event", {}, `sent ${KEY}`],
])("takes out what looks like a key %s", async (_, fields, event) => {
  expect(await logged(fields, event)).not.toContain("TESTabc");
});

it("writes nothing below its level", async () => {
  const stream = new PassThrough();
  const log = createLog("warn", stream);
  log("debug", "quiet");
  log("error", "loud");
  const [first] = (await stream.take(1).toArray()) as Buffer[];
  expect(first?.toString()).toContain("loud");
});
