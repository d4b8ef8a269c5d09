import { format, inspect } from "node:util";
import { describe, expect, it } from "vitest";

import { Secret } from "./secret.ts";

const KEY = "sk-ant-admin01-TEST-never-shown";

describe("a secret in memory", () => {
  it.each<[string, (secret: Secret) => string]>([
    ["a template", (secret) => String(secret)],
    ["JSON", (secret) => JSON.stringify({ deep: { secret } })],
    ["inspect", (secret) => inspect({ deep: { secret } }, { depth: 9, showHidden: true })],
    ["format", (secret) => format("%s %o %j", secret, secret, secret)],
    ["a list of its members", (secret) => JSON.stringify(Object.entries(secret)) + Reflect.ownKeys(secret).join("")],
    ["an error", (secret) => inspect(new Error("x", { cause: secret }))],
  ])("does not show in %s", (_, print) => {
    expect(print(Secret.ofText(KEY))).not.toContain("TEST");
  });

  it("shows as sealed", () => {
    const secret = Secret.ofText("é");
    expect([String(secret), JSON.stringify({ secret }), inspect(secret)]).toEqual([
      "[sealed]",
      '{"secret":"[sealed]"}',
      "[sealed]",
    ]);
    expect(secret.use((bytes) => bytes.toString("hex"))).toBe("c3a9");
  });

  it("is there for the one who uses it, and is gone once wiped", () => {
    const bytes = Buffer.from(KEY);
    const secret = new Secret(bytes);
    expect(secret.use(String)).toBe(KEY);
    secret.wipe();
    expect(bytes.equals(Buffer.alloc(KEY.length))).toBe(true);
    expect(() => secret.use(String)).toThrow("wiped");
  });
});
