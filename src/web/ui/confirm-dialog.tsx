import { useState, type ReactNode } from "react";

import { deferred } from "./deferred.tsx";

export interface ConfirmDialogProps {
  readonly opened: boolean;
  /** Verb and object: `Archive workspace Research`. */
  readonly title: string;
  /** What happens then, and whether it can be undone. */
  readonly children: ReactNode;
  /** The verb alone. */
  readonly verb: string;
  readonly harmful?: boolean;
  /** False while something has still to be written or ticked. */
  readonly ready?: boolean;
  readonly onConfirm: () => Promise<unknown>;
  readonly onClose: () => void;
}

const Form = deferred(async () => (await import("./confirm-dialog-form.tsx")).ConfirmDialogForm);

/** Asks before something is done, naming what it is done to. Stays open, and says why, when it fails. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const [wasOpened, setWasOpened] = useState(props.opened);
  if (props.opened && !wasOpened) setWasOpened(true);
  return wasOpened && <Form {...props} />;
}
