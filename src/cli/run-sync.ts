import type { OperationContext } from "../operations/index.ts";
import type { Call } from "./command.ts";
import { progressDisplay } from "./progress.ts";
import { styleOf } from "./style.ts";
import { counted, duration, grouped, shown } from "./text.ts";

export interface ShownRun {
  readonly connection: string;
  readonly outcome: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly streams: readonly {
    readonly stream: string;
    readonly state: string;
    readonly rows: number;
    readonly new: number;
    readonly changed: number;
    readonly gone: number;
    readonly conflicted: number;
    readonly failure: { readonly message: string; readonly hint: string; readonly requestId: string | null } | null;
    readonly notCovered: readonly string[];
    readonly warnings: readonly string[];
  }[];
  readonly warnings: readonly string[];
  readonly checkpointSize: number | null;
}

/** Shows the progress of whatever syncs in the meantime. */
export async function withProgress<T>(
  { io }: Pick<Call, "io">,
  context: OperationContext,
  work: (context: OperationContext) => Promise<T>,
): Promise<T> {
  const display = progressDisplay(io);
  try {
    return await work({ ...context, onSyncProgress: (progress) => display.show(progress) });
  } finally {
    display.end();
  }
}

/** 0 complete, 3 partial or stopped, 4 a key that was refused. */
export function exitOf(outcome: string): number {
  if (outcome === "complete") return 0;
  return outcome === "credential" ? 4 : 3;
}

/** What a run did, and what it could not. */
export function runText(run: ShownRun, { io }: Pick<Call, "io">): string {
  const style = styleOf(io);
  const sum = (of: (stream: ShownRun["streams"][number]) => number) =>
    run.streams.reduce((total, one) => total + of(one), 0);
  const took = Date.parse(run.endedAt) - Date.parse(run.startedAt);
  const changes = [
    `${grouped(sum((one) => one.new))} new`,
    `${grouped(sum((one) => one.changed))} changed`,
    `${grouped(sum((one) => one.gone))} gone`,
    ...(sum((one) => one.conflicted) > 0 ? [`${grouped(sum((one) => one.conflicted))} conflicted`] : []),
  ];
  const outcome = run.outcome === "complete" ? style.green(run.outcome) : style.yellow(run.outcome);
  const lines = [
    `${run.connection}: ${outcome} in ${duration(took)}; ${counted(
      sum((one) => one.rows),
      "row",
    )} read, ${changes.join(", ")}`,
  ];
  for (const { stream, state, failure, notCovered, warnings } of run.streams) {
    if (failure !== null) {
      const request = failure.requestId === null ? "" : ` [${failure.requestId}]`;
      lines.push(
        `  ${stream}: ${state.replace("_", " ")}: ${shown(failure.message, 300)} ${shown(failure.hint, 300)}${request}`,
      );
    }
    if (notCovered.length > 0)
      lines.push(`  ${stream}: not covered: ${notCovered.slice(0, 5).join(", ")}${notCovered.length > 5 ? ", …" : ""}`);
    for (const warning of warnings.slice(0, 5)) lines.push(`  ${stream}: ${shown(warning, 300)}`);
  }
  for (const warning of run.warnings.slice(0, 10)) lines.push(`  ${shown(warning, 300)}`);
  if (run.checkpointSize !== null) lines.push(`  ledger signed at ${grouped(run.checkpointSize)} leaves`);
  return `${lines.join("\n")}\n`;
}
