import { Cable, CircleGauge, GitCommitHorizontal, PlugZap, Sprout, Users } from "lucide-react";

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
  {
    path: "/active-users",
    title: "AI Active Users",
    group: "AI",
    icon: Users,
    key: "u",
    words: "dau wau mau stickiness retention cohorts churn calendar",
    load: async () => (await import("./active-users.tsx")).ActiveUsers,
  },
  {
    path: "/adoption",
    title: "AI Adoption Rate",
    group: "AI",
    icon: Sprout,
    key: "a",
    words: "denominator funnel onboarding not started lapsed seats",
    load: async () => (await import("./adoption.tsx")).AdoptionRate,
  },
  {
    path: "/activity",
    title: "AI Coding Activity",
    group: "AI",
    icon: GitCommitHorizontal,
    key: "c",
    words: "sessions lines commits pull requests terminals",
    load: async () => (await import("./coding-activity.tsx")).CodingActivity,
  },
  {
    path: "/connections",
    title: "Connections",
    group: "Setup",
    icon: Cable,
    key: "n",
    words: "sync freshness runs rotate replace key disconnect",
    load: async () => (await import("./connections.tsx")).Connections,
  },
  {
    path: "/connect",
    title: "Connect",
    group: "Setup",
    icon: PlugZap,
    needs: "credentials",
    hidden: true,
    load: async () => (await import("./connect.tsx")).Connect,
  },
];
