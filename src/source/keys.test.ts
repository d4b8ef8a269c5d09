import { describe, expect, it } from "vitest";

import { isFailure } from "../domain/index.ts";
import { recogniseKey, type KeyKind } from "./keys.ts";

const BODY = "TEST-aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789";

function refusal(text: string, kind?: KeyKind): { message: string; hint: string } {
  try {
    recogniseKey(text, kind === undefined ? {} : { kind });
  } catch (thrown) {
    if (isFailure(thrown, "source.key_kind")) return thrown;
    throw thrown;
  }
  throw new Error("the key was accepted");
}

describe("recogniseKey", () => {
  it.each([
    [`sk-ant-admin01-${BODY}`, "admin"],
    [`sk-ant-admin02-${BODY}`, "admin"],
    [`sk-ant-admin-${BODY}`, "admin"],
    [`sk-ant-api01-${BODY}`, "scoped"],
  ])("accepts %s as %s", (key, kind) => {
    expect(recogniseKey(key)).toBe(kind);
  });

  it("accepts a key of the ordinary shape only when the operator calls it personal", () => {
    expect(recogniseKey(`sk-ant-api03-${BODY}`, { kind: "personal" })).toBe("personal");
    expect(refusal(`sk-ant-api03-${BODY}`, "admin").hint).toContain("--kind personal");
  });

  it.each([
    ["", "No key was given"],
    [" \n\t ", "Only white space"],
    [`sk-ant-admin01-${BODY} `, "a space or a line break"],
    [`sk-ant-admin01-${BODY}\n`, "a space or a line break"],
    [`sk-ant-admin01-\n${BODY}`, "a space or a line break"],
    [`"sk-ant-admin01-${BODY}"`, "in quotes"],
    [`'sk-ant-admin01-${BODY}'`, "in quotes"],
    [`“sk-ant-admin01-${BODY}”`, "a character in the key that no key has"],
    [`sk–ant–admin01–${BODY}`, "a character in the key that no key has"],
    [`sk-ant-admin01-\u0000${BODY}`, "a character in the key that no key has"],
    [`sk-ant-admin01-${"a".repeat(10_000)}`, "far too long"],
    ["sk-ant-admin01-abc...xyz", "masked hint"],
    ["sk-ant-api03-R2D...igAA", "masked hint"],
    ["sk-ant-admin01-abc…xyz", "masked hint"],
    ["sk-ant-admin01-abc", "too short"],
    ["sk-ant-admin", "too short"],
    [`sk-ant-api03-${BODY}`, "for calling models"],
    [`sk-ant-oat01-${BODY}`, "OAuth access token"],
    [`sk-ant-ort01-${BODY}`, "OAuth refresh token"],
    [`sk-ant-sid01-${BODY}`, "session cookie"],
    [`sk-ant-ccak01-${BODY}`, "Compliance API"],
    [`sk-ant-new99-${BODY}`, "of a kind that Bursar does not know"],
    ["apikey_01CdEfGhJkMnPqRsTuVwXyZa", "the id of a key"],
    ["wrkspc_01CdEfGhJkMnPqRsTuVwXyZa", "the id of an object"],
    ["4f0c1d2e-3a4b-4c5d-8e6f-7a8b9c0d1e2f", "UUID"],
    [`sk-proj-${BODY}`, "another provider"],
    [`sk-${BODY}`, "another provider"],
    [`sk-or-v1-${BODY}`, "OpenRouter"],
    ["AKIAIOSFODNN7EXAMPLE", "AWS"],
    ["ASIAIOSFODNN7EXAMPLE", "AWS"],
    [`AIza${BODY}`, "Google"],
    [`ghp_${BODY}`, "GitHub"],
    [`github_pat_${BODY}`, "GitHub"],
    ["xoxb-123456789012-abcdefghijkl", "Slack"],
    ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "JWT"],
    ["ada@example.com", "e-mail"],
    ["https://platform.claude.com/settings/admin-keys", "web address"],
    ["ANTHROPIC_ADMIN_KEY=sk-ant-admin01-abc", "assignment"],
    [`Bearer sk-ant-admin01-${BODY}`, "whole header"],
    ["-----BEGIN PRIVATE KEY-----", "PEM"],
    ["hunter2", "not a key of Anthropic"],
  ])("says what %j is instead, and what to do (F64)", (text, words) => {
    const { message, hint } = refusal(text);
    expect(message).toContain(words);
    expect(hint.length).toBeGreaterThan(30);
  });

  it("never repeats any part of what was pasted", () => {
    const secret = "zQ9wXk2vLm";
    const shapes = [
      secret,
      `sk-ant-oat01-${secret}`,
      `"sk-ant-admin01-${secret}"`,
      `${secret} ${secret}`,
      `sk-${secret}`,
      `X=${secret}`,
      `${secret}@example.com`,
      `https://${secret}.example`,
      `sk-ant-admin01-${secret}...`,
      `ghp_${secret}`,
    ];
    for (const shape of shapes) {
      const { message, hint } = refusal(shape);
      expect(message + hint).not.toContain(secret);
    }
  });
});
