import type { LucideIcon } from "lucide-react";
import type { ComponentType } from "react";

import type { Permission } from "../client/index.ts";

/** The groups of the navigation, in its order. */
export const GROUPS = ["", "AI", "Money", "Directory", "Trust", "Setup"] as const;

/** A page as the navigation, the palette and the router know it. The page itself is loaded when it is opened. */
export interface PageEntry {
  /** As wouter reads it: `/people/:id`. */
  readonly path: string;
  readonly title: string;
  readonly group: (typeof GROUPS)[number];
  readonly icon: LucideIcon;
  /** The letter that opens it after `g`. */
  readonly key?: string;
  /** Who may not do this does not see the page. */
  readonly needs?: Permission;
  /** Opened from another page only; stands in no list. */
  readonly hidden?: true;
  /** Further words that find it in the palette. */
  readonly words?: string;
  readonly load: () => Promise<ComponentType>;
}
