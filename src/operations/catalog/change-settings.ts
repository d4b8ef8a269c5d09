import { z } from "zod";

import { Failure } from "../../domain/index.ts";
import { refuseToken } from "../accounts.ts";
import { defineOperation } from "../define.ts";
import {
  isSameSetting,
  readSettings,
  SETTING_NAMES,
  settingsShape,
  TENANT_SETTINGS,
  writeSetting,
  type TenantSettings,
} from "../tenant-settings.ts";

type Value = z.output<typeof value>;

const value = z.union([z.string(), z.number(), z.null(), z.array(z.string()).readonly()]);

/** Who the change hides or shows is decided by those who may see individuals. */
const OF_PEOPLE = ["privacy.mode", "privacy.minimumGroup"] as const;

export const changeSettings = defineOperation({
  id: "changeSettings",
  title: "Change settings",
  summary: "Changes what this tenant decided; what is left out stays as it is.",
  input: z
    .object({ settings: settingsShape.partial().strict() })
    .refine(({ settings }) => Object.keys(settings).length > 0, {
      path: ["settings"],
      message: "nothing to change is given",
    }),
  output: z.object({
    settings: settingsShape,
    changed: z.array(z.object({ name: z.string(), from: value, to: value })),
  }),
  permission: "settings",
  effect: "write",
  audit: {
    event: ({ changed }) => (changed.length === 0 ? null : "settings.changed"),
    facts: ({ changed }) => ({
      changed: changed.map(({ name, from, to }) => {
        if (isMarked(name, "isSecret")) return { name, is_set: to !== null };
        return isMarked(name, "namesPeople") ? { name, ...listsTold(from, to) } : { name, from, to };
      }),
    }),
  },
  run: ({ store, scope, caller }, { settings: wanted }) =>
    store.write(async (tx) => {
      const before = await readSettings(tx, scope);
      const names = SETTING_NAMES.filter(
        (name) => wanted[name] !== undefined && !isSameSetting(wanted[name], before[name]),
      );
      if (!caller.permissions.has("people") && OF_PEOPLE.some((name) => loosens(name, wanted, before))) {
        throw new Failure("access.above_own", { permissions: "people" });
      }
      // What it destroys is gone for good: no program decides that, as with an erasure.
      // Nor does a stolen one make signing in easier.
      if (names.includes("retention.identityDays") || names.includes("secondFactor")) refuseToken(caller);
      const changed: { name: string; from: Value; to: Value }[] = [];
      for (const name of names) {
        const to = wanted[name] ?? null;
        await writeSetting(tx, scope, name, to);
        changed.push({ name, from: before[name], to });
      }
      return { settings: await readSettings(tx, scope), changed };
    }),
});

type Wanted = { readonly [Name in keyof TenantSettings]?: TenantSettings[Name] | undefined };

function isMarked(name: string, mark: "isSecret" | "namesPeople"): boolean {
  const described = TENANT_SETTINGS[name as keyof typeof TENANT_SETTINGS];
  return mark in described;
}

/** What came onto a list and what went off it: ids as they are, addresses by their number. */
function listsTold(from: Value, to: Value) {
  const [before, after] = [from, to].map((list) => (Array.isArray(list) ? (list as readonly string[]) : []));
  const told = (here: readonly string[] = [], there: readonly string[] = []) => {
    const others = here.filter((one) => !there.includes(one));
    const ids = others.filter((one) => !one.includes("@"));
    return { ids, emails: others.length - ids.length };
  };
  return { added: told(after, before), removed: told(before, after) };
}

/** Nobody shows themselves the individuals that they may not see. */
function loosens(name: (typeof OF_PEOPLE)[number], wanted: Wanted, before: TenantSettings): boolean {
  if (name === "privacy.minimumGroup") return (wanted[name] ?? before[name]) < before[name];
  const order = ["teams", "pseudonymous", "named"];
  return order.indexOf(wanted[name] ?? before[name]) > order.indexOf(before[name]);
}
