import { isFailure } from "../domain/index.ts";
import { dimensions, metrics } from "../metrics/index.ts";
import { catalog } from "../operations/index.ts";
import type { Asking } from "./define-resource.ts";

/** What a member of an address or an argument names. */
export type NameKind = keyof typeof NAMES;

/** What can be typed, with what else it is found by. */
interface Name {
  readonly value: string;
  readonly title: string;
}

/** As the protocol allows. */
const MOST = 100;

const NAMES = {
  metric: async () => metrics.map(({ id, title }) => ({ value: id, title })),
  dimension: async () => dimensions.map(({ id, title }) => ({ value: id, title })),
  personId: async ({ ask }) =>
    (await ask(await catalog.listPeople(), {})).people.map(({ personId, name }) => ({ value: personId, title: name })),
  team: async ({ ask }) =>
    (await ask(await catalog.listTeams(), {})).rows.flatMap(({ team }) =>
      team === null ? [] : [{ value: team, title: team }],
    ),
  workspace: async (call) => (await workspacesOf(call)).map(({ name }) => ({ value: name, title: name })),
  workspaceId: async (call) =>
    (await workspacesOf(call)).map(({ id, name }) => ({ value: id ?? DEFAULT_WORKSPACE, title: name })),
} as const satisfies Record<string, (call: Asking) => Promise<readonly Name[]>>;

/** How the default workspace, which has no id, stands in an address. */
export const DEFAULT_WORKSPACE = "default";

/** Values that go on from what was typed; those that begin with it first. What the caller may not see is not there. */
export async function completionsOf(
  kind: NameKind,
  typed: string,
  call: Asking,
): Promise<{ readonly values: string[]; readonly total: number; readonly hasMore: boolean }> {
  const wanted = typed.toLowerCase();
  const names: readonly Name[] = await namesOf(kind, call);
  const found = names
    .map((name) => ({ ...name, rank: rankOf(name, wanted) }))
    .filter(({ rank }) => rank !== null)
    .sort((a, b) => a.rank! - b.rank! || (a.value < b.value ? -1 : 1));
  const values = [...new Set(found.map(({ value }) => value))];
  return { values: values.slice(0, MOST), total: values.length, hasMore: values.length > MOST };
}

async function namesOf(kind: NameKind, call: Asking): Promise<readonly Name[]> {
  try {
    return await NAMES[kind](call);
  } catch (thrown) {
    // A suggestion that cannot be made is no error of whoever types.
    if (isFailure(thrown)) return [];
    throw thrown;
  }
}

async function workspacesOf({ ask }: Asking) {
  return (await ask(await catalog.listWorkspaces(), {})).rows;
}

function rankOf({ value, title }: Name, wanted: string): number | null {
  const texts = [value.toLowerCase(), title.toLowerCase()];
  if (texts.some((text) => text.startsWith(wanted))) return 0;
  return texts.some((text) => text.includes(wanted)) ? 1 : null;
}
