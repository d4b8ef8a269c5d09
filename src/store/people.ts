import { intOf, intOrNull, oneOf, textOf, textOrNull } from "./decode.ts";
import { sessionOf } from "./session.ts";
import type { ActorOwnerRow, EarlierPost, PersonRow, Scope, Tx, WriteTx } from "./types.ts";

/** Makes these the tenant's people, all of them: who is not listed is gone, owners of actors stay as they are. */
export async function loadPeople(tx: WriteTx, scope: Scope, people: readonly PersonRow[]): Promise<void> {
  const session = sessionOf(tx);
  for (const table of ["people", "people_earlier"]) {
    await session.run(`delete from ${table} where tenant_id = ?`, [scope.tenantId]);
  }
  await insertPeople(tx, scope, people);
}

/** Adds a person, or replaces the one with that id, history included. */
export async function savePerson(tx: WriteTx, scope: Scope, person: PersonRow): Promise<void> {
  await removePerson(tx, scope, person.personId);
  await insertPeople(tx, scope, [person]);
}

/** Forgets a person altogether; actors that they own keep an owner that nobody knows, and so are unmapped. */
export async function removePerson(tx: WriteTx, scope: Scope, personId: string): Promise<void> {
  const session = sessionOf(tx);
  await session.changePeople(scope.tenantId);
  for (const table of ["people", "people_earlier"]) {
    await session.run(`delete from ${table} where tenant_id = ? and person_id = ?`, [scope.tenantId, personId]);
  }
}

export async function listPeople(tx: Tx, scope: Pick<Scope, "tenantId">): Promise<PersonRow[]> {
  const session = sessionOf(tx);
  const earlier = new Map<string, EarlierPost[]>();
  const posts = await session.all(
    `select person_id, until_day, team, cost_centre, manager
     from people_earlier
     where tenant_id = ?
     order by person_id, until_day`,
    [scope.tenantId],
  );
  for (const row of posts) {
    const personId = textOf(row, "person_id");
    const own = earlier.get(personId) ?? [];
    earlier.set(personId, own);
    own.push({ until: intOf(row, "until_day"), ...postOf(row) });
  }
  const rows = await session.all(
    `select ${COLUMNS.map(({ name }) => name).join(", ")} from people where tenant_id = ? order by person_id`,
    [scope.tenantId],
  );
  return rows.map((row) => {
    const personId = textOf(row, "person_id");
    const own = earlier.get(personId);
    return {
      personId,
      name: textOf(row, "name"),
      emails: JSON.parse(textOf(row, "emails")) as string[],
      ...postOf(row),
      startsOn: intOrNull(row, "starts_on"),
      endsOn: intOrNull(row, "ends_on"),
      inRoster: intOf(row, "in_roster") === 1,
      ...(own ? { earlier: own } : {}),
    };
  });
}

/** Says who owns an actor; an earlier owner is replaced. */
export async function setActorOwner(tx: WriteTx, scope: Scope, owner: ActorOwnerRow): Promise<void> {
  const session = sessionOf(tx);
  await session.changePeople(scope.tenantId);
  await session.run(
    `insert into actor_owners (tenant_id, actor, kind, person_id, service) values (?, ?, ?, ?, ?)
     on conflict (tenant_id, actor) do update
     set kind = excluded.kind, person_id = excluded.person_id, service = excluded.service`,
    [scope.tenantId, owner.actor, owner.kind, owner.personId, owner.service],
  );
}

export async function removeActorOwner(tx: WriteTx, scope: Scope, actor: string): Promise<void> {
  const session = sessionOf(tx);
  await session.changePeople(scope.tenantId);
  await session.run("delete from actor_owners where tenant_id = ? and actor = ?", [scope.tenantId, actor]);
}

export async function listActorOwners(tx: Tx, scope: Scope): Promise<ActorOwnerRow[]> {
  const sql = "select actor, kind, person_id, service from actor_owners where tenant_id = ? order by actor";
  return (await sessionOf(tx).all(sql, [scope.tenantId])).map((row) => ({
    actor: textOf(row, "actor"),
    kind: oneOf(row, "kind", ["person", "service"]),
    personId: textOrNull(row, "person_id"),
    service: textOrNull(row, "service"),
  }));
}

async function insertPeople(tx: WriteTx, scope: Scope, people: readonly PersonRow[]): Promise<void> {
  const session = sessionOf(tx);
  await session.changePeople(scope.tenantId);
  const rows = people.map((person) => [
    scope.tenantId,
    person.personId,
    person.name,
    JSON.stringify(person.emails),
    person.team,
    person.costCentre,
    person.manager,
    person.startsOn,
    person.endsOn,
    person.inRoster ? 1 : 0,
  ]);
  await session.insertRows("people", COLUMNS, rows);
  const posts = people.flatMap(({ personId, earlier = [] }) =>
    earlier.map((post) => [scope.tenantId, personId, post.until, post.team, post.costCentre, post.manager]),
  );
  await session.insertRows("people_earlier", EARLIER_COLUMNS, posts);
}

function postOf(row: Parameters<typeof textOrNull>[0]): Omit<EarlierPost, "until"> {
  return {
    team: textOrNull(row, "team"),
    costCentre: textOrNull(row, "cost_centre"),
    manager: textOrNull(row, "manager"),
  };
}

const EARLIER_COLUMNS = [
  { name: "tenant_id", type: "int" },
  { name: "person_id", type: "text" },
  { name: "until_day", type: "int" },
  { name: "team", type: "text" },
  { name: "cost_centre", type: "text" },
  { name: "manager", type: "text" },
] as const;

const COLUMNS = [
  { name: "tenant_id", type: "int" },
  { name: "person_id", type: "text" },
  { name: "name", type: "text" },
  { name: "emails", type: "text" },
  { name: "team", type: "text" },
  { name: "cost_centre", type: "text" },
  { name: "manager", type: "text" },
  { name: "starts_on", type: "int" },
  { name: "ends_on", type: "int" },
  { name: "in_roster", type: "int" },
] as const;
