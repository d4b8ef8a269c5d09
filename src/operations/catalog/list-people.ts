import { z } from "zod";

import { dayText } from "../../domain/index.ts";
import { listActorOwners, listPeople } from "../../store/index.ts";
import { defineOperation } from "../define.ts";

export const listPeopleOperation = defineOperation({
  id: "listPeople",
  title: "List people",
  summary: "The people that were loaded, and who owns which key.",
  input: z.object({}),
  output: z.object({
    people: z.array(
      z.object({
        personId: z.string(),
        name: z.string(),
        emails: z.array(z.string()).readonly(),
        team: z.string().nullable(),
        costCentre: z.string().nullable(),
        manager: z.string().nullable(),
        startsOn: z.string().nullable(),
        endsOn: z.string().nullable(),
        inRoster: z.boolean(),
      }),
    ),
    owners: z.array(
      z.object({
        actor: z.string(),
        person: z.string().nullable(),
        personId: z.string().nullable(),
        service: z.string().nullable(),
      }),
    ),
  }),
  permission: "people",
  effect: "read",
  audit: "none: the operator's own list, no activity",
  run: ({ store, scope }) =>
    store.read(async (tx) => {
      const people = await listPeople(tx, scope);
      const names = new Map(people.map(({ personId, name }) => [personId, name]));
      const owners = await listActorOwners(tx, scope);
      return {
        people: people.map((person) => ({
          ...person,
          startsOn: dayOrNull(person.startsOn),
          endsOn: dayOrNull(person.endsOn),
        })),
        owners: owners.map(({ actor, personId, service }) => ({
          actor,
          person: personId === null ? null : (names.get(personId) ?? null),
          personId,
          service,
        })),
      };
    }),
});

function dayOrNull(day: number | null): string | null {
  return day === null ? null : dayText(day);
}
