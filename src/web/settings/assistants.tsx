import { Button } from "@mantine/core";
import { useMemo, useState } from "react";

import { useAnswer, useMe, useOrder, type Output } from "../client/index.ts";
import { formatDay, formatInstant } from "../format/index.ts";
import { Card, ConfirmDialog, DataTable, Empty, ErrorBox, type DataColumn } from "../ui/index.ts";

type Grant = Output<"listGrants">["grants"][number];

const COLUMNS: readonly DataColumn<Grant>[] = [
  {
    id: "client",
    title: "Assistant",
    value: ({ client }) => client.name,
    cell: ({ client }) => <span title={client.id}>{client.name}</span>,
  },
  { id: "owner", title: "As", value: ({ account }) => account.name },
  { id: "scopes", title: "May", value: ({ scopes }) => scopes.join(", ") },
  {
    id: "since",
    title: "Since",
    value: ({ createdAt }) => createdAt,
    cell: ({ createdAt }) => formatDay(createdAt.slice(0, 10)),
  },
  {
    id: "expires",
    title: "Ends",
    value: ({ expiresAt }) => expiresAt,
    cell: ({ expiresAt }) => formatDay(expiresAt.slice(0, 10)),
  },
  {
    id: "used",
    title: "Last used",
    value: ({ usedAt }) => usedAt,
    cell: ({ usedAt }) => (usedAt === null ? <span className="quiet">never</span> : formatInstant(usedAt)),
  },
];

/** Assistants that were let in: which, as whom, for what, and whether they still come. */
export function Assistants() {
  const { may } = useMe();
  const asked = useAnswer("listGrants", {});
  const revoke = useOrder("revokeGrant");
  const [ending, setEnding] = useState<Grant | null>(null);
  const columns = useMemo(
    (): readonly DataColumn<Grant>[] => [
      ...COLUMNS,
      {
        id: "revoke",
        title: "Disconnect",
        value: () => "",
        cell: (grant) => (
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => setEnding(grant)}
            aria-label={`Disconnect ${grant.client.name} of ${grant.account.name}`}
          >
            Disconnect
          </Button>
        ),
      },
    ],
    [],
  );
  return (
    <Card
      title="Connected assistants"
      sentence={
        <>
          {may("accounts") ? "All of this tenant." : "Your own."} Claude, or another client of MCP, connects with the
          address <code>{globalThis.location.origin}/mcp</code>.
        </>
      }
    >
      {asked.isError ? (
        <ErrorBox thrown={asked.error} onRetry={() => void asked.refetch()} />
      ) : (
        <DataTable
          label="Connected assistants"
          rows={asked.data?.grants}
          columns={columns}
          rowKey={({ id }) => id}
          sort={{ id: "since", desc: true }}
          empty={
            <Empty why="No assistant is connected. Add this server to one as a connector: it brings you here to be asked." />
          }
        />
      )}
      {ending !== null && (
        <ConfirmDialog
          opened
          harmful
          title={`Disconnect ${ending.client.name}`}
          verb="Disconnect"
          onConfirm={() => revoke.mutateAsync({ id: ending.id })}
          onClose={() => setEnding(null)}
        >
          <p>
            It is refused from now on, with every token that it holds for {ending.account.name}. It can be connected
            again.
          </p>
        </ConfirmDialog>
      )}
    </Card>
  );
}
