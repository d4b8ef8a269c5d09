import { Button, Checkbox, PasswordInput, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type FormEvent } from "react";

import { asProblem, post, useMe, type Problem } from "../client/index.ts";
import { Gate, Trouble } from "./gate.tsx";
import { leaveFor, nextPage } from "./leave-for.ts";
import { rememberWanted } from "./wanted-page.ts";

interface Answer {
  readonly signedIn: boolean;
}

/** What a one-time link still wants to know before it is used. */
interface LinkAnswer extends Answer {
  readonly purpose?: string;
  readonly asks?: readonly string[];
  readonly email?: string | null;
  readonly name?: string | null;
}

/** The way in: with a password, through the organization's sign-in, or by a one-time link. */
export function SignIn() {
  const [token, setToken] = useState(readToken);
  useEffect(() => {
    document.title = "Sign in · Bursar";
    // A link that works once does not belong into a history.
    const take = () => {
      const found = readToken();
      if (found === null) return;
      setToken(found);
      globalThis.history.replaceState(null, "", globalThis.location.pathname);
    };
    take();
    globalThis.addEventListener("hashchange", take);
    return () => globalThis.removeEventListener("hashchange", take);
  }, []);
  return token === null ? <WithPassword /> : <WithLink key={token} token={token} />;
}

function WithPassword() {
  const { me } = useMe();
  const [asksCode, setAsksCode] = useState(false);
  const { problem, busy, send } = useSending("/auth/sign-in");
  const enter = useEnter();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const answer = await send({ email: form.get("email"), password: form.get("password") });
    if (answer === null) return;
    if ((answer as Answer).signedIn) await enter();
    else setAsksCode(true);
  };
  if (asksCode) return <WithCode onBack={() => setAsksCode(false)} />;
  if (me?.setupNeeded === true) {
    return (
      <Gate title="Set Bursar up">
        <p>
          Nobody has an account yet. Open the one-time link that the server printed when it started. It works once, for
          an hour; <code>bursar serve</code> prints a new one each time it starts.
        </p>
      </Gate>
    );
  }
  return (
    <Gate title="Sign in">
      {problem === null && <SsoTrouble />}
      <form onSubmit={(event) => void submit(event)}>
        <TextInput name="email" type="email" label="E-mail" autoComplete="username" required data-autofocus autoFocus />
        <PasswordInput name="password" label="Password" autoComplete="current-password" required />
        <Trouble problem={problem} />
        {problem !== null && (
          <p className="small quiet">
            Forgot it? Whoever manages accounts can send you a link; on the server{" "}
            <code>bursar account link E-MAIL</code> makes one.
          </p>
        )}
        <Button type="submit" loading={busy} fullWidth>
          Sign in
        </Button>
      </form>
      {me?.sso.enabled === true && (
        <>
          <div className="gate-or">or</div>
          <Button
            component="a"
            href="/auth/oidc/start"
            onClick={() => rememberWanted(nextPage() ?? "/")}
            variant="default"
            fullWidth
          >
            {me.sso.label ?? "Sign in with your organization"}
          </Button>
        </>
      )}
    </Gate>
  );
}

/** Why the organization's own sign-in sent somebody back here, and what each can do about it. */
const SSO_TROUBLES: Readonly<Record<string, readonly [what: string, remedy: string]>> = {
  "sso-role": [
    "Your organization's sign-in knows you, but gives you no access here.",
    "Ask whoever manages Bursar for a group that has access, or, if you had it before, whether your account was disabled.",
  ],
  "sso-flow": [
    "The sign-in took too long, or was begun in another browser.",
    "Begin it here once more. Cookies have to be allowed for this page.",
  ],
  "sso-provider": [
    "Your organization's sign-in could not be reached, or what it said does not hold.",
    "Try again later. Whoever runs Bursar finds the kind of trouble in its log, as access.sso_failed.",
  ],
};

function SsoTrouble() {
  const problem = new URLSearchParams(globalThis.location.search).get("problem") ?? "";
  // The address is anybody's, and may name what every object has.
  if (!Object.hasOwn(SSO_TROUBLES, problem)) return null;
  const [what, remedy] = SSO_TROUBLES[problem]!;
  return (
    <div className="gate-trouble" role="alert">
      <p>{what}</p>
      <p>{remedy}</p>
    </div>
  );
}

/** The second step, of an account that has a second factor. */
function WithCode({ onBack }: { onBack: () => void }) {
  const { problem, busy, send } = useSending("/auth/sign-in/code");
  const enter = useEnter();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    if ((await send({ code: form.get("code") })) !== null) await enter();
  };
  return (
    <Gate title="Second factor">
      <form onSubmit={(event) => void submit(event)}>
        <CodeInput />
        <Trouble problem={problem} />
        <Button type="submit" loading={busy} fullWidth>
          Go on
        </Button>
        <Button variant="subtle" onClick={onBack} fullWidth>
          Back to the password
        </Button>
      </form>
      <p className="small quiet">
        Neither at hand? Whoever manages accounts can reset it, or on the server{" "}
        <code>bursar account reset-second-factor E-MAIL</code>.
      </p>
    </Gate>
  );
}

function CodeInput() {
  return (
    <TextInput
      name="code"
      label="Code"
      description="Of your authenticator app; or one of your recovery codes."
      autoComplete="one-time-code"
      spellCheck={false}
      required
      autoFocus
    />
  );
}

function WithLink({ token }: { token: string }) {
  const { problem, busy, send } = useSending("/auth/link");
  const enter = useEnter();
  const [asked, setAsked] = useState<LinkAnswer | null>(null);
  const use = async (given: object) => {
    const answer = (await send({ token, ...given })) as LinkAnswer | null;
    if (answer === null) return;
    // Whoever sets Bursar up has nothing to look at before a key is connected.
    if (answer.signedIn) await enter(answer.purpose === "setup" ? "/connect" : "/");
    else setAsked(answer);
  };
  const started = useRef(false);
  useEffect(() => {
    if (started.current) return;
    started.current = true;
    void use({});
    // Once, whatever is drawn anew.
  }, []);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const given = (asked?.asks ?? []).map((name) => [name, form.get(name)]);
    void use({ ...Object.fromEntries(given), ...(isSetup ? { people: form.get("people") === "on" } : {}) });
  };
  const isSetup = asked?.purpose === "setup";
  if (asked === null) {
    return (
      <Gate title={problem === null ? "One moment" : "This link does not work"}>
        {problem === null ? <p role="status">The link is being read.</p> : <Trouble problem={problem} />}
        {problem !== null && (
          <Button component="a" href="/sign-in" variant="default" mt={16}>
            Go to the sign-in
          </Button>
        )}
      </Gate>
    );
  }
  const asks = new Set(asked.asks);
  return (
    <Gate title={isSetup ? "Set Bursar up" : `Welcome${asked.name == null ? "" : `, ${asked.name}`}`}>
      <p>
        {isSetup
          ? "You become the first administrator. Others are invited from the settings."
          : asks.has("password")
            ? "Choose a password. From then on you sign in with it and your e-mail address."
            : "This link stands for your password. Your second factor is asked for all the same."}
      </p>
      <form onSubmit={submit}>
        {asks.has("name") && <TextInput name="name" label="Your name" autoComplete="name" required autoFocus />}
        {asks.has("email") ? (
          <TextInput name="email" type="email" label="E-mail" autoComplete="username" required />
        ) : (
          asked.email != null && (
            <TextInput name="email" type="email" label="E-mail" autoComplete="username" value={asked.email} readOnly />
          )
        )}
        {asks.has("password") && (
          <PasswordInput
            name="password"
            label="Password"
            description="At least 12 characters. A few unrelated words are better than a short riddle."
            autoComplete="new-password"
            minLength={12}
            required
          />
        )}
        {asks.has("code") && <CodeInput />}
        {isSetup && (
          <Checkbox
            name="people"
            label="I may see individuals by name"
            description="A right of its own. Without it you see teams, and no figure of a small group. It can be given and taken later."
          />
        )}
        <Trouble problem={problem} />
        <Button type="submit" loading={busy} fullWidth>
          {isSetup ? "Make the account" : asks.has("password") ? "Set the password" : "Sign in"}
        </Button>
      </form>
    </Gate>
  );
}

function useSending(address: string) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const send = async (body: object): Promise<unknown> => {
    setBusy(true);
    setProblem(null);
    try {
      return (await post(address, body)) ?? {};
    } catch (thrown) {
      setProblem(asProblem(thrown));
      return null;
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, send };
}

/** Leaves for the page that was wanted, as somebody: nothing that was asked as nobody is kept. */
function useEnter(): (otherwise?: string) => Promise<void> {
  const queries = useQueryClient();
  return async (otherwise = "/") => {
    queries.clear();
    leaveFor(otherwise);
  };
}

function readToken(): string | null {
  return new URLSearchParams(globalThis.location.hash.slice(1)).get("link");
}
