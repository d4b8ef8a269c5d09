import { expect, it } from "vitest";

import { AskedLately } from "./asked-lately.ts";
import type { SyncEvent, SyncRun, Syncs } from "../operations/index.ts";

const RUN: SyncRun = {
  id: "sync_1",
  tenant: "acme",
  what: "sync",
  startedAt: "2026-11-01T00:00:00.000Z",
  endedAt: null,
  exit: null,
  problem: null,
  progress: null,
};

/** Syncs of which the test says when they go on. */
function syncsToTell(): { syncs: Syncs; tell: (tenant: string, event: SyncEvent["event"]) => Promise<void> } {
  const listeners = new Map<string, (event: SyncEvent) => void>();
  return {
    syncs: {
      start: () => ({ run: RUN, isNew: false }),
      latest: () => null,
      subscribe: (tenant, listener) => {
        if (listeners.has(tenant)) throw new Error(`${tenant} is watched twice`);
        listeners.set(tenant, listener);
        return () => listeners.delete(tenant);
      },
    },
    async tell(tenant, event) {
      listeners.get(tenant)?.({ event, run: { ...RUN, tenant } });
      for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

function asked() {
  const { syncs, tell } = syncsToTell();
  const lately = new AskedLately(syncs);
  const prepared: string[] = [];
  const ask = (tenant: string, question: string, now: number, fails = false) =>
    lately.note({ tenant: { tenantId: 1, name: tenant, createdAt: 0 } }, question, now, async () => {
      prepared.push(question);
      if (fails) throw new Error("cannot be answered");
    });
  return { ask, tell, prepared };
}

it("prepares what was asked of the tenant when its sync ends, the last question first", async () => {
  const { ask, tell, prepared } = asked();
  ask("acme", "first", 0);
  ask("acme", "second", 1);
  ask("other", "theirs", 2);
  ask("acme", "first", 3);
  await tell("acme", "progress");
  expect(prepared).toEqual([]);
  await tell("acme", "ended");
  expect(prepared).toEqual(["first", "second"]);
});

it("goes on behind a question that fails", async () => {
  const { ask, tell, prepared } = asked();
  ask("acme", "fine", 0);
  ask("acme", "broken", 1, true);
  await tell("acme", "ended");
  expect(prepared).toEqual(["broken", "fine"]);
});

it("forgets questions of long ago, and the oldest of very many", async () => {
  const { ask, tell, prepared } = asked();
  ask("acme", "long ago", 0);
  ask("acme", "now", 31 * 60_000);
  for (let at = 0; at < 39; at += 1) ask("acme", `many ${at}`, 31 * 60_000 + at);
  await tell("acme", "ended");
  expect(prepared).not.toContain("long ago");
  expect(prepared).toContain("now");
  ask("acme", "one more", 32 * 60_000);
  prepared.length = 0;
  await tell("acme", "ended");
  expect(prepared).not.toContain("now");
  expect(prepared).toHaveLength(40);
});
