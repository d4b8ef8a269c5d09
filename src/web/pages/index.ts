import { CircleGauge } from "lucide-react";

import type { PageEntry } from "./page-entry.ts";

/** Every page, in the order of the navigation: one line each. */
export const pages: readonly PageEntry[] = [
  {
    path: "/",
    title: "Overview",
    group: "",
    icon: CircleGauge,
    key: "o",
    load: async () => (await import("./overview.tsx")).Overview,
  },
];
