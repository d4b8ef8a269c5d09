import { local, usage, type FailureKind } from "./failure-kind.ts";

/** The database. */
export const STORE_FAILURES = {
  "store.locked": {
    ...local,
    status: 503,
    says: "The database is locked by another program.",
    hint: "Wait for it to finish (a backup, perhaps), then try again.",
  },
  "store.disk_full": {
    ...local,
    says: "The disk is full.",
    hint: "Free some space; the transaction was undone and nothing was lost.",
  },
  "store.read_only": {
    ...local,
    status: 503,
    says: "The data folder is read-only.",
    hint: "Give the user that runs Bursar write permission on {path}.",
  },
  "store.damaged": {
    ...local,
    says: "The database is damaged ({problem}).",
    hint: "Stop Bursar, keep the folder, restore a backup and run bursar doctor.",
  },
  "store.io": {
    ...local,
    says: "The database cannot be used ({problem}).",
    hint: "Check the disk and the permissions of {path}.",
  },
  "store.own_backup": {
    ...usage,
    says: "PostgreSQL is backed up by its own tools.",
    hint: "Use pg_dump, and copy the folder checkpoints beside it; docs/guides/backup.md says how.",
  },
  "store.newer": {
    ...local,
    says: "The database was written by a newer Bursar.",
    hint: "Use that version, or restore a backup from before.",
  },
  "store.unknown_tenant": {
    ...usage,
    status: 404,
    says: "tenant: {tenant} does not exist.",
    hint: "Run bursar tenant add {tenant}, or leave --tenant out.",
  },
  "store.name_taken": { ...usage, status: 409, says: "{field}: {name} exists already.", hint: "Choose another name." },
  "store.unknown_connection": {
    ...usage,
    status: 404,
    says: "connection: {name} does not exist.",
    hint: "Run bursar status to see the connections, or bursar connect --name {name}.",
  },
  "store.no_connection": {
    ...usage,
    says: "No connection yet.",
    hint: "Run bursar connect --name NAME and paste an Admin key.",
  },
} as const satisfies Record<string, FailureKind>;
