import { z } from "zod";

import { dayOfInstant, dayText, isFailure, parseDay } from "../../domain/index.ts";
import { listActorOwners, listPeople, type PersonRow } from "../../store/index.ts";
import { defineOperation } from "../define.ts";
import { planRoster } from "../plan-roster.ts";
import { readRoster, type Roster } from "../read-people.ts";

const somebody = z.object({
  name: z.string(),
  email: z.string().nullable(),
  team: z.string().nullable(),
});

export const previewPeople = defineOperation({
  id: "previewPeople",
  title: "Preview a list of people",
  summary: "Says what loading a CSV file of people would add, change and remove, and every line that cannot be read.",
  input: z.object({
    csv: z.string(),
    from: z.string().optional().describe("day from which changes of team hold; today when left out"),
  }),
  output: z.object({
    from: z.string(),
    /** Whether loading the file would work. */
    ok: z.boolean(),
    problems: z.array(
      z.object({
        line: z.int(),
        column: z.string().nullable(),
        problem: z.string(),
        remedy: z.string(),
      }),
    ),
    counts: z.object({ added: z.int(), changed: z.int(), removed: z.int(), unchanged: z.int() }),
    added: z.array(somebody),
    changed: z.array(
      somebody.extend({
        personId: z.string(),
        changes: z.array(
          z.object({
            field: z.enum(["name", "emails", "team", "costCentre", "manager", "startsOn", "endsOn", "inRoster"]),
            before: z.string().nullable(),
            after: z.string().nullable(),
            from: z.string().nullable().describe("of a place: the day; null is for all the past"),
          }),
        ),
      }),
    ),
    removed: z.array(somebody.extend({ personId: z.string(), keys: z.int().describe("keys that they own") })),
  }),
  permission: "roster",
  // Nothing is written: but a file is too long for an address, so surfaces send it as they send orders.
  effect: "write",
  audit: "none: nothing is changed, and the caller sees their own file beside the list that they may load",
  async run({ store, scope, random, clock }, { csv, from }) {
    const effective = from === undefined ? dayOfInstant(clock.now()) : parseDay(from, "from");
    const { people, problems } = rosterOf(csv);
    return store.read(async (tx) => {
      const owned = (await listActorOwners(tx, scope)).flatMap(({ personId }) => personId ?? []);
      const before = await listPeople(tx, scope);
      const plan = planRoster(before, people, { from: effective, owning: new Set(owned), random });
      return {
        from: dayText(effective),
        ok: problems.length === 0 && people.length > 0,
        problems: [...problems],
        counts: {
          added: plan.added.length,
          changed: plan.changed.length,
          removed: plan.removed.length,
          unchanged: plan.unchanged,
        },
        added: plan.added.map(shown),
        changed: plan.changed.map(({ person, changes }) => ({
          ...shown(person),
          personId: person.personId,
          changes: [...changes],
        })),
        removed: plan.removed.map((person) => ({
          ...shown(person),
          personId: person.personId,
          keys: owned.filter((id) => id === person.personId).length,
        })),
      };
    });
  },
});

/** A file that cannot be read at all is one problem of its first line. */
function rosterOf(csv: string): Roster {
  try {
    return readRoster(csv);
  } catch (cause) {
    if (!isFailure(cause, "input.invalid")) throw cause;
    const { field, problem, remedy } = cause.facts;
    const line = /line (\d+)/.exec(String(field))?.[1];
    const told = { line: Number(line ?? 1), column: null, problem: String(problem), remedy: String(remedy) };
    return { people: [], problems: [told] };
  }
}

function shown({ name, emails, team }: PersonRow): z.output<typeof somebody> {
  return { name, email: emails[0] ?? null, team };
}
