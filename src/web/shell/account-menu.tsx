import { ChevronsUpDown, CircleUser } from "lucide-react";
import type { ComponentProps } from "react";

import type { Me } from "../client/index.ts";
import { openedLater } from "../ui/deferred.tsx";

export interface AccountMenuProps {
  readonly me: Me;
  readonly onKeys: () => void;
}

/** Who is signed in, the tenant, the theme, and the way out. */
export const AccountMenu = openedLater<AccountMenuProps>(
  ({ me, onOpen, onNear }) => (
    <AccountButton
      me={me}
      aria-haspopup="menu"
      aria-expanded={false}
      onClick={onOpen}
      onPointerEnter={onNear}
      onFocus={onNear}
    />
  ),
  async () => (await import("./account-menu-opened.tsx")).AccountMenuOpened,
);

export function AccountButton({ me, ...rest }: { me: Me } & ComponentProps<"button">) {
  return (
    <button {...rest} type="button" className="account-button">
      <CircleUser size={18} strokeWidth={1.75} aria-hidden />
      <span className="visually-hidden">Account: </span>
      <span className="account-name">
        <span>{me.account?.name}</span>
        <span className="small quiet">{me.tenant ?? me.account?.email}</span>
      </span>
      <ChevronsUpDown size={14} aria-hidden />
    </button>
  );
}
