import type { Migration } from "./migration.ts";

/**
 * When a receiver took an alert; null: it was noted, and not taken yet. Until now a row was written before it was sent,
 * and taken back where that failed: what stands there was taken, as far as anybody knows.
 */
export const alertsArrive: Migration = {
  name: "0013-alerts-arrive",
  statements: ({ int }) => [
    `alter table alerts_sent add column arrived_ms ${int}`,
    `update alerts_sent set arrived_ms = sent_ms`,
  ],
};
