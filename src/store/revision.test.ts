import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, it } from "vitest";

import { NAMED, type Scope } from "../domain/index.ts";
import { leafHash } from "../ledger/index.ts";
import { appendLeaves, createLog, logState } from "./leaves.ts";
import { openStore } from "./open.ts";
import { loadPeople, removeActorOwner, savePerson, setActorOwner } from "./people.ts";
import { keepRevision, revisionOf } from "./revision.ts";
import { ensureTenant } from "./tenants.ts";
import type { PersonRow, Store, WriteTx } from "./types.ts";

const ANN: PersonRow = {
  personId: "p1",
  name: "Ann",
  emails: ["ann@example.com"],
  team: null,
  costCentre: null,
  manager: null,
  startsOn: null,
  endsOn: null,
  inRoster: true,
};

async function withTenant(use: (store: Store, scope: Scope, dataDir: string) => Promise<void>): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), "bursar-revision-"));
  const store = await openStore({ dataDir, tables: [] });
  try {
    const { tenantId } = await store.write((tx) => ensureTenant(tx, "default", 0));
    await use(store, { tenantId, tenant: "default", principal: "test", privacy: NAMED }, dataDir);
  } finally {
    await store.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

it("tells nothing without a ledger, nor in a transaction that writes", () =>
  withTenant(async (store, scope) => {
    expect(await store.read((tx) => revisionOf(tx, scope))).toBeNull();
    await store.write((tx) => createLog(tx, scope, { origin: "example.com/log" }));
    expect(await store.read((tx) => revisionOf(tx, scope))).not.toBeNull();
    expect(await store.write((tx) => revisionOf(tx, scope))).toBeNull();
  }));

it("stays the same until people or owners change, whichever process changes them", () =>
  withTenant(async (store, scope, dataDir) => {
    await store.write((tx) => createLog(tx, scope, { origin: "example.com/log" }));
    const other = await openStore({ dataDir, tables: [] });
    const now = () => store.read((tx) => revisionOf(tx, scope));
    const changes: ((tx: WriteTx) => Promise<unknown>)[] = [
      (tx) => loadPeople(tx, scope, [ANN]),
      (tx) => savePerson(tx, scope, { ...ANN, team: "Platform" }),
      (tx) => setActorOwner(tx, scope, { actor: "key:ci", kind: "person", personId: "p1", service: null }),
      (tx) => removeActorOwner(tx, scope, "key:ci"),
      (tx) => loadPeople(tx, scope, []),
    ];
    try {
      for (const change of changes) {
        const before = await now();
        expect(await now()).toBe(before);
        await other.write(change);
        expect(await now()).not.toBe(before);
      }
    } finally {
      await other.close();
    }
  }));

it("stays the same where the log grew by a look, and no longer when more came meanwhile", () =>
  withTenant(async (store, scope) => {
    await store.write((tx) => createLog(tx, scope, { origin: "example.com/log" }));
    const now = () => store.read((tx) => revisionOf(tx, scope));
    const grow = async () => {
      const from = (await store.read((tx) => logState(tx, scope)))!;
      const leaf = Buffer.from(`leaf ${from.size}`);
      const own = { index: from.size, leaf, leafHash: leafHash(leaf), salt: Buffer.alloc(32), payload: "{}" };
      const to = await store.write((tx) => appendLeaves(tx, scope, [own], from.lastAtMs + 1));
      return { from, to };
    };
    const first = await now();
    const look = await grow();
    await store.read((tx) => keepRevision(tx, scope, look));
    expect(await now()).toBe(first);
    const another = await grow();
    await grow();
    await store.read((tx) => keepRevision(tx, scope, another));
    expect(await now()).not.toBe(first);
  }));
