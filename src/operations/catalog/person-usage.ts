import { z } from "zod";

import { Failure } from "../../domain/index.ts";
import { readIdentities } from "../../metrics/index.ts";
import { listPeople } from "../../store/index.ts";
import { defineOperation } from "../define.ts";
import { filters } from "../filters.ts";
import { pageOfPerson, personPage } from "../person-page.ts";
import { refuseStale } from "../stale-rows.ts";

export const personUsage = defineOperation({
  id: "personUsage",
  title: "One person's usage",
  summary: "A person's figures over a range: by day, model, terminal and tool, with their keys, addresses and teams.",
  input: z
    .object({
      personId: z.string().max(100).optional().describe("of the list of people"),
      email: z.string().max(320).optional().describe("any of the person's addresses, also of who is not listed"),
      from: filters.from,
      to: filters.to,
      asOf: filters.asOf,
    })
    .refine(({ personId, email }) => (personId === undefined) !== (email === undefined), {
      path: ["personId"],
      message: "exactly one of personId and email is needed",
    }),
  output: z.object(personPage),
  permission: "people",
  effect: "read",
  past: "record",
  audit: "none: looks at single people are recorded by the surfaces that show them",
  async run(context, { personId, email, from, to }) {
    const { store, scope } = context;
    await refuseStale(context);
    return store.read(async (tx) => {
      const who = await readIdentities(tx, scope);
      const listed = personId === undefined ? undefined : (await listPeople(tx, scope)).find(isOf(personId));
      const address = listed?.emails[0] ?? email;
      if (address === undefined) {
        throw new Failure("access.unknown", { what: "person", field: "personId" });
      }
      const identity = who.ofEmail(address);
      const person = identity.population === "humans" ? identity.person : address;
      return pageOfPerson(tx, scope, context, { person, from, to });
    });
  },
});

function isOf(personId: string) {
  return (person: { readonly personId: string }) => person.personId === personId;
}
