import { expect, it } from "vitest";

import { onEveryEngine, tenantScope } from "../../test/support/stores.ts";
import {
  consumeOauthArtifact,
  countOauthArtifacts,
  deleteOauthArtifact,
  deleteOauthArtifactsOf,
  deleteOauthGrant,
  findOauthArtifact,
  findOauthGrant,
  insertOauthGrant,
  listOauthGrants,
  prolongOauthArtifact,
  putOauthArtifact,
  touchOauthGrant,
  type OauthGrantRow,
} from "./index.ts";

const GRANT: OauthGrantRow = {
  grantId: "g_000000000001",
  accountId: "a_000000000001",
  clientId: "https://client.example/client.json",
  clientName: "A client",
  scopes: ["read", "own"],
  createdMs: 1_000,
  expiresMs: 9_000,
  usedMs: null,
};

onEveryEngine((engine) => {
  const opened = async () => {
    const store = await (await engine.database()).open({ tables: [] });
    return { store, scope: await tenantScope(store) };
  };
  const hash = Buffer.alloc(32, 7);
  const artifact = {
    kind: "RefreshToken",
    idHash: hash,
    grantId: GRANT.grantId,
    payload: Buffer.from([1]),
    expiresMs: 5_000,
  };

  it("keeps a grant with its tenant, says when it was used, and forgets it with all that was issued", async () => {
    const { store, scope } = await opened();
    await store.write((tx) => insertOauthGrant(tx, scope, GRANT));
    await store.write((tx) => touchOauthGrant(tx, scope.tenantId, GRANT.grantId, 2_000));
    const found = await store.read((tx) => findOauthGrant(tx, GRANT.grantId));
    expect(found).toEqual({
      ...GRANT,
      usedMs: 2_000,
      tenant: { tenantId: scope.tenantId, name: "default", createdAt: 0 },
    });
    const listed = (nowMs: number) => store.read((tx) => listOauthGrants(tx, scope, nowMs));
    expect(await listed(8_999)).toHaveLength(1);
    expect(await listed(9_000)).toEqual([]);
    const other = await tenantScope(store, "acme");
    expect(await store.read((tx) => listOauthGrants(tx, other, 0))).toEqual([]);
    await store.write((tx) => putOauthArtifact(tx, artifact, 1_000));
    expect(await store.write((tx) => deleteOauthGrant(tx, other.tenantId, "g_000000000002"))).toBe(false);
    expect(await store.write((tx) => deleteOauthGrant(tx, scope.tenantId, GRANT.grantId))).toBe(true);
    expect(await store.read((tx) => findOauthGrant(tx, GRANT.grantId))).toBe(null);
    expect(await store.read((tx) => findOauthArtifact(tx, "RefreshToken", hash))).toBe(null);
  });

  it("keeps an artifact under its kind and hash, lets one use it up, and sweeps what has expired", async () => {
    const { store } = await opened();
    const found = (kind = "RefreshToken") => store.read((tx) => findOauthArtifact(tx, kind, hash));
    await store.write((tx) => putOauthArtifact(tx, artifact, 1_000));
    expect(await found()).toEqual({ payload: Buffer.from([1]), consumedMs: null, expiresMs: 5_000 });
    expect(await found("AuthorizationCode")).toBe(null);
    const consume = () => store.write((tx) => consumeOauthArtifact(tx, "RefreshToken", hash, 1_500));
    const both = await Promise.all([consume(), consume()]);
    expect(both.filter(Boolean)).toHaveLength(1);
    // Written again it stays used up.
    await store.write((tx) => putOauthArtifact(tx, { ...artifact, payload: Buffer.from([2]) }, 1_600));
    expect(await found()).toEqual({ payload: Buffer.from([2]), consumedMs: 1_500, expiresMs: 5_000 });
    await store.write((tx) => prolongOauthArtifact(tx, "RefreshToken", hash, 4_000));
    expect((await found())?.expiresMs).toBe(5_000);
    await store.write((tx) => prolongOauthArtifact(tx, "RefreshToken", hash, 6_000));
    const another = { ...artifact, idHash: Buffer.alloc(32, 8), expiresMs: 99_000 };
    await store.write((tx) => putOauthArtifact(tx, another, 5_999));
    expect(await store.read((tx) => countOauthArtifacts(tx, "RefreshToken"))).toBe(2);
    await store.write((tx) => putOauthArtifact(tx, another, 6_000));
    expect(await store.read((tx) => countOauthArtifacts(tx, "RefreshToken"))).toBe(1);
    await store.write((tx) => deleteOauthArtifactsOf(tx, "AuthorizationCode", GRANT.grantId));
    expect(await store.read((tx) => countOauthArtifacts(tx, "RefreshToken"))).toBe(1);
    await store.write((tx) => deleteOauthArtifactsOf(tx, "RefreshToken", GRANT.grantId));
    expect(await store.read((tx) => countOauthArtifacts(tx, "RefreshToken"))).toBe(0);
    await store.write((tx) => putOauthArtifact(tx, artifact, 1_000));
    await store.write((tx) => deleteOauthArtifact(tx, "RefreshToken", hash));
    expect(await found()).toBe(null);
  });
});
