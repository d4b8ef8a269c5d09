import { DAY_MS, HOUR_MS, dayIndex } from "./calendar.ts";
import { inventAppKeys, inventCiKeys, inventPersonKeys, inventRunnerKeys, type AppKey, type CiKey } from "./keys.ts";
import { ORGANIZATIONS } from "./names.ts";
import { inventPeople, type Person } from "./people.ts";
import { chance, idOf, uuidOf } from "./random.ts";
import { renamed } from "./renamed.ts";
import type { ApiKey, Workspace, WorldOptions } from "./types.ts";
import { inventWorkspaces, type WorkspaceName } from "./workspaces.ts";

/** Everything about the organization that does not change from day to day, invented once. */
export interface Setting {
  readonly options: WorldOptions;
  readonly seed: number;
  /** Day indexes. */
  readonly firstDay: number;
  readonly lastDay: number;
  readonly lastOffset: number;
  readonly startsAt: number;
  readonly organizationId: string;
  readonly organizationName: string;
  readonly people: readonly Person[];
  readonly workspaces: Readonly<Record<WorkspaceName, Workspace>>;
  readonly serviceAccountIds: readonly string[];
  /** By index of person. */
  readonly personKeys: ReadonlyMap<number, ApiKey>;
  readonly ciKeys: readonly CiKey[];
  /** Used on hackathon days only. */
  readonly runnerKeys: readonly CiKey[];
  readonly appKeys: readonly AppKey[];
}

/** What the inventors of keys and workspaces need to know. */
export type Ground = Pick<
  Setting,
  "seed" | "firstDay" | "lastOffset" | "startsAt" | "people" | "workspaces" | "serviceAccountIds"
>;

/** @throws RangeError for options that no organization can have. */
export function inventSetting(options: WorldOptions): Setting {
  const { seed, people: count, days, scale } = options;
  const lastDay = dayIndex(options.end);
  const firstDay = lastDay - days + 1;
  if (!Number.isSafeInteger(seed)) throw new RangeError("seed: must be an integer");
  if (!Number.isInteger(count) || count < 1 || count > 20_000) throw new RangeError("people: must be 1 to 20000");
  if (!Number.isInteger(days) || days < 1) throw new RangeError("days: must be a positive integer");
  if (!(scale > 0) || scale > 1000) throw new RangeError("scale: must be above 0 and at most 1000");
  if (firstDay < dayIndex("2025-01-01")) throw new RangeError("end: the history may not begin before 2025-01-01");
  const [organizationName, domain] = chance(seed, "organization").pick(ORGANIZATIONS);
  const serviceAccountIds = [0, 1, 2].map((index) => idOf("svac_", seed, "service account", index));
  const ground: Ground = {
    seed,
    firstDay,
    lastOffset: days - 1,
    startsAt: (lastDay + 1) * DAY_MS + 12 * HOUR_MS,
    people: inventPeople(seed, count, domain),
    workspaces: inventWorkspaces(seed, firstDay, days - 1),
    serviceAccountIds,
  };
  const setting: Setting = {
    ...ground,
    options,
    lastDay,
    organizationId: uuidOf(seed, "organization"),
    organizationName,
    personKeys: inventPersonKeys(ground),
    ciKeys: inventCiKeys(ground),
    runnerKeys: inventRunnerKeys(ground),
    appKeys: inventAppKeys(ground),
  };
  return options.names === undefined ? setting : renamed(setting, options.names);
}
