import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { chosenTenant, get } from "../client/index.ts";
import { Card, Empty, ErrorBox, FactRows, Notice, Skeleton } from "../ui/index.ts";
import { roleLabel } from "./roles.ts";
import "./settings.css";

/** `GET /api/v1/server` */
interface ServerFacts {
  readonly version: string;
  readonly node: string;
  readonly listenHost: string;
  readonly publicUrl: string | null;
  readonly isTls: boolean;
  readonly trustedProxies: readonly string[];
  readonly metrics: "token" | "loopback";
  readonly requestsPerMinute: number;
  readonly sso: {
    readonly label: string;
    readonly issuer: string;
    readonly clientId: string;
    readonly roleClaim: string;
    readonly roles: readonly { readonly value: string; readonly role: string; readonly tenant: string }[];
  } | null;
}

function useServerFacts() {
  const tenant = chosenTenant();
  return useQuery({
    queryKey: [tenant, "server"],
    queryFn: async () => (await get("/api/v1/server", { tenant })) as ServerFacts,
    staleTime: 60_000,
  });
}

/** How the program was started: shown here, changed where it runs. */
export function Server() {
  const { data, error, refetch } = useServerFacts();
  if (error !== null) return <ErrorBox thrown={error} onRetry={() => void refetch()} />;
  return (
    <Card
      title="Server"
      sentence="As it was started. It is changed on the machine that runs it: by its environment or bursar.config.json."
    >
      {data === undefined ? (
        <Skeleton height={200} />
      ) : (
        <div className="setting-form">
          {!data.isTls && !isLocal(data.listenHost) && (
            <Notice kind="partial">
              This server is reached without TLS: passwords and figures can be read on the way. Put a proxy with a
              certificate before it and set <code>BURSAR_PUBLIC_URL</code> to its https address.
            </Notice>
          )}
          <FactRows of="texts" className="setting-facts">
            <ServerFact name="Version" value={`${data.version}, on Node.js ${data.node.replace(/^v/, "")}`} />
            <ServerFact
              name="Address"
              setting="BURSAR_PUBLIC_URL"
              value={data.publicUrl ?? "none: only this machine reaches it"}
            />
            <ServerFact name="Listens on" setting="BURSAR_LISTEN" value={data.listenHost} />
            <ServerFact
              name="TLS"
              value={
                data.isTls
                  ? "yes, ended by the proxy before it"
                  : isLocal(data.listenHost)
                    ? "not needed: it listens on this machine alone"
                    : "no"
              }
            />
            <ServerFact
              name="Trusted proxies"
              setting="BURSAR_TRUSTED_PROXIES"
              value={
                data.trustedProxies.length === 0
                  ? "none: what a proxy says about who asks is not believed"
                  : data.trustedProxies.join(", ")
              }
            />
            <ServerFact
              name="Prometheus metrics"
              setting="BURSAR_METRICS"
              value={data.metrics === "token" ? "with a token that may read" : "for this machine without a token too"}
            />
            <ServerFact
              name="Requests a minute"
              setting="BURSAR_RATE_LIMIT"
              value={`${data.requestsPerMinute} for one caller; answers that are ready are free`}
            />
          </FactRows>
          <p>
            <a href="/api/reference">Reference of the API</a>
          </p>
        </div>
      )}
    </Card>
  );
}

/** Whether people sign in through the organization, and what becomes of them. */
export function SingleSignOn() {
  const { data, error, refetch } = useServerFacts();
  if (error !== null) return <ErrorBox thrown={error} onRetry={() => void refetch()} />;
  return (
    <Card title="Single sign-on" sentence="OpenID Connect, with the identity provider of your organization.">
      {data === undefined ? (
        <Skeleton height={160} />
      ) : data.sso === null ? (
        <Empty why="It is off: people sign in with a password. Whoever runs the server switches it on with BURSAR_OIDC_ISSUER, BURSAR_OIDC_CLIENT_ID and BURSAR_OIDC_ROLE_MAP." />
      ) : (
        <div className="setting-form">
          <Notice kind="good">It is on. The sign-in page offers “{data.sso.label}”.</Notice>
          <FactRows of="texts" className="setting-facts">
            <ServerFact name="Issuer" setting="BURSAR_OIDC_ISSUER" value={data.sso.issuer} />
            <ServerFact name="Client id" setting="BURSAR_OIDC_CLIENT_ID" value={data.sso.clientId} />
            <ServerFact name="Role from the claim" setting="BURSAR_OIDC_ROLE_CLAIM" value={data.sso.roleClaim} />
            <ServerFact
              name="What it makes of people"
              setting="BURSAR_OIDC_ROLE_MAP"
              value={
                <ul>
                  {data.sso.roles.map(({ value, role, tenant }) => (
                    <li key={`${value} ${tenant}`}>
                      <code>{value}</code>: {roleLabel(role)} in {tenant}
                    </li>
                  ))}
                </ul>
              }
            />
          </FactRows>
          <p className="quiet">
            Seeing individuals is never given by a claim: it is given to an account, under Accounts.
          </p>
        </div>
      )}
    </Card>
  );
}

function ServerFact({ name, value, setting }: { name: string; value: ReactNode; setting?: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value}
        {setting !== undefined && <code className="quiet small fact-setting">{setting}</code>}
      </dd>
    </div>
  );
}

function isLocal(host: string): boolean {
  return /^(?:localhost|127\.|::1$)/.test(host);
}
