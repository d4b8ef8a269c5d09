import { Failure } from "../../domain/index.ts";
import { readSettings } from "../tenant-settings.ts";
import type { OperationContext } from "../context.ts";
import type { StepDraft } from "./define-change.ts";

/**
 * Refuses whatever would touch something on the tenant's protected list, by id or e-mail.
 *
 * @throws Failure `changes.protected`
 */
export async function refuseProtected(
  { store, scope }: Pick<OperationContext, "store" | "scope">,
  steps: readonly Pick<StepDraft, "touches">[],
): Promise<void> {
  const settings = await store.read((tx) => readSettings(tx, scope));
  const list = new Set(settings["changes.protected"].map(spelled));
  const touched = steps.flatMap(({ touches }) => touches).find((one) => list.has(spelled(one)));
  // An address is not repeated: failures are logged and told to models.
  if (touched !== undefined)
    throw new Failure("changes.protected", { what: touched.includes("@") ? "This address" : touched });
}

function spelled(text: string): string {
  return text.trim().toLowerCase();
}
