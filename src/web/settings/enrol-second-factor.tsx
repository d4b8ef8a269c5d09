import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";

import { chosenTenant, order, textIn } from "../client/index.ts";
import { CopyOnce } from "../ui/copy-once.tsx";
import { ErrorBox } from "../ui/error-box.tsx";
import "./settings.css";

/**
 * Sets one's own second factor up: the secret goes into an app, a code of the app comes back, recovery codes are kept.
 * Past the cache of orders, which would remember the password and the secret.
 */
export function EnrolSecondFactor({
  hasPassword,
  onDone,
  onCancel,
}: {
  hasPassword: boolean;
  onDone: () => void;
  onCancel?: () => void;
}) {
  const [secret, setSecret] = useState<{ readonly secret: string; readonly uri: string } | null>(null);
  const [recoveryCodes, setRecoveryCodes] = useState<readonly string[] | null>(null);
  const [busy, setBusy] = useState(false);
  const [thrown, setThrown] = useState<unknown>(null);
  const sending = (work: (form: FormData) => Promise<void>) => (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setBusy(true);
    setThrown(null);
    work(new FormData(event.currentTarget))
      .catch(setThrown)
      .finally(() => setBusy(false));
  };
  const enrol = sending(async (form) => {
    const input = hasPassword ? { current: textIn(form, "password") } : {};
    setSecret(await order("enrolSecondFactor", input, { tenant: chosenTenant() }));
  });
  const confirm = sending(async (form) => {
    const input = { code: textIn(form, "code") };
    const done = await order("confirmSecondFactor", input, { tenant: chosenTenant() });
    setRecoveryCodes(done.recoveryCodes);
  });

  if (recoveryCodes !== null) {
    return (
      <div className="setting-form">
        <p role="status">Your second factor is set up. From now on you sign in with your password and a code.</p>
        <CopyOnce
          label="Your recovery codes. Each signs you in once when the app is not at hand."
          secret={recoveryCodes.join("\n")}
        />
        <div className="setting-save">
          <Button onClick={onDone}>I have kept them</Button>
        </div>
      </div>
    );
  }
  if (secret !== null) {
    return (
      <form key="confirm" className="setting-form" onSubmit={confirm}>
        <p>
          Add this to an authenticator app: type the secret, or{" "}
          <a href={secret.uri}>open it in an app of this device</a>. Then type the code that the app shows.
        </p>
        <CopyOnce label="The secret of your app." secret={inGroups(secret.secret)} />
        <TextInput
          name="code"
          label="Code of the app"
          autoComplete="one-time-code"
          inputMode="numeric"
          spellCheck={false}
          required
          autoFocus
        />
        {thrown !== null && <ErrorBox thrown={thrown} means="The second factor does not count yet." />}
        <Buttons busy={busy} says="Confirm" onCancel={onCancel} />
      </form>
    );
  }
  return (
    <form key="enrol" className="setting-form" onSubmit={enrol}>
      {hasPassword && (
        <PasswordInput name="password" label="Your password" autoComplete="current-password" required autoFocus />
      )}
      {thrown !== null && <ErrorBox thrown={thrown} means="Nothing was changed." />}
      <Buttons busy={busy} says="Show me a secret" onCancel={onCancel} />
    </form>
  );
}

function Buttons({ busy, says, onCancel }: { busy: boolean; says: string; onCancel: (() => void) | undefined }) {
  return (
    <div className="setting-save">
      <Button type="submit" loading={busy}>
        {says}
      </Button>
      {onCancel !== undefined && (
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
      )}
    </div>
  );
}

/** Four at a time are typed without losing the place. */
function inGroups(secret: string): string {
  return secret.replaceAll(/.{4}(?=.)/g, "$& ");
}
