import type { Output } from "../client/index.ts";

export type Band = Output<"listPeopleUsage">["rows"][number]["band"];

/** How regularly somebody uses Claude, by active days among the last 28. */
export const BANDS = {
  daily: { label: "Daily", says: "Active on 16 or more of the last 28 days." },
  weekly: { label: "Weekly", says: "Active on 4 to 15 of the last 28 days." },
  occasional: { label: "Occasional", says: "Active on 1 to 3 of the last 28 days." },
  lapsed: { label: "Lapsed", says: "Active before, and not in the last 28 days." },
  never: { label: "Never", says: "Never active in all that is held." },
} as const satisfies Record<Band, { label: string; says: string }>;

export const BAND_NAMES = Object.keys(BANDS) as Band[];
