import { z } from "zod";

import { dayOfInstant, Failure, parseDay } from "../../domain/index.ts";
import { listPeople, savePerson, type PersonRow } from "../../store/index.ts";
import { defineOperation } from "../define.ts";
import { changesOf, personRow, postOn, withPosts } from "../plan-roster.ts";
import { emailsIn, isEmail, type DatedPost } from "../read-people.ts";

const text = z.string().trim().min(1).max(200);
const day = z.string().describe("YYYY-MM-DD");
const place = { team: text.nullable(), costCentre: text.nullable(), manager: text.nullable() };

export const savePersonOperation = defineOperation({
  id: "savePerson",
  title: "Save a person",
  summary: "Adds a person, or changes what is given of a known one; a new team holds from a day on, the past stays.",
  input: z.object({
    personId: z.string().max(100).optional().describe("of a known person; a new one is added without it"),
    name: text.optional(),
    emails: z
      .array(z.string().max(320))
      .min(1)
      .max(50)
      .readonly()
      .optional()
      .describe("all of them, the main one first"),
    team: place.team.optional(),
    costCentre: place.costCentre.optional(),
    manager: place.manager.optional(),
    from: day.optional().describe("day from which the team, cost centre and manager hold; today when left out"),
    posts: z
      .array(z.object({ from: day.nullable(), ...place }))
      .min(1)
      .max(200)
      .readonly()
      .optional()
      .describe("instead of them: the whole history, oldest first, the first with from null"),
    startsOn: day.nullable().optional(),
    endsOn: day.nullable().optional(),
  }),
  output: z.object({ personId: z.string(), created: z.boolean(), changed: z.array(z.string()) }),
  permission: "roster",
  effect: "write",
  audit: {
    event: ({ created, changed }) => (created ? "person.added" : changed.length > 0 ? "person.changed" : null),
    facts: ({ personId, changed }) => ({ person_id: personId, changed: changed.join(" ") }),
  },
  run: ({ store, scope, random, clock }, input) => {
    const emails = input.emails?.flatMap(emailsIn);
    if (emails && (emails.length === 0 || !emails.every(isEmail))) {
      throw wrong("emails", "one of them is no e-mail address", "Give whole addresses, the main one first.");
    }
    const from = input.from === undefined ? dayOfInstant(clock.now()) : parseDay(input.from, "from");
    const posts = input.posts?.map((post) => ({
      ...post,
      from: post.from === null ? null : parseDay(post.from, "posts"),
    }));
    if (posts) checkOrder(posts);
    return store.write(async (tx) => {
      const people = await listPeople(tx, scope);
      const known = people.find(({ personId }) => personId === input.personId);
      if (input.personId !== undefined && known === undefined) {
        throw new Failure("access.unknown", { what: "person", field: "personId" });
      }
      const addresses = emails ?? known?.emails;
      if (addresses === undefined) throw wrong("emails", "are missing", "A new person needs an address.");
      const twin = people.find((one) => one !== known && one.emails.some((email) => addresses.includes(email)));
      if (twin) {
        throw wrong("emails", "one of them is somebody else's", `Take it from ${twin.personId} first.`);
      }
      const then = known ? postOn(known, from) : { team: null, costCentre: null, manager: null };
      const listed = {
        name: input.name ?? known?.name ?? addresses[0]!,
        emails: addresses,
        team: input.team === undefined ? then.team : input.team,
        costCentre: input.costCentre === undefined ? then.costCentre : input.costCentre,
        manager: input.manager === undefined ? then.manager : input.manager,
        startsOn: dayOr(input.startsOn, known?.startsOn ?? null, "startsOn"),
        endsOn: dayOr(input.endsOn, known?.endsOn ?? null, "endsOn"),
        inRoster: true,
      };
      if (listed.startsOn !== null && listed.endsOn !== null && listed.endsOn < listed.startsOn) {
        throw wrong("endsOn", "is before startsOn", "Exchange them.");
      }
      const placed = [input.team, input.costCentre, input.manager].some((given) => given !== undefined);
      const row = rowOf();
      await savePerson(tx, scope, row);
      const changed = known === undefined ? [] : [...new Set(changesOf(known, row).map(({ field }) => field))];
      return { personId: row.personId, created: known === undefined, changed };

      function rowOf(): PersonRow {
        const made = personRow(listed, known, { from, random });
        if (posts) return withPosts(made, posts);
        // What was not given stays as it is, with its history.
        if (known && !placed) return { ...known, ...fieldsOf(listed) };
        return made;
      }
    });
  },
});

function fieldsOf({ name, emails, startsOn, endsOn }: Pick<PersonRow, "name" | "emails" | "startsOn" | "endsOn">) {
  return { name, emails, startsOn, endsOn, inRoster: true };
}

function dayOr(given: string | null | undefined, otherwise: number | null, field: string): number | null {
  if (given === undefined) return otherwise;
  return given === null ? null : parseDay(given, field);
}

function checkOrder(posts: readonly DatedPost[]): void {
  const isInOrder = posts.every(({ from }, at) => (at === 0 ? from === null : from !== null));
  const isRising = posts.every(({ from }, at) => at < 2 || from! > posts[at - 1]!.from!);
  if (isInOrder && isRising) return;
  throw wrong("posts", "are not in order", "The first has no day, each other one a later day than the one before.");
}

function wrong(field: string, problem: string, remedy: string): Failure {
  return new Failure("input.invalid", { field, problem, remedy });
}
