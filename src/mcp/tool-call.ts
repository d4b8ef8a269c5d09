import type { z } from "zod";

import type { Operation, OperationContext, SyncOrder, SyncRun } from "../operations/index.ts";

/** One call of a tool: who asks, and everything that it may use. */
export interface ToolCall {
  /** Scope, caller and store of whoever asks: a tool sees exactly what they may see. */
  readonly context: OperationContext;
  /** Asks an operation as the caller, and leaves the trace that a look at individuals must leave. */
  ask<In extends z.ZodType, Out extends z.ZodType>(
    operation: Operation<In, Out>,
    input: z.input<In>,
  ): Promise<z.output<Out>>;
  /** Ends when the client cancels or goes away. */
  readonly signal: AbortSignal;
  /** Tells how far a long piece of work is; nothing where the client asked for no progress. */
  progress(done: number, total: number | null, says: string): void;
  /**
   * Asks a person to approve, where the client can show them a question: `null` where it cannot.
   *
   * `run` is called again from its beginning once the person has answered, so nothing may be changed before. The answer
   * counts for the same caller, arguments and question only.
   */
  approve(question: ApprovalQuestion): Promise<"approved" | "declined" | null>;
  /** Address of a page of the dashboard, for a person: `/changes/…` behind the server's own origin. */
  pageUrl(path: string): string;
  /**
   * Starts a sync of the caller's tenant in a process of its own, unless one runs: then that one is meant. `ended` waits
   * for it and tells its progress meanwhile; a call that is cancelled stops waiting, the sync goes on.
   */
  startSync(order: SyncOrder): Promise<StartedSync>;
}

export interface StartedSync {
  /** As it stood when it was started or found. */
  readonly run: SyncRun;
  /** Whether this call started it. */
  readonly isNew: boolean;
  ended(): Promise<SyncRun>;
}

/** What a person is asked before something is changed at Anthropic. Plain text, upstream's names shown escaped. */
export interface ApprovalQuestion {
  readonly title: string;
  readonly lines: readonly string[];
}
