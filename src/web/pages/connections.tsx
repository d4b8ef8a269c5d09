import { Button } from "@mantine/core";
import { Plus } from "lucide-react";
import { Link, useLocation, useSearch } from "wouter";

import { useAnswer, useMe } from "../client/index.ts";
import { ConnectionCard, ReplaceKeyDialog, RunList, SyncView, useSyncs } from "../connect/index.ts";
import { Card, Empty, ErrorBox, Notice, Page, Skeleton } from "../ui/index.ts";

/** Which organizations are read, how fresh each is, what is wrong and what to do about it. */
export function Connections() {
  const { may } = useMe();
  const [, go] = useLocation();
  // In the address, so that other pages can send somebody right here.
  const replacing = new URLSearchParams(useSearch()).get("replace");
  const syncs = useSyncs();
  const known = useAnswer("listConnections", {});
  const status = useAnswer("status", {});
  const health = useAnswer("dataHealth", {});
  const runs = useAnswer("listRuns", { most: 100 });
  const connections = known.data?.connections;
  const replaced = connections?.find(({ connection }) => connection === replacing);
  const vault = status.data?.vault;

  return (
    <Page
      title="Connections"
      sentence="The organizations that Bursar reads: how far, how fresh, and what to do when something is wrong."
      actions={
        may("credentials") && (
          <Button component={Link} href="/connect" leftSection={<Plus size={15} aria-hidden />}>
            Connect a key
          </Button>
        )
      }
    >
      {known.isError && <ErrorBox thrown={known.error} onRetry={() => void known.refetch()} />}
      {vault?.locked === true && (
        <Notice kind="partial">
          The vault is locked ({vault.reason}). The record stays readable, but nothing new is read until the server is
          started with the key-encryption key of this data folder.
        </Notice>
      )}
      {health.data !== undefined && connections !== undefined && connections.length > 0 && (
        <Notice kind={health.data.state === "good" ? "good" : "partial"}>{health.data.line}</Notice>
      )}
      {syncs.isRunning && (
        <Card title="Sync">
          <SyncView syncs={syncs} withStreams />
        </Card>
      )}
      {connections === undefined ? (
        !known.isError && <Skeleton height={260} />
      ) : connections.length === 0 ? (
        <Card title="No organization is connected yet">
          <Empty why="Bursar reads usage, cost and Claude Code activity with an Admin key of your organization. Connecting takes a minute.">
            {may("credentials") ? (
              <Button component={Link} href="/connect">
                Connect a key
              </Button>
            ) : (
              "Ask an administrator to connect one."
            )}
          </Empty>
        </Card>
      ) : (
        connections.map((one) => (
          <ConnectionCard
            key={one.connection}
            known={one}
            status={status.data?.connections.find(({ connection }) => connection === one.connection)}
            lastRun={runs.data?.runs.find(({ report }) => report?.connection === one.connection)}
            syncs={syncs}
            onReplace={() => go(`/connections?replace=${encodeURIComponent(one.connection)}`)}
          />
        ))
      )}
      {connections !== undefined && connections.length > 0 && (
        <Card title="Syncs" sentence="The last hundred, the newest first. Bursar starts them by itself; times are UTC.">
          {runs.isError ? <ErrorBox thrown={runs.error} /> : <RunList runs={runs.data?.runs} />}
        </Card>
      )}
      {replaced !== undefined && may("credentials") && (
        <ReplaceKeyDialog
          connection={replaced.connection}
          organization={replaced.organizationName === "" ? replaced.organizationId : replaced.organizationName}
          onSync={() => syncs.start("sync", { connection: replaced.connection })}
          onClose={() => go("/connections")}
        />
      )}
    </Page>
  );
}
