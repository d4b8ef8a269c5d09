import { useEffect, useRef, useState, type RefObject } from "react";

/**
 * Whether something that hangs on a button is open. It opens by itself when its button was just used, with the focus on
 * the button, so that it comes back there.
 */
export function useOpened<Button extends HTMLElement>(
  opensItself: boolean,
): { button: RefObject<Button | null>; opened: boolean; setOpened: (opened: boolean) => void } {
  const button = useRef<Button>(null);
  const [opened, setOpened] = useState(false);
  useEffect(() => {
    if (!opensItself) return;
    button.current?.focus({ preventScroll: true });
    setOpened(true);
  }, [opensItself]);
  return { button, opened, setOpened };
}
