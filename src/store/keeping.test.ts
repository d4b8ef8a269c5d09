import { expect, it } from "vitest";

import { onEveryEngine, tenantScope, type TestEngine } from "../../test/support/stores.ts";
import { isFailure, type FailureCode } from "../domain/index.ts";
import {
  acquireLease,
  assertLease,
  coverageOf,
  currentLease,
  deleteSecret,
  ensureTenant,
  findConnection,
  findTenant,
  getSecret,
  getSetting,
  getStreamStates,
  insertConnection,
  insertDek,
  insertRun,
  listActorOwners,
  listConnections,
  listDeks,
  listPeople,
  listRuns,
  listSecrets,
  listTenants,
  loadPeople,
  putSecret,
  releaseLease,
  removeActorOwner,
  renewLease,
  replaceWrapped,
  setActorOwner,
  setCoverage,
  setSetting,
  setStreamState,
  updateConnection,
  type ConnectionRow,
  type CoverageRow,
  type PersonRow,
  type StreamStateRow,
} from "./index.ts";

async function open(engine: TestEngine) {
  const store = await (await engine.database()).open({ tables: [] });
  return { store, scope: await tenantScope(store), other: await tenantScope(store, "other") };
}

const fails = (code: FailureCode) => (thrown: unknown) => isFailure(thrown, code);

const connection: Omit<ConnectionRow, "connectionId"> = {
  name: "main",
  kind: "admin",
  organizationId: "org",
  organizationName: "Example, Inc.",
  upstream: "https://api.anthropic.com",
  state: "active",
  fingerprint: "0123abcd",
  last4: null,
  backfillFrom: 20_000,
  capabilities: { admin_api: true, list: [1, "x", null] },
  createdAt: 1_700_000_000_000,
  rotatedAt: null,
  lastUsedAt: null,
};

onEveryEngine((engine) => {
  it("makes a tenant once", async () => {
    const { store, scope } = await open(engine);
    const again = await store.write((tx) => ensureTenant(tx, "default", 99));
    expect(again).toEqual({ tenantId: scope.tenantId, name: "default", createdAt: 0 });
    expect(await store.read((tx) => findTenant(tx, "nobody"))).toBeNull();
    expect((await store.read(listTenants)).map(({ name }) => name)).toEqual(["default", "other"]);
  });

  it("keeps connections whole, each tenant its own", async () => {
    const { store, scope, other } = await open(engine);
    const made = await store.write((tx) => insertConnection(tx, scope, connection));
    expect(made).toEqual({ connectionId: 1, ...connection });
    expect(await store.read((tx) => findConnection(tx, scope, "main"))).toEqual(made);
    expect(await store.read((tx) => findConnection(tx, other, "main"))).toBeNull();
    const second = await store.write((tx) => insertConnection(tx, scope, { ...connection, name: "second" }));
    expect(second.connectionId).toBe(2);
    await store.write((tx) =>
      updateConnection(tx, scope, 1, { state: "invalid", last4: null, capabilities: null, lastUsedAt: 5 }),
    );
    const changed = { ...made, state: "invalid", capabilities: null, lastUsedAt: 5 };
    expect(await store.read((tx) => listConnections(tx, scope))).toEqual([changed, second]);
  });

  it("refuses a second connection of one name", async () => {
    const { store, scope, other } = await open(engine);
    const insert = (name: string) => store.write((tx) => insertConnection(tx, scope, { ...connection, name }));
    await insert("main");
    await insert("second");
    await expect(insert("main")).rejects.toSatisfy(fails("store.name_taken"));
    const renaming = store.write((tx) => updateConnection(tx, scope, 2, { name: "main" }));
    await expect(renaming).rejects.toSatisfy(fails("store.name_taken"));
    await store.write((tx) => updateConnection(tx, scope, 2, { name: "second", lastUsedAt: 1 }));
    await store.write((tx) => insertConnection(tx, other, connection));
  });

  it("keeps sealed values by purpose and name, each version over the one before", async () => {
    const { store, scope, other } = await open(engine);
    const secret = { purpose: "admin_key", id: "1", version: 1, dekVersion: 1, blob: Buffer.from([0, 1, 255]) };
    await store.write(async (tx) => {
      await putSecret(tx, scope, secret);
      await putSecret(tx, scope, { ...secret, purpose: "signing_key" });
      await putSecret(tx, scope, { ...secret, version: 2, blob: Buffer.alloc(0) });
    });
    const found = await store.read((tx) => getSecret(tx, scope, "admin_key", "1"));
    expect(found).toEqual({ ...secret, version: 2, blob: Buffer.alloc(0) });
    expect(await store.read((tx) => getSecret(tx, scope, "signing_key", "1"))).toMatchObject({ blob: secret.blob });
    expect(await store.read((tx) => listSecrets(tx, other))).toEqual([]);
    await store.write((tx) => deleteSecret(tx, scope, "admin_key", "1"));
    expect(await store.read((tx) => listSecrets(tx, scope))).toEqual([{ purpose: "signing_key", id: "1" }]);
  });

  it("never overwrites a data key with another one", async () => {
    const { store, scope } = await open(engine);
    const dek = { version: 1, keyId: Buffer.alloc(16, 1), wrapped: Buffer.alloc(61, 2) };
    await store.write((tx) => insertDek(tx, scope, dek));
    await expect(store.write((tx) => insertDek(tx, scope, dek))).rejects.toThrow();
    const anew = { ...dek, wrapped: Buffer.alloc(61, 3) };
    await store.write((tx) => replaceWrapped(tx, scope, anew));
    const stranger = { ...anew, keyId: Buffer.alloc(16, 9) };
    await expect(store.write((tx) => replaceWrapped(tx, scope, stranger))).rejects.toThrow("no data key");
    expect(await store.read((tx) => listDeks(tx, scope))).toEqual([anew]);
  });

  it("keeps coverage by day; setting some days leaves the others", async () => {
    const { store, scope } = await open(engine);
    const row = (day: number, changes: Partial<CoverageRow> = {}): CoverageRow => {
      return { day, state: "partial", readAtMs: 1, revised: 0, refreshedAtMs: null, ...changes };
    };
    const whole = row(20_001, { state: "complete", readAtMs: 9, revised: 2, refreshedAtMs: 7 });
    await store.write(async (tx) => {
      await setCoverage(tx, scope, "org", "usage_by_key", [row(20_002), row(20_001)]);
      await setCoverage(tx, scope, "org", "usage_by_key", [whole]);
      await setCoverage(tx, scope, "other", "usage_by_key", [row(1)]);
      await setCoverage(tx, scope, "org", "cost_report", []);
    });
    expect(await store.read((tx) => coverageOf(tx, scope, "org", "usage_by_key"))).toEqual([whole, row(20_002)]);
    expect(await store.read((tx) => coverageOf(tx, scope, "org", "cost_report"))).toEqual([]);
    expect(await store.read((tx) => coverageOf(tx, scope, "none", "usage_by_key"))).toEqual([]);
  });

  it("keeps what the last run said about each stream, whatever upstream wrote in it", async () => {
    const { store, scope } = await open(engine);
    const state: StreamStateRow = {
      organizationId: "org",
      stream: "cost_report",
      connectionId: 1,
      state: "refused",
      failureCode: "source.not_permitted",
      message: "no ' \" \\ ; drop table 😀",
      hint: null,
      requestId: "req_1",
      lastTriedMs: 10,
      lastSucceededMs: null,
    };
    const ok = { ...state, state: "ok", message: null, lastSucceededMs: 11 } as const;
    await store.write(async (tx) => {
      await setStreamState(tx, scope, state);
      await setStreamState(tx, scope, { ...state, stream: "users" });
      await setStreamState(tx, scope, ok);
    });
    expect(await store.read((tx) => getStreamStates(tx, scope))).toEqual([ok, { ...state, stream: "users" }]);
    await store.write((tx) => setStreamState(tx, scope, { ...state, message: "a\0b" }));
    expect((await store.read((tx) => getStreamStates(tx, scope)))[0]?.message).toMatch(/^a.b$/su);
  });

  it("lists the last runs, the newest first", async () => {
    const { store, scope } = await open(engine);
    for (const startedMs of [10, 30, 20]) {
      const run = {
        runId: `r${startedMs}`,
        startedMs,
        endedMs: startedMs + 1,
        outcome: "partial",
        report: { n: startedMs },
      };
      await store.write((tx) => insertRun(tx, scope, run));
    }
    const runs = await store.read((tx) => listRuns(tx, scope, 2));
    expect(runs.map(({ runId, report }) => [runId, report])).toEqual([
      ["r30", { n: 30 }],
      ["r20", { n: 20 }],
    ]);
  });

  it("lets one writer at a time have the lease, and the next one when it is given back or has expired", async () => {
    const { store, scope, other } = await open(engine);
    const acquire = (holder: string, nowMs: number, as = scope) =>
      store.write((tx) => acquireLease(tx, as, { holder, nowMs, ttlMs: 100 }));
    expect(await acquire("one", 1000)).toEqual({ acquired: true, token: 1, untilMs: 1100 });
    expect(await acquire("two", 1099)).toEqual({ acquired: false, holder: "one", untilMs: 1100 });
    expect(await acquire("two", 1099, other)).toMatchObject({ acquired: true, token: 1 });
    await store.write((tx) => renewLease(tx, scope, { token: 1, nowMs: 1090, ttlMs: 100 }));
    expect(await acquire("two", 1150)).toMatchObject({ acquired: false, untilMs: 1190 });
    await store.write((tx) => releaseLease(tx, scope, 1));
    expect(await acquire("two", 1160)).toEqual({ acquired: true, token: 2, untilMs: 1260 });
    expect(await acquire("three", 1260)).toEqual({ acquired: true, token: 3, untilMs: 1360 });
    expect(await store.read((tx) => currentLease(tx, scope))).toEqual({ holder: "three", untilMs: 1360, token: 3 });
  });

  it("undoes what a former holder writes, and refuses its renewal", async () => {
    const { store, scope } = await open(engine);
    const acquire = (holder: string, nowMs: number) =>
      store.write((tx) => acquireLease(tx, scope, { holder, nowMs, ttlMs: 100 }));
    const writeAs = (token: number) =>
      store.write(async (tx) => {
        await setSetting(tx, scope, "by", String(token));
        await assertLease(tx, scope, token);
      });
    await expect(writeAs(1)).rejects.toSatisfy(fails("sync.lease_lost"));
    await acquire("one", 0);
    await writeAs(1);
    await acquire("two", 100);
    await expect(writeAs(1)).rejects.toSatisfy(fails("sync.lease_lost"));
    const renewing = store.write((tx) => renewLease(tx, scope, { token: 1, nowMs: 110, ttlMs: 100 }));
    await expect(renewing).rejects.toSatisfy(fails("sync.lease_lost"));
    await store.write((tx) => releaseLease(tx, scope, 1));
    expect(await store.read((tx) => currentLease(tx, scope))).toMatchObject({ holder: "two", untilMs: 200 });
    expect(await store.read((tx) => getSetting(tx, scope, "by"))).toBe("1");
  });

  it("gives the lease to one of two processes that ask at once", async () => {
    const database = await engine.database();
    const stores = [await database.open({ tables: [] }), await database.open({ tables: [] })];
    const scope = await tenantScope(stores[0]!);
    const answers = await Promise.all(
      stores.map((store, n) =>
        store.write((tx) => acquireLease(tx, scope, { holder: `process ${n}`, nowMs: 0, ttlMs: 100 })),
      ),
    );
    expect(answers.filter(({ acquired }) => acquired)).toHaveLength(1);
  });

  it("makes the people those of the list, and keeps the owners of actors", async () => {
    const { store, scope, other } = await open(engine);
    const ada: PersonRow = {
      personId: "p_000000000001",
      name: "Ada",
      emails: ["ada@x.test", "a.l@x.test"],
      team: "Engines",
      costCentre: null,
      manager: "grace@x.test",
      startsOn: 19_000,
      endsOn: null,
      inRoster: true,
    };
    const bob: PersonRow = {
      ...ada,
      personId: "p_000000000002",
      name: "Bob",
      emails: [],
      inRoster: false,
      startsOn: null,
    };
    const owner = { actor: "key:ci", kind: "person", personId: ada.personId, service: null } as const;
    const service = { actor: "key:bot", kind: "service", personId: null, service: "bot" } as const;
    await store.write(async (tx) => {
      await loadPeople(tx, scope, [bob, ada]);
      await setActorOwner(tx, scope, { ...owner, actor: "key:bot" });
      await setActorOwner(tx, scope, service);
      await setActorOwner(tx, scope, owner);
    });
    expect(await store.read((tx) => listPeople(tx, scope))).toEqual([ada, bob]);
    await store.write((tx) => loadPeople(tx, scope, [bob]));
    expect(await store.read((tx) => listPeople(tx, scope))).toEqual([bob]);
    expect(await store.read((tx) => listActorOwners(tx, scope))).toEqual([service, owner]);
    await store.write((tx) => removeActorOwner(tx, scope, "key:ci"));
    expect(await store.read((tx) => listActorOwners(tx, scope))).toEqual([service]);
    expect(await store.read((tx) => listPeople(tx, other))).toEqual([]);
  });

  it("keeps settings by name", async () => {
    const { store, scope, other } = await open(engine);
    await store.write(async (tx) => {
      await setSetting(tx, scope, "a", "1");
      await setSetting(tx, scope, "b", "2");
      await setSetting(tx, scope, "a", "3");
      await setSetting(tx, other, "a", "4");
    });
    expect(await store.read((tx) => getSetting(tx, scope, "a"))).toBe("3");
    expect(await store.read((tx) => getSetting(tx, scope, "b"))).toBe("2");
    expect(await store.read((tx) => getSetting(tx, scope, "c"))).toBeNull();
  });
});
