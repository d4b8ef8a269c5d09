import { Button, Group, Modal } from "@mantine/core";
import { useState, type ReactNode } from "react";

import { ErrorBox } from "./error-box.tsx";

interface ConfirmDialogProps {
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

/** Asks before something is done, naming what it is done to. Stays open, and says why, when it fails. */
export function ConfirmDialog({
  opened,
  title,
  children,
  verb,
  harmful = false,
  ready = true,
  onConfirm,
  onClose,
}: ConfirmDialogProps) {
  const [busy, setBusy] = useState(false);
  const [thrown, setThrown] = useState<unknown>(null);
  const confirm = async () => {
    setBusy(true);
    setThrown(null);
    try {
      await onConfirm();
      onClose();
    } catch (failure) {
      setThrown(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ "aria-label": "Close" }}>
      <div className="dialog-text">{children}</div>
      {thrown !== null && <ErrorBox thrown={thrown} means="Nothing was changed." />}
      <Group justify="flex-end" gap={8} mt={16}>
        <Button variant="default" onClick={onClose} data-autofocus={harmful || undefined}>
          Cancel
        </Button>
        <Button color={harmful ? "red" : "blue"} loading={busy} disabled={!ready} onClick={() => void confirm()}>
          {verb}
        </Button>
      </Group>
    </Modal>
  );
}
