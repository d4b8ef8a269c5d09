import { Button, Checkbox, NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { asProblem, get, post, Problem, useMe, type Permission } from "../client/index.ts";
import { SCOPES_SAY } from "../settings/scopes.ts";
import { Gate, Trouble } from "../shell/gate.tsx";
import { Fact, Facts } from "../ui/facts.tsx";
import { Notice } from "../ui/notice.tsx";
import { offeredAtFirst, TROUBLES, type AssistantRequest } from "./request.ts";

import "./consent.css";

/** Asks a person whether an assistant may come in as them, where, and for what. */
export function Consent({ uid }: { uid: string }) {
  const { me } = useMe();
  const address = `/oauth/interactions/${encodeURIComponent(uid)}`;
  const isMissing = me?.account?.secondFactor?.isMissing === true;
  const isSignedIn = me?.account != null && !isMissing;
  const { data, error } = useQuery({
    queryKey: ["consent", uid],
    queryFn: async () => (await get(address)) as AssistantRequest,
    enabled: isSignedIn,
    retry: false,
    refetchOnWindowFocus: false,
    staleTime: Infinity,
  });
  useEffect(() => {
    document.title = "Connect an assistant · Bursar";
  }, []);
  useEffect(() => {
    if (me === undefined || isSignedIn) return;
    const gate = isMissing ? "/second-factor" : "/sign-in";
    globalThis.location.replace(`${gate}?next=${encodeURIComponent(`/consent/${uid}`)}`);
  }, [me, isSignedIn, isMissing, uid]);
  if (error !== null) {
    return (
      <Gate title="Nothing to decide" wide>
        <Trouble problem={asProblem(error)} />
      </Gate>
    );
  }
  if (data === undefined) {
    return (
      <Gate title="One moment" wide>
        <p role="status">The request is being read.</p>
      </Gate>
    );
  }
  return <Question request={data} address={address} />;
}

/** A request that came to nothing before anybody could be asked. */
export function ConsentProblem() {
  const code = new URLSearchParams(globalThis.location.search).get("error") ?? "";
  const why = TROUBLES[code] ?? "The assistant's request could not be understood.";
  useEffect(() => {
    document.title = "Connect an assistant · Bursar";
  }, []);
  return (
    <Gate title="The assistant was not connected" wide>
      <p>{why}</p>
      <p>
        Start again from the assistant. If it happens again, its maker or whoever runs this Bursar has to look at it.
      </p>
    </Gate>
  );
}

function Question({ request, address }: { request: AssistantRequest; address: string }) {
  const { client, sendsBackTo, person, asked, tenants } = request;
  const [tenant, setTenant] = useState(
    () => (tenants.find(({ scopes }) => scopes.length > 0) ?? tenants[0])?.name ?? "",
  );
  const possible = tenants.find(({ name }) => name === tenant)?.scopes ?? [];
  const [chosen, setChosen] = useState<readonly string[]>(() => offeredAtFirst(asked));
  const [busy, setBusy] = useState<"allow" | "deny" | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const allowed = possible.filter((scope) => chosen.includes(scope));
  const lacking = asked.filter((scope) => !possible.includes(scope));
  const name = client.name ?? client.knownFrom ?? "An assistant without a name";

  const decide = async (decision: "allow" | "deny") => {
    setBusy(decision);
    setProblem(null);
    try {
      const body = decision === "allow" ? { decision, tenant, scopes: allowed } : { decision };
      const { redirectTo } = (await post(address, body)) as { redirectTo: string };
      // It leads on to the assistant: the page stays as it is meanwhile.
      globalThis.location.assign(redirectTo);
    } catch (thrown) {
      setProblem(asProblem(thrown));
      setBusy(null);
    }
  };

  return (
    <Gate title={`Connect ${name}?`} wide>
      <p>
        It would ask Bursar in your name, {person}: what it sees, you see; what it does stands in the ledger as done for
        you.
      </p>
      {client.knownFrom === null && (
        <Notice kind="partial">
          Nobody has checked this name: it is what the program calls itself. Go on only if you have just connected an
          assistant yourself.
        </Notice>
      )}
      <Facts>
        {client.knownFrom !== null && <Fact name="Known from" value={client.knownFrom} title={client.id} />}
        <Fact
          name="Sends you back to"
          value={sendsBackTo.isThisMachine ? `a program on this computer (${sendsBackTo.host})` : sendsBackTo.host}
        />
      </Facts>
      {tenants.length > 1 && (
        <NativeSelect
          label="Tenant"
          description="It sees this one alone. Another one is another connection."
          value={tenant}
          onChange={(event) => setTenant(event.currentTarget.value)}
          data={tenants.map(({ name }) => name)}
        />
      )}
      {possible.length > 0 ? (
        <Checkbox.Group label="It may see and do" value={[...chosen]} onChange={setChosen}>
          <div className="consent-scopes">
            {possible.map((scope) => (
              <Checkbox key={scope} value={scope} label={sentence(scope)} description={NOTES[scope]} />
            ))}
          </div>
        </Checkbox.Group>
      ) : (
        <Notice kind="note">Nothing of what it asks for is yours to give in this tenant.</Notice>
      )}
      {lacking.length > 0 && possible.length > 0 && (
        <p className="consent-lacking">
          It also asks for what you may not do yourself: {lacking.map((scope) => WORDS[scope] ?? scope).join("; ")}.
        </p>
      )}
      <Trouble problem={problem} />
      <div className="consent-decide">
        <Button
          onClick={() => void decide("allow")}
          loading={busy === "allow"}
          disabled={allowed.length === 0 || busy !== null}
        >
          Allow
        </Button>
        <Button
          variant="default"
          onClick={() => void decide("deny")}
          loading={busy === "deny"}
          disabled={busy !== null}
        >
          Do not allow
        </Button>
      </div>
      <p className="consent-end">
        For 90 days, or until you disconnect it: Settings, Assistants. It ends too when it lies unused for 30 days.
      </p>
    </Gate>
  );
}

const WORDS: Readonly<Partial<Record<Permission, string>>> = {
  ...SCOPES_SAY,
  export: "figures in bulk",
  own: "your own usage, and what else concerns you alone",
};

const NOTES: Readonly<Partial<Record<Permission, string>>> = {
  people: "Each look leaves a trace in the ledger. Names reach whoever runs the assistant.",
  manage: "Where writing is switched on. Each change is shown and asked for again before it happens.",
};

function sentence(scope: Permission): string {
  const words = WORDS[scope] ?? scope;
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
