import { z } from "zod";

import type { AuditEvent } from "../define.ts";
import { filters, grain } from "../filters.ts";
import type { EvidenceQuestion } from "./about.ts";
import type { EvidenceBundle } from "./bundle.ts";

/** Which evidence is wanted. */
export const evidenceInput = {
  about: z
    .enum(["period", "person", "report", "access"])
    .describe("period: all use of some days; person: one person's; report: one question; access: who had access"),
  personId: z.string().max(100).optional().describe("of the list of people"),
  email: z.string().max(320).optional().describe("any of the person's addresses, also of who is not listed"),
  metric: z.string().optional().describe("of a report"),
  ...filters,
  grain: grain.optional(),
  by: z.array(z.string()).readonly().optional(),
  source: z.enum(["messages", "claude_code", "analytics", "cost_report"]).optional(),
} as const;

/** What is said of a bundle beside its files. */
export const evidenceTold = {
  origin: z.string(),
  size: z.int(),
  records: z.int(),
  payloads: z.boolean(),
  personId: z.string().nullable(),
} as const;

type Told = Omit<EvidenceBundle, "files">;

/** People stand in the trail by the id of the roster alone. */
export const evidenceAudit: AuditEvent<EvidenceQuestion, Told> = {
  event: "evidence.made",
  withoutTraceInTrouble: true,
  facts: ({ size, records, payloads, personId }, { about, from, to, asOf }) => ({
    about,
    from: from ?? null,
    to: to ?? null,
    asOf: asOf ?? null,
    person: personId,
    size,
    records,
    payloads,
  }),
};
