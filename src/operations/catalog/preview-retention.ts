import { z } from "zod";

import { dayOfInstant, dayText } from "../../domain/index.ts";
import { agedState, daysToAge, recordsToAge } from "../../sync/index.ts";
import { defineOperation } from "../define.ts";
import { clockAhead } from "../retention/clock.ts";
import { agedIdentities } from "../retention/identities.ts";
import { identityDays as daysKept, readSettings } from "../tenant-settings.ts";

export const previewRetention = defineOperation({
  id: "previewRetention",
  title: "What retention would do",
  summary:
    "Says what would stand under pseudonyms after so many days, and what was put there already; changes nothing.",
  input: z.object({
    identityDays: z.coerce.number().pipe(daysKept).optional().describe("as the setting unless given"),
  }),
  output: z.object({
    identityDays: z.int().nullable(),
    before: z.string().nullable().describe("days before this one would be; null while nothing is decided"),
    records: z
      .array(z.object({ stream: z.string(), title: z.string(), records: z.int(), from: z.string(), to: z.string() }))
      .describe("records that name people now, with their first and last day"),
    people: z.int().describe("identities in them; an address and an id at Anthropic are two"),
    done: z
      .object({ before: z.string(), at: z.string() })
      .nullable()
      .describe("what stands under pseudonyms already, and when that was last looked at"),
    heldBack: z.string().nullable().describe("why nothing is put there now, in words: this machine's clock is ahead"),
    changes: z.array(z.string()).describe("what it means, in words"),
  }),
  permission: "settings",
  effect: "read",
  fresh: true,
  audit: "none: counts of records, for who may decide it; names nobody",
  run: ({ clock, scope, store, streams }, { identityDays }) =>
    store.read(async (tx) => {
      const days = identityDays ?? (await readSettings(tx, scope))["retention.identityDays"];
      const state = await agedState(tx, scope);
      const done = state === null ? null : { before: dayText(state.before), at: new Date(state.atMs).toISOString() };
      const changes = [...CHANGES];
      if (days === null) {
        return { identityDays: null, before: null, records: [], people: 0, done, heldBack: null, changes };
      }
      const now = clock.now();
      const ahead = await clockAhead(tx, scope, now);
      const heldBack = ahead === null ? null : `${ahead.message} ${ahead.hint}`;
      const before = dayOfInstant(now) - days;
      // Only counted: under which pseudonym does not matter, so that no key is needed.
      const identities = await agedIdentities(tx, scope, Buffer.alloc(32));
      const found = new Map<string, { title: string; records: number; from: number; to: number }>();
      for (const at of await daysToAge(tx, scope, streams, before)) {
        const { length } = await recordsToAge(tx, scope, at, identities);
        if (length === 0) continue;
        const { name, title } = at.stream;
        const known = found.get(name) ?? { title, records: 0, from: at.day, to: at.day };
        found.set(name, { ...known, records: known.records + length, to: at.day });
      }
      const records = [...found].map(([stream, { from, to, ...rest }]) => ({
        stream,
        ...rest,
        from: dayText(from),
        to: dayText(to),
      }));
      return { identityDays: days, before: dayText(before), records, people: identities.met, done, heldBack, changes };
    }),
});

const CHANGES = [
  "Every sum stays as it is: tokens, cost, sessions, lines, active people of a day. The ledger goes on verifying.",
  "Figures of single people and of teams, and adoption, no longer tell those days: a pseudonym is on no list.",
  "Somebody who was active before and after that day counts twice in a range that holds both.",
  "Those days are not read again; what Anthropic would restate of them is not seen.",
  "Stays: names of API keys, lists of members, what was exported, and backups until they are deleted for their age.",
];
