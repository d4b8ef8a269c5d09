import type { Caller } from "../access/index.ts";
import { NAMED, type Privacy, type Random, type Scope } from "../domain/index.ts";
import type { Store } from "../store/index.ts";
import { privacyKey, privacyOf } from "./privacy.ts";
import { readSettings } from "./tenant-settings.ts";

/** How people appear to a caller in a tenant, by the caller's permissions and the tenant's settings. */
export async function effectivePrivacy(
  { store, random }: { readonly store: Store; readonly random: Random },
  tenant: Pick<Scope, "tenantId">,
  caller: Pick<Caller, "permissions">,
): Promise<Privacy> {
  if (caller.permissions.has("people")) return NAMED;
  const settings = await store.read((tx) => readSettings(tx, tenant));
  const mode = settings["privacy.mode"];
  const key = mode === "pseudonymous" ? await privacyKey(store, tenant, random) : null;
  return privacyOf(caller.permissions, { mode, minimumGroup: settings["privacy.minimumGroup"] }, key);
}
