import { Failure } from "../../domain/index.ts";
import type { Keyring, OperationContext } from "../context.ts";

/**
 * Before anything else: where writing is off nothing is planned, decided or executed.
 *
 * @throws Failure `changes.off`
 */
export function requireWrites({ keyring }: Pick<OperationContext, "keyring">): NonNullable<Keyring["writerFor"]> {
  if (keyring.writerFor === undefined) throw new Failure("changes.off");
  return keyring.writerFor.bind(keyring);
}
