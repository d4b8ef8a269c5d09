import { z } from "zod";

import { Failure, type Random } from "../../domain/index.ts";
import { listActorOwners, listPeople, loadPeople, type PersonRow } from "../../store/index.ts";
import { defineOperation } from "../define.ts";
import { readPeople, type Listed } from "../read-people.ts";

export const loadPeopleOperation = defineOperation({
  id: "loadPeople",
  title: "Load people",
  summary: "Replaces the list of people by the one of a CSV file; ids of known people stay.",
  input: z.object({ csv: z.string() }),
  output: z.object({ people: z.int(), added: z.int(), kept: z.int(), removed: z.int(), teams: z.int() }),
  permission: "roster",
  effect: "write",
  audit: {
    event: "people.loaded",
    facts: ({ people, added, removed }) => ({ people, added, removed }),
  },
  run: ({ store, scope, random }, { csv }) => {
    const listed = readPeople(csv);
    if (listed.length === 0) {
      throw new Failure("input.invalid", {
        field: "people",
        problem: "the file lists nobody",
        remedy: "Nothing was changed; give a file with at least one person.",
      });
    }
    return store.write(async (tx) => {
      const before = await listPeople(tx, scope);
      const rows = withIds(listed, before, random);
      const owning = new Set((await listActorOwners(tx, scope)).flatMap(({ personId }) => personId ?? []));
      const ids = new Set(rows.map(({ personId }) => personId));
      // Who owns a key stays known, outside the roster: the key's figures would become nobody's otherwise.
      const stillOwning = before
        .filter(({ personId }) => owning.has(personId) && !ids.has(personId))
        .map((person) => ({ ...person, inRoster: false }));
      await loadPeople(tx, scope, [...rows, ...stillOwning]);
      const earlier = new Set(before.filter(({ inRoster }) => inRoster).map(({ personId }) => personId));
      const kept = rows.filter(({ personId }) => earlier.has(personId)).length;
      const teams = new Set(rows.flatMap(({ team }) => team ?? [])).size;
      return { people: rows.length, added: rows.length - kept, kept, removed: earlier.size - kept, teams };
    });
  },
});

/** A person who shares an address with one that is known keeps that id, so that owners and links stay. */
function withIds(listed: readonly Listed[], before: readonly PersonRow[], random: Random): PersonRow[] {
  const idOf = new Map(before.flatMap(({ personId, emails }) => emails.map((email) => [email, personId] as const)));
  const taken = new Set<string>();
  return listed.map((person) => {
    const known = person.emails.map((email) => idOf.get(email)).find((id) => id !== undefined && !taken.has(id));
    const personId = known ?? `p_${random.bytes(6).toString("hex")}`;
    taken.add(personId);
    return { personId, ...person };
  });
}
