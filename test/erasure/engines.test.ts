import { describe, expect, it } from "vitest";

import { operatorCaller } from "../../src/access/index.ts";
import { parseDay } from "../../src/domain/index.ts";
import { streams } from "../../src/source/index.ts";
import {
  insertAccount,
  listMembers,
  listPeople,
  putMembership,
  savePerson,
  setSetting,
  vacuum,
} from "../../src/store/index.ts";
import {
  ageDay,
  AgedIdentities,
  daysToAge,
  keepAgedState,
  publishCheckpoint,
  rebuildRows,
} from "../../src/sync/index.ts";
import { eraseThePerson } from "../../src/operations/erasure/erase.ts";
import { testRandom, withBursar } from "../support/bursar.ts";
import { engines } from "../support/engines.ts";
import { foundIn } from "../support/spellings.ts";

const ADA = "ada.canary@example.org";

describe.each(engines)("an erasure on $name", (engine) => {
  it("takes somebody out of every table, and leaves a ledger that verifies and rows that are those of the records", () =>
    withBursar({ engine, world: { seed: 7, people: 3, days: 2, end: "2026-10-31", scale: 1 } }, async (bursar) => {
      const { store, scope, clock, signer, emulator } = bursar;
      await bursar.connect();
      await bursar.sync();
      const email = /[^\s,]+@[^\s,]+/.exec(emulator.world.roster())![0];
      await store.write(async (tx) => {
        const post = { team: "Core", costCentre: null, manager: null, startsOn: null, endsOn: null, inRoster: true };
        const person = { ...post, personId: "p_00000000ada1", name: "Ada Canary", emails: [email, ADA] };
        await savePerson(tx, scope, {
          ...person,
          earlier: [{ until: 1, team: "Old", costCentre: null, manager: null }],
        });
        const boss = { ...post, personId: "p_000000000b05", name: "Bo", emails: ["bo@example.org"], manager: ADA };
        await savePerson(tx, scope, boss);
        const none = {
          issuer: null,
          subject: null,
          contact: null,
          passwordHash: null,
          signedInMs: null,
          secondFactorMs: null,
        };
        await insertAccount(tx, { ...none, accountId: "a1", email: ADA, name: "Ada Canary", createdMs: 0 });
        const may = { tenantId: scope.tenantId, role: "viewer", people: false, disabled: false } as const;
        await putMembership(tx, { ...may, accountId: "a1", personId: null });
        await setSetting(tx, scope, "note", JSON.stringify([ADA]));
      });
      const context = {
        scope,
        caller: operatorCaller("test"),
        streams,
        clock,
        random: testRandom,
        suppression: { key: async () => Buffer.alloc(32, 7), kept: async () => [], keep: async () => {} },
        factorSafe: { put: async () => {}, open: async () => null, destroy: async () => {} },
      };
      const texts = [email, ADA, "Ada Canary"];
      const { held } = await store.write((tx) => eraseThePerson(tx, context, { person: ADA, also: [] }));
      expect(held.records.map(({ stream }) => stream)).toContain("users");
      expect(held.own.map(({ table }) => table).toSorted()).toEqual(["accounts", "people", "settings"]);
      await publishCheckpoint({ store, clock, signer }, scope);
      await vacuum(store);

      expect(await bursar.ledgerFailures()).toEqual([]);
      expect(await rebuildRows(store, scope, streams)).toMatchObject({ mended: false });
      expect(await store.read((tx) => listMembers(tx, scope))).toEqual([]);
      const people = await store.read((tx) => listPeople(tx, scope));
      expect(people.every(({ emails }) => emails.every((email) => !texts.includes(email)))).toBe(true);
      expect(foundIn(await bursar.everything(), texts)).toEqual([]);
    }));

  it("puts old days under pseudonyms, and leaves a ledger that verifies and rows that are those of the records", () =>
    withBursar({ engine, world: { seed: 7, people: 3, days: 2, end: "2026-10-31", scale: 1 } }, async (bursar) => {
      const { store, scope, clock, signer } = bursar;
      await bursar.connect();
      await bursar.sync();
      const before = parseDay("2026-10-31");
      const aging = { scope, clock, random: testRandom };
      const identities = new AgedIdentities(Buffer.alloc(32, 7), []);
      const due = await store.read((tx) => daysToAge(tx, scope, streams, before));
      expect(new Set(due.map(({ day }) => day))).toEqual(new Set([before - 1]));
      for (const at of due) await store.write((tx) => ageDay(tx, aging, at, identities));
      expect(identities.met).toBeGreaterThan(0);
      await store.write((tx) => keepAgedState(tx, scope, { before, atMs: clock.now() }));
      expect(await store.read((tx) => daysToAge(tx, scope, streams, before))).toEqual([]);
      await publishCheckpoint({ store, clock, signer }, scope);
      expect(await bursar.ledgerFailures()).toEqual([]);
      expect(await rebuildRows(store, scope, streams)).toMatchObject({ mended: false });
    }));
});
