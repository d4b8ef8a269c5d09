import type { Person } from "./people.ts";
import type { Setting } from "./setting.ts";
import type { ApiKey, Workspace } from "./types.ts";

/**
 * The same organization with names out of a list, in turn: whatever somebody chose there, from people and the local
 * parts of their addresses to keys, workspaces and terminals. Ids and figures stay.
 */
export function renamed(setting: Setting, names: readonly string[]): Setting {
  if (names.length === 0) throw new RangeError("names: must not be empty");
  let taken = 0;
  const next = (): string => {
    const turn = Math.floor(taken / names.length);
    const name = names[taken++ % names.length] ?? "";
    return turn === 0 ? name : `${name} ${turn + 1}`;
  };
  const people = setting.people.map((person): Person => {
    const [, domain = ""] = person.email.split("@");
    const local = cut(next().replaceAll(/[@\s]/g, "."), 60);
    const email = `${local}.${person.index}@${domain}`;
    // Capitals of all the world's letters would be somebody else.
    return { ...person, name: next(), email, secondSpelling: email, terminal: cut(next(), 100) };
  });
  // Keys that shared a name still do: reports know names only.
  const keyNames = new Map<string, string>();
  const keyName = (name: string): string => {
    const fresh = keyNames.get(name) ?? next();
    keyNames.set(name, fresh);
    return fresh;
  };
  const key = (own: ApiKey): ApiKey => ({ ...own, name: keyName(own.name) });
  const workspaces = Object.entries(setting.workspaces).map(([id, own]): [string, Workspace] => [
    id,
    id === "Default" ? own : { ...own, name: next() },
  ]);
  const machines = (keys: Setting["ciKeys"]): Setting["ciKeys"] =>
    keys.map((own) => ({
      ...own,
      key: key(own.key),
      firstName: keyName(own.firstName),
      laterName: keyName(own.laterName),
    }));
  return {
    ...setting,
    organizationName: next(),
    people,
    // The same names as before, in the same order.
    workspaces: Object.fromEntries(workspaces) as unknown as Setting["workspaces"],
    personKeys: new Map([...setting.personKeys].map(([index, own]) => [index, key(own)])),
    ciKeys: machines(setting.ciKeys),
    runnerKeys: machines(setting.runnerKeys),
    appKeys: setting.appKeys.map((own) => (own.key === null ? own : { ...own, key: key(own.key) })),
  };
}

/** A half of a character cannot be sent. */
function cut(text: string, most: number): string {
  return text.slice(0, most).toWellFormed();
}
