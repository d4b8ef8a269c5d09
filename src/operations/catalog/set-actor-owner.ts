import { z } from "zod";

import { Failure } from "../../domain/index.ts";
import { listActorOwners, listPeople, removeActorOwner, setActorOwner } from "../../store/index.ts";
import { defineOperation } from "../define.ts";
import { nearNames } from "../near-names.ts";
import { ownableActors } from "../ownable-actors.ts";

export const setActorOwnerOperation = defineOperation({
  id: "setActorOwner",
  title: "Set an actor's owner",
  summary: "Says which person or service stands behind an API key, for all past and future figures; or takes it back.",
  input: z
    .object({
      /** `key:NAME` as Claude Code reports it, `key: NAME` as reports print it, `apikey_…`, or the bare name of a key. */
      actor: z.string().min(1).max(500),
      /** E-mail of a loaded person. */
      person: z.string().optional(),
      service: z.string().min(1).max(200).optional(),
      none: z.literal(true).optional(),
      /** Also for an actor that no record names so far. */
      force: z.boolean().default(false),
    })
    .refine(({ person, service, none }) => [person, service, none].filter((one) => one !== undefined).length === 1, {
      path: ["person"],
      message: "exactly one of person, service and none is needed",
    }),
  output: z.object({
    actor: z.string(),
    personId: z.string().nullable(),
    service: z.string().nullable(),
    /** Whether any record names this actor so far. */
    known: z.boolean(),
  }),
  permission: "roster",
  effect: "write",
  audit: {
    event: ({ personId, service }) =>
      personId === null && service === null ? "actor.owner_removed" : "actor.owner_set",
    facts: ({ actor, personId, service }) => ({ actor, person_id: personId, service }),
  },
  run: (context, { actor: given, person, service, none, force }) => {
    const { store, scope } = context;
    const actor = actorOf(given.trim());
    if (actor.startsWith("user:")) {
      throw new Failure("input.invalid", {
        field: "actor",
        problem: "an e-mail is a person already",
        remedy: "List it with the person's other addresses in the people file.",
      });
    }
    return store.write(async (tx) => {
      const names = await ownableActors(tx, context);
      const known = names.has(actor);
      // The owner of a misspelt key would stand there and change no figure.
      if (!known && !force && none === undefined) throw unknownActor(actor, names);
      if (person !== undefined) {
        const email = person.trim().toLowerCase();
        const owner = (await listPeople(tx, scope)).find(({ emails }) => emails.includes(email));
        if (owner === undefined) {
          throw new Failure("input.invalid", {
            field: "person",
            problem: "nobody with this address was loaded",
            remedy: "Add the person to the people file and run bursar people load.",
          });
        }
        await setActorOwner(tx, scope, { actor, kind: "person", personId: owner.personId, service: null });
        return { actor, personId: owner.personId, service: null, known };
      }
      if (service !== undefined) {
        await setActorOwner(tx, scope, { actor, kind: "service", personId: null, service });
        return { actor, personId: null, service, known };
      }
      if (!(await listActorOwners(tx, scope)).some((owner) => owner.actor === actor)) {
        throw new Failure("input.invalid", { field: "actor", problem: "has no owner", remedy: "Nothing was changed." });
      }
      await removeActorOwner(tx, scope, actor);
      return { actor, personId: null, service: null, known };
    });
  },
});

function actorOf(given: string): string {
  if (given.startsWith("key:")) return `key:${given.slice("key:".length).trim()}`;
  return given.includes(":") || given.startsWith("apikey_") ? given : `key:${given}`;
}

function unknownActor(actor: string, names: ReadonlySet<string>): Failure {
  const near = nearNames(actor, names);
  return new Failure("input.invalid", {
    field: "actor",
    problem: `no record names ${actor}`,
    remedy: `${near.length === 0 ? "" : `Did you mean ${near.join(" or ")}? `}Add --force to set the owner all the same.`,
  });
}
