import type { Clock, Json } from "../domain/index.ts";
import { appendLook } from "../sync/index.ts";
import type { OperationContext } from "./context.ts";
import type { Operation } from "./define.ts";

/** Looks of one caller at the same are one look for so long: a page asks again while somebody reads it. */
const ONE_LOOK_MS = 15 * 60_000;
const MOST_KEPT = 10_000;

/** Whatever is asked of them, their rows name people. */
const SHOWS_PEOPLE = ["exportRows", "findRecords", "codingToolMetrics"];

/** What questions name when they are about single people. */
const OF_PEOPLE = ["person", "actor", "account_id"];

/**
 * The trace of looks at individuals: who, with which operation, at whom. For surfaces that answer accounts and tokens;
 * they tell it of every question, also of one whose answer was ready.
 */
export class LookTrail {
  readonly #clock: Pick<Clock, "now">;
  readonly #until = new Map<string, number>();

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  /** To be awaited before anything is shown: what cannot be recorded is not shown. `charge` is told of each new one first. */
  async note(
    context: OperationContext,
    operation: Operation,
    input: Readonly<Record<string, unknown>>,
    charge: () => void = () => {},
  ): Promise<void> {
    const { scope, caller } = context;
    const { personId } = input;
    if (!isLook(context, operation, input)) return;
    // What cannot be read is refused by the operation right after, and nobody was looked at.
    if (!operation.input.safeParse(input).success) return;
    const person = typeof personId === "string" && /^p_[0-9a-f]{12}$/.test(personId) ? personId : null;
    const key = JSON.stringify([scope.tenantId, caller.kind, caller.id, operation.id, input["email"] ?? person]);
    const now = this.#clock.now();
    if ((this.#until.get(key) ?? 0) > now) return;
    const fact: { readonly event: string } & Readonly<Record<string, Json>> = {
      event: "people.looked_at",
      operation: operation.id,
      person,
    };
    charge();
    await appendLook(await context.effects(), scope, fact);
    this.#until.delete(key);
    this.#until.set(key, now + ONE_LOOK_MS);
    if (this.#until.size > MOST_KEPT) this.#until.delete(this.#until.keys().next().value!);
  }
}

/** An operator reads the database itself; whoever looks at themselves looks at nobody else. */
function isLook(
  { caller }: OperationContext,
  { permission, id }: Operation,
  input: Readonly<Record<string, unknown>>,
): boolean {
  if (caller.kind === "operator" || !caller.permissions.has("people")) return false;
  if (caller.personId !== null && input["personId"] === caller.personId) return false;
  return permission === "people" || SHOWS_PEOPLE.includes(id) || Object.values(input).some(namesPeople);
}

function namesPeople(value: unknown): boolean {
  if (typeof value === "string") return OF_PEOPLE.some((name) => value === name || value.startsWith(`${name}=`));
  return typeof value === "object" && value !== null && Object.values(value).some(namesPeople);
}
