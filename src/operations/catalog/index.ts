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
  activeUsers: async () => (await import("./active-users.ts")).activeUsers,
  retention: async () => (await import("./retention.ts")).retention,
  adoption: async () => (await import("./adoption.ts")).adoption,
  codingActivity: async () => (await import("./coding-activity.ts")).codingActivity,
  codingByTeam: async () => (await import("./coding-by-team.ts")).codingByTeam,
  actions: async () => (await import("./actions.ts")).actions,
  actionsByTeam: async () => (await import("./actions-by-team.ts")).actionsByTeam,
  describeMetrics: async () => (await import("./describe-metrics.ts")).describeMetrics,
  exportRows: async () => (await import("./export-rows.ts")).exportRows,
  loadPeople: async () => (await import("./load-people.ts")).loadPeopleOperation,
  setActorOwner: async () => (await import("./set-actor-owner.ts")).setActorOwnerOperation,
  listPeople: async () => (await import("./list-people.ts")).listPeopleOperation,
  listPeopleUsage: async () => (await import("./list-people-usage.ts")).listPeopleUsage,
  personUsage: async () => (await import("./person-usage.ts")).personUsage,
  myUsage: async () => (await import("./my-usage.ts")).myUsage,
  exportLedger: async () => (await import("./export-ledger.ts")).exportLedgerOperation,
  proveRecord: async () => (await import("./prove-record.ts")).proveRecord,
  verify: async () => (await import("./verify.ts")).verify,
  doctor: async () => (await import("./doctor.ts")).doctor,
  digest: async () => (await import("./digest.ts")).digest,
} as const;

export type OperationId = keyof typeof catalog;
