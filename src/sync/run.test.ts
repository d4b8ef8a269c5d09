import { describe, expect, it } from "vitest";

import { findConnection, setStreamState, updateConnection, type Store } from "../store/index.ts";
import type { SourceClient } from "../source/index.ts";
import { withBursar } from "../../test/support/bursar.ts";
import { ORGANIZATION } from "../../test/support/metrics-store.ts";
import { streamNamed, withSmallRecord } from "../../test/support/small-record.ts";
import { LEASE_MS, takeLease } from "./lease.ts";
import { readSettled } from "./read-settled.ts";

const WORLD = { seed: 7, people: 3, days: 2, end: "2026-10-31", scale: 1 };

describe("a run", () => {
  it("reads nothing when it was cancelled before, stands by for a connection that reads in part, and takes lists alone", () =>
    withBursar({ world: WORLD }, async (bursar) => {
      const { store, scope } = bursar;
      const first = await bursar.connect("first");
      const { organizationId, connectionId } = first;
      const none = { failureCode: null, message: null, hint: null, requestId: null, lastSucceededMs: null };
      const said = { organizationId, connectionId, state: "partial", lastTriedMs: 0, ...none } as const;
      await store.write((tx) => setStreamState(tx, scope, { ...said, stream: "users" }));
      const cancelled = await bursar.sync({ connection: "second", signal: AbortSignal.abort() });
      expect(cancelled).toMatchObject({ outcome: "cancelled", streams: [{ stream: "organization", windows: 0 }] });

      let isReplaced = false;
      const streams = ["users", "workspace_members"];
      const run = await bursar.sync({
        connection: "second",
        streams,
        onProgress: () => {
          if (isReplaced) return;
          isReplaced = true;
          // Its turn comes before that of the run's end, which is in the same line.
          void store.write(async (tx) => {
            const { connectionId: second } = (await findConnection(tx, scope, "second"))!;
            await updateConnection(tx, scope, second, { fingerprint: "11111111" });
          });
        },
      });
      expect(run).toMatchObject({
        outcome: "complete",
        warnings: [expect.stringContaining("read by connection first")],
      });
      expect(run.streams.map(({ stream }) => stream)).toEqual(["organization", "workspace_members"]);
      // What became of the key that was replaced says nothing of the one that took its place.
      const second = await store.read((tx) => findConnection(tx, scope, "second"));
      expect(second).toMatchObject({ fingerprint: "11111111", lastUsedAt: bursar.clock.now() });
    }));
});

describe("a list that never says the same twice", () => {
  it("takes nothing away, and counts as incomplete", () =>
    withSmallRecord(async ({ store, scope, clock, commit }) => {
      const user = (id: string) => ({ id, email: `${id}@example.com`, name: id, role: "user", added_at: "2026-01-01" });
      const records = ["user_00ada1", "user_00bob1"].map((id) => ({
        day: null,
        key: [ORGANIZATION, id],
        data: user(id),
      }));
      await commit("users", { span: null, records });
      let readings = 0;
      const client: SourceClient = {
        fingerprint: "00000000",
        load: () => ({ waiting: 0, inFlight: 0, pausedUntil: null }),
        get: async () => {
          const data = [user(["user_00ada1", "user_00bob1"][(readings += 1) % 2]!)];
          const facts = { path: "", query: "", status: 200, requestId: null, organizationId: null };
          const body = { data, has_more: false, first_id: null, last_id: null };
          return { body, facts: { ...facts, date: clock.now(), bytes: 2, bodySha256: "00" }, notes: [] };
        },
      };
      const known = { organizationId: ORGANIZATION, ids: () => [] };
      const context = { store, scope, client, known, signal: new AbortController().signal };
      const { fetched } = await readSettled(context, streamNamed("users"), { stream: "users", span: null });
      expect([fetched.incomplete, readings]).toEqual(["its readings disagree about which rows there are", 3]);
    }));
});

describe("a lease", () => {
  it("is extended by whoever keeps it, not more often than needed", () =>
    withSmallRecord(async ({ store, scope, clock }) => {
      let writes = 0;
      const counting: Store = {
        ...store,
        read: store.read.bind(store),
        close: store.close.bind(store),
        write: (work) => ((writes += 1), store.write(work)),
      };
      const began = clock.now();
      const lease = await takeLease(counting, scope, "one", clock, () => false);
      clock.set(began + 29_999);
      await lease.keep();
      expect(writes).toBe(1);
      clock.set(began + 30_000);
      await lease.keep();
      await lease.keep();
      expect(writes).toBe(2);
      clock.set(began + LEASE_MS + 1);
      const other = takeLease(store, scope, "two", clock, () => false);
      await expect(other).rejects.toMatchObject({ code: "sync.lease_held", facts: { holder: "one" } });
      clock.set(began + 30_000 + LEASE_MS);
      expect((await takeLease(store, scope, "two", clock, () => false)).token).toBeGreaterThan(lease.token);
    }));
});
