import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";

// A type alone: nothing of the server is in the pages.
import type { Permission } from "../../operations/index.ts";
import { get, post } from "./ask.ts";
import { Problem } from "./problem.ts";
import { chosenTenant, forgetTenant } from "./tenant.ts";

export type { Permission };

/** Who is signed in, and what for. `GET /auth/me`. */
export interface Me {
  readonly account: {
    readonly id: string;
    readonly name: string;
    readonly email: string | null;
    readonly role: string | null;
    readonly permissions: readonly Permission[];
    readonly personId: string | null;
    readonly hasPassword: boolean;
    /** Null for those who have none here: a token, or somebody of an identity provider. */
    readonly secondFactor: {
      readonly isOn: boolean;
      /** It is demanded and not there: nothing else is answered before. */
      readonly isMissing: boolean;
      readonly recoveryCodesLeft: number;
    } | null;
  } | null;
  readonly tenants: readonly { readonly name: string }[];
  readonly tenant: string | null;
  /** How people appear to the caller; null when nobody is signed in. */
  readonly privacyMode: "named" | "pseudonymous" | "teams" | null;
  readonly setupNeeded: boolean;
  readonly sso: { readonly enabled: boolean; readonly label: string | null };
}

const NOBODY: Me = {
  account: null,
  tenants: [],
  tenant: null,
  privacyMode: null,
  setupNeeded: false,
  sso: { enabled: false, label: null },
};

export const ME_KEY = ["me"] as const;

/** Who is signed in: nobody rather than an error when the session has ended. */
export function useMe(): { me: Me | undefined; problem: unknown; may: (permission: Permission) => boolean } {
  const { data, error } = useQuery({ queryKey: ME_KEY, queryFn: readMe, staleTime: 60_000 });
  const may = useCallback((permission: Permission) => data?.account?.permissions.includes(permission) ?? false, [data]);
  return { me: data, problem: error, may };
}

/** Ends the session and forgets every answer. */
export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await post("/auth/sign-out", {});
    queries.clear();
    globalThis.location.assign("/sign-in");
  };
}

async function readMe(): Promise<Me> {
  try {
    const tenant = chosenTenant();
    const me = (await get("/auth/me", { tenant })) as Me;
    // One that the account is no longer of: its questions would all be refused.
    if (tenant !== null && me.account !== null && me.tenant !== tenant) forgetTenant();
    return me;
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.status === 401) return NOBODY;
    throw thrown;
  }
}
