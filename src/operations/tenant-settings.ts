import { z } from "zod";

import { FACTOR_RULES } from "../access/index.ts";
import type { Json, Scope } from "../domain/index.ts";
import { getSetting, setSetting, type Tx, type WriteTx } from "../store/index.ts";
import { ANCHOR_SETTINGS } from "./anchoring/settings.ts";
import { activeRule, denominator } from "./filters.ts";
import { DEFAULT_PRIVACY, PRIVACY_MODES } from "./privacy.ts";

/** One thing that a tenant decides about itself. */
interface TenantSetting<S extends z.ZodType> {
  readonly schema: S;
  readonly default: z.output<S>;
  /** One sentence, as the settings page says it. */
  readonly says: string;
  /** Its value may let somebody in elsewhere: the audit trail says that it changed, not to what. */
  readonly isSecret?: true;
  /** Its value may name people: the audit trail leaves addresses out. */
  readonly namesPeople?: true;
}

const setting = <S extends z.ZodType>(described: TenantSetting<S>): TenantSetting<S> => described;

const usd = z.string().regex(/^\d{1,9}(?:\.\d{1,12})?$/, "is no amount, such as 30 or 30.50");

/** A day may be read again, and restated, until it is 90 days old. */
const LEAST_IDENTITY_DAYS = 92;
export const identityDays = z
  .int("is no whole number of days, such as 365")
  .min(LEAST_IDENTITY_DAYS, `is less than ${LEAST_IDENTITY_DAYS}: until a day is 90 days old it may be restated`)
  .max(3650, "is more than 3,650");

const webhook = z
  .string()
  .max(500)
  .refine((text) => URL.canParse(text) && new URL(text).protocol === "https:", "is no https address")
  // To such an address nothing is ever sent.
  .refine((text) => {
    const url = URL.parse(text);
    return url === null || (url.username === "" && url.password === "");
  }, "holds a name or a password");

/** All that a tenant decides about itself: the page, the operations and their readers know nothing else. */
export const TENANT_SETTINGS = {
  "privacy.mode": setting({
    schema: z.enum(PRIVACY_MODES),
    default: DEFAULT_PRIVACY.mode,
    says: "How people appear to those without the permission to see individuals: by name, under a pseudonym, or only as teams.",
  }),
  "privacy.minimumGroup": setting({
    schema: z.int().min(2).max(100),
    default: DEFAULT_PRIVACY.minimumGroup,
    says: "Groups of fewer people are hidden from those who may not see individuals.",
  }),
  "retention.identityDays": setting({
    schema: identityDays.nullable(),
    default: null,
    says: "After so many days, 92 or more, records of usage say under a pseudonym whose they are; empty: never. Cannot be undone.",
  }),
  denominator: setting({
    schema: denominator.nullable(),
    default: null,
    says: "Of whom adoption is a share; when nothing is chosen, of the roster where there is one, else of the members.",
  }),
  activeRule: setting({ schema: activeRule, default: "any", says: "What makes a person active on a day." }),
  seatPriceUsd: setting({
    schema: usd.nullable(),
    default: null,
    says: "What one seat costs in a month, in USD; without it licences are counted and not priced.",
  }),
  weekStartsOn: setting({ schema: z.enum(["monday"]), default: "monday", says: "Weeks are ISO weeks, in UTC." }),
  idleDays: setting({
    schema: z.union([z.literal(14), z.literal(30), z.literal(60), z.literal(90)]),
    default: 30,
    says: "A seat that nobody used for so many days is idle.",
  }),
  graceDays: setting({
    schema: z.int().min(0).max(90),
    default: 14,
    says: "So many days after it was given a seat is not called idle or never used.",
  }),
  budgetMonthlyUsd: setting({
    schema: usd.nullable(),
    default: null,
    says: "What a month may cost, in USD; spending is compared with it.",
  }),
  alertWebhookUrl: setting({
    schema: webhook.nullable(),
    default: null,
    says: "Where alerts go: a failed sync, an Admin key about to expire, a budget, an unusual day, a ledger that waits for a decision.",
    isSecret: true,
  }),
  "changes.protected": setting({
    schema: z
      .array(
        z
          .string()
          .trim()
          .regex(/^(?:[^@\s]+@[^@\s]+|(?:user|invite|wrkspc|apikey|spl|rl)_[A-Za-z0-9_-]{1,64})$/, {
            error: "is neither an e-mail nor an id such as user_…, wrkspc_… or apikey_…",
          })
          .max(320),
      )
      .max(500)
      .readonly(),
    default: [] as readonly string[],
    says: "E-mails and ids of members, workspaces and keys that nothing here may change at Anthropic.",
    namesPeople: true,
  }),
  ...ANCHOR_SETTINGS,
  sessionIdleHours: setting({
    schema: z.int().min(1).max(12),
    default: 12,
    says: "A session that lies unused for so many hours ends.",
  }),
  secondFactor: setting({
    schema: z.enum(FACTOR_RULES),
    default: "off",
    says: "Who has to have a second factor besides a password: nobody, admins, or everybody. Single sign-on asks for its own.",
  }),
} as const;

export type SettingName = keyof typeof TENANT_SETTINGS;

export type TenantSettings = {
  readonly [Name in SettingName]: z.output<(typeof TENANT_SETTINGS)[Name]["schema"]>;
};

export const SETTING_NAMES = Object.keys(TENANT_SETTINGS) as readonly SettingName[];

/** All of them, as answers and orders have them. */
export const settingsShape = z.object(
  Object.fromEntries(SETTING_NAMES.map((name) => [name, TENANT_SETTINGS[name].schema])) as {
    readonly [Name in SettingName]: (typeof TENANT_SETTINGS)[Name]["schema"];
  },
);

/** Lists are equal when they say the same. */
export function isSameSetting(one: TenantSettings[SettingName], other: TenantSettings[SettingName]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** In the same table as what the program keeps for itself. */
const keyOf = (name: SettingName) => `tenant.${name}`;

/** What the tenant decided, and the defaults for the rest. */
export async function readSettings(tx: Tx, scope: Pick<Scope, "tenantId">): Promise<TenantSettings> {
  const values: Partial<Record<SettingName, unknown>> = {};
  for (const name of SETTING_NAMES) values[name] = await readSetting(tx, scope, name);
  return values as TenantSettings;
}

/** One of them alone, for what is asked with every request. */
export async function readSetting<Name extends SettingName>(
  tx: Tx,
  scope: Pick<Scope, "tenantId">,
  name: Name,
): Promise<TenantSettings[Name]> {
  const kept = await getSetting(tx, scope, keyOf(name));
  const { schema, default: otherwise } = TENANT_SETTINGS[name];
  // A later version may have narrowed what is allowed: then its default is the answer.
  const read = kept === null ? undefined : schema.safeParse(JSON.parse(kept));
  // What the schema of a setting reads is what the setting is.
  return (read?.success === true ? read.data : otherwise) as TenantSettings[Name];
}

export async function writeSetting(tx: WriteTx, scope: Scope, name: SettingName, value: Json): Promise<void> {
  await setSetting(tx, scope, keyOf(name), JSON.stringify(value));
}
