import { Failure, type Scope } from "../../domain/index.ts";
import { identityLabel, listedNames, readIdentities, type Identities } from "../../metrics/index.ts";
import { dimValues, listOrganizations, type BudgetRow, type Tx } from "../../store/index.ts";
import { nearNames } from "../near-names.ts";
import { mayNameKeys } from "../privacy.ts";
import type { Asker } from "./asking.ts";

type Kind = BudgetRow["scope"];

/** Everything of one kind that the record knows, as budgets name it. */
export interface BudgetTargets {
  readonly kind: Kind;
  /** What figures are told by, with what people call it. */
  readonly names: ReadonlyMap<string, string>;
  /** Other spellings, in small letters, of a value; null is the one without an id. */
  readonly spellings: ReadonlyMap<string, string | null>;
}

/** Ids and names that a refusal lists at most. */
const MOST_IDS = 5;
const MOST_NAMES = 12;

const WORDS: { readonly [K in Kind]: string } = {
  organization: "organization",
  workspace: "workspace",
  team: "team",
  person: "person",
  api_key: "API key",
  model: "model",
  tool: "tool",
};

/** Where more of a kind come from. */
const SOURCES: { readonly [K in Kind]: string } = {
  organization: "Organizations come with their connections: bursar connect.",
  workspace: "Workspaces are read by a sync: bursar sync.",
  team: "Teams are those of the list of people: Teams shows them, bursar people load brings others.",
  person: "People are those of the list of people, and whoever used Claude.",
  api_key: "Keys are read by a sync: bursar sync.",
  model: "Only models that were used already can have one.",
  tool: "Only products that were used already can have one, such as claude_code.",
};

export async function budgetTargets(tx: Tx, scope: Scope, kind: Kind): Promise<BudgetTargets> {
  const known = kind === "person" || kind === "team" || kind === "workspace" ? await readIdentities(tx, scope) : null;
  const names = await namesOf(tx, scope, kind, known);
  const spellings = new Map<string, string | null>();
  const bearers = Map.groupBy(names, ([, name]) => name.toLowerCase());
  // A name that several have tells none of them.
  for (const [name, ids] of bearers) if (ids.length === 1) spellings.set(name, ids[0]![0]);
  for (const value of names.keys()) spellings.set(value.toLowerCase(), value);
  if (kind === "person") {
    for (const [person, { emails }] of known?.known ?? []) {
      for (const email of emails) spellings.set(email.toLowerCase(), person);
    }
  }
  if (kind === "workspace") {
    // Figures say null for the default one, whose id some reports have.
    for (const id of known?.defaultWorkspaces ?? []) spellings.set(id.toLowerCase(), null);
  }
  return { kind, names, spellings };
}

/**
 * What a budget means by this text, in the spelling that figures have.
 *
 * @throws Failure `input.invalid` when nothing is called that, with what comes nearest.
 */
export function budgetTarget({ kind, names, spellings }: BudgetTargets, given: string): string | null {
  if (names.has(given)) return given;
  const found = spellings.get(given.toLowerCase());
  if (found !== undefined) return found;
  const several = idsOf(names, given);
  if (several.length > 0) {
    const problem = `${several.length} ${WORDS[kind]}s are called ${given}`;
    const remedy = `Name one by its id: ${several.slice(0, MOST_IDS).join(", ")}.`;
    throw new Failure("input.invalid", { field: "value", problem, remedy });
  }
  const near = nearNames(given, new Set([...names.values(), ...names.keys()]));
  const all = [...new Set(names.values())].toSorted();
  const choices = all.length > 0 && all.length <= MOST_NAMES ? `Choose one of: ${all.join(", ")}.` : SOURCES[kind];
  throw new Failure("input.invalid", {
    field: "value",
    problem: `there is no ${WORDS[kind]} ${given}`,
    remedy: near.length === 0 ? choices : `Did you mean ${near.join(" or ")}?`,
  });
}

/** Of the questions of one snapshot, so that each kind is looked up once however many budgets there are. */
const ofAsker = new WeakMap<Asker, Map<Kind, Promise<BudgetTargets>>>();

/** What a budget limits: what that is called, and in words if there is no such thing any more. */
export async function aboutTarget(
  asker: Asker,
  { scope: kind, value }: Pick<BudgetRow, "scope" | "value">,
): Promise<{ readonly called: string | null; readonly missing: string | null }> {
  if (value === null) return { called: null, missing: null };
  const kinds = ofAsker.get(asker) ?? new Map<Kind, Promise<BudgetTargets>>();
  ofAsker.set(asker, kinds);
  const reading = kinds.get(kind) ?? asker.store.read((tx) => budgetTargets(tx, asker.scope, kind));
  kinds.set(kind, reading);
  const { names } = await reading;
  const called = names.get(value);
  if (called !== undefined) return { called: called === value ? null : called, missing: null };
  const missing = `No such ${WORDS[kind]} any more: nothing new counts here. Delete this budget, or set it for another.`;
  return { called: null, missing };
}

async function namesOf(
  tx: Tx,
  scope: Scope,
  kind: Kind,
  known: Identities | null,
): Promise<ReadonlyMap<string, string>> {
  const seen = async (dim: string) => named((await dimValues(tx, scope, dim)).values());
  switch (kind) {
    case "organization":
      return named(await listOrganizations(tx, scope));
    case "workspace": {
      const all = new Map([...(await seen("workspace")), ...(await listedNames(tx, scope, "workspaces"))]);
      return new Map([...all].filter(([id]) => known?.defaultWorkspaces.has(id) !== true));
    }
    case "api_key": {
      const listed = await listedNames(tx, scope, "api_keys");
      return new Map([...(await seen("api_key")), ...(mayNameKeys(scope) ? listed : named(listed.keys()))]);
    }
    case "team":
      return named([...(known?.known.values() ?? [])].flatMap(({ team }) => (team === null ? [] : [team])));
    case "person":
      return named(known === null ? [] : await labelsOf(tx, scope, known));
    case "model":
      return seen("model");
    case "tool":
      return seen("product");
  }
}

const named = (values: Iterable<string>): ReadonlyMap<string, string> =>
  new Map([...values].map((value) => [value, value]));

/** Whoever has this name, whatever the case of its letters. */
function idsOf(names: ReadonlyMap<string, string>, wanted: string): string[] {
  return [...names].filter(([, name]) => name.toLowerCase() === wanted.toLowerCase()).map(([id]) => id);
}

/** Whoever figures by person can name: of the list of people, and of the records. */
async function labelsOf(tx: Tx, scope: Scope, known: Identities): Promise<string[]> {
  const texts = async (dim: string) => [...(await dimValues(tx, scope, dim)).values()];
  const seen = [
    ...(await texts("actor")).map((actor) => known.ofActor(actor)),
    ...(await texts("analytics_actor")).map((actor) => known.ofAnalyticsActor(actor, null)),
    ...(await texts("email")).map((email) => known.ofEmail(email)),
    ...(await texts("account")).map((account) => known.ofAccount(account, null)),
    ...(await texts("service_account")).map((account) => known.ofAccount(null, account)),
  ];
  return [...known.known.keys(), ...seen.flatMap((who) => (who === null ? [] : [identityLabel(who)]))];
}
