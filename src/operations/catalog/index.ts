/**
 * Every operation by id. Each is loaded when it is asked for: the schemas of all would cost a short command more than
 * its own work.
 */
export const catalog = {
  connect: async () => (await import("./connect.ts")).connect,
  probe: async () => (await import("./probe.ts")).probeConnection,
  disconnect: async () => (await import("./disconnect.ts")).disconnect,
  listConnections: async () => (await import("./list-connections.ts")).listConnectionsOperation,
  addTenant: async () => (await import("./add-tenant.ts")).addTenant,
  listTenants: async () => (await import("./list-tenants.ts")).listTenantsOperation,
  sync: async () => (await import("./sync.ts")).sync,
  backfill: async () => (await import("./backfill.ts")).backfill,
  status: async () => (await import("./status.ts")).status,
  report: async () => (await import("./report.ts")).report,
  summary: async () => (await import("./summary.ts")).summary,
  explainChange: async () => (await import("./explain-change.ts")).explainChange,
  spend: async () => (await import("./spend.ts")).spend,
  describeMetrics: async () => (await import("./describe-metrics.ts")).describeMetrics,
  exportRows: async () => (await import("./export-rows.ts")).exportRows,
  loadPeople: async () => (await import("./load-people.ts")).loadPeopleOperation,
  setActorOwner: async () => (await import("./set-actor-owner.ts")).setActorOwnerOperation,
  listPeople: async () => (await import("./list-people.ts")).listPeopleOperation,
  exportLedger: async () => (await import("./export-ledger.ts")).exportLedgerOperation,
  proveRecord: async () => (await import("./prove-record.ts")).proveRecord,
  verify: async () => (await import("./verify.ts")).verify,
  doctor: async () => (await import("./doctor.ts")).doctor,
  digest: async () => (await import("./digest.ts")).digest,
} as const;

export type OperationId = keyof typeof catalog;
