import { Failure, isJsonObject, type Json, type JsonObject } from "../../domain/index.ts";
import { listMembers, listPeople, storedVersions, type PersonRow, type Tx } from "../../store/index.ts";
import { kindOf, NAMES, objectsIn, WHO } from "../../sync/index.ts";
import type { OperationContext } from "../context.ts";

export interface PersonAsked {
  /** An address, an id of the roster, or an id of a member at Anthropic. */
  readonly person: string;
  /** Further texts under which the person is known. */
  readonly also: readonly string[];
}

export interface KnownPerson {
  /** Texts that name this person and nobody else. */
  readonly texts: readonly string[];
  /** Names that somebody else has too: they stay wherever no identifier stands beside them. */
  readonly sharedNames: number;
  readonly listed: PersonRow | null;
  /** What a person types to confirm. */
  readonly confirmation: string;
}

const IS_MEMBER_ID = /^user_[A-Za-z0-9]{6,}$/;

/**
 * Finds every text under which somebody is known: addresses of the roster, accounts that are theirs, and what the lists
 * of the organization ever said of these addresses and ids, in any version.
 *
 * @throws Failure `access.unknown` for an id that the roster does not have; `input.invalid` for a text of somebody else
 */
export async function knownTexts(
  tx: Tx,
  context: Pick<OperationContext, "scope" | "streams">,
  asked: PersonAsked,
): Promise<KnownPerson> {
  const { scope } = context;
  const people = await listPeople(tx, scope);
  const wanted = asked.person.trim();
  const isOf = (one: PersonRow) => one.personId === wanted || one.emails.includes(folded(wanted));
  const listed = people.find(isOf) ?? null;
  if (listed === null && kindOf(wanted).kind === "name") throw unknown();
  if (listed === null && wanted.startsWith("p_")) throw unknown();
  for (const text of asked.also) {
    const twin = people.find((one) => one !== listed && one.emails.includes(folded(text)));
    if (twin !== undefined) throw wrong(`one of them is of ${twin.personId}`, "Erase that person for themselves.");
    if (folded(text).length < 3) throw wrong("one of them is shorter than 3 letters", "It would be found everywhere.");
  }
  const ids = new Set<string>();
  const names = new Set<string>(listed === null ? [] : [listed.name]);
  const add = (text: string): void => void ids.add(kindOf(text).kind === "email" ? folded(text) : text);
  for (const text of [...(listed?.emails ?? []), ...(wanted === listed?.personId ? [] : [wanted])]) add(text);
  for (const text of asked.also) (kindOf(text).kind === "name" ? names : ids).add(text.trim());
  const accounts = await listMembers(tx, scope);
  const told = await objectsAboutSomebody(tx, context);
  const theirs = new Set<Told>();
  for (let before = -1; before !== ids.size;) {
    before = ids.size;
    for (const { personId, account } of accounts) {
      const addresses = [account.email, account.contact].filter((one) => one !== null);
      const isTheirs =
        (listed !== null && personId === listed.personId) || addresses.some((one) => ids.has(folded(one)));
      if (!isTheirs) continue;
      for (const address of addresses) add(address);
      names.add(account.name);
    }
    for (const one of told) {
      if (!one.ids.some((id) => ids.has(id))) continue;
      theirs.add(one);
      for (const id of one.ids) add(id);
      for (const name of one.names) names.add(name);
    }
  }
  const others = new Set([
    ...people.filter((one) => one !== listed).map(({ name }) => worded(name)),
    ...told.filter((one) => !theirs.has(one)).flatMap((one) => one.names.map(worded)),
  ]);
  const ownNames = [...names].filter((name) => kindOf(name).words > 1 || asked.also.includes(name));
  const unique = ownNames.filter((name) => !others.has(worded(name)));
  return {
    texts: [...ids, ...unique],
    sharedNames: ownNames.length - unique.length,
    listed,
    confirmation: listed?.emails[0] ?? wanted,
  };
}

interface Told {
  readonly ids: readonly string[];
  readonly names: readonly string[];
}

/** What the lists ever said of somebody, one entry an object. */
async function objectsAboutSomebody(
  tx: Tx,
  { scope, streams }: Pick<OperationContext, "scope" | "streams">,
): Promise<Told[]> {
  const found = new Map<string, Told>();
  for (const stream of streams.filter(({ shape }) => shape.kind === "list")) {
    for await (const { payload } of storedVersions(tx, scope, { stream: stream.name, currentOnly: false })) {
      if (payload === null) continue;
      for (const object of objectsIn(JSON.parse(payload) as Json)) {
        const told = toldBy(object);
        if (told.ids.length > 0) found.set(JSON.stringify(told), told);
      }
    }
  }
  return [...found.values()];
}

function toldBy(object: JsonObject): Told {
  const texts = (members: readonly string[]) =>
    members.map((name) => object[name]).filter((one): one is string => typeof one === "string" && one !== "");
  const ids = texts(WHO)
    .filter((text) => text.includes("@") || IS_MEMBER_ID.test(text))
    .map((text) => (text.includes("@") ? folded(text) : text));
  return { ids, names: isJsonObject(object) ? texts(NAMES) : [] };
}

function folded(text: string): string {
  return text.trim().toLowerCase();
}

function worded(name: string): string {
  return (folded(name).match(/[\p{L}\p{N}]+/gu) ?? []).toSorted().join(" ");
}

function unknown(): Failure {
  return new Failure("access.unknown", { what: "person", field: "person" });
}

function wrong(problem: string, remedy: string): Failure {
  return new Failure("input.invalid", { field: "also", problem, remedy });
}
