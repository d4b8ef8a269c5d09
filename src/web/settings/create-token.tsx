import { Button, Checkbox, NativeSelect, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";

import { chosenTenant, order, textIn, useMe, type Input, type Output, type Permission } from "../client/index.ts";
import { formatDay } from "../format/index.ts";
import { CopyOnce, ErrorBox } from "../ui/index.ts";
import { SCOPES_SAY } from "./scopes.ts";
import { Dialog } from "../ui/dialog.tsx";

type Scope = Input<"createToken">["scopes"][number];

/** Makes a token with some of one's own rights, and shows it this once. */
export function CreateToken({ onClose }: { onClose: () => void }) {
  const { may } = useMe();
  const queries = useQueryClient();
  const [scopes, setScopes] = useState<readonly string[]>(["read"]);
  const [days, setDays] = useState("90");
  const [busy, setBusy] = useState(false);
  const [thrown, setThrown] = useState<unknown>(null);
  const [made, setMade] = useState<Output<"createToken"> | null>(null);
  const offered = Object.entries(SCOPES_SAY).filter(([scope]) => may(scope as Permission));

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = textIn(new FormData(event.currentTarget), "name").trim();
    setBusy(true);
    setThrown(null);
    try {
      // Past the cache of orders: the answer holds the token.
      const tenant = chosenTenant();
      setMade(await order("createToken", { name, scopes: scopes as Scope[], days: Number(days) }, { tenant }));
      await queries.invalidateQueries({ queryKey: [tenant, "listTokens"] });
    } catch (failure) {
      setThrown(failure);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog onClose={onClose} title="Create token" size="lg">
      {made === null ? (
        <form className="setting-form" onSubmit={(event) => void submit(event)}>
          <TextInput
            name="name"
            label="Name"
            description="What it is for, such as the program that uses it."
            required
            data-autofocus
            autoComplete="off"
            maxLength={100}
          />
          <Checkbox.Group
            label="It may"
            description="As little as the program needs. You can give only what you may do yourself."
            value={[...scopes]}
            onChange={setScopes}
          >
            <div className="setting-choices">
              {offered.map(([scope, says]) => (
                <Checkbox key={scope} value={scope} label={scope} description={says} />
              ))}
            </div>
          </Checkbox.Group>
          <NativeSelect
            label="Ends after"
            value={days}
            onChange={(event) => setDays(event.currentTarget.value)}
            data={["7", "30", "90", "180", "365"].map((value) => ({ value, label: `${value} days` }))}
          />
          {thrown !== null && <ErrorBox thrown={thrown} means="No token was made." />}
          <div className="setting-save">
            <Button type="submit" loading={busy} disabled={scopes.length === 0}>
              Create
            </Button>
          </div>
        </form>
      ) : (
        <div className="setting-form">
          <CopyOnce
            label={`Token ${made.name}, until ${formatDay(made.expiresAt.slice(0, 10))}.`}
            secret={made.token}
          />
          <div className="setting-save">
            <Button onClick={onClose}>Done</Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}
