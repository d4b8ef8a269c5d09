import { z } from "zod";

import { NAMED } from "../../domain/index.ts";
import { readIdentities } from "../../metrics/index.ts";
import { listPeople } from "../../store/index.ts";
import { defineOperation } from "../define.ts";
import { warnings } from "../figures.ts";
import { filters } from "../filters.ts";
import { pageOfPerson, personPage } from "../person-page.ts";
import { refuseStale } from "../stale-rows.ts";

export const myUsage = defineOperation({
  id: "myUsage",
  title: "My usage",
  summary: "The caller's own figures over a range, or why there are none and what to do about it.",
  input: z.object({ from: filters.from, to: filters.to, asOf: filters.asOf }),
  output: z.object({
    /** Why there is no page, in words, with what to do; null when there is one. */
    unlinked: z.object({ reason: z.string(), remedy: z.string() }).nullable(),
    usage: z.object(personPage).nullable(),
    warnings,
  }),
  permission: "own",
  effect: "read",
  past: "record",
  audit: "none: everybody may look at their own",
  async run(context, { from, to }) {
    const { store, scope, caller } = context;
    await refuseStale(context);
    if (caller.personId === null) return nobody("This account is not linked to a person.");
    return store.read(async (tx) => {
      const listed = (await listPeople(tx, scope)).find(({ personId }) => personId === caller.personId);
      const [address] = listed?.emails ?? [];
      if (address === undefined) return nobody("The person that this account was linked to is no longer listed.");
      const identity = (await readIdentities(tx, scope)).ofEmail(address);
      const person = identity.population === "humans" ? identity.person : address;
      // Their own figures, by name: the answer holds no one else's.
      const own = { ...scope, privacy: NAMED };
      return { unlinked: null, usage: await pageOfPerson(tx, own, context, { person, from, to }), warnings: [] };
    });
  },
});

function nobody(reason: string) {
  const remedy = "Ask an admin to link your account to your entry in the list of people (Settings, Accounts).";
  return { unlinked: { reason, remedy }, usage: null, warnings: [] };
}
