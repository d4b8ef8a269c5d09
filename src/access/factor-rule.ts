import type { Role } from "./permission.ts";

/** Of whom a tenant demands a second factor. */
export const FACTOR_RULES = ["off", "admins", "everybody"] as const;

export type FactorRule = (typeof FACTOR_RULES)[number];

export function demandsFactor(rule: FactorRule, role: Role | null): boolean {
  return rule === "everybody" || (rule === "admins" && role === "admin");
}
