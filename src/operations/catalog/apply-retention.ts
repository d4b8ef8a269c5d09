import { z } from "zod";

import { dayOfInstant, dayText, Failure } from "../../domain/index.ts";
import { forgetErasedDims, vacuum, wipeDeleted } from "../../store/index.ts";
import { ageClosedLogs, ageDay, agedState, daysToAge, keepAgedState, publishCheckpoint } from "../../sync/index.ts";
import { defineOperation } from "../define.ts";
import { asOnlyWriter } from "../only-writer.ts";
import { agedIdentities } from "../retention/identities.ts";
import { rebuildStale } from "../stale-rows.ts";
import { step } from "../step.ts";
import { readSettings } from "../tenant-settings.ts";

export const applyRetention = defineOperation({
  id: "applyRetention",
  title: "Apply retention",
  summary:
    "Puts records that are older than the tenant keeps identities under pseudonyms. Follows every sync by itself.",
  input: z.object({}),
  output: z.object({
    before: z.string().nullable().describe("days before this one say under pseudonyms whose they are; null: none do"),
    days: z.int().describe("days of reports that were looked at now"),
    versions: z.int().describe("versions of records erased now, and recorded again under pseudonyms"),
    closedLeaves: z.int().describe("leaves of logs that ended, erased now"),
    people: z.int().describe("identities that were swapped"),
  }),
  permission: "settings",
  effect: "write",
  audit: {
    event: ({ versions, closedLeaves }) => (versions + closedLeaves > 0 ? "retention.applied" : null),
    facts: ({ before, days, versions, closedLeaves, people }) => ({
      before,
      days,
      versions,
      closed_leaves: closedLeaves,
      people,
    }),
  },
  async run(context) {
    const { clock, keyring, random, scope, store, streams, suppression } = context;
    const { wanted, state } = await store.read(async (tx) => ({
      wanted: (await readSettings(tx, scope))["retention.identityDays"],
      state: await agedState(tx, scope),
    }));
    const nothing = { days: 0, versions: 0, closedLeaves: 0, people: 0 };
    const now = clock.now();
    const before = wanted === null ? null : dayOfInstant(now) - wanted;
    // Once a day is enough: only another day makes more of them old.
    if (before === null || (state !== null && state.before >= before)) {
      return { before: state === null ? null : dayText(state.before), ...nothing };
    }
    // Without it the ledger could not be signed, and under its last checkpoint what is erased would seem to be lost.
    if (keyring.lockedBy !== null) throw new Failure("vault.locked", { problem: keyring.lockedBy });
    await rebuildStale(context);
    return asOnlyWriter(context, async (only) => {
      const due = await only.read((tx) => daysToAge(tx, scope, streams, before));
      const identities = await only.write(async (tx) => {
        await wipeDeleted(tx);
        return agedIdentities(tx, scope, await suppression.key(tx));
      });
      let versions = 0;
      // A day a transaction: what is cut off goes on with the next one.
      for (const [at, day] of due.entries()) {
        step(context, `${dayText(day.day)}, ${at + 1} of ${due.length}`);
        versions += await only.write((tx) => ageDay(tx, { scope, clock, random }, day, identities));
      }
      const closedLeaves = await only.write(async (tx) => {
        const closed = await ageClosedLogs(tx, scope, before, identities);
        const tables = streams.flatMap((stream) => stream.tables);
        if (versions > 0) await forgetErasedDims(tx, scope, tables);
        await keepAgedState(tx, scope, { before, atMs: now });
        return closed;
      });
      return { before: dayText(before), days: due.length, versions, closedLeaves, people: identities.met };
    });
  },
  async afterTrace(context, { versions, closedLeaves }) {
    if (versions + closedLeaves === 0) return;
    await publishCheckpoint(await context.effects(), context.scope);
    await vacuum(context.store);
  },
});
