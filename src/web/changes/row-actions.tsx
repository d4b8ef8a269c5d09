import { ActionIcon, Menu } from "@mantine/core";
import { Ellipsis } from "lucide-react";
import { Link } from "wouter";

import type { Wanted } from "./actions.ts";
import "./changes.css";

export type RowAction =
  | { readonly verb: string; readonly harmful?: true; readonly wanted: Wanted }
  | { readonly verb: string; readonly href: string };

/** What can be done with what a row is about. */
export function RowActions({
  name,
  actions,
  onChoose,
}: {
  /** Of the row, for screen readers. */
  name: string;
  actions: readonly RowAction[];
  onChoose: (wanted: Wanted) => void;
}) {
  if (actions.length === 0) return null;
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="md" aria-label={`Change ${name}`}>
          <Ellipsis size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {actions.map((action) =>
          "href" in action ? (
            <Menu.Item key={action.verb} component={Link} href={action.href}>
              {action.verb}
            </Menu.Item>
          ) : (
            <Menu.Item
              key={action.verb}
              className={action.harmful === true ? "menu-harmful" : undefined}
              onClick={() => onChoose(action.wanted)}
            >
              {action.verb}
            </Menu.Item>
          ),
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
