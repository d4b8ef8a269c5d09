import { Modal, type ModalProps } from "@mantine/core";
import { useEffect, useState } from "react";

/**
 * What is asked or shown over a page. When it goes, the focus is again where it was, as most dialogs are no longer
 * drawn once they are closed, and the kit gives it back only to those that are.
 */
export function Dialog({ opened = true, ...rest }: Omit<ModalProps, "opened"> & { readonly opened?: boolean }) {
  return (
    <>
      {opened && <GivesFocusBack />}
      <Modal opened={opened} closeButtonProps={{ "aria-label": "Close" }} {...rest} />
    </>
  );
}

function GivesFocusBack() {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    },
    [before],
  );
  return null;
}
