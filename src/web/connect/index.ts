export { BackfillChoice } from "./backfill-choice.tsx";
export { Checklist, checklistLine } from "./checklist.tsx";
export { ConnectionCard } from "./connection-card.tsx";
export { KeyForm } from "./key-form.tsx";
export { ReplaceKeyDialog } from "./replace-key-dialog.tsx";
export { RunList } from "./run-list.tsx";
export { RunOutcome } from "./run-outcome.tsx";
export { SyncView } from "./sync-view.tsx";
export { useSyncs, type Syncs } from "./use-syncs.ts";
