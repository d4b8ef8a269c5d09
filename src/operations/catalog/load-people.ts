import { z } from "zod";

import { dayOfInstant, Failure, parseDay } from "../../domain/index.ts";
import { listActorOwners, listPeople, loadPeople } from "../../store/index.ts";
import { defineOperation } from "../define.ts";
import { withoutErased } from "../erasure/without-erased.ts";
import { planRoster } from "../plan-roster.ts";
import { readPeople } from "../read-people.ts";

export const loadPeopleOperation = defineOperation({
  id: "loadPeople",
  title: "Load people",
  summary: "Replaces the list of people by the one of a CSV file; ids of known people and everybody's past stay.",
  input: z.object({
    csv: z.string(),
    from: z.string().optional().describe("day from which changes of team hold; today when left out"),
  }),
  output: z.object({
    people: z.int(),
    added: z.int(),
    changed: z.int(),
    kept: z.int().describe("listed before as well, changed or not"),
    removed: z.int(),
    teams: z.int(),
    leftOut: z.int().describe("people of the file who were erased, and stay so"),
  }),
  permission: "roster",
  effect: "write",
  audit: {
    event: "people.loaded",
    facts: ({ people, added, changed, removed }) => ({ people, added, changed, removed }),
  },
  run: ({ store, scope, random, clock, suppression }, { csv, from }) => {
    const given = readPeople(csv);
    if (given.length === 0) {
      throw new Failure("input.invalid", {
        field: "people",
        problem: "the file lists nobody",
        remedy: "Nothing was changed; give a file with at least one person.",
      });
    }
    const effective = from === undefined ? dayOfInstant(clock.now()) : parseDay(from, "from");
    return store.write(async (tx) => {
      const listed = await withoutErased(tx, { scope, suppression }, given);
      const before = await listPeople(tx, scope);
      const owning = new Set((await listActorOwners(tx, scope)).flatMap(({ personId }) => personId ?? []));
      const plan = planRoster(before, listed, { from: effective, owning, random });
      await loadPeople(tx, scope, plan.rows);
      const teams = new Set(plan.rows.flatMap(({ inRoster, team }) => (inRoster ? (team ?? []) : []))).size;
      const [added, changed, removed] = [plan.added.length, plan.changed.length, plan.removed.length];
      return {
        people: listed.length,
        added,
        changed,
        kept: listed.length - added,
        removed,
        teams,
        leftOut: given.length - listed.length,
      };
    });
  },
});
