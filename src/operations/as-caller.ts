import { principalOf, type Caller } from "../access/index.ts";
import type { OperationContext } from "./context.ts";
import { effectivePrivacy } from "./effective-privacy.ts";

/** What a caller may use in the context's tenant: their rights, how people appear to them, their own person. */
export async function asCaller(
  context: OperationContext,
  caller: Caller,
  signal?: AbortSignal,
): Promise<OperationContext> {
  const scope = { ...context.scope, principal: principalOf(caller) };
  const privacy = await effectivePrivacy(context, scope, caller);
  return {
    ...context,
    scope: { ...scope, privacy, self: caller.personId },
    caller,
    ...(signal === undefined ? {} : { signal: AbortSignal.any([context.signal, signal]) }),
  };
}
