import { z } from "zod";

import { dayOfInstant, dayText, Failure, parseDay } from "../../domain/index.ts";
import { listPeople, removePerson, savePerson } from "../../store/index.ts";
import { defineOperation } from "../define.ts";

export const removePersonOperation = defineOperation({
  id: "removePerson",
  title: "Remove a person",
  summary: "Takes a person off the list from a day on, their past kept; or forgets an entry that was a mistake.",
  input: z.object({
    personId: z.string().max(100),
    lastDay: z.string().optional().describe("YYYY-MM-DD; yesterday when left out"),
    forget: z.boolean().default(false).describe("as if they had never been listed: figures stay, under the address"),
  }),
  output: z.object({ personId: z.string(), endsOn: z.string().nullable(), forgotten: z.boolean() }),
  permission: "roster",
  effect: "write",
  audit: {
    event: ({ forgotten }) => (forgotten ? "person.forgotten" : "person.removed"),
    facts: ({ personId, endsOn }) => ({ person_id: personId, ends_on: endsOn }),
  },
  run: ({ store, scope, clock }, { personId, lastDay, forget }) => {
    const endsOn = lastDay === undefined ? dayOfInstant(clock.now()) - 1 : parseDay(lastDay, "lastDay");
    return store.write(async (tx) => {
      const known = (await listPeople(tx, scope)).find((person) => person.personId === personId);
      if (known === undefined) {
        throw new Failure("access.unknown", { what: "person", field: "personId" });
      }
      if (forget) {
        await removePerson(tx, scope, personId);
        return { personId, endsOn: null, forgotten: true };
      }
      if (known.startsOn !== null && endsOn < known.startsOn) {
        throw new Failure("input.invalid", {
          field: "lastDay",
          problem: "is before the first day",
          remedy: `The person starts on ${dayText(known.startsOn)}; to take back an entry, forget it.`,
        });
      }
      await savePerson(tx, scope, { ...known, endsOn, inRoster: false });
      return { personId, endsOn: dayText(endsOn), forgotten: false };
    });
  },
});
