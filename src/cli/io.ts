import type { Writable } from "node:stream";

import { Failure, scrub } from "../domain/index.ts";

/** What the command line reads from and writes to, as an argument, so that a test can pass its own. */
export interface Io {
  readonly stdin: NodeJS.ReadStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether stderr is a terminal that can be redrawn in place. */
  readonly canRedraw: boolean;
  /** Colours and styles on stdout. */
  readonly color: boolean;
  readonly columns: () => number;
  /**
   * Data. Resolves when the reader keeps up; rejects with `OutputClosed` when it went away, and with the failure
   * `app.output` when the text cannot be written: a full disk must not look like a whole answer.
   */
  out(text: string): Promise<void>;
  /** Everything that is not data. Never holds a key: see `scrub`. */
  err(text: string): void;
}

/** The reader of stdout closed it (`| head`): there is nobody to tell, so the command ends quietly. */
export class OutputClosed extends Error {
  override readonly name = "OutputClosed";
}

export interface Streams {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: Writable & { isTTY?: boolean; columns?: number };
  readonly stderr: Writable & { isTTY?: boolean; columns?: number };
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function createIo({ stdin, stdout, stderr, env }: Streams): Io {
  // Why nothing can be written any more: the first trouble, as those after it only say that the stream is destroyed.
  let ended: OutputClosed | Failure | null = null;
  const end = (error: NodeJS.ErrnoException) => (ended ??= endOf(error));
  stdout.on("error", end);
  // A closed stderr must not end a sync.
  stderr.on("error", () => {});
  const noColor = env["NO_COLOR"] !== undefined && env["NO_COLOR"] !== "";
  const forced = env["FORCE_COLOR"] !== undefined && env["FORCE_COLOR"] !== "0" && env["FORCE_COLOR"] !== "";
  return {
    stdin,
    env,
    canRedraw: stderr.isTTY === true && env["TERM"] !== "dumb" && env["CI"] === undefined,
    color: !noColor && (forced || (stdout.isTTY === true && env["TERM"] !== "dumb")),
    columns: () => widthOf(stdout.columns ?? stderr.columns, env["COLUMNS"]),
    out: (text) =>
      new Promise((resolve, reject) => {
        if (ended !== null) return reject(ended);
        stdout.write(text, (error) => (error === null || error === undefined ? resolve() : reject(end(error))));
        return undefined;
      }),
    err: (text) => void stderr.write(scrub(text)),
  };
}

function endOf(cause: NodeJS.ErrnoException): OutputClosed | Failure {
  const { code } = cause;
  if (code === "EPIPE" || code === "ERR_STREAM_DESTROYED") return new OutputClosed();
  const problem = code === "ENOSPC" ? "no space is left" : (code ?? cause.message);
  return new Failure("app.output", { problem }, { cause });
}

function widthOf(columns: number | undefined, named: string | undefined): number {
  const wanted = columns ?? (named !== undefined && /^\d{1,4}$/.test(named) ? Number(named) : 100);
  return Math.max(20, wanted);
}
