import { Button, Group } from "@mantine/core";
import { useState } from "react";

import type { ConfirmDialogProps } from "./confirm-dialog.tsx";
import { ErrorBox } from "./error-box.tsx";
import { Dialog } from "./dialog.tsx";

export function ConfirmDialogForm({
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
    <Dialog opened={opened} onClose={onClose} title={title}>
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
    </Dialog>
  );
}
