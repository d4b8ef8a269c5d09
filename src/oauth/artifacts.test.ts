import { expect, it } from "vitest";

import { testRandom } from "../../test/support/bursar.ts";
import { virtualClock } from "../../test/support/clock.ts";
import { sqliteEngine } from "../../test/support/stores.ts";
import { hashOfOpaque } from "../access/index.ts";
import { findOauthArtifact, putOauthArtifact } from "../store/index.ts";
import { artifactsOf, type ArtifactParts } from "./artifacts.ts";

const engine = sqliteEngine();

async function opened() {
  const store = await (await engine.database()).open({ tables: [] });
  const clock = virtualClock(Date.UTC(2026, 10, 1));
  const ended: string[] = [];
  const parts: ArtifactParts = {
    store,
    clock,
    random: testRandom,
    key: { id: Buffer.alloc(16, 1), key: Buffer.alloc(32, 2) },
    onGrantEnd: async (grantId) => void ended.push(grantId),
    alreadyUsed: () => new Error("used already"),
  };
  return { store, clock, ended, parts, tokens: artifactsOf("RefreshToken", parts) };
}

it("gives back what was put until it expires, and says when it was used up", async () => {
  const { clock, tokens } = await opened();
  await tokens.upsert("secret", { jti: "secret", grantId: "g_1", scope: "read" }, 60);
  expect(await tokens.find("secret")).toEqual({ jti: "secret", grantId: "g_1", scope: "read" });
  await tokens.consume("secret");
  expect(await tokens.find("secret")).toMatchObject({ consumed: clock.now() / 1_000 });
  clock.set(clock.now() + 60_000);
  expect(await tokens.find("secret")).toBe(undefined);
});

it("lets nothing be used up twice, also by two who both found it unused", async () => {
  const { tokens } = await opened();
  await tokens.upsert("secret", { jti: "secret" }, 60);
  const both = await Promise.allSettled([tokens.consume("secret"), tokens.consume("secret")]);
  expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});

it("opens no payload that was moved to another id, another kind, or under another key", async () => {
  const { store, clock, parts, tokens } = await opened();
  await tokens.upsert("secret", { jti: "secret" }, 60);
  const row = (await store.read((tx) => findOauthArtifact(tx, "RefreshToken", hashOfOpaque("secret"))))!;
  expect(row.payload.toString("latin1")).not.toContain("secret");
  const moved = { kind: "RefreshToken", idHash: hashOfOpaque("mine"), grantId: null, ...row };
  await store.write((tx) => putOauthArtifact(tx, moved, clock.now()));
  expect(await tokens.find("mine")).toBe(undefined);
  const renamed = { ...moved, kind: "AuthorizationCode", idHash: hashOfOpaque("secret") };
  await store.write((tx) => putOauthArtifact(tx, renamed, clock.now()));
  expect(await artifactsOf("AuthorizationCode", parts).find("secret")).toBe(undefined);
  const stranger = { ...parts, key: { id: Buffer.alloc(16, 1), key: Buffer.alloc(32, 3) } };
  expect(await artifactsOf("RefreshToken", stranger).find("secret")).toBe(undefined);
});

it("tells of a grant that the provider ends, and takes with it what was issued", async () => {
  const { ended, parts, tokens } = await opened();
  await tokens.upsert("secret", { jti: "secret", grantId: "g_1" }, 60);
  await tokens.revokeByGrantId("g_2");
  expect(await tokens.find("secret")).toBeDefined();
  await tokens.revokeByGrantId("g_1");
  expect(await tokens.find("secret")).toBe(undefined);
  await artifactsOf("Grant", parts).destroy("g_1");
  expect(ended).toEqual(["g_1"]);
});
