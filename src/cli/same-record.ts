import { flagName } from "./options.ts";
import type { Globals, SettingFlag } from "./command.ts";

const WHERE: readonly SettingFlag[] = ["data", "databaseUrl", "kekFile", "upstream", "config"];

/** The options, with a space before, that lead a next command to the record of this one; "" when none were given. */
export function sameRecord({ tenant, settings }: Globals): string {
  const given = WHERE.flatMap((name): [SettingFlag, string][] => {
    const value = settings[name];
    // The address of a database may hold its password, which a terminal must not show.
    return value === undefined ? [] : [[name, name === "databaseUrl" ? "URL" : quoted(value)]];
  });
  const options = given.map(([name, value]) => ` ${flagName(name)} ${value}`);
  return [...(tenant === undefined ? [] : [` --tenant ${quoted(tenant)}`]), ...options].join("");
}

/** As a shell takes it for one word. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
