import { Button } from "@mantine/core";

import { useAnswer, useOrder } from "../client/index.ts";
import { Card, ErrorBox } from "../ui/index.ts";
import "./settings.css";

/** Whether alerts arrive is better known before the first one. */
export function TestAlert() {
  const { data } = useAnswer("getSettings", {});
  const test = useOrder("sendTestAlert");
  const isSet = (data?.settings.alertWebhookUrl ?? null) !== null;
  return (
    <Card title="Try it" sentence="Posts an alert of the kind “test”, as a real one would be.">
      {test.isError && <ErrorBox thrown={test.error} means="No alert arrived." />}
      <div className="setting-save">
        <Button variant="default" disabled={!isSet} loading={test.isPending} onClick={() => test.mutate({})}>
          Send a test alert
        </Button>
        <span className="small quiet" role="status">
          {!isSet
            ? "Save an address first."
            : test.isSuccess
              ? `The webhook took it. Look for ${test.data.key} where it leads.`
              : ""}
        </span>
      </div>
    </Card>
  );
}
