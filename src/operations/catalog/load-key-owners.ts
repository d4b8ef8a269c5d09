import { z } from "zod";

import { Failure } from "../../domain/index.ts";
import { listPeople, setActorOwner, type ActorOwnerRow } from "../../store/index.ts";
import { readCsv } from "../csv.ts";
import { defineOperation } from "../define.ts";
import { ownableActors } from "../ownable-actors.ts";

export const loadKeyOwners = defineOperation({
  id: "loadKeyOwners",
  title: "Load owners of keys",
  summary: "Sets the owners of the keys that a CSV file lists, by actor and person or service; all other owners stay.",
  input: z.object({ csv: z.string().describe("columns actor, person (an e-mail) and service") }),
  output: z.object({
    owners: z.int(),
    persons: z.int(),
    services: z.int(),
    /** Actors that no record names so far: their owner is kept for when one does. */
    unknown: z.array(z.string()),
  }),
  permission: "roster",
  effect: "write",
  audit: {
    event: "actor.owners_loaded",
    facts: ({ owners, persons, services }) => ({ owners, persons, services }),
  },
  run: (context, { csv }) => {
    const { store, scope } = context;
    const lines = readOwners(csv);
    return store.write(async (tx) => {
      const idOf = new Map(
        (await listPeople(tx, scope)).flatMap(({ personId, emails }) => emails.map((email) => [email, personId])),
      );
      const strangers = lines.filter(({ person }) => person !== null && !idOf.has(person));
      const [first] = strangers;
      if (first !== undefined) {
        const others = strangers.length === 1 ? "" : `, nor with those of ${strangers.length - 1} more lines`;
        throw wrong(
          `line ${first.line}, person`,
          `nobody with this address was loaded${others}`,
          "Load the people first.",
        );
      }
      const names = await ownableActors(tx, context);
      for (const { actor, person, service } of lines) {
        const owner: ActorOwnerRow =
          person === null
            ? { actor, kind: "service", personId: null, service }
            : { actor, kind: "person", personId: idOf.get(person)!, service: null };
        await setActorOwner(tx, scope, owner);
      }
      const persons = lines.filter(({ person }) => person !== null).length;
      const unknown = lines.map(({ actor }) => actor).filter((actor) => !names.has(actor));
      return { owners: lines.length, persons, services: lines.length - persons, unknown };
    });
  },
});

interface OwnerLine {
  readonly line: number;
  readonly actor: string;
  readonly person: string | null;
  readonly service: string | null;
}

const COLUMNS = ["actor", "person", "service"] as const;

/** @throws Failure `input.invalid` naming the line; nothing was changed. */
function readOwners(csv: string): OwnerLine[] {
  const [header, ...records] = readCsv(csv, "owners");
  const titles = header?.cells.map((cell) => cell.trim().toLowerCase()) ?? [];
  const odd = titles.find((title) => !COLUMNS.some((column) => column === title));
  if (!titles.includes("actor") || odd !== undefined) {
    throw wrong("header", "its columns are others", `They are ${COLUMNS.join(", ")}.`);
  }
  return records.map(({ line, cells }) => {
    const cell = (column: (typeof COLUMNS)[number]) => cells[titles.indexOf(column)]?.trim() || null;
    const [actor, person, service] = [cell("actor"), cell("person")?.toLowerCase() ?? null, cell("service")];
    if (actor === null) throw wrong(`line ${line}, actor`, "is empty", "Name the key, as key:NAME or by its id.");
    // A key may be called anything.
    if (actor.startsWith("user:") || (actor.includes("@") && !actor.startsWith("key:"))) {
      throw wrong(`line ${line}, actor`, "an e-mail is a person already", "List it with the person's other addresses.");
    }
    if ((person === null) === (service === null)) {
      throw wrong(`line ${line}`, "needs exactly one of person and service", "Fill one of the two cells.");
    }
    return { line, actor, person, service };
  });
}

function wrong(field: string, problem: string, remedy: string): Failure {
  return new Failure("input.invalid", { field: `owners, ${field}`, problem, remedy });
}
