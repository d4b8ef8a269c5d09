import { DAY_MS, HOUR_MS, stampText } from "./calendar.ts";
import { HEX_COLORS } from "./names.ts";
import { chance, idOf, uuidOf } from "./random.ts";
import type { Workspace } from "./types.ts";

export type WorkspaceName = keyof typeof WORKSPACES;

/** The offset of the day on which Prototype lab was archived. */
export const LAB_ARCHIVED_AT = 11;

const WORKSPACES = {
  Default: { age: 900, geos: "unrestricted", geo: "global", tags: {} },
  "Claude Code": { age: 500, geos: "unrestricted", geo: "global", tags: {} },
  "Checkout service": { age: 420, geos: "unrestricted", geo: "global", tags: { env: "prod", cost_center: "4711" } },
  "Support assistant": { age: 300, geos: ["global", "us"], geo: "global", tags: { env: "prod", cost_center: "4720" } },
  "Data platform": { age: 260, geos: "unrestricted", geo: "global", tags: { team: "data" } },
  "Regulated claims": { age: 120, geos: ["us"], geo: "us", tags: { env: "prod", policy: "us-only" } },
  Search: { age: 90, geos: "unrestricted", geo: "global", tags: {} },
  "Prototype lab": { age: 380, geos: "unrestricted", geo: "global", tags: { env: "lab" } },
} as const satisfies Record<
  string,
  { age: number; geos: "unrestricted" | readonly string[]; geo: string; tags: Record<string, string> }
>;

export function inventWorkspaces(seed: number, firstDay: number, lastOffset: number): Record<WorkspaceName, Workspace> {
  const invent = (name: WorkspaceName): Workspace => {
    const { age, geos, geo, tags } = WORKSPACES[name];
    const dice = chance(seed, "workspace", name);
    const isArchived = name === "Prototype lab" && lastOffset >= LAB_ARCHIVED_AT;
    return {
      id: idOf("wrkspc_", seed, name),
      type: "workspace",
      name,
      created_at: stampText((firstDay - age) * DAY_MS + dice.int(8 * HOUR_MS, 17 * HOUR_MS)),
      archived_at: isArchived ? stampText((firstDay + LAB_ARCHIVED_AT) * DAY_MS) : null,
      display_color: dice.pick(HEX_COLORS),
      data_residency: {
        workspace_geo: "us",
        allowed_inference_geos: typeof geos === "string" ? geos : [...geos],
        default_inference_geo: geo,
      },
      compartment_id: uuidOf(seed, "compartment", name),
      external_key_id: null,
      tags: { ...tags },
      user_profile_id: null,
    };
  };
  return {
    Default: invent("Default"),
    "Claude Code": invent("Claude Code"),
    "Checkout service": invent("Checkout service"),
    "Support assistant": invent("Support assistant"),
    "Data platform": invent("Data platform"),
    "Regulated claims": invent("Regulated claims"),
    Search: invent("Search"),
    "Prototype lab": invent("Prototype lab"),
  };
}
