import type { Kind, Population } from "./filters.ts";

export const KINDS: Readonly<Record<Kind, string>> = {
  estimated: "Estimated",
  list: "List price",
  net: "Net",
  notional: "Notional",
};
export const POPULATIONS: Readonly<Record<Population, string>> = {
  humans: "People",
  service: "Services",
  unmapped: "Unmapped",
  all: "All",
};
