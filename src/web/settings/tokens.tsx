import { Button } from "@mantine/core";
import { Plus } from "lucide-react";
import { useMemo, useState } from "react";

import { useAnswer, useMe, useOrder, type Output } from "../client/index.ts";
import { formatDay, formatInstant } from "../format/index.ts";
import { Card, ConfirmDialog, DataTable, Empty, ErrorBox, Pill, type DataColumn } from "../ui/index.ts";
import { CreateToken } from "./create-token.tsx";

type Token = Output<"listTokens">["tokens"][number];

const COLUMNS: readonly DataColumn<Token>[] = [
  { id: "name", title: "Name", value: ({ name }) => name },
  { id: "owner", title: "Of", value: ({ account }) => account?.name ?? "the operator" },
  { id: "scopes", title: "May", value: ({ scopes }) => scopes.join(", ") },
  { id: "created", title: "Made", value: ({ createdAt }) => createdAt.slice(0, 10) },
  {
    id: "expires",
    title: "Ends",
    value: ({ expiresAt }) => expiresAt.slice(0, 10),
    cell: ({ expiresAt, isExpired }) =>
      isExpired ? <Pill tone="bad">Ended {formatDay(expiresAt.slice(0, 10))}</Pill> : formatDay(expiresAt.slice(0, 10)),
  },
  {
    id: "used",
    title: "Last used",
    value: ({ usedAt }) => usedAt,
    cell: ({ usedAt }) => (usedAt === null ? <span className="quiet">never</span> : formatInstant(usedAt)),
  },
];

/** Keys for programs: what each may, until when, whether it is used at all. */
export function Tokens() {
  const { may } = useMe();
  const asked = useAnswer("listTokens", {});
  const revoke = useOrder("revokeToken");
  const [isMaking, setIsMaking] = useState(false);
  const [revoking, setRevoking] = useState<Token | null>(null);
  const columns = useMemo(
    (): readonly DataColumn<Token>[] => [
      ...COLUMNS,
      {
        id: "revoke",
        title: "Revoke",
        value: () => "",
        cell: (token) => (
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => setRevoking(token)}
            aria-label={`Revoke ${token.name}`}
          >
            Revoke
          </Button>
        ),
      },
    ],
    [],
  );
  return (
    <Card
      title="API tokens"
      sentence={
        <>
          {may("accounts") ? "All of this tenant." : "Your own."} A program sends one as{" "}
          <code>Authorization: Bearer …</code>; what the API offers is in the <a href="/api/reference">reference</a>.
        </>
      }
      tools={
        <Button size="xs" leftSection={<Plus size={14} aria-hidden />} onClick={() => setIsMaking(true)}>
          Create token
        </Button>
      }
    >
      {asked.isError ? (
        <ErrorBox thrown={asked.error} onRetry={() => void asked.refetch()} />
      ) : (
        <DataTable
          label="API tokens"
          rows={asked.data?.tokens}
          columns={columns}
          rowKey={({ id }) => id}
          sort={{ id: "created", desc: true }}
          empty={
            <Empty why="There is no token yet. A program that reads figures, such as a spreadsheet or Grafana, needs one." />
          }
        />
      )}
      {isMaking && <CreateToken onClose={() => setIsMaking(false)} />}
      {revoking !== null && (
        <ConfirmDialog
          opened
          harmful
          title={`Revoke token ${revoking.name}`}
          verb="Revoke"
          onConfirm={() => revoke.mutateAsync({ id: revoking.id })}
          onClose={() => setRevoking(null)}
        >
          <p>Programs that use it are refused from now on. It cannot be brought back; a new one can be made.</p>
        </ConfirmDialog>
      )}
    </Card>
  );
}
