import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";

/** The navigation of narrow screens. */
export function NavigationDrawer({
  title,
  onClose,
  children,
}: {
  title: ReactNode;
  onClose: () => void;
  children: ReactNode;
}) {
  return (
    <Drawer
      opened
      onClose={onClose}
      size={280}
      title={title}
      classNames={{ body: "shell-drawer" }}
      closeButtonProps={{ "aria-label": "Close the navigation" }}
    >
      {children}
    </Drawer>
  );
}
