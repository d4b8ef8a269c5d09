import type { Permission } from "../access/index.ts";
import { Failure, MINIMUM_GROUP, NAMED, type Privacy, type Random, type Scope } from "../domain/index.ts";
import { getSetting, setSetting, type Store } from "../store/index.ts";

export const PRIVACY_MODES = ["named", "pseudonymous", "teams"] as const;

/** What a tenant decided about who may see single people. */
export interface PrivacySettings {
  readonly mode: Privacy["mode"];
  /** Fewer people than this are no group. */
  readonly minimumGroup: number;
}

export const DEFAULT_PRIVACY: PrivacySettings = { mode: "teams", minimumGroup: MINIMUM_GROUP };

/**
 * How people appear to a caller: by name to whoever has the permission for it, else as the tenant decided.
 *
 * @param key what `privacyKey` gives; needed in the mode `pseudonymous` alone
 */
export function privacyOf(
  permissions: ReadonlySet<Permission>,
  { mode, minimumGroup }: PrivacySettings,
  key: Buffer | null,
): Privacy {
  if (permissions.has("people") || mode === "named") return NAMED;
  // Without its key a pseudonym cannot be told: then nobody is shown at all.
  if (mode === "teams" || key === null) return { mode: "teams", minimumGroup };
  return { mode, key, minimumGroup };
}

const KEY = "privacy.key";
const KEY_BYTES = 32;

/**
 * The key of the tenant's pseudonyms, made when first needed and kept for good: a new one would give everybody a new
 * pseudonym.
 *
 * It stands in the settings beside the names themselves and is not sealed: whoever can read it can read the names, and
 * figures have to be answered while the vault is locked. No operation shows it.
 */
export async function privacyKey(store: Store, scope: Pick<Scope, "tenantId">, random: Random): Promise<Buffer> {
  const kept = await store.read((tx) => getSetting(tx, scope, KEY));
  if (kept !== null) return Buffer.from(kept, "hex");
  return store.write(async (tx) => {
    // Another request may have come first.
    const before = await getSetting(tx, scope, KEY);
    if (before !== null) return Buffer.from(before, "hex");
    const key = random.bytes(KEY_BYTES);
    await setSetting(tx, scope, KEY, key.toString("hex"));
    return key;
  });
}

/**
 * Keeps what names people from those who may not see them.
 *
 * @throws Failure `access.individuals`
 */
export function requireNamed({ privacy }: Scope, field: string, remedy = "Ask an admin for the permission."): void {
  if (privacy.mode !== "named") throw new Failure("access.individuals", { field, remedy });
}

/** A key is often named after whoever made it. */
export function mayNameKeys({ privacy }: Pick<Scope, "privacy">): boolean {
  return privacy.mode === "named";
}
