import type { McpResource } from "../define-resource.ts";
import { capabilities } from "./capabilities.ts";
import { latestCheckpoint } from "./latest-checkpoint.ts";
import { metricDefinitions } from "./metric-definitions.ts";
import { person } from "./person.ts";
import { report } from "./report.ts";
import { syncStatus } from "./sync-status.ts";
import { workspace } from "./workspace.ts";

/** Every resource and template of resources, in the order in which they are listed. */
export const resources: readonly McpResource[] = [
  capabilities,
  metricDefinitions,
  syncStatus,
  latestCheckpoint,
  person,
  workspace,
  report,
];
