import { Button } from "@mantine/core";
import { useEffect } from "react";

import { useMe, useSignOut } from "../client/index.ts";
import { EnrolSecondFactor } from "../settings/enrol-second-factor.tsx";
import { Gate } from "./gate.tsx";
import { leaveFor } from "./leave-for.ts";

/** Where somebody sets a second factor up of whom one is demanded: there is nothing else for them before. */
export function SecondFactorGate() {
  const { me } = useMe();
  const signOut = useSignOut();
  const isNobody = me !== undefined && me.account === null;
  useEffect(() => {
    document.title = "Second factor · Bursar";
    if (isNobody) globalThis.location.replace("/sign-in");
  }, [isNobody]);
  if (me === undefined || me.account === null) return <Gate title="One moment">{null}</Gate>;
  return (
    <Gate title="Set up a second factor" wide>
      <p>
        This Bursar asks for a code of an authenticator app besides your password. It takes a minute, and then you go
        on.
      </p>
      <EnrolSecondFactor hasPassword={me.account.hasPassword} onDone={() => leaveFor("/")} />
      <Button variant="subtle" onClick={() => void signOut()} mt={16}>
        Sign out
      </Button>
    </Gate>
  );
}
