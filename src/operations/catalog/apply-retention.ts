import { z } from "zod";

import { dayOfInstant, dayText, Failure } from "../../domain/index.ts";
import { forgetAnomalies, forgetErasedDims, vacuum, wipeDeleted, type Tx } from "../../store/index.ts";
import { ageClosedLogs, ageDay, agedState, daysToAge, keepAgedState, publishCheckpoint } from "../../sync/index.ts";
import { defineOperation } from "../define.ts";
import { asOnlyWriter } from "../only-writer.ts";
import { clockAhead } from "../retention/clock.ts";
import { agedIdentities } from "../retention/identities.ts";
import { rebuildStale } from "../stale-rows.ts";
import { step } from "../step.ts";
import { readSetting, readSettings } from "../tenant-settings.ts";

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
    const ahead = await store.read((tx) => clockAhead(tx, scope, now));
    if (ahead !== null) throw ahead;
    // Without it the ledger could not be signed, and under its last checkpoint what is erased would seem to be lost.
    if (keyring.lockedBy !== null) throw new Failure("vault.locked", { problem: keyring.lockedBy });
    await rebuildStale(context);
    return asOnlyWriter(context, async (only) => {
      const due = await only.read((tx) => daysToAge(tx, scope, streams, before));
      const identities = await only.write(async (tx) => {
        await wipeDeleted(tx);
        return agedIdentities(tx, scope, await suppression.key(tx));
      });
      const isWanted = async (tx: Tx) => (await readSetting(tx, scope, "retention.identityDays")) === wanted;
      let versions = 0;
      let days = 0;
      // A day a transaction: what is cut off goes on with the next one.
      for (const day of due) {
        step(context, `${dayText(day.day)}, ${days + 1} of ${due.length}`);
        // It cannot be undone: whoever decides otherwise meanwhile keeps what is left.
        const aged = await only.write(async (tx) =>
          (await isWanted(tx)) ? ageDay(tx, { scope, clock, random }, day, identities) : null,
        );
        if (aged === null) break;
        versions += aged;
        days += 1;
      }
      return only.write(async (tx) => {
        const isDone = days === due.length && (await isWanted(tx));
        const closedLeaves = isDone ? await ageClosedLogs(tx, scope, before, identities) : 0;
        if (versions > 0) {
          const tables = streams.flatMap((stream) => stream.tables);
          await forgetErasedDims(tx, scope, tables);
        }
        if (isDone) {
          await forgetAnomalies(tx, scope, "person", before);
          await keepAgedState(tx, scope, { before, atMs: now });
        }
        const reached = isDone ? before : (state?.before ?? null);
        const people = identities.met;
        return { before: reached === null ? null : dayText(reached), days, versions, closedLeaves, people };
      });
    });
  },
  async afterTrace(context, { versions, closedLeaves }) {
    if (versions + closedLeaves === 0) return;
    await publishCheckpoint(await context.effects(), context.scope);
    await vacuum(context.store);
  },
});
