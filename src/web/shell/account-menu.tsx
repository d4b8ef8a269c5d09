import { Menu, useMantineColorScheme } from "@mantine/core";
import { Building2, Check, ChevronsUpDown, CircleUser, Keyboard, LogOut, Monitor, Moon, Sun } from "lucide-react";

import { chooseTenant, useSignOut, type Me } from "../client/index.ts";

const SCHEMES = [
  { value: "light", label: "Light", icon: Sun },
  { value: "dark", label: "Dark", icon: Moon },
  { value: "auto", label: "Like the system", icon: Monitor },
] as const;

/** Who is signed in, the tenant, the theme, and the way out. */
export function AccountMenu({ me, onKeys }: { me: Me; onKeys: () => void }) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const signOut = useSignOut();
  return (
    <Menu position="top-start" width={232}>
      <Menu.Target>
        <button type="button" className="account-button">
          <CircleUser size={18} strokeWidth={1.75} aria-hidden />
          <span className="visually-hidden">Account: </span>
          <span className="account-name">
            <span>{me.account?.name}</span>
            <span className="small quiet">{me.tenant ?? me.account?.email}</span>
          </span>
          <ChevronsUpDown size={14} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {me.tenants.length > 1 && (
          <>
            <Menu.Label>Tenant</Menu.Label>
            {me.tenants.map(({ name }) => (
              <Menu.Item
                key={name}
                leftSection={<Building2 size={14} aria-hidden />}
                rightSection={name === me.tenant && <Check size={14} aria-label="chosen" />}
                onClick={() => chooseTenant(name)}
              >
                {name}
              </Menu.Item>
            ))}
            <Menu.Divider />
          </>
        )}
        <Menu.Label>Theme</Menu.Label>
        {SCHEMES.map(({ value, label, icon: Icon }) => (
          <Menu.Item
            key={value}
            leftSection={<Icon size={14} aria-hidden />}
            rightSection={value === colorScheme && <Check size={14} aria-label="chosen" />}
            onClick={() => setColorScheme(value)}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<Keyboard size={14} aria-hidden />} rightSection={<kbd>?</kbd>} onClick={onKeys}>
          Keys
        </Menu.Item>
        <Menu.Item leftSection={<LogOut size={14} aria-hidden />} onClick={() => void signOut()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
