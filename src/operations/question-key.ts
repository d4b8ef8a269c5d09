import { createHash } from "node:crypto";

import type { Scope } from "../domain/index.ts";
import type { OperationContext } from "./context.ts";

/** Everything that an operation's answer depends on besides the record and the day, in one line. */
export function questionKey(
  { scope, caller }: OperationContext,
  operation: string,
  input: Readonly<Record<string, unknown>>,
): string {
  const rights = [...caller.permissions].sort().join(" ");
  // The caller too, although most answers are the same for equal rights: what is one's own must never be another's.
  const who = [caller.kind, scope.principal, caller.personId ?? "", rights, privacyKey(scope)];
  return JSON.stringify([scope.tenantId, who, operation, sorted(input)]);
}

function privacyKey({ privacy }: Scope): string {
  return createHash("sha256").update(JSON.stringify(privacy)).digest("base64url");
}

/** Equal inputs are equal texts, however their members were ordered. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    members.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, sorted(member)]),
  );
}
