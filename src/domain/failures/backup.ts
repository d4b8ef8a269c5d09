import { usage, type FailureKind } from "./failure-kind.ts";

/** Backups, and putting them back. */
export const BACKUP_FAILURES = {
  "backup.unreadable": {
    ...usage,
    exit: 1,
    says: "{path} is no backup that can be restored ({problem}).",
    hint: "Nothing was changed. Give the folder that bursar backup wrote, whole and as it was.",
  },
  "backup.folder_in_use": {
    ...usage,
    says: "{path} holds {name}.",
    hint: "A backup goes into an empty data folder, or one that holds nothing but checkpoints and kek: name another with --data, or move the old one away.",
  },
} as const satisfies Record<string, FailureKind>;
