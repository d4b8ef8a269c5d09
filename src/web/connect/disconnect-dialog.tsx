import { Checkbox, TextInput } from "@mantine/core";
import { useState } from "react";

import { useOrder, type Output } from "../client/index.ts";
import { ConfirmDialog } from "../ui/index.ts";

type Known = Output<"listConnections">["connections"][number];

/** Destroys a key, and on wish all that was read with it: that is asked by having its name written. */
export function DisconnectDialog({ known, onClose }: { known: Known; onClose: () => void }) {
  const { connection, organizationName, organizationId, state } = known;
  const order = useOrder("disconnect");
  const isGone = state === "disconnected";
  const [purge, setPurge] = useState(isGone);
  const [written, setWritten] = useState("");
  const name = organizationName === "" ? organizationId : organizationName;
  return (
    <ConfirmDialog
      opened
      harmful
      title={isGone ? `Erase what was read of ${name}` : `Disconnect ${connection}`}
      verb={purge ? (isGone ? "Erase" : "Disconnect and erase") : "Disconnect"}
      ready={!purge || written.trim() === connection}
      onConfirm={() => order.mutateAsync({ connection, purge })}
      onClose={onClose}
    >
      {!isGone && (
        <p>
          The sealed key is destroyed now and nothing new is read of {name}. What was read stays, and the key can be
          connected again later. The key itself goes on working elsewhere until it is deleted in the Claude Console.
        </p>
      )}
      {!isGone && (
        <Checkbox
          checked={purge}
          onChange={(event) => setPurge(event.currentTarget.checked)}
          label={`Also erase everything that was read of ${name}`}
        />
      )}
      {purge && (
        <>
          <p>
            <strong>This cannot be undone.</strong> The contents of every record go; the ledger keeps that there were
            some, and that they were erased.
          </p>
          <TextInput
            label={`Write ${connection} to confirm`}
            value={written}
            onChange={(event) => setWritten(event.currentTarget.value)}
            autoComplete="off"
          />
        </>
      )}
    </ConfirmDialog>
  );
}
