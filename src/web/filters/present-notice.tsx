import { useSearch } from "wouter";

import { formatDay } from "../format/index.ts";
import { Notice } from "../ui/notice.tsx";
import { parseFilters } from "./filters.ts";

/** Stands on pages that cannot look back, while the address asks for an earlier day. */
export function PresentNotice() {
  const { asOf } = parseFilters(useSearch());
  if (asOf === null) return null;
  return <Notice kind="note">This page shows how things stand now, not as known on {formatDay(asOf)}.</Notice>;
}
