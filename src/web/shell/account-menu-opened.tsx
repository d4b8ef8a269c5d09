import { Menu, useMantineColorScheme } from "@mantine/core";
import { Building2, Check, Keyboard, LogOut, Monitor, Moon, Sun } from "lucide-react";

import { chooseTenant, useSignOut } from "../client/index.ts";
import type { OpensItself } from "../ui/deferred.tsx";
import { useOpened } from "../ui/use-opened.ts";
import { AccountButton, type AccountMenuProps } from "./account-menu.tsx";

const SCHEMES = [
  { value: "light", label: "Light", icon: Sun },
  { value: "dark", label: "Dark", icon: Moon },
  { value: "auto", label: "Like the system", icon: Monitor },
] as const;

export function AccountMenuOpened({ me, onKeys, opensItself }: AccountMenuProps & OpensItself) {
  const { button, opened, setOpened } = useOpened<HTMLButtonElement>(opensItself);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const signOut = useSignOut();
  return (
    <Menu opened={opened} onChange={setOpened} position="top-start" width={232}>
      <Menu.Target>
        <AccountButton me={me} ref={button} />
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
