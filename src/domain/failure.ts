import { ACCESS_FAILURES } from "./failures/access.ts";
import { ANCHOR_FAILURES } from "./failures/anchor.ts";
import { API_FAILURES } from "./failures/api.ts";
import { APP_FAILURES } from "./failures/app.ts";
import { BACKUP_FAILURES } from "./failures/backup.ts";
import { CHANGES_FAILURES } from "./failures/changes.ts";
import type { FailureKind } from "./failures/failure-kind.ts";
import { INPUT_FAILURES } from "./failures/input.ts";
import { LEDGER_FAILURES } from "./failures/ledger.ts";
import { SOURCE_FAILURES } from "./failures/source.ts";
import { STORE_FAILURES } from "./failures/store.ts";
import { SYNC_FAILURES } from "./failures/sync.ts";
import { VAULT_FAILURES } from "./failures/vault.ts";

/**
 * Something that a person can act on; any other throw is a bug.
 *
 * Everything that follows from a failure (exit code, HTTP status, retry) stands in this one table.
 */
const FAILURES = {
  ...INPUT_FAILURES,
  ...ACCESS_FAILURES,
  ...API_FAILURES,
  ...SOURCE_FAILURES,
  ...CHANGES_FAILURES,
  ...STORE_FAILURES,
  ...BACKUP_FAILURES,
  ...SYNC_FAILURES,
  ...VAULT_FAILURES,
  ...LEDGER_FAILURES,
  ...ANCHOR_FAILURES,
  ...APP_FAILURES,
} as const satisfies Record<string, FailureKind>;

export type FailureCode = keyof typeof FAILURES;
export type FailureFacts = Readonly<Record<string, string | number | boolean | null>>;

export class Failure extends Error {
  override readonly name = "Failure";
  readonly code: FailureCode;
  readonly facts: FailureFacts;
  readonly hint: string;
  readonly status: number;
  readonly exit: number;
  readonly retry: boolean;

  constructor(code: FailureCode, facts: FailureFacts = {}, options?: ErrorOptions) {
    const kind: FailureKind = FAILURES[code];
    super(fill(kind.says, facts), options);
    this.code = code;
    this.facts = facts;
    this.hint = fill(kind.hint, facts);
    this.status = kind.status;
    this.exit = kind.exit;
    this.retry = kind.retry;
  }
}

/** Whether something thrown is the failure with this code. */
export function isFailure(thrown: unknown, ...codes: FailureCode[]): thrown is Failure {
  return thrown instanceof Failure && (codes.length === 0 || codes.includes(thrown.code));
}

/** Kind and place of a bug, for the log: its message may hold what was sent. */
export function placeOfBug(thrown: unknown): string {
  if (!(thrown instanceof Error)) return typeof thrown;
  const [, place = "unknown place"] = /at .*?([\w.-]+:\d+):\d+\)?$/m.exec(thrown.stack ?? "") ?? [];
  return `${thrown.name} at ${place}`;
}

/** Text from outside is data: quoted where it stands in a sentence, without control characters, and short. */
function fill(template: string, facts: FailureFacts): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const text = String(facts[name] ?? "unknown").replace(
      /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
      "\uFFFD",
    );
    return text.length > 300 ? `${text.slice(0, 300)}…` : text;
  });
}
